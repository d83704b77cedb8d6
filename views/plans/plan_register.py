"""The register of plans: drafted by a form, carried through approval by verbs, read as a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import wtforms
from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, inspect, literal, select
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.case_access import may_register
from models.cases import Contract
from models.plans import OPEN_MEASURES, Measure, MeasureStatus, Plan, PlanKind, PlanPartner, PlanSphere, PlanState
from services.errors import Refused
from services.plans import drafts, editions
from views import details, edge, listing
from views.base import FormSection
from views.case_base import CaseView, wanted_number
from views.cases import cells
from views.children import ChildRows
from views.doing import told_at_field
from views.extensions import db
from views.fields import REQUIRED, parse_date
from views.formats import plural
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.plans import difference_page, picking, plan_actions, plan_page
from views.plans.look import ANNULLED, plan_name, state_chip, state_text
from views.registers import label_from

MEASURE_COLUMNS = (
    *("title", "direction_code", "service_kind_code", "starts_on", "due_on", "expected", "periodicity"),
    *("executor", "partners", "volume"),
)


class MeasureRows(ChildRows):
    """The name of a measure takes a line of its own."""

    form_widget_args: ClassVar = {"title": {"data-wide": "1"}}


INLINES = (
    ChildRows(
        PlanSphere, "spheres", "Оценка ситуации", ("sphere", "situation", "problem", "resources", "need"),
        "Добавить сферу",
    ),
    ChildRows(PlanPartner, "partners", "Партнёры", ("agency_id", "agreed_on"), "Добавить партнёра"),
    MeasureRows(Measure, "measures", "Мероприятия", MEASURE_COLUMNS, "Добавить мероприятие"),
)  # fmt: skip


class PlanView(CaseView):
    title, icon, create_label, default_sort = "Планы", "clipboard-list", "Новый план", "-ends"
    search_placeholder_text = "Номер, фамилия"
    details_template = "plans/plan.html"
    form_overrides: ClassVar = {"graduate_id": PersonField}
    inline_models = INLINES
    form_sections = (
        FormSection(
            "План",
            "about",
            (
                *("graduate_id", "agency_id", "kind", "starts_on", "ends_on", "curator", "agreed_on"),
                *("edition_reason", "goals", "resources"),
            ),
            help="Договор с выпускником система найдёт сама.",
        ),
        FormSection(
            "ИППСУ",
            "programme",
            ("foreign_number", "foreign_issuer", "review_on"),
            help="Только для программы социальных услуг.",
            open=False,
        ),
        FormSection(
            "Партнёры", "joint", ("partners",), help="Кто участвует в совместном плане и когда согласился.", open=False
        ),
        FormSection(
            "Оценка ситуации и потребностей",
            "situation",
            ("spheres",),
            help="В новый план сами перейдут открытые проблемы из карточки.",
            open=False,
        ),
        FormSection(
            "Мероприятия",
            "plan-measures",
            ("measures",),
            help="Здесь вписывают свои. Готовые выбирают из перечня: после сохранения нажмите «Добавить из перечня».",
        ),
    )
    actions = plan_actions.ACTIONS

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        p, kind = Plan, label_from(PlanKind)
        return (
            cells.number_column(p),
            cells.person(p),
            Column("kind", "Вид", p.kind, show=kind, export=kind, width=26),
            Column("state", "Состояние", state_of_plans(), show=state_chip, export=state_text, width=16),
            cells.day("starts", "С", p.starts_on, is_sorted=True),
            cells.day("ends", "По", p.ends_on, is_sorted=True),
            Column("done", "Выполнено", _done_of_plans(), css="cell-number", width=12),
            Column("curator", "Куратор", p.curator, width=30),
            cells.coded("agency", "Организация", p.agency_id, "agency", width=30),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            Filter("state", "Состояние", "choice", _in_states, _states),
            listing.choice("kind", "Вид", Plan.kind, PlanKind.choices),
            listing.period("ends", "Действует по", Plan.ends_on),
            listing.period("starts", "Действует с", Plan.starts_on),
            listing.flag("overdue", "Есть просроченные мероприятия", lambda: has_overdue(edge.viewer())),
            listing.flag(
                "over", "Срок плана истёк", lambda: and_(_is_in_force(), Plan.ends_on < edge.today())
            ),
            listing.flag("contract", "Есть договор", lambda: Plan.contract_id.is_not(None)),
            cells.own_filter(Plan),
            *cells.agency_filter(Plan),
        )  # fmt: skip

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return cells.found_by(text, Plan, edge.viewer())

    # -- The form ------------------------------------------------------------------------------------------------------

    def may_edit_record(self, viewer: Viewer, record: Plan) -> bool:
        return super().may_edit_record(viewer, record) and plan_actions.is_draft(record)

    def fit_form(self, form: Any, record: Plan | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["graduate_id"]
        if record is None or record.edition == 1:
            del form["edition_reason"]
        if record is None and request.method == "GET":
            _propose(form)

    def check_form(self, form: Any, record: Plan | None) -> bool:
        """The period, and that every line has a name and dates inside the plan."""
        first, last = form.starts_on.data, form.ends_on.data
        if first and last and last < first:
            form.ends_on.errors = [*form.ends_on.errors, "Последний день плана раньше первого."]
            return False
        faults = [*_unnamed(form.spheres, "sphere"), *_unnamed(form.measures, "title")]
        if first and last:
            for line in _lines(form.measures):
                if (fault := drafts.outside(first, last, line["starts_on"].data, line["due_on"].data)) is not None:
                    faults.append((line[fault[0]], fault[1]))
        for field, sentence in faults:
            field.errors = [*field.errors, sentence]
        return not faults

    def record(self, form: Any) -> Plan:
        plan = Plan(agency_id=self.agency_of(form))
        with db.session.no_autoflush:
            form.populate_obj(plan)
            return drafts.begin(db.session(), plan=plan, by=edge.viewer(), now=edge.now())

    def before_save(self, form: Any, record: Plan, is_created: bool) -> None:
        try:
            drafts.revise(db.session(), plan=record, by=edge.viewer())
        except Refused as refusal:
            raise wtforms.ValidationError(told_at_field(form, refusal)) from None

    def after_save_url(self, record: Plan, is_created: bool) -> str:
        if not is_created:
            self.warn(record)
        return super().after_save_url(record, is_created)

    def told(self, record: Plan) -> str:
        return "Черновик плана создан. Добавьте мероприятия и передайте план на утверждение."

    def warn(self, record: Plan) -> None:
        """After a save only: the page of the plan itself shows what holds at any time."""
        wanted = _typed_end()
        if inspect(record).persistent and wanted is not None and wanted > record.ends_on:
            told = drafts.warnings(db.session(), plan=record, on=edge.today(), wanted_end=wanted)
            flash(told[0], "warning")

    # -- The page of a plan --------------------------------------------------------------------------------------------

    def record_title(self, record: Plan) -> str:
        return plan_name(record)

    def card_context(self, record: Plan) -> dict[str, Any]:
        context = details.plain_context(self, record)
        may_write = may_register(edge.viewer(), record.agency_id)
        context["header"] |= plan_page.header(record)
        context["blocks"] = list(plan_page.blocks(record, may_write=may_write))
        context["measures_count"] = len(record.measures)
        return context

    def after_action_url(self, record: Plan, name: str) -> str:
        if name == "discard":
            return self.get_url(".index_view")
        if name == "renew" and record.following is not None:
            return self.get_url(".details_view", id=record.following.id)
        return super().after_action_url(record, name)

    # -- Measures from the lists of the regulations --------------------------------------------------------------------

    @expose("/pick/", methods=("GET", "POST"))
    def pick(self) -> str | Response | tuple[str, int]:
        plan = self.record_or_404()
        self.require_edit(plan)
        key, error = plan.id, ""
        if request.method == "POST":
            try:
                added = picking.add(plan)
            except Refused as refusal:
                db.session.rollback()
                plan, error = self.get_one(key) or abort(404), str(refusal)
            else:
                word = plural(added, "мероприятие", "мероприятия", "мероприятий")
                flash(f"Добавлено {added} {word}." if added else "Эти мероприятия в плане уже есть.", "success")
                return redirect(f"{self.get_url('.details_view', id=key)}#measures")
        edge.log_access(AccessKind.OPENED, subject="plan", subject_id=key)
        page = self.render("plans/pick.html", **picking.context(self, plan, error))
        return (page, 422) if error else page

    # -- Two editions --------------------------------------------------------------------------------------------------

    @expose("/difference/")
    def difference(self) -> str:
        plan = self.record_or_404()
        other = self.get_one(request.args.get("with", "")) or abort(404)
        chain = editions.chain(plan)
        if other not in chain:
            abort(404)
        old, new = sorted((other, plan), key=lambda one: one.edition)
        for one in (old, new):
            edge.log_access(AccessKind.OPENED, subject="plan", subject_id=one.id)
        found = editions.difference(db.session(), old=old, new=new)
        return self.render("plans/difference.html", **difference_page.context(self, found, chain))


# -- SQL of the list ---------------------------------------------------------------------------------------------------


def state_of_plans() -> ColumnElement[str]:
    return case((Plan.annulled_on.is_not(None), literal(ANNULLED)), else_=cast(Plan.state, String))


def _states() -> list[tuple[str, str]]:
    return [*PlanState.choices(), (ANNULLED, state_text(ANNULLED))]


def _in_states(values: list[str]) -> ColumnElement[bool]:
    known = [value if value == ANNULLED else PlanState(value).value for value in values]
    return state_of_plans().in_(known)


def _is_in_force() -> ColumnElement[bool]:
    return and_(Plan.state == PlanState.APPROVED, Plan.annulled_on.is_(None))


def has_overdue(viewer: Viewer) -> ColumnElement[bool]:
    """Plans in force with a measure whose term is over."""
    late = exists().where(Measure.plan_id == Plan.id, Measure.status.in_(OPEN_MEASURES), Measure.due_on < viewer.on)
    return and_(_is_in_force(), late.correlate(Plan))


def _done_of_plans() -> ColumnElement[str]:
    """«9 из 11»: refusals and what was excluded do not count."""
    counted = Measure.status.not_in((MeasureStatus.REFUSED, MeasureStatus.EXCLUDED))
    done = func.coalesce(func.sum(case((Measure.status == MeasureStatus.DONE, 1), else_=0)), 0)
    text = cast(done, String) + " из " + cast(func.count(Measure.id), String)
    return select(text).where(Measure.plan_id == Plan.id, counted).correlate(Plan).scalar_subquery()


# -- The form ----------------------------------------------------------------------------------------------------------


def _propose(form: Any) -> None:
    """A year from today, or the term of the contract that the address names."""
    contract = _wanted_contract()
    form.kind.data = PlanKind.INDIVIDUAL
    if contract is not None:
        form.graduate_id.data = contract.graduate_id
        form.starts_on.data, form.ends_on.data = contract.starts_on, drafts.last_day(contract)
        form.curator.data = contract.curator
        return
    form.starts_on.data = edge.today()
    form.ends_on.data = editions.year_from(edge.today())


def _lines(rows: Any) -> Iterator[Any]:
    """Forms of the child rows that stay."""
    for entry in rows.entries:
        if not getattr(entry, "_should_delete", False):
            yield entry.form


def _unnamed(rows: Any, name: str) -> Iterator[tuple[Any, str]]:
    for line in _lines(rows):
        if not line[name].data:
            yield line[name], REQUIRED


def _wanted_contract() -> Contract | None:
    number, viewer = wanted_number("contract"), edge.viewer()
    contract = db.session.get(Contract, number) if number else None
    return contract if contract is not None and may_register(viewer, contract.agency_id) else None


def _typed_end() -> Any:
    try:
        return parse_date(request.form.get("ends_on", ""))
    except ValueError:
        return None
