"""The register of conclusions of the commission (ПМПК): only those who may read about health see its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_

from models.access import Viewer
from models.assessments import Examination
from models.case_access import of_visible_people
from models.support import FieldGroup
from services.assessments import examinations
from views import details, edge, history, listing
from views.assessments import cells
from views.assessments.base import ANNUL, AssessmentView, about_people
from views.base import FormSection
from views.cases.cells import agency_filter, annulled_filter, coded, day, person
from views.extensions import db
from views.formats import chip, ru_date
from views.listing import Column, Filter
from views.registers import fragment

HEALTH = frozenset({FieldGroup.HEALTH.value})


class ExaminationView(AssessmentView):
    title, icon, create_label, default_sort = "Заключения ПМПК", "file-check", "Записать заключение", "-day"
    search_placeholder_text = "Номер, комиссия, фамилия выпускника"
    record_word = "Заключение ПМПК"
    form_sections = (
        FormSection(
            "Заключение",
            "examination",
            ("graduate_id", "held_on", "number", "valid_until", "commission", "agency_id", "conclusion"),
            help="Сведения о здоровье: увидят автор записи, куратор, руководитель и те, кого назвал администратор.",
        ),
    )
    actions = (ANNUL,)

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return of_visible_people(viewer, Examination) & examinations.readable_by(viewer)

    def record_day(self, record: Examination) -> Any:
        return record.held_on

    def columns(self) -> Sequence[Column]:
        e = Examination
        return (
            day("day", "Дата", e.held_on, is_sorted=True),
            Column("number", "Номер", e.number, width=14),
            person(e),
            Column("commission", "Комиссия", e.commission, width=34),
            Column("valid", "Действует до", e.valid_until, show=_shown_end, export=ru_date, width=22),
            coded("agency", "Организация", e.agency_id, "agency", 34),
            cells.annulled(e),
        )

    def filters(self) -> Sequence[Filter]:
        e = Examination

        def in_force() -> ColumnElement[bool]:
            return e.annulled_on.is_(None) & or_(e.valid_until.is_(None), e.valid_until >= edge.today())

        return (
            listing.period("day", "Дата", e.held_on),
            listing.period("valid", "Действует до", e.valid_until),
            listing.flag("in_force", "Действует сегодня", in_force),
            *agency_filter(e),
            annulled_filter(e),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Examination.number, Examination.commission) | about_people(Examination, text)

    # -- Records -------------------------------------------------------------------------------------------------------

    def record(self, form: Any) -> Examination:
        return examinations.record(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=self.agency_of(form),
            by=edge.viewer(),
            now=edge.now(),
            **_said(form),
        )

    def correct(self, form: Any, record: Examination) -> None:
        examinations.correct(db.session(), examination=record, by=edge.viewer(), **_said(form))

    def card_context(self, record: Examination) -> dict[str, Any]:
        context = super().card_context(record)
        names = ["number", "held_on", "commission", "conclusion", "agency_id"]
        items: list[tuple[str, Any]] = [item for item in details.facts(record, names) if item[1]]
        items.insert(2, ("Действует до", end_text(record.valid_until, edge.today())))
        context["blocks"] = [
            {"title": "Заключение", "id": "examination", "items": items, "note": "закрытые сведения"},
        ]
        context["history"] = history.of_record(record, may_read=HEALTH)
        return context


def _said(form: Any) -> dict[str, Any]:
    return {
        "held_on": form.held_on.data,
        "number": form.number.data or "",
        "commission": form.commission.data or "",
        "conclusion": form.conclusion.data or "",
        "valid_until": form.valid_until.data,
    }


def end_text(valid_until: date | None, today: date) -> Any:
    """The last day, and whether it is over."""
    if valid_until is None:
        return "срок не указан"
    return chip(f"истекло {ru_date(valid_until)}", "amber", "clock") if valid_until < today else ru_date(valid_until)


def _shown_end(value: date | None) -> Any:
    return end_text(value, edge.today())
