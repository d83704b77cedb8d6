"""Graduates in clubs, camps, trips, with mentors (krasnoyarsk 4.2; syzran 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import wtforms
from flask import request
from sqlalchemy import ColumnElement, or_, select
from wtforms.validators import InputRequired

from models.access import Viewer, visible_to
from models.case_access import may_record
from models.graduates import Graduate
from models.library import Enrolment, Resource, ResourceKind
from models.search import matches
from models.users import Role
from services.library import resources
from views import edge, labels, listing
from views.base import EVERYBODY, NOBODY, FormSection
from views.case_base import wanted_number
from views.cases import cells
from views.cases.cells import block, filled
from views.doing import LINE, Action
from views.extensions import db
from views.fields import REQUIRED, RuDateField, TextField
from views.formats import ru_date
from views.library.fields import ResourceField
from views.library.look import linked
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.people_lookup import PersonField, card_number, names_of
from views.registers import fragment, label_from
from views.work.base import person_filter


class LeaveForm(wtforms.Form):
    ends_on = RuDateField("Последний день", validators=[InputRequired(REQUIRED)])
    note = TextField("Пояснение", validators=[LINE])


def _leave(record: Enrolment, form: Any) -> str:
    resources.leave(
        db.session(), enrolment=record, ends_on=form.ends_on.data, note=form.note.data or "", by=edge.viewer()
    )
    return f"Записано по {ru_date(record.ends_on)}."


def _propose_today(form: Any, record: Enrolment) -> None:
    form.ends_on.data = max(edge.today(), record.starts_on)


class EnrolmentView(KeepView):
    title, icon, create_label, default_sort = "Записи в клубы", "users", "Записать выпускника", "-since"
    search_placeholder_text = "Фамилия, название клуба"
    none_text = "Запишите выпускника в клуб, лагерь или к наставнику на странице ресурса или с карточки человека."
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "resource_id": ResourceField}
    form_sections = (
        FormSection("Запись", "about", ("graduate_id", "resource_id", "starts_on", "ends_on", "note", "agency_id")),
    )
    actions = (
        Action(
            "leave",
            "Записать последний день",
            _leave,
            may=lambda viewer, record: may_record(viewer, record.agency_id),
            offered=lambda record: record.ends_on is None or record.ends_on >= edge.today(),
            form=LeaveForm,
            fill=_propose_today,
            button="Записать",
        ),
    )

    @property
    def creators(self) -> frozenset[Role]:  # type: ignore[override]
        viewer = edge.viewer()
        return EVERYBODY if may_record(viewer, viewer.agency_id) else NOBODY

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return super().scope(viewer)

    def may_edit_record(self, viewer: Viewer, record: Enrolment) -> bool:
        """Who, where and since when are not edited: the last day is an action."""
        return False

    # -- The list ------------------------------------------------------------------------------------------------------

    def base_query(self, columns: Sequence[Column]) -> Any:
        query = listing.plain_select(Enrolment.id, columns).select_from(Enrolment)
        return query.join(Resource, Resource.id == Enrolment.resource_id)

    def columns(self) -> Sequence[Column]:
        e, kind = Enrolment, label_from(ResourceKind)
        return (
            Column("resource", "Куда", Resource.title, css="cell-long", width=44),
            cells.person(e),
            Column("kind", "Вид", Resource.kind, show=kind, export=kind, width=28),
            cells.day("since", "С какого дня", e.starts_on, is_sorted=True),
            cells.day("until", "По какой день", e.ends_on),
            Column("note", "Примечание", e.note, css="cell-medium", width=30),
            cells.coded("agency", "Кто записал", e.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        e, today = Enrolment, edge.today()
        return (
            listing.choice("resource", "Куда", e.resource_id, _resources),
            Filter("kind", "Вид", "choice", _kinds, ResourceKind.choices),
            person_filter(e),
            listing.flag("present", "Ходит сейчас", lambda: or_(e.ends_on.is_(None), e.ends_on >= today)),
            listing.period("since", "С какого дня", e.starts_on),
            *cells.agency_filter(e),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        named = matches(text, db.session.get_bind().dialect.name)
        people = select(Graduate.id).where(visible_to(edge.viewer()), named)
        return or_(Enrolment.graduate_id.in_(people), fragment(text, Resource.title))

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Enrolment | None) -> None:
        super().fit_form(form, record)
        if record is None and request.method == "GET":
            form.resource_id.data = wanted_number("resource")
            form.starts_on.data = edge.today()

    def record(self, form: Any) -> Enrolment:
        return resources.enrol(
            db.session(),
            agency_id=self.agency_of(form),
            resource_id=form.resource_id.data,
            graduate_id=form.graduate_id.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            note=form.note.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def told(self, record: Enrolment) -> str:
        return f"Записано: {record.resource.title}."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Enrolment) -> str:
        return f"{record.resource.title}, с {ru_date(record.starts_on)}"

    def card_context(self, record: Enrolment) -> dict[str, Any]:
        context = super().card_context(record)
        name = names_of([record.graduate_id]).get(record.graduate_id, card_number(record.graduate_id))
        header = context["header"]
        header["subtitle"] = record.resource.kind.label
        header["facts"] = [
            ("Выпускник", linked("graduate.details_view", record.graduate_id, name)),
            ("Куда", linked("resource.details_view", record.resource_id, record.resource.title)),
            ("Кто записал", labels.label("agency", record.agency_id)),
        ]
        context["blocks"] = [block("Запись", "about", filled(record, "starts_on", "ends_on", "note"))]
        return context


def _resources() -> list[tuple[str, str]]:
    found = db.session.execute(select(Resource.id, Resource.title).order_by(Resource.title).limit(500))
    return [(str(number), title) for number, title in found]


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return Resource.kind.in_([ResourceKind(value) for value in values])
