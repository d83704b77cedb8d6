"""The papers that people need for a dwelling (kizil 2.3): the list of a person and of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, or_, select
from werkzeug.wrappers import Response

from models.access import Viewer, visible_to
from models.aid import HousingDocument, PaperState
from models.audit import AccessKind
from models.case_access import may_record
from models.graduates import Graduate
from models.search import matches
from models.users import Role
from services.aid import housing
from services.errors import Refused
from views import edge, labels, listing
from views.base import EVERYBODY, NOBODY, FormSection
from views.case_base import wanted_number
from views.cases import cells
from views.cases.cells import block, filled, person_fact
from views.extensions import db
from views.formats import counted
from views.library.look import paper_chip
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.people_lookup import PersonField
from views.registers import fragment, label_from
from views.work.base import person_filter


class HousingDocumentView(KeepView):
    title, icon, create_label, default_sort = "Бумаги на жильё", "home-check", "Добавить бумагу", "-id"
    search_placeholder_text = "Фамилия, название бумаги"
    none_text = "Список бумаг заводят на карточке выпускника, вкладка «Помощь»."
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField}
    form_sections = (
        FormSection("Бумага", "about", ("graduate_id", "title", "state", "got_on", "valid_until", "note", "agency_id")),
    )

    @property
    def creators(self) -> frozenset[Role]:  # type: ignore[override]
        viewer = edge.viewer()
        return EVERYBODY if may_record(viewer, viewer.agency_id) else NOBODY

    def may_edit_record(self, viewer: Viewer, record: HousingDocument) -> bool:
        return may_record(viewer, record.agency_id)

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        h, state = HousingDocument, label_from(PaperState)
        return (
            Column("id", "№", h.id, sort=h.id, css="cell-number", width=8),
            cells.person(h),
            Column("title", "Бумага", h.title, css="cell-long", width=56),
            Column("state", "Состояние", h.state, show=paper_chip, export=state, width=16),
            cells.day("got", "Собран, сдан", h.got_on),
            cells.day("valid", "Действует до", h.valid_until),
            Column("note", "Примечание", h.note, css="cell-medium", width=30),
            cells.coded("agency", "Организация", h.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        h = HousingDocument
        return (
            Filter("state", "Состояние", "choice", _states, PaperState.choices),
            person_filter(h),
            listing.period("valid", "Действует до", h.valid_until),
            *cells.agency_filter(h),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        named = matches(text, db.session.get_bind().dialect.name)
        people = select(Graduate.id).where(visible_to(edge.viewer()), named)
        return or_(HousingDocument.graduate_id.in_(people), fragment(text, HousingDocument.title))

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: HousingDocument | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["graduate_id"]

    def record(self, form: Any) -> HousingDocument:
        return housing.add(
            db.session(),
            agency_id=self.agency_of(form),
            graduate_id=form.graduate_id.data,
            line=_line(form),
            by=edge.viewer(),
        )

    def change(self, record: HousingDocument, form: Any) -> str:
        housing.change(db.session(), paper=record, line=_line(form), by=edge.viewer())
        return "Изменения сохранены."

    def after_save_url(self, record: HousingDocument, is_created: bool) -> str:
        return _card_url(record.graduate_id)

    @expose("/prefill/", methods=("POST",))
    def prefill(self) -> Response:
        """Put the usual papers on the list of a person."""
        viewer, number = edge.viewer(), wanted_number("graduate")
        seen = db.session.scalar(select(Graduate.id).where(Graduate.id == (number or 0), visible_to(viewer)))
        if seen is None:
            edge.log_access(AccessKind.REFUSED, subject="graduate", subject_id=number)
            abort(404)
        if not may_record(viewer, viewer.agency_id):
            edge.log_access(AccessKind.REFUSED, subject="housing_document")
            abort(403)
        try:
            many = housing.prefill(db.session(), agency_id=viewer.agency_id, graduate_id=seen, by=viewer)
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
        else:
            told = f"Добавлено: {counted(many, 'бумага', 'бумаги', 'бумаг')}." if many else "Весь перечень уже есть."
            flash(told, "success")
        return redirect(_card_url(seen))

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: HousingDocument) -> str:
        return record.title

    def card_context(self, record: HousingDocument) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["chips"] = [paper_chip(record.state)]
        header["facts"] = [person_fact(record.graduate_id), ("Организация", labels.label("agency", record.agency_id))]
        items = filled(record, "got_on", "valid_until", "note")
        context["blocks"] = [block("Бумага", "about", items, empty="Пока ничего не записано.")]
        return context


def _card_url(graduate_id: int) -> str:
    return url_for("graduate.details_view", id=graduate_id, tab="aid", _anchor="housing-papers")


def _states(values: list[str]) -> ColumnElement[bool]:
    return HousingDocument.state.in_([PaperState(value) for value in values])


def _line(form: Any) -> housing.Line:
    return housing.Line(
        title=form.title.data or "",
        state=form.state.data or PaperState.NEEDED,
        got_on=form.got_on.data,
        valid_until=form.valid_until.data,
        note=form.note.data or "",
    )
