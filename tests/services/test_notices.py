"""Who is told what of obligations: grouped, once, after a missed run too, and never with anybody's name."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.context import Actor, act_as
from models.notifications import NoticeKind, Notification, NotificationSetting
from models.production_calendar import CalendarYear, YearKind
from models.reckoning import Unit
from models.rule_terms import RuleKind
from models.users import Role, User
from services import notices
from services.notice_box import choices, choose, mark_read, newest, unread
from tests.conftest import NOW, TODAY
from tests.duties import LIST, make_curator, make_duty
from tests.factories import Cast, make_user

Db = scoped_session[Session]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
AUTUMN = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def decreed(session: Db) -> None:
    """The next year's calendar is there, so that nobody is told that it is missing."""
    session.add(CalendarYear(year=2027, kind=YearKind.DECREED, basis="Постановление"))
    session.flush()


def run(session: Db, on: date = TODAY, since: date = YESTERDAY, now: datetime = NOW) -> int:
    return notices.notify(session(), on=on, since=since, now=now)


def told(session: Db, user: User) -> list[tuple[str, str]]:
    query = select(Notification.kind, Notification.text).where(Notification.user_id == user.id)
    return sorted((kind.value, text) for kind, text in session.execute(query))


# -- What is told ----------------------------------------------------------------------------------------------------


def test_an_obligation_that_opens_is_told_once(session: Db, cast: Cast) -> None:
    make_duty(session(), cast.service, TODAY, AUTUMN, graduate_id=cast.own.id)
    assert run(session) == 1
    assert run(session) == 0
    assert told(session, cast.anna) == [
        ("opened", f"{LIST}: карточка № {cast.own.id}, исполнить до 31.12.2026"),
    ]
    assert told(session, cast.galina) == told(session, cast.boris) == []


def test_many_of_a_rule_are_one_notification(session: Db, cast: Cast) -> None:
    for _ in range(312):
        make_duty(session(), cast.service, TODAY, AUTUMN)
    make_duty(session(), cast.service, TODAY, AUTUMN, title="Другое")
    assert run(session) == 2
    assert told(session, cast.anna) == [
        ("opened", "Другое: исполнить до 31.12.2026"),
        ("opened", f"{LIST}: открылось 312 сроков, до 31.12.2026"),
    ]


def test_soon_and_overdue_have_words_of_their_own(session: Db, cast: Cast) -> None:
    for due in (TODAY + timedelta(days=3), TODAY - timedelta(days=1)):
        for title in ("Один", "Два", "Два"):
            make_duty(session(), cast.service, TODAY - timedelta(days=30), due, title=title)
    run(session)
    assert told(session, cast.anna) == [
        ("due_soon", "Два: скоро истекают 2 срока, 04.10.2026"),
        ("due_soon", "Один: срок истекает 04.10.2026"),
        ("overdue", "Два: нарушено 2 срока, истекли 30.09.2026"),
        ("overdue", "Один: срок истёк 30.09.2026"),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"done_on": TODAY, "achieved": 1},
        {"closing": "waived", "closing_reason": "нет людей"},
        {"paused_on": YESTERDAY, "pause_reason": "ждём ответа"},
    ],
)
def test_what_is_settled_or_waits_is_not_told(session: Db, cast: Cast, columns: dict[str, Any]) -> None:
    make_duty(session(), cast.service, TODAY - timedelta(days=9), YESTERDAY, **columns)
    assert run(session) == 0


def test_overdue_begins_on_the_day_after_the_legal_date(session: Db, cast: Cast) -> None:
    make_duty(session(), cast.service, TODAY - timedelta(days=20), TODAY, soon_on=TODAY - timedelta(days=5))
    assert run(session) == 0
    assert run(session, TOMORROW, TODAY) == 2
    assert {kind for kind, _ in told(session, cast.galina)} == {"overdue"}


def test_a_quota_says_how_much_is_there(session: Db, cast: Cast) -> None:
    make_duty(session(), cast.service, TODAY, AUTUMN, required=2, achieved=1)
    run(session)
    assert told(session, cast.anna)[0][1] == f"{LIST}: исполнено 1 из 2, исполнить до 31.12.2026"


def test_a_long_title_fits(session: Db, cast: Cast) -> None:
    make_duty(session(), cast.service, TODAY, AUTUMN, title="Очень длинное название обязанности " * 14)
    run(session)
    text = told(session, cast.anna)[0][1]
    assert "…: исполнить до 31.12.2026" in text
    assert len(text) < 500


def test_no_name_is_ever_told(session: Db, cast: Cast) -> None:
    for day in (TODAY, YESTERDAY):
        make_duty(
            session(), cast.service, TODAY - timedelta(days=9), day, graduate_id=cast.own.id, recipient=cast.opeka
        )
    run(session)
    texts = " ".join(session.scalars(select(Notification.text)))
    assert f"карточка № {cast.own.id}" in texts
    assert not any(name in texts for name in ("Ёлкина", "Дарья", "Игоревна"))


# -- Scenario: crisis, nothing sent by 10.03 -------------------------------------------------------------------------


def test_without_a_referral_by_the_legal_date_the_head_hears_of_it(session: Db, cast: Cast) -> None:
    notice = "Извещение о кризисной ситуации"
    event, due = date(2026, 3, 6), date(2026, 3, 10)
    make_duty(
        session(), cast.service, event, due, title=notice, graduate_id=cast.own.id, event_on=event, recipient=cast.opeka
    )
    run(session, date(2026, 3, 10), date(2026, 3, 9))
    assert told(session, cast.galina) == []
    run(session, date(2026, 3, 11), date(2026, 3, 10))
    assert told(session, cast.galina) == [
        ("overdue", f"{notice}: карточка № {cast.own.id}, срок истёк 10.03.2026"),
    ]
    assert told(session, cast.boris) == [
        (
            "expected",
            f"{notice}: не получено в срок, отправитель: Служба «Перекрёсток», карточка № {cast.own.id}, "
            "срок истёк 10.03.2026",
        ),
    ]


def test_what_must_be_done_at_once_is_told_at_once_and_not_again(session: Db, cast: Cast) -> None:
    duty = make_duty(
        session(), cast.service, TODAY, TODAY, title="Экстренно", unit=Unit.INSTANT, graduate_id=cast.own.id
    )
    assert notices.tell_urgent(session(), deadline=duty, now=NOW) == 2
    assert notices.tell_urgent(session(), deadline=duty, now=NOW) == 0
    assert run(session) == 0
    line = f"Экстренно: незамедлительно, карточка № {cast.own.id}, день события 01.10.2026"
    assert told(session, cast.anna) == told(session, cast.galina) == [("urgent", line)]


def test_the_daily_run_tells_of_urgent_ones_that_nobody_told(session: Db, cast: Cast) -> None:
    first = make_duty(session(), cast.service, TODAY, TODAY, title="Экстренно", unit=Unit.INSTANT)
    notices.tell_urgent(session(), deadline=first, now=NOW)
    for _ in range(2):
        make_duty(session(), cast.service, TODAY, TODAY, title="Экстренно", unit=Unit.INSTANT)
    assert run(session) == 2
    assert ("urgent", "Экстренно: незамедлительно, 2 срока, день события 01.10.2026") in told(session, cast.anna)


# -- To whom ---------------------------------------------------------------------------------------------------------


def test_the_curator_is_told_instead_of_everybody(session: Db, cast: Cast) -> None:
    other = make_user(session(), "olga", "Ольга Клерк", Role.CLERK, cast.service)
    make_curator(session(), other, cast.own)
    make_duty(session(), cast.service, TODAY, AUTUMN, graduate_id=cast.own.id)
    make_duty(session(), cast.service, TODAY, AUTUMN, graduate_id=cast.local.id)
    run(session)
    assert [text for _, text in told(session, other)] == [
        f"{LIST}: открылось 2 срока, до 31.12.2026"  # Her own, and as one of those who work there the other.
    ]
    assert told(session, cast.anna)[0][1].startswith(f"{LIST}: карточка № {cast.local.id}")


@pytest.mark.parametrize("fault", ["locked", "ended", "of another organisation", "a mentor"])
def test_a_curator_who_cannot_act_is_passed_over(session: Db, cast: Cast, fault: str) -> None:
    agency = cast.opeka if fault == "of another organisation" else cast.service
    other = make_user(session(), "olga", "Ольга Клерк", Role.CLERK, agency, is_locked=fault == "locked")
    columns: dict[str, Any] = {"ends_on": YESTERDAY} if fault == "ended" else {}
    make_curator(session(), other, cast.own, **columns | ({"kind": "mentor"} if fault == "a mentor" else {}))
    make_duty(session(), cast.service, TODAY, AUTUMN, graduate_id=cast.own.id)
    run(session)
    assert len(told(session, cast.anna)) == 1
    assert len(told(session, other)) == (1 if fault in ("ended", "a mentor") else 0)  # As anybody who works there.


def test_two_curators_are_both_told_and_the_head_counts_one(session: Db, cast: Cast) -> None:
    other = make_user(session(), "olga", "Ольга Клерк", Role.CLERK, cast.service)
    make_curator(session(), other, cast.own)
    make_curator(session(), cast.anna, cast.own)
    make_duty(session(), cast.service, TODAY - timedelta(days=9), YESTERDAY, graduate_id=cast.own.id)
    run(session)
    assert told(session, other) == told(session, cast.anna) == told(session, cast.galina)
    assert len(told(session, cast.galina)) == 1


def test_a_specialists_own_duty_is_his_alone(session: Db, cast: Cast) -> None:
    other = make_user(session(), "olga", "Ольга Клерк", Role.CLERK, cast.service)
    make_duty(session(), cast.service, TODAY, AUTUMN, user_id=other.id)
    run(session)
    assert len(told(session, other)) == 1
    assert told(session, cast.anna) == []


def test_a_head_who_is_the_curator_is_told_once(session: Db, cast: Cast) -> None:
    make_curator(session(), cast.galina, cast.own)
    make_duty(session(), cast.service, TODAY - timedelta(days=9), YESTERDAY, graduate_id=cast.own.id)
    assert run(session) == 1
    assert len(told(session, cast.galina)) == 1


def test_where_nobody_works_the_head_is_told_and_a_centre_tells_its_coordinators(session: Db, cast: Cast) -> None:
    cast.anna.is_locked = True
    make_duty(session(), cast.service, TODAY, AUTUMN)
    make_duty(session(), cast.centre, TODAY, AUTUMN)
    make_duty(session(), cast.department, TODAY, AUTUMN)
    run(session)
    assert [len(told(session, user)) for user in (cast.anna, cast.galina, cast.kira, cast.root)] == [0, 1, 1, 1]


def test_what_several_senders_owe_is_told_together(session: Db, cast: Cast) -> None:
    for agency in (cast.opeka, cast.other_opeka, cast.service):
        make_duty(session(), agency, TODAY - timedelta(days=9), YESTERDAY, recipient=cast.service)
    run(session)
    expected = [text for kind, text in told(session, cast.anna) if kind == "expected"]
    assert expected == [f"{LIST}: не получено в срок, 2 отправителя, 2 срока, истекли 30.09.2026"]


def test_a_kind_that_is_neither_wanted_here_nor_by_mail_is_not_made(session: Db, cast: Cast) -> None:
    session.add(NotificationSetting(user=cast.anna, kind=NoticeKind.OPENED, is_shown=False, is_mailed=False))
    make_duty(session(), cast.service, TODAY, AUTUMN)
    make_duty(session(), cast.service, TODAY, TOMORROW, soon_on=TODAY)
    run(session)
    assert [kind for kind, _ in told(session, cast.anna)] == ["due_soon"]


# -- Runs that were missed -------------------------------------------------------------------------------------------


def since_last(session: Db, on: date, now: datetime) -> int:
    act_as(session(), Actor(now))
    made = notices.notify_since_last_run(session(), on=on, now=now)
    session.commit()
    return made


def test_days_without_a_run_are_caught_up(session: Db, cast: Cast) -> None:
    start = TODAY - timedelta(days=7)
    since_last(session, start, NOW - timedelta(days=7))
    for days in range(6):
        make_duty(session(), cast.service, start + timedelta(days=days + 1), AUTUMN)
    assert since_last(session, TODAY, NOW) == 6
    assert since_last(session, TODAY, NOW + timedelta(hours=1)) == 0


def test_of_states_that_passed_meanwhile_the_present_one_is_told(session: Db, cast: Cast) -> None:
    since_last(session, TODAY - timedelta(days=9), NOW - timedelta(days=9))
    make_duty(session(), cast.service, TODAY - timedelta(days=8), YESTERDAY)
    since_last(session, TODAY, NOW)
    assert [kind for kind, _ in told(session, cast.anna)] == ["overdue"]


def test_a_fact_entered_after_the_run_is_told_by_the_next(session: Db, cast: Cast) -> None:
    since_last(session, TODAY, NOW)
    later = NOW + timedelta(hours=3)
    make_duty(session(), cast.service, TODAY - timedelta(days=2), AUTUMN, created_at=later)
    make_duty(session(), cast.service, TODAY, AUTUMN, created_at=later)
    assert since_last(session, TODAY, NOW + timedelta(hours=4)) == 1
    assert since_last(session, TOMORROW, NOW + timedelta(days=1)) == 0
    assert told(session, cast.anna) == [("opened", f"{LIST}: открылось 2 срока, до 31.12.2026")]


def test_the_first_run_tells_of_what_is_open_by_rule(session: Db, cast: Cast) -> None:
    for days in (40, 30, 20):
        due = TODAY - timedelta(days=days)
        make_duty(session(), cast.service, due - timedelta(days=9), due)
    assert since_last(session, TODAY, NOW) == 2
    assert told(session, cast.galina) == [("overdue", f"{LIST}: нарушено 3 срока, первый истёк 22.08.2026")]


def test_a_run_for_a_future_day_silences_nothing(session: Db, cast: Cast) -> None:
    since_last(session, YESTERDAY, NOW - timedelta(days=1))
    since_last(session, TODAY + timedelta(days=60), NOW - timedelta(hours=1))
    make_duty(session(), cast.service, TODAY, AUTUMN)
    assert since_last(session, TODAY, NOW) == 1


# -- Corrections, the calendar ---------------------------------------------------------------------------------------


def test_a_moved_date_is_told_with_both_dates(session: Db, cast: Cast) -> None:
    duty = make_duty(session(), cast.service, TODAY, AUTUMN, graduate_id=cast.own.id)
    moved = {"deadline": duty, "old_due": date(2026, 12, 25), "now": NOW}
    assert notices.tell_recomputed(session(), **moved) == 1
    assert notices.tell_recomputed(session(), **moved) == 0
    text = f"{LIST}: карточка № {cast.own.id}, срок перенесён с 25.12.2026 на 31.12.2026"
    assert told(session, cast.anna) == [("recomputed", text)]
    duty.done_on, duty.achieved = TODAY, 1
    assert notices.tell_recomputed(session(), deadline=duty, old_due=TODAY, now=NOW) == 0


def test_administrators_are_told_once_a_month_that_a_decree_is_missing(session: Db, cast: Cast) -> None:
    session.scalars(select(CalendarYear)).one().kind = YearKind.COMPUTED
    assert [run(session), run(session, TOMORROW, TODAY), run(session, date(2026, 11, 2), TODAY)] == [1, 0, 1]
    (kind, text), _ = told(session, cast.root)
    assert kind == "calendar"
    assert "2027" in text


# -- The box ---------------------------------------------------------------------------------------------------------


def test_reading_and_hiding(session: Db, cast: Cast) -> None:
    for title in ("Один", "Два", "Три"):
        make_duty(session(), cast.service, TODAY, AUTUMN, title=title, kind=RuleKind.WINDOW)
    make_duty(session(), cast.service, TODAY - timedelta(days=9), YESTERDAY)
    run(session)
    me = {"user_id": cast.anna.id}
    assert unread(session(), **me, now=NOW) == 4
    page = newest(session(), **me, before=None, now=NOW, limit=3)
    assert [note.id for note in page] == sorted((note.id for note in page), reverse=True)
    assert len(newest(session(), **me, before=page[-1].id, now=NOW, limit=3)) == 1
    assert mark_read(session(), user_id=cast.galina.id, now=NOW, ids=[page[0].id]) == 0
    assert mark_read(session(), **me, now=NOW, ids=[page[0].id]) == 1
    assert unread(session(), **me, now=NOW) == 3
    choose(session(), **me, wanted={NoticeKind.OPENED: (False, True)})
    assert {note.kind for note in newest(session(), **me, before=None, now=NOW, limit=9)} == {NoticeKind.OVERDUE}
    assert mark_read(session(), **me, now=NOW) == 3


def test_only_what_differs_from_the_default_is_kept(session: Db, cast: Cast) -> None:
    me = {"user_id": cast.anna.id}
    assert set(choices(session(), **me).values()) == {(True, True)}
    choose(session(), **me, wanted={NoticeKind.OPENED: (False, True), NoticeKind.OVERDUE: (True, True)})
    choose(session(), **me, wanted={NoticeKind.OPENED: (False, False)})
    assert choices(session(), **me)[NoticeKind.OPENED] == (False, False)
    assert session.scalar(select(func.count()).select_from(NotificationSetting)) == 1
    choose(session(), **me, wanted={NoticeKind.OPENED: (True, True)})
    assert session.scalar(select(func.count()).select_from(NotificationSetting)) == 0
