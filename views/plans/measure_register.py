"""The register of measures: the work list «что сделать по планам», and the page on which a measure is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import wtforms
from flask import request
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, literal, or_, select

from models.access import Viewer
from models.case_access import may_register, of_visible_people
from models.plans import OPEN_MEASURES, Measure, MeasureStatus, Plan, PlanChange, PlanState
from models.work import ServiceRecord
from services.errors import Refused
from services.plans import drafts, measures
from views import details, edge, labels, listing
from views.base import NOBODY, FormSection
from views.case_base import CaseView
from views.cases import cells
from views.deadline_card import person_link
from views.doing import told_at_field
from views.extensions import db
from views.formats import chip, ru_date
from views.listing import Column, Filter, Found
from views.plans import measure_actions, plan_actions
from views.plans.look import measure_chips, plan_link, plan_name, status_chip, term_text
from views.plans.plan_page import mark_of
from views.registers import fragment

LATE = " late"
SOON = 30  # Days ahead that the tab «Скоро» shows.
FIELDS = (
    *("direction_code", "title", "expected", "service_kind_code", "volume", "starts_on", "due_on", "periodicity"),
    *("executor", "partners"),
)


class MeasureView(CaseView):
    title, icon, default_sort = "Мероприятия планов", "list", "due"
    search_placeholder_text = "Мероприятие, исполнитель"
    list_template = "plans/measures.html"
    details_template = "plans/plan.html"
    creators = NOBODY
    form_overrides: ClassVar[dict[str, Any]] = {}
    form_sections = (FormSection("Мероприятие", "about", FIELDS),)
    actions = measure_actions.ACTIONS

    # -- The list ------------------------------------------------------------------------------------------------------

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return Measure.plan_id.in_(select(Plan.id).where(of_visible_people(viewer, Plan)))

    def find(self) -> Found:
        """Lists measures of plans that were approved; those of drafts are on the page of the draft."""
        found = super().find()
        approved = and_(Plan.state.in_((PlanState.APPROVED, PlanState.CLOSED)), Plan.annulled_on.is_(None))
        return replace(found, query=found.query.where(approved), conditions=[*found.conditions, approved])

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        return listing.plain_select(Measure.id, columns).select_from(Measure).join(Plan, Plan.id == Measure.plan_id)

    def columns(self) -> Sequence[Column]:
        m = Measure
        return (
            Column("title", "Мероприятие", m.title, sort=m.title, css="cell-long", width=44),
            cells.person(Plan),
            Column("due", "Срок", m.due_on, show=ru_date, export=ru_date, sort=m.due_on, width=13),
            Column("status", "Состояние", _status_and_late(), show=_status_cell, export=_status_text, width=24),
            Column("executor", "Исполнитель", m.executor, css="cell-medium", width=30),
            cells.coded("direction", "Направление", m.direction_code, "direction", width=30),
            cells.day("done", "Выполнено", m.done_on),
            cells.coded("agency", "Организация", Plan.agency_id, "agency", width=30),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.flag("open", "К исполнению", lambda: is_to_do()),
            listing.flag("overdue", "Просрочено", lambda: and_(is_to_do(), Measure.due_on < edge.today())),
            listing.period("due", "Срок", Measure.due_on),
            listing.choice("direction", "Направление", Measure.direction_code, lambda: labels.options("direction")),
            Filter("status", "Состояние", "choice", _in_statuses, MeasureStatus.choices),
            listing.choice(
                "service", "Вид услуги", Measure.service_kind_code, lambda: labels.options("service_kind")
            ),
            Filter("executor", "Исполнитель", "choice", Measure.executor.in_, _executors),
            *cells.agency_filter(Plan),
        )  # fmt: skip

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return or_(fragment(text, Measure.title, Measure.executor), cells.found_by(text, Plan, edge.viewer()))

    def list_context(self, found: Found, page: listing.Page) -> dict[str, Any]:
        context = super().list_context(found, page)
        context |= {"can_create": False, "list_tabs": _tabs(self.get_url(".index_view"))}
        return context

    # -- Editing a line of a draft -------------------------------------------------------------------------------------

    def may_edit_record(self, viewer: Viewer, record: Measure) -> bool:
        plan = record.plan
        return may_register(viewer, plan.agency_id) and plan_actions.is_draft(plan)

    def before_save(self, form: Any, record: Measure, is_created: bool) -> None:
        try:
            drafts.revise_measure(db.session(), measure=record, by=edge.viewer())
        except Refused as refusal:
            raise wtforms.ValidationError(told_at_field(form, refusal)) from None

    # -- The page of a measure -----------------------------------------------------------------------------------------

    def record_title(self, record: Measure) -> str:
        return record.title

    def card_context(self, record: Measure) -> dict[str, Any]:
        context = details.plain_context(self, record)
        plan = record.plan
        context["breadcrumbs"].insert(1, (plan_name(plan), self.get_url("plan.details_view", id=plan.id)))
        context["header"] |= {
            "chips": [measure_chips(record, edge.today())],
            "facts": [
                ("Выпускник", person_link(plan.graduate_id)),
                ("План", plan_link(plan)),
                ("Срок", term_text(record)),
                ("Исполнитель", record.executor),
                *([("Отметка", mark)] if (mark := mark_of(record)) else []),
            ],
        }
        if plan.is_in_force:
            context["header"]["alerts"] = [*_alerts(record)]
        context["blocks"] = [*context["blocks"], _services(record), _history(record)]
        return context


# -- Parts -------------------------------------------------------------------------------------------------------------


def is_to_do() -> ColumnElement[bool]:
    """Still to be done, of plans in force."""
    in_force = select(Plan.id).where(Plan.state == PlanState.APPROVED, Plan.annulled_on.is_(None))
    return and_(Measure.status.in_(OPEN_MEASURES), Measure.plan_id.in_(in_force))


def _status_and_late() -> ColumnElement[str]:
    """«in_work late» of a measure whose term is over."""
    is_late = and_(is_to_do(), Measure.due_on < edge.today())
    return cast(Measure.status, String) + case((is_late, literal(LATE)), else_=literal(""))


def _status_cell(value: str) -> Any:
    shown = status_chip(value.removesuffix(LATE))
    return shown + " " + chip("просрочено", "red", "clock-exclamation") if value.endswith(LATE) else shown


def _status_text(value: str) -> str:
    label = MeasureStatus(value.removesuffix(LATE)).label
    return f"{label}, просрочено" if value.endswith(LATE) else label


def _in_statuses(values: list[str]) -> ColumnElement[bool]:
    return Measure.status.in_([MeasureStatus(value) for value in values])


def _executors() -> list[tuple[str, str]]:
    """Those named in the plans of the user's organisation."""
    query = select(Measure.executor).join(Plan, Plan.id == Measure.plan_id).where(Measure.executor != "")
    if not edge.viewer().reads_everybody:
        query = query.where(Plan.agency_id == edge.viewer().agency_id)
    return [(name, name) for name in db.session.scalars(query.distinct().order_by(Measure.executor).limit(200))]


def _tabs(here: str) -> list[dict[str, Any]]:
    last = edge.today() + timedelta(days=SOON)
    wanted = (
        ("Все", ""),
        ("К исполнению", "f.open=1"),
        ("Просрочено", "f.overdue=1"),
        (f"Срок в ближайшие {SOON} дней", f"f.open=1&f.due={edge.today().isoformat()}..{last.isoformat()}"),
    )
    present = request.query_string.decode("utf-8", "replace")
    return [
        {"label": label, "url": f"{here}?{args}" if args else here, "active": present == args} for label, args in wanted
    ]


def _alerts(measure: Measure) -> list[tuple[str, str]]:
    if measure.status in OPEN_MEASURES and measure.due_on is not None and measure.due_on < edge.today():
        return [("error", f"Срок истёк {ru_date(measure.due_on)}: отметьте, что сделано, или перенесите срок.")]
    return []


def _services(measure: Measure) -> dict[str, Any]:
    """What the measure rests on."""
    rows = [_service(one) for one in measures.linked(db.session(), measure=measure)]
    columns = ["Дата", "Услуга", "Вид", "Специалист"]
    return {
        "title": "Оказанные услуги",
        "id": "services",
        "items": [],
        "table": {"columns": columns, "rows": rows} if rows else None,
        "empty": "Услуг по этому мероприятию ещё нет.",
    }


def _service(one: ServiceRecord) -> list[Any]:
    return [ru_date(one.provided_on), one.title, one.kind.label, one.specialist]


def _history(measure: Measure) -> dict[str, Any]:
    """Lines of section V about this measure."""
    query = select(PlanChange).where(PlanChange.measure_id == measure.id).order_by(PlanChange.id.desc())
    rows = [
        [ru_date(one.changed_on), one.what, one.ground, one.author.name if one.author else "система"]
        for one in db.session.scalars(query)
    ]
    return {
        "title": "Ход исполнения",
        "id": "course",
        "items": [],
        "table": {"columns": ["Дата", "Что изменено", "Основание", "Кто внёс"], "rows": rows} if rows else None,
        "empty": "Отметок ещё не было.",
    }
