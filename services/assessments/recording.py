"""What every record of an assessment has in common: who may make it, its day, what takes it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_approve, may_record
from models.graduates import Graduate
from services.errors import need

LATER = "Дата ещё не наступила."


def check_may_record(by: Viewer, agency_id: int) -> None:
    need(may_record(by, agency_id), "Записи этой организации ведут только её сотрудники.")


def check_day(graduate: Graduate, day: date | None, *, by: Viewer, field: str) -> None:
    """A day of the person's life that has come."""
    need(day is not None, "Заполните это поле.", field=field)
    assert day is not None
    need(day <= by.on, LATER, field=field)
    born = graduate.birth_date
    need(day > born, f"Дата раньше рождения выпускника ({born:%d.%m.%Y}).", field=field)


def check_stands(record: Any) -> None:
    need(record.annulled_on is None, "Запись аннулирована: её больше не правят.")


def annul(session: Session, *, record: Any, reason: str, by: Viewer) -> None:
    """A record made by mistake stays with its reason: its author takes it back, or the head. Raises Refused."""
    is_own = record.created_by_id == by.user_id and may_record(by, record.agency_id)
    need(is_own or may_approve(by, record.agency_id), "Аннулировать запись может её автор или руководитель.")
    need(record.annulled_on is None, "Запись уже аннулирована.")
    need(reason.strip(), "Укажите причину.", field="reason")
    record.annulled_on, record.annulled_reason = by.on, reason.strip()
    session.flush()
