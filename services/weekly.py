"""The week of an organisation, told to its head on Mondays; coordinators are told of the territory. Counts only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.deadlines import Deadline
from models.exchange import Referral
from models.graduates import Graduate
from models.notifications import NoticeKind, Notification
from models.support import CategoryDecision
from models.text import plural
from models.users import Role, User
from reports.terms_kept import Fate, fate_on
from services.deadlines.territory import Asked, agencies_of
from services.deadlines.today import asked_for
from services.exchange.boxes import WAITED_FOR, open_in
from services.notice_audience import load_audience
from services.upserting import insert_into

CRISIS = "crisis"
AHEAD = timedelta(days=7)
READERS = (Role.HEAD, Role.COORDINATOR)


@dataclass
class Week:
    """What a week was and what the next one brings."""

    in_time: int = 0
    late: int = 0
    missed: int = 0
    letters: int = 0  # to the organisation, not answered in time
    ahead: int = 0  # obligations due in seven days
    crisis: int = 0  # people whose category has become crisis

    def __add__(self, other: Week) -> Week:
        return Week(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def tell_of_week(session: Session, *, on: date, now: datetime) -> int:
    """Told once a week, on its first run, where there is something to tell; how many notifications are new."""
    monday = on - timedelta(days=on.weekday())
    key = f"weekly:{monday:%Y%m%d}"
    told = select(Notification.id).where(Notification.kind == NoticeKind.WEEKLY, Notification.key == key).limit(1)
    if session.scalar(told) is not None:
        return 0
    weeks = weeks_of(session, monday=monday, on=on)
    refused = load_audience(session).refused
    rows = [
        {"user_id": user.id, "kind": NoticeKind.WEEKLY, "key": key, "text": text, "deadline_id": None, "at": now}
        for user, text in _told(session, weeks, monday, on)
        if (user.id, NoticeKind.WEEKLY) not in refused
    ]
    if not rows:
        return 0
    statement = insert_into(session, Notification).values(rows)
    statement = statement.on_conflict_do_nothing(index_elements=["user_id", "key"])
    return len(session.scalars(statement.returning(Notification.id)).all())


def _told(session: Session, weeks: dict[int, Week], monday: date, on: date) -> Iterator[tuple[User, str]]:
    query = select(User).where(~User.is_locked, User.role.in_(READERS)).options(joinedload(User.agency))
    for user in session.scalars(query.order_by(User.id)).all():
        if user.role is Role.HEAD:
            found = weeks.get(user.agency_id, Week())
        else:
            found = _together(weeks, _territory(session, user, on))
        if found != Week():
            yield user, sentence(found, monday, of_territory=user.role is Role.COORDINATOR)


def _territory(session: Session, user: User, on: date) -> Sequence[int]:
    asked = Asked(Viewer.of(session, user, on), on, on, on)
    return [agency.id for agency in agencies_of(session, asked)]


def _together(weeks: dict[int, Week], agency_ids: Iterable[int]) -> Week:
    return sum((weeks[number] for number in agency_ids if number in weeks), Week())


# -- Counting --------------------------------------------------------------------------------------------------------


def weeks_of(session: Session, *, monday: date, on: date) -> dict[int, Week]:
    """By organisation: the seven days before `monday`, and what is so on a day. Four statements."""
    found: dict[int, Week] = defaultdict(Week)
    first, last = monday - AHEAD, monday - timedelta(days=1)
    for agency_id, fates in _fates(session, first, last, on).items():
        week = found[agency_id]
        week.in_time, week.late, week.missed = (fates[fate] for fate in (Fate.IN_TIME, Fate.LATE, Fate.MISSED))
    for name, query in _queries(first, last, on).items():
        for agency_id, count in session.execute(query):
            if agency_id is not None:
                setattr(found[agency_id], name, count)
    return dict(found)


def _fates(session: Session, first: date, last: date, on: date) -> dict[int, Counter[Fate]]:
    due = Deadline.due_on.between(first, last)
    rows = select(Deadline.agency_id, fate_on(on).label("fate")).where(due).subquery().c
    query = select(rows.agency_id, rows.fate, func.count()).group_by(rows.agency_id, rows.fate)
    found: dict[int, Counter[Fate]] = defaultdict(Counter)
    for agency_id, fate, count in session.execute(query):
        found[agency_id][Fate(fate)] = count
    return found


def _queries(first: date, last: date, on: date) -> dict[str, Any]:
    """Organisation and number: unanswered letters, what is due, new crises; a person counts once."""
    d, r, c = Deadline, Referral, CategoryDecision
    letters = select(r.recipient_id, func.count()).where(open_in(WAITED_FOR), r.answer_due_on < on)
    ahead = select(d.agency_id, func.count()).where(d.due_on.between(on, on + AHEAD), asked_for(on))
    crisis = (
        select(Graduate.agency_id, func.count(Graduate.id.distinct()))
        .join(c, c.graduate_id == Graduate.id)
        .where(c.category_code == CRISIS, c.starts_on.between(first, last), Graduate.deleted_at.is_(None))
    )
    return {
        "letters": letters.group_by(r.recipient_id),
        "ahead": ahead.group_by(d.agency_id),
        "crisis": crisis.group_by(Graduate.agency_id),
    }


# -- Words -----------------------------------------------------------------------------------------------------------


def sentence(week: Week, monday: date, *, of_territory: bool) -> str:
    """«Организация, неделя 16.11–22.11: в срок 3, с опозданием 1, просрочено 2. …»"""
    first, last = monday - AHEAD, monday - timedelta(days=1)
    whose = "Территория" if of_territory else "Организация"
    letters = f"{week.letters} {plural(week.letters, 'письмо', 'письма', 'писем')}"
    people = f"{week.crisis} {plural(week.crisis, 'человек', 'человека', 'человек')}"
    ahead = f"{week.ahead} {plural(week.ahead, 'срок', 'срока', 'сроков')}"
    return (
        f"{whose}, неделя {first:%d.%m}–{last:%d.%m}: сроки – исполнено в срок {week.in_time}, "
        f"с опозданием {week.late}, просрочено {week.missed}. Без ответа в срок: {letters}. "
        f"В ближайшие 7 дней: {ahead}. Новых в кризисном сопровождении: {people}."
    )
