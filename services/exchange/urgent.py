"""Emergency notices whose receipt nobody has acknowledged yet (vologda 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, union_all
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralStatus
from models.notifications import NoticeKind
from services.exchange.telling import tell

MOST = 20  # Lines of a strip; the desk has all of them.


def waiting(session: Session, *, viewer: Viewer) -> Sequence[Referral]:
    """Notices that the viewer's organisation has to acknowledge or waits to see acknowledged, the latest first."""
    r = Referral
    sides = (r.recipient_id == viewer.agency_id, r.sender_id == viewer.agency_id)
    numbers = union_all(*(select(r.id).where(side, _is_waiting()) for side in sides)).subquery()
    query = select(r).where(r.id.in_(select(numbers.c.id))).order_by(r.acknowledge_by, r.id).limit(MOST)
    return session.scalars(query).all()


def _is_waiting() -> ColumnElement[bool]:
    """As the partial indexes of the open letters say it; whatever was received, returned or is over is not waiting."""
    r = Referral
    is_open = and_(r.closed_at.is_(None), r.sent_at.is_not(None), r.status == ReferralStatus.SENT)
    return and_(is_open, r.acknowledge_by.is_not(None), r.acknowledged_at.is_(None))


def remind_heads(session: Session, *, on: date, now: datetime) -> int:
    """Tell the heads of both sides once a day of every notice that is still not acknowledged; how many are told."""
    query = select(Referral).where(_is_waiting(), Referral.acknowledge_by <= now).order_by(Referral.id)
    told = 0
    for referral in session.scalars(query).all():
        for agency_id in (referral.recipient_id, referral.sender_id):
            told += tell(
                session,
                referral=referral,
                agency_id=agency_id,
                what="получение до сих пор не подтверждено",
                key=f"letter:unacknowledged:{on:%Y%m%d}",
                kind=NoticeKind.EMERGENCY,
                at=now,
                to_heads=True,
            )
    return told
