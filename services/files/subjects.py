"""Records to which a paper may be attached: whose they are and what they are called."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, ContractAmendment, Refusal, SupportEpisode
from models.circumstances import Housing, Placement, Study
from models.files import AttachmentKind
from models.graduates import Graduate
from models.people import IdentityDocument
from models.plans import Plan
from models.support import Assignment, CategoryDecision, Consent, FieldGroup, HealthRecord, OffenceRecord
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupParticipant,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from services import field_groups

# Table → its model, what such a record is called, its day, the kind that is proposed for a paper of it.
KNOWN: dict[str, tuple[type[Any], str, str, AttachmentKind]] = {
    "application": (Application, "Заявление", "received_on", AttachmentKind.APPLICATION),
    "refusal": (Refusal, "Отказ", "refused_on", AttachmentKind.APPLICATION),
    "contract": (Contract, "Договор", "signed_on", AttachmentKind.CONTRACT),
    "contract_amendment": (ContractAmendment, "Дополнительное соглашение", "signed_on", AttachmentKind.CONTRACT),
    "conclusion": (Conclusion, "Заключение", "approved_on", AttachmentKind.CONCLUSION),
    "support_episode": (SupportEpisode, "Принятие на сопровождение", "accepted_on", AttachmentKind.OTHER),
    "plan": (Plan, "План", "approved_on", AttachmentKind.PLAN),
    "appeal": (Appeal, "Обращение", "received_on", AttachmentKind.APPLICATION),
    "consultation": (Consultation, "Беседа, консультация", "held_on", AttachmentKind.OTHER),
    "consultation_minutes": (ConsultationMinutes, "Протокол беседы", "drawn_on", AttachmentKind.MINUTES),
    "group_session": (GroupSession, "Групповое занятие", "held_on", AttachmentKind.OTHER),
    "visit": (Visit, "Патронаж", "visited_on", AttachmentKind.OTHER),
    "housing_survey": (HousingSurvey, "Акт обследования условий", "surveyed_on", AttachmentKind.ACT),
    "urgent_act": (UrgentAct, "Акт о срочных услугах", "provided_on", AttachmentKind.ACT),
    "service_record": (ServiceRecord, "Услуга", "provided_on", AttachmentKind.ACT),
    "monitoring_card": (MonitoringCard, "Карта мониторинга", "filled_on", AttachmentKind.OTHER),
    "readiness_assessment": (ReadinessAssessment, "Оценка готовности", "assessed_on", AttachmentKind.OTHER),
    "examination": (Examination, "Заключение ПМПК", "held_on", AttachmentKind.HEALTH),
    "consent": (Consent, "Согласие", "given_on", AttachmentKind.CONSENT),
    "assignment": (Assignment, "Назначение", "order_on", AttachmentKind.OTHER),
    "category_decision": (CategoryDecision, "Решение о категории", "starts_on", AttachmentKind.OTHER),
    "identity_document": (IdentityDocument, "Документ", "issued_on", AttachmentKind.IDENTITY),
    "placement": (Placement, "Пребывание", "starts_on", AttachmentKind.STATUS),
    "study": (Study, "Обучение", "starts_on", AttachmentKind.EDUCATION),
    "housing": (Housing, "Жильё", "starts_on", AttachmentKind.HOUSING),
    "health_record": (HealthRecord, "Сведения о здоровье", "recorded_on", AttachmentKind.HEALTH),
    "offence_record": (OffenceRecord, "Правонарушение", "recorded_on", AttachmentKind.OTHER),
}


# Records of which nobody else may know that they are there: their field group, and the column with the author.
SECRET: dict[str, tuple[FieldGroup, str]] = {
    "examination": (FieldGroup.HEALTH, "created_by_id"),
    "health_record": (FieldGroup.HEALTH, "author_id"),
    "offence_record": (FieldGroup.OFFENCES, "author_id"),
}


def find(session: Session, *, subject: str, subject_id: int, graduate_id: int, by: Viewer) -> Any | None:
    """The record of this person, or None: somebody else's, and a secret one, is no record at all."""
    if subject not in KNOWN or not 0 < subject_id < 2**31:
        return None
    model = KNOWN[subject][0]
    query = select(model).where(model.id == subject_id)
    if model is ContractAmendment:
        query = query.join(Contract).where(Contract.graduate_id == graduate_id)
    elif model is GroupSession:
        took_part = exists().where(
            GroupParticipant.session_id == GroupSession.id, GroupParticipant.graduate_id == graduate_id
        )
        query = query.where(took_part)
    else:
        query = query.where(model.graduate_id == graduate_id)
    if subject in SECRET:
        group, author = SECRET[subject]
        readable = exists().where(Graduate.id == model.graduate_id, field_groups.readable_people(by, group))
        query = query.where(or_(getattr(model, author) == by.user_id, readable.correlate(model)))
    return session.scalars(query).one_or_none()


def title_of(record: Any) -> str:
    """«Договор № 12/2026», «Обучение»."""
    _, title, _, _ = KNOWN[record.__tablename__]
    number = getattr(record, "number_text", "")
    if not number and isinstance(record, ContractAmendment):
        number = str(record.number)
    return f"{title} № {number}" if number else title
