"""Event obligations arise and close in the transaction of the fact that causes it, however it was saved."""

from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from models.assessments import Examination
from models.circumstances import Address, Housing, Placement, Study
from models.context import actor_of
from models.deadlines import Occurrence
from models.graduates import Graduate
from models.people import Dependant, IdentityDocument
from models.regulations import DeadlineRule
from models.support import Assignment, CategoryDecision, Consent, HealthRecord, Problem, SectionCheck
from models.territory import Agreement, AgreementParty
from services.deadlines.dates import horizon
from services.deadlines.generation import react
from services.deadlines.people import CHUNK, scope_of
from services.production_calendar import load_calendar

ZONE = "marshrut.zone"  # session.info: the region's time zone, in which a day is a day.
TOUCHED = "marshrut.touched"
# What facts, people and evidence are read from: a change of anything else makes no obligation.
OF_CARD = (
    *("agency_id", "graduating_agency_id", "origin_district_id", "district_id", "birth_date", "category_code"),
    *("current_children", "left_on", "exit_ground_code", "deleted_at"),
)
OF_PERSON = (
    *(Address, Assignment, CategoryDecision, Consent, Dependant, Examination, HealthRecord, Housing),
    *(IdentityDocument, Placement, Problem, SectionCheck, Study),
)
NOBODY = 0  # Among the touched: facts that are about no person.


def _touched(row: Any) -> int | None:
    """The number of the card whose facts changed; NOBODY: facts about no person; None: no fact of ours."""
    if isinstance(row, Graduate):
        return row.id
    if isinstance(row, OF_PERSON):
        return row.graduate_id
    if isinstance(row, Occurrence):
        return row.graduate_id or NOBODY
    return NOBODY if isinstance(row, Agreement | AgreementParty) else None


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    touched: set[int] = session.info.setdefault(TOUCHED, set())
    changed = (row for row in session.dirty if _is_of_interest(session, row))
    for row in (*session.new, *changed, *session.deleted):
        number = _touched(row)
        if number is not None:
            touched.add(number)


def _is_of_interest(session: Session, row: Any) -> bool:
    if isinstance(row, Graduate):
        attributes = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in OF_CARD)
    return session.is_modified(row, include_collections=False)


def _react(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: set[int] = session.info.pop(TOUCHED, set())
    if not touched or session.scalar(select(DeadlineRule.id).limit(1)) is None:
        return
    now = actor_of(session).now
    zone: tzinfo = session.info.get(ZONE, UTC)
    on = now.astimezone(zone).date()
    calendar = load_calendar(session)
    if NOBODY in touched:
        react(session, calendar=calendar, on=on, until=horizon(on), now=now, scope=None)
    people = sorted(touched - {NOBODY})
    for start in range(0, len(people), CHUNK):
        scope = scope_of(people[start : start + CHUNK])
        react(session, calendar=calendar, on=on, until=horizon(on), now=now, scope=scope)
    session.info.pop(TOUCHED, None)  # What closing evidence flushed is no new fact.


# Before the audit writes: what follows from a fact stands in its history too.
event.listen(Session, "before_commit", _react, insert=True)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if not transaction.nested:
        session.info.pop(TOUCHED, None)
