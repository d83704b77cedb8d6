"""Event obligations arise and close in the transaction of the fact that causes it, however it was saved."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, SupportEpisode
from models.circumstances import Address, Housing, Placement, Study
from models.context import ZONE, actor_of
from models.deadlines import Occurrence
from models.exchange import Referral, ReferralEvent, ReferralPerson, ReferralStatus, ReferralStep
from models.graduates import Graduate
from models.meetings import Body, BodyMember, Decision, Meeting, MeetingAttendee
from models.people import Dependant, IdentityDocument
from models.plans import Measure, MeasureStatus, Plan
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, Trigger
from models.submissions import SubmissionEvent, SubmissionStep
from models.support import Assignment, CategoryDecision, Consent, HealthRecord, Problem, SectionCheck
from models.territory import Agreement, AgreementParty
from models.work import Appeal, Consultation, GroupSession, HousingSurvey, ServiceRecord, UrgentAct, Visit
from services.deadlines import evidence
from services.deadlines.dates import horizon
from services.deadlines.generation import react
from services.deadlines.letter_facts import OF_LETTERS
from services.deadlines.letters import letters_of
from services.deadlines.people import CHUNK, Scope, scope_of
from services.deadlines.piece import OF_REPORTS
from services.production_calendar import load_calendar

__all__ = ["ZONE"]
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
    **dict.fromkeys((Refusal, Plan, Measure, MonitoringCard), NO_FACT),
    **dict.fromkeys((HousingSurvey, ServiceRecord, UrgentAct), NO_FACT),
}
K = EvidenceKind
# Records that are about no person: the facts that they tell, and the duties that they fulfil.
OF_NOBODY: dict[type[Any], tuple[frozenset[Trigger], frozenset[EvidenceKind]]] = {
    GroupSession: (NO_FACT, frozenset({K.SESSION})),
    Meeting: (frozenset({Trigger.DECISION}), frozenset({K.MEETING, K.NOTICE})),
    MeetingAttendee: (NO_FACT, frozenset({K.MEETING})),
    Decision: (frozenset({Trigger.DECISION}), frozenset({K.NOTICE})),
    Body: (NO_FACT, frozenset({K.APPROVAL, K.MEETING})),
    BodyMember: (frozenset({Trigger.COUNCIL_CHANGED}), frozenset({K.APPROVAL})),
}
# Of a letter: who got it when, and what became of it. A verb notes its step; the rest of its columns tell nothing.
OF_LETTER = ("status", "sent_on", "received_on", "answered_on", "answer_due_on", "closed_at", "recipient_id", "subject")
# Of a submission: what makes it evidence, or takes that away.
OF_SUBMISSION = frozenset(
    {SubmissionStep.APPROVED, SubmissionStep.REOPENED, SubmissionStep.SENT, SubmissionStep.REVOKED}
)
DRAFTED = (Contract, Conclusion, Plan)  # Nothing before they have a number.
NOBODY = 0  # Among the touched: facts that are about no person.

Touched = dict[int, frozenset[Trigger]]


@dataclass
class Changes:
    """What a transaction has changed so far: whose facts, kinds of evidence about nobody, letters by number."""

    touched: Touched = field(default_factory=dict)
    kinds: set[EvidenceKind] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)

    def touch(self, number: int, triggers: frozenset[Trigger] = NO_FACT) -> None:
        self.touched[number] = self.touched.get(number, NO_FACT) | triggers


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
    number: int = row.contract.graduate_id if isinstance(row, ContractAmendment) else row.graduate_id
    return number


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: UOWTransaction) -> None:
    changes: Changes = session.info.setdefault(TOUCHED, Changes())
    changed = (row for row in session.dirty if _is_of_interest(session, row))
    for row in (*session.new, *changed, *session.deleted):
        if type(row) in OF_NOBODY:
            triggers, kinds = OF_NOBODY[type(row)]
            changes.touch(NOBODY, triggers)
            changes.kinds |= kinds
        elif isinstance(row, SubmissionEvent):
            if row.step in OF_SUBMISSION:
                changes.touch(NOBODY)
                changes.kinds |= OF_REPORTS
        elif isinstance(row, Referral | ReferralEvent | ReferralPerson):
            _remember_letter(session, changes, row)
        elif not _is_draft(row) and (found := _touched(row)) is not None:
            changes.touch(*found)


def _remember_letter(session: Session, changes: Changes, row: Referral | ReferralEvent | ReferralPerson) -> None:
    """Verbs claim a letter by a statement, and note the step; whom it names no more has lost what it fulfilled."""
    if isinstance(row, ReferralPerson) and row in session.deleted:
        if row.graduate_id is not None:
            changes.touch(row.graduate_id, OF_LETTERS)
        return
    is_written = row.step is ReferralStep.WRITTEN if isinstance(row, ReferralEvent) else _is_written_only(row)
    if not is_written:
        changes.letters.add(row.id if isinstance(row, Referral) else row.referral_id)


def _is_written_only(row: Referral | ReferralPerson) -> bool:
    letter = row if isinstance(row, Referral) else row.referral
    return letter is None or letter.status is ReferralStatus.DRAFT


def _is_draft(row: Any) -> bool:
    """What is being drawn up fulfils nothing yet: a plan without a number, a measure that is not done."""
    if isinstance(row, Measure):
        return row.status is not MeasureStatus.DONE and not _has_changed(row, "status")
    return isinstance(row, DRAFTED) and row.number is None and not _has_changed(row, "number")


def _has_changed(row: Any, name: str) -> bool:
    return inspect(row).attrs[name].history.has_changes()  # type: ignore[no-any-return]


def _is_of_interest(session: Session, row: Any) -> bool:
    columns = OF_CARD if isinstance(row, Graduate) else OF_LETTER if isinstance(row, Referral) else ()
    if columns:
        return any(_has_changed(row, name) for name in columns)
    return session.is_modified(row, include_collections=False)


def _react(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    changes: Changes = session.info.pop(TOUCHED, Changes())
    if not (changes.touched or changes.letters) or session.scalar(select(DeadlineRule.id).limit(1)) is None:
        return
    now = actor_of(session).now
    zone: tzinfo = session.info.get(ZONE, UTC)
    on = now.astimezone(zone).date()
    calendar = load_calendar(session) if changes.letters or any(changes.touched.values()) else None
    kinds = frozenset(changes.kinds)
    time: dict[str, Any] = {"calendar": calendar, "on": on, "until": horizon(on), "now": now}
    for letters in letters_of(session, changes.letters):
        for number in letters.people_of_one:
            changes.touch(number, letters.triggers)
        for number in letters.people_of_several:
            changes.touch(number)
        if letters.are_about_nobody:
            asked = frozenset({K.REFERRAL, K.NOTICE, K.REPLY})
            react(session, **time, scope=None, triggers=letters.triggers, letters=letters, kinds=asked)
    for triggers, scope in _scopes(changes.touched):
        if triggers:
            react(session, **time, scope=scope, triggers=triggers, kinds=kinds)
        else:
            evidence.sync(session, scope=scope, now=now, kinds=kinds)
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
