"""How submissions look: chips of their states and rows, their addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.exchange import OutgoingLetter, Referral
from models.submissions import RowChange, RowState, Submission, SubmissionStatus
from services.submissions.common import short_title
from views.extensions import db
from views.formats import chip, ru_date

STATUS = {
    SubmissionStatus.DRAFT: ("grey", "pencil"),
    SubmissionStatus.APPROVED: ("blue", "lock"),
    SubmissionStatus.SENT: ("blue", "mail"),
    SubmissionStatus.ACCEPTED: ("green", "circle-check"),
    SubmissionStatus.PARTLY: ("amber", "alert-triangle"),
    SubmissionStatus.RETURNED: ("red", "arrow-back-up"),
}
ROW_STATE = {
    RowState.INCLUDED: ("green", "circle-check"),
    RowState.BLOCKED: ("red", "alert-circle"),
    RowState.LEFT_OUT: ("grey", "ban"),
}
ROW_CHANGE = {
    RowChange.NEW: ("blue", "plus"),
    RowChange.CHANGED: ("amber", "pencil"),
    RowChange.SAME: ("grey", "point"),
    RowChange.GONE: ("grey", "x"),
}
WAITING = ("amber", "clock")


def status_chip(status: SubmissionStatus, *, is_asked: bool = False) -> Markup:
    if status is SubmissionStatus.DRAFT and is_asked:
        return chip("ждёт утверждения", *WAITING)
    return chip(status.label, *STATUS[status])


def state_chip(state: RowState) -> Markup:
    return chip(state.label, *ROW_STATE[state])


def change_chip(change: RowChange) -> Markup:
    return chip(change.label, *ROW_CHANGE[change])


def submission_url(submission_id: int, **args: Any) -> str:
    return url_for("submissions.show", submission_id=submission_id, **args)


def submission_link(submission: Submission) -> Markup:
    return Markup('<a href="{}">{}</a>').format(submission_url(submission.id), short_title(submission))


def due_text(due_on: date, today: date) -> str:
    """«к сдаче до 05.10.2026», «срок истёк 05.10.2026»."""
    return f"срок истёк {ru_date(due_on)}" if due_on < today else f"к сдаче до {ru_date(due_on)}"


def due_chip(due_on: date, soon_on: date, today: date) -> Markup:
    if due_on < today:
        return chip(due_text(due_on, today), "red", "alert-circle")
    return chip(due_text(due_on, today), "amber" if soon_on <= today else "blue", "clock")


def numbers_of(referral_ids: list[int]) -> dict[int, str]:
    """Letter → its outgoing number; one statement."""
    o = OutgoingLetter
    query = select(o.referral_id, o.number, o.year).join(Referral, Referral.id == o.referral_id)
    query = query.where(o.referral_id.in_(referral_ids), o.agency_id == Referral.sender_id, o.message_id.is_(None))
    return {row.referral_id: f"{row.number}/{row.year}" for row in db.session.execute(query.order_by(o.id))}
