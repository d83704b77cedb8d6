"""Evidence that follows from records: a consent, a contract, a visit closes the duty that asks for it.

It is read anew whenever the records change, so a corrected record corrects what it fulfilled, and the order in which
records are entered makes no difference. Marks by hand are never touched here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.context import actor_of
from models.deadlines import Deadline, DeadlineEvidence
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleTerms
from services.deadlines.letter_pieces import Asked
from services.deadlines.letters import Letters
from services.deadlines.people import Scope, scope_of
from services.deadlines.piece import Duty, Piece, fits
from services.deadlines.pieces import DERIVED, OF_AGENCIES, pieces, pieces_of_agencies
from services.deadlines.run import HELD, Made
from services.deadlines.verbs import BY_HAND, settle, spare_alternatives

FEW = 500  # People of whom records are read by number, not by the whole part.
OF_SEVERAL = frozenset({EvidenceKind.ACT})  # A survey answers every message about the person that came before it.
Chosen = list[tuple[Duty, dict[str, Piece]]]


@dataclass(frozen=True)
class _OfNobody:
    """Obligations of organisations as such; of these those by some kinds of evidence, or some letters may close."""

    kinds: frozenset[EvidenceKind]
    letters: Letters | None


Whose = Scope | _OfNobody


def sync(
    session: Session,
    *,
    scope: Scope | None,
    now: datetime,
    kinds: frozenset[EvidenceKind] | None = None,
    letters: Letters | None = None,
) -> Made:
    """Bring the obligations of some people (no scope: of organisations as such) into agreement with their records.

    `kinds`, `letters`: of organisations only those by such evidence, and those that the letters may close.
    """
    made = Made()
    whom: Whose = scope or _OfNobody(OF_AGENCIES if kinds is None else OF_AGENCIES & kinds, letters)
    for _ in range(3):  # An alternative that is asked for again may have its record too.
        wrong = _out_of_step(session, whom)
        if not wrong:
            break
        held = _held(session, [duty.id for duty in wrong])
        if scope is not None:
            whom = scope_of([duty.graduate_id or 0 for duty in wrong])
        is_settled_otherwise = False
        for duty, chosen in _chosen(session, whom):  # As it is now that nobody else can change it.
            if duty.id in held and _differs(duty, chosen):
                is_settled_otherwise |= _settle(session, held[duty.id], chosen, made, now)
        if not is_settled_otherwise:
            break
    return made


def _out_of_step(session: Session, scope: Whose) -> list[Duty]:
    return [duty for duty, chosen in _chosen(session, scope) if _differs(duty, chosen)]


def _differs(duty: Duty, chosen: dict[str, Piece]) -> bool:
    return duty.records != {reference: piece.on for reference, piece in chosen.items()}


def _chosen(session: Session, scope: Whose) -> Chosen:
    """Which records fulfil which duty: one record one duty of a rule, unless it is `OF_SEVERAL`; the earliest first."""
    duties = _duties(session, scope)
    found: dict[int | None, list[Piece]] = defaultdict(list)
    for piece in _pieces(session, scope, duties):
        found[piece.graduate_id].append(piece)
    used: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for duty in duties:
        if duty.is_closed:
            used[duty.rule_key, duty.graduate_id].update(duty.records)
    chosen: Chosen = []
    for duty in duties:
        if duty.is_closed:
            continue
        taken = set() if duty.terms.evidence in OF_SEVERAL else used[duty.rule_key, duty.graduate_id]
        wanted = max(duty.required - duty.marks, 0)
        fitting = (piece for piece in found[duty.graduate_id] if piece.reference not in taken and fits(duty, piece))
        mine = {piece.reference: piece for piece, _ in zip(fitting, range(wanted), strict=False)}
        taken.update(mine)
        chosen.append((duty, mine))
    return chosen


def _pieces(session: Session, scope: Whose, duties: Collection[Duty]) -> list[Piece]:
    """Only what some duty asks for, and only of the people whose duties they are."""
    kinds = {duty.terms.evidence for duty in duties if duty.terms.evidence is not None}
    if isinstance(scope, _OfNobody):
        return pieces_of_agencies(session, kinds, _asked(duties)) if duties else []
    people = {duty.graduate_id or 0 for duty in duties}
    return pieces(session, scope_of([*people]) if 0 < len(people) <= FEW else scope, kinds) if people else []


def _asked(duties: Collection[Duty]) -> Asked:
    letters = (duty.source.partition(":") for duty in duties if duty.terms.evidence is EvidenceKind.REPLY)
    return Asked(
        agency_ids=frozenset(duty.agency_id for duty in duties),
        kinds=frozenset(word for duty in duties for word in duty.terms.evidence_of),
        since=min(duty.opens_on if duty.event_on is None else min(duty.opens_on, duty.event_on) for duty in duties),
        ids=frozenset(int(number) for name, _, number in letters if name == "referral"),
    )


# -- The duties ------------------------------------------------------------------------------------------------------


def _duties(session: Session, scope: Whose) -> list[Duty]:
    """Duties that records may close, or have closed; the earliest first."""
    d = Deadline
    kinds = scope.kinds if isinstance(scope, _OfNobody) else DERIVED
    used = select(d.rule_id).where(_whose(scope))
    rules = session.execute(select(DeadlineRule.id, DeadlineRule.terms_data).where(DeadlineRule.id.in_(used)))
    terms = {number: said for number, data in rules if (said := RuleTerms.of(data)).evidence in kinds}
    whose = _whose(scope) & d.rule_id.in_(terms)
    if isinstance(scope, _OfNobody) and scope.letters is not None:
        whose &= scope.letters.may_close(terms)
    records, marks = _noted(session, whose)
    query = (
        select(
            *(d.id, d.rule_key, d.agency_id, d.graduate_id, d.subject, d.opens_on, d.nominal_on, d.event_on),
            *(d.required, d.done_on.is_not(None).label("is_done"), d.closing.is_not(None).label("is_closed")),
            *(d.recipient_id, d.period, d.user_id, d.rule_id),
        )
        .where(whose)
        .order_by(d.due_on, d.id)
    )
    rows: list[Any] = [row for row in session.execute(query) if row.id in records or not (row.is_done or row.is_closed)]
    return [Duty(terms[row.rule_id], records.get(row.id, {}), marks.get(row.id, 0), *row[:-1]) for row in rows]


def _noted(session: Session, whose: ColumnElement[bool]) -> tuple[dict[int, dict[str, date]], dict[int, int]]:
    """Of each obligation: the records that fulfil it so far, with their days, and how many marks by hand there are."""
    e = DeadlineEvidence
    is_by_hand = func.substr(e.reference, 1, len(BY_HAND)) == BY_HAND
    query = select(e.deadline_id, e.reference, e.happened_on).join(e.deadline).where(whose)
    records: dict[int, dict[str, date]] = defaultdict(dict)
    for deadline_id, reference, on in session.execute(query.where(~is_by_hand)):
        records[deadline_id][reference] = on
    marked = select(e.deadline_id, func.count()).join(e.deadline).where(whose, is_by_hand).group_by(e.deadline_id)
    return records, {row[0]: row[1] for row in session.execute(marked)}


def _whose(scope: Whose) -> ColumnElement[bool]:
    if isinstance(scope, _OfNobody):
        return Deadline.graduate_id.is_(None)
    return scope.holds(Deadline.graduate_id)


# -- Writing ---------------------------------------------------------------------------------------------------------


def _held(session: Session, ids: list[int]) -> dict[int, Deadline]:
    """Held in one order until the part is done: whoever settles the same duties waits, and then looks again."""
    found: dict[int, Deadline] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), HELD):
        some = select(Deadline).where(Deadline.id.in_(wanted[start : start + HELD])).order_by(Deadline.id)
        some = some.with_for_update().execution_options(populate_existing=True)
        found |= {deadline.id: deadline for deadline in session.scalars(some)}
    return found


def _settle(session: Session, deadline: Deadline, chosen: dict[str, Piece], made: Made, now: datetime) -> bool:
    """Note exactly the chosen records; whether that changed what is asked for elsewhere."""
    was_done, missing = deadline.done_on, dict(chosen)
    for record in list(_by_record(deadline)):
        piece = missing.pop(record.reference, None)
        if piece is None:  # The record was corrected or is gone, or an earlier one does.
            deadline.evidence.remove(record)
        elif record.happened_on != piece.on:
            record.happened_on = piece.on
    deadline.evidence.extend(_evidence(session, piece, now) for piece in missing.values())
    settle(deadline)
    if deadline.done_on == was_done:
        return False
    made.done += deadline.done_on is not None
    if deadline.done_on is None:
        made.freed.add(deadline.id)
    session.flush()
    return spare_alternatives(session, deadline=deadline)


def _by_record(deadline: Deadline) -> Iterator[DeadlineEvidence]:
    return (record for record in deadline.evidence if not record.reference.startswith(BY_HAND))


def _evidence(session: Session, piece: Piece, now: datetime) -> DeadlineEvidence:
    said: dict[str, Any] = {"kind": piece.kind, "reference": piece.reference, "number": piece.number}
    said |= {"is_nil": piece.is_nil, "note": "", "noted_by_id": actor_of(session).user_id}
    return DeadlineEvidence(**said, happened_on=piece.on, noted_at=now)
