"""What became of obligations by a day, and why not in time: the conditions that reports and pages count by (SQL)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, case, literal, select

from models.base import LabelledEnum
from models.deadlines import Closing, Deadline, DeadlineEvidence, State


class Fate(LabelledEnum):
    """How an obligation counts; exactly one holds of each on a day."""

    IN_TIME = "in_time", "В срок"
    LATE = "late", "С опозданием"
    MISSED = "missed", "Просрочено"
    PAUSED = "paused", "Приостановлено"
    PENDING = "pending", "Срок не наступил"
    CLOSED = "closed", "Снято, не требуется"


STATES: Mapping[Fate, tuple[State, ...]] = {
    Fate.IN_TIME: (State.DONE,),
    Fate.LATE: (State.DONE_LATE,),
    Fate.MISSED: (State.OVERDUE,),
    Fate.PAUSED: (State.PAUSED,),
    Fate.PENDING: (State.OPEN, State.DUE_SOON, State.UPCOMING),
    Fate.CLOSED: (State.WAIVED, State.NOT_APPLICABLE),
}


class Cause(LabelledEnum):
    """Why a duty was not done in time, as far as somebody told (SYZ-57)."""

    LATE_TOLD = "late_told", "Исполнено с опозданием, причина указана в отметке"
    LATE = "late", "Исполнено с опозданием, причина не указана"
    PAUSED = "paused", "Приостановлено: ждут другую сторону"
    MISSED = "missed", "Просрочено, причина не указана"
    WAIVED = "waived", "Снято руководителем с причиной"
    NOT_APPLICABLE = "not_applicable", "Не требуется"


def fate_on(day: date) -> ColumnElement[str]:
    """The same as models.deadlines.state_on, without what tells pending ones apart."""
    d = Deadline
    return case(
        (d.closing.is_not(None), literal(Fate.CLOSED.value)),
        (and_(d.done_on <= day, d.done_on <= d.due_on), literal(Fate.IN_TIME.value)),
        (d.done_on <= day, literal(Fate.LATE.value)),
        (d.paused_on <= day, literal(Fate.PAUSED.value)),
        (d.due_on < day, literal(Fate.MISSED.value)),
        else_=literal(Fate.PENDING.value),
    )


def conditions(day: date) -> dict[Fate, ColumnElement[bool]]:
    fate = fate_on(day)
    return {one: fate == one.value for one in Fate}


def outcome_on(day: date) -> ColumnElement[str]:
    """The cause of each that was not done in time, the fate of the others: what one pass over the table counts by."""
    fate = fate_on(day)
    told = (
        select(DeadlineEvidence.id)
        .where(DeadlineEvidence.deadline_id == Deadline.id, DeadlineEvidence.note != "")
        .correlate(Deadline)
        .exists()
    )
    return case(
        (Deadline.closing == Closing.WAIVED, literal(Cause.WAIVED.value)),
        (Deadline.closing == Closing.NOT_APPLICABLE, literal(Cause.NOT_APPLICABLE.value)),
        (and_(fate == Fate.LATE.value, told), literal(Cause.LATE_TOLD.value)),
        else_=fate,
    )


def fate_of(outcome: str) -> Fate:
    """The fate behind an outcome."""
    if outcome == Cause.LATE_TOLD.value:
        return Fate.LATE
    return Fate.CLOSED if outcome in (Cause.WAIVED.value, Cause.NOT_APPLICABLE.value) else Fate(outcome)


def cause_on(day: date) -> ColumnElement[str]:
    """The cause of each that was not done in time; NULL where there is nothing to explain."""
    outcome = outcome_on(day)
    return case((outcome.in_([cause.value for cause in Cause]), outcome))
