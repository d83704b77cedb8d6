"""Journals on the screen, on paper and as workbooks; their first numbers; the nomenclature of files."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent
from models.files import FileIndex
from models.journals import Journal, JournalCounter
from models.work import Appeal
from tests import journals_factories as make
from tests.factories import Cast
from tests.signing import sign_in
from tests.views.forms import open_form
from views.database import ACCESS
from views.extensions import db

APPEALS = "/journals/appeals/"


@pytest.fixture
def kept(session: scoped_session[Session], cast: Cast) -> list[Appeal]:
    """Three appeals of the service: the second is annulled, the third is about somebody out of sight."""
    people = (cast.own, cast.own, cast.foreign)
    found = [
        make.make_appeal(session(), cast.service, person, date(2026, number, 10))
        for number, person in enumerate(people, start=1)
    ]
    make.annul(session(), found[1])
    session.commit()
    return found


def logged(kind: str) -> list[dict[str, object]]:
    query = select(AccessEvent.payload).where(AccessEvent.kind == kind, AccessEvent.subject == "journal")
    return list(db.session.scalars(query, bind_arguments={"bind": db.engines[ACCESS]}))


def workbook(client: FlaskClient, address: str) -> openpyxl.Workbook:
    with client.get(address) as answer:
        assert answer.status_code == 200
        return openpyxl.load_workbook(BytesIO(answer.data))


# -- On the screen ---------------------------------------------------------------------------------------------------


def test_all_journals_stand_on_one_page_with_their_numbers(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, kept: list[Appeal]
) -> None:
    session.add(FileIndex(agency_id=cast.service.id, code="05-12", title="Обращения", journal=Journal.APPEALS))
    session.commit()
    sign_in(client, cast.anna)
    page = client.get("/journals/").text
    row = re.search(r"<tr>\s*<td><a href=\"/journals/appeals/\?year=2026\">.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row[0])[:4] == ["3", "3", "05-12", "5 лет"]
    assert "Заключения о результатах сопровождения" in page
    assert "Задать" not in page
    sign_in(client, cast.galina)
    assert "Задать" in client.get("/journals/").text


def test_a_journal_shows_its_rows_annulled_ones_struck_through(
    client: FlaskClient, cast: Cast, kept: list[Appeal]
) -> None:
    sign_in(client, cast.anna)
    page = client.get(APPEALS).text
    assert "Принятое решение / оказанная помощь" in page
    assert page.index("10.01.2026 11:20") < page.index("10.02.2026 11:20") < page.index("10.03.2026 11:20")
    assert "<s>10.02.2026 11:20</s>" in page
    assert "Аннулировано 01.09.2026: записано дважды." in page
    assert f"карточка № {cast.foreign.id}" in page
    assert "Тихонов" not in page
    newest = client.get(f"{APPEALS}?order=new").text
    assert newest.index("10.03.2026 11:20") < newest.index("10.01.2026 11:20")


def test_a_journal_is_searched_by_days_and_by_name(client: FlaskClient, cast: Cast, kept: list[Appeal]) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"{APPEALS}?since=01.02.2026&until=28.02.2026").text
    assert "10.02.2026 11:20" in page
    assert "10.01.2026" not in page
    assert "Ничего не найдено" in client.get(f"{APPEALS}?q=Тихонов").text
    assert "Найдено: <strong>2</strong>" in client.get(f"{APPEALS}?q=ёлкина").text
    wrong = client.get(f"{APPEALS}?since=32.01.2026")
    assert wrong.status_code == 422
    assert "Дата не читается" in wrong.text
    assert 'value="32.01.2026"' in wrong.text


def test_a_long_journal_is_turned_page_by_page(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    for _ in range(45):
        make.make_appeal(session(), cast.service, cast.own)
    session.commit()
    sign_in(client, cast.anna)
    seen: list[int] = []
    address = f"{APPEALS}?size=20"
    while address:
        page = client.get(address).text
        seen += [int(text) for text in re.findall(r'aria-label="(\d+) Ёлкина', page) or _numbers(page)]
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = APPEALS + following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(1, 46))


def _numbers(page: str) -> list[str]:
    return re.findall(r'<tr><td class="cell-number">(\d+)</td>', page)


def test_somebody_elses_year_and_organisation(client: FlaskClient, cast: Cast, kept: list[Appeal]) -> None:
    sign_in(client, cast.kira)
    assert "Тихонов Марк" in client.get(f"{APPEALS}?agency=service").text
    assert "записей нет" in client.get(APPEALS).text
    sign_in(client, cast.anna)
    assert "записей нет" in client.get(f"{APPEALS}?year=2025").text
    for address in ("?agency=opeka-sokol", "?agency=%00", "?year=20265", "?year=²026", "?year=abcd"):
        assert client.get(APPEALS + address).status_code == 404


def test_whatever_is_asked_for_is_logged_with_the_people(client: FlaskClient, cast: Cast, kept: list[Appeal]) -> None:
    sign_in(client, cast.anna)
    client.get(APPEALS)
    client.get("/journals/appeals/print")
    client.get("/journals/appeals.xlsx").close()
    people = sorted({cast.own.id, cast.foreign.id})
    common = {"journal": "appeals", "agency": "service", "year": 2026}
    assert logged("listed") == [{**common, "total": 3, "ids": people}]
    assert logged("printed") == [{**common, "volume": 1, "total": 3, "ids": people}]
    assert logged("exported") == [{**common, "volume": None, "type": "xlsx"}]


# -- On paper --------------------------------------------------------------------------------------------------------


def test_a_volume_has_a_cover_its_rows_and_a_last_sheet(client: FlaskClient, cast: Cast, kept: list[Appeal]) -> None:
    sign_in(client, cast.anna)
    page = client.get("/journals/appeals/print?rows=2").text
    assert "том № 2</h1>" in page  # The last one, where none is asked for.
    assert "Начат 10.03.2026" in page
    assert "Окончен __________" in page
    assert "10.01.2026 11:20" not in page
    first = client.get("/journals/appeals/print?rows=2&volume=1").text
    assert "Начат 10.01.2026" in first
    assert "Окончен 10.02.2026" in first
    assert "<s>10.02.2026 11:20</s>" in first
    assert "Прошито, пронумеровано и скреплено печатью" in first
    assert client.get("/journals/appeals/print?rows=2&volume=3").status_code == 404
    assert client.get("/journals/appeals/print?rows=0").status_code == 404


def test_a_volume_of_a_past_year_has_ended(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make.make_appeal(session(), cast.service, cast.own, date(2025, 12, 30))
    session.commit()
    sign_in(client, cast.anna)
    assert "Окончен 30.12.2025" in client.get("/journals/appeals/print?year=2025").text


@pytest.mark.parametrize("code", ["applications", "contracts", "accepted", "consultation-minutes", "services"])
def test_an_empty_journal_is_shown_printed_and_written(client: FlaskClient, cast: Cast, code: str) -> None:
    sign_in(client, cast.anna)
    assert "записей нет" in client.get(f"/journals/{code}/").text
    assert "Записей нет." in client.get(f"/journals/{code}/print").text
    book = workbook(client, f"/journals/{code}.xlsx")
    assert book.worksheets[1].max_row == 4  # Title, whose, headings, their numbers.


def test_a_workbook_has_a_cover_and_strikes_annulled_rows_through(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, kept: list[Appeal]
) -> None:
    session.add(FileIndex(agency_id=cast.service.id, code="05-12", title="Обращения", journal=Journal.APPEALS))
    session.commit()
    sign_in(client, cast.anna)
    cover, rows = workbook(client, "/journals/appeals.xlsx?volume=1").worksheets
    told = [cell.value for cell in cover["A"] if cell.value]
    assert told[:2] == ["service", "Журнал обращений выпускников"]
    assert told[2:5] == ["за 2026 год", "Том № 1", "Начат 10.01.2026"]
    assert told[5:] == [
        "Окончен __________",
        "На __________ листах",
        "Индекс по номенклатуре дел: 05-12",
        "Срок хранения (лет): 5",
    ]
    assert [cell.value for cell in rows[3]][:3] == ["№ п/п", "Дата и время", "Ф.И.О."]
    first, annulled, hidden = rows[5], rows[6], rows[7]
    assert [row[0].value for row in (first, annulled, hidden)] == [1, 2, 3]
    assert not first[1].font.strike
    assert annulled[1].font.strike
    assert (annulled[-1].value, annulled[-1].font.strike) == ("Аннулировано 01.09.2026: записано дважды.", None)
    assert hidden[2].value == f"карточка № {cast.foreign.id}"


def test_a_text_like_a_formula_is_no_formula(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make.make_appeal(session(), cast.service, cast.own, content="=HYPERLINK(1)", decision="<b>&")
    session.commit()
    sign_in(client, cast.anna)
    rows = workbook(client, "/journals/appeals.xlsx").worksheets[1]
    assert (rows["F5"].value, rows["F5"].data_type) == ("=HYPERLINK(1)", "s")
    page = client.get(APPEALS).text
    assert "&lt;b&gt;&amp;" in page


# -- The first number ------------------------------------------------------------------------------------------------


def test_the_head_goes_on_from_the_paper_journal(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.galina)
    assert 'value="2026"' in client.get("/journals/appeals/start").text
    typed = {"year": "2026"}
    saved = client.post("/journals/appeals/start", data=typed | {"last_number": "34"}, follow_redirects=True)
    assert "Следующая запись за 2026 год получит № 35." in saved.text
    assert "последний номер которого 34" in saved.text
    again = client.post("/journals/appeals/start", data=typed | {"last_number": "40"})
    assert again.status_code == 302  # Nothing has been numbered yet.
    assert make.make_appeal(session(), cast.service, cast.own).number == 41
    session.commit()
    late = client.post("/journals/appeals/start", data=typed | {"last_number": "50"})
    assert late.status_code == 422
    assert "уже есть номера" in late.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "2026", "last_number": ""}, "Заполните это поле."),
        ({"year": "2026", "last_number": "много"}, "Введите целое число."),
        ({"year": "2026", "last_number": "-1"}, "от 0 до 100 000"),
        ({"year": "1999", "last_number": "3"}, "Укажите год журнала."),
        ({"year": "2028", "last_number": "3"}, "Укажите год журнала."),
    ],
)
def test_a_wrong_first_number_is_told_at_its_field(
    client: FlaskClient, cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    sign_in(client, cast.galina)
    answer = client.post("/journals/appeals/start", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(JournalCounter)) is None


def test_the_administrator_begins_the_journal_of_another_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    typed = {"year": "2026", "last_number": "7"}
    answer = client.post("/journals/plans/start?agency=service", data=typed, follow_redirects=True)
    assert "после № 7" in answer.text
    assert session.get_one(JournalCounter, (cast.service.id, Journal.PLANS, 2026)).last_number == 7


# -- The nomenclature of files ---------------------------------------------------------------------------------------


def test_the_head_keeps_the_nomenclature_of_the_own_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.galina)
    typed = open_form(client, "/file_index/new/")
    assert "agency_id" not in typed
    assert (typed["journal"], typed["keep_years"]) == ("", "5")
    typed |= {"code": "05-12", "title": "Журнал обращений", "journal": "appeals", "keep_years": "5"}
    saved = client.post("/file_index/new/", data=typed | {"agency_id": str(cast.opeka.id)}, follow_redirects=True)
    assert "Запись создана." in saved.text
    line = session.scalars(select(FileIndex)).one()
    assert line.keep_years == 5
    assert (line.agency_id, line.journal) == (cast.service.id, Journal.APPEALS)
    twin = client.post("/file_index/new/", data=typed)
    assert "Дело с таким индексом уже есть." in twin.text
    wrong = client.post("/file_index/new/", data=typed | {"code": "05-13", "keep_years": "0"})
    assert "Срок хранения: от 1 до 100 лет." in wrong.text
    other = client.post("/file_index/new/", data=typed | {"code": "05-14", "journal": ""}, follow_redirects=True)
    assert "Запись создана." in other.text
    assert "Выберите значение из списка." in client.post("/file_index/new/", data=typed | {"journal": "x"}).text
    assert "05-12" in client.get("/journals/").text
    assert "5 лет" in client.get("/file_index/").text


# -- In the console --------------------------------------------------------------------------------------------------


def test_the_command_writes_the_journal(app: Flask, cast: Cast, kept: list[Appeal], tmp_path: Path) -> None:
    path = tmp_path / "appeals.xlsx"
    told = app.test_cli_runner().invoke(
        args=["journals", "print", "appeals", "--agency", "service", "--year", "2026", "--out", str(path)]
    )
    assert told.exit_code == 0, told.stderr
    assert "3 строки" in told.stderr
    assert [row[0].value for row in openpyxl.load_workbook(path).worksheets[1].iter_rows(min_row=5)] == [1, 2, 3]
    assert logged("printed") == [{"journal": "appeals", "agency": "service", "year": 2026, "file": "appeals.xlsx"}]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nothing", "--agency", "service", "--year", "2026", "--out", "x.xlsx"], 2, "Нет журнала «nothing»"),
        (["appeals", "--year", "2026", "--out", "x.xlsx"], 2, "Укажите --agency КОД."),
        (["appeals", "--agency", "service", "--out", "x.xlsx"], 2, "Укажите --year ГОД."),
        (["appeals", "--agency", "service", "--year", "26", "--out", "x.xlsx"], 2, "Год «26» не подходит"),
        (["appeals", "--agency", "service", "--year", "2026"], 2, "Укажите --out ФАЙЛ."),
        (["appeals", "--agency", "service", "--year", "2026", "--out", "x.csv"], 2, "расширением .xlsx"),
        (
            ["appeals", "--agency", "nobody", "--year", "2026", "--out", "x.xlsx"],
            1,
            "Организации с кодом «nobody» нет.",
        ),
        (["appeals", "--agency", "service", "--year", "2026", "--out", "/nowhere/x.xlsx"], 1, "Папки «/nowhere» нет."),
        (["appeals", "--agency", "service", "--year", "2026", "--out", "x.xlsx", "--volume", "0"], 2, "от 1"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(
    app: Flask,
    cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    told = app.test_cli_runner().invoke(args=["journals", "print", *arguments])
    assert told.exit_code == code
    assert sentence in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
