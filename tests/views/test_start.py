"""«Мой день» by roles: its figures are as many as the lists they open; the chart and its table; few statements."""

import json
import re
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.support import Assignment, AssignmentKind
from models.users import User
from services.overview import weeks_from
from tests.conftest import TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_graduate
from tests.obligations import make_deadline
from tests.plans_factories import make_plan
from tests.reports.statements import statements
from tests.signing import sign_in
from tests.work_factories import service

LOGINS = ("anna", "boris", "galina", "kira", "root")


@pytest.fixture
def region(session: scoped_session[Session], cast: Cast) -> None:
    """Some of everything that the page counts, some of it out of sight or out of the month."""
    made = session()
    for number in range(40):
        agency = (cast.service, cast.opeka, cast.other_opeka)[number % 3]
        due = TODAY + timedelta(days=number * 2 - 20)
        done = due if number % 4 == 0 and due <= TODAY else None
        person = cast.own.id if number % 5 == 0 else None
        make_deadline(
            made, agency, subject=f"n{number}", due_on=due, graduate_id=person, done_on=done, achieved=int(bool(done))
        )
    make_deadline(made, cast.service, subject="hers", user_id=cast.anna.id)
    assigned = {"name": cast.anna.name, "user_id": cast.anna.id, "kind": AssignmentKind.CURATOR, "starts_on": TODAY}
    made.add(Assignment(graduate_id=cast.own.id, **assigned))
    make_graduate(made, "Сорокин Пётр", agency_id=cast.service.id, category_code="crisis")
    make_referral(made, cast.service, cast.opeka, answer_due_on=TODAY - timedelta(days=3))
    make_referral(made, cast.opeka, cast.service)
    for user in (cast.anna, cast.galina):
        service(made, user, cast.own, provided_on=TODAY)
    make_plan(made, cast.own, cast.service)
    made.commit()


def who(cast: Cast, login: str) -> User:
    user: User = getattr(cast, login)
    return user


def tiles(page: str) -> dict[str, tuple[str, int]]:
    """Label of a figure → where it leads, its number."""
    found = {}
    for address, inner in re.findall(r'<li class="figure [^>]*>\s*<a href="([^"]+)">(.*?)</a>', page, re.DOTALL):
        label = re.sub(r"<[^>]+>", "", re.search(r'figure-label">(.*?)</span>', inner, re.DOTALL)[1])  # type: ignore[index]
        value = re.search(r'figure-value">([\d\s]+)<', inner)
        assert value
        found[unescape(label)] = (unescape(address), int(re.sub(r"\D", "", value[1])))
    return found


def total(client: FlaskClient, address: str) -> int:
    page = client.get(address).text
    found = re.search(r"Найдено: <strong>([\d\s]+)<", page)
    assert found, address
    return int(re.sub(r"\D", "", found[1]))


@pytest.mark.parametrize("login", LOGINS)
def test_every_figure_opens_a_list_of_as_many(client: FlaskClient, cast: Cast, region: None, login: str) -> None:
    sign_in(client, who(cast, login))
    found = tiles(client.get("/").text)
    assert sum(number > 0 for _, number in found.values()) > 3
    for label, (address, number) in found.items():
        if not address.startswith(("/submissions/", "/jobs/")):  # Their lists tell no total.
            assert total(client, address) == number, label


@pytest.mark.parametrize("login", LOGINS)
def test_every_bar_opens_a_list_of_as_many(client: FlaskClient, cast: Cast, region: None, login: str) -> None:
    sign_in(client, who(cast, login))
    page = client.get("/").text
    drawn = re.search(r'<script type="application/json" id="chart-load"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert drawn
    shown = json.loads(drawn[1])
    (bars,) = shown["series"]
    assert len(shown["labels"]) == len(bars["values"]) == 8
    assert sum(bars["values"]) > 0
    for address, value in zip(bars["urls"], bars["values"], strict=True):
        assert total(client, address) == value, address
        assert f'href="{address.replace("&", "&amp;")}"' in page  # In the table too.


def test_each_role_has_what_is_its_own(client: FlaskClient, cast: Cast, region: None) -> None:
    pages = {}
    for login in LOGINS:
        sign_in(client, who(cast, login))
        pages[login] = client.get("/").text
    panels = {login: re.findall(r'<section class="start-panel" id="(\w+)"', page) for login, page in pages.items()}
    assert panels == {
        "anna": ["month", "letters", "services"],
        "boris": ["month", "letters", "services"],
        "galina": ["month", "letters", "services", "approve"],
        "kira": ["month", "letters"],
        "root": ["month", "letters", "system"],
    }
    assert "Мои сроки на 8 недель" in pages["anna"]
    assert "Сроки территории на 8 недель" in pages["kira"]


def test_a_clerk_counts_her_own(client: FlaskClient, cast: Cast, region: None) -> None:
    sign_in(client, cast.anna)
    hers = tiles(client.get("/").text)["Записано в этом месяце"][1]
    sign_in(client, cast.galina)
    assert (hers, tiles(client.get("/").text)["Записано в этом месяце"][1]) == (1, 2)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 29)])
def test_weeks_follow_one_another_from_today_on(day: date) -> None:
    weeks = weeks_from(day)
    assert (weeks[0][0], len(weeks)) == (day, 8)
    assert all(last.weekday() == 6 for _, last in weeks)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(weeks))


def test_however_much_there_is_the_statements_are_as_many(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, region: None
) -> None:
    sign_in(client, cast.galina).get("/")
    client.application.extensions.pop("marshrut.totals", None)
    session.commit()
    with statements() as few:
        client.get("/")
    for number in range(60):
        make_deadline(session(), cast.service, subject=f"more{number}", due_on=TODAY + timedelta(days=number))
    session.commit()
    client.application.extensions.pop("marshrut.totals", None)
    with statements() as many:
        client.get("/")
    assert len(many) == len(few) <= 40
