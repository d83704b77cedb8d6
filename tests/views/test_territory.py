"""The page of the whole territory: who may open it, what each cell says and that its list is as long."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from random import Random

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.deadlines import Closing
from models.territory import AgencyKind
from models.users import Role
from reports.terms_kept import Fate
from services.deadlines import territory as duties
from tests.conftest import TODAY
from tests.factories import Cast, make_agency, make_user
from tests.obligations import make_deadline, make_rule
from tests.reports.statements import statements
from tests.signing import sign_in

FIRST, LAST = date(2026, 7, 1), date(2026, 12, 31)
ADDRESS = "/compliance/territory?period=2026-H2"


@pytest.fixture
def obligations(session: scoped_session[Session], cast: Cast) -> None:
    fill(session(), cast, 90)


def fill(session: Session, cast: Cast, count: int) -> None:
    chance = Random(count)
    rules = [make_rule(session, f"r{count}-{number}", f"Обязанность {number}") for number in range(3)]
    for number in range(count):
        due = TODAY + timedelta(days=chance.randrange(-60, 60))
        fate = chance.randrange(5)
        done = due + timedelta(days=chance.choice((-1, 2))) if fate < 2 else None
        done = done if done and done <= TODAY else None
        make_deadline(
            session,
            chance.choice([cast.service, cast.opeka, cast.other_opeka]),
            chance.choice(rules),
            subject=f"n{number}",
            due_on=due,
            done_on=done,
            achieved=int(done is not None),
            closing=Closing.WAIVED if fate == 3 else None,
            closing_reason="нет оснований" if fate == 3 else "",
        )
    session.commit()


def links(page: str) -> list[tuple[str, int]]:
    """Addresses of lists and the numbers that lead there."""
    found = re.findall(r'<a[^>]*href="(/deadline/\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    shown = []
    for address, inner in found:
        text = re.sub(r"<svg.*?</svg>|<span class=\"visually-hidden\">.*?</span>|<[^>]+>", " ", inner, flags=re.DOTALL)
        numbers = re.findall(r"\d[\d\xa0]*", unescape(text))
        shown.append((unescape(address), int(numbers[0].replace("\xa0", ""))))
    return shown


def total(client: FlaskClient, address: str) -> int:
    page = client.get(address).text
    found = re.search(r"Найдено: <strong>([\d\s]+)<", page)
    assert found, address
    return int(re.sub(r"\D", "", found[1]))


def test_only_those_who_oversee_others_open_it(client: FlaskClient, cast: Cast) -> None:
    allowed = {user.login: sign_in(client, user).get("/compliance/territory").status_code for user in everybody(cast)}
    assert allowed == {"anna": 403, "boris": 403, "galina": 403, "kira": 200, "root": 200}
    assert client.get("/compliance/territory.xlsx", buffered=True).status_code == 200
    assert sign_in(client, cast.galina).get("/compliance/territory.xlsx").status_code == 403


def everybody(cast: Cast) -> list[object]:
    return [cast.anna, cast.boris, cast.galina, cast.kira, cast.root]


@pytest.mark.parametrize("more", ["", "&kind=guardianship", "&district={sokol}", "&sort=name"])
def test_every_number_is_as_long_as_the_list_that_it_opens(
    client: FlaskClient, cast: Cast, obligations: None, more: str
) -> None:
    sign_in(client, cast.kira)
    page = client.get(ADDRESS + more.format(sokol=cast.sokol.id)).text
    found = links(page)
    assert len(found) > 10
    for address, number in found:
        assert total(client, address) == number, address


def test_a_centre_of_a_part_sees_its_own_districts(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, obligations: None
) -> None:
    part = make_agency(session(), "part", AgencyKind.COORDINATION_CENTRE, districts=(cast.sokol,))
    user = make_user(session(), "polina", "Полина Частная", Role.COORDINATOR, part)
    make_deadline(session(), cast.other_opeka, recipient_id=part.id, subject="owed")  # Seen, but not of the territory.
    session.commit()
    sign_in(client, user)
    page = client.get(ADDRESS).text
    assert "Опека Сокольского" in page
    assert "Опека Тотемского" not in page
    assert "Служба «Перекрёсток»" not in page
    for address, number in links(page):
        assert total(client, address) == number, address


def test_the_worst_stand_first(session: scoped_session[Session], cast: Cast, obligations: None) -> None:
    asked = duties.Asked(Viewer.of(session(), cast.kira, TODAY), TODAY, FIRST, LAST)
    lines = duties.worst_first(duties.territory(session(), asked).lines)
    missed = [line.total[Fate.MISSED] for line in lines]
    assert missed == sorted(missed, reverse=True)
    assert missed[0] > 0 == missed[-1]


def test_one_regulation_is_shown_by_its_clauses(client: FlaskClient, cast: Cast, obligations: None) -> None:
    sign_in(client, cast.kira)
    page = client.get(ADDRESS).text
    (address,) = {unescape(one) for one in re.findall(r'href="([^"]*regulation=\d+[^"]*)"', page) if "territory" in one}
    by_clause = client.get(address).text
    assert by_clause.count("Обязанность") == 3
    for url, number in links(by_clause):
        assert total(client, url) == number, url


@pytest.mark.parametrize("period", ["2026-13", "завтра", "2026-12-31..2026-01-01"])
def test_a_period_that_cannot_be_read_is_said(client: FlaskClient, cast: Cast, period: str) -> None:
    answer = sign_in(client, cast.kira).get("/compliance/territory", query_string={"period": period})
    assert answer.status_code == 400
    assert period in answer.text
    assert answer.text.count('class="field-error"') == 1
    assert client.get("/compliance/territory.xlsx", query_string={"period": period}).status_code == 400


@pytest.mark.parametrize("bad", ["district=99999", "kind=circus", "regulation=x", "sort=up", "page=0", "page=9"])
def test_what_does_not_exist_is_not_found(client: FlaskClient, cast: Cast, bad: str) -> None:
    assert sign_in(client, cast.kira).get(f"/compliance/territory?{bad}").status_code == 404


def test_the_file_has_a_line_for_each_organisation_and_clause(
    client: FlaskClient, cast: Cast, obligations: None
) -> None:
    answer = sign_in(client, cast.kira).get("/compliance/territory.xlsx?period=2026-H2", buffered=True)
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] and isinstance(row[4], int)]
    assert sum(row[4] for row in rows) == 90
    assert all(row[4] == sum(row[5:]) for row in rows)


def test_the_statements_are_as_many_for_many_as_for_few(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, obligations: None
) -> None:
    sign_in(client, cast.kira).get(ADDRESS)
    session.commit()
    with statements() as few:
        client.get(ADDRESS)
    for number in range(30):
        made = make_agency(session(), f"more{number}", AgencyKind.SOCIAL_CENTRE)
        make_deadline(session(), made)
    fill(session(), cast, 200)
    with statements() as many:
        client.get(ADDRESS)
    assert len(many) == len(few)
