"""The register of obligations: whose, by which clause, until when, in which state; and what one does with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy import ColumnElement, String, case, cast, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.deadline_access import deadlines_visible_to, serving_with
from models.deadlines import Deadline, State, state_on
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.territory import Agency, AgencyKind
from reports.terms_kept import Cause, cause_on
from services.deadlines.listing import own_of
from services.deadlines.territory import serving_in
from views import deadline_actions, deadline_card, edge, labels, listing, people_lookup, totals
from views.base import RegistryView
from views.deadline_cells import log_named, person_cell, person_column, person_text
from views.deadline_look import state_chip
from views.deadline_words import basis_text
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter, Found
from views.registers import fragment
from views.relative_periods import relative

MEDIUM = "cell-medium"
PENDING, SETTLED, ALL = "pending", "settled", "all"
TABS = {PENDING: "К исполнению", SETTLED: "Исполненные и снятые", ALL: "Все"}


class DeadlineView(RegistryView):
    title, icon = "Сроки", "calendar-event"
    search_placeholder_text = "Что сделать, номер пункта"
    empty_text = "Снимите отбор или откройте «Все»."
    list_template, details_template = "deadlines/list.html", "deadlines/details.html"

    # -- The list ------------------------------------------------------------------------------------------------------

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """What is to be done begins with the most urgent, what is over with the newest."""
        return "-due" if self.tab() == SETTLED else "due"

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return deadlines_visible_to(viewer)

    def columns(self) -> Sequence[Column]:
        d, state, person = Deadline, state_on(edge.today()), person_column(Deadline, edge.viewer())
        return (
            Column("due", "Исполнить до", d.due_on, show=ru_date, export=ru_date, sort=d.due_on, width=13),
            Column("state", "Состояние", state, show=_chip, export=lambda value: State(value).label, width=22),
            Column("title", "Что сделать", d.rule_id, show=_title, export=_title, css="cell-long", width=60),
            Column("quota", "Сделано", _quota(), css="cell-number", width=10),
            Column("person", "О ком", person, show=person_cell, export=person_text, css=MEDIUM, width=34),
            Column("agency", "Кто исполняет", d.agency_id, show=_agency, export=_agency, css=MEDIUM, width=34),
            Column("recipient", "Кому", _recipient(), show=_to_whom, export=_to_whom, css=MEDIUM, width=34),
            Column("clause", "Основание", d.rule_id, show=_clause, export=_basis, width=40),
        )

    def filters(self) -> Sequence[Filter]:
        oversees = _oversees(edge.viewer())
        agency = listing.choice("agency", "Кто исполняет", Deadline.agency_id, lambda: labels.options("agency"))
        own = edge.viewer().agency_id
        return (
            Filter("state", "Состояние", "choice", _in_states, State.choices),
            relative("when", "Когда исполнить", Deadline.due_on),
            listing.period("due", "Исполнить до", Deadline.due_on),
            listing.flag("own", "Исполняет наша организация", lambda: Deadline.agency_id == own),
            listing.flag("mine", "Мои и моих людей", lambda: own_of(edge.viewer(), edge.today())),
            *((agency, *_of_territory()) if oversees else ()),
            Filter("regulation", "Регламент", "choice", _of_regulations, lambda: labels.options("regulation")),
            Filter("rule", "Что сделать", "choice", lambda keys: Deadline.rule_key.in_(keys), _rules_offered),
            Filter("kind", "Вид срока", "choice", _of_kinds, lambda: RuleKind.choices()),
            Filter("cause", "Почему не в срок", "choice", _of_causes, lambda: Cause.choices()),
            Filter(
                "person",
                "О ком",
                "choice",
                lambda ids: Deadline.graduate_id.in_([listing.number_in(value) for value in ids]),
                _people_asked_for,
                lookup_url=url_for("people.lookup"),
            ),
        )

    def _fetch(self, found: Found) -> listing.Page:
        page = super()._fetch(found)
        log_named(found, page, self.endpoint)
        return page

    def search_condition(self, text: str) -> ColumnElement[bool]:
        found = fragment(text, DeadlineRule.title, DeadlineRule.clause, DeadlineRule.clause_heading)
        return Deadline.rule_id.in_(select(DeadlineRule.id).where(found))

    def tab(self) -> str:
        """Which part of the obligations; where states are chosen, all of them."""
        asked = request.args.get("show", ALL if "f.state" in request.args else PENDING)
        return asked if asked in TABS else PENDING

    def find(self) -> Found:
        found = super().find()
        settled = or_(Deadline.closing.is_not(None), Deadline.done_on.is_not(None))
        wanted = {PENDING: [~settled], SETTLED: [settled], ALL: []}[self.tab()]
        return replace(found, query=found.query.where(*wanted), conditions=[*found.conditions, *wanted])

    def shown_total(self, found: Found) -> int:
        state = found.state
        filters = tuple((item.key, tuple(values)) for item, values in state.filters)
        key = (self.endpoint, self.tab(), edge.viewer(), state.q, filters)
        return totals.remembered(key, lambda: self.count(found))

    def list_context(self, found: Found, page: listing.Page) -> dict[str, Any]:
        context = super().list_context(found, page)
        present = self.tab()
        context["hidden_args"] = [*context["hidden_args"], *([("show", present)] if "show" in request.args else [])]
        context["list_tabs"] = [
            {
                "label": label,
                "url": listing.address(request.args, show=None if name == PENDING else name, **{"f.state": None}),
                "active": name == present,
            }
            for name, label in TABS.items()
        ]
        if present == PENDING and not found.state.q and not found.state.filters:
            context["empty_title"], context["empty_text"] = "Исполнять нечего", "Все сроки исполнены или сняты."
        return context

    # -- One obligation ------------------------------------------------------------------------------------------------

    def record_title(self, record: Deadline) -> str:
        return record.rule.title

    def details_context(self, record: Deadline) -> dict[str, Any]:
        return deadline_card.context(self, record, deadline_actions.forms(record))

    @expose("/mark/", methods=("POST",))
    def mark(self) -> Response | tuple[str, int]:
        return self._act("mark")

    @expose("/unmark/", methods=("POST",))
    def unmark(self) -> Response | tuple[str, int]:
        return self._act("unmark")

    @expose("/pause/", methods=("POST",))
    def pause(self) -> Response | tuple[str, int]:
        return self._act("pause")

    @expose("/resume/", methods=("POST",))
    def resume(self) -> Response | tuple[str, int]:
        return self._act("resume")

    @expose("/close/", methods=("POST",))
    def close(self) -> Response | tuple[str, int]:
        return self._act("close")

    @expose("/reopen/", methods=("POST",))
    def reopen(self) -> Response | tuple[str, int]:
        return self._act("reopen")

    def _act(self, name: str) -> Response | tuple[str, int]:
        """Do it, or show the page again with what was typed and one sentence."""
        record = self.record_or_404()
        if not deadline_actions.may(name, edge.viewer(), record):
            edge.log_access(AccessKind.REFUSED, subject="deadline", subject_id=record.id)
            abort(403)
        forms = deadline_actions.forms(record, posted=name)
        try:
            told = deadline_actions.act(name, record, forms)
        except deadline_actions.NotDone as refusal:
            record = self.get_one(record.id) or abort(404)
            context = deadline_card.context(self, record, forms, error=str(refusal))
            return self.render(self.details_template, **context), 422
        totals.forget()
        flash(told, "success")
        return redirect(self.get_url(".details_view", id=record.id))


# -- Cells -----------------------------------------------------------------------------------------------------------


def _rules() -> dict[int, DeadlineRule]:
    """All versions of rules with their regulations, read once for a request."""
    if "deadline_rules" not in g:
        query = select(DeadlineRule).options(joinedload(DeadlineRule.regulation))
        g.deadline_rules = {rule.id: rule for rule in db.session.scalars(query)}
    kept: dict[int, DeadlineRule] = g.deadline_rules
    return kept


def _chip(value: str) -> Markup:
    return state_chip(State(value))


def _title(rule_id: int) -> str:
    return _rules()[rule_id].title


def _clause(rule_id: int) -> str:
    return _rules()[rule_id].clause_text


def _basis(rule_id: int) -> str:
    return basis_text(_rules()[rule_id])


def _agency(value: int) -> str:
    return labels.label("agency", value)


def _recipient() -> ColumnElement[str]:
    """«#5» of an organisation, words of anybody else."""
    known = "#" + cast(Deadline.recipient_id, String)
    return case((Deadline.recipient_id.is_not(None), known), else_=Deadline.recipient_text)


def _to_whom(value: str) -> str:
    return labels.label("agency", value[1:]) if value.startswith("#") else value


def _quota() -> ColumnElement[str]:
    told = cast(Deadline.achieved, String) + "/" + cast(Deadline.required, String)
    return case((Deadline.required > 1, told), else_="")


# -- Filters ---------------------------------------------------------------------------------------------------------


def _oversees(viewer: Viewer) -> bool:
    return viewer.reads_everybody or viewer.agency_kind in (AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT)


def _of_territory() -> tuple[Filter, ...]:
    """Which organisations, for those who compare many."""
    viewer = edge.viewer()
    served = or_(Deadline.agency_id == viewer.agency_id, Deadline.agency_id.in_(serving_with(viewer)))
    return (
        Filter("serves", "Район исполнителя", "choice", _serving, lambda: labels.options("district")),
        Filter("agency_kind", "Вид организации", "choice", _of_agency_kinds, lambda: AgencyKind.choices()),
        listing.flag("reach", "Исполняет организация территории", lambda: served),
    )


def _serving(values: list[str]) -> ColumnElement[bool]:
    districts = [listing.number_in(value) for value in values]
    found: ColumnElement[bool] = Deadline.agency_id.in_(serving_in(districts, edge.today()))
    return found


def _of_agency_kinds(values: list[str]) -> ColumnElement[bool]:
    kinds = [AgencyKind(value) for value in values]
    return Deadline.agency_id.in_(select(Agency.id).where(Agency.kind.in_(kinds)))


def _of_causes(values: list[str]) -> ColumnElement[bool]:
    return cause_on(edge.today()).in_([Cause(value).value for value in values])


def _in_states(values: list[str]) -> ColumnElement[bool]:
    return state_on(edge.today()).in_([State(value).value for value in values])


def _of_regulations(values: list[str]) -> ColumnElement[bool]:
    ids = [listing.number_in(value) for value in values]
    return Deadline.rule_id.in_(select(DeadlineRule.id).where(DeadlineRule.regulation_id.in_(ids)))


def _of_kinds(values: list[str]) -> ColumnElement[bool]:
    kinds = [RuleKind(value) for value in values]
    return Deadline.rule_id.in_(select(DeadlineRule.id).where(DeadlineRule.kind.in_(kinds)))


def _rules_offered() -> list[tuple[str, str]]:
    current = [rule for rule in _rules().values() if rule.is_current]
    told = [(rule.key, f"{rule.title} ({basis_text(rule)})") for rule in current]
    return sorted(told, key=lambda item: item[1])


def _people_asked_for() -> list[tuple[str, str]]:
    """The people of the present filter: the others are found as one types."""
    ids = [int(value) for value in request.args.getlist("f.person") if value.isdecimal() and len(value) < 10]
    known = people_lookup.names_of(ids)
    return [(str(number), known.get(number, people_lookup.card_number(number))) for number in ids]
