"""`regulations` from the command line: what it loads, counts and refuses."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.regulations import DeadlineRule, Regulation, RegulationVersion
from services.regulations.parsing import read_packs, shipped_packs
from tests.services.regulations.packs import PACK, replaced, saved
from views import cli_regulations
from views.extensions import db


@pytest.fixture
def installation(app: Flask, session: scoped_session[Session]) -> Flask:
    """The application on an empty database of the test's own."""
    return app


def run(app: Flask, *words: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=["regulations", *(str(word) for word in words)])
    db.session.rollback()
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_file_is_checked_and_loaded_once(installation: Flask, tmp_path: Path) -> None:
    path = saved(tmp_path)
    checked = run(installation, "check", path)
    assert (checked.exit_code, checked.stdout) == (0, "")
    assert checked.stderr == "Ошибок нет: 1 пакет, 2 правила, 2 строки требований.\n"
    assert db.session.scalar(select(Regulation.id)) is None
    first = run(installation, "load", path, "--note", "приняли")
    assert (first.exit_code, first.stdout, first.stderr) == (0, "", "small: версия 1, правила: новых 2.\n")
    version = db.session.scalars(select(RegulationVersion)).one()
    assert (version.note, version.created_by_id) == ("приняли", None)
    assert run(installation, "load", path).stderr == "small: без изменений, версия 1.\n"
    saved(tmp_path, replaced('closes: "09-15"', 'closes: "09-20"'))
    assert run(installation, "load", path).stderr == "small: версия 2, правила: изменённых 1.\n"
    saved(tmp_path, replaced("territory: Край", "territory: Округ", replaced('"09-15"', '"09-20"')))
    assert run(installation, "load", path).stderr == "small: версия 3, правила: без изменений.\n"


@pytest.mark.parametrize("command", ["load", "check"])
def test_every_fault_has_a_line_of_its_own_and_nothing_is_loaded(
    installation: Flask, tmp_path: Path, command: str
) -> None:
    text = replaced("kind: window", "kind: door")
    broken = saved(tmp_path, replaced("period: quarter", "period: decade", text), "broken.yaml")
    result = run(installation, command, saved(tmp_path), broken, tmp_path / "none.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "broken.yaml, строка 17, поле rules[0].kind",
        "broken.yaml, строка 28, поле rules[1].period",
        "none.yaml",
    ]
    assert db.session.scalar(select(Regulation.id)) is None


def test_wrong_references_are_told_with_their_lines(installation: Flask, tmp_path: Path) -> None:
    result = run(installation, "check", saved(tmp_path, replaced("graduate.index_view", "graduate.nothing")))
    assert result.exit_code == 1
    assert result.stderr == "small.yaml, строка 34, поле pages[0].binds[0]: страницы «graduate.nothing» нет.\n"


def test_a_file_is_checked_beside_the_shipped_packs(installation: Flask, tmp_path: Path) -> None:
    taken = shipped_packs()[1].rows[0]
    result = run(installation, "check", saved(tmp_path, PACK.replace("SML-01", taken)))
    assert result.exit_code == 1
    assert f"строка {taken} объявлена не один раз" in result.stderr


def test_changes_of_the_editor_are_replaced_on_request_only(installation: Flask, tmp_path: Path) -> None:
    path = saved(tmp_path)
    run(installation, "load", path)
    version = db.session.scalars(select(RegulationVersion)).one()
    edited = RegulationVersion(regulation_id=version.regulation_id, number=2, source="editor", digest="0" * 64)
    edited.content, edited.created_at = version.content, version.created_at
    db.session.add(edited)
    db.session.commit()
    saved(tmp_path, replaced('closes: "09-15"', 'closes: "09-20"'))
    refused = run(installation, "load", path)
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert "изменены: «Небольшой» (версия 2)" in refused.stderr
    assert run(installation, "load", path, "--replace").stderr == "small: версия 3, правила: изменённых 1.\n"


def test_the_shipped_packs_are_loaded_without_naming_them(installation: Flask) -> None:
    assert run(installation, "load").exit_code == 0
    assert set(db.session.scalars(select(Regulation.code))) == {pack.code for pack in shipped_packs()}
    assert db.session.scalar(select(DeadlineRule.id)) is not None
    again = run(installation, "load")
    assert all(line.endswith("без изменений, версия 1.") for line in again.stderr.splitlines())


def test_coverage_is_told_row_by_row_with_totals(installation: Flask) -> None:
    result = run(installation, "coverage")
    *rows, total = result.stdout.splitlines()
    assert total.startswith("363 строки требований: обеспечено ")
    assert total.endswith(", пропущено 0")
    assert result.exit_code == 0
    assert len([row for row in rows if "\t" in row]) == 363


def test_coverage_as_json(installation: Flask) -> None:
    document = json.loads(run(installation, "coverage", "--json").stdout)
    assert len(document["rows"]) == document["total"]["rows"] == 363
    assert sum(one["rows"] for one in document["regulations"]) == 363
    row = document["rows"][0]
    assert {"row", "regulation", "clause", "occurrence", "state", "served_by"} == set(row)
    assert set(row["served_by"][0]) == {"pack", "section", "code", "title", "planned"}


def test_a_missing_row_fails_the_coverage(installation: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, replaced("serves: [SML-02]", "serves: []"))
    monkeypatch.setattr(cli_regulations, "shipped_packs", lambda: read_packs([path]))
    result = run(installation, "coverage")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "SML-01\tобеспечено\tsmall: rules A01; small: records places",
        "SML-02\tпропущено",
        "small: 2 строки требований: обеспечено 1, запланировано 0, пропущено 1",
        "2 строки требований: обеспечено 1, запланировано 0, пропущено 1",
    ]
