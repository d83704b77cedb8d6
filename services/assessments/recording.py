"""What every record of an assessment has in common: who may make it, its day, what takes it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_approve, may_record
from models.graduates import Graduate
from services.errors import need
from services.work import entry


def begin(session: Session, *, graduate_id: int, agency_id: int, on: date, by: Viewer, field: str) -> Graduate:
    """The person of a new record of an organisation. Raises Refused; `field` holds the day."""
    entry.check_right(by, agency_id)
    entry.check_day(on, by=by, field=field)
    return entry.person(session, graduate_id=graduate_id, on=on, by=by, day_field=field)


def check_change(record: Any, *, on: date, by: Viewer, field: str) -> None:
    """A record may be corrected by its organisation while it stands. Raises Refused."""
    entry.check_right(by, record.agency_id)
    need(record.annulled_on is None, "Запись аннулирована: её больше не правят.")
    check_day(record.graduate, on, by=by, field=field)


def check_day(graduate: Graduate, on: date, *, by: Viewer, field: str) -> None:
    """A day of the person's life that has come."""
    entry.check_day(on, by=by, field=field)
    need(on >= graduate.birth_date, "Этот день раньше дня рождения.", field=field)


def keep(session: Session, record: Any, *, specialist: str = "", by: Viewer, now: datetime) -> None:
    """Say who made the record and when, store it."""
    entry.sign(session, record, specialist=specialist, by=by)
    record.created_at = now
    session.add(record)
    session.flush()


def may_annul(by: Viewer, record: Any) -> bool:
    """These records bear no number of a journal: whoever made one takes it back, or the head does."""
    is_own = record.created_by_id == by.user_id and may_record(by, record.agency_id)
    return is_own or may_approve(by, record.agency_id)


def annul(session: Session, *, record: Any, reason: str, by: Viewer) -> None:
    """A record made by mistake stays, with the reason. Raises Refused."""
    need(may_annul(by, record), "Аннулировать запись может её автор или руководитель.")
    need(record.annulled_on is None, "Запись уже аннулирована.")
    need(reason.strip(), "Укажите причину.", field="reason")
    record.annulled_on, record.annulled_reason = by.on, reason.strip()
    session.flush()
