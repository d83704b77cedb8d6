"""Orders that appoint curators and mentors: the number, the assignment and the end of the one before come together."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.access import Viewer
from models.aid import CuratorOrder
from models.case_access import may_approve
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind
from models.users import User
from services import numbering
from services.cases.common import person_of_ours
from services.errors import need
from services.library.common import held, need_days, need_order
from services.work import entry

DAY = timedelta(days=1)
ALONE = (AssignmentKind.CURATOR, AssignmentKind.DISTRICT_SPECIALIST)  # Nobody has two of them at a time.
NOT_HEAD = "Приказ о кураторе издаёт руководитель организации."


def appoint(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    kind: AssignmentKind = AssignmentKind.CURATOR,
    user_id: int | None = None,
    name: str = "",
    position: str = "",
    ordered_on: date,
    starts_on: date,
    ends_on: date | None = None,
    ground: str = "",
    by: Viewer,
    now: datetime,
) -> CuratorOrder:
    """An order and the assignment that it makes; whoever was the curator is so until the day before. Raises Refused."""
    need(may_approve(by, agency_id), NOT_HEAD)
    entry.check_day(ordered_on, by=by, field="ordered_on")
    need_days(by.on, ordered_on=ordered_on, starts_on=starts_on, ends_on=ends_on)
    need_order(starts_on, ends_on)
    graduate = person_of_ours(session, graduate_id=graduate_id, by=by, is_held=True)
    need(starts_on >= graduate.birth_date, "Этот день раньше дня рождения.", field="starts_on")
    user = _user(session, user_id, agency_id)
    told = name.strip() or (user.name if user else "")
    need(told, "Укажите, кого назначить.", field="name")
    order = CuratorOrder(
        agency_id=agency_id,
        graduate=graduate,
        kind=kind,
        user=user,
        name=told[:200],
        position=position.strip() or (user.position if user else ""),
        ordered_on=ordered_on,
        starts_on=starts_on,
        ends_on=ends_on,
        ground=ground.strip(),
    )
    _end_the_one_before(graduate, kind, starts_on, ends_on)
    entry.keep(session, order, on=ordered_on, specialist="", by=by, now=now)
    assignment = _assignment(order, user)
    graduate.assignments.append(assignment)
    order.assignment = assignment
    session.flush()
    return order


def _user(session: Session, user_id: int | None, agency_id: int) -> User | None:
    if user_id is None:
        return None
    user = session.get(User, user_id)
    is_ours = user is not None and user.agency_id == agency_id and not user.is_locked
    need(is_ours, "Такого сотрудника в организации нет.", field="user_id")
    return user


def _end_the_one_before(graduate: Graduate, kind: AssignmentKind, starts_on: date, ends_on: date | None) -> None:
    """The last day of the one before is the day before the first of the new one."""
    if kind not in ALONE:
        return
    for one in graduate.assignments:
        is_over = one.ends_on is not None and one.ends_on < starts_on
        is_ahead = ends_on is not None and one.starts_on > ends_on
        if one.kind is not kind or is_over or is_ahead:
            continue
        told = f"С {one.starts_on:%d.%m.%Y} уже назначен(а) {one.name}: новое назначение начинается позже."
        need(one.starts_on < starts_on, told, field="starts_on")
        one.ends_on = starts_on - DAY


def _assignment(order: CuratorOrder, user: User | None) -> Assignment:
    return Assignment(
        kind=order.kind,
        user_id=order.user_id,
        name=order.name,
        position=order.position,
        phone=user.phone if user else "",
        order_number=order.number_text,
        order_on=order.ordered_on,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
    )


def change(session: Session, *, order: CuratorOrder, ground: str, by: Viewer) -> None:
    """Only the ground is told anew: whom and from when stands in a signed order. Raises Refused."""
    need(may_approve(by, order.agency_id), NOT_HEAD)
    order = held(session, order)
    need(order.annulled_on is None, "Запись аннулирована: менять её нельзя.")
    order.ground = ground.strip()
    session.flush()


def annul(session: Session, *, order: CuratorOrder, reason: str, by: Viewer) -> bool:
    """The order keeps its number, its assignment is taken back; whether there was one. Raises Refused."""
    order = held(session, order)
    numbering.annul(session, record=order, reason=reason, by=by)
    assignment = order.assignment
    if assignment is None:
        return False
    order.assignment = None
    session.flush()
    order.graduate.assignments.remove(assignment)
    session.flush()
    return True
