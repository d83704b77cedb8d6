"""What is marked on the page of a measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.access import Viewer
from models.case_access import may_register
from models.plans import OPEN_MEASURES, Measure, MeasureStatus
from services.plans import measures
from services.plans.measures import Rendered
from views import edge
from views.doing import Action
from views.extensions import db
from views.formats import ru_date
from views.plans.plan_forms import (
    DoneForm,
    FailForm,
    GroundForm,
    MoveForm,
    PartlyForm,
    RefuseForm,
    StartForm,
)


def may(viewer: Viewer, measure: Measure) -> bool:
    return may_register(viewer, measure.plan.agency_id)


def _is_open(measure: Measure) -> bool:
    return measure.plan.is_in_force and measure.status in OPEN_MEASURES


def _is_waiting(measure: Measure) -> bool:
    return _is_open(measure) and measure.status is not MeasureStatus.IN_WORK


def _is_marked(measure: Measure) -> bool:
    return measure.plan.is_in_force and measure.status not in OPEN_MEASURES


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _start(measure: Measure, form: Any) -> str:
    measures.start(db.session(), measure=measure, on=form.on.data, by=edge.viewer())
    return "Мероприятие в работе."


def _done(measure: Measure, form: Any) -> str:
    kind, title = form.kind_code.data, (form.title.data or "").strip()
    is_new = bool(kind)
    measures.finish(
        db.session(),
        measure=measure,
        done_on=form.done_on.data,
        result=form.result.data or "",
        service_ids=form.services.data or (),
        rendered=Rendered(kind, title or measure.title) if is_new else None,
        by=edge.viewer(),
        now=edge.now(),
    )
    return "Отмечено: выполнено. Услуга записана в журнал." if is_new else "Отмечено: выполнено."


def _partly(measure: Measure, form: Any) -> str:
    measures.finish(
        db.session(),
        measure=measure,
        done_on=form.done_on.data,
        result=form.result.data or "",
        service_ids=form.services.data or (),
        is_partly=True,
        by=edge.viewer(),
        now=edge.now(),
    )
    return "Отмечено: выполнено частично."


def _fail(measure: Measure, form: Any) -> str:
    measures.fail(db.session(), measure=measure, on=form.on.data, reason=form.reason.data or "", by=edge.viewer())
    return "Отмечено: не выполнено."


def _refuse(measure: Measure, form: Any) -> str:
    measures.refuse(
        db.session(),
        measure=measure,
        refused_on=form.refused_on.data,
        reason_code=form.reason_code.data,
        reason_note=form.reason_note.data or "",
        is_signed=form.is_signed.data,
        by=edge.viewer(),
    )
    return "Отказ выпускника отмечен. Невыполнением он не считается."


def _move(measure: Measure, form: Any) -> str:
    fields = {"due_on": form.due_on.data, "ground": form.ground.data or "", "on": form.on.data}
    measures.move(db.session(), measure=measure, by=edge.viewer(), **fields)
    return f"Срок перенесён на {ru_date(measure.due_on)}. Прежний остался в разделе V плана."


def _exclude(measure: Measure, form: Any) -> str:
    measures.exclude(db.session(), measure=measure, on=form.on.data, ground=form.ground.data or "", by=edge.viewer())
    return "Мероприятие исключено из плана."


def _resume(measure: Measure, form: Any) -> str:
    measures.resume(db.session(), measure=measure, on=form.on.data, ground=form.ground.data or "", by=edge.viewer())
    return "Отметка снята, мероприятие снова в работе."


# -- Forms -----------------------------------------------------------------------------------------------------------


def _today_in(name: str) -> Callable[[Any, Measure], None]:
    def fill(form: Any, measure: Measure) -> None:
        form[name].data = edge.today()

    return fill


@dataclass(frozen=True)
class ServiceAction(Action):
    """Offers the services that the measure may rest on."""

    def made_form(self, record: Measure, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        found = measures.choosable(db.session(), measure=record)
        form.services.choices = [(one.id, f"{ru_date(one.provided_on)} {one.title}") for one in found]
        return form


def _fill_done(form: Any, measure: Measure) -> None:
    form.done_on.data = edge.today()
    form.title.data = ""


ACTIONS = (
    Action("start", "Взять в работу", _start, may, _is_waiting, StartForm, _today_in("on"), "В работе"),
    ServiceAction("done", "Выполнено", _done, may, _is_open, DoneForm, _fill_done, "Отметить выполнение", "primary"),
    ServiceAction("partly", "Выполнено частично", _partly, may, _is_open, PartlyForm, _today_in("done_on"), "Отметить"),
    Action("fail", "Не выполнено", _fail, may, _is_open, FailForm, _today_in("on"), "Отметить"),
    Action("refuse", "Отказ выпускника", _refuse, may, _is_open, RefuseForm, _today_in("refused_on"),
           "Отметить отказ", hint="Отказ от отдельного мероприятия не считается невыполнением плана."),
    Action("move", "Перенести срок", _move, may, _is_open, MoveForm, _today_in("on"), "Перенести"),
    Action("exclude", "Исключить из плана", _exclude, may, _is_open, GroundForm, _today_in("on"), "Исключить"),
    Action("resume", "Снять отметку, вернуть в работу", _resume, may, _is_marked, GroundForm, _today_in("on"),
           "Вернуть в работу", hint="Снятая отметка останется в разделе V плана."),
)  # fmt: skip
