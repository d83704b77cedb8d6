"""What reports that are handed in fulfil: an approved report the duty to make it, a sent one the duty to send it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.exchange import OutgoingLetter, Referral
from models.rule_terms import EvidenceKind
from models.submissions import Submission, SubmissionRecipient, SubmissionStatus
from services.deadlines.letter_facts import NOT_SENT, day_of
from services.deadlines.piece import NOBODY_OF_OURS, OF_REPORTS, Piece


def submissions(session: Session, agency_ids: Collection[int]) -> Iterator[Piece]:
    """Of each approved report one piece, and one for each organisation that it was sent to; two statements."""
    s = Submission
    query = select(s.id, s.report, s.agency_id, s.period_key, s.specialist_id, s.is_nil, s.approved_at)
    query = query.where(s.agency_id.in_(agency_ids), s.status != SubmissionStatus.DRAFT).order_by(s.id)
    sent = _sent(session, agency_ids)
    for row in session.execute(query):
        period = row.period_key.partition("/")[0]
        of_period = not _is_day(period)
        piece = Piece(
            EvidenceKind.REPORT,
            f"submission:{row.id}",
            day_of(session, row.approved_at),
            agency_id=row.agency_id,
            of=frozenset({row.report}),
            is_usual=False,
            recipient_id=NOBODY_OF_OURS,
            is_nil=row.is_nil,
            period=period if of_period else "",
            user_id=row.specialist_id,
        )
        for one in (piece, *(replace(piece, **told) for told in sent.get(row.id, ()))):  # type: ignore[arg-type]
            yield from (replace(one, kind=kind) for kind in OF_REPORTS if not _is_unsent(one, kind))


def _is_unsent(piece: Piece, kind: EvidenceKind) -> bool:
    """What nobody has got does not fulfil the duty to send it."""
    return kind is EvidenceKind.SUBMISSION and piece.recipient_id == NOBODY_OF_OURS


def _is_day(period: str) -> bool:
    """2026-10-01, or the window of a list."""
    return ".." in period or period.count("-") == 2


def _sent(session: Session, agency_ids: Collection[int]) -> dict[int, list[dict[str, object]]]:
    """Submission → to whom it went, when and under which number; letters that were taken back are left out."""
    p, s, r, o = SubmissionRecipient, Submission, Referral, OutgoingLetter
    query = (
        select(p.id, p.submission_id, p.agency_id, p.sent_at, r.sent_on, o.number, o.year)
        .join(s, s.id == p.submission_id)
        .outerjoin(r, r.id == p.referral_id)
        .outerjoin(o, (o.referral_id == r.id) & (o.agency_id == r.sender_id) & o.message_id.is_(None))
        .where(s.agency_id.in_(agency_ids), r.id.is_(None) | r.status.not_in(NOT_SENT))
        .order_by(p.id, o.id)
    )
    found: dict[int, list[dict[str, object]]] = {}
    for row in session.execute(query):
        told: dict[str, object] = {
            "reference": f"submission:{row.submission_id}/{row.id}",
            "on": row.sent_on or day_of(session, row.sent_at),
            "recipient_id": row.agency_id,
            "number": f"{row.number}/{row.year}" if row.number else "",
        }
        found.setdefault(row.submission_id, []).append(told)
    return found
