"""The calendar feed as calendar programs read it: by its address alone, valid, short enough, without names."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent
from models.notifications import FeedToken
from models.rule_terms import RuleKind
from models.users import Role
from services import feed_tokens, feeds
from tests.conftest import NOW, TODAY
from tests.duties import LIST, make_duty
from tests.factories import Cast, make_user
from views.database import access_connection

Db = scoped_session[Session]
SOON = TODAY + timedelta(days=20)


def make_feed(session: Db, user: Any) -> str:
    token = feed_tokens.create(session(), user_id=user.id, now=NOW)
    session.commit()
    return f"/calendar/feed/{token}.ics"


def read(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.data


def events(client: FlaskClient, address: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(read(client, address)).walk("VEVENT"))


def titles(client: FlaskClient, address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(client, address)]


# -- What stands in it -----------------------------------------------------------------------------------------------


def test_an_obligation_is_an_all_day_event(client: FlaskClient, cast: Cast, session: Db) -> None:
    duty = make_duty(session(), cast.service, TODAY, SOON, graduate_id=cast.own.id, control_on=SOON - timedelta(days=3))
    address = make_feed(session, cast.anna)
    (event,) = events(client, address)
    assert event["SUMMARY"] == f"{LIST}, карточка № {cast.own.id}"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (SOON, SOON + timedelta(days=1))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["UID"] == f"deadline-{duty.id}@marshrut"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event.decoded("LAST-MODIFIED") == event.decoded("DTSTAMP") == duty.created_at
    assert str(event["DESCRIPTION"]).splitlines() == [
        f"{duty.rule.clause_text}, Проверочный",
        "Исполнить до 21.10.2026.",
        f"http://localhost/deadline/details/?id={duty.id}",
    ]
    assert str(event["URL"]) == f"http://localhost/deadline/details/?id={duty.id}"
    (alarm,) = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm.decoded("TRIGGER") == timedelta(days=-3, hours=9)


def test_many_of_a_rule_and_day_are_one_event(client: FlaskClient, cast: Cast, session: Db) -> None:
    duties = [make_duty(session(), cast.service, TODAY, SOON, graduate_id=cast.own.id) for _ in range(312)]
    address = make_feed(session, cast.anna)
    (before,) = events(client, address)
    assert before["SUMMARY"] == f"{LIST}, 312 сроков"
    assert str(before["URL"]).startswith("http://localhost/calendar/?view=list&rule=test-pack")
    duties[0].done_on, duties[0].achieved = TODAY, 1
    session.commit()
    (after,) = events(client, address)
    assert after["SUMMARY"] == f"{LIST}, 311 сроков"
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")


def test_a_moved_date_keeps_its_event(client: FlaskClient, cast: Cast, session: Db) -> None:
    duty = make_duty(session(), cast.service, TODAY, SOON)
    address = make_feed(session, cast.anna)
    (before,) = events(client, address)
    duty.due_on = SOON + timedelta(days=1)
    session.commit()
    (after,) = events(client, address)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.decoded("DTSTART") == SOON + timedelta(days=1)


def test_a_window_opens_with_an_event_of_its_own(client: FlaskClient, cast: Cast, session: Db) -> None:
    make_duty(session(), cast.service, date(2026, 9, 25), date(2026, 10, 5), kind=RuleKind.WINDOW)
    found = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events(client, make_feed(session, cast.anna))}
    assert found == {LIST: date(2026, 10, 5), f"Открывается: {LIST}": date(2026, 9, 25)}


def test_the_overdue_say_so_and_ring_no_more(client: FlaskClient, cast: Cast, session: Db) -> None:
    make_duty(session(), cast.service, TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    (event,) = events(client, make_feed(session, cast.anna))
    assert event["SUMMARY"] == f"Просрочено: {LIST}"
    assert event.walk("VALARM") == []


def test_what_is_settled_foreign_or_far_away_is_not_in_it(client: FlaskClient, cast: Cast, session: Db) -> None:
    make_duty(session(), cast.service, TODAY, SOON, title="Сделано", done_on=TODAY, achieved=1)
    make_duty(session(), cast.service, TODAY, SOON, title="Снято", closing="waived", closing_reason="нет людей")
    make_duty(session(), cast.opeka, TODAY, SOON, title="Чужое")
    make_duty(session(), cast.service, date(2025, 1, 1), date(2025, 9, 30), title="Давнее")
    make_duty(session(), cast.service, date(2025, 1, 1), date(2025, 10, 1), title="Прошлогоднее")
    make_duty(session(), cast.service, TODAY, date(2028, 4, 1), title="Через восемнадцать месяцев")
    make_duty(session(), cast.service, TODAY, date(2028, 4, 2), title="Ещё позже")
    found = titles(client, make_feed(session, cast.anna))
    assert found == ["Просрочено: Прошлогоднее", "Через восемнадцать месяцев"]


def test_a_specialists_own_duty_is_seen_by_him_and_the_head(client: FlaskClient, cast: Cast, session: Db) -> None:
    other = make_user(session(), "olga", "Ольга Клерк", Role.CLERK, cast.service)
    make_duty(session(), cast.service, TODAY, SOON, user_id=other.id)
    seen = [len(titles(client, make_feed(session, user))) for user in (other, cast.galina, cast.anna)]
    assert seen == [1, 1, 0]


def test_a_feed_has_an_end(client: FlaskClient, cast: Cast, session: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_EVENTS", 5)
    for days in range(8):
        make_duty(session(), cast.service, TODAY, SOON + timedelta(days=days))
    calendar = icalendar.Calendar.from_ical(read(client, make_feed(session, cast.anna)))
    assert len(calendar.walk("VEVENT")) == 5
    assert str(calendar["X-WR-CALDESC"]).startswith("Показаны первые 5 событий")


def test_no_name_is_in_it(client: FlaskClient, cast: Cast, session: Db) -> None:
    for title in ("Один", "Два"):
        make_duty(session(), cast.service, TODAY, SOON, title=title, graduate_id=cast.own.id)
    text = read(client, make_feed(session, cast.anna)).decode().replace("\r\n ", "")
    assert "карточка №" in text
    assert not any(name in text for name in ("Ёлкина", "Дарья", "Игоревна", "Анна"))


# -- As a standard asks ----------------------------------------------------------------------------------------------


def test_another_program_reads_it(client: FlaskClient, cast: Cast, session: Db) -> None:
    long = "Сведения о выпускниках, принятых на сопровождение; список «до 23 лет» " * 4
    make_duty(session(), cast.service, TODAY, SOON, title=long, graduate_id=cast.own.id, is_provisional=True)
    make_duty(session(), cast.service, TODAY, SOON, title="Короткое", kind=RuleKind.WINDOW)
    data = read(client, make_feed(session, cast.anna))
    calendar = vobject.readOne(data.decode())
    assert calendar.version.value == "2.0"
    assert calendar.prodid.value
    found = {event.summary.value: event for event in calendar.vevent_list}
    assert set(found) == {f"{long.rstrip()}, карточка № {cast.own.id}", "Короткое", "Открывается: Короткое"}
    for event in found.values():
        assert event.uid.value
        assert event.dtstamp.value.tzinfo is not None
        assert isinstance(event.dtstart.value, date)
        assert event.dtend.value - event.dtstart.value == timedelta(days=1)
    assert len({event.uid.value for event in found.values()}) == 3
    assert "предварительная" in next(iter(found.values())).description.value
    calendar.validate(raiseException=True)


def test_lines_are_folded_by_bytes_and_end_as_they_must(client: FlaskClient, cast: Cast, session: Db) -> None:
    make_duty(session(), cast.service, TODAY, SOON, title="Сведения о каждом выпускнике " * 12)
    data = read(client, make_feed(session, cast.anna))
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode() for line in lines[:-1])  # No letter is cut in two.
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines


def test_links_lead_to_the_installations_own_address(
    client: FlaskClient, cast: Cast, session: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "BASE_URL", "https://marshrut.example.ru")
    make_duty(session(), cast.service, TODAY, SOON)
    (event,) = events(client, make_feed(session, cast.anna))
    assert str(event["URL"]).startswith("https://marshrut.example.ru/deadline/details/?id=")


# -- Who may read it -------------------------------------------------------------------------------------------------


def test_it_needs_no_session_and_leaves_none(client: FlaskClient, cast: Cast, session: Db) -> None:
    answer = client.get(make_feed(session, cast.anna))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/graduate/").status_code == 302


def test_an_unknown_revoked_or_locked_address_is_not_there(client: FlaskClient, cast: Cast, session: Db) -> None:
    first, second = make_feed(session, cast.anna), make_feed(session, cast.anna)
    token = session.scalars(select(FeedToken).order_by(FeedToken.id)).first()
    assert token is not None
    assert not feed_tokens.revoke(session(), user_id=cast.boris.id, token_id=token.id, now=NOW)
    assert feed_tokens.revoke(session(), user_id=cast.anna.id, token_id=token.id, now=NOW)
    session.commit()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    for guess in ("x", "x" * 5000, "%00", second.removesuffix(".ics").rpartition("/")[2].swapcase()):
        assert client.get(f"/calendar/feed/{guess}.ics").status_code == 404
    cast.anna.is_locked = True
    session.commit()
    assert client.get(second).status_code == 404


def test_only_a_digest_is_kept_and_the_address_in_no_log(
    client: FlaskClient, cast: Cast, session: Db, caplog: pytest.LogCaptureFixture
) -> None:
    address = make_feed(session, cast.anna)
    secret = address.rpartition("/")[2].removesuffix(".ics")
    read(client, address)
    kept = session.scalars(select(FeedToken)).one()
    assert kept.digest == feed_tokens.digest_of(secret) != secret
    assert secret not in caplog.text
    with access_connection() as connection:
        logged = connection.execute(select(AccessEvent)).mappings().all()
    assert secret not in str(logged)


def test_a_reading_is_logged_for_the_owner_and_noted_on_the_address(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    make_duty(session(), cast.service, TODAY, SOON)
    read(client, make_feed(session, cast.anna))
    with access_connection() as connection:
        columns = (AccessEvent.user_id, AccessEvent.kind, AccessEvent.subject, AccessEvent.payload)
        (row,) = connection.execute(select(*columns)).all()
    assert tuple(row) == (cast.anna.id, "downloaded", "feed_token", {"total": 1})
    session.expire_all()
    assert session.scalar(select(func.count()).where(FeedToken.last_used_at.is_not(None))) == 1


def test_a_program_that_asks_too_often_is_told_to_wait(client: FlaskClient, cast: Cast, session: Db) -> None:
    address = make_feed(session, cast.anna)
    answers = [client.get(address) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1].headers["Retry-After"]
    assert answers[-1].headers["Cache-Control"] == "no-store"
