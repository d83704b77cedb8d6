"""Emergency notices: within how many minutes they are acknowledged, who waits, when the heads are told, and mailed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.exchange import Referral, ReferralStatus
from models.notifications import NoticeKind, Notification
from models.users import Role, User
from services import digest, notice_box
from services.exchange import urgent, workflow
from services.exchange.kinds import ReferralKind
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast, make_user

Db = scoped_session[Session]
EMERGENCY: dict[str, Any] = {
    **{key: value for key, value in PLAIN.items() if key != "answer_days"},
    "code": "emergency",
    "title": "Экстренное извещение",
    "urgency": "immediate",
}
HOUR = timedelta(hours=1)


def as_(session: Db, user: User) -> Viewer:
    return Viewer.of(session(), user, TODAY)


def sent(session: Db, cast: Cast, minutes: int | None = None, **more: Any) -> Referral:
    """An emergency notice from the service to the guardianship body, sent through the verb."""
    draft = make_referral(
        session(),
        cast.service,
        cast.opeka,
        cast.own,
        status=ReferralStatus.DRAFT,
        author=cast.anna,
        terms={**EMERGENCY, **more},
        facts=[{"label": "Что случилось", "value": "Негде ночевать"}],
    )
    if minutes is not None:
        workflow.allow_minutes(session(), minutes)
    return workflow.send(session(), referral=draft, by=as_(session, cast.anna), now=NOW)


def told(session: Db, user: User, now: Any) -> list[str]:
    found = notice_box.newest(session(), user_id=user.id, before=None, now=now, limit=50)
    return [notice.text for notice in found if notice.kind is NoticeKind.EMERGENCY]


# -- The clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "of_pack", "until"), [(None, None, 60), (15, None, 15), (15, 30, 30)])
def test_the_pack_sets_the_minutes_else_the_installation_else_an_hour(
    cast: Cast, session: Db, minutes: int | None, of_pack: int | None, until: int
) -> None:
    more = {"acknowledge_minutes": of_pack} if of_pack else {}
    assert sent(session, cast, minutes, **more).acknowledge_by == NOW + timedelta(minutes=until)


def test_an_ordinary_letter_has_no_clock_in_minutes(cast: Cast, session: Db) -> None:
    assert ReferralKind.of(PLAIN).acknowledge_minutes is None
    assert sent(session, cast, 15, urgency="normal").acknowledge_by is None


def test_a_notice_sent_again_is_to_be_acknowledged_again(cast: Cast, session: Db) -> None:
    letter = sent(session, cast)
    workflow.give_back(session(), referral=letter, reason="где он", by=as_(session, cast.boris), now=NOW)
    assert not urgent.waiting(session(), viewer=as_(session, cast.boris))
    again = NOW + 3 * HOUR
    workflow.allow_minutes(session(), 20)
    workflow.send(session(), referral=letter, by=as_(session, cast.anna), now=again)
    assert letter.acknowledge_by == again + timedelta(minutes=20)
    assert list(urgent.waiting(session(), viewer=as_(session, cast.boris))) == [letter]
    assert len(told(session, cast.galina, again + HOUR)) == 1


def test_a_notice_that_is_passed_on_keeps_its_span(cast: Cast, session: Db) -> None:
    letter = sent(session, cast, 15)
    later = NOW + HOUR
    passed = workflow.forward(
        session(),
        referral=letter,
        recipient_id=cast.other_opeka.id,
        reason="не наш район",
        by=as_(session, cast.boris),
        now=later,
    )
    assert passed.acknowledge_by == later + timedelta(minutes=15)
    assert list(urgent.waiting(session(), viewer=as_(session, cast.vera))) == [passed]


# -- Who waits -------------------------------------------------------------------------------------------------------


def test_both_sides_wait_until_it_is_acknowledged_and_nobody_else_does(cast: Cast, session: Db) -> None:
    letter = sent(session, cast)
    make_referral(session(), cast.service, cast.opeka)
    for user in (cast.anna, cast.galina, cast.boris):
        assert list(urgent.waiting(session(), viewer=as_(session, user))) == [letter]
    for user in (cast.vera, cast.kira, cast.root):
        assert not urgent.waiting(session(), viewer=as_(session, user))
    workflow.acknowledge(session(), referral=letter, by=as_(session, cast.boris), now=NOW)
    for user in (cast.anna, cast.boris):
        assert not urgent.waiting(session(), viewer=as_(session, user))


def test_what_was_revoked_waits_no_more(cast: Cast, session: Db) -> None:
    letter = sent(session, cast)
    workflow.revoke(session(), referral=letter, reason="ошибка", by=as_(session, cast.anna), now=NOW)
    assert not urgent.waiting(session(), viewer=as_(session, cast.boris))
    assert urgent.remind_heads(session(), on=TODAY, now=NOW + 2 * HOUR) == 0


# -- Heads -----------------------------------------------------------------------------------------------------------


def test_heads_see_it_from_the_last_minute_on_and_not_before(cast: Cast, session: Db) -> None:
    boss = make_user(session(), "boss", "Нина Опекина", Role.HEAD, cast.opeka)
    sent(session, cast)
    for head in (cast.galina, boss):
        assert told(session, head, NOW + timedelta(minutes=59)) == []
        assert notice_box.unread(session(), user_id=head.id, now=NOW + timedelta(minutes=59)) == 0
        assert told(session, head, NOW + HOUR) == ["Экстренное извещение: получение до сих пор не подтверждено"]
        assert notice_box.unread(session(), user_id=head.id, now=NOW + HOUR) == 1
    assert told(session, cast.anna, NOW + HOUR) == []


def test_where_there_is_no_head_those_who_work_there_are_told(cast: Cast, session: Db) -> None:
    sent(session, cast)
    assert "Экстренное извещение: получение до сих пор не подтверждено" in told(session, cast.boris, NOW + HOUR)


def test_what_lies_ahead_is_neither_read_nor_mailed(cast: Cast, session: Db) -> None:
    cast.galina.email = "galina@example.ru"
    sent(session, cast)
    notice_box.mark_read(session(), user_id=cast.galina.id, now=NOW)
    assert cast.galina.id not in digest.awaiting(session(), now=NOW)
    assert notice_box.unread(session(), user_id=cast.galina.id, now=NOW + HOUR) == 1
    assert cast.galina.id in digest.awaiting(session(), now=NOW + HOUR)
    letter = digest.compose(session(), user_id=cast.galina.id, on=TODAY, now=NOW + HOUR)
    assert letter
    assert "Экстренные извещения\n— Экстренное извещение: получение" in letter.text


def test_the_list_stands_in_the_order_of_moments(cast: Cast, session: Db) -> None:
    sent(session, cast)
    columns: dict[str, Any] = {"user_id": cast.galina.id, "kind": NoticeKind.LETTER}
    session.add(Notification(**columns, key="between", text="Письмо: пришло", at=NOW + timedelta(minutes=30)))
    session.flush()
    page = notice_box.newest(session(), user_id=cast.galina.id, before=None, now=NOW + HOUR, limit=1)
    assert page[0].kind is NoticeKind.EMERGENCY
    below = notice_box.newest(session(), user_id=cast.galina.id, before=page[0].id, now=NOW + HOUR, limit=9)
    assert [notice.key for notice in below] == ["between"]


def test_the_daily_job_repeats_it_once_a_day_until_it_is_acknowledged(cast: Cast, session: Db) -> None:
    letter = sent(session, cast)
    assert urgent.remind_heads(session(), on=TODAY, now=NOW) == 0
    tomorrow, then = TODAY + timedelta(days=1), NOW + timedelta(days=1)
    for _ in range(2):
        urgent.remind_heads(session(), on=tomorrow, now=then)
    assert len(told(session, cast.galina, then)) == 2  # The first one, and one of the day.
    workflow.acknowledge(session(), referral=letter, by=as_(session, cast.boris), now=then)
    before = session.scalar(select(func.count(Notification.id)))
    urgent.remind_heads(session(), on=tomorrow + timedelta(days=1), now=then + timedelta(days=1))
    assert session.scalar(select(func.count(Notification.id))) == before
