"""Letters that carry a report (services.submissions): what becomes of the letter is noted with the report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral
from models.submissions import Submission, SubmissionEvent, SubmissionRecipient, SubmissionStatus, SubmissionStep
from services.errors import need
from services.exchange.common import who

SUBJECT = "submission:"
ON_ITS_PAGE = "Это письмо к отчёту: примите или верните отчёт на его странице, там можно вернуть и отдельные строки."


def carries_report(referral: Referral) -> bool:
    return referral.subject.startswith(SUBJECT)


def submission_id_of(referral: Referral) -> int | None:
    """The number of the report that a letter carries."""
    number = referral.subject.removeprefix(SUBJECT)
    return int(number) if carries_report(referral) and number.isdecimal() else None


def need_no_report(referral: Referral) -> None:
    """A report is returned row by row, not its letter. Raises Refused."""
    need(not carries_report(referral), ON_ITS_PAGE)


def note_received(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """The letter was registered: the report has been received."""
    recipient = _recipient(session, referral)
    if recipient is None or recipient.received_at is not None:
        return
    recipient.received_at = now
    _note(session, recipient.submission, SubmissionStep.RECEIVED, by, now)


def note_revoked(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """The letter was taken back: with its last recipient the report counts as not sent, and may be drawn up anew."""
    recipient = _recipient(session, referral)
    if recipient is None:
        return
    submission = recipient.submission
    if recipient.status is SubmissionStatus.SENT:
        recipient.status, recipient.decided_at = SubmissionStatus.RETURNED, now
        recipient.who, recipient.note = who(session, by), f"Отозвано отправителем: {reason.strip()}"
    submission.status = status_of([one.status for one in submission.recipients])
    _note(session, submission, SubmissionStep.REVOKED, by, now, reason)


def status_of(decisions: list[SubmissionStatus]) -> SubmissionStatus:
    """The status of a report follows its recipients: as long as one of them has not decided it is on its way."""
    s = SubmissionStatus
    if s.SENT in decisions:
        return s.SENT
    if len(set(decisions)) == 1:
        return decisions[0]
    return s.PARTLY


def _recipient(session: Session, referral: Referral) -> SubmissionRecipient | None:
    if not carries_report(referral):
        return None
    return session.scalars(select(SubmissionRecipient).where(SubmissionRecipient.referral_id == referral.id)).first()


def _note(
    session: Session, submission: Submission, step: SubmissionStep, by: Viewer, now: datetime, note: str = ""
) -> None:
    event = SubmissionEvent(step=step, at=now, agency_id=by.agency_id, user_id=by.user_id, who=who(session, by))
    event.note = note.strip()[:500]
    submission.events.append(event)
    session.flush()
