"""Obligations of a year as they stood at the end of a day, by dated evidence and the log of what changed later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, extract, func, not_, or_, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent, ChangeKind
from models.deadlines import Deadline, DeadlineEvidence, State, state_on
from models.regulations import DeadlineRule, Regulation


@dataclass(frozen=True, slots=True)
class Proof:
    """The record that fulfilled an obligation."""

    kind: str
    happened_on: date
    number: str


@dataclass(slots=True)
class Part:
    """Obligations of one rule in the same state; `deadline_id`, `proof`: of the only one, where count is 1."""

    state: State
    count: int
    achieved: int
    required: int
    first_due: date
    last_due: date
    deadline_id: int
    proof: Proof | None = None


def parts_of(
    session: Session, agency_id: int, regulation: Regulation, on: date, ends_at: datetime
) -> dict[str, dict[int, list[Part]]]:
    """Key of a rule → month of the legal date → obligations by state; four statements."""
    wanted = _wanted(agency_id, regulation, on, ends_at)
    later = _changed_later(wanted, ends_at)
    found: dict[str, dict[int, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for key, month, part in _counted(session, [*wanted, Deadline.id.not_in(later)], on):
        found[key][month].append(part)
    for key, month, part in _as_they_were(session, wanted, ends_at, on):
        found[key][month].append(part)
    single = [
        part
        for months in found.values()
        for parts in months.values()
        for part in parts
        if part.count == 1 and part.state in (State.DONE, State.DONE_LATE)
    ]
    proofs = _proofs(session, [part.deadline_id for part in single], on)
    for part in single:
        part.proof = proofs.get(part.deadline_id)
    return found


def _wanted(agency_id: int, regulation: Regulation, on: date, ends_at: datetime) -> list[ColumnElement[bool]]:
    """What is due in the year of the day, without what came of facts nobody knew by its end."""
    unknown = and_(Deadline.event_on > on, Deadline.created_at >= ends_at)
    return [
        Deadline.agency_id == agency_id,
        Deadline.due_on.between(date(on.year, 1, 1), date(on.year, 12, 31)),
        Deadline.rule_id.in_(select(DeadlineRule.id).where(DeadlineRule.regulation_id == regulation.id)),
        or_(Deadline.event_on.is_(None), not_(unknown)),
    ]


def _achieved(on: date) -> ColumnElement[int]:
    """How much of a quota was done by the day."""
    pieces = select(func.count()).where(DeadlineEvidence.deadline_id == Deadline.id, DeadlineEvidence.happened_on <= on)
    return case((Deadline.required > 1, pieces.correlate(Deadline).scalar_subquery()), else_=0)


def _counted(session: Session, where: Sequence[ColumnElement[bool]], on: date) -> Iterable[tuple[str, int, Part]]:
    d = Deadline
    rows = (
        select(
            d.rule_key,
            extract("month", d.due_on).label("month"),
            state_on(on).label("state"),
            _achieved(on).label("achieved"),
            d.required,
            d.due_on,
            d.id,
        )
        .where(*where)
        .subquery()
    )
    c = rows.c
    query = select(
        *(c.rule_key, c.month, c.state, func.count(), func.sum(c.achieved), func.sum(c.required)),
        *(func.min(c.due_on), func.max(c.due_on), func.min(c.id)),
    ).group_by(c.rule_key, c.month, c.state)
    for key, month, state, *numbers in session.execute(query):
        yield key, int(month), Part(State(state), *_whole(numbers))


def _whole(numbers: Sequence[Any]) -> list[Any]:
    """Sums come as decimals from one database and as integers from the other."""
    count, achieved, required, *rest = numbers
    return [int(count), int(achieved), int(required), *rest]


def _changed_later(wanted: Sequence[ColumnElement[bool]], ends_at: datetime) -> Any:
    """Numbers of the obligations whose waiving or pause changed after the day."""
    payload = cast(AuditEvent.payload, String)
    return select(AuditEvent.subject_id).where(
        AuditEvent.subject == Deadline.__tablename__,
        AuditEvent.subject_id.in_(select(Deadline.id).where(*wanted)),
        AuditEvent.at >= ends_at,
        AuditEvent.kind == ChangeKind.CHANGED,
        or_(payload.contains('"closing"'), payload.contains('"paused_on"')),
    )


def _as_they_were(
    session: Session, wanted: Sequence[ColumnElement[bool]], ends_at: datetime, on: date
) -> list[tuple[str, int, Part]]:
    """Obligations as they stood before the first change that came after the day."""
    later = _changed_later(wanted, ends_at)
    before: dict[int, dict[str, Any]] = defaultdict(dict)
    events = later.with_only_columns(AuditEvent.subject_id, AuditEvent.payload).order_by(AuditEvent.seq)
    for number, payload in session.execute(events):
        for name in ("closing", "paused_on"):
            if name in (payload or {}):
                before[number].setdefault(name, payload[name][0])
    rows = select(Deadline, _achieved(on)).where(*wanted, Deadline.id.in_(later))
    found = []
    for deadline, achieved in session.execute(rows):
        state = _state(deadline, before[deadline.id], on)
        due = deadline.due_on
        part = Part(state, 1, achieved, deadline.required, due, due, deadline.id)
        found.append((deadline.rule_key, due.month, part))
    return found


def _state(deadline: Deadline, before: Mapping[str, Any], on: date) -> State:
    """The same as Deadline.state_on, with the columns as they were."""
    closing = before.get("closing", deadline.closing)
    if closing:
        return State(closing)
    paused = before.get("paused_on", deadline.paused_on)
    then = Deadline(
        opens_on=deadline.opens_on,
        soon_on=deadline.soon_on,
        due_on=deadline.due_on,
        done_on=deadline.done_on,
        paused_on=date.fromisoformat(paused) if isinstance(paused, str) else paused,
    )
    return then.state_on(on)


def _proofs(session: Session, ids: Collection[int], on: date) -> dict[int, Proof]:
    """The last piece of evidence of each obligation."""
    e = DeadlineEvidence
    query = select(e.deadline_id, e.kind, e.happened_on, e.number).where(e.deadline_id.in_(ids), e.happened_on <= on)
    rows = session.execute(query.order_by(e.happened_on, e.id)) if ids else ()
    return {number: Proof(kind.label, day, text) for number, kind, day, text in rows}
