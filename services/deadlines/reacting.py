"""Event obligations arise and close in the transaction of the fact that causes it, however it was saved."""

from collections import defaultdict
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
from models.rule_terms import Trigger
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
)
NO_FACT: frozenset[Trigger] = frozenset()
ANY_FACT = frozenset(Trigger)
# Records of support tell certain facts only, or none: they do no more than fulfil duties.
TELLS: dict[type[Any], frozenset[Trigger]] = {
    Application: frozenset({Trigger.APPLICATION_RECEIVED, Trigger.APPLICATION_REGISTERED}),
    Contract: frozenset({Trigger.CONTRACT_STARTED, Trigger.CONTRACT_ENDS}),
    ContractAmendment: frozenset({Trigger.CONTRACT_ENDS}),
    Conclusion: frozenset({Trigger.CONTRACT_ENDS}),
    SupportEpisode: frozenset({Trigger.SUPPORT_STARTED}),
    ReadinessAssessment: frozenset({Trigger.READINESS}),
    **dict.fromkeys((Appeal, Consultation, Visit), frozenset({Trigger.CONTACT})),
    **dict.fromkeys((Refusal, Plan, Measure, MonitoringCard, GroupSession), NO_FACT),
    **dict.fromkeys((HousingSurvey, ServiceRecord, UrgentAct), NO_FACT),
}
DRAFTED = (Contract, Conclusion, Plan)  # Nothing before they have a number.
NOBODY = 0  # Among the touched: facts that are about no person.

Touched = dict[int, frozenset[Trigger]]


def _touched(row: Any) -> tuple[int, frozenset[Trigger]] | None:
    """The number of the card and which facts of it may have changed; NOBODY: facts about no person; None: not ours."""
    if type(row) in TELLS:
        return _whose(row), TELLS[type(row)]
    if isinstance(row, Graduate):
        return row.id, ANY_FACT
    if isinstance(row, OF_PERSON):
        return row.graduate_id, ANY_FACT
    if isinstance(row, Occurrence):
        return row.graduate_id or NOBODY, ANY_FACT
    return (NOBODY, ANY_FACT) if isinstance(row, Agreement | AgreementParty) else None


def _whose(row: Any) -> int:
    if isinstance(row, Measure):
        return row.plan.graduate_id
    if isinstance(row, ContractAmendment):
        return row.contract.graduate_id
    return NOBODY if isinstance(row, GroupSession) else row.graduate_id


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    touched: Touched = session.info.setdefault(TOUCHED, {})
    changed = (row for row in session.dirty if _is_of_interest(session, row))
    for row in (*session.new, *changed, *session.deleted):
        found = _touched(row) if not _is_draft(row) else None
        if found is not None:
            number, triggers = found
            touched[number] = touched.get(number, NO_FACT) | triggers


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
    touched: Touched = session.info.pop(TOUCHED, {})
    if not touched or session.scalar(select(DeadlineRule.id).limit(1)) is None:
        return
    now = actor_of(session).now
    zone: tzinfo = session.info.get(ZONE, UTC)
    on = now.astimezone(zone).date()
    calendar = load_calendar(session) if any(touched.values()) else None
    for triggers, scope in _scopes(touched):
        if triggers and calendar:
            react(session, calendar=calendar, on=on, until=horizon(on), now=now, scope=scope, triggers=triggers)
        else:
            evidence.sync(session, scope=scope, now=now)
    session.info.pop(TOUCHED, None)  # What closing evidence flushed is no new fact.


def _scopes(touched: Touched) -> Iterator[tuple[frozenset[Trigger], Scope | None]]:
    """Nobody, and then people of whom the same may have changed, some thousand at a time."""
    alike: dict[frozenset[Trigger], list[int]] = defaultdict(list)
    for number in sorted(touched):
        if number == NOBODY:
            yield touched[number], None
        else:
            alike[touched[number]].append(number)
    for triggers, people in alike.items():
        for start in range(0, len(people), CHUNK):
            yield triggers, scope_of(people[start : start + CHUNK])


# Before the audit writes: what follows from a fact stands in its history too.
event.listen(Session, "before_commit", _react, insert=True)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if not transaction.nested:
        session.info.pop(TOUCHED, None)
