"""The register of recognition as needy and of state assistance (vologda 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, case, literal, or_, select

from models.access import Viewer, visible_to
from models.aid import Benefit
from models.case_access import may_record
from models.graduates import Graduate
from models.search import matches
from models.users import Role
from services.aid import benefits
from views import edge, labels, listing
from views.base import EVERYBODY, NOBODY, FormSection
from views.cases import cells
from views.cases.cells import block, filled, person_fact
from views.doing import Action, annulling
from views.extensions import db
from views.library.look import BENEFITS, benefit_chip, benefit_state
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.people_lookup import PersonField
from views.registers import fragment
from views.work.base import person_filter


def _annul(record: Benefit, form: Any) -> str:
    benefits.annul(db.session(), benefit=record, reason=form.reason.data or "", by=edge.viewer())
    return "Запись аннулирована."


class BenefitView(KeepView):
    title, icon, create_label, default_sort = "Государственная помощь", "heart-handshake", "Записать помощь", "-id"
    search_placeholder_text = "Фамилия, вид помощи, решение"
    none_text = "Записывайте признание нуждающимся и назначение государственной помощи."
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField}
    form_sections = (
        FormSection("Обращение", "about", ("graduate_id", "measure", "applied_on", "agency_id")),
        FormSection("Признание нуждающимся", "recognised", ("recognised_on", "decision")),
        FormSection("Помощь", "granted", ("granted_on", "amount", "ends_on", "refused_on", "refusal", "note")),
    )
    actions: Sequence[Action] = (
        annulling(_annul, hint="Запись останется на карточке с причиной. Отменить это нельзя."),
    )

    @property
    def creators(self) -> frozenset[Role]:  # type: ignore[override]
        viewer = edge.viewer()
        return EVERYBODY if may_record(viewer, viewer.agency_id) else NOBODY

    def may_edit_record(self, viewer: Viewer, record: Benefit) -> bool:
        return may_record(viewer, record.agency_id) and record.annulled_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        b = Benefit
        return (
            Column("id", "№", b.id, sort=b.id, css="cell-number", width=8),
            cells.person(b),
            Column("measure", "Помощь", b.measure, css="cell-long", width=44),
            Column("state", "Состояние", _state(), show=benefit_chip, export=_state_text, width=22),
            cells.day("applied", "Обратился", b.applied_on),
            cells.day("recognised", "Признан нуждающимся", b.recognised_on),
            Column("decision", "Решение", b.decision, css="cell-medium", width=30),
            cells.day("granted", "Назначена", b.granted_on),
            Column("amount", "Сумма, руб.", b.amount, css="cell-number", width=12),
            cells.day("ends", "Выплачивается по", b.ends_on),
            cells.coded("agency", "Кто помог", b.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        b = Benefit
        return (
            Filter("state", "Состояние", "choice", _states, _offered_states),
            listing.period("recognised", "Признан нуждающимся", b.recognised_on),
            listing.period("granted", "Назначена", b.granted_on),
            person_filter(b),
            *cells.agency_filter(b),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        named = matches(text, db.session.get_bind().dialect.name)
        people = select(Graduate.id).where(visible_to(edge.viewer()), named)
        return or_(Benefit.graduate_id.in_(people), fragment(text, Benefit.measure, Benefit.decision))

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Benefit | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["graduate_id"]

    def record(self, form: Any) -> Benefit:
        return benefits.record(
            db.session(),
            agency_id=self.agency_of(form),
            graduate_id=form.graduate_id.data,
            course=_course(form),
            by=edge.viewer(),
            now=edge.now(),
        )

    def change(self, record: Benefit, form: Any) -> str:
        benefits.change(db.session(), benefit=record, course=_course(form), by=edge.viewer())
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Benefit) -> str:
        return record.measure

    def card_context(self, record: Benefit) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["chips"] = [benefit_chip(benefit_state(record))]
        header["facts"] = [person_fact(record.graduate_id), ("Кто помог", labels.label("agency", record.agency_id))]
        context["blocks"] = [
            block("Признание", "recognised", filled(record, "applied_on", "recognised_on", "decision")),
            block(
                "Помощь", "granted", filled(record, "granted_on", "amount", "ends_on", "refused_on", "refusal", "note")
            ),
        ]
        return context


def _state_text(value: str) -> str:
    return BENEFITS[value][0]


def _state() -> ColumnElement[str]:
    b = Benefit
    days = {"annulled": b.annulled_on, "refused": b.refused_on, "granted": b.granted_on, "recognised": b.recognised_on}
    return case(*((day.is_not(None), literal(name)) for name, day in days.items()), else_=literal("applied"))


def _offered_states() -> list[tuple[str, str]]:
    return [(name, look[0]) for name, look in BENEFITS.items()]


def _states(values: list[str]) -> ColumnElement[bool]:
    if not set(values) <= set(BENEFITS):
        raise ValueError(values)
    return _state().in_(values)


def _course(form: Any) -> benefits.Course:
    texts: dict[str, Any] = {name: form[name].data or "" for name in ("measure", "decision", "refusal", "note")}
    others = ("applied_on", "recognised_on", "granted_on", "amount", "ends_on", "refused_on")
    return benefits.Course(**texts, **{name: form[name].data for name in others})
