"""Evidence that follows from records: a consent, a mentor, an event closes the duty that asks for it.

It is read anew whenever the records change, so a corrected record corrects what it fulfilled. Marks by hand are never
touched here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from models.context import actor_of
from models.deadlines import Deadline, DeadlineEvidence, Occurrence
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleKind, RuleTerms, Trigger
from models.support import Assignment, AssignmentKind, CategoryDecision, Consent
from services.deadlines.facts import Rows
from services.deadlines.people import Scope
from services.deadlines.run import Made
from services.deadlines.verbs import BY_HAND, settle, spare_alternatives

# Which recorded event is the evidence of what.
FULFILS = {
    Trigger.APPLICATION_REGISTERED: EvidenceKind.REGISTRATION,
    Trigger.CONTRACT_STARTED: EvidenceKind.CONTRACT,
    Trigger.CONTACT: EvidenceKind.CONTACT,
    Trigger.READINESS: EvidenceKind.ASSESSMENT,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A record that may fulfil a duty about a person."""

    kind: EvidenceKind
    reference: str
    graduate_id: int
    on: date
    agency_id: int | None = None
    number: str = ""


def _consents(scope: Scope) -> Iterator[tuple[EvidenceKind, Rows]]:
    query = select(Consent.id, Consent.graduate_id, Consent.given_on, Consent.agency_id, Consent.document)
    yield EvidenceKind.CONSENT, query.where(scope.holds(Consent.graduate_id))


def _assignments(scope: Scope) -> Iterator[tuple[EvidenceKind, Rows]]:
    a = Assignment
    query = select(a.id, a.graduate_id, a.starts_on, a.user_id, a.order_number).where(scope.holds(a.graduate_id))
    yield EvidenceKind.MENTOR, query.where(a.kind == AssignmentKind.MENTOR)
    yield EvidenceKind.ASSIGNMENT, query.where(a.kind == AssignmentKind.DISTRICT_SPECIALIST)
    yield EvidenceKind.ORDER, query.where(a.kind == AssignmentKind.CURATOR, a.order_number != "")


def _decisions(scope: Scope) -> Iterator[tuple[EvidenceKind, Rows]]:
    """The next decision on the category reviews the one before."""
    d = CategoryDecision
    query = select(d.id, d.graduate_id, d.starts_on, literal(None), literal(""))
    yield EvidenceKind.REVIEW, query.where(scope.holds(d.graduate_id))


SOURCES: dict[str, Callable[[Scope], Iterator[tuple[EvidenceKind, Rows]]]] = {
    "consent": _consents,
    "assignment": _assignments,
    "category": _decisions,
}
DERIVED = frozenset(
    {
        EvidenceKind.CONSENT,
        EvidenceKind.MENTOR,
        EvidenceKind.ASSIGNMENT,
        EvidenceKind.ORDER,
        EvidenceKind.REVIEW,
        *FULFILS.values(),
    }
)


def pieces(session: Session, scope: Scope) -> list[Piece]:
    """What the records of the people of a scope may fulfil."""
    found = [
        Piece(kind, f"{source}:{row[0]}", row[1], row[2], row[3] if source == "consent" else None, row[4])
        for source, read in SOURCES.items()
        for kind, query in read(scope)
        for row in session.execute(query)
    ]
    events = select(
        Occurrence.id,
        Occurrence.trigger,
        Occurrence.graduate_id,
        Occurrence.happened_on,
        Occurrence.agency_id,
        Occurrence.number,
    ).where(Occurrence.trigger.in_(FULFILS), Occurrence.annulled_on.is_(None), scope.holds(Occurrence.graduate_id))
    for row_id, trigger, graduate_id, on, agency_id, number in session.execute(events):
        found.append(Piece(FULFILS[trigger], f"occurrence:{row_id}", graduate_id or 0, on, agency_id, number))
    return sorted(found, key=lambda piece: (piece.on, piece.reference))


def sync(session: Session, *, scope: Scope, now: datetime) -> Made:
    """Bring the obligations of some people into agreement with their records."""
    made = Made()
    by_person: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces(session, scope):
        by_person[piece.graduate_id].append(piece)
    duties = _duties(session, scope)
    used: dict[str, set[str]] = defaultdict(set)  # A rule → the records that fulfilled one duty of it already.
    for duty in duties:
        used[duty.rule_key] |= duty.records.keys()
    for duty in duties:
        found = by_person.get(duty.graduate_id, [])
        if _is_out_of_step(duty, found, used[duty.rule_key]):
            deadline = session.get(Deadline, duty.id, populate_existing=True, with_for_update=True)
            if deadline is not None:
                made += _settle(session, deadline, duty, found, used[duty.rule_key], now)
    return made


@dataclass(slots=True)
class _Duty:
    """What of an obligation tells whether a record fulfils it; `records`: those that do so far, with their days."""

    terms: RuleTerms
    records: dict[str, date]
    id: int
    rule_key: str
    agency_id: int
    graduate_id: int
    subject: str
    opens_on: date
    nominal_on: date
    event_on: date | None
    is_settled: bool


def _duties(session: Session, scope: Scope) -> list[_Duty]:
    """Duties that records may close, or have closed; the earliest first."""
    d = Deadline
    kinds = [kind.value for kind in DERIVED]
    terms = {rule.id: rule.terms for rule in session.scalars(select(DeadlineRule)) if rule.terms.evidence in DERIVED}
    recorded: dict[int, dict[str, date]] = defaultdict(dict)
    evidence = (
        select(DeadlineEvidence.deadline_id, DeadlineEvidence.reference, DeadlineEvidence.happened_on)
        .join(DeadlineEvidence.deadline)
        .where(scope.holds(d.graduate_id), DeadlineEvidence.kind.in_(kinds))
    )
    for deadline_id, reference, on in session.execute(evidence):
        if not reference.startswith(BY_HAND):
            recorded[deadline_id][reference] = on
    settled = (d.done_on.is_not(None) | d.closing.is_not(None)).label("is_settled")
    query = (
        select(
            d.id,
            d.rule_key,
            d.agency_id,
            d.graduate_id,
            d.subject,
            d.opens_on,
            d.nominal_on,
            d.event_on,
            settled,
            d.rule_id,
        )
        .where(scope.holds(d.graduate_id), d.rule_id.in_(terms))
        .order_by(d.due_on, d.id)
    )
    rows: list[Any] = [row for row in session.execute(query) if row.id in recorded or not row.is_settled]
    return [_Duty(terms[row.rule_id], recorded[row.id], *row[:-1]) for row in rows]


def _is_out_of_step(duty: _Duty, pieces: Iterable[Piece], used: set[str]) -> bool:
    by_reference = {piece.reference: piece for piece in pieces if fits(duty, piece)}
    for reference, on in duty.records.items():
        if reference not in by_reference or by_reference[reference].on != on:
            return True
    return not duty.is_settled and bool(by_reference.keys() - used)


def _settle(
    session: Session, deadline: Deadline, duty: _Duty, pieces: Iterable[Piece], used: set[str], now: datetime
) -> Made:
    made, was_done = Made(), deadline.done_on
    by_reference = {piece.reference: piece for piece in pieces if fits(duty, piece)}
    used.update(record.reference for record in deadline.evidence)  # What another run noted meanwhile.
    for record in list(deadline.evidence):
        if record.reference.startswith(BY_HAND):
            continue
        piece = by_reference.get(record.reference)
        if piece is None:  # The record was corrected or is gone.
            deadline.evidence.remove(record)
            used.discard(record.reference)
        elif record.happened_on != piece.on:
            record.happened_on = piece.on
    settle(deadline)
    for piece in by_reference.values():
        if deadline.done_on is not None or deadline.closing is not None:
            break
        if piece.reference not in used:
            deadline.evidence.append(_evidence(session, piece, now))
            used.add(piece.reference)
            settle(deadline)
    if deadline.done_on != was_done:
        made.done += deadline.done_on is not None
        session.flush()
        spare_alternatives(session, deadline=deadline)
    return made


def _evidence(session: Session, piece: Piece, now: datetime) -> DeadlineEvidence:
    return DeadlineEvidence(
        kind=piece.kind,
        reference=piece.reference,
        happened_on=piece.on,
        number=piece.number,
        noted_at=now,
        noted_by_id=actor_of(session).user_id,
    )


def fits(duty: _Duty, piece: Piece) -> bool:
    """Whether a record fulfils a duty: of the right kind, by the obliged, not before the term began."""
    terms = duty.terms
    is_own = piece.agency_id is None or piece.agency_id == duty.agency_id
    if piece.kind is not terms.evidence or not is_own or piece.reference == duty.subject.partition(">")[0]:
        return False
    if terms.kind is RuleKind.QUOTA:
        return duty.opens_on <= piece.on <= duty.nominal_on
    if terms.kind is RuleKind.EVENT and duty.event_on is not None:
        if piece.kind is EvidenceKind.MENTOR:  # Whoever was there before is there.
            return terms.amount < 0 or piece.on >= duty.event_on
        return piece.on >= (duty.opens_on if terms.amount < 0 else duty.event_on)
    return piece.on >= duty.opens_on
