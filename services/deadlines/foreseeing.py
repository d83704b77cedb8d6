"""What a changed rule would do to the obligations: it is done, compared and undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.base import LabelledEnum
from models.deadlines import Deadline
from models.graduates import Graduate
from models.regulations import DeadlineRule
from models.rule_terms import Per, RuleKind
from models.working_calendar import WorkingCalendar
from services.deadlines.dates import horizon
from services.deadlines.generation import drop_outdated, of_agencies, of_people
from services.deadlines.people import CHUNK, Scope, everybody
from services.deadlines.run import Made, Run
from services.deadlines.world_loading import load_world

PEOPLE = 1000  # of whom a change is foreseen, or drawn at once
Days = tuple[date, date]  # opens, due
Name = tuple[str, int, str, str]  # rule, organisation, subject, period: what makes an obligation the same one


class Fate(LabelledEnum):
    MOVED = "moved", "дата меняется"
    ADDED = "added", "добавляется"
    REMOVED = "removed", "больше не требуется"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """Obligations of an organisation to which the same happens."""

    agency_id: int
    old: Days | None
    new: Days | None

    @property
    def fate(self) -> Fate:
        if self.old is None:
            return Fate.ADDED
        return Fate.REMOVED if self.new is None else Fate.MOVED

    @property
    def day(self) -> date:
        """By which lines are put in order."""
        return (self.new or self.old or (date.max, date.max))[1]


@dataclass(frozen=True)
class Foreseen:
    """`lines`: how many obligations each; `kept`: already open, they stay as they are."""

    lines: Counter[Line] = field(default_factory=Counter)
    unchanged: int = 0
    kept: int = 0
    people: int = 0  # counted
    all_people: int = 0  # 0 where the rule is about no person

    def total(self, fate: Fate) -> int:
        return sum(count for line, count in self.lines.items() if line.fate is fate)

    @property
    def is_partial(self) -> bool:
        return self.people < self.all_people


# -- Drawing anew ----------------------------------------------------------------------------------------------------


def redraw(
    session: Session,
    *,
    keys: Collection[str],
    calendar: WorkingCalendar,
    on: date,
    now: datetime,
    scopes: Iterable[Scope] = (),
) -> Made:
    """The obligations of some rules up to the horizon, of organisations and of the people of some scopes."""
    session.flush()
    drop_outdated(session, on=on)
    world = load_world(session, on=on)
    world.rules = [rule for rule in world.rules if rule.key in keys]
    run = Run(session, world, calendar, on, horizon(on), now)
    made = of_agencies(run)
    if any(rule.is_about_people or rule.terms.kind is RuleKind.EVENT for rule in world.rules):
        for scope in scopes:
            made += of_people(run, scope)
    return made


def few_people(session: Session) -> tuple[list[Scope], int, int]:
    """As many people as are drawn at once, how many they are, how many there are in all."""
    total = session.scalar(select(func.count()).select_from(Graduate)) or 0
    if total <= PEOPLE:
        return list(everybody(session)), total, total
    last = session.scalars(select(Graduate.id).order_by(Graduate.id).offset(PEOPLE - 1).limit(1)).one()
    step = range(1, last + 1, CHUNK)
    return [Scope(first=first, last=min(first + CHUNK - 1, last)) for first in step], PEOPLE, total


# -- Foreseeing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Standing:
    days: Days
    rule_id: int
    is_asked_for: bool


def foresee(
    session: Session,
    *,
    change: Callable[[], Collection[str]],
    keys: Collection[str],
    calendar: WorkingCalendar,
    on: date,
    now: datetime,
) -> Foreseen:
    """Nothing of it is kept: `change` and all that follows stand in a savepoint that is rolled back.

    `change` gives the keys of the rules that it changed, `keys` those that it may change.
    """
    scopes, people, total = few_people(session)
    whom = _of(scopes)
    savepoint = session.begin_nested()
    try:
        before = _standing(session, keys, whom, on)
        changed = change()
        redraw(session, keys=changed, calendar=calendar, on=on, now=now, scopes=scopes)
        session.flush()
        after = _standing(session, {*keys, *changed}, whom, on)
        about_people = _is_about_people(session, {*keys, *changed})
    finally:
        savepoint.rollback()
        session.expire_all()
    return _compared(before, after, *((people, total) if about_people else (0, 0)))


def _of(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    return or_(Deadline.graduate_id.is_(None), *(scope.holds(Deadline.graduate_id) for scope in scopes))


def _standing(session: Session, keys: Collection[str], whom: ColumnElement[bool], on: date) -> dict[Name, _Standing]:
    """Obligations of the rules that are not past."""
    d = Deadline
    query = select(
        *(d.rule_key, d.agency_id, d.subject, d.period, d.opens_on, d.due_on, d.rule_id),
        d.closing.is_(None) & d.done_on.is_(None),
    ).where(d.rule_key.in_(keys), whom, or_(d.due_on >= on, d.done_on.is_(None)))
    query = query.order_by(d.rule_id, d.opens_on, d.id)
    found: dict[Name, _Standing] = {}
    for key, agency_id, subject, period, opens_on, due_on, rule_id, is_asked_for in session.execute(query):
        name = (key, agency_id, subject, period)
        found[name] = _Standing((opens_on, due_on), rule_id, bool(is_asked_for))
    return found


def _is_about_people(session: Session, keys: Collection[str]) -> bool:
    query = select(DeadlineRule).where(DeadlineRule.key.in_(keys), DeadlineRule.is_current)
    return any(rule.terms.per in (Per.GRADUATE, Per.RECORD) for rule in session.scalars(query))


def _compared(before: dict[Name, _Standing], after: dict[Name, _Standing], people: int, total: int) -> Foreseen:
    lines: Counter[Line] = Counter()
    unchanged = kept = 0
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        was = old.days if old and old.is_asked_for else None
        will_be = new.days if new and new.is_asked_for else None
        if was != will_be:
            lines[Line(name[1], was, will_be)] += 1
        elif was is not None and old and new:
            kept += old.rule_id == new.rule_id
            unchanged += old.rule_id != new.rule_id
    return Foreseen(lines, unchanged, kept, people, total)
