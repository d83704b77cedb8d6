"""How entries of daily work are called: «беседа № 15/2026», links to them, and the services that rest on them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, String, case, cast, select

from models.journals import Journal
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from services.work.service_records import GROUNDS

# Endpoint of the register of each kind.
ENDPOINTS: dict[type[Any], str] = {
    Appeal: "appeal",
    Consultation: "consultation",
    ConsultationMinutes: "consultation_minutes",
    GroupSession: "group_session",
    Visit: "visit",
    HousingSurvey: "housing_survey",
    UrgentAct: "urgent_act",
    ServiceRecord: "service_record",
}
MARKS = {
    Journal.GROUP_SESSIONS: "занятие",
    Journal.CONSULTATIONS: "беседа",
    Journal.APPEALS: "обращение",
    Journal.VISITS: "выезд",
    Journal.CONSULTATION_MINUTES: "протокол",
    Journal.SURVEYS: "акт ЖБУ",
    Journal.URGENT_ACTS: "акт срочных услуг",
}


def mark(model: type[Any]) -> str:
    """«беседа», «акт ЖБУ»."""
    return MARKS[model.__journal__]


def entry_name(record: Any) -> str:
    """«беседа № 15/2026»; a service is called by its title."""
    return record.title if isinstance(record, ServiceRecord) else f"{mark(type(record))} № {record.number_text}"


def entry_url(record: Any) -> str:
    return url_for(f"{ENDPOINTS[type(record)]}.details_view", id=record.id)


def entry_link(record: Any, text: str = "") -> Markup:
    return Markup('<a href="{}">{}</a>').format(entry_url(record), text or entry_name(record))


def ground_of(service: ServiceRecord) -> Any | None:
    """The entry that a service rests on."""
    for name in GROUNDS.values():
        if (found := getattr(service, name.removesuffix("_id"))) is not None:
            return found
    return None


def ground_column() -> ColumnElement[str]:
    """«беседа № 15/2026» of each row, empty where a service stands by itself."""
    told = []
    for model, name in GROUNDS.items():
        number = cast(model.number, String) + "/" + cast(model.year, String)
        link = getattr(ServiceRecord, name)
        text = select(f"{mark(model)} № " + number).where(model.id == link).correlate(ServiceRecord)
        told.append((link.is_not(None), text.scalar_subquery()))
    return case(*told, else_="")
