"""Points of monitoring cards and of assessments of readiness: the mean, and how people are spread over the bands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard, MonitoringScore, ReadinessAssessment, ReadinessScore
from reports import scope
from reports.base import Desk
from reports.classifiers import Lines
from reports.figures import Count, LineTable, Records, SplitTable, Table, Unit, ValueLine
from reports.norms import monitoring_scale, readiness_scale
from reports.scales import Scale

NOTE = "У каждого человека взят его последний лист за период. Пропуски «н/д» восполняются средним по остальным сферам."


def monitoring(desk: Desk) -> list[Table]:
    """Section 9."""
    scale = monitoring_scale(desk.session, agency_id=desk.parameters.agency_id, on=desk.parameters.on)
    records, points = scored(desk, MonitoringCard, MonitoringCard.filled_on, MonitoringScore.card_id)
    mean = ValueLine("mean", "Средний балл", mean_of(records, points), Unit.POINTS, records)
    return [
        LineTable("monitoring", "Мониторинг", "Показатель", (mean,), "Баллов", NOTE),
        bands("monitoring-bands", "Мониторинг: распределение по уровням", scale, records, points),
    ]


def readiness(desk: Desk) -> list[Table]:
    scale = readiness_scale(desk.session, agency_id=desk.parameters.agency_id, on=desk.parameters.on)
    a = ReadinessAssessment
    records, points = scored(desk, a, a.assessed_on, ReadinessScore.assessment_id)
    mean = ValueLine("mean", "Средний балл", mean_of(records, points), Unit.POINTS, records)
    return [
        LineTable("readiness", "Готовность к самостоятельной жизни", "Показатель", (mean,), "Баллов"),
        bands("readiness-bands", "Готовность: распределение по уровням", scale, records, points),
    ]


def scored(desk: Desk, model: Any, day: Any, of: Any) -> tuple[Records, Any]:
    """Each person's last sheet of the period, and the column of its points, gaps made up for."""
    found = Records(
        model,
        (scope.within(desk, model.agency_id), scope.during(day, desk.parameters.span), model.annulled_on.is_(None)),
        person=model.graduate_id,
        day=day,
    )
    rank = func.row_number().over(partition_by=model.graduate_id, order_by=(day.desc(), model.id.desc()))
    ranked = found.select(model.id, rank.label("place")).subquery()
    last = select(ranked.c.id).where(ranked.c.place == 1)
    sums = sums_of(of, last)
    joined = replace(found, where=(model.id.in_(last),), joins=((sums, sums.c.id == model.id),))
    return joined, sums.c.points


def sums_of(of: Any, sheets: Any) -> Subquery:
    points = points_of(of.class_.value)
    return select(of.label("id"), points.label("points")).where(of.in_(sheets)).group_by(of).subquery()


def points_of(value: Any) -> Any:
    """As services.assessments.monitoring.reckoned does it: a half is rounded up, nothing known is no sum."""
    known, asked, points = func.count(value), func.count(), func.sum(value)
    made_up = (2 * points * asked + known) // (2 * func.nullif(known, 0))
    return case((known == asked, points), else_=made_up)


def mean_of(records: Records, points: Any) -> Any:
    def value(session: Session) -> Any:
        return session.scalar(records.select(func.avg(points)))

    return value


def bands(key: str, title: str, scale: Scale, records: Records, points: Any) -> SplitTable:
    inside = [(and_(points >= band.first, points <= band.last), band.code) for band in scale.bands]
    by: Any = case(*inside) if inside else points
    lines = Lines([(band.code, f"{band.title}: {band.first}–{band.last}") for band in scale.bands])
    counts = (Count("people", "Человек"),)
    return SplitTable(key, title, "Уровень и баллы", records, by, lines.labels, counts, unknown="балла нет")
