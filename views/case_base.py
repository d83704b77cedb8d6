"""CaseView: registers whose records are made and changed by verbs of a service, with actions on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.case_access import may_register, of_visible_people
from models.users import Role
from services.errors import Refused
from views import details, doing, edge, saving, totals
from views.base import RegistryView
from views.deadline_card import person_link
from views.deadline_cells import log_named
from views.doing import Action, OnceField
from views.formats import chip, ru_date
from views.listing import Found, Page
from views.papers.links import papers_of
from views.people_lookup import PersonField

WRITERS = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})


class CaseView(RegistryView):
    """Records about people, of the organisation that keeps them; visible with the person (models.case_access)."""

    creators = editors = WRITERS
    details_template = "cases/details.html"
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField}
    actions: Sequence[Action] = ()

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return of_visible_people(viewer, self.model)

    def may_edit_record(self, viewer: Viewer, record: Any) -> bool:
        return may_register(viewer, record.agency_id) and getattr(record, "annulled_on", None) is None

    # -- What a subclass says ------------------------------------------------------------------------------------------

    def record(self, form: Any) -> Any:
        """Make the record by its verb, without committing; raises Refused."""
        raise NotImplementedError

    def warnings(self, record: Any) -> Sequence[str]:
        """What the user should know of a record just saved: sentences."""
        return ()

    def told(self, record: Any) -> str:
        return "Запись создана."

    # -- Making --------------------------------------------------------------------------------------------------------

    def scaffold_form(self) -> Any:
        form_class = super().scaffold_form()
        return type(form_class.__name__, (form_class,), {"form_token": OnceField()})

    def fit_form(self, form: Any, record: Any | None) -> None:
        """The organisation is the user's own, only an administrator names one; the person may come in the address."""
        if "agency_id" in form and (record is not None or not edge.viewer().is_administrator):
            del form["agency_id"]
        if record is not None or request.method != "GET":
            return
        if "graduate_id" in form:
            form.graduate_id.data = wanted_number("graduate")
        if "agency_id" in form:
            form.agency_id.data = current_user.agency_id

    def agency_of(self, form: Any) -> int:
        """Whose record the form makes."""
        chosen = form.agency_id.data if "agency_id" in form else None
        return int(chosen or edge.viewer().agency_id)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | tuple[str, int]:
        if not self.may(self.creators):
            edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__)
            abort(403)
        form = self.create_form()
        self.fit_form(form, None)
        messages: list[str] = []
        if request.method == "POST" and saving.is_valid(self, form, None):
            try:
                record = doing.once(self.model, form.form_token.data or "", lambda: self.record(form))
            except Refused as refusal:
                messages += [] if (told := doing.told_at_field(form, refusal)) == doing.BROKEN else [told]
            else:
                totals.forget()
                flash(self.told(record), "success")
                self.warn(record)
                return saving._away(self, record, True)
        return saving.form_page(self, form, None, messages)

    def warn(self, record: Any) -> None:
        for sentence in self.warnings(record):
            flash(sentence, "warning")

    # -- The list ------------------------------------------------------------------------------------------------------

    def _fetch(self, found: Found) -> Page:
        page = super()._fetch(found)
        if any(column.key == "person" for column in found.columns):
            log_named(found, page, self.endpoint)
        return page

    # -- The page of a record ------------------------------------------------------------------------------------------

    def details_context(self, record: Any) -> dict[str, Any]:
        return self.page(record)

    def page(self, record: Any, posted: str = "", form: Any = None, error: str = "") -> dict[str, Any]:
        """The context of the details page; `form` holds what was typed into the action `posted`."""
        viewer = edge.viewer()
        context = self.card_context(record)
        header = context["header"]
        header["alerts"] = [*([("error", error)] if error else []), *annulment(record), *header.get("alerts", [])]
        header["papers"] = papers_of(record)
        shown = [action for action in self.actions if action.may(viewer, record) and action.offered(record)]
        context["record"] = record
        context["actions"] = [
            (action, form if action.name == posted else action.made_form(record), action.name == posted)
            for action in shown
        ]
        return context

    def card_context(self, record: Any) -> dict[str, Any]:
        """Header, blocks and history; a subclass adds what its record has beside plain facts."""
        context = details.plain_context(self, record)
        if getattr(record, "graduate_id", None) is not None:
            context["header"]["facts"] = [("Выпускник", person_link(record.graduate_id))]
        return context

    @expose("/act/<verb>/", methods=("POST",))
    def act(self, verb: str) -> Response | tuple[str, int]:
        name = verb  # Flask-Admin keeps `name` for itself.
        record = self.record_or_404()
        action = next((one for one in self.actions if one.name == name), None)
        if action is None:
            abort(404)
        if not action.may(edge.viewer(), record):
            edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__, subject_id=self._log_id(record))
            abort(403)
        form = action.made_form(record, posted=name)
        key = self.get_pk_value(record)
        try:
            told = doing.perform(action, record, form)
        except doing.NotDone as refusal:
            record = self.get_one(key) or abort(404)
            return self.render(self.details_template, **self.page(record, name, form, str(refusal))), 422
        totals.forget()
        flash(told, "success")
        self.warn(record)
        return redirect(self.after_action_url(record, name))

    def after_action_url(self, record: Any, name: str) -> str:
        return self.get_url(".details_view", id=self.get_pk_value(record))


def annulment(record: Any) -> list[tuple[str, str]]:
    if getattr(record, "annulled_on", None) is None:
        return []
    return [("warning", f"Аннулировано {ru_date(record.annulled_on)}: {record.annulled_reason.rstrip('.')}.")]


def annulled_chip(value: Any) -> Any:
    """For a list's column over `annulled_on`."""
    return chip("аннулировано", "grey", "ban") if value else ""


def wanted_number(name: str) -> int | None:
    """A number that the address proposes for a field."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
