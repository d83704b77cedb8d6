"""The contacts of an organisation, kept by its own people (vologda 4.6 а)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.access import Viewer
from models.territory import Agency
from services.errors import need

FRESH_FOR = timedelta(days=183)  # Twice a year somebody looks whether they still hold.
OWN = (
    *("address", "phone", "email", "head_name", "head_position"),
    *("responsible_name", "responsible_position", "responsible_order"),
)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


def is_stale(checked_on: date | None, on: date) -> bool:
    return checked_on is None or checked_on < on - FRESH_FOR


def correct(session: Session, *, agency: Agency, values: Mapping[str, str], by: Viewer) -> None:
    """Correct the contacts of the own organisation; they count as checked from the day on. Raises Refused."""
    _need_own(agency, by)
    told = {name: " ".join(values[name].split()) for name in OWN if name in values}
    email = told.get("email", "")
    need(not email or _EMAIL.fullmatch(email), "Адрес почты не читается, нужен вид: opeka@example.ru.", field="email")
    need(told.get("phone", agency.phone) or email, "Укажите телефон или электронную почту.", field="phone")
    for name, text in told.items():
        setattr(agency, name, text)
    agency.contacts_checked_on = by.on
    session.flush()


def confirm(session: Session, *, agency: Agency, by: Viewer) -> None:
    """«Сведения проверены сегодня». Raises Refused."""
    _need_own(agency, by)
    agency.contacts_checked_on = by.on
    session.flush()


def _need_own(agency: Agency, by: Viewer) -> None:
    need(agency.id == by.agency_id, "Контакты исправляет сама организация.")
