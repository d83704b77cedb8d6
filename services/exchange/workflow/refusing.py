"""A letter that is not dealt with as it is: returned, declined, passed on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Delivery, Referral
from models.exchange_access import acts_for_recipient, is_sender_on_paper
from services.errors import need
from services.exchange import letters, submitted
from services.exchange.common import agency_or_refuse, claim, has_accounts, kind_as_written, note_step
from services.exchange.telling import forget_ahead
from services.exchange.workflow.common import NOT_RECIPIENT, S, Step, over, tell_of_arrival, tell_sender


def give_back(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Return a letter to be completed; the sender corrects it and sends it again."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    submitted.need_no_report(referral)
    need(not referral.is_on_paper, "Бумажное письмо возвращают почтой: отклоните его и напишите ответ.")
    need(reason.strip(), "Напишите, чего не хватает.", field="reason")
    claim(
        session,
        referral=referral,
        step=Step.RETURNED,
        expected=(S.SENT, S.RECEIVED),
        becomes=S.RETURNED,
        by=by,
        now=now,
        note=reason,
        reason=reason.strip(),
        acknowledged_at=referral.acknowledged_at or now,
    )
    forget_ahead(session, referral=referral, now=now)
    tell_sender(session, referral, "возвращено на доработку", f"returned:{now:%Y%m%d%H%M%S}", now)


def decline(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Refuse a letter: it is not for the recipient to deal with."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    submitted.need_no_report(referral)
    over(session, referral, Step.DECLINED, S.DECLINED, (S.SENT, S.RECEIVED), reason, by, now)
    tell_sender(session, referral, "отклонено получателем", "declined", now)


def forward(
    session: Session, *, referral: Referral, recipient_id: int | None, reason: str, by: Viewer, now: datetime
) -> Referral:
    """Pass a letter on to whom it concerns: a new one from the same sender, with the same last day. Raises Refused.

    The first one ends, its sender is told where it went and waits for the answer to the new one.
    """
    need(by.is_administrator or by.agency_id == referral.recipient_id, NOT_RECIPIENT)
    submitted.need_no_report(referral)
    kind = kind_as_written(referral)
    target = agency_or_refuse(session, recipient_id, field="recipient_id", otherwise="Выберите, кому переслать.")
    need(
        target.id not in (referral.recipient_id, referral.sender_id),
        "Выберите другую организацию.",
        field="recipient_id",
    )
    need(target.kind in kind.to_kinds, f"«{kind.title}» не отправляют: {target.kind.label}.", field="recipient_id")
    need(not kind.is_transfer, "Передачу выпускника не пересылают: отклоните её.")
    reaches = has_accounts(session, target.id)
    need(reaches or not is_sender_on_paper(referral), NOBODY_HERE, field="recipient_id")
    over(session, referral, Step.FORWARDED, S.FORWARDED, (S.SENT, S.RECEIVED, S.ACCEPTED), reason, by, now)
    passed = _copy(session, referral, target.id, target.name, by, now)
    note_step(session, referral=passed, step=Step.SENT, before=None, by=by, now=now, note="переадресовано")
    assert referral.recipient_id is not None
    how = Delivery.SYSTEM if reaches else Delivery.POST
    letters.register_outgoing(
        session, referral=passed, agency_id=referral.recipient_id, on=by.on, delivery=how, by=by, now=now
    )
    tell_sender(session, referral, f"переадресовано: {target.short_name}", "forwarded", now)
    tell_of_arrival(session, passed, now)
    return passed


NOBODY_HERE = "Ни у отправителя, ни у нового получателя нет входа: перешлите бумагу почтой, а это письмо отклоните."
# What a letter that is passed on keeps.
COPIED = (
    *("kind_key", "kind_title", "clause_text", "terms", "is_notice", "urgency", "sender_id", "sender_name", "summary"),
    *("text", "facts", "about_text", "about_key", "ground", "consent_id", "their_number", "subject", "author_id"),
    "answer_due_on",
)


def _copy(session: Session, referral: Referral, recipient_id: int, name: str, by: Viewer, now: datetime) -> Referral:
    passed = Referral(
        **{column: getattr(referral, column) for column in COPIED},
        status=S.SENT,
        recipient_id=recipient_id,
        recipient_name=name,
        is_on_paper=not has_accounts(session, recipient_id) or is_sender_on_paper(referral),
        origin_id=referral.id,
        forwarded_by_id=referral.recipient_id,
        created_at=now,
        sent_at=now,
        sent_on=by.on,
    )
    if referral.acknowledge_by and referral.sent_at:
        passed.acknowledge_by = now + (referral.acknowledge_by - referral.sent_at)
    for person in referral.people:
        columns = ("graduate_id", "position", "name", "birth_date", "facts")
        passed.people.append(type(person)(**{column: getattr(person, column) for column in columns}))
    session.add(passed)
    session.flush()
    return passed
