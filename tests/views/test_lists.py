"""Lists: search, filters, sorting, keyset paging, exports, and what they cost."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from models.context import Actor, act_as
from models.support import CategoryDecision
from tests.conftest import NOW
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from tests.views.forms import open_form

Db = scoped_session[Session]


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def crowd(session: Db, cast: Cast) -> Cast:
    act_as(session(), Actor(NOW))
    for number in range(65):
        card = make_graduate(
            session(),
            f"Сосед{number:02d} Иван",
            agency_id=cast.service.id,
            birth_date=date(2004, 1 + number % 12, 1 + number % 28),
        )
        if number % 10 == 0:
            card.category_decisions.append(CategoryDecision(category_code="crisis", starts_on=date(2026, 1, 1)))
    session.commit()
    return cast


def names(html: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', html)


def total(html: str) -> int:
    found = re.search(r'data-total="(\d+)"', html)
    assert found
    return int(found.group(1))


def link(html: str, label: str) -> str:
    """The address of the pager's link, empty where there is none."""
    found = re.search(rf'<a[^>]+href="([^"]+)"[^>]*>(?:(?!</a>).)*?{label}', html, re.S)
    return unquote(found.group(1).replace("&amp;", "&")) if found else ""


def test_pages_walked_forward_and_back_show_everybody_once(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.anna)
    page = client.get("/graduate/?size=20").text
    assert total(page) == 66
    walked, pages = names(page), 1
    while following := link(page, "Следующая страница"):
        page = client.get(f"/graduate/{following}").text
        walked += names(page)
        pages += 1
        assert total(page) == 66
    back = client.get(f"/graduate/{link(page, 'Предыдущая страница')}").text
    assert names(back) == walked[40:60]
    assert names(client.get("/graduate/?size=20&last=1").text) == walked[60:]
    assert pages == 4
    assert len(walked) == len(set(walked)) == 66
    assert walked == sorted(walked, key=lambda name: name.lower().replace("ё", "е"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("елк дар", 1),
        ("ЁЛК 2005", 1),
        ("дарья елкина", 1),
        ("14.08.2005", 1),
        ("нету такого", 0),
        ("%", 0),
        ("_", 0),
        ("сосед0", 10),
        ("ив 0", 65),
    ],
)
def test_search_by_fragments_in_any_order(client: FlaskClient, crowd: Cast, query: str, found: int) -> None:
    sign_in(client, crowd.anna)
    assert total(client.get("/graduate/", query_string={"q": query}).text) == found


def test_values_of_one_filter_are_ored_and_filters_anded(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.anna)
    assert total(client.get("/graduate/?f.category=crisis").text) == 7
    assert total(client.get("/graduate/?f.category=crisis&f.category=none").text) == 66
    assert total(client.get("/graduate/?f.category=crisis&f.born=2004-01-01..2004-01-31").text) == 2
    assert total(client.get("/graduate/?f.born.from=01.01.2004&f.born.to=31.01.2004").text) == 6
    assert total(client.get("/graduate/?f.turns23=2027-01-01..2027-01-31").text) == 6
    assert total(client.get("/graduate/?f.children=0").text) == 66
    assert total(client.get("/graduate/?f.uncovered=1").text) + total(client.get("/graduate/?f.uncovered=0").text) == 66
    assert 0 < total(client.get("/graduate/?f.uncovered=1").text) <= 7


BROKEN = """
?size=-5 ?size=9999999 ?after=abc ?after=1-2 ?after=999999999-5-6 ?before=5-x-1 ?f.born=вчера..завтра ?f.district=zzz
?f.district=99999999999999999999 ?f.nosuch=1 ?sort=nosuch ?sort=- ?last=1 ?f.born=.. ?f.children=2 ?f.problem=%00
?q=%00%22
"""


@pytest.mark.parametrize("address", BROKEN.split())
def test_a_broken_address_shows_the_list_all_the_same(client: FlaskClient, crowd: Cast, address: str) -> None:
    sign_in(client, crowd.anna)
    assert client.get(f"/graduate/{address}").status_code == 200


def test_sorting_by_date_of_birth_both_ways(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.anna)
    up = names(client.get("/graduate/?sort=born&size=100").text)
    down = names(client.get("/graduate/?sort=-born&size=100").text)
    assert up == down[::-1]
    assert up[-1].startswith("Ёлкина")


def test_the_export_holds_exactly_what_the_filter_shows(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.anna)
    book = openpyxl.load_workbook(
        BytesIO(client.get("/graduate/export/xlsx/?f.category=crisis&sort=-name", buffered=True).data)
    )
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    people = [row[0] for row in cells if str(row[0]).startswith("Сосед")]
    assert people == [f"Сосед{n:02d} Иван" for n in (60, 50, 40, 30, 20, 10, 0)]
    text = client.get("/graduate/export/csv/?f.category=crisis", buffered=True).data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 8


def test_an_export_never_holds_a_person_of_another_district(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.boris)
    text = client.get("/graduate/export/csv/", buffered=True).data.decode("utf-8-sig")
    assert "Сизов Пётр Ильич" in text
    assert "Тихонов" not in text
    assert "Сосед" not in text


@pytest.mark.parametrize("who", ["anna", "boris", "root"])
@pytest.mark.parametrize("address", ["/graduate/", "/graduate/?q=сосед&f.category=crisis&sort=-born"])
def test_a_list_page_costs_at_most_eight_statements(client: FlaskClient, crowd: Cast, who: str, address: str) -> None:
    sign_in(client, getattr(crowd, who))
    client.get(address)
    with statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 8, "\n".join(seen)


def test_a_total_is_remembered_for_seconds_and_counted_anew_after_a_save(
    client: FlaskClient, crowd: Cast, session: Db
) -> None:
    sign_in(client, crowd.anna)
    assert total(client.get("/graduate/?size=20").text) == 66
    act_as(session(), Actor(NOW))
    make_graduate(session(), "Новая Анна", agency_id=crowd.service.id)
    session.commit()
    assert total(client.get("/graduate/?size=20").text) == 66  # beside the list, some seconds old
    assert total(client.get("/graduate/?size=20&f.children=0").text) == 67  # another list, counted now
    form = open_form(client, f"/graduate/edit/?id={crowd.own.id}") | {"note": "Сохранено"}
    assert client.post(f"/graduate/edit/?id={crowd.own.id}", data=form).status_code == 302
    assert total(client.get("/graduate/?size=20").text) == 67


def test_nobody_is_shown_a_total_of_somebody_elses_list(client: FlaskClient, crowd: Cast) -> None:
    sign_in(client, crowd.anna)
    assert total(client.get("/graduate/?size=20").text) == 66
    sign_in(client, crowd.root)
    assert total(client.get("/graduate/?size=20").text) == 68
