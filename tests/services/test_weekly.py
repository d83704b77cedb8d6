"""The week of an organisation: what is counted, who is told, once, without names."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notifications import NoticeKind, Notification, NotificationSetting
from models.support import CategoryDecision
from services.weekly import Week, tell_of_week, weeks_of
from tests.conftest import NOW
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_graduate
from tests.obligations import make_deadline
from tests.reports.statements import statements

MONDAY = date(2026, 9, 28)
DAY = timedelta(days=1)


@pytest.fixture
def week(session: Session, cast: Cast) -> None:
    last = MONDAY - 3 * DAY
    make = {"in time": {"done_on": last, "achieved": 1}, "late": {"done_on": last + DAY, "achieved": 1}, "missed": {}}
    for subject, fields in make.items():
        make_deadline(session, cast.service, subject=subject, due_on=last, **fields)
    make_deadline(session, cast.service, subject="before", due_on=MONDAY - 8 * DAY)
    make_deadline(session, cast.opeka, subject="theirs", due_on=last)
    for ahead in (0, 7, 8):
        make_deadline(session, cast.service, subject=f"ahead {ahead}", due_on=MONDAY + ahead * DAY)
    make_referral(session, cast.opeka, cast.service, answer_due_on=MONDAY - DAY)
    make_referral(session, cast.opeka, cast.service, answer_due_on=MONDAY)
    for started in (MONDAY - DAY, MONDAY - 2 * DAY, MONDAY, MONDAY - 8 * DAY):
        person = cast.own if started < MONDAY - DAY else make_graduate(session, agency_id=cast.service.id)
        session.add(CategoryDecision(graduate_id=person.id, category_code="crisis", starts_on=started))
    session.flush()


def told(session: Session) -> dict[int, str]:
    rows = session.execute(select(Notification.user_id, Notification.text).filter_by(kind=NoticeKind.WEEKLY))
    return {user_id: text for user_id, text in rows}  # noqa: C416


def test_a_week_by_organisation(session: Session, cast: Cast, week: None) -> None:
    found = weeks_of(session, monday=MONDAY, on=MONDAY)
    assert found[cast.service.id] == Week(in_time=1, late=1, missed=1, letters=1, ahead=2, crisis=2)
    assert found[cast.opeka.id] == Week(missed=1)


def test_heads_hear_of_their_own_and_coordinators_of_all(session: Session, cast: Cast, week: None) -> None:
    assert tell_of_week(session, on=MONDAY, now=NOW) == 2
    found = told(session)
    assert set(found) == {cast.galina.id, cast.kira.id}
    assert found[cast.galina.id] == (
        "Организация, неделя 21.09–27.09: сроки – исполнено в срок 1, с опозданием 1, просрочено 1. "
        "Без ответа в срок: 1 письмо. В ближайшие 7 дней: 2 срока. Новых в кризисном сопровождении: 2 человека."
    )
    assert found[cast.kira.id].startswith("Территория, неделя 21.09–27.09")
    assert "просрочено 2" in found[cast.kira.id]
    assert "Ёлкина" not in str(found)


def test_a_week_is_told_once_and_on_its_first_run(session: Session, cast: Cast, week: None) -> None:
    assert tell_of_week(session, on=MONDAY + 2 * DAY, now=NOW) == 2  # Monday was a holiday: nobody ran it.
    assert tell_of_week(session, on=MONDAY + 3 * DAY, now=NOW) == 0
    assert "неделя 21.09–27.09" in told(session)[cast.galina.id]
    assert tell_of_week(session, on=MONDAY + 7 * DAY, now=NOW) == 2


def test_whoever_wants_nothing_is_told_nothing(session: Session, cast: Cast, week: None) -> None:
    session.add(NotificationSetting(user_id=cast.galina.id, kind=NoticeKind.WEEKLY, is_shown=False, is_mailed=False))
    cast.kira.is_locked = True
    session.flush()
    assert tell_of_week(session, on=MONDAY, now=NOW) == 0


def test_of_a_week_without_anything_nobody_is_told(session: Session, cast: Cast) -> None:
    assert tell_of_week(session, on=MONDAY, now=NOW) == 0


def test_however_many_organisations_the_statements_are_few(session: Session, cast: Cast, week: None) -> None:
    with statements() as asked:
        tell_of_week(session, on=MONDAY, now=NOW)
    assert len(asked) <= 12
