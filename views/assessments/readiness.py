"""The register of assessments of readiness for independent life, their form and page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_admin.helpers import get_form_data
from sqlalchemy import ColumnElement
from wtforms.validators import DataRequired

from models.access import Viewer
from models.assessments import ReadinessAssessment
from models.case_access import may_record
from models.support import FieldGroup
from reports.scales import Item, Scale
from services.assessments import examinations, readiness
from views import details, edge, history, labels, listing
from views.assessments import cells, scoring
from views.assessments.base import ANNUL, AssessmentView, about_people, by_verb
from views.base import FormSection
from views.case_base import wanted_number
from views.cases.cells import agency_filter, annulled_filter, coded, day, person
from views.doing import LINE, Action
from views.extensions import db
from views.fields import REQUIRED, RuDateField, TextField
from views.formats import age_text, ru_date, shown
from views.history import MASK
from views.listing import Column, Filter

BARE = tuple((value, "") for value in (2, 1, 0))


class SendForm(wtforms.Form):
    sent_to = TextField(
        "Куда направлено", description="Организация и исходящий номер", validators=[DataRequired(REQUIRED), LINE]
    )
    sent_on = RuDateField("Когда направлено", validators=[DataRequired(REQUIRED)])


def _send(record: ReadinessAssessment, form: Any) -> str:
    readiness.send(
        db.session(), assessment=record, sent_to=form.sent_to.data, sent_on=form.sent_on.data, by=edge.viewer()
    )
    return "Записано, куда направлен результат."


def _today(form: Any, record: ReadinessAssessment) -> None:
    form.sent_on.data = edge.today()


class ReadinessView(AssessmentView):
    title, icon, create_label, default_sort = "Готовность", "list-check", "Провести оценку", "-day"
    search_placeholder_text = "Фамилия выпускника"
    create_template = edit_template = "assessments/form.html"
    record_word = "Оценка готовности"
    form_sections = (
        FormSection(
            "Кого и когда оценили",
            "about",
            ("graduate_id", "assessed_on", "specialist", "examination", "is_final", "agency_id"),
        ),
        FormSection("Что советуем", "advice", ("recommendations",)),
    )
    actions = (
        Action(
            "send",
            "Направить результат",
            _send,
            may=lambda viewer, record: may_record(viewer, record.agency_id),
            offered=lambda record: record.annulled_on is None and record.sent_on is None,
            form=SendForm,
            fill=_today,
            button="Записать",
            kind="primary",
            hint="После этого оценку уже не исправить, только провести новую.",
        ),
        ANNUL,
    )

    def record_day(self, record: ReadinessAssessment) -> Any:
        return record.assessed_on

    def may_edit_record(self, viewer: Viewer, record: ReadinessAssessment) -> bool:
        return record.sent_on is None and super().may_edit_record(viewer, record)

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        a, points = ReadinessAssessment, cells.points_of_assessments()
        return (
            day("day", "Дата", a.assessed_on, is_sorted=True),
            person(a),
            Column("points", "Сумма", points, sort=points, css="cell-number", width=9),
            cells.band_column(points, cells.own_profile().readiness),
            Column("final", "Итоговая", a.is_final, show=_yes, export=shown, width=10),
            Column("sent", "Куда направлено", a.sent_to, width=34),
            day("sent_on", "Когда", a.sent_on),
            coded("agency", "Организация", a.agency_id, "agency", 34),
            cells.annulled(a),
        )

    def filters(self) -> Sequence[Filter]:
        a, scale = ReadinessAssessment, cells.own_profile().readiness
        return (
            listing.period("day", "Дата", a.assessed_on),
            cells.band_filter(cells.points_of_assessments(), scale),
            listing.flag("final", "Итоговая", lambda: a.is_final.is_(True)),
            listing.flag("sent", "Результат направлен", lambda: a.sent_on.is_not(None)),
            *agency_filter(a),
            annulled_filter(a),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return about_people(ReadinessAssessment, text)

    # -- The form ------------------------------------------------------------------------------------------------------

    def form_of(self, form_class: type[Any], obj: ReadinessAssessment | None) -> Any:
        scale = cells.own_profile().readiness if obj is None else scale_of(obj)
        marks = marks_of(obj) if obj is not None else {}
        made = scoring.with_scores(by_verb(form_class), scale, is_optional=False)
        return made(get_form_data(), obj=obj, **scoring.start_values(marks, scale))

    def fit_form(self, form: Any, record: ReadinessAssessment | None) -> None:
        wanted = wanted_number("graduate")
        super().fit_form(form, record)
        if record is not None:
            if not reads_health(record):
                del form["examination"]
        elif form.assessed_on.data is None and not form.assessed_on.raw_data:
            form.assessed_on.data = edge.today()
            form.examination.data = _valid_conclusion(wanted) or form.examination.data

    def record(self, form: Any) -> ReadinessAssessment:
        agency_id = self.agency_of(form)
        return readiness.assess(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=agency_id,
            assessed_on=form.assessed_on.data,
            marks=_marks(form),
            scale=cells.profile(agency_id).readiness,
            is_final=form.is_final.data,
            examination=form.examination.data or "",
            recommendations=form.recommendations.data or "",
            specialist=form.specialist.data or "",
            by=edge.viewer(),
            now=edge.now(),
        )

    def correct(self, form: Any, record: ReadinessAssessment) -> None:
        readiness.correct(
            db.session(),
            assessment=record,
            assessed_on=form.assessed_on.data,
            marks=_marks(form),
            scale=scale_of(record),
            is_final=form.is_final.data,
            examination=(form.examination.data or "") if "examination" in form else None,
            recommendations=form.recommendations.data or "",
            by=edge.viewer(),
        )

    def told(self, record: ReadinessAssessment) -> str:
        scale, points = cells.profile(record.agency_id).readiness, readiness.total_of(record)
        band = scale.band_of(points)
        return f"Оценка сохранена: {points} из {scale.best}{f', {band.title}' if band else ''}."

    def render(self, template: str, **context: Any) -> Any:
        return super().render(template, **scoring.page_of_form(context, marks_of))

    # -- The page ------------------------------------------------------------------------------------------------------

    def card_context(self, record: ReadinessAssessment) -> dict[str, Any]:
        context = super().card_context(record)
        scale, points = cells.profile(record.agency_id).readiness, readiness.total_of(record)
        context["header"]["chips"] = [cells.band_chip(scale.band_of(points))]
        context["blocks"] = [_summary(record, points, scale), _table(record)]
        may_read = frozenset({FieldGroup.HEALTH.value}) if reads_health(record) else frozenset()
        context["history"] = history.of_record(record, may_read=may_read)
        return context


def marks_of(record: ReadinessAssessment) -> dict[str, scoring.Mark]:
    return {score.sphere: scoring.Mark(score.value, score.note) for score in record.scores}


def scale_of(record: ReadinessAssessment) -> Scale:
    """By which an assessment is corrected: its own spheres in the words of today, where there are any."""
    today = cells.profile(record.agency_id).readiness
    items = (today.item(score.sphere) or Item(score.sphere, score.sphere, BARE) for score in record.scores)
    return Scale(tuple(items), today.bands)


def reads_health(record: ReadinessAssessment) -> bool:
    """What the commission said is for those named on the group, and for whoever wrote it down."""
    is_own = record.created_by_id == edge.viewer().user_id
    return is_own or FieldGroup.HEALTH.value in cells.groups_of(record.graduate)


def _valid_conclusion(graduate_id: int | None) -> str:
    """Number and day of the conclusion in force, of those that the user may read."""
    if graduate_id is None:
        return ""
    found = examinations.examinations_of(db.session(), graduate_id=graduate_id, by=edge.viewer())
    today = edge.today()
    for one in found:
        if one.annulled_on is None and (one.valid_until is None or one.valid_until >= today):
            return f"№ {one.number} от {ru_date(one.held_on)}"
    return ""


def _marks(form: Any) -> dict[str, readiness.Mark]:
    return {
        code: readiness.Mark(-1 if value is None else value, note)
        for code, (value, note) in scoring.marks_in(form).items()
    }


def _summary(record: ReadinessAssessment, points: int, scale: Scale) -> dict[str, Any]:
    items: list[tuple[str, Any]] = [
        ("Сумма", f"{points} из {scale.best}"),
        ("Возраст", age_text(record.graduate.birth_date, record.assessed_on)),
    ]
    items += details.facts(record, ["specialist", "is_final"])
    items.append(("Организация", labels.label("agency", record.agency_id)))
    if record.examination:
        told = record.examination if reads_health(record) else MASK
        items.append(("Заключение ПМПК", told))
    items += [item for item in details.facts(record, ["recommendations", "sent_to", "sent_on"]) if item[1]]
    return {"title": "Итог", "id": "total", "items": items}


def _table(record: ReadinessAssessment) -> dict[str, Any]:
    scale = scale_of(record)
    rows = [
        [number, item.title, score.value, item.words(score.value), score.note]
        for number, (score, item) in enumerate(zip(record.scores, scale.items, strict=True), start=1)
    ]
    columns = ["№", "Сфера", "Оценка", "Что это значит", "Примечание"]
    return {"title": "Сферы", "id": "scores", "items": [], "table": {"columns": columns, "rows": rows}}


def _yes(value: bool) -> str:
    return "да" if value else ""
