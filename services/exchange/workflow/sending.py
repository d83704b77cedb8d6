"""What the sender does: send, revoke, close, ask for another answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Delivery, Referral, ReferralStatus
from models.exchange_access import acts_for_recipient, acts_for_sender, may_revoke
from services.errors import need
from services.exchange import drafting, grants, letters, submitted
from services.exchange.common import claim, has_accounts, kind_as_written
from services.exchange.telling import forget_ahead, tell
from services.exchange.workflow.common import (
    MINUTES,
    NOT_RECIPIENT,
    NOT_SENDER,
    RUNNING,
    USUAL_MINUTES,
    S,
    Step,
    acknowledge_by,
    over,
    tell_of_arrival,
)

REVOCABLE = (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK, S.RETURNED)


def send(
    session: Session,
    *,
    referral: Referral,
    sheets: int = 1,
    delivery: Delivery | None = None,
    by: Viewer,
    now: datetime,
) -> Referral:
    """Send a draft, or again what was returned: it gets its number, and what it says is frozen. Raises Refused.

    Until when an emergency has to be acknowledged, its kind says, else `allow_minutes`.
    """
    need(by.is_administrator or by.agency_id == referral.sender_id, NOT_SENDER)
    kind = kind_as_written(referral)
    ground = need_sendable(session, referral, by=by)
    again = referral.status is S.RETURNED
    claim(
        session,
        referral=referral,
        step=Step.SENT,
        expected=(S.DRAFT, S.RETURNED),
        becomes=S.SENT,
        by=by,
        now=now,
        note="повторно" if again else "",
        sent_at=now,
        sent_on=by.on,
        ground=ground,
        answer_due_on=drafting.due_if_sent(session, referral, on=by.on),
        acknowledge_by=acknowledge_by(kind, session.info.get(MINUTES, USUAL_MINUTES), now),
        acknowledged_at=None,
        received_on=None,
        is_on_paper=not has_accounts(session, referral.recipient_id),
        **_names_now(referral),
    )
    assert referral.sender_id is not None
    letters.register_outgoing(
        session,
        referral=referral,
        agency_id=referral.sender_id,
        on=by.on,
        sheets=sheets,
        delivery=delivery,
        by=by,
        now=now,
    )
    tell_of_arrival(session, referral, now)
    return referral


def need_sendable(session: Session, referral: Referral, *, by: Viewer) -> str:
    """The ground on which a letter may be sent as it stands today. Raises Refused: it may not, and why."""
    kind = kind_as_written(referral)
    _need_told(referral)
    drafting.need_allowed(session, referral, kind=kind, on=by.on)
    drafting.need_in_sight(session, referral, by=by)
    if kind.is_transfer:
        _need_own_people(referral)
    drafting.due_if_sent(session, referral, on=by.on)
    return drafting.ground_of(session, referral, on=by.on)


def _need_told(referral: Referral) -> None:
    """Nothing is sent that says nothing, or about somebody whose name is not there."""
    says = any(fact["value"] for fact in referral.facts) or any(person.name for person in referral.people)
    need(says or referral.text, "Письмо пустое: напишите, о чём оно.", field="text")


def _need_own_people(referral: Referral) -> None:
    is_own = all(one.graduate and one.graduate.agency_id == referral.sender_id for one in referral.people)
    need(is_own, "Передать можно только того, кого сопровождает ваша организация.", field="graduate_ids")


def _names_now(referral: Referral) -> dict[str, str]:
    names = {"sender_name": referral.sender.name} if referral.sender else {}
    return names | ({"recipient_name": referral.recipient.name} if referral.recipient else {})


def revoke(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """Take a letter back that is not answered yet; whatever it had opened closes with the day."""
    need(may_revoke(by, referral), "Отозвать письмо может его автор или руководитель отправителя.")
    over(session, referral, Step.REVOKED, S.REVOKED, REVOCABLE, reason, by, now)
    submitted.note_revoked(session, referral=referral, reason=reason, by=by, now=now)
    tell(
        session,
        referral=referral,
        agency_id=referral.recipient_id,
        what=f"отозвано отправителем ({referral.sender_name})",
        key="letter:revoked",
        at=now,
    )


def close(session: Session, *, referral: Referral, note: str = "", by: Viewer, now: datetime) -> None:
    """The matter is settled: the sender after an answer; where none is asked for, the recipient («контроль снят»)."""
    expected: tuple[ReferralStatus, ...]
    if referral.status is S.ANSWERED:
        need(acts_for_sender(by, referral), NOT_SENDER)
        expected = (S.ANSWERED,)
    elif referral.is_on_paper and referral.answer_due_on is None:
        need(acts_for_sender(by, referral), NOT_SENDER)
        expected = (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK)
    else:
        need(referral.answer_due_on is None, "На это письмо нужен ответ: закрыть его без ответа нельзя.")
        need(acts_for_recipient(by, referral), NOT_RECIPIENT)
        expected = (S.RECEIVED, S.ACCEPTED, S.IN_WORK)
    claim(
        session,
        referral=referral,
        step=Step.CLOSED,
        expected=expected,
        becomes=S.CLOSED,
        by=by,
        now=now,
        note=note,
        closed_at=now,
        **RUNNING,
    )
    forget_ahead(session, referral=referral, now=now)
    grants.end_cards(session, referral=referral, on=by.on)


def reopen(session: Session, *, referral: Referral, reason: str, by: Viewer, now: datetime) -> None:
    """The answer does not settle the matter: the recipient is asked for another one."""
    need(acts_for_sender(by, referral), NOT_SENDER)
    need(reason.strip(), "Напишите, чего не хватает в ответе.", field="reason")
    claim(
        session,
        referral=referral,
        step=Step.REOPENED,
        expected=(S.ANSWERED,),
        becomes=S.IN_WORK,
        by=by,
        now=now,
        note=reason,
        answered_on=None,
        outcome=None,
    )
    what = "ответ возвращён, нужен новый"
    key = f"letter:reopened:{now:%Y%m%d%H%M%S}"
    tell(
        session,
        referral=referral,
        agency_id=referral.recipient_id,
        what=what,
        key=key,
        at=now,
        only=[referral.executor_id],
    )
