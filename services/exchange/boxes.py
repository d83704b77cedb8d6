"""The boxes of the desk: which letters of an organisation lie where, and how many there are in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.base import LabelledEnum
from models.exchange import AT_RECIPIENT, Referral, ReferralStatus

WAITED_FOR = (*AT_RECIPIENT, ReferralStatus.RETURNED)  # Referral.is_late_on
SHOWN_URGENT = 5


class Box(LabelledEnum):
    """An open letter lies in one of inbox, outbox, drafts; what is over in the archive; the others are cuts."""

    INBOX = "in", "Входящие"
    OUTBOX = "out", "Исходящие"
    AWAITED = "awaited", "Ждём ответа"
    OVERDUE = "overdue", "Просрочено"
    DRAFTS = "drafts", "Черновики"
    ARCHIVE = "archive", "Архив"


@dataclass(frozen=True)
class Counters:
    """How many letters lie in each box; of the inbox: that nobody has received, and that wait to be acknowledged."""

    boxes: dict[Box, int]
    new: int
    urgent: int


def parts_of(box: Box, *, agency_id: int, on: date) -> Sequence[ColumnElement[bool]]:
    """Conditions of a box, one for each index that finds its letters; no letter meets two of them."""
    r = Referral
    to_us, from_us = r.recipient_id == agency_id, r.sender_id == agency_id
    was_sent = r.sent_at.is_not(None)
    is_open = and_(r.closed_at.is_(None), was_sent)  # As the partial indices say it.
    is_late = and_(is_open, r.status.in_(WAITED_FOR), r.answer_due_on < on)
    returned = r.status == ReferralStatus.RETURNED
    parts: dict[Box, Sequence[ColumnElement[bool]]] = {
        Box.INBOX: (and_(to_us, is_open),),
        Box.OUTBOX: (and_(from_us, is_open, ~returned),),
        Box.AWAITED: (and_(from_us, is_open, r.status.in_(AT_RECIPIENT), r.answer_due_on.is_not(None)),),
        Box.OVERDUE: (and_(to_us, is_late), and_(from_us, is_late)),
        Box.DRAFTS: (and_(from_us, r.sent_at.is_(None)), and_(from_us, is_open, returned)),
        Box.ARCHIVE: (and_(to_us, was_sent, r.closed_at.is_not(None)), and_(from_us, r.closed_at.is_not(None))),
    }
    return parts[box]


def lies_in(box: Box, *, agency_id: int, on: date) -> ColumnElement[bool]:
    return or_(*parts_of(box, agency_id=agency_id, on=on))


def counters(session: Session, *, agency_id: int, on: date) -> Counters:
    """All of them in one statement, each counted in an index."""
    row = session.execute(counting(agency_id=agency_id, on=on)).one()
    archived = row.received + row.sent - row.open_received - row.open_sent
    found: dict[Box, int] = {box: int(getattr(row, box.name)) for box in Box if box is not Box.ARCHIVE}
    return Counters({**found, Box.ARCHIVE: int(archived)}, int(row.new), int(row.urgent))


def counting(*, agency_id: int, on: date) -> Any:
    """The archive is what was ever sent without what is open: so it need not be read to be counted."""
    r = Referral
    to_us, from_us, was_sent = r.recipient_id == agency_id, r.sender_id == agency_id, r.sent_at.is_not(None)
    is_open = r.closed_at.is_(None)
    named = [_count_of(box, agency_id, on).label(box.name) for box in Box if box is not Box.ARCHIVE]
    return select(
        *named,
        _count(new_in(agency_id)).label("new"),
        _count(urgent_in(agency_id)).label("urgent"),
        _count(to_us, was_sent).label("received"),
        _count(from_us, was_sent).label("sent"),
        _count(to_us, was_sent, is_open).label("open_received"),
        _count(from_us, was_sent, is_open).label("open_sent"),
    )


def _count_of(box: Box, agency_id: int, on: date) -> Any:
    first, *others = (_count(part) for part in parts_of(box, agency_id=agency_id, on=on))
    return sum(others, start=first)


def _count(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Referral).where(*conditions).scalar_subquery()


def new_in(agency_id: int) -> ColumnElement[bool]:
    """Letters that came and that nobody has received yet."""
    r = Referral
    is_new = r.status == ReferralStatus.SENT
    return and_(r.recipient_id == agency_id, is_new, r.closed_at.is_(None), r.sent_at.is_not(None))


def new_count(session: Session, *, agency_id: int) -> int:
    return int(session.scalar(select(func.count()).select_from(Referral).where(new_in(agency_id))) or 0)


def urgent_in(agency_id: int) -> ColumnElement[bool]:
    """Emergency notices whose receipt nobody has confirmed."""
    return and_(new_in(agency_id), Referral.acknowledge_by.is_not(None), Referral.acknowledged_at.is_(None))


def urgent(session: Session, *, agency_id: int) -> Sequence[Referral]:
    """The first of them, the most pressing one first."""
    query = select(Referral).where(urgent_in(agency_id)).order_by(Referral.acknowledge_by, Referral.id)
    return session.scalars(query.limit(SHOWN_URGENT)).all()
