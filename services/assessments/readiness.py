"""Readiness for independent life: spheres of 0–2 points, their sum, its band; whom the result was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from models.access import Viewer
from models.assessments import ReadinessAssessment, ReadinessScore
from reports.scales import Scale
from services.assessments import recording
from services.errors import need
from services.work import entry


class Mark(NamedTuple):
    value: int
    note: str = ""


def total_of(assessment: ReadinessAssessment) -> int:
    return sum(score.value for score in assessment.scores)


def assess(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    assessed_on: date,
    marks: Mapping[str, Mark],
    scale: Scale,
    is_final: bool = False,
    examination: str = "",
    recommendations: str = "",
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> ReadinessAssessment:
    """A new assessment with a mark for each sphere. Raises Refused."""
    graduate = recording.begin(
        session, graduate_id=graduate_id, agency_id=agency_id, on=assessed_on, by=by, field="assessed_on"
    )
    _check_marks(scale, marks)
    made = ReadinessAssessment(
        graduate=graduate,
        agency_id=agency_id,
        assessed_on=assessed_on,
        is_final=is_final,
        examination=examination.strip(),
        recommendations=recommendations.strip(),
    )
    made.scores = [
        ReadinessScore(sphere=item.code, position=place, value=marks[item.code].value, note=marks[item.code].note)
        for place, item in enumerate(scale.items)
    ]
    recording.keep(session, made, specialist=specialist, by=by, now=now)
    return made


def correct(
    session: Session,
    *,
    assessment: ReadinessAssessment,
    assessed_on: date,
    marks: Mapping[str, Mark],
    scale: Scale,
    is_final: bool = False,
    examination: str | None = None,
    recommendations: str = "",
    by: Viewer,
) -> None:
    """Change an assessment that was not sent yet; None leaves the examination as it is. Raises Refused."""
    recording.check_change(assessment, on=assessed_on, by=by, field="assessed_on")
    need(assessment.sent_on is None, "Результат уже направлен: исправлять его поздно. Проведите новую оценку.")
    _check_marks(scale, marks)
    assessment.assessed_on, assessment.is_final = assessed_on, is_final
    assessment.recommendations = recommendations.strip()
    flag_modified(assessment, "recommendations")  # The version rises with the marks, too.
    if examination is not None:
        assessment.examination = examination.strip()
    for score in assessment.scores:
        score.value, score.note = marks[score.sphere]
    session.flush()


def send(session: Session, *, assessment: ReadinessAssessment, sent_to: str, sent_on: date, by: Viewer) -> None:
    """Note to whom the result went, and when. Raises Refused."""
    entry.check_right(by, assessment.agency_id)
    need(assessment.annulled_on is None, "Запись аннулирована: направлять нечего.")
    need(sent_to.strip(), "Укажите, куда направлен результат.", field="sent_to")
    entry.check_day(sent_on, by=by, field="sent_on")
    made_on = f"{assessment.assessed_on:%d.%m.%Y}"
    need(sent_on >= assessment.assessed_on, f"Раньше самой оценки ({made_on}).", field="sent_on")
    assessment.sent_to, assessment.sent_on = sent_to.strip(), sent_on
    session.flush()


def _check_marks(scale: Scale, marks: Mapping[str, Mark]) -> None:
    need(scale.items, "В регламентах организации нет сфер готовности: их добавляет администратор.")
    for item in scale.items:
        need(item.code in marks, f"Оцените сферу «{item.title}».")
        need(marks[item.code].value in dict(item.steps), f"Сфера «{item.title}»: такой оценки в шкале нет.")


def assessments_of(session: Session, *, graduate_id: int) -> list[ReadinessAssessment]:
    """The assessments of a person, annulled ones too, the newest first."""
    a = ReadinessAssessment
    query = select(a).options(selectinload(a.scores)).where(a.graduate_id == graduate_id)
    return list(session.scalars(query.order_by(a.assessed_on.desc(), a.id.desc())))
