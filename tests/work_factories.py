"""Entries of daily work in a few words, made by the verbs themselves; contracts that services rest on."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Contract
from models.graduates import Graduate
from models.territory import Agency
from models.users import User
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
from services.work import appeals, consultations, service_records, sessions, urgent, visits
from services.work.urgent import Rendered
from tests.conftest import NOW, TODAY

SECRET = "Рассказал о семье то, о чём другим знать не нужно"


def seeing(session: Session, user: User, on: date = TODAY) -> Viewer:
    return Viewer.of(session, user, on)


def _same(session: Session, user: User, person: Graduate, fields: dict[str, Any]) -> dict[str, Any]:
    by = fields.pop("by", None) or seeing(session, user, fields.pop("on", TODAY))
    return {"agency_id": user.agency_id, "graduate_id": person.id, "by": by, "now": NOW} | fields


def talk(session: Session, user: User, person: Graduate, **fields: Any) -> Consultation:
    fields = {"held_on": TODAY, "topic": "Как оплатить коммунальные услуги"} | fields
    return consultations.record(session, **_same(session, user, person, fields))


def minutes(session: Session, user: User, talk: Consultation, **fields: Any) -> ConsultationMinutes:
    fields = {"drawn_on": talk.held_on, "body": {"course": SECRET, "problem": "Долг за жильё"}} | fields
    by = fields.pop("by", None) or seeing(session, user)
    return consultations.draw_up(session, consultation=talk, by=by, now=NOW, **fields)


def appeal(session: Session, user: User, person: Graduate, **fields: Any) -> Appeal:
    fields = {"received_on": TODAY, "content": "Просит помочь с временным жильём"} | fields
    return appeals.record(session, **_same(session, user, person, fields))


def visit(session: Session, user: User, person: Graduate, **fields: Any) -> Visit:
    fields = {"visited_on": TODAY, "purpose": "Посмотреть, как устроился"} | fields
    return visits.record(session, **_same(session, user, person, fields))


def survey(session: Session, user: User, person: Graduate, **fields: Any) -> HousingSurvey:
    fields = {"surveyed_on": TODAY, "seen": {"commission": "Анна Клерк, специалист"}} | fields
    return visits.survey(session, **_same(session, user, person, fields))


def act(session: Session, user: User, person: Graduate, **fields: Any) -> UrgentAct:
    lines = [Rendered("набор продуктов", 2), Rendered("помощь с временным жильём")]
    fields = {"provided_on": TODAY, "reason": "Остался без жилья и денег", "services": lines} | fields
    return urgent.record(session, **_same(session, user, person, fields))


def service(session: Session, user: User, person: Graduate, **fields: Any) -> ServiceRecord:
    fields = {"provided_on": TODAY, "kind_code": "legal", "title": "Помощь с заявлением в суд"} | fields
    return service_records.record(session, **_same(session, user, person, fields))


def group(session: Session, user: User, people: list[Graduate], **fields: Any) -> GroupSession:
    fields = {"held_on": TODAY, "topic": "Бюджет на месяц", "service_kind_code": "pedagogical"} | fields
    by = fields.pop("by", None) or seeing(session, user)
    ids = fields.pop("graduate_ids", None) or [person.id for person in people]
    return sessions.record(session, agency_id=user.agency_id, graduate_ids=ids, by=by, now=NOW, **fields)


def contract(
    session: Session, agency: Agency, person: Graduate, starts_on: date, ends_on: date, **more: Any
) -> Contract:
    """A signed one; the numbers need only differ."""
    made = Contract(agency_id=agency.id, graduate=person, starts_on=starts_on, ends_on=ends_on, **more)
    made.signed_on, made.year, made.number = starts_on, starts_on.year, person.id
    made.created_at = NOW
    session.add(made)
    session.flush()
    return made


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)
