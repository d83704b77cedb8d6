"""The page of the route: who sees it, what it shows, how it is narrowed, paged and logged; the card of support."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind
from models.work import ServiceRecord
from services.route.kinds import Event, Kind
from tests.assessments_factories import fill_card
from tests.conftest import TODAY
from tests.factories import Cast
from tests.lives import day, live
from tests.signing import sign_in
from views.database import ACCESS
from views.extensions import db
from views.files.route_lanes import Picture, picture

Page = scoped_session[Session]
ROW = re.compile(r"<tr(?: class=\"annulled\")?><td>(\d\d\.\d\d\.\d{4})")


@pytest.fixture
def person(session: Page, cast: Cast) -> Graduate:
    return live(session(), cast)


def days(page: str) -> list[str]:
    return [f"{text[6:]}-{text[3:5]}-{text[:2]}" for text in ROW.findall(page)]


def test_the_route_shows_everything_newest_first(client: FlaskClient, cast: Cast, person: Graduate) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/{person.id}/route").text
    assert days(page) == sorted(days(page), reverse=True)
    assert f'href="/graduate/{person.id}/route" class="active"' in page
    for told in ("Приёмная семья", "Договор подписан № 1/2026", "Составлен иск", "Патронаж № 1/2026"):
        assert told in page
    oldest = client.get(f"/graduate/{person.id}/route?order=old").text
    assert days(oldest) == sorted(days(oldest))
    card = client.get(f"/graduate/details/?id={person.id}").text
    assert f'href="/graduate/{person.id}/route"' in card


def test_lines_lead_to_the_pages_of_their_records(
    client: FlaskClient, session: Page, cast: Cast, person: Graduate
) -> None:
    service = session.scalars(select(ServiceRecord).where(ServiceRecord.title == "Составлен иск")).one()
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/{person.id}/route").text
    assert f'<a href="/service_record/details/?id={service.id}">Составлен иск</a>' in page
    for url in set(re.findall(r'<td><a href="(/[a-z_]+/details/\?id=\d+)"', page)):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url


def test_kinds_and_years_in_the_address_narrow_it(client: FlaskClient, cast: Cast, person: Graduate) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/{person.id}/route?kind=study&kind=placement").text
    assert days(page) == ["2023-09-01", "2023-06-30", "2015-09-01"]
    page = client.get(f"/graduate/{person.id}/route?kind=placement&from=2016&to=2018").text
    assert days(page) == ["2015-09-01"]  # It lasted in these years.
    page = client.get(f"/graduate/{person.id}/route?kind=service&from=1990&to=1991").text
    assert "Таких событий нет" in page


@pytest.mark.parametrize(
    "asked",
    ["kind=nothing", "from=abcd", "to=99999", "from=2026&to=2020", "page=0", "page=99", "page=%00", "order=x", "all=2"],
)
def test_what_the_address_says_wrongly_is_left_out(
    client: FlaskClient, cast: Cast, person: Graduate, asked: str
) -> None:
    sign_in(client, cast.anna)
    assert client.get(f"/graduate/{person.id}/route?{asked}").status_code == 200


def test_a_long_route_comes_in_pages_and_whole_for_printing(
    client: FlaskClient, session: Page, cast: Cast, person: Graduate
) -> None:
    given: dict[str, Any] = {"agency_id": cast.service.id, "kind_code": "legal", "graduate": person}
    session.add_all(
        [ServiceRecord(**given, provided_on=day(1) + timedelta(days=n % 200), title=f"Услуга {n}") for n in range(1200)]
    )
    session.commit()
    sign_in(client, cast.anna)
    url = f"/graduate/{person.id}/route?kind=service"
    first, second, third = (client.get(f"{url}&page={page}").text for page in (1, 2, 3))
    assert [len(days(page)) for page in (first, second, third)] == [500, 500, 203]
    assert "1–500 из 1\xa0203" in first
    assert "page=2" in first
    assert len(days(client.get(f"{url}&all=1").text)) == 1203
    titles = re.findall(r"Услуга \d+", first + second + third)
    assert len(set(titles)) == 1200


def test_a_stranger_finds_no_route_and_every_reading_is_logged(
    client: FlaskClient, cast: Cast, person: Graduate
) -> None:
    for who, code in (("anna", 200), ("vera", 404), ("boris", 404)):
        sign_in(client, getattr(cast, who))
        assert client.get(f"/graduate/{person.id}/route").status_code == code
        with Session(db.engines[ACCESS]) as log:
            event = log.scalars(select(AccessEvent).order_by(AccessEvent.seq.desc())).first()
        assert event is not None
        assert event.kind == (AccessKind.OPENED if code == 200 else AccessKind.REFUSED)
        assert (event.subject, event.subject_id) == ("graduate", person.id)


def test_an_assignment_that_is_over_opens_no_route(
    client: FlaskClient, session: Page, cast: Cast, person: Graduate
) -> None:
    given = Assignment(graduate=person, user=cast.vera, kind=AssignmentKind.MENTOR, name="В", starts_on=day(9))
    session.add(given)
    session.commit()
    sign_in(client, cast.vera)
    assert client.get(f"/graduate/{person.id}/route").status_code == 200
    given.ends_on = TODAY - timedelta(days=1)
    session.commit()
    assert client.get(f"/graduate/{person.id}/route").status_code == 404


@pytest.mark.parametrize("number", ["0", "99999999", "9" * 25])
def test_no_number_in_an_address_breaks_the_page(client: FlaskClient, cast: Cast, number: str) -> None:
    sign_in(client, cast.root)
    for page in ("route", "support-card"):
        assert client.get(f"/graduate/{number}/{page}").status_code == 404


def test_nobody_of_whom_nothing_is_known_has_an_empty_route(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert "Событий пока нет" in client.get(f"/graduate/{cast.own.id}/route").text


def test_what_is_closed_stands_neither_in_the_route_nor_on_the_card(
    client: FlaskClient, cast: Cast, person: Graduate
) -> None:
    sign_in(client, cast.anna)
    for page in ("route", "support-card"):
        text = client.get(f"/graduate/{person.id}/{page}").text
        assert not re.search("Инвалидность|колони|психиатр|ПМПК|Плакала", text)
    sign_in(client, cast.galina)
    assert "Инвалидность" in client.get(f"/graduate/{person.id}/route").text


# -- The picture -----------------------------------------------------------------------------------------------------


def line(what: str, on: date, until: date | None = None, code: str = "", title: str = "Что-то") -> Event:
    return Event(on, until, Kind.STUDY, what, title, "", None, "", 1, code, False, False)


def drawn(*events: Event, today: date = TODAY) -> dict[str, list[tuple[date, date | None, str]]]:
    made = picture(sorted(events, key=lambda one: one.on), today)
    return (
        {lane.title: [(band.since, band.until, band.css) for band in lane.bands] for lane in made.lanes} if made else {}
    )


def test_a_fact_without_an_end_lasts_until_the_next_or_to_this_day() -> None:
    found = drawn(
        line("study", day(9, 1, 2023)), line("study", day(9, 1, 2024)), line("study", day(9, 1, 2025), day(6))
    )
    assert found["Учёба"] == [
        (day(9, 1, 2023), day(8, 31, 2024), "study"),
        (day(9, 1, 2024), day(8, 31, 2025), "study"),
        (day(9, 1, 2025), day(6), "study"),
    ]
    assert drawn(line("housing", day(1)))["Жильё"] == [(day(1), None, "housing")]


def test_a_gap_is_a_month_after_leaving_without_study_or_work() -> None:
    left = line("left", day(6, 30, 2024))
    study = line("study", day(9, 1, 2024), day(6, 30, 2025), "studying")
    none = line("employment", day(7, 1, 2025), day(12, 31, 2025), "none")
    work = line("employment", day(1, 15), None, "employed")
    assert drawn(left, study, none, work)["Пробелы"] == [
        (day(7, 1, 2024), day(8, 31, 2024), "gap"),
        (day(7, 1, 2025), day(1, 14), "gap"),
    ]
    assert drawn(left, study, none)["Пробелы"][-1] == (day(7, 1, 2025), None, "gap")
    assert "Пробелы" not in drawn(study, work)  # Nobody knows when the person left.


def test_a_contract_that_goes_on_draws_the_years_to_come() -> None:
    made = picture([line("contract", day(1), day(12, 31, 2027))], TODAY)
    assert isinstance(made, Picture)
    assert made.last == day(12, 31, 2027)
    assert 0 < made.now < 100
    assert [year for _, year in made.years] == ["2027"]
    (band,) = made.lanes[0].bands
    assert (band.x, band.width) == (0, 100)


def test_nothing_that_lasts_draws_no_picture() -> None:
    assert picture([line("service", day(1))], TODAY) is None
    assert picture([], TODAY) is None


# -- The card of support ---------------------------------------------------------------------------------------------


def test_the_card_of_support_tells_all_its_parts(client: FlaskClient, cast: Cast, person: Graduate) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/{person.id}/support-card").text
    for told in (
        "Лебедева Ольга",  # kin
        "паспорт гражданина РФ",
        "Заработная плата",
        "Долг за квартиру",  # risks
        "Составлен иск",  # help
        "Социальное положение",  # monitoring
        "№ 1/2026 от 08.03.2026",  # surveys
        "активное",  # decisions
        "№ 1/2026 от 20.01.2026",  # the contract
    ):
        assert told in page
    assert "По ошибке" not in page  # What was annulled is no help.
    rows = re.findall(r"<tr><td[^>]*>([^<]+)</td><td[^>]*>(есть|нет)</td>", page)
    assert ("СНИЛС", "нет") in rows
    assert ("паспорт гражданина РФ", "есть") in rows


def test_the_card_of_support_shows_the_newest_cards_of_monitoring_in_their_order(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    filled = [date(2026, month, 5) for month in range(1, 9)]
    for on in reversed(filled):
        fill_card(session(), cast.anna, cast.own, on)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/{cast.own.id}/support-card").text
    shown = re.findall(r"monitoring_card/details/\?id=\d+[^>]*>([\d.]+)<", page)
    assert shown == [f"{on:%d.%m.%Y}" for on in filled[2:]]


def test_the_card_of_support_is_logged_as_printed(client: FlaskClient, cast: Cast, person: Graduate) -> None:
    sign_in(client, cast.anna)
    client.get(f"/graduate/{person.id}/support-card")
    with Session(db.engines[ACCESS]) as log:
        kinds = [event.kind for event in log.scalars(select(AccessEvent).order_by(AccessEvent.seq.desc()).limit(2))]
    assert AccessKind.PRINTED in kinds
