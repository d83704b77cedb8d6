"""Event obligations arise and close in the transaction of the fact that causes it, however it was saved."""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, SupportEpisode
from models.circumstances import Address, Housing, Placement, Study
from models.context import actor_of
from models.deadlines import Occurrence
from models.graduates import Graduate
from models.people import Dependant, IdentityDocument
from models.plans import Measure, MeasureStatus, Plan
from models.regulations import DeadlineRule
from models.support import Assignment, CategoryDecision, Consent, HealthRecord, Problem, SectionCheck
from models.territory import Agreement, AgreementParty
from models.work import Appeal, Consultation, GroupSession, HousingSurvey, ServiceRecord, UrgentAct, Visit
from services.deadlines import evidence
from services.deadlines.dates import horizon
from services.deadlines.generation import react
from services.deadlines.people import CHUNK, Scope, scope_of
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
    *(Application, Conclusion, Contract, ReadinessAssessment, SupportEpisode, Appeal, Consultation, Visit),
)
EVIDENCE_ONLY = (Refusal, Plan, HousingSurvey, MonitoringCard, ServiceRecord, UrgentAct)  # No term runs from them.
DRAFTED = (Contract, Conclusion, Plan)  # Nothing before they have a number.
NOBODY = 0  # Among the touched: facts that are about no person.


def _touched(row: Any) -> tuple[int, bool] | None:
    """The number of the card of which facts (True) or only evidence (False) changed; NOBODY: what is about no person.

    None: nothing of ours.
    """
    if isinstance(row, Graduate):
        return row.id, True
    if isinstance(row, OF_PERSON + EVIDENCE_ONLY):
        return row.graduate_id, not isinstance(row, EVIDENCE_ONLY)
    if isinstance(row, Measure):
        return row.plan.graduate_id, False
    if isinstance(row, ContractAmendment):
        return row.contract.graduate_id, True
    if isinstance(row, Occurrence):
        return row.graduate_id or NOBODY, True
    if isinstance(row, GroupSession):
        return NOBODY, False
    return (NOBODY, True) if isinstance(row, Agreement | AgreementParty) else None


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    touched: set[tuple[int, bool]] = session.info.setdefault(TOUCHED, set())
    changed = (row for row in session.dirty if _is_of_interest(session, row))
    for row in (*session.new, *changed, *session.deleted):
        number = _touched(row) if not _is_draft(row) else None
        if number is not None:
            touched.add(number)


def _is_draft(row: Any) -> bool:
    """What is being drawn up fulfils nothing yet: a plan without a number, a measure that is not done."""
    if isinstance(row, Measure):
        return row.status is not MeasureStatus.DONE and not _has_changed(row, "status")
    return isinstance(row, DRAFTED) and row.number is None and not _has_changed(row, "number")


def _has_changed(row: Any, name: str) -> bool:
    return inspect(row).attrs[name].history.has_changes()  # type: ignore[no-any-return]


def _is_of_interest(session: Session, row: Any) -> bool:
    if isinstance(row, Graduate):
        attributes = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in OF_CARD)
    return session.is_modified(row, include_collections=False)


def _react(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: set[tuple[int, bool]] = session.info.pop(TOUCHED, set())
    if not touched or session.scalar(select(DeadlineRule.id).limit(1)) is None:
        return
    facts = {number for number, is_fact in touched if is_fact}
    proved = {number for number, _ in touched} - facts
    if facts:
        _draw_anew(session, facts)
    now = actor_of(session).now
    for scope in _scopes(proved):
        evidence.sync(session, scope=scope, now=now)
    session.info.pop(TOUCHED, None)  # What closing evidence flushed is no new fact.


def _draw_anew(session: Session, touched: set[int]) -> None:
    now = actor_of(session).now
    zone: tzinfo = session.info.get(ZONE, UTC)
    on = now.astimezone(zone).date()
    calendar = load_calendar(session)
    for scope in _scopes(touched):
        react(session, calendar=calendar, on=on, until=horizon(on), now=now, scope=scope)


def _scopes(touched: set[int]) -> Iterator[Scope | None]:
    """Nobody, and then people, some thousand at a time."""
    if NOBODY in touched:
        yield None
    people = sorted(touched - {NOBODY})
    for start in range(0, len(people), CHUNK):
        yield scope_of(people[start : start + CHUNK])


# Before the audit writes: what follows from a fact stands in its history too.
event.listen(Session, "before_commit", _react, insert=True)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if not transaction.nested:
        session.info.pop(TOUCHED, None)
