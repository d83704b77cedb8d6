"""Letters of the period by their kinds: how many were answered in time, and how many late (domain §6.2, 8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models.exchange import AT_RECIPIENT, Referral, ReferralStatus
from reports import scope
from reports.base import Desk
from reports.figures import Count, Records, SplitTable

NOTE = "Отозванные письма не считаются. С нарушением – ответ после срока, или срок прошёл, а ответа нет."
WAITED_FOR = (*AT_RECIPIENT, ReferralStatus.RETURNED)


def sent(desk: Desk) -> SplitTable:
    return _by_kind(desk, "letters-out", "Отправленные письма", Referral.sender_id, "Отправлено", NOTE)


def received(desk: Desk) -> SplitTable:
    return _by_kind(desk, "letters-in", "Полученные письма", Referral.recipient_id, "Получено", "")


def letters(desk: Desk, side: Any) -> Records:
    """Letters of one side of the period, by the day on which they were sent."""
    conditions = (
        scope.within(desk, side),
        scope.during(Referral.sent_on, desk.parameters.span),
        Referral.status.not_in((ReferralStatus.DRAFT, ReferralStatus.REVOKED)),
    )
    return Records(Referral, conditions, day=Referral.sent_on)


def _by_kind(desk: Desk, key: str, title: str, side: Any, heading: str, note: str) -> SplitTable:
    """A kind is called as its letters call it, also where no regulation has it any more."""
    counts = (
        Count("letters", heading),
        Count("asked", "Ждали ответа", Referral.answer_due_on.is_not(None)),
        Count("in-time", "Ответ в срок", in_time(desk)),
        Count("late", "С нарушением", late(desk)),
    )
    return SplitTable(key, title, "Вид письма", letters(desk, side), Referral.kind_title, (), counts, note=note)


def in_time(desk: Desk) -> ColumnElement[bool]:
    answered = Referral.answered_on
    return and_(answered <= Referral.answer_due_on, answered <= desk.parameters.on)


def late(desk: Desk) -> ColumnElement[bool]:
    on, r = desk.parameters.on, Referral
    is_silent = and_(r.answered_on.is_(None), r.status.in_(WAITED_FOR))
    return and_(r.answer_due_on < on, or_(r.answered_on > r.answer_due_on, is_silent))
