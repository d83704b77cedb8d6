"""Annulling an entry of daily work together with what rests on it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.plans import Measure
from models.work import Consultation, ConsultationMinutes, ServiceRecord
from services import numbering
from services.cases.common import hold
from services.plans import measures
from services.work.service_records import GROUNDS

LONGEST = 500


class Annulled(NamedTuple):
    """What went with an entry."""

    services: int
    measures: list[Measure]  # in work again


def annul(session: Session, *, record: Any, reason: str, by: Viewer) -> Annulled:
    """An entry made by mistake; its services go with it, a talk's minutes, and what they fulfilled. Raises Refused."""
    hold(session, record)  # Nobody draws up minutes or an act on it meanwhile.
    numbering.annul(session, record=record, reason=reason, by=by)
    told = f"Аннулировано основание: {reason.strip()}"[:LONGEST]
    services = services_of(session, record)
    for service in services:
        service.annulled_on, service.annulled_reason = by.on, told
    if isinstance(record, Consultation):
        _annul_minutes(session, record, told, by)
    session.flush()
    own = [record] if isinstance(record, ServiceRecord) else services
    ids = {service.measure_id for service in own if service.measure_id is not None}
    return Annulled(len(services), measures.reopen_unserved(session, measure_ids=ids, by=by))


def services_of(session: Session, record: Any) -> list[ServiceRecord]:
    """Services that rest on an entry and are not annulled."""
    if type(record) not in GROUNDS:
        return []
    ground = getattr(ServiceRecord, GROUNDS[type(record)])
    query = select(ServiceRecord).where(ground == record.id, ServiceRecord.annulled_on.is_(None))
    return list(session.scalars(query.options(joinedload(ServiceRecord.graduate)).order_by(ServiceRecord.id)))


def _annul_minutes(session: Session, talk: Consultation, told: str, by: Viewer) -> None:
    query = select(ConsultationMinutes).where(
        ConsultationMinutes.consultation_id == talk.id, ConsultationMinutes.annulled_on.is_(None)
    )
    for minutes in session.scalars(query):
        minutes.annulled_on, minutes.annulled_reason, minutes.annulled_by_id = by.on, told, by.user_id
