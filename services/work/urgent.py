"""Urgent social services with their act (442-ФЗ, art. 21): without contract and «ИППСУ»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.work import UrgentAct
from services.errors import need
from services.work import entry, service_records
from services.work.service_forms import FormsByHousing

LINES = 30


@dataclass(frozen=True)
class Rendered:
    """A line of the act."""

    title: str
    quantity: int = 1


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    provided_on: date,
    reason: str,
    source: str = "",
    services: Sequence[Rendered],
    is_signed: bool = False,
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> UrgentAct:
    """Draw up the act; each line of it is a service of the kind «срочные». Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(provided_on, by=by, field="provided_on")
    need(reason.strip(), "Запишите, что случилось.", field="reason")
    need(services, "Назовите хотя бы одну услугу.", field="services")
    need(len(services) <= LINES, f"В одном акте не больше {LINES} услуг.", field="services")
    for line in services:
        need(0 < len(line.title.strip()) <= 500, "Название услуги: до 500 знаков.", field="services")
        is_countable = 1 <= line.quantity <= service_records.MOST
        need(is_countable, f"Количество: от 1 до {service_records.MOST}.", field="services")
    graduate = entry.person(session, graduate_id=graduate_id, on=provided_on, by=by, day_field="provided_on")
    act = UrgentAct(
        agency_id=agency_id,
        graduate=graduate,
        provided_on=provided_on,
        reason=reason.strip(),
        source=source.strip(),
        is_signed=is_signed,
    )
    entry.keep(session, act, on=provided_on, specialist=specialist, by=by, now=now)
    for line in services:
        service = service_records.build(
            graduate,
            agency_id=agency_id,
            on=provided_on,
            kind_code=service_records.URGENT,
            title=line.title,
            forms=FormsByHousing(),  # Urgent help has no form.
        )
        service.quantity, service.urgent_act_id, service.created_by_id = line.quantity, act.id, by.user_id
        service.specialist, service.specialist_id = act.specialist, act.specialist_id
        session.add(service)
    session.flush()
    return act
