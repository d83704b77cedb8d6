"""The boxes of the desk: which letters of an organisation lie where, and how many there are in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models.base import LabelledEnum
from models.exchange import AT_RECIPIENT, Referral, ReferralStatus

S = ReferralStatus
OPEN = (*AT_RECIPIENT, S.ANSWERED, S.RETURNED)  # Neither a draft nor over.
WAITED_FOR = (*AT_RECIPIENT, ReferralStatus.RETURNED)  # Referral.is_late_on
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
    """How many letters lie in each box, and in the inbox: how many that nobody has received."""

    boxes: dict[Box, int]
    new: int


def parts_of(box: Box, *, agency_id: int, on: date) -> Sequence[ColumnElement[bool]]:
    """Conditions of a box, one for each index that finds its letters; no letter meets two of them."""
    r = Referral
    to_us, from_us = r.recipient_id == agency_id, r.sender_id == agency_id
    was_sent = r.sent_at.is_not(None)
    is_open = and_(r.closed_at.is_(None), was_sent)  # As the partial indices say it.
    is_late = and_(open_in(WAITED_FOR), r.answer_due_on < on)
    parts: dict[Box, Sequence[ColumnElement[bool]]] = {
        Box.INBOX: (and_(to_us, is_open),),
        Box.OUTBOX: (and_(from_us, is_open, r.status != S.RETURNED),),
        Box.AWAITED: (and_(from_us, open_in(AT_RECIPIENT), r.answer_due_on.is_not(None)),),
        Box.OVERDUE: (and_(to_us, is_late), and_(from_us, is_late)),
        Box.DRAFTS: (and_(from_us, r.sent_at.is_(None)), and_(from_us, open_in((S.RETURNED,)))),
        Box.ARCHIVE: (and_(to_us, was_sent, r.closed_at.is_not(None)), and_(from_us, r.closed_at.is_not(None))),
    }
    return parts[box]


def open_in(statuses: Sequence[ReferralStatus]) -> ColumnElement[bool]:
    """Open letters in some statuses; that they were sent is said by a comparison of which no range can be made.

    Else SQLite, which keeps no statistics, walks all that was ever sent instead of the index of what is open.
    """
    r = Referral
    return and_(r.closed_at.is_(None), r.sent_at != LONG_AGO, r.status.in_(statuses))


def lies_in(box: Box, *, agency_id: int, on: date) -> ColumnElement[bool]:
    return or_(*parts_of(box, agency_id=agency_id, on=on))


def counters(session: Session, *, agency_id: int, on: date) -> Counters:
    """All of them in one statement, which reads no letter twice, and nothing of the archive but an index."""
    tallies: dict[tuple[str, str], Any] = {}
    for row in session.execute(counting(agency_id=agency_id, on=on)):
        tallies[row.way, row.status] = row

    def total(way: str, statuses: Iterable[str], figure: str = "number") -> int:
        return sum(int(getattr(tallies[way, one], figure)) for one in statuses if (way, one) in tallies)

    came, went = total(CAME, OPEN), total(WENT, OPEN)
    returned = total(WENT, [S.RETURNED])
    ever = sum(total(way, [""]) for way in (EVER_CAME, EVER_WENT))
    found = {
        Box.INBOX: came,
        Box.OUTBOX: went - returned,
        Box.AWAITED: total(WENT, AT_RECIPIENT, "asked"),
        Box.OVERDUE: total(CAME, WAITED_FOR, "late") + total(WENT, WAITED_FOR, "late"),
        Box.DRAFTS: total(DRAFTED, [""]) + returned,
        Box.ARCHIVE: ever - came - went,
    }
    return Counters(found, total(CAME, [S.SENT]))


CAME, WENT, EVER_CAME, EVER_WENT, DRAFTED = "came", "went", "ever came", "ever went", "drafted"


def counting(*, agency_id: int, on: date) -> CompoundSelect[Any]:
    """Open letters by status, to us and from us; then all that were ever sent, and drafts."""
    r = Referral
    to_us, from_us, was_sent = r.recipient_id == agency_id, r.sender_id == agency_id, r.sent_at.is_not(None)
    return union_all(
        _open_of(CAME, to_us, on),
        _open_of(WENT, from_us, on),
        _all_of(EVER_CAME, to_us, was_sent),
        _all_of(EVER_WENT, from_us, was_sent),
        _all_of(DRAFTED, from_us, r.sent_at.is_(None)),
    )


def _open_of(way: str, side: ColumnElement[bool], on: date) -> Any:
    r = Referral
    figures = {"late": r.answer_due_on < on, "asked": r.answer_due_on.is_not(None)}
    sums = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in figures.items()]
    status = cast(r.status, String)
    query = select(literal(way).label("way"), status.label("status"), func.count().label("number"), *sums)
    return query.where(side, open_in(OPEN)).group_by(status)


def _all_of(way: str, *conditions: ColumnElement[bool]) -> Any:
    query = select(literal(way), literal(""), func.count(), literal(0), literal(0))
    return query.select_from(Referral).where(*conditions)


def new_in(agency_id: int) -> ColumnElement[bool]:
    """Letters that came and that nobody has received yet."""
    r = Referral
    is_new = r.status == ReferralStatus.SENT
    return and_(r.recipient_id == agency_id, is_new, r.closed_at.is_(None), r.sent_at.is_not(None))


def new_count(session: Session, *, agency_id: int) -> int:
    return int(session.scalar(select(func.count()).select_from(Referral).where(new_in(agency_id))) or 0)
