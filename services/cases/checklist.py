"""What each stage of support consists of, and what of it the records show as done (kizil, the algorithm of support)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard
from models.base import LabelledEnum
from models.cases import Application, Contract
from models.files import PersonalFile
from models.plans import Measure, MeasureStatus, Plan, PlanChange
from models.support import CategoryDecision, Consent, SectionCheck
from models.work import HousingSurvey, ServiceRecord, Visit


class Phase(LabelledEnum):
    PREPARING = "preparing", "подготовительный"
    ACTING = "acting", "деятельностный"
    ACCOMPANYING = "accompanying", "сопровождение"


@dataclass(frozen=True)
class Task:
    phase: Phase
    title: str
    done_on: date | None


STANDS = "annulled_on"
# Stage, what is to be done, the day that shows it, what makes the record count.
TASKS: tuple[tuple[Phase, str, Any, tuple[Any, ...]], ...] = (
    (Phase.PREPARING, "Сведения собраны и проверены", SectionCheck.checked_on, ()),
    (Phase.PREPARING, "Согласие на обработку данных получено", Consent.given_on, ()),
    (Phase.PREPARING, "Заявление зарегистрировано", Application.registered_on, ()),
    (Phase.PREPARING, "План утверждён", Plan.approved_on, ()),
    (Phase.PREPARING, "Личное дело заведено", PersonalFile.opened_on, ()),
    (Phase.ACTING, "Договор заключён", Contract.signed_on, ()),
    (Phase.ACTING, "Категория определена", CategoryDecision.starts_on, ()),
    (Phase.ACTING, "Услуги оказываются", ServiceRecord.provided_on, ()),
    (Phase.ACTING, "Мероприятия плана выполняются", Measure.done_on, (Measure.status == MeasureStatus.DONE,)),
    (Phase.ACCOMPANYING, "Патронаж: выезд по месту жительства", Visit.visited_on, (Visit.is_opened,)),
    (Phase.ACCOMPANYING, "Условия жизни обследованы", HousingSurvey.surveyed_on, ()),
    (Phase.ACCOMPANYING, "Карта мониторинга заполнена", MonitoringCard.filled_on, ()),
    (Phase.ACCOMPANYING, "План корректируется", PlanChange.changed_on, ()),
)


def checklist(session: Session, *, graduate_id: int) -> list[Task]:
    """Every task with the day on which it was first done, in the order of the stages; one statement."""
    parts = [_first_day(number, graduate_id, day, counts) for number, (_, _, day, counts) in enumerate(TASKS)]
    days: dict[int, date | None] = dict(session.execute(union_all(*parts)).all())
    return [Task(phase, title, days[number]) for number, (phase, title, _, _) in enumerate(TASKS)]


def _first_day(number: int, graduate_id: int, day: Any, counts: Sequence[Any]) -> Any:
    model = day.class_
    query = select(literal(number).label("task"), func.min(day).label("day")).where(*counts)
    if model in (Measure, PlanChange):
        query = query.join(Plan, Plan.id == model.plan_id).where(Plan.graduate_id == graduate_id, ~_annulled(Plan))
    else:
        query = query.where(model.graduate_id == graduate_id)
        if hasattr(model, STANDS):
            query = query.where(~_annulled(model))
    return query


def _annulled(model: Any) -> ColumnElement[bool]:
    return getattr(model, STANDS).is_not(None)  # type: ignore[no-any-return]
