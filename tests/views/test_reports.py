"""Reports in the browser and in the console: who gets which, and what is in the files."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.audit import AccessEvent
from models.users import User
from reports.catalogue import REPORTS
from tests.factories import Cast, make_graduate
from tests.reports.people import known_facts, make_person
from tests.signing import sign_in
from views.database import ACCESS
from views.extensions import db

FORM = "/reports/vologda-appendix-1"


@pytest.fixture
def daria(session: Session, cast: Cast) -> int:
    """Somebody of Sokol's foster families, and somebody who is past 23."""
    person = make_person(session, birth_date=date(2007, 8, 14), origin_district_id=cast.sokol.id, facts=known_facts())
    make_person(session, "Старший Иван", birth_date=date(2003, 9, 18), origin_district_id=cast.sokol.id)
    key = person.id
    session.commit()
    return key


def fetch(client: FlaskClient, path: str) -> TestResponse:
    """A file that is read to its end, as a browser does."""
    with client.get(path) as response:
        assert response.data is not None
        return response


def seen_by(client: FlaskClient, user: User, path: str) -> int:
    sign_in(client, user)
    return fetch(client, path).status_code


# -- Pages -----------------------------------------------------------------------------------------------------------


def test_the_list_offers_what_the_user_may_make(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    page = client.get("/reports/").text
    assert "Приложение 1" in page
    assert "Реестр выпускников" in page
    assert "Приложение 2" not in page
    sign_in(client, cast.anna)
    assert "Приложение 1" not in client.get("/reports/").text


def test_a_stranger_has_to_sign_in(client: FlaskClient, cast: Cast) -> None:
    assert client.get(FORM).status_code == 302


def test_the_page_shows_rows_counts_and_the_left_out(client: FlaskClient, cast: Cast, daria: int) -> None:
    sign_in(client, cast.boris)
    page = client.get(f"{FORM}?on=2026-10-01").text
    assert "Кузнецова Дарья Игоревна" in page
    assert f"/graduate/details/?id={daria}" in page
    assert "В списке: <strong>1 человек</strong>" in page.replace("\xa0", " ")
    assert "23 года исполнилось 18.09.2026" in page
    assert "Проводимая работа специалиста по решению проблемы выпускника" in page
    assert "Тихонов" not in page


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("boris", FORM, 200),
        ("anna", FORM, 403),
        ("vera", f"{FORM}?agency=opeka-sokol", 404),
        ("vera", f"{FORM}.xlsx?agency=opeka-sokol", 404),
        ("kira", f"{FORM}?agency=opeka-sokol", 200),
        ("root", f"{FORM}.csv?agency=opeka-totma", 200),
        ("root", f"{FORM}.csv", 400),
        ("root", FORM, 200),
        ("anna", "/reports/registry", 200),
        ("anna", "/reports/registry?agency=opeka-sokol", 404),
        ("boris", "/reports/nothing", 404),
        ("boris", f"{FORM}.docx", 200),
        ("boris", "/reports/registry.docx", 404),
        ("boris", f"{FORM}?on=32.13.2026", 400),
        ("boris", f"{FORM}.csv?on=32.13.2026", 400),
    ],
)
def test_everybody_gets_the_papers_of_the_own_agency(
    client: FlaskClient, cast: Cast, who: str, path: str, status: int
) -> None:
    assert seen_by(client, getattr(cast, who), path) == status


def test_a_wrong_day_is_told_at_its_field_and_kept(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.boris)
    page = client.get(f"{FORM}?on=32.13.2026").text
    assert 'value="32.13.2026"' in page
    assert "Дата не читается" in page


def test_an_administrator_sees_for_a_form_only_what_its_agency_sees(
    client: FlaskClient, cast: Cast, daria: int
) -> None:
    sign_in(client, cast.root)
    assert "Кузнецова" not in client.get(f"{FORM}?agency=opeka-totma").text
    assert "Кузнецова" in client.get(f"{FORM}?agency=opeka-sokol").text


# -- Files -----------------------------------------------------------------------------------------------------------


def test_the_workbook_stands_at_the_same_address(client: FlaskClient, cast: Cast, daria: int) -> None:
    sign_in(client, cast.boris)
    response = fetch(client, f"{FORM}.xlsx?on=2026-10-01")
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = quote("Приложение 1, opeka-sokol, 2026-10-01.xlsx")
    assert f"filename*=UTF-8''{name}" in response.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][1] == "ФИО"
    assert [cell.value for cell in sheet[4]] == list(range(1, 13))
    assert [cell.value for cell in sheet[5]][:3] == [1, "Кузнецова Дарья Игоревна", "14.08.2007г"]
    assert sheet.max_row == 5


def test_the_csv_stands_at_the_same_address(client: FlaskClient, cast: Cast, daria: int) -> None:
    sign_in(client, cast.boris)
    response = fetch(client, f"{FORM}.csv?on=01.10.2026")
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[1] for row in rows] == ["ФИО", "Кузнецова Дарья Игоревна"]


def test_looking_and_taking_away_are_logged(client: FlaskClient, session: Session, cast: Cast, daria: int) -> None:
    sign_in(client, cast.boris)
    client.get(f"{FORM}?on=2026-10-01")
    fetch(client, f"{FORM}.csv?on=2026-10-01")
    with Session(db.engines[ACCESS]) as log:
        events = log.scalars(select(AccessEvent).where(AccessEvent.subject == "report").order_by(AccessEvent.seq))
        looked, taken = [(event.kind, event.payload) for event in events]
    assert looked[0] == "listed"
    assert daria in looked[1]["ids"]
    assert taken == (
        "exported",
        {"report": "vologda-appendix-1", "on": "2026-10-01", "agency": "opeka-sokol", "total": 1, "type": "csv"},
    )


def test_a_clerk_is_told_to_narrow_a_too_long_register(
    client: FlaskClient, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.CLERK_ROWS", 1)
    make_graduate(session, "Вторая Ольга", agency_id=cast.service.id)
    session.commit()
    sign_in(client, cast.anna)
    response = fetch(client, "/reports/registry.csv")
    assert response.status_code == 403
    assert "Уточните отбор" in response.text
    assert "Вторая Ольга" not in response.text
    assert "Вторая Ольга" in client.get("/reports/registry").text


def test_a_head_takes_away_people_of_the_own_agency(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.galina)
    assert "Ёлкина" in fetch(client, "/reports/registry.csv").data.decode()


# -- Commands --------------------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_the_console_lists_the_reports(app: Flask, cast: Cast) -> None:
    code, out, _ = run(app, "reports", "list", "--json")
    assert code == 0
    assert [report["code"] for report in json.loads(out)] == list(REPORTS)
    assert "vologda-appendix-1\tФорма системы учета" in run(app, "reports", "list")[1]


def test_the_console_builds_a_form(app: Flask, cast: Cast, daria: int, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    code, _, told = run(
        app,
        "reports",
        "build",
        "vologda-appendix-1",
        "--agency",
        "opeka-sokol",
        "--on",
        "2026-10-01",
        "--out",
        str(path),
    )
    assert (code, [file.name for file in tmp_path.iterdir()]) == (0, ["f.xlsx"])
    assert "1 строка" in told
    assert "Не включено: 2 человека" in told.replace("\xa0", " ")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet["B5"].value == "Кузнецова Дарья Игоревна"


def test_the_console_exports_the_filtered_register(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    code, _, _ = run(app, "graduates", "export", "--out", str(path), "--filter", "origin=sokol", "--filter", "q=сиз")
    assert code == 0
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["Сизов Пётр Ильич"]
    everybody = tmp_path / "all.csv"
    run(app, "graduates", "export", "--out", str(everybody))
    assert len(everybody.read_text("utf-8-sig").splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["reports", "build", "unknown", "--out", "f.xlsx"], "Нет отчёта «unknown»"),
        (["reports", "build", "vologda-appendix-1", "--out", "f.xlsx"], "Укажите --agency КОД."),
        (["reports", "build", "vologda-appendix-1", "--agency", "opeka-sokol"], "Укажите --out ФАЙЛ."),
        (["reports", "build", "vologda-appendix-1", "--agency", "nobody", "--out", "f.csv"], "кодом «nobody» нет"),
        (["reports", "build", "vologda-appendix-1", "--agency", "service", "--out", "f.csv"], "составляет орган опеки"),
        (["reports", "build", "registry", "--on", "вчера", "--out", "f.csv"], "Дата «вчера» не читается"),
        (["reports", "build", "registry", "--period", "2026-H2", "--out", "f.csv"], "составляется на день"),
        (["reports", "build", "registry", "--out", "f.docx"], "только в .xlsx и .csv"),
        (["reports", "build", "registry", "--out", "f.pdf"], ".xlsx, .csv или .docx"),
        (["reports", "build", "registry", "--out", "nowhere/f.csv"], "Папки «nowhere» нет"),
        (["graduates", "export", "--out", "f.csv", "--filter", "colour=red"], "Отбора «colour» нет"),
        (["graduates", "export", "--out", "f.csv", "--filter", "district"], "вид ИМЯ=ЗНАЧЕНИЕ"),
        (["graduates", "export", "--out", "f.csv", "--filter", "category=none-such"], "Значение отбора «category»"),
    ],
)
def test_a_wrong_command_is_one_sentence(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, told = run(app, *arguments)
    assert code != 0
    assert out == ""
    assert sentence in told
    assert len(told.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
