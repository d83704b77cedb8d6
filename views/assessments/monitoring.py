"""The register of monitoring cards, the form with its indicators, the page of a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_admin.helpers import get_form_data
from sqlalchemy import ColumnElement

from models.assessments import MonitoringCard
from services.assessments import monitoring
from services.assessments.monitoring import total_of
from views import edge, listing
from views.assessments import card, cells, scoring
from views.assessments.base import ANNUL, AssessmentView, about_people, by_verb
from views.base import FormSection
from views.cases.cells import agency_filter, annulled_filter, coded, day, person
from views.extensions import db
from views.listing import Column, Filter


class MonitoringView(AssessmentView):
    title, icon, create_label, default_sort = "Мониторинг", "activity", "Заполнить карту", "-day"
    search_placeholder_text = "Фамилия выпускника"
    create_template = edit_template = "assessments/form.html"
    record_word = "Карта мониторинга"
    form_sections = (
        FormSection("Кого и когда оценили", "card", ("graduate_id", "filled_on", "specialist", "agency_id")),
        FormSection("Что дальше", "next", ("conclusion",)),
    )
    actions = (ANNUL,)

    def record_day(self, record: MonitoringCard) -> Any:
        return record.filled_on

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        c = MonitoringCard
        return (
            day("day", "Дата", c.filled_on, is_sorted=True),
            person(c),
            Column(
                "points",
                "Сумма",
                cells.parts_of_cards(),
                show=_shown_points,
                export=_shown_points,
                sort=cells.points_of_cards(),
                width=24,
            ),
            cells.band_column(cells.points_of_cards(), cells.own_profile().monitoring),
            Column("specialist", "Специалист", c.specialist, width=30),
            coded("agency", "Организация", c.agency_id, "agency", 34),
            cells.annulled(c),
        )

    def filters(self) -> Sequence[Filter]:
        c, scale = MonitoringCard, cells.own_profile().monitoring
        return (
            listing.period("day", "Дата", c.filled_on),
            cells.band_filter(cells.points_of_cards(), scale),
            *agency_filter(c),
            annulled_filter(c),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return about_people(MonitoringCard, text)

    # -- The form ------------------------------------------------------------------------------------------------------

    def form_of(self, form_class: type[Any], obj: MonitoringCard | None) -> Any:
        scale = cells.own_profile().monitoring if obj is None else card.readable_scale(obj)
        marks = card.marks_of(obj) if obj is not None else {}
        made = scoring.with_scores(by_verb(form_class), scale, is_optional=True)
        return made(get_form_data(), obj=obj, **scoring.start_values(marks, scale))

    def fit_form(self, form: Any, record: MonitoringCard | None) -> None:
        super().fit_form(form, record)
        if record is None and form.filled_on.data is None and not form.filled_on.raw_data:
            form.filled_on.data = edge.today()

    def record(self, form: Any) -> MonitoringCard:
        agency_id = self.agency_of(form)
        return monitoring.fill(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=agency_id,
            filled_on=form.filled_on.data,
            marks={code: monitoring.Mark(*mark) for code, mark in scoring.marks_in(form).items()},
            scale=cells.profile(agency_id).monitoring,
            conclusion=form.conclusion.data or "",
            specialist=form.specialist.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def correct(self, form: Any, record: MonitoringCard) -> None:
        monitoring.correct(
            db.session(),
            card=record,
            filled_on=form.filled_on.data,
            marks={code: monitoring.Mark(*mark) for code, mark in scoring.marks_in(form).items()},
            scale=card.scale_of(record),
            conclusion=form.conclusion.data or "",
            by=edge.viewer(),
        )

    def told(self, record: MonitoringCard) -> str:
        scale = cells.profile(record.agency_id).monitoring
        total = total_of(record)
        band = scale.band_of(total.points)
        return f"Карта сохранена: {cells.points_text(total, scale.best)}" + (
            f", уровень {band.title}." if band else "."
        )

    def render(self, template: str, **context: Any) -> Any:
        return super().render(template, **scoring.page_of_form(context, card.marks_of))

    # -- The page ------------------------------------------------------------------------------------------------------

    def card_context(self, record: MonitoringCard) -> dict[str, Any]:
        context = super().card_context(record)
        scale, total = cells.profile(record.agency_id).monitoring, total_of(record)
        context["header"]["chips"] = [cells.band_chip(scale.band_of(total.points))]
        context["blocks"] = list(card.blocks(record))
        context["history"] = card.history_of(record)
        return context


def _shown_points(parts: str) -> str:
    return cells.points_text(cells.total_in(parts))
