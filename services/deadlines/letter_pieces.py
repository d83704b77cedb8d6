"""What letters fulfil: a letter that was sent, and the answer to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, null, or_, select
from sqlalchemy.orm import Session

from models.exchange import OutgoingLetter, Referral, ReferralPerson, ReferralStatus
from models.meetings import Decision
from models.rule_terms import EvidenceKind
from services.deadlines.fact import Rows
from services.deadlines.letter_facts import NOT_SENT, day_of, is_about_nobody
from services.deadlines.people import Scope
from services.deadlines.piece import NOBODY_OF_OURS, Piece, Source

K, S = EvidenceKind, ReferralStatus
NOBODY: Any = null().label("graduate_id")
MANY = 500  # Letters asked for by number; beyond it by their organisations alone.


@dataclass(frozen=True)
class Asked:
    """Which letters obligations about nobody may be fulfilled by; `ids`: those that the answers are waited for."""

    agency_ids: frozenset[int]
    kinds: frozenset[str]
    since: date
    ids: frozenset[int]


# -- Letters that were sent ------------------------------------------------------------------------------------------


def _letters(*columns: Any) -> Rows:
    """Sent and not taken back, with the number; what was passed on stands for no second letter of its sender."""
    r, o = Referral, OutgoingLetter
    own = and_(o.referral_id == r.id, o.agency_id == r.sender_id, o.message_id.is_(None))
    query = select(r.id, r.kind_key, r.sent_on, r.sender_id, r.recipient_id, r.subject, o.number, o.year, *columns)
    query = query.outerjoin(o, own).where(r.status.not_in(NOT_SENT), r.sender_id.is_not(None), r.origin_id.is_(None))
    return query.order_by(r.id, o.id.desc())


def _sent_about_people(session: Session, scope: Scope) -> Iterator[Piece]:
    p = ReferralPerson
    query = _letters(p.graduate_id).join(p, p.referral_id == Referral.id).where(scope.holds(p.graduate_id))
    yield from _pieces(session, query)


def _pieces(session: Session, query: Rows) -> Iterator[Piece]:
    """Each letter, once for each kind of evidence and person; sent anew, it bears its last number."""
    rows = session.execute(query).all()
    decisions = _decisions(session, {row.id for row in rows})
    seen = set()
    for row in rows:
        if (row.id, row.graduate_id) not in seen:
            seen.add((row.id, row.graduate_id))
            yield from _of_letter(row, decisions[row.id])


def _of_letter(row: Any, decisions: list[str]) -> Iterator[Piece]:
    """It tells of one fact; of decisions it may carry several, and each counts."""
    piece = Piece(
        K.REFERRAL,
        f"referral:{row.id}",
        row.sent_on,
        row.graduate_id,
        row.sender_id,
        f"{row.number}/{row.year}" if row.number else "",
        of=frozenset({row.kind_key, row.kind_key.partition("/")[2]}),
        is_usual=False,
        recipient_id=row.recipient_id or NOBODY_OF_OURS,
    )
    facts = list(dict.fromkeys((*((row.subject,) if row.subject else ()), *decisions)))
    for place, fact in enumerate(facts or [""]):
        reference = f"{piece.reference}/{place}" if place else piece.reference
        one = replace(piece, reference=reference, about=frozenset({fact} if fact else ()))
        yield from (one, replace(one, kind=K.NOTICE))


def _decisions(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    """Letter → the decisions that it carries."""
    d = Decision
    found: dict[int, list[str]] = defaultdict(list)
    query = select(d.referral_id, d.id).where(d.referral_id.is_not(None)).order_by(d.id)
    for referral_id, number in session.execute(query.where(d.referral_id.in_(ids)) if len(ids) <= MANY else query):
        found[referral_id or 0].append(f"decision:{number}")
    return found


# -- Answers ---------------------------------------------------------------------------------------------------------


def _answers(*columns: Any) -> Rows:
    """Answered, or declined with a reason: that is an answer too."""
    r = Referral
    query = select(r.id, r.kind_key, r.sender_id, r.recipient_id, r.answered_on, r.closed_at, *columns)
    return query.where(or_(r.answered_on.is_not(None), r.status == S.DECLINED), r.status.not_in(NOT_SENT))


def _answered_about_people(session: Session, scope: Scope) -> Iterator[Piece]:
    p = ReferralPerson
    query = _answers(p.graduate_id).join(p, p.referral_id == Referral.id).where(scope.holds(p.graduate_id))
    yield from _replies(session, query)


def _replies(session: Session, query: Rows) -> Iterator[Piece]:
    """One for the recipient, who owed it; one for the sender, who waited."""
    for row in session.execute(query.order_by(Referral.id)):
        piece = Piece(
            K.REPLY,
            f"referral:{row.id}",
            row.answered_on or day_of(session, row.closed_at),
            row.graduate_id,
            about=frozenset({f"referral:{row.id}"}),
            of=frozenset({row.kind_key, row.kind_key.partition("/")[2]}),
        )
        if row.recipient_id is not None:
            yield replace(piece, agency_id=row.recipient_id, recipient_id=row.sender_id or NOBODY_OF_OURS)
        if row.sender_id is not None:
            yield replace(piece, agency_id=row.sender_id)


# -- Of organisations ------------------------------------------------------------------------------------------------


def letters_of_agencies(session: Session, kinds: Collection[EvidenceKind], asked: Asked) -> Iterator[Piece]:
    """Letters about nobody or several; one of a kind that may name several counts even where it names one person."""
    r = Referral
    if not {K.REFERRAL, K.NOTICE}.isdisjoint(kinds):
        may_name_several = r.terms["about"].as_string() != "person"
        query = _letters().where(or_(is_about_nobody(), may_name_several), r.sender_id.in_(asked.agency_ids))
        query = query.where(r.kind_key.in_(asked.kinds), r.sent_on >= asked.since)
        yield from _pieces(session, query.add_columns(NOBODY))
    if K.REPLY in kinds:
        query = _answers(NOBODY).where(is_about_nobody())
        sides = or_(r.sender_id.in_(asked.agency_ids), r.recipient_id.in_(asked.agency_ids))
        query = query.where(r.id.in_(asked.ids) if len(asked.ids) <= MANY else sides)
        yield from _replies(session, query)


OF_LETTERS = (
    Source(frozenset({K.REFERRAL, K.NOTICE}), _sent_about_people),
    Source(frozenset({K.REPLY}), _answered_about_people),
)
