"""The answer to a letter, with its numbers on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import MessageKind, Referral, ReferralMessage, ReplyOutcome
from models.exchange_access import acts_for_recipient, is_sender_on_paper
from services.errors import need
from services.exchange import letters
from services.exchange.common import claim, has_accounts, who
from services.exchange.workflow.common import NOT_RECIPIENT, RUNNING, S, Step, is_entered_for, tell_sender


def answer(
    session: Session,
    *,
    referral: Referral,
    text: str,
    outcome: ReplyOutcome | None,
    about_people: Mapping[int, str] | None = None,
    written_on: date | None = None,
    their_number: str = "",
    form_token: str = "",
    by: Viewer,
    now: datetime,
) -> ReferralMessage:
    """Answer a letter; `about_people`: by the number of a line of its people, what is told of each.

    It gets an outgoing number of whoever answers and an incoming one of the sender; for a side without an account the
    other enters it, with the day and number of the paper. Raises Refused, StaleReferral.
    """
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    need(outcome is not None, "Укажите результат.", field="outcome")
    on = written_on or by.on
    need(on <= by.on, "Этот день ещё не наступил.", field="written_on")
    need(referral.sent_on is None or on >= referral.sent_on, "Ответ не может быть раньше письма.", field="written_on")
    told = {number: words.strip() for number, words in (about_people or {}).items() if words.strip()}
    need(text.strip() or told, "Напишите ответ.", field="text")
    claim(
        session,
        referral=referral,
        step=Step.ANSWERED,
        expected=(S.RECEIVED, S.ACCEPTED, S.IN_WORK, *((S.SENT,) if referral.is_on_paper else ())),
        becomes=S.ANSWERED,
        by=by,
        now=now,
        answered_on=on,
        outcome=outcome,
        **RUNNING,
    )
    for person in referral.people:
        person.answer = told.get(person.id, person.answer)
    message = ReferralMessage(
        kind=MessageKind.ANSWER,
        agency_id=referral.recipient_id,
        author_id=by.user_id,
        who=who(session, by) if not is_entered_for(by, referral.recipient_id) else referral.recipient_name,
        text=text.strip() or "Сведения указаны по каждому человеку.",
        outcome=outcome,
        written_on=on,
        their_number=their_number.strip(),
        at=now,
        form_token=form_token or None,
    )
    referral.messages.append(message)
    session.flush()
    _number_answer(session, referral, message, by, now)
    tell_sender(session, referral, f"есть ответ ({referral.recipient_name})", f"answered:{message.id}", now)
    return message


def _number_answer(session: Session, referral: Referral, message: ReferralMessage, by: Viewer, now: datetime) -> None:
    is_entered = referral.is_on_paper and is_entered_for(by, referral.recipient_id)
    answers_on_paper = is_entered and not is_sender_on_paper(referral)
    if referral.recipient_id is not None and not answers_on_paper:
        letters.register_outgoing(
            session, referral=referral, agency_id=referral.recipient_id, message=message, on=by.on, by=by, now=now
        )
    if referral.sender_id is not None and has_accounts(session, referral.sender_id):
        letters.register_incoming(
            session, referral=referral, agency_id=referral.sender_id, message=message, on=by.on, by=by, now=now
        )
