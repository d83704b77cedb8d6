"""What the records of people and organisations may fulfil: one statement for each table."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadlines import Occurrence
from models.rule_terms import EvidenceKind, RecordKind, Trigger
from models.support import Assignment, AssignmentKind, CategoryDecision, Consent
from models.work import GroupSession, SessionKind
from services.deadlines.letter_pieces import OF_LETTERS, Asked, letters_of_agencies
from services.deadlines.meeting_pieces import approvals, meetings
from services.deadlines.people import Scope
from services.deadlines.piece import OF_REPORTS, Piece, Source
from services.deadlines.submission_pieces import submissions
from services.deadlines.support_pieces import OF_SUPPORT

# Which recorded event is the evidence of what.
FULFILS = {
    Trigger.APPLICATION_REGISTERED: EvidenceKind.REGISTRATION,
    Trigger.CONTRACT_STARTED: EvidenceKind.CONTRACT,
    Trigger.CONTACT: EvidenceKind.CONTACT,
    Trigger.READINESS: EvidenceKind.ASSESSMENT,
}
ASSIGNED = {
    AssignmentKind.MENTOR: EvidenceKind.MENTOR,
    AssignmentKind.DISTRICT_SPECIALIST: EvidenceKind.ASSIGNMENT,
    AssignmentKind.CURATOR: EvidenceKind.ORDER,
}
HELD = {
    SessionKind.THEMATIC: RecordKind.THEMATIC,
    SessionKind.EMPLOYMENT_CENTRE: RecordKind.EMPLOYMENT_CENTRE,
}


def _consents(session: Session, scope: Scope) -> Iterator[Piece]:
    c = Consent
    query = select(c.id, c.given_on, c.graduate_id, c.agency_id, c.document).where(scope.holds(c.graduate_id))
    for row in session.execute(query):
        yield Piece(EvidenceKind.CONSENT, f"consent:{row.id}", *row[1:])


def _assignments(session: Session, scope: Scope) -> Iterator[Piece]:
    """A curator is appointed by the order that names him."""
    a = Assignment
    query = select(a.id, a.kind, a.starts_on, a.graduate_id, a.order_number).where(scope.holds(a.graduate_id))
    for number, kind, on, graduate_id, order in session.execute(query):
        if kind in ASSIGNED and (order or kind is not AssignmentKind.CURATOR):
            yield Piece(ASSIGNED[kind], f"assignment:{number}", on, graduate_id, number=order)


def _decisions(session: Session, scope: Scope) -> Iterator[Piece]:
    """The next decision on the category reviews the one before."""
    d = CategoryDecision
    query = select(d.id, d.starts_on, d.graduate_id).where(scope.holds(d.graduate_id))
    for number, on, graduate_id in session.execute(query):
        yield Piece(EvidenceKind.REVIEW, f"category:{number}", on, graduate_id)


def _events(session: Session, scope: Scope) -> Iterator[Piece]:
    o = Occurrence
    query = select(o.id, o.trigger, o.happened_on, o.graduate_id, o.agency_id, o.number).where(
        o.trigger.in_(FULFILS), o.annulled_on.is_(None), scope.holds(o.graduate_id)
    )
    for row in session.execute(query):
        yield Piece(FULFILS[row.trigger], f"occurrence:{row.id}", *row[2:])


SOURCES = (
    Source(frozenset({EvidenceKind.CONSENT}), _consents),
    Source(frozenset(ASSIGNED.values()), _assignments),
    Source(frozenset({EvidenceKind.REVIEW}), _decisions),
    Source(frozenset(FULFILS.values()), _events),
    *OF_SUPPORT,
    *OF_LETTERS,
)
LETTERS = frozenset({EvidenceKind.REFERRAL, EvidenceKind.NOTICE, EvidenceKind.REPLY})
OF_AGENCIES = LETTERS | OF_REPORTS | {EvidenceKind.SESSION, EvidenceKind.MEETING, EvidenceKind.APPROVAL}
DERIVED = OF_AGENCIES.union(*(source.kinds for source in SOURCES))


def pieces(session: Session, scope: Scope, kinds: Collection[EvidenceKind]) -> list[Piece]:
    """What the records of the people of a scope may fulfil, the earliest first."""
    found = [
        piece
        for source in SOURCES
        if not source.kinds.isdisjoint(kinds)
        for piece in source.read(session, scope)
        if piece.kind in kinds
    ]
    return sorted(_without_doubles(found), key=_order)


def pieces_of_agencies(session: Session, kinds: Collection[EvidenceKind], asked: Asked) -> list[Piece]:
    """What is about no person and fulfils a duty of the organisation; of letters and meetings those asked for."""
    found: list[Piece] = []
    if EvidenceKind.SESSION in kinds:
        found += _sessions(session)
    if EvidenceKind.MEETING in kinds:
        found += meetings(session, asked.agency_ids)
    if EvidenceKind.APPROVAL in kinds:
        found += approvals(session)
    if not OF_REPORTS.isdisjoint(kinds):
        found += submissions(session, asked.agency_ids)
    found += letters_of_agencies(session, kinds, asked)
    return sorted((piece for piece in found if piece.kind in kinds), key=_order)


def _sessions(session: Session) -> list[Piece]:
    """What is held for many people at once."""
    s = GroupSession
    query = select(s.id, s.kind, s.held_on, s.agency_id, s.number, s.year).where(s.annulled_on.is_(None))
    return [
        Piece(
            EvidenceKind.SESSION,
            f"session:{row.id}",
            row.held_on,
            agency_id=row.agency_id,
            number=f"{row.number}/{row.year}",
            of=frozenset({HELD[row.kind].value}),
            is_usual=False,
        )
        for row in session.execute(query.where(s.kind.in_(HELD)))
    ]


def _without_doubles(found: list[Piece]) -> Iterator[Piece]:
    """An event noted by hand beside its record, or two contacts of one day, are one piece."""
    told = {_day(piece) for piece in found if piece.is_usual and not _is_by_hand(piece)}
    contacts: dict[tuple[object, ...], Piece] = {}
    for piece in sorted(found, key=_order):
        if _is_by_hand(piece) and _day(piece) in told:
            continue
        if piece.kind is EvidenceKind.CONTACT:
            first = contacts.get(_day(piece), piece)
            contacts[_day(piece)] = replace(first, of=first.of | piece.of)
        else:
            yield piece
    yield from contacts.values()


def _is_by_hand(piece: Piece) -> bool:
    return piece.reference.startswith("occurrence:")


def _day(piece: Piece) -> tuple[object, ...]:
    return piece.kind, piece.graduate_id, piece.agency_id, piece.on


def _order(piece: Piece) -> tuple[object, ...]:
    return piece.on, piece.reference
