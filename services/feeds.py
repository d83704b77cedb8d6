"""The calendar feed of a user: the open obligations of the organisation as all-day events of an iCalendar file.

Obligations of one rule that are due on the same day are one event. Nothing in it names a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.audit import AuditEvent
from models.deadlines import Deadline
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.users import Role
from services.deadlines.dates import horizon
from services.notice_texts import counted_terms

MOST_EVENTS = 2000  # Programs of telephones give up on longer files.
BACK = timedelta(days=365)
REFRESH = timedelta(hours=6)
ALARM_HOUR = timedelta(hours=9)
SEES_EVERYBODYS = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
DOMAIN = "marshrut"


@dataclass(frozen=True, slots=True)
class Entry:
    """Obligations of a rule due on one day; `id`, `graduate_id` and `achieved` are of the only one."""

    rule_id: int
    due_on: date
    opens_on: date
    control_on: date
    open: int
    total: int
    id: int
    graduate_id: int | None
    is_provisional: bool
    achieved: int
    required: int
    versions: int
    changed_at: datetime

    def uid(self, agency_id: int) -> str:
        """One obligation keeps its event wherever its date moves; several are known by their rule and day."""
        together = f"rule-{self.rule_id}-{self.due_on:%Y%m%d}-agency-{agency_id}"
        return f"deadline-{self.id}" if self.total == 1 else together

    @property
    def sequence(self) -> int:
        """Rises with every change of any of them, the settled ones too."""
        return self.versions - 1


def entries(session: Session, *, viewer: Viewer, on: date) -> Sequence[Entry]:
    """What is open from a year back to the horizon, by date; a specialist's own duty only to him and the head."""
    d = Deadline
    is_open = and_(d.done_on.is_(None), d.closing.is_(None))
    mine = [d.agency_id == viewer.agency_id, d.due_on.between(on - BACK, horizon(on)), _for(viewer)]
    opened: Any = case((is_open, d.id))
    columns: list[Any] = [
        d.rule_id,
        d.due_on,
        func.min(d.opens_on),
        func.min(d.control_on),
        func.count(opened),
        func.count(d.id),
        func.min(opened),
        func.min(case((is_open, d.graduate_id))),
        func.max(case((d.is_provisional, 1), else_=0)),
        func.min(case((is_open, d.achieved))),
        func.min(case((is_open, d.required))),
        func.sum(d.version),
        func.max(d.created_at),
    ]
    together = select(*columns).where(*mine).group_by(d.rule_id, d.due_on).having(func.count(opened) > 0)
    found = session.execute(together.order_by(d.due_on, d.rule_id).limit(MOST_EVENTS))
    changed = _changes(session, mine)
    made = [Entry(*row) for row in found]
    return [replace(entry, changed_at=changed.get((entry.rule_id, entry.due_on), entry.changed_at)) for entry in made]


def _changes(session: Session, mine: Sequence[ColumnElement[bool]]) -> dict[tuple[int, date], datetime]:
    """When any obligation of a rule and day was changed last, by the log of changes."""
    is_theirs = and_(AuditEvent.subject == Deadline.__tablename__, AuditEvent.subject_id == Deadline.id)
    query = (
        select(Deadline.rule_id, Deadline.due_on, func.max(AuditEvent.at))
        .join(AuditEvent, is_theirs)
        .where(Deadline.version > 1, *mine)
        .group_by(Deadline.rule_id, Deadline.due_on)
    )
    return {(rule_id, due_on): at for rule_id, due_on, at in session.execute(query)}


def _for(viewer: Viewer) -> ColumnElement[bool]:
    own = or_(Deadline.user_id.is_(None), Deadline.user_id == viewer.user_id)
    return or_(own, literal(viewer.role in SEES_EVERYBODYS))


# -- The file --------------------------------------------------------------------------------------------------------


def feed(session: Session, *, viewer: Viewer, on: date, name: str, link: Callable[[Entry], str]) -> tuple[bytes, int]:
    """The file, and how many events it has; `link` gives the address of a page about an entry."""
    found = entries(session, viewer=viewer, on=on)
    rule_ids = {entry.rule_id for entry in found}
    query = select(DeadlineRule).options(joinedload(DeadlineRule.regulation))
    rules = {rule.id: rule for rule in session.scalars(query) if rule.id in rule_ids}
    events = [
        event
        for entry in found
        for event in _events(entry, rules[entry.rule_id], viewer.agency_id, on=on, address=link(entry))
    ][:MOST_EVENTS]
    calendar = _calendar(name, is_cut=len(events) == MOST_EVENTS)
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical(), len(events)


def _calendar(name: str, *, is_cut: bool) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Marshrut//Calendar of obligations//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    if is_cut:
        for key in ("description", "x-wr-caldesc"):
            calendar.add(key, f"Показаны первые {MOST_EVENTS} событий, остальные — в календаре «Маршрута».")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    return calendar


def _events(entry: Entry, rule: DeadlineRule, agency_id: int, *, on: date, address: str) -> Iterator[Event]:
    """The legal date; of a window its opening too."""
    told = _description(entry, rule, address)
    uid = entry.uid(agency_id)
    overdue = "Просрочено: " if entry.due_on < on else ""
    event = _event(f"{uid}@{DOMAIN}", f"{overdue}{_title(entry, rule)}", entry.due_on, entry, told, address)
    event.add("categories", [rule.regulation.short_title])
    if entry.due_on >= on:
        event.add_component(_alarm(entry, rule))
    yield event
    if rule.kind is RuleKind.WINDOW and on - BACK <= entry.opens_on < entry.due_on:
        opening = f"Открывается: {_title(entry, rule)}"
        yield _event(f"{uid}-opens@{DOMAIN}", opening, entry.opens_on, entry, told, address)


def _event(uid: str, title: str, day: date, entry: Entry, told: str, address: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", told)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # It takes no time of anybody's day.
    return event


def _alarm(entry: Entry, rule: DeadlineRule) -> Alarm:
    """On the morning of the control date."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _title(entry, rule))
    alarm.add("trigger", min(entry.control_on, entry.due_on) - entry.due_on + ALARM_HOUR)
    return alarm


def _title(entry: Entry, rule: DeadlineRule) -> str:
    title = rule.title.strip(" .")
    if entry.open > 1:
        return f"{title}, {counted_terms(entry.open)}"
    return f"{title}, карточка № {entry.graduate_id}" if entry.graduate_id else title


def _description(entry: Entry, rule: DeadlineRule, address: str) -> str:
    lines = [f"{rule.clause_text}, {rule.regulation.short_title}", f"Исполнить до {entry.due_on:%d.%m.%Y}."]
    if entry.open == 1 and entry.required > 1:
        lines.append(f"Исполнено {entry.achieved} из {entry.required}.")
    if entry.is_provisional:
        lines.append(f"Дата предварительная: переносы выходных {entry.due_on.year} года ещё не утверждены.")
    return "\n".join([*lines, address])
