"""What a recipient does with a report: receives it, accepts all or a part of its rows, returns it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralStatus, ReplyOutcome
from models.exchange_access import acts_for_recipient
from models.submissions import (
    ReturnedRow,
    RowState,
    Submission,
    SubmissionRecipient,
    SubmissionRow,
    SubmissionStatus,
    SubmissionStep,
)
from services.errors import Refused, need
from services.exchange import workflow
from services.exchange.common import kind_as_written
from services.exchange.submitted import status_of
from services.submissions.common import S, StaleSubmission, Step, note_step, tell, who

NOT_RECIPIENT = "Это может только получатель отчёта."
REVOKED = "Письмо с отчётом отозвано отправителем: решать по нему нечего."
OUTCOMES = {S.ACCEPTED: ReplyOutcome.RESOLVED, S.PARTLY: ReplyOutcome.PARTLY, S.RETURNED: ReplyOutcome.REFUSED}


def recipient_of(submission: Submission, by: Viewer) -> SubmissionRecipient | None:
    """As which recipient the viewer acts: the own organisation, or one without accounts for which the sender writes."""
    return next((one for one in submission.recipients if one.agency_id == by.agency_id), None)


def may_decide(session: Session, *, recipient: SubmissionRecipient, by: Viewer) -> bool:
    """The recipient's own people; for one without accounts the sender's, who write down what came on paper."""
    letter = session.get(Referral, recipient.referral_id) if recipient.referral_id is not None else None
    if letter is None:
        return by.is_administrator or by.agency_id == recipient.agency_id
    return acts_for_recipient(by, letter)


def opened(session: Session, *, submission_id: int, by: Viewer, now: datetime) -> bool:
    """Somebody of a recipient opened the report for the first time: its receipt. Once, whoever opens it at once."""
    r = SubmissionRecipient
    statement = update(r).where(r.submission_id == submission_id, r.agency_id == by.agency_id, r.received_at.is_(None))
    statement = statement.values(received_at=now).execution_options(synchronize_session=False)
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        return False
    note_step(session, submission=session.get_one(Submission, submission_id), step=Step.RECEIVED, by=by, now=now)
    return True


def accept(session: Session, *, recipient: SubmissionRecipient, note: str = "", by: Viewer, now: datetime) -> None:
    """All of it. Raises Refused, StaleSubmission."""
    _decide(session, recipient, S.ACCEPTED, note, by, now)


def accept_partly(
    session: Session, *, recipient: SubmissionRecipient, reasons: Mapping[int, str], by: Viewer, now: datetime
) -> None:
    """All but the rows that are returned, each with a reason: row → reason. Raises Refused, StaleSubmission."""
    need(reasons, "Отметьте строки, которые возвращаете.")
    rows = _rows(session, recipient, list(reasons))
    for row in rows.values():
        told = f"Строка {row.position} ({row.name}): укажите, что исправить."
        need(reasons[row.id].strip(), told, field=f"row-{row.id}")
        need(len(reasons[row.id].strip()) <= 500, "Не длиннее 500 знаков.", field=f"row-{row.id}")
    _decide(session, recipient, S.PARTLY, f"Возвращено строк: {len(rows)}", by, now)
    recipient.returned_rows = [ReturnedRow(row_id=row.id, reason=reasons[row.id].strip()) for row in rows.values()]
    session.flush()


def give_back(session: Session, *, recipient: SubmissionRecipient, reason: str, by: Viewer, now: datetime) -> None:
    """Return the whole report with a reason. Raises Refused, StaleSubmission."""
    need(reason.strip(), "Напишите, что исправить.", field="reason")
    _decide(session, recipient, S.RETURNED, reason, by, now)


def remarks(session: Session, *, submission: Submission) -> dict[int | None, list[tuple[str, str]]]:
    """What recipients of the edition before said of its rows: card → (who, reason)."""
    if submission.previous_id is None:
        return {}
    query = (
        select(SubmissionRow.graduate_id, SubmissionRecipient.who, ReturnedRow.reason)
        .join(ReturnedRow, ReturnedRow.row_id == SubmissionRow.id)
        .join(SubmissionRecipient, SubmissionRecipient.id == ReturnedRow.recipient_id)
        .where(SubmissionRecipient.submission_id == submission.previous_id)
        .order_by(ReturnedRow.id)
    )
    found: dict[int | None, list[tuple[str, str]]] = {}
    for graduate_id, said_by, reason in session.execute(query):
        found.setdefault(graduate_id, []).append((said_by, reason))
    return found


def _rows(session: Session, recipient: SubmissionRecipient, ids: list[int]) -> dict[int, SubmissionRow]:
    r = SubmissionRow
    query = select(r).where(r.submission_id == recipient.submission_id, r.id.in_(ids), r.state == RowState.INCLUDED)
    found = {row.id: row for row in session.scalars(query.order_by(r.position))}
    need(len(found) == len(ids), "Таких строк в отчёте нет.")
    return found


def _decide(
    session: Session,
    recipient: SubmissionRecipient,
    becomes: SubmissionStatus,
    note: str,
    by: Viewer,
    now: datetime,
) -> None:
    """Compare and set: of two people at once one decides, the other is told."""
    need(may_decide(session, recipient=recipient, by=by), NOT_RECIPIENT)
    letter = session.get(Referral, recipient.referral_id) if recipient.referral_id is not None else None
    need(letter is None or letter.status is not ReferralStatus.REVOKED, REVOKED)
    r = SubmissionRecipient
    statement = (
        update(r)
        .where(r.id == recipient.id, r.status == S.SENT)
        .values(status=becomes, decided_at=now, decided_by_id=by.user_id, who=who(session, by)[:500], note=note.strip())
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(recipient)
        raise StaleSubmission(f"Решение уже принято: {recipient.status.label} ({recipient.who}).")
    session.refresh(recipient)
    if letter is not None:
        _end_letter(session, letter, becomes, note, by, now)
        session.refresh(recipient)
    submission = recipient.submission
    decisions = select(r.status).where(r.submission_id == submission.id)
    session.refresh(submission, with_for_update=True)
    submission.status = status_of(list(session.scalars(decisions)))
    note_step(session, submission=submission, step=SubmissionStep(becomes.value), by=by, now=now, note=note)
    _tell_sender(session, submission, recipient, becomes, now)


def _end_letter(
    session: Session, letter: Referral, becomes: SubmissionStatus, note: str, by: Viewer, now: datetime
) -> None:
    """The letter is registered and taken on; answered where it asks for an answer, else closed."""
    kind = kind_as_written(letter)
    try:
        if becomes is S.RETURNED and letter.status is ReferralStatus.SENT and not letter.is_on_paper:
            workflow.receive(session, referral=letter, by=by, now=now)
        elif letter.status in (ReferralStatus.SENT, ReferralStatus.RECEIVED) and not letter.is_on_paper:
            workflow.take(session, referral=letter, by=by, now=now)
        text = f"Отчёт {becomes.label}. {note.strip()}".strip()
        if letter.answer_due_on is not None:
            outcome = OUTCOMES[becomes]
            workflow.answer(session, referral=letter, text=text, outcome=outcome, by=by, now=now)
        elif kind.profile is None:
            workflow.close(session, referral=letter, note=text[:500], by=by, now=now)
    except Refused as refusal:
        if letter.status is ReferralStatus.REVOKED:
            raise StaleSubmission(REVOKED) from refusal
        if letter.closed_at is None and letter.status is not ReferralStatus.ANSWERED:
            raise


def _tell_sender(
    session: Session,
    submission: Submission,
    recipient: SubmissionRecipient,
    becomes: SubmissionStatus,
    now: datetime,
) -> None:
    what = f"{becomes.label} ({recipient.agency.short_name})"
    key = f"{becomes.value}:{recipient.id}"
    only = [submission.created_by_id]
    tell(session, submission=submission, agency_id=submission.agency_id, what=what, key=key, now=now, only=only)
