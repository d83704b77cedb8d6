"""Conclusions of the medical-pedagogical commission (ПМПК) and the time for which they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.assessments import Examination
from models.graduates import Graduate
from models.support import FieldGroup
from services import field_groups
from services.assessments import recording
from services.errors import need


def record(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    held_on: date,
    number: str,
    commission: str = "",
    conclusion: str = "",
    valid_until: date | None = None,
    by: Viewer,
    now: datetime,
) -> Examination:
    """A new conclusion; no end: it holds until another. Raises Refused."""
    graduate = recording.begin(
        session, graduate_id=graduate_id, agency_id=agency_id, on=held_on, by=by, field="held_on"
    )
    _check(held_on, number, valid_until)
    made = Examination(graduate=graduate, agency_id=agency_id, held_on=held_on, number=number.strip())
    made.commission, made.conclusion, made.valid_until = commission.strip(), conclusion.strip(), valid_until
    recording.keep(session, made, by=by, now=now)
    return made


def correct(
    session: Session,
    *,
    examination: Examination,
    held_on: date,
    number: str,
    commission: str = "",
    conclusion: str = "",
    valid_until: date | None = None,
    by: Viewer,
) -> None:
    """Raises Refused."""
    recording.check_change(examination, on=held_on, by=by, field="held_on")
    _check(held_on, number, valid_until)
    examination.held_on, examination.number, examination.valid_until = held_on, number.strip(), valid_until
    examination.commission, examination.conclusion = commission.strip(), conclusion.strip()
    session.flush()


def _check(held_on: date, number: str, valid_until: date | None) -> None:
    need(number.strip(), "Заполните номер.", field="number")
    is_in_order = valid_until is None or valid_until >= held_on
    need(is_in_order, "Заключение не может истечь раньше, чем выдано.", field="valid_until")


def readable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Conclusions that the viewer may read: that there is one is itself told to nobody else. Beside the row rule."""
    people = select(Graduate.id).where(field_groups.readable_people(viewer, FieldGroup.HEALTH))
    return or_(Examination.created_by_id == viewer.user_id, Examination.graduate_id.in_(people))


def has_any(session: Session, *, graduate_id: int) -> bool:
    there = exists().where(Examination.graduate_id == graduate_id, Examination.annulled_on.is_(None))
    return bool(session.scalar(select(there)))


def examinations_of(session: Session, *, graduate_id: int, by: Viewer) -> list[Examination]:
    """The conclusions about a person that the viewer may read, annulled ones too, the newest first."""
    query = select(Examination).where(Examination.graduate_id == graduate_id, readable_by(by))
    return list(session.scalars(query.order_by(Examination.held_on.desc(), Examination.id.desc())))


def valid_on(session: Session, *, graduate_id: int, on: date) -> Examination | None:
    """The conclusion that holds on a day, the newest of several."""
    query = select(Examination).where(
        Examination.graduate_id == graduate_id,
        Examination.annulled_on.is_(None),
        Examination.held_on <= on,
        or_(Examination.valid_until.is_(None), Examination.valid_until >= on),
    )
    return session.scalars(query.order_by(Examination.held_on.desc(), Examination.id.desc()).limit(1)).one_or_none()
