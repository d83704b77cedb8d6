"""The thread of a letter: messages, and the waiting for a clarification."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import MessageKind, Referral, ReferralMessage
from models.exchange_access import acts_for_recipient, acts_for_sender
from services.deadlines import letter_pauses
from services.errors import need
from services.exchange.common import claim, who
from services.exchange.telling import tell
from services.exchange.workflow.common import NOT_RECIPIENT, RUNNING, S, Step, as_read, tell_sender


def pause(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Wait for what the sender has to make clear: visible to both, with the question; the last day stays."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(reason.strip(), "Напишите, что нужно уточнить.", field="reason")
    need(referral.paused_on is None, "Письмо уже ждёт уточнения.")
    claim(
        session,
        referral=referral,
        step=Step.PAUSED,
        expected=as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        note=reason,
        paused_on=by.on,
        pause_reason=reason.strip(),
    )
    letter_pauses.pause_for(session, referral=referral, reason=reason, on=by.on)
    _say(session, referral, MessageKind.QUESTION, reason, by, now)
    tell_sender(session, referral, "нужно уточнение", f"paused:{now:%Y%m%d%H%M%S}", now)


def resume(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """What was unclear is clear; the clock goes on."""
    need(acts_for_recipient(by, referral) or acts_for_sender(by, referral), NOT_RECIPIENT)
    need(referral.paused_on is not None, "Письмо не приостановлено.")
    claim(
        session,
        referral=referral,
        step=Step.RESUMED,
        expected=as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        **RUNNING,
    )
    letter_pauses.resume_for(session, referral=referral)


def say(
    session: Session, *, referral: Referral, text: str, form_token: str = "", by: Viewer, now: datetime
) -> ReferralMessage:
    """A message to the other side; from the sender it ends the waiting for a clarification. Raises Refused."""
    is_side = by.is_administrator or by.agency_id in (referral.sender_id, referral.recipient_id)
    need(is_side, "Писать могут отправитель и получатель.")
    session.refresh(referral, with_for_update=True)  # Nobody revokes it while this is written.
    need(referral.sent_at is not None, "Черновик ещё не отправлен.")
    need(referral.status is not S.REVOKED, "Письмо отозвано: переписка по нему закончена.")
    need(text.strip(), "Напишите сообщение.", field="text")
    message = _say(session, referral, MessageKind.MESSAGE, text, by, now, form_token)
    if referral.paused_on is not None and by.agency_id == referral.sender_id:
        resume(session, referral=referral, by=by, now=now)
    other = referral.recipient_id if by.agency_id == referral.sender_id else referral.sender_id
    only = [referral.executor_id if other == referral.recipient_id else referral.author_id]
    tell(
        session,
        referral=referral,
        agency_id=other,
        what="новое сообщение",
        key=f"letter:said:{message.id}",
        at=now,
        only=only,
    )
    return message


def _say(
    session: Session,
    referral: Referral,
    kind: MessageKind,
    text: str,
    by: Viewer,
    now: datetime,
    form_token: str = "",
) -> ReferralMessage:
    message = ReferralMessage(
        kind=kind,
        agency_id=by.agency_id,
        author_id=by.user_id,
        who=who(session, by),
        text=text.strip(),
        written_on=by.on,
        at=now,
        form_token=form_token or None,
    )
    referral.messages.append(message)
    session.flush()
    return message
