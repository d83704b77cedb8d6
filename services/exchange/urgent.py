"""Emergency notices whose receipt nobody has acknowledged yet (vologda 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, select, union_all
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralStatus
from models.notifications import NoticeKind
from services.exchange.boxes import open_in
from services.exchange.telling import tell

MOST = 20  # Lines of a strip; the desk has all of them.


def waiting(session: Session, *, viewer: Viewer) -> Sequence[Referral]:
    """Notices that the viewer's organisation has to acknowledge or waits to see acknowledged, the latest first."""
    r, found = Referral, numbers(viewer.agency_id).subquery()
    query = select(r).where(r.id.in_(select(found.c.id))).order_by(r.acknowledge_by, r.id).limit(MOST)
    return session.scalars(query).all()


def numbers(agency_id: int) -> CompoundSelect[int]:
    """Of the notices that wait, to an organisation and from it."""
    r = Referral
    sides = (r.recipient_id == agency_id, r.sender_id == agency_id)
    return union_all(*(select(r.id).where(side, _is_waiting()) for side in sides))


def _is_waiting() -> ColumnElement[bool]:
    """Whatever was received, returned or is over is not waiting."""
    r = Referral
    return and_(open_in((ReferralStatus.SENT,)), r.acknowledge_by.is_not(None), r.acknowledged_at.is_(None))


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
