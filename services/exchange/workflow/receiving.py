"""What the recipient does first: acknowledge, register, accept, name who deals with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Delivery, Referral
from models.exchange_access import acts_for_recipient, is_sender_on_paper
from models.users import User
from services.errors import need
from services.exchange import grants, letters, submitted
from services.exchange.common import claim, kind_as_written
from services.exchange.telling import forget_ahead, tell
from services.exchange.workflow.common import NOT_RECIPIENT, S, Step, as_read, is_entered_for, tell_sender


def acknowledge(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """«Получил»: stops the clock of an emergency notice; the letter is registered with it."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    if referral.status is S.SENT:
        receive(session, referral=referral, by=by, now=now)


def receive(session: Session, *, referral: Referral, sheets: int = 1, by: Viewer, now: datetime) -> None:
    """Register a letter that came: it gets its incoming number."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    claim(
        session,
        referral=referral,
        step=Step.RECEIVED,
        expected=(S.SENT,),
        becomes=S.RECEIVED,
        by=by,
        now=now,
        received_on=by.on,
        acknowledged_at=now,
    )
    register(session, referral, by, now, sheets)


def register(session: Session, referral: Referral, by: Viewer, now: datetime, sheets: int = 1) -> None:
    forget_ahead(session, referral=referral, now=now)
    submitted.note_received(session, referral=referral, by=by, now=now)
    recipient_id = referral.recipient_id
    is_elsewhere = referral.is_on_paper and is_entered_for(by, recipient_id) and not is_sender_on_paper(referral)
    if recipient_id is None or is_elsewhere or letters.is_registered(referral, recipient_id):
        return
    letters.register_incoming(
        session,
        referral=referral,
        agency_id=recipient_id,
        on=by.on,
        sheets=sheets,
        delivery=Delivery.SYSTEM if referral.forwarded_by_id else None,
        by=by,
        now=now,
    )


def accept(session: Session, *, referral: Referral, executor_id: int | None = None, by: Viewer, now: datetime) -> None:
    """Take a letter on: registers it if nobody has, opens the cards of its people as its kind says.

    A transfer of responsibility is accepted by services.exchange.transfers. Raises Refused, StaleReferral.
    """
    kind = kind_as_written(referral)
    need(not kind.is_transfer, "Передачу принимает руководитель, с назначением куратора.")
    take(session, referral=referral, executor_id=executor_id, by=by, now=now)


def take(session: Session, *, referral: Referral, executor_id: int | None = None, by: Viewer, now: datetime) -> None:
    """What every acceptance does."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = executor_of(session, referral, executor_id)
    kind = kind_as_written(referral)
    claim(
        session,
        referral=referral,
        step=Step.ACCEPTED,
        expected=(S.SENT, S.RECEIVED),
        becomes=S.ACCEPTED,
        by=by,
        now=now,
        accepted_at=now,
        accepted_by_id=by.user_id,
        executor_id=executor.id if executor else referral.executor_id,
        received_on=referral.received_on or by.on,
        acknowledged_at=referral.acknowledged_at or now,
    )
    register(session, referral, by, now)
    grants.open_cards(session, referral=referral, kind=kind, on=by.on)
    tell_sender(session, referral, f"принято ({referral.recipient_name})", "accepted", now)


def assign(session: Session, *, referral: Referral, executor_id: int | None, by: Viewer, now: datetime) -> None:
    """Name who deals with a letter; an accepted one is in work from then on."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = executor_of(session, referral, executor_id)
    need(executor is not None, "Выберите исполнителя.", field="executor_id")
    assert executor
    if referral.status is S.SENT:
        receive(session, referral=referral, by=by, now=now)
    claim(
        session,
        referral=referral,
        step=Step.ASSIGNED,
        expected=as_read(referral),
        becomes=referral.status,
        by=by,
        now=now,
        note=executor.name,
        executor_id=executor.id,
    )
    if executor.id != by.user_id:
        key = f"letter:assigned:{executor.id}:{now:%Y%m%d%H%M%S}"
        what = "вы назначены исполнителем"
        tell(session, referral=referral, agency_id=executor.agency_id, what=what, key=key, at=now, only=[executor.id])


def executor_of(session: Session, referral: Referral, executor_id: int | None) -> User | None:
    """A specialist of whoever deals with the letter."""
    if executor_id is None:
        return None
    found = session.get(User, executor_id)
    place = referral.sender_id if referral.is_on_paper and referral.recipient_id is None else referral.recipient_id
    is_own = found is not None and not found.is_locked and found.agency_id == place
    need(is_own, "Исполнителем может быть только сотрудник организации-получателя.", field="executor_id")
    return found


def start(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> None:
    """Work on an accepted letter has begun."""
    need(acts_for_recipient(by, referral), NOT_RECIPIENT)
    executor = referral.executor_id or (by.user_id if by.agency_id == referral.recipient_id else None)
    claim(
        session,
        referral=referral,
        step=Step.STARTED,
        expected=(S.ACCEPTED,),
        becomes=S.IN_WORK,
        by=by,
        now=now,
        executor_id=executor,
    )
