"""Kinds of events of a route, and what each event is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.base import LabelledEnum
from models.cases import ConclusionOutcome, RefusalKind
from models.circumstances import AddressKind
from models.plans import MeasureStatus, PlanKind
from models.support import AssignmentKind, FieldGroup
from models.work import ConsultationKind, SurveyOutcome

MASK = "•••"


class Kind(LabelledEnum):
    """As the chips of the filter name them, in their order."""

    PLACEMENT = "placement", "Пребывание"
    STUDY = "study", "Учёба"
    WORK = "work", "Работа и доходы"
    FAMILY = "family", "Семья"
    HOUSING = "housing", "Жильё"
    ADDRESS = "address", "Адреса"
    PROBLEM = "problem", "Проблемы"
    CATEGORY = "category", "Категория"
    PEOPLE = "people", "Кто отвечает"
    CONSENT = "consent", "Согласия"
    CASE = "case", "Заявления и договоры"
    PLAN = "plan", "Планы"
    APPEAL = "appeal", "Обращения"
    TALK = "talk", "Беседы"
    SESSION = "session", "Занятия"
    VISIT = "visit", "Патронаж"
    SERVICE = "service", "Услуги"
    ASSESSMENT = "assessment", "Оценки"
    FILE = "file", "Документы"
    DUTY = "duty", "Сроки"
    CLOSED = "closed", "Закрытые сведения"


class Event(NamedTuple):
    """A line of the route. `until` is the last day of what lasts; `code` a dictionary's code where a lane needs it."""

    on: date
    until: date | None
    kind: Kind
    what: str
    title: str
    detail: str
    agency_id: int | None
    subject: str
    subject_id: int
    code: str
    is_annulled: bool
    is_stated: bool  # Not the day on which it began, but the one on which it was stated.


@dataclass(frozen=True)
class What:
    """Of a branch of the statement: kind, head of the line, table of the record, words of its code, its field group."""

    kind: Kind
    head: str = ""
    subject: str = ""  # Empty: it is read on the card.
    words: type[LabelledEnum] | None = None
    group: FieldGroup | None = None


_K = Kind
WHATS: dict[str, What] = {
    "left": What(_K.PLACEMENT, "Выпуск"),
    "placement": What(_K.PLACEMENT),
    "study": What(_K.STUDY),
    "employment": What(_K.WORK),
    "income": What(_K.WORK, "Доход"),
    "family": What(_K.FAMILY),
    "child": What(_K.FAMILY, "Родился ребёнок"),
    "housing": What(_K.HOUSING),
    "address": What(_K.ADDRESS, "", "", AddressKind),
    "situation": What(_K.PROBLEM, "Сведения организации"),
    "problem": What(_K.PROBLEM, "Проблема выявлена"),
    "problem.solved": What(_K.PROBLEM, "Проблема решена"),
    "category": What(_K.CATEGORY, "Категория"),
    "assignment": What(_K.PEOPLE, "", "", AssignmentKind),
    "responsibility": What(_K.PEOPLE, "Отвечает за сопровождение"),
    "consent": What(_K.CONSENT, "Согласие"),
    "consent.withdrawn": What(_K.CONSENT, "Согласие отозвано"),
    "health": What(_K.CLOSED, "Здоровье", "", None, FieldGroup.HEALTH),
    "offence": What(_K.CLOSED, "Правонарушение", "", None, FieldGroup.OFFENCES),
    "examination": What(_K.CLOSED, "Заключение ПМПК", "examination", None, FieldGroup.HEALTH),
    "application": What(_K.CASE, "Заявление поступило", "application"),
    "application.registered": What(_K.CASE, "Заявление зарегистрировано", "application"),
    "application.withdrawn": What(_K.CASE, "Заявление отозвано", "application"),
    "refusal": What(_K.CASE, "Отказ", "refusal", RefusalKind),
    "contract": What(_K.CASE, "Договор подписан", "contract"),
    "contract.ended": What(_K.CASE, "Договор прекращён", "contract"),
    "amendment": What(_K.CASE, "Дополнительное соглашение", "contract"),
    "suspension": What(_K.CASE, "Договор приостановлен", "contract"),
    "episode": What(_K.CASE, "Принят на сопровождение", "support_episode"),
    "episode.removed": What(_K.CASE, "Снят с сопровождения", "support_episode"),
    "conclusion": What(_K.CASE, "Заключение утверждено", "conclusion", ConclusionOutcome),
    "conclusion.signed": What(_K.CASE, "Заключение подписано выпускником", "conclusion"),
    "plan": What(_K.PLAN, "Утверждён", "plan", PlanKind),
    "plan.closed": What(_K.PLAN, "Завершён", "plan", PlanKind),
    "measure": What(_K.PLAN, "Мероприятие", "plan", MeasureStatus),
    "measure.refused": What(_K.PLAN, "Отказ от мероприятия", "plan"),
    "appeal": What(_K.APPEAL, "Обращение", "appeal"),
    "appeal.done": What(_K.APPEAL, "Обращение исполнено", "appeal"),
    "consultation": What(_K.TALK, "", "consultation", ConsultationKind),
    "minutes": What(_K.TALK, "Протокол беседы", "consultation_minutes"),
    "session": What(_K.SESSION, "Занятие", "group_session"),
    "visit": What(_K.VISIT, "Патронаж", "visit"),
    "survey": What(_K.VISIT, "Обследование условий", "housing_survey", SurveyOutcome),
    "urgent": What(_K.SERVICE, "Срочные услуги", "urgent_act"),
    "service": What(_K.SERVICE, "", "service_record"),
    "monitoring": What(_K.ASSESSMENT, "Карта мониторинга", "monitoring_card"),
    "readiness": What(_K.ASSESSMENT, "Оценка готовности", "readiness_assessment"),
    "attachment": What(_K.FILE, "", "attachment"),
    "document": What(_K.FILE, "Выдан"),
    "duty.done": What(_K.DUTY, "Исполнено", "deadline"),
    "duty.late": What(_K.DUTY, "Исполнено с опозданием", "deadline"),
    "duty.missed": What(_K.DUTY, "Не исполнено в срок", "deadline"),
    "occurrence": What(_K.CASE, "", "occurrence"),
}
