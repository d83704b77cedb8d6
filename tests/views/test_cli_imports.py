"""`graduates import` and `imports undo`: exit codes, JSON, the round trip, two people at once."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from models.access import Viewer
from models.context import Actor, act_as
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch
from models.users import User
from services.importing.rows import read_form
from services.imports.batches import apply_draft, keep_draft
from services.imports.states import ImportRefused
from tests.conftest import NOW
from tests.factories import build_cast
from tests.fresh import fresh_app
from tests.services.importing.builders import FORM_1, FORM_2, ON, table, xlsx
from views.extensions import db

LIMIT = 25 * 1024 * 1024
VARIETY = [
    {},
    {"name": "Ким Яна", "problems": "нет", "stays": "с 01.02.2010 по настоящее время"},
    {"name": "Орлов Ян Ильич", "family": "холост", "problems": "1) долги 2) нет паспорта", "work_done": "-"},
    {"name": "Мамедов Руслан Ахмед оглы", "family": "женат, двое детей", "employment": "ООО «Лес», вальщик"},
    {"name": "Сизов-Петров Пётр", "family": "холост", "stays": "01.02.2008-03.04.2010; 05.06.2012-07.08.2020"},
    {"name": "Соколова Анна Юрьевна", "problems": "=1+1", "address": "+7 дом, 'кв'", "housing": "тыр-пыр"},
    {"name": "Щукина Анна Юрьевна", "education": "9 классов", "profession": "нет", "employment": "б/р"},
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("imports"), f"{worker_id}_imports") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


@pytest.fixture
def boris(own_app: Flask) -> User:
    return db.session.scalars(select(User).where(User.login == "boris")).one()


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(words))
    db.session.rollback()
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def load(app: Flask, path: Path, *words: str, agency: str = "opeka-sokol", form: str = FORM_1) -> Result:
    return run(app, "graduates", "import", str(path), "--form", form, "--agency", agency, "--on", "2026-10-01", *words)


def saved(folder: Path, *people: Any, name: str = "форма.xlsx") -> Path:
    path = folder / name
    path.write_bytes(xlsx(table(*people)))
    return path


def test_a_dry_run_prints_one_json_document_and_changes_nothing(own_app: Flask, tmp_path: Path) -> None:
    before = db.session.scalar(select(func.count(Graduate.id)))
    result = load(own_app, saved(tmp_path, {}, {"name": ""}, {}), "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["file"] == "форма.xlsx"
    assert document["summary"] == {"create": 1, "update": 0, "unchanged": 0, "duplicate": 1, "error": 1}
    assert [(row["row"], row["outcome"]) for row in document["rows"]] == [(2, "create"), (3, "error"), (4, "duplicate")]
    assert document["rows"][2]["of_row"] == 2
    assert result.stderr.startswith("Проверено, ничего не изменено.")
    assert db.session.scalar(select(func.count(Graduate.id))) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--form", "другая"), "неизвестна"),
        (("--agency", "nobody"), "Нет организации с кодом «nobody»"),
        (("--on", "вчера"), "Дата «вчера» не читается"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    own_app: Flask, tmp_path: Path, words: tuple[str, str], sentence: str
) -> None:
    given = {"--form": FORM_1, "--agency": "opeka-sokol", "--on": "2026-10-01", words[0]: words[1]}
    result = run(own_app, "graduates", "import", str(saved(tmp_path, {})), *(w for pair in given.items() for w in pair))
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unusable_file_is_code_2(own_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "форма.xlsx"
    path.write_bytes(b"%PDF-1.7")
    assert load(own_app, path).exit_code == 2
    assert "не является таблицей" in load(own_app, path, "--json").stderr
    assert load(own_app, tmp_path / "нет.xlsx").exit_code == 2


def test_what_the_form_prints_comes_back_without_a_difference(own_app: Flask, tmp_path: Path) -> None:
    result = load(own_app, saved(tmp_path, *VARIETY), "--apply", "--json")
    assert result.exit_code == 0, result.stderr
    batch = json.loads(result.stdout)["batch"]
    for kind in ("xlsx", "csv"):
        out = tmp_path / f"обратно.{kind}"
        words = ("--agency", "opeka-sokol", "--on", "2026-10-01", "--out", str(out))
        assert run(own_app, "reports", "build", FORM_1, *words).exit_code == 0
        back = load(own_app, out, "--json")
        document = json.loads(back.stdout)
        assert [row.get("changes") for row in document["rows"] if row["outcome"] != "unchanged"] == []
        assert document["summary"]["unchanged"] >= len(VARIETY)
    assert load(own_app, saved(tmp_path, *VARIETY)).exit_code == 0
    undone = run(own_app, "imports", "undo", str(batch))
    assert (undone.exit_code, undone.stderr) == (0, f"Загрузка № {batch} отменена: 7 карточек.\n")
    again = run(own_app, "imports", "undo", str(batch))
    assert (again.exit_code, again.stderr) == (1, "Загрузка этого файла уже отменена.\n")
    assert run(own_app, "imports", "undo", "999999").exit_code == 1


def test_the_second_form_knows_the_people_of_the_first(own_app: Flask, tmp_path: Path) -> None:
    load(own_app, saved(tmp_path, {"name": "Вторая Форма Юрьевна"}), "--apply")
    path = tmp_path / "вторая.xlsx"
    path.write_bytes(xlsx(table({"name": "Вторая Форма Юрьевна", "employment": "б/р"}, form=FORM_2)))
    document = json.loads(load(own_app, path, "--json", form=FORM_2).stdout)
    assert [change["column"] for change in document["rows"][0]["changes"]] == ["Трудоустройство"]


def draft(boris: User, *people: Any) -> int:
    session = db.session()
    act_as(session, Actor.of(boris, NOW))
    data = xlsx(table(*people))
    parsed = read_form(data, file_name="форма.xlsx", form=FORM_1, on=ON)
    viewer = Viewer.of(session, boris, ON)
    batch = keep_draft(session, viewer=viewer, agency=boris.agency, parsed=parsed, data=data, now=NOW)
    session.commit()
    return batch.id


def apply_at_once(app: Flask, batches: list[int]) -> list[str]:
    """Every batch by a thread of its own, begun together."""
    together = threading.Barrier(len(batches))
    results: list[str] = []

    def work(batch_id: int) -> None:
        with app.app_context():
            session = db.session()
            user = session.scalars(select(User).where(User.login == "boris")).one()
            viewer = Viewer.of(session, user, ON)
            session.commit()
            together.wait(timeout=30)
            act_as(session, Actor.of(user, NOW))
            try:
                batch = session.get_one(ImportBatch, batch_id)
                plan = apply_draft(session, batch=batch, viewer=viewer, now=NOW, max_bytes=LIMIT)
                session.commit()
                results.append(", ".join(row.outcome for row in plan.rows))
            except ImportRefused as reason:
                session.rollback()
                results.append(str(reason))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(results)


def test_one_batch_applied_by_two_at_once_is_loaded_once(own_app: Flask, boris: User) -> None:
    batch = draft(boris, {"name": "Дважды Анна Юрьевна"})
    db.session.remove()
    assert apply_at_once(own_app, [batch, batch]) == ["create", "Этот файл уже загружен."]
    assert db.session.scalar(select(func.count(Graduate.id)).where(Graduate.last_name == "Дважды")) == 1


def test_two_files_with_one_person_applied_at_once_create_her_once(own_app: Flask, boris: User) -> None:
    batches = [draft(boris, {"name": "Единственная Анна"}) for _ in range(2)]
    db.session.remove()
    assert apply_at_once(own_app, batches) == ["create", "unchanged"]
    assert db.session.scalar(select(func.count(Graduate.id)).where(Graduate.last_name == "Единственная")) == 1
    states = db.session.scalars(select(ImportBatch.state).where(ImportBatch.id.in_(batches))).all()
    assert set(states) == {BatchState.APPLIED}
