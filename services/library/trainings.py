"""How employees raise their competence (vologda 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.library import Training
from models.users import User
from services.errors import need
from services.library.common import held, need_days, need_keeper, need_order

MOST_HOURS = 2000


@dataclass(frozen=True)
class Course:
    """What a form says of a training; `employee` empty: the user's name and position."""

    title: str
    starts_on: date
    ends_on: date
    user_id: int | None = None
    employee: str = ""
    organiser: str = ""
    hours: int | None = None
    document: str = ""
    note: str = ""


def record(session: Session, *, agency_id: int, course: Course, by: Viewer, now: datetime) -> Training:
    """A training of somebody of the organisation. Raises Refused."""
    need_keeper(by, agency_id)
    training = Training(agency_id=agency_id, created_at=now, created_by_id=by.user_id)
    _write(session, training, course, by)
    session.add(training)
    session.flush()
    return training


def change(session: Session, *, training: Training, course: Course, by: Viewer) -> None:
    """Raises Refused."""
    need_keeper(by, training.agency_id)
    training = held(session, training)
    _write(session, training, course, by)
    session.flush()


def _write(session: Session, training: Training, course: Course, by: Viewer) -> None:
    user = session.get(User, course.user_id) if course.user_id is not None else None
    is_ours = course.user_id is None or (user is not None and user.agency_id == training.agency_id)
    need(is_ours, "Такого сотрудника в организации нет.", field="user_id")
    own = ", ".join(part for part in (user.name, user.position) if part) if user is not None else ""
    need(course.employee.strip() or own, "Укажите, кто учился.", field="employee")
    need(course.title.strip(), "Напишите, чему учился.", field="title")
    need_days(by.on, starts_on=course.starts_on, ends_on=course.ends_on)
    need_order(course.starts_on, course.ends_on)
    is_right = course.hours is None or 1 <= course.hours <= MOST_HOURS
    need(is_right, f"Часов: от 1 до {MOST_HOURS}.", field="hours")
    training.user_id, training.employee = course.user_id, course.employee.strip() or own
    training.starts_on, training.ends_on, training.hours = course.starts_on, course.ends_on, course.hours
    for name in ("title", "organiser", "document", "note"):
        setattr(training, name, getattr(course, name).strip())
