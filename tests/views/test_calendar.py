"""The calendar of obligations: what each view shows to whom, how it groups, what it says of days it does not know."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind
from models.deadlines import Closing, Deadline
from models.reckoning import Unit
from models.regulations import AgencyRegulation, DeadlineRule, Regulation
from models.rule_terms import RuleKind
from services.production_calendar import load_years
from tests.conftest import TODAY
from tests.duties import make_curator, make_duty, make_title
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from views import listing
from views.extensions import db

OCTOBER = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def calendar(session: scoped_session[Session]) -> None:
    load_years(session(), years=[2025, 2026, 2027, 2028])
    session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def events(client: FlaskClient, first: str = "2026-10-01", end: str = "2026-11-01", more: str = "") -> list[dict]:
    answer = client.get(f"/calendar/events?start={first}&end={end}{more}")
    assert answer.status_code == 200
    return list(json.loads(answer.text))


def titles(client: FlaskClient, more: str = "") -> set[str]:
    return {one["title"] for one in events(client, more=more)}


# -- What is shown -----------------------------------------------------------------------------------------------------


def test_obligations_of_a_rule_a_day_and_a_state_are_one_line_that_opens_their_list(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    for _ in range(3):
        made = make_duty(session(), cast.service, TODAY, OCTOBER, title="Мониторинг адаптации")
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Мониторинг адаптации", done_on=TODAY, achieved=1)
    session.commit()
    sign_in(client, cast.anna)
    pending, done = sorted(events(client), key=lambda one: one["extendedProps"]["note"], reverse=True)
    assert (pending["title"], pending["extendedProps"]["note"]) == ("Мониторинг адаптации", "3")
    assert done["extendedProps"]["note"] == ""
    assert "исполнено" in done["extendedProps"]["tip"]
    found = client.get(pending["extendedProps"]["url"]).text
    assert "1–3 из <strong>3</strong>" in found
    assert f"/deadline/details/?id={made.id}" in found
    assert "Мониторинг адаптации" in client.get("/calendar/").text


def test_a_window_is_a_bar_from_its_opening_to_its_legal_date_in_every_month_that_it_touches(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    first, last = date(2026, 12, 25), date(2027, 1, 12)
    made = make_duty(session(), cast.service, first, last, title="Зимние сведения", kind=RuleKind.WINDOW)
    make_duty(session(), cast.service, first, last, title="Разовое")
    session.commit()
    sign_in(client, cast.anna)
    found = events(client, "2026-12-01", "2027-01-01")
    assert [(one["title"], one["start"], one["end"]) for one in found] == [
        ("Зимние сведения", "2026-12-25", "2027-01-13")
    ]
    december, january = (client.get(f"/calendar/?on={day}").text for day in ("2026-12-31", "2027-01-01"))
    assert f'/deadline/details/?id={made.id}"' in december
    assert "Разовое" not in december.partition('class="cal-month"')[2].partition("28 декабря")[0]
    assert "Зимние сведения" in january
    assert "Разовое" in january
    assert "январь 2027" in january
    assert "/calendar/?on=2026-12-01" in january


def test_a_quota_tells_how_much_is_done_and_a_provisional_date_that_it_is(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_duty(session(), cast.service, TODAY, OCTOBER, kind=RuleKind.QUOTA, required=2, achieved=1, title="Запросы")
    make_duty(session(), cast.service, TODAY, OCTOBER, is_provisional=True, title="Прочее")
    session.commit()
    sign_in(client, cast.anna)
    by_title = {one["title"]: one["extendedProps"] for one in events(client)}
    assert by_title["Запросы"]["note"] == "1/2"
    assert "дата предварительная" in by_title["Прочее"]["tip"]
    found = client.get("/calendar/?view=list").text
    assert ">1/2<" in found
    assert found.count("дата предварительная") == 1


def test_days_off_are_shaded_and_named(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = client.get("/calendar/?on=2026-11-10").text
    assert "День народного единства" in page
    assert 'aria-label="4 ноября, нерабочий день: список"' in page
    assert 'aria-label="5 ноября: список"' in page


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("quarter", ("4 квартал 2026", "октябрь 2026", "декабрь 2026", "сроков: 2")),
        ("year", ("2026 год", "Октябрь".lower(), "2, скоро")),
    ],
)
def test_longer_views_count_the_days(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, view: str, wanted: tuple[str, ...]
) -> None:
    for _ in range(2):
        make_duty(session(), cast.service, TODAY, OCTOBER, soon_on=TODAY)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/calendar/?view={view}&on=2026-12-31").text
    for text in wanted:
        assert text in page
    assert "/calendar/?view=list&amp;from=2026-10-05&amp;to=2026-10-05" in page


def test_the_list_goes_by_day_from_today_in_pages(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_duty(session(), cast.service, TODAY - timedelta(20), TODAY - timedelta(3), title="Давнее")
    days = [TODAY + timedelta(number) for number in range(listing.SIZES[0] + 5)]
    for day in days:
        make_duty(session(), cast.service, TODAY, day, title=f"Срок {day:%d.%m}", recipient_text="выпускник")
    session.commit()
    sign_in(client, cast.anna)
    first = client.get(f"/calendar/?view=list&size={listing.SIZES[0]}").text
    assert "1 октября 2026, четверг" in first
    assert "Давнее" not in first
    assert "выпускник" in first
    assert "п. 2." in first
    assert "Срок 20.10" in first
    assert "Срок 21.10" not in first
    following = next(part for part in first.split('"') if "after=" in part).replace("&amp;", "&")
    second = client.get(f"/calendar/{following}").text
    assert "Срок 20.10" not in second
    assert "Срок 25.10" in second
    overdue = client.get("/calendar/?view=list&state=overdue&to=2026-10-01").text
    assert "Давнее" in overdue
    assert "3 дня назад" in overdue


# -- Filters -----------------------------------------------------------------------------------------------------------


def test_filters_narrow_every_view_and_stand_in_the_address(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Событие", graduate_id=cast.own.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Окно", kind=RuleKind.WINDOW)
    make_duty(session(), cast.service, TODAY - timedelta(9), TODAY - timedelta(2), title="Опоздание")
    other = Regulation(code="other", title="Другой", short_title="Другой", in_force_from=date(2022, 1, 1))
    session.add(other)
    session.flush()
    make_title(session(), "Чужой пункт", RuleKind.EVENT, Unit.CALENDAR).regulation_id = other.id
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Чужой пункт")
    session.add(AgencyRegulation(agency=cast.service, regulation=other, starts_on=date(2026, 1, 1)))
    session.commit()
    sign_in(client, cast.anna)
    span = "&start=2026-09-01"
    assert titles(client, "&kind=window") == {"Окно"}
    assert titles(client, f"&graduate={cast.own.id}") == {"Событие — Ёлкина Д. И."}
    assert titles(client, "&regulation=other") == {"Чужой пункт"}
    assert {one["title"] for one in events(client, "2026-09-28", "2026-11-02", "&state=overdue")} == {"Опоздание"}
    key = session.scalar(select(DeadlineRule.key).where(DeadlineRule.title == "Окно"))
    assert titles(client, f"&rule={key}{span.replace('start', 'x')}") == {"Окно"}
    page = client.get("/calendar/?kind=window&state=open&state=due_soon&regulation=other&view=year").text
    assert 'value="window" selected' in page
    assert 'value="other" selected' in page
    assert page.count("filter-chip-label") == 4
    assert "По этому отбору сроков нет" in page


def test_what_is_not_asked_for_is_shown_only_on_demand(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    made = make_duty(session(), cast.service, TODAY, OCTOBER)
    made.closing, made.closing_reason = Closing.NOT_APPLICABLE, "детей нет"
    session.commit()
    sign_in(client, cast.anna)
    assert titles(client) == set()
    assert len(titles(client, "&state=not_applicable")) == 1


def test_mine_are_my_own_and_those_of_my_people(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_curator(session(), cast.anna, cast.own)
    session.commit()  # A fact settles what hangs on it.
    theirs = make_graduate(session(), "Белов Олег", agency_id=cast.service.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="О моём", graduate_id=cast.own.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="О чужом", graduate_id=theirs.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Моё", user_id=cast.anna.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Её", user_id=cast.galina.id)
    session.commit()
    sign_in(client, cast.anna)
    assert titles(client, "&mine=1") == {"О моём — Ёлкина Д. И.", "Моё"}


def test_what_we_wait_for_is_owed_by_others(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_duty(session(), cast.opeka, TODAY, OCTOBER, title="Нам", recipient_id=cast.service.id)
    make_duty(session(), cast.opeka, TODAY, OCTOBER, title="Не нам", recipient_id=cast.centre.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Наше")
    session.commit()
    sign_in(client, cast.anna)
    assert titles(client, "&waiting=1") == {"Нам — Опека Сокольского округа"}
    assert titles(client) == {"Наше"}
    assert titles(client, "&agency=all") == {"Наше — Служба «Перекрёсток»", "Нам — Опека Сокольского округа"}


# -- Who sees what -----------------------------------------------------------------------------------------------------


def test_each_sees_what_the_right_allows(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_duty(session(), cast.opeka, TODAY, OCTOBER, title="Сокольское", graduate_id=cast.local.id)
    make_duty(session(), cast.other_opeka, TODAY, OCTOBER, title="Тотемское", recipient_id=cast.service.id)
    session.commit()
    seen = {}
    for user in (cast.anna, cast.boris, cast.vera, cast.galina, cast.kira, cast.root):
        sign_in(client, user)
        seen[user.login] = {title.partition(" — ")[0] for title in titles(client, "&agency=all")}
    both = {"Сокольское", "Тотемское"}
    assert seen == {
        "anna": {"Тотемское"},
        "boris": {"Сокольское"},
        "vera": {"Тотемское"},
        "galina": {"Тотемское"},
        "kira": both,
        "root": both,
    }


@pytest.mark.parametrize("view", ["month", "quarter", "year", "list"])
def test_an_officer_of_another_district_finds_nothing_foreign(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, view: str
) -> None:
    make_duty(session(), cast.opeka, TODAY, OCTOBER, title="Сокольское", graduate_id=cast.local.id)
    session.commit()
    sign_in(client, cast.vera)
    for address in (
        f"/calendar/?view={view}&agency=all",
        f"/calendar/?view={view}&waiting=1",
        f"/calendar/?view={view}&graduate={cast.local.id}&agency=all",
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert "Сокольское" not in page.text
        assert "Сизов" not in page.text
    refused = client.get(f"/calendar/?view={view}&agency=opeka-sokol")
    assert refused.status_code == 400
    assert "Такой организации нет, или её сроки вам не видны." in refused.text
    assert "Сокольское" not in refused.text


def test_a_person_out_of_sight_is_a_number_and_reading_names_is_noted(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_duty(session(), cast.opeka, TODAY, OCTOBER, graduate_id=cast.local.id, recipient_id=cast.service.id)
    make_duty(session(), cast.service, TODAY, OCTOBER, graduate_id=cast.own.id, title="Своё")
    session.commit()
    sign_in(client, cast.anna)
    for address in ("/calendar/?agency=all", "/calendar/?view=quarter&agency=all", "/calendar/?view=list&agency=all"):
        page = client.get(address).text
        assert f"карточка № {cast.local.id}" in page
        assert "Сизов" not in page
        assert "Ёлкина" in page
        noted = db.session.execute(
            select(AccessEvent).order_by(AccessEvent.id.desc()).limit(1), bind_arguments={"bind": db.engines["access"]}
        ).scalar_one()
        assert (noted.kind, noted.payload["ids"]) == (AccessKind.LISTED, [cast.own.id])


def test_coordinators_begin_with_everybody_and_others_with_themselves(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    make_duty(session(), cast.opeka, TODAY, OCTOBER, title="Сокольское")
    make_duty(session(), cast.service, TODAY, OCTOBER, title="Наше")
    session.commit()
    sign_in(client, cast.anna)
    assert titles(client) == {"Наше"}
    sign_in(client, cast.kira)
    assert titles(client) == {"Сокольское — Опека Сокольского округа", "Наше — Служба «Перекрёсток»"}
    assert titles(client, "&agency=opeka-sokol") == {"Сокольское"}
    assert 'value="opeka-sokol"' in client.get("/calendar/").text


# -- Days and addresses that are not known -----------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "quarter", "year", "list"])
@pytest.mark.parametrize("on", ["2031-02-10", "1900-01-01", "2100-12-31"])
def test_years_without_a_calendar_are_shown_and_said_to_be_unknown(
    client: FlaskClient, cast: Cast, view: str, on: str
) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/calendar/?view={view}&on={on}")
    assert page.status_code == 200
    assert ("Производственного календаря на" in page.text) == (view != "list")


def test_a_year_without_a_decree_is_said_to_be_provisional(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert "Календарь 2028 года ещё не утверждён" in client.get("/calendar/?on=2028-03-01").text
    assert "ещё не утверждён" not in client.get("/calendar/?on=2027-03-01").text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("on=31.02.2026", "Дата не читается. Напишите её как 01.10.2026."),
        ("view=week", "Такого вида календаря нет: есть месяц, квартал, год и список."),
        ("agency=nobody", "Такой организации нет, или её сроки вам не видны."),
        ("regulation=none", "Этот регламент организация не исполняет."),
        ("kind=standing", "Такого вида сроков нет."),
        ("state=late", "Такого состояния нет."),
        ("graduate=я", "Номер карточки выпускника не читается."),
        ("view=list&from=05.10.2026&to=01.10.2026", "Период не может кончиться 01.10.2026"),
    ],
)
def test_what_an_address_says_wrong_is_told_in_a_sentence(
    client: FlaskClient, cast: Cast, query: str, told: str
) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/calendar/?{query}")
    assert page.status_code == 400
    assert told in page.text
    assert page.text.count("notice-error") == 1


@pytest.mark.parametrize("query", ["start=2026-10-01", "start=2026-10-01&end=2026-10-01", "start=1&end=2"])
def test_the_script_is_told_which_days_it_may_ask_for(client: FlaskClient, cast: Cast, query: str) -> None:
    sign_in(client, cast.anna)
    answer = client.get(f"/calendar/events?{query}")
    assert answer.status_code == 400
    assert json.loads(answer.text)["error"]["title"].endswith(".")
    long = client.get("/calendar/events?start=2026-01-01&end=2027-01-01")
    assert "не больше двух месяцев" in json.loads(long.text)["error"]["title"]


# -- Its price ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/calendar/", "/calendar/?view=quarter", "/calendar/?view=list", "/"])
def test_a_page_costs_the_same_statements_however_much_is_on_it(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, address: str
) -> None:
    make_curator(session(), cast.anna, cast.own)
    session.commit()
    sign_in(client, cast.anna)

    def cost() -> int:
        db.session.expire_all()
        with statements() as told:
            assert client.get(address).status_code == 200
        return len(told)

    def make(number: int) -> None:
        person = make_graduate(session(), f"Белов{number} Олег", agency_id=cast.service.id)
        for title in ("Первое", "Второе"):
            make_duty(session(), cast.service, TODAY, TODAY, title=title, graduate_id=person.id)
        make_duty(session(), cast.opeka, TODAY, TODAY, title="Нам", recipient_id=cast.service.id)
        late = TODAY - timedelta(number + 1)
        make_duty(session(), cast.service, late, late, title=f"Давнее {number}", graduate_id=person.id)
        session.commit()

    make(1)
    few = cost()
    for number in range(2, 12):
        make(number)
    assert cost() <= few
    assert few <= 30


# -- The sheet of a year -----------------------------------------------------------------------------------------------


def test_the_sheet_of_a_year_holds_the_rules_of_the_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    rule = make_title(session(), "Осенние сведения", RuleKind.WINDOW, Unit.CALENDAR)
    rule.terms_data = {**rule.terms_data, "per": "agency", "opens": "09-25", "closes": "10-05"}
    session.add(AgencyRegulation(agency=cast.service, regulation=rule.regulation, starts_on=date(2025, 1, 1)))
    make_duty(session(), cast.service, TODAY, OCTOBER, graduate_id=cast.own.id, title="Об одном человеке")
    session.commit()
    sign_in(client, cast.anna)
    page = client.get("/calendar/poster?year=2025").text
    assert "<strong>25.09–06.10</strong> Осенние сведения" in page  # 05.10.2025 is a Sunday.
    assert "Об одном человеке" not in page
    assert "Ёлкина" not in page
    assert page.count('class="cal-small"') == 12
    assert "<strong>25.09–05.10</strong> Осенние сведения" in client.get("/calendar/poster").text
    sign_in(client, cast.boris)
    assert "Осенние сведения" not in client.get("/calendar/poster").text
    sign_in(client, cast.kira)
    chosen = client.get("/calendar/poster?agency=service").text
    assert "Осенние сведения" in chosen
    assert "Служба «Перекрёсток»" in chosen


def test_the_sheet_of_a_year_that_is_not_known_says_so(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert "Производственного календаря на 2045 год нет" in client.get("/calendar/poster?year=2045").text
    assert client.get("/calendar/poster?year=12").status_code == 404


def test_the_menu_counts_what_is_overdue(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    late = TODAY - timedelta(1)
    for _ in range(2):
        make_duty(session(), cast.service, late, late)
    make_duty(session(), cast.service, late, TODAY)
    paused = make_duty(session(), cast.service, late, late)
    paused.paused_on, paused.pause_reason = late, "ждём ответа"
    make_duty(session(), cast.opeka, late, late)
    session.commit()
    sign_in(client, cast.anna)
    assert '2<span class="visually-hidden"> требуют внимания' in client.get("/profile").text
    assert session.query(Deadline).count() == 5
