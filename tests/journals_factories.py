"""Rows of journals, made directly; each gets its number as the services give it."""

from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models.cases import (
    Application,
    Conclusion,
    ConclusionOutcome,
    Contract,
    ContractAmendment,
    Refusal,
    RefusalKind,
    SupportEpisode,
)
from models.graduates import Graduate
from models.journals import Numbered
from models.plans import Plan, PlanKind, PlanState
from models.territory import Agency
from models.work import (
    Appeal,
    Consultation,
    ConsultationKind,
    ConsultationMinutes,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    Visit,
)
from services import numbering

AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
T = TypeVar("T", bound=Numbered)


def numbered(session: Session, record: T, on: date) -> T:
    """Register a record of an organisation on a day."""
    record.created_at = AT
    numbering.assign(session, record=record, on=on)
    session.add(record)
    session.flush()
    return record


def make_application(
    session: Session, agency: Agency, person: Graduate, on: date = date(2026, 4, 24), **fields: Any
) -> Application:
    fields = {"received_on": on, "channel_code": "in_person", "documents": "паспорт\nсправка", **fields}
    made = Application(agency_id=agency.id, graduate_id=person.id, registered_on=on, **fields)
    return numbered(session, made, on)


def make_contract(
    session: Session, agency: Agency, person: Graduate, on: date = date(2026, 5, 12), **fields: Any
) -> Contract:
    fields = {"starts_on": on, "ends_on": date(on.year + 1, on.month, on.day), "curator": "Анна Клерк", **fields}
    return numbered(session, Contract(agency_id=agency.id, graduate_id=person.id, signed_on=on, **fields), on)


def amend(session: Session, contract: Contract, on: date, until: date) -> ContractAmendment:
    """An additional agreement that prolongs the contract."""
    made = ContractAmendment(number=1, signed_on=on, subject="Продлить")
    made.old_ends_on, made.new_ends_on = contract.ends_on, until
    contract.amendments.append(made)
    contract.ends_on = until
    session.flush()
    return made


def make_plan(session: Session, contract: Contract, on: date = date(2026, 5, 12)) -> Plan:
    made = Plan(agency_id=contract.agency_id, graduate_id=contract.graduate_id, contract_id=contract.id)
    made.kind, made.state, made.approved_on = PlanKind.INDIVIDUAL, PlanState.APPROVED, on
    made.starts_on, made.ends_on = contract.starts_on, contract.ends_on
    return numbered(session, made, on)


def make_conclusion(session: Session, contract: Contract, on: date) -> Conclusion:
    made = Conclusion(agency_id=contract.agency_id, graduate_id=contract.graduate_id, contract_id=contract.id)
    made.period_from, made.period_to, made.approved_on = contract.starts_on, on, on
    made.outcome = ConclusionOutcome.STOP
    return numbered(session, made, on)


def make_refusal(
    session: Session, agency: Agency, person: Graduate, kind: RefusalKind, on: date = date(2026, 4, 24), **fields: Any
) -> Refusal:
    fields = {"responsible": "Анна Клерк", **fields}
    if kind is RefusalKind.AGENCY:
        fields.setdefault("reason_code", "over_23")
    return numbered(
        session, Refusal(agency_id=agency.id, graduate_id=person.id, kind=kind, refused_on=on, **fields), on
    )


def make_episode(session: Session, contract: Contract, **fields: Any) -> SupportEpisode:
    on = fields.setdefault("accepted_on", contract.signed_on)
    made = SupportEpisode(agency_id=contract.agency_id, graduate_id=contract.graduate_id, **fields)
    made.contract_id = contract.id
    return numbered(session, made, on)


def make_appeal(
    session: Session, agency: Agency, person: Graduate, on: date = date(2026, 3, 6), **fields: Any
) -> Appeal:
    fields = {"received_time": time(11, 20), "content": "Выселен, утрачен паспорт", "channel_code": "phone", **fields}
    fields = {"specialist": "специалист Анна Клерк", **fields}
    return numbered(session, Appeal(agency_id=agency.id, graduate_id=person.id, received_on=on, **fields), on)


def make_consultation(
    session: Session, agency: Agency, person: Graduate, on: date = date(2026, 6, 1), **fields: Any
) -> Consultation:
    fields = {"kind": ConsultationKind.LEGAL, "topic": "Право на жильё", "channel_code": "phone", **fields}
    fields = {"content": "Разъяснён порядок постановки на учёт", "specialist": "юрист Анна Клерк", **fields}
    return numbered(session, Consultation(agency_id=agency.id, graduate_id=person.id, held_on=on, **fields), on)


def make_minutes(session: Session, talk: Consultation, **fields: Any) -> ConsultationMinutes:
    made = ConsultationMinutes(agency_id=talk.agency_id, graduate_id=talk.graduate_id, drawn_on=talk.held_on)
    made.consultation_id = talk.id
    for name, value in {"problem": "Долги", "course": "Рассказала о долгах", **fields}.items():
        setattr(made, name, value)
    return numbered(session, made, talk.held_on)


def make_session(
    session: Session, agency: Agency, *people: Graduate, on: date = date(2026, 6, 2), **fields: Any
) -> GroupSession:
    fields = {"topic": "Бюджет семьи", "starts_at": time(14), "minutes": 60, "specialist": "психолог Анна", **fields}
    made = GroupSession(agency_id=agency.id, held_on=on, **fields)
    made.participants = [GroupParticipant(graduate_id=person.id) for person in people]
    return numbered(session, made, on)


def make_visit(session: Session, agency: Agency, person: Graduate, on: date = date(2026, 6, 3), **fields: Any) -> Visit:
    fields = {"purpose": "Плановый патронаж", "address": "г. Сокол", "specialist": "Анна Клерк", **fields}
    return numbered(session, Visit(agency_id=agency.id, graduate_id=person.id, visited_on=on, **fields), on)


def make_survey(session: Session, visit: Visit) -> HousingSurvey:
    made = HousingSurvey(agency_id=visit.agency_id, graduate_id=visit.graduate_id, surveyed_on=visit.visited_on)
    made.visit_id = visit.id
    return numbered(session, made, visit.visited_on)


def make_service(
    session: Session, agency: Agency, person: Graduate, on: date = date(2026, 6, 1), **fields: Any
) -> ServiceRecord:
    fields = {"kind_code": "legal", "title": "Консультация юриста", "specialist": "юрист Анна Клерк", **fields}
    made = ServiceRecord(agency_id=agency.id, graduate_id=person.id, provided_on=on, **fields)
    session.add(made)
    session.flush()
    return made


def annul(session: Session, record: Any, on: date = date(2026, 9, 1), reason: str = "записано дважды") -> None:
    record.annulled_on, record.annulled_reason = on, reason
    session.flush()
