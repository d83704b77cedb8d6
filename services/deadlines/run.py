"""One sitting of the clock: which obligations stand, which ought to, and what is done about the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.deadlines import Closing, Deadline
from models.reckoning import Unit
from models.rule_terms import RuleKind
from models.working_calendar import OutsideCalendar, WorkingCalendar
from services import notices
from services.deadlines.dates import DAY, Dates, Span, of_day, of_event, of_span, spans
from services.deadlines.people import Person
from services.deadlines.world import Body, Recipient, Rule, World
from services.upserting import insert_into

GONE = "Основание отпало: "
BATCH = 2000
HELD = 500  # Obligations locked by one statement.
UNIQUE = ("rule_key", "agency_id", "subject", "period")

Key = tuple[str, str, str]  # Rule, subject, period: what an obligation about a person is known by.


@dataclass
class Made:
    """What a part of a run did, in obligations."""

    added: int = 0
    moved: int = 0
    closed: int = 0
    reopened: int = 0
    done: int = 0
    freed: set[int] = field(default_factory=set)  # Whose evidence is gone.

    def __iadd__(self, other: Made) -> Made:
        for name in ("added", "moved", "closed", "reopened", "done"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(slots=True)
class Standing:
    """An obligation that exists."""

    id: int
    rule_id: int
    agency_id: int
    recipient_id: int | None
    event_on: date | None
    due_on: date
    is_settled: bool
    is_gone: bool  # Closed by a run because its ground fell away.
    graduate_id: int | None


@dataclass(slots=True)
class Run:
    """The rules, the day, and what is to be done in one part of a run."""

    session: Session
    world: World
    calendar: WorkingCalendar
    on: date
    until: date
    now: datetime
    standing: dict[Key, list[Standing]] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()  # Keys of rules that this part speaks of.
    kept: set[int] = field(default_factory=set)
    freed: set[int] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)
    urgent: list[tuple[str, str]] = field(default_factory=list)
    moves: list[tuple[Standing, dict[str, Any], Dates | None]] = field(default_factory=list)
    dates: dict[tuple[int, date, date], Dates | None] = field(default_factory=dict)
    periods: dict[tuple[int, date, date], list[Span]] = field(default_factory=dict)

    # -- Days, each counted once -----------------------------------------------------------------------------------

    def event_dates(self, rule: Rule, event_on: date, last_on: date | None = None) -> Dates | None:
        """`last_on`: the last day that the fact itself names, where it does."""
        terms = rule.terms
        if terms.term_of_fact and last_on is not None:
            key = (rule.id, event_on, last_on)
            return self._counted(key, lambda: of_day(self.calendar, terms, event_on, last_on))
        if terms.term_of_fact and not terms.amount:
            return None
        return self._counted((rule.id, event_on, event_on), lambda: of_event(self.calendar, rule.terms, event_on))

    def span_dates(self, rule: Rule, span: Span, opens_on: date) -> Dates | None:
        return self._counted((rule.id, span.last, opens_on), lambda: of_span(self.calendar, rule.terms, span, opens_on))

    def _counted(self, key: tuple[int, date, date], count: Callable[[], Dates]) -> Dates | None:
        """A date beyond the calendar is not guessed: the obligation is made once its year is loaded."""
        if key not in self.dates:
            try:
                self.dates[key] = count()
            except OutsideCalendar:
                self.dates[key] = None
        return self.dates[key]

    def spans_of(self, rule: Rule, first: date, last: date) -> list[Span]:
        key = (rule.id, first, last)
        if key not in self.periods:
            found = spans(rule.terms, first, last)  # One that a newer version's days reach into is the newer one's.
            self.periods[key] = [span for span in found if not rule.is_earlier or span.last <= last]
        return self.periods[key]

    # -- What stands, what ought to --------------------------------------------------------------------------------

    def start(self, scope: ColumnElement[bool], rules: Iterable[Rule]) -> None:
        """Remember the obligations of a part of the records."""
        self.standing, self.kept, self.rows, self.moves, self.urgent = defaultdict(list), set(), [], [], []
        self.covered = frozenset(rule.key for rule in rules)
        d = Deadline
        query = select(
            d.rule_key,
            d.subject,
            d.period,
            d.id,
            d.rule_id,
            d.agency_id,
            d.recipient_id,
            d.event_on,
            d.due_on,
            d.done_on.is_not(None) | d.closing.is_not(None),
            d.closed_by_id.is_(None) & (func.substr(d.closing_reason, 1, len(GONE)) == GONE),
            d.graduate_id,
        ).where(scope)
        for key, subject, period, *rest in self.session.execute(query):
            self.standing[key, subject, period].append(Standing(*rest))

    def want(
        self,
        rule: Rule,
        body: Body,
        recipient: Recipient,
        dates: Dates,
        *,
        subject: str,
        period: str = "",
        person: Person | None = None,
        user_id: int | None = None,
        event_on: date | None = None,
        is_over: bool = False,
    ) -> None:
        """This obligation ought to stand; one that `is_over` stays if it stands, and is not made any more."""
        found = self.standing.get((rule.key, subject, period), ())
        mine = [one for one in found if one.agency_id == body.id] or (list(found) if person is not None else [])
        for one in mine:
            self.kept.add(one.id)
            if bool(period) and one.due_on < self.on and one.agency_id != body.id:
                continue  # Who missed it is not rewritten when the person moves on.
            changed: dict[str, Any] = {"agency_id": body.id, "recipient_id": recipient.agency_id, "event_on": event_on}
            differs = any(getattr(one, name) != value for name, value in changed.items())
            redated = one.rule_id == rule.id and one.due_on != dates.due_on
            if one.is_gone or ((differs or redated) and not one.is_settled):
                changed["recipient_text"] = recipient.text[:500]
                self.moves.append((one, changed, dates if one.rule_id == rule.id else None))
        if not mine and not is_over:
            row: dict[str, Any] = {
                "agency_id": body.id,
                "recipient_id": recipient.agency_id,
                "recipient_text": recipient.text[:500],
            }
            row |= {"graduate_id": person.id if person else None, "user_id": user_id, "event_on": event_on}
            row |= {"rule_id": rule.id, "rule_key": rule.key, "subject": subject, "period": period}
            row |= {"required": rule.terms.at_least if rule.terms.kind is RuleKind.QUOTA else 1}
            self.rows.append(row | dates.columns())
            if rule.terms.unit is Unit.INSTANT and dates.due_on >= self.on - DAY:
                self.urgent.append((rule.key, subject))

    # -- The difference --------------------------------------------------------------------------------------------

    def finish(self, people: Container[int] = (), settle: Callable[[], Made] = Made) -> Made:
        """Write it; what `settle` finds fulfilled is done before the rest, whose ground fell away, is closed.

        `people`: those of the part whose cards are not removed.
        """
        self.rows.sort(key=lambda row: tuple(row[name] for name in UNIQUE))  # Two at once take them in one order.
        statement = insert_into(self.session, Deadline).on_conflict_do_nothing()
        same = {"achieved": 0, "closing_reason": "", "pause_reason": "", "created_at": self.now, "version": 1}
        for start in range(0, len(self.rows), BATCH):
            self.session.connection().execute(statement, [row | same for row in self.rows[start : start + BATCH]])
        made = Made(added=len(self.rows))
        self._tell_urgent()
        made += self._move()
        settled = settle()
        made += settled
        self.freed = settled.freed
        made.closed = self._close_gone(people)
        return made

    def _tell_urgent(self) -> None:
        """What is to be done at once is told at once."""
        for key, subject in self.urgent:
            found = select(Deadline).where(Deadline.rule_key == key, Deadline.subject == subject)
            for deadline in self.session.scalars(found):
                notices.tell_urgent(self.session, deadline=deadline, now=self.now)

    def _move(self) -> Made:
        """A fact was corrected, the calendar changed, another organisation has the person: the open duty follows."""
        made, held = Made(), self._held(one.id for one, _, _ in self.moves)
        for one, changed, dates in self.moves:
            deadline = held.get(one.id)
            if deadline is None or (deadline.is_settled and not one.is_gone):
                continue  # Somebody was faster.
            if one.agency_id == changed["agency_id"]:
                made += self._follow(deadline, one, changed, dates)
                continue
            with suppress(IntegrityError), self.session.begin_nested():  # Another run has just made it there.
                made += self._follow(deadline, one, changed, dates)
        self.session.flush()
        return made

    def _follow(self, deadline: Deadline, one: Standing, changed: dict[str, Any], dates: Dates | None) -> Made:
        made, before = Made(), deadline.due_on
        if one.is_gone and deadline.closing is not None:
            deadline.closing, deadline.closing_reason = None, ""
            made.reopened += 1
        if dates is None and changed["event_on"] is not None:  # Under the version that it was made by.
            with suppress(OutsideCalendar):
                dates = self._by_own_version(deadline, changed["event_on"])
        for name, value in changed.items() | (dates.columns().items() if dates else ()):
            setattr(deadline, name, value)
        made.moved += deadline.due_on != before
        if made.moved and one.event_on != changed["event_on"]:  # Not by a change of the calendar.
            self.session.flush()
            notices.tell_recomputed(self.session, deadline=deadline, old_due=before, now=self.now)
        return made

    def _by_own_version(self, deadline: Deadline, event_on: date) -> Dates:
        terms = deadline.rule.terms
        if terms.term_of_fact and not terms.amount:
            return of_day(self.calendar, terms, event_on, deadline.due_on)
        return of_event(self.calendar, terms, event_on)

    def _held(self, ids: Iterable[int]) -> dict[int, Deadline]:
        """Obligations as they are now, held in one order until the part is done: nobody changes them meanwhile."""
        found: dict[int, Deadline] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), HELD):
            some = Deadline.id.in_(wanted[start : start + HELD])
            query = select(Deadline).where(some).order_by(Deadline.id).with_for_update()
            query = query.execution_options(populate_existing=True)
            found |= {deadline.id: deadline for deadline in self.session.scalars(query)}
        return found

    def _close_gone(self, people: Container[int]) -> int:
        """Duties whose ground fell away: the record is gone, or the person is no student any more.

        A duty of a period that is already overdue stays, unless the card was removed: what was missed is not rewritten.
        """
        gone = []
        for (key, _, period), found in self.standing.items():
            for one in found if key in self.covered else ():
                is_there = one.graduate_id is None or one.graduate_id in people
                is_missed, is_beyond = bool(period) and one.due_on < self.on, one.due_on > self.until
                is_settled = one.is_settled and one.id not in self.freed
                if not (one.id in self.kept or is_settled or (is_missed and is_there) or is_beyond):
                    gone.append(one.id)
        closed = [deadline for deadline in self._held(gone).values() if not deadline.is_settled]
        for deadline in closed:
            deadline.closing = Closing.NOT_APPLICABLE
            deadline.closing_reason = f"{GONE}запись изменена, или правило больше не относится к ней"
        self.session.flush()
        return len(closed)
