"""The red strip: who sees it, one click acknowledges, an open page keeps it fresh without keeping anybody signed in."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.exchange import IncomingLetter, Referral, ReferralStatus, ReferralUrgency
from models.notifications import NoticeKind, Notification
from services.exchange import urgent
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast
from tests.signing import sign_in
from views import edge
from views.exchange.urgent import span_text, urgency_chip, urgent_minutes, waits_text

Db = scoped_session[Session]
STRIP = "Экстренные извещения без подтверждения"


def emergency(session: Db, cast: Cast, **fields: Any) -> Referral:
    fields = {"acknowledge_by": NOW + timedelta(days=1), "urgency": ReferralUrgency.IMMEDIATE} | fields
    made = make_referral(session(), cast.service, cast.opeka, cast.own, **fields)
    made.sent_at = NOW - timedelta(minutes=5)
    session.commit()
    return made


def test_both_sides_see_it_on_their_start_pages_and_nobody_else(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast)
    found = {}
    for name in ("anna", "galina", "boris", "vera", "kira", "root"):
        sign_in(client, getattr(cast, name))
        page = client.get("/").text
        found[name] = (STRIP in page, f"/exchange/urgent/{letter.id}/acknowledge" in page)
        assert "Ёлкина" not in client.get("/exchange/urgent/").text
    seen, acts = (True, False), (True, True)
    nothing = (False, False)
    assert found == {"anna": seen, "galina": seen, "boris": acts, "vera": nothing, "kira": nothing, "root": nothing}


def test_one_click_acknowledges_registers_and_returns_to_the_page(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast)
    sign_in(client, cast.boris)
    address = f"/exchange/urgent/{letter.id}/acknowledge"
    answer = client.post(address, headers={"Referer": "http://localhost/graduate/?q=1"})
    assert (answer.status_code, answer.location) == (303, "/graduate/?q=1")
    session.expire_all()
    assert letter.status is ReferralStatus.RECEIVED
    assert letter.acknowledged_at is not None
    assert session.scalars(select(IncomingLetter).where(IncomingLetter.referral_id == letter.id)).one().number
    assert STRIP not in client.get("/").text
    assert client.post(address).status_code == 303
    assert "с письмом уже сделано другое – получено" in client.get("/").text


def test_only_the_recipient_acknowledges(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast)
    answers = {}
    for name in ("anna", "vera", "kira"):
        sign_in(client, getattr(cast, name))
        answers[name] = client.post(f"/exchange/urgent/{letter.id}/acknowledge").status_code
    assert answers == {"anna": 403, "vera": 404, "kira": 403}
    session.expire_all()
    assert letter.acknowledged_at is None


def test_for_a_recipient_on_paper_the_sender_notes_it(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast, is_on_paper=True)
    sign_in(client, cast.anna)
    assert "Отметить, что получено" in client.get("/").text
    client.post(f"/exchange/urgent/{letter.id}/acknowledge")
    session.expire_all()
    assert letter.acknowledged_at is not None


def test_asking_for_the_strip_keeps_nobody_signed_in(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.boris)
    client.get("/")
    start = edge.clock()
    for minutes in range(1, 31, 5):
        monkeypatch.setattr(edge, "clock", lambda at=start + timedelta(minutes=minutes): at)
        assert client.get("/exchange/urgent/").status_code == 200
    monkeypatch.setattr(edge, "clock", lambda: start + timedelta(minutes=31))
    answer = client.get("/exchange/urgent/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"][:6]) == (401, "/login")


def test_a_page_that_is_used_stays_signed_in(client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, cast.boris)
    start = edge.clock()
    for minutes in (20, 40):
        monkeypatch.setattr(edge, "clock", lambda at=start + timedelta(minutes=minutes): at)
        assert client.get("/profile").status_code == 200


def test_the_bell_leads_to_the_letter(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast, acknowledge_by=NOW - timedelta(minutes=1))
    urgent.remind_heads(session(), on=TODAY, now=NOW)
    session.commit()
    notice = session.scalars(select(Notification).where(Notification.user_id == cast.galina.id)).one()
    sign_in(client, cast.galina)
    page = client.get("/notifications/").text
    assert "экстренное извещение" in page
    assert "Получение до сих пор не подтверждено" in page
    answer = client.post(f"/notifications/{notice.id}/open")
    assert (answer.status_code, answer.location) == (303, f"/referral/details/?id={letter.id}")


def test_what_lies_ahead_cannot_be_opened_yet(client: FlaskClient, cast: Cast, session: Db) -> None:
    letter = emergency(session, cast)
    ahead = {"user_id": cast.galina.id, "kind": NoticeKind.EMERGENCY, "referral_id": letter.id}
    notice = Notification(**ahead, key="ahead", text="Извещение: не подтверждено", at=NOW + timedelta(days=2))
    session.add(notice)
    session.commit()
    sign_in(client, cast.galina)
    assert "не подтверждено" not in client.get("/notifications/").text.lower().replace("без подтверждения", "")
    assert client.post(f"/notifications/{notice.id}/open").status_code == 404


# -- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0\xa0мин"), (12, "12\xa0мин"), (60, "1\xa0ч"), (125, "2\xa0ч 5\xa0мин"), (1440, "1 день"), (4400, "3 дня")],
)
def test_a_span_is_told_in_minutes_hours_and_days(minutes: int, text: str) -> None:
    assert span_text(timedelta(minutes=minutes)) == text


def test_what_waits_tells_until_when_and_what_is_late_by_how_much(app: Any) -> None:
    with app.test_request_context():
        sent = NOW - timedelta(minutes=12)
        assert waits_text(sent, NOW + timedelta(minutes=35), NOW) == "ждёт подтверждения 12\xa0мин, до 12:35"
        assert waits_text(sent, NOW + timedelta(days=1), NOW) == "ждёт подтверждения 12\xa0мин, до 12:00 02.10.2026"
        assert waits_text(sent, NOW - timedelta(minutes=20), NOW) == "просрочено на 20\xa0мин"


@pytest.mark.parametrize(
    ("days", "text"), [(-2, "2 дня назад"), (0, "скоро: сегодня"), (1, "скоро: завтра"), (3, "три дня")]
)
def test_a_notice_of_three_days_says_when_it_is_soon(app: Any, days: int, text: str) -> None:
    with app.test_request_context():
        due = TODAY + timedelta(days=days)
        assert text in urgency_chip(ReferralUrgency.THREE_DAYS, ReferralStatus.SENT, due, TODAY)
        assert urgency_chip(ReferralUrgency.THREE_DAYS, ReferralStatus.CLOSED, due, TODAY) == ""


def test_the_installation_sets_the_minutes_of_whatever_is_sent(
    client: FlaskClient, cast: Cast, session: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert urgent_minutes() == 60
    monkeypatch.setitem(client.application.config, "URGENT_MINUTES", 15)
    terms = {key: value for key, value in PLAIN.items() if key != "answer_days"} | {"urgency": "immediate"}
    draft = make_referral(
        session(),
        cast.service,
        cast.opeka,
        cast.own,
        status=ReferralStatus.DRAFT,
        author=cast.anna,
        terms=terms,
        text="Негде ночевать",
    )
    draft.ground = "п. 4.4"
    session.commit()
    sign_in(client, cast.anna)
    data = {"version": str(draft.version)}
    answer = client.post(f"/referral/act/send/?id={draft.id}", data=data)
    assert answer.status_code in (302, 303)
    session.expire_all()
    assert draft.acknowledge_by == draft.sent_at + timedelta(minutes=15)
