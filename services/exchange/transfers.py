"""Transfers of responsibility: offered by one organisation, accepted by the head of the other (kizil, principle 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_approve
from models.exchange import Referral
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind
from models.users import User
from services.errors import Refused, need
from services.exchange.common import kind_as_written
from services.exchange.workflow import take
from services.graduates import note_responsibility

DAY = timedelta(days=1)


def accept(
    session: Session,
    *,
    referral: Referral,
    curator_id: int | None,
    order_number: str = "",
    by: Viewer,
    now: datetime,
) -> list[Graduate]:
    """Take over the people of a transfer: the responsible organisation and the curator change together.

    The history stays: the former organisation goes on reading, its curator's assignment ends. Raises Refused.
    """
    need(kind_as_written(referral).is_transfer, "Это письмо не о передаче выпускника.")
    recipient_id = referral.recipient_id
    need(recipient_id is not None and may_approve(by, recipient_id), "Передачу принимает руководитель получателя.")
    assert recipient_id is not None
    curator = session.get(User, curator_id) if curator_id is not None else None
    is_own = curator is not None and not curator.is_locked and curator.agency_id == recipient_id
    need(is_own, "Выберите куратора из сотрудников вашей организации.", field="curator_id")
    assert curator
    people = [person.graduate for person in referral.people if person.graduate is not None]
    need(people, "В письме нет карточки, которую можно принять.")
    take(session, referral=referral, executor_id=curator.id, by=by, now=now)
    for graduate in people:
        _hand_over(session, graduate, referral, recipient_id, curator, order_number.strip(), by)
    session.flush()
    return people


def _hand_over(
    session: Session,
    graduate: Graduate,
    referral: Referral,
    recipient_id: int,
    curator: User,
    order_number: str,
    by: Viewer,
) -> None:
    session.refresh(graduate, with_for_update=True)
    need(graduate.deleted_at is None, "Карточка удалена: принять нельзя. Отклоните передачу.")
    if graduate.agency_id != referral.sender_id:
        raise Refused("Пока письмо шло, выпускника передали другой организации. Отклоните передачу.")
    graduate.agency_id = recipient_id
    note_responsibility(graduate, on=by.on, ground=f"передача: {referral.sender_name}")
    for assignment in graduate.assignments:
        is_current = assignment.ends_on is None or assignment.ends_on >= by.on
        if assignment.kind is AssignmentKind.CURATOR and is_current:
            assignment.ends_on = max(by.on - DAY, assignment.starts_on)
    graduate.assignments.append(
        Assignment(
            kind=AssignmentKind.CURATOR,
            user_id=curator.id,
            name=curator.name,
            position=curator.position,
            phone=curator.phone,
            order_number=order_number,
            order_on=by.on if order_number else None,
            starts_on=by.on,
        )
    )
