"""The registers of services rendered (Ж-12 is read from them) and of acts of urgent services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from sqlalchemy import ColumnElement, func, select

from models.access import visible_to
from models.case_access import of_visible_people
from models.graduates import Graduate
from models.search import matches
from models.work import Appeal, Consultation, ServiceRecord, UrgentAct, Visit
from services.work import service_records, urgent
from views import edge, labels, listing
from views import work_words as words
from views.case_base import wanted_number
from views.cases import cells
from views.extensions import db
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.work.base import ANNUL, MUST, WorkView, section
from views.work.fields import MeasureField, UrgentLinesField

USUAL = (
    "Каждая с новой строки, количество после знака ×: «набор продуктов × 2». Обычно: горячее питание, набор "
    "продуктов, одежда и обувь, помощь с временным жильём, юридическая помощь, экстренная психологическая помощь."
)
# What a service may be written down from, by the name in the address.
FROM: dict[str, type[Any]] = {"appeal": Appeal, "consultation": Consultation, "visit": Visit}


class ServiceRecordView(WorkView):
    title, icon, create_label, default_sort = "Услуги", "heart-handshake", "Записать услугу", "-day"
    search_placeholder_text = "Услуга, результат, фамилия"
    create_template = "work/create.html"
    form_args: ClassVar[dict[str, Any]] = {"title": MUST}
    day, topic = "provided_on", "title"
    fixed = ("kind_code", "measure_id")
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "measure_id": MeasureField}
    form_sections = (
        section(
            "Услуга",
            "about",
            *("graduate_id", "provided_on", "kind_code", "form_code", "title", "quantity", "result", "measure_id"),
            *("specialist", "agency_id"),
        ),
    )
    actions = (
        replace(
            ANNUL,
            title="Аннулировать услугу",
            hint="Услуга останется в журнале зачёркнутой, с причиной, и в отчётах учитываться не будет. "
            "Отменить это нельзя.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        return (
            self.day_column(),
            cells.person(ServiceRecord),
            cells.coded("kind", "Вид", ServiceRecord.kind_code, "service_kind", 28),
            Column("title", "Услуга", ServiceRecord.title, css="cell-long", width=44),
            Column("quantity", "Кол-во", ServiceRecord.quantity, css="cell-number", width=9),
            Column("ground", "Основание", words.ground_column(), width=24),
            self.specialist_column(),
            cells.coded("form", "Форма", ServiceRecord.form_code, "service_form", 18),
            Column("result", "Результат", ServiceRecord.result, css="cell-long", width=36),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        kinds, forms = lambda: labels.options("service_kind"), lambda: labels.options("service_form")
        return (
            listing.choice("kind", "Вид услуги", ServiceRecord.kind_code, kinds),
            listing.choice("form", "Форма обслуживания", ServiceRecord.form_code, forms),
            listing.flag("measure", "По мероприятию плана", lambda: ServiceRecord.measure_id.is_not(None)),
            *self.common_filters(),
        )

    def found_by(self, text: str) -> ColumnElement[bool]:
        named = visible_to(edge.viewer()) & matches(text, db.session.get_bind().dialect.name)
        return ServiceRecord.graduate_id.in_(select(Graduate.id).where(named))

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            return
        form.measure_id.graduate_id = form.graduate_id.data
        ground = ground_asked()
        if request.method == "GET" and ground is not None:
            form.graduate_id.data = form.measure_id.graduate_id = ground.graduate_id
            form.provided_on.data = _day_of(ground)

    def record(self, form: Any) -> ServiceRecord:
        return service_records.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            provided_on=form.provided_on.data,
            kind_code=form.kind_code.data,
            form_code=form.form_code.data,
            title=form.title.data or "",
            quantity=form.quantity.data if form.quantity.data is not None else 1,
            result=form.result.data or "",
            measure_id=form.measure_id.data,
            ground=ground_asked(),
            **self.made_by(form),
        )

    def told(self, record: ServiceRecord) -> str:
        return f"Услуга записана: {record.title}."

    def blocks(self, record: ServiceRecord) -> list[dict[str, Any]]:
        (about,) = super().blocks(record)
        if record.measure is not None:
            about["items"].append(("Мероприятие плана", record.measure.title))
        if (ground := words.ground_of(record)) is not None:
            about["items"].append(("Основание", words.entry_link(ground)))
        return [about]

    def is_plain(self, name: str) -> bool:
        return name != "measure_id" and super().is_plain(name)


def ground_asked() -> Any | None:
    """The entry that the address names: a service will rest on it."""
    for name, model in FROM.items():
        if number := wanted_number(name):
            seen = of_visible_people(edge.viewer(), model)
            return db.session.scalars(select(model).where(model.id == number, seen)).one_or_none()
    return None


def _day_of(ground: Any) -> Any:
    days = {Appeal: "received_on", Consultation: "held_on", Visit: "visited_on"}
    return getattr(ground, days[type(ground)])


# -- Urgent services -------------------------------------------------------------------------------------------------


class UrgentActView(WorkView):
    title, icon, create_label, default_sort = "Акты срочных услуг", "urgent", "Составить акт срочных услуг", "-day"
    search_placeholder_text = "Номер, фамилия, что случилось"
    day, topic = "provided_on", "reason"
    fixed = ("services",)
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "services": UrgentLinesField}
    form_args: ClassVar[dict[str, Any]] = {
        "services": {"label": "Услуги", "description": USUAL, **MUST},
        "reason": MUST,
    }
    form_sections = (
        section(
            "Срочные услуги",
            "about",
            *("graduate_id", "provided_on", "reason", "source", "services", "is_signed", "specialist", "agency_id"),
            help="Срочные услуги оказывают без договора и без ИППСУ (442-ФЗ, ст. 21); подтверждает их этот акт.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        return (
            cells.number_column(UrgentAct, "№"),
            self.day_column(),
            cells.person(UrgentAct),
            Column("reason", "Что случилось", UrgentAct.reason, css="cell-long", width=44),
            Column("source", "Откуда известно", UrgentAct.source, width=30),
            Column("count", "Услуг", _services_count(), css="cell-number", width=8),
            self.specialist_column(),
            self.annulled_column(),
        )

    def filters(self) -> Sequence[Filter]:
        return (listing.flag("signed", "Получатель подписал", lambda: UrgentAct.is_signed), *self.common_filters())

    def record(self, form: Any) -> UrgentAct:
        return urgent.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            provided_on=form.provided_on.data,
            reason=form.reason.data or "",
            source=form.source.data or "",
            services=form.services.lines(),
            is_signed=form.is_signed.data,
            **self.made_by(form),
        )


def _services_count() -> ColumnElement[int]:
    number = select(func.coalesce(func.sum(ServiceRecord.quantity), 0)).where(
        ServiceRecord.urgent_act_id == UrgentAct.id, ServiceRecord.annulled_on.is_(None)
    )
    return number.correlate(UrgentAct).scalar_subquery()
