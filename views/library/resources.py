"""The resource directory: places, clubs, camps, trips and what else partners offer (krasnoyarsk 2.3, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import ColumnElement, func, or_, select, true

from models.access import Viewer
from models.case_access import may_record, of_visible_people
from models.library import Enrolment, Resource, ResourceKind
from models.library_access import may_keep_library
from services.library import resources
from views import edge, labels, listing
from views.base import FormSection
from views.cases import cells
from views.cases.cells import block, filled
from views.extensions import db
from views.formats import ru_date
from views.library.look import linked, places_text
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.people_lookup import card_number, names_of
from views.registers import fragment, label_from

ABOUT = ("owner_name", "address", "schedule", "contacts", "conditions")
SHOWN = 200  # People in the block of a card.


class ResourceView(KeepView):
    title, icon, create_label, default_sort = "Ресурсы и клубы", "map-pin", "Добавить ресурс", "title"
    search_placeholder_text = "Название, кто предлагает, условия"
    none_text = "Добавьте площадки, клубы, лагеря, наставников и рабочие места, которые партнёры дают выпускникам."
    form_sections = (
        FormSection("Что предлагается", "about", ("kind", "title", "owner_name", "district_id", "conditions")),
        FormSection("Где и когда", "where", ("address", "schedule", "contacts", "capacity", "starts_on", "ends_on")),
        FormSection("Кто ведёт запись", "keeper", ("agency_id",)),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        """A directory: everybody reads it."""
        return true()

    def may_edit_record(self, viewer: Viewer, record: Resource) -> bool:
        return may_keep_library(viewer, record.agency_id)

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        r, kind = Resource, label_from(ResourceKind)
        return (
            Column("title", "Название", r.title, sort=r.title, css="cell-long", width=48),
            Column("kind", "Вид", r.kind, show=kind, export=kind, width=28),
            Column("owner", "Кто предлагает", r.owner_name, css="cell-medium", width=36),
            cells.coded("district", "Район", r.district_id, "district"),
            Column("schedule", "Когда", r.schedule, css="cell-medium", width=26),
            Column("capacity", "Мест", r.capacity, css="cell-number", width=8),
            Column("taken", "Занято", _taken(), css="cell-number", width=8),
            Column("contacts", "Контакты", r.contacts, css="cell-medium", width=30),
            cells.day("ends_on", "По какой день", r.ends_on),
            cells.coded("agency", "Кто ведёт запись", r.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        r = Resource
        return (
            Filter("kind", "Вид", "choice", _kinds, ResourceKind.choices),
            listing.choice("district", "Район", r.district_id, lambda: labels.options("district")),
            listing.flag("open", "Предлагается сейчас", _is_offered),
            listing.flag("free", "Есть места", _has_room),
            listing.choice("agency", "Кто ведёт запись", r.agency_id, lambda: labels.options("agency")),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Resource.title, Resource.owner_name, Resource.conditions, Resource.address)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Resource | None) -> None:
        super().fit_form(form, record)
        if record is None and request.method == "GET":
            wanted = request.args.get("kind")
            form.kind.data = ResourceKind(wanted) if wanted in {one.value for one in ResourceKind} else None

    def record(self, form: Any) -> Resource:
        return resources.create(
            db.session(), agency_id=self.agency_of(form), offer=_offer(form), by=edge.viewer(), now=edge.now()
        )

    def told(self, record: Resource) -> str:
        return "Внесено в справочник ресурсов."

    def change(self, record: Resource, form: Any) -> str:
        resources.change(db.session(), resource=record, offer=_offer(form), by=edge.viewer())
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def card_context(self, record: Resource) -> dict[str, Any]:
        context, viewer, today = super().card_context(record), edge.viewer(), edge.today()
        taken = resources.taken_places(db.session(), resource_id=record.id, on=today)
        header = context["header"]
        header["subtitle"] = record.kind.label
        header["facts"] = [
            ("Кто предлагает", record.owner_name),
            ("Район", labels.label("district", record.district_id)),
            ("Записано", places_text(taken, record.capacity)),
            ("Кто ведёт запись", labels.label("agency", record.agency_id)),
        ]
        if may_record(viewer, viewer.agency_id) and (record.ends_on is None or record.ends_on >= today):
            header["actions"].append(("Записать выпускника", url_for("enrolment.create_view", resource=record.id), ""))
        context["blocks"] = [
            block("Условия", "about", filled(record, *ABOUT, "capacity", "starts_on", "ends_on"), wide=True),
            _people(record, viewer),
        ]
        return context


def _people(record: Resource, viewer: Viewer) -> dict[str, Any]:
    """Those whom the viewer sees, the newest first; how many others there are stands in the head of the page."""
    e = Enrolment
    query = select(e).where(e.resource_id == record.id, of_visible_people(viewer, e))
    found = list(db.session.scalars(query.order_by(e.starts_on.desc(), e.id.desc()).limit(SHOWN)))
    names = names_of([one.graduate_id for one in found])
    rows = [
        [
            linked("enrolment.details_view", one.id, names.get(one.graduate_id, card_number(one.graduate_id))),
            ru_date(one.starts_on),
            ru_date(one.ends_on),
            labels.label("agency", one.agency_id),
        ]
        for one in found
    ]
    columns = ["Выпускник", "С какого дня", "По какой день", "Кто записал"]
    table = {"columns": columns, "rows": rows} if rows else None
    return block("Кто записан", "people", [], table=table, empty="Среди ваших выпускников никто не записан.")


def _offer(form: Any) -> resources.Offer:
    texts = ("title", "owner_name", "address", "schedule", "contacts", "conditions")
    others = ("kind", "district_id", "capacity", "starts_on", "ends_on")
    told: dict[str, Any] = {name: form[name].data or "" for name in texts}
    return resources.Offer(**told, **{name: form[name].data for name in others})


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return Resource.kind.in_([ResourceKind(value) for value in values])


def _taken() -> ColumnElement[int]:
    e = Enrolment
    there = or_(e.ends_on.is_(None), e.ends_on >= edge.today())
    number = select(func.count(e.id)).where(e.resource_id == Resource.id, there)
    return number.correlate(Resource).scalar_subquery()


def _is_offered() -> ColumnElement[bool]:
    return or_(Resource.ends_on.is_(None), Resource.ends_on >= edge.today())


def _has_room() -> ColumnElement[bool]:
    return or_(Resource.capacity.is_(None), Resource.capacity > _taken())
