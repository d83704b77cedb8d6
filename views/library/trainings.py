"""The register of trainings of the staff (vologda 1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from models.access import Viewer
from models.library import Training
from models.library_access import kept_by, may_keep_library
from services.library import trainings
from views import edge, labels, listing
from views.base import FormSection
from views.cases import cells
from views.extensions import db
from views.formats import ru_date
from views.library.fields import StaffField
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.registers import fragment


class TrainingView(KeepView):
    title, icon, create_label, default_sort = "Обучение специалистов", "school", "Записать обучение", "-ends"
    search_placeholder_text = "Кто учился, чему, кто проводил"
    none_text = "Записывайте курсы, стажировки и семинары, где учились ваши специалисты."
    form_overrides: ClassVar[dict[str, Any]] = {"user_id": StaffField}
    form_args: ClassVar[dict[str, Any]] = {}
    form_sections = (
        FormSection("Кто учился", "who", ("user_id", "employee", "agency_id")),
        FormSection("Обучение", "about", ("title", "organiser", "starts_on", "ends_on", "hours", "document", "note")),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return kept_by(viewer, Training)

    def may_edit_record(self, viewer: Viewer, record: Training) -> bool:
        return may_keep_library(viewer, record.agency_id)

    def columns(self) -> Sequence[Column]:
        t = Training
        return (
            Column("employee", "Кто учился", t.employee, sort=t.employee, css="cell-medium", width=36),
            Column("title", "Чему", t.title, css="cell-long", width=52),
            Column("organiser", "Кто проводил", t.organiser, css="cell-medium", width=36),
            cells.day("starts", "С какого дня", t.starts_on, is_sorted=True),
            cells.day("ends", "По какой день", t.ends_on, is_sorted=True),
            Column("hours", "Часов", t.hours, css="cell-number", width=8),
            Column("document", "Документ", t.document, css="cell-medium", width=30),
            cells.coded("agency", "Организация", t.agency_id, "agency", 30),
        )

    def filters(self) -> Sequence[Filter]:
        return (listing.period("ends", "Когда закончено", Training.ends_on), *cells.agency_filter(Training))

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Training.employee, Training.title, Training.organiser, Training.document)

    # -- The form ------------------------------------------------------------------------------------------------------

    def record(self, form: Any) -> Training:
        return trainings.record(
            db.session(), agency_id=self.agency_of(form), course=_course(form), by=edge.viewer(), now=edge.now()
        )

    def told(self, record: Training) -> str:
        return f"Записано: {record.employee}."

    def change(self, record: Training, form: Any) -> str:
        trainings.change(db.session(), training=record, course=_course(form), by=edge.viewer())
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: Training) -> str:
        return record.title

    def card_context(self, record: Training) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"]["subtitle"] = f"{ru_date(record.starts_on)} – {ru_date(record.ends_on)}"
        context["header"]["facts"] = [
            ("Кто учился", record.employee),
            ("Организация", labels.label("agency", record.agency_id)),
        ]
        names = ("organiser", "hours", "document", "note")
        context["blocks"] = [cells.block("Обучение", "about", cells.filled(record, *names), wide=True)]
        return context


def _course(form: Any) -> trainings.Course:
    texts: dict[str, Any] = {
        name: form[name].data or "" for name in ("title", "employee", "organiser", "document", "note")
    }
    days = {name: form[name].data for name in ("starts_on", "ends_on", "user_id", "hours")}
    return trainings.Course(**texts, **days)
