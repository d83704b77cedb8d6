"""«Сводка мониторинга» (KIZ-10, 65, 96; KRK-34, 60; SYZ-21, 31): levels, indicators, dynamics, what stands in the way.

Clauses: kizil 1.7 and 4.1, krasnoyarsk 3.5 and 5.1, syzran 2.3 and 3.3. Each person is judged by the last sheet of the
period that the report's organisation filled in; dynamics compare it with the first sheet that the person ever had
there. What stands in the way: the share of people with 0 or 1 at an indicator, and the problems that are open on the
last day. Of offences only numbers are told, never who (access.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard, MonitoringScore, ReadinessAssessment, ReadinessScore
from models.dictionaries import ProblemKind
from models.graduates import Graduate
from models.support import Problem
from reports import scope, score_tables
from reports.base import Desk, Timing
from reports.classifiers import of_dictionary
from reports.figures import (
    Count,
    CountLine,
    Drilled,
    Figure,
    FiguresReport,
    Line,
    LineTable,
    Part,
    RatioLine,
    Records,
    SplitTable,
    Table,
    Unit,
)
from reports.grids import ClosedTable
from reports.norms import monitoring_scale, said
from reports.rounding import percent, tenths
from reports.scales import Scale

LOW = 1  # A mark up to this one stands in the way of a life of one's own.
CLOSED_PROBLEMS = ("offence", "released", "addiction")
MONITORING = (MonitoringCard, MonitoringCard.filled_on, MonitoringScore.card_id)
READINESS = (ReadinessAssessment, ReadinessAssessment.assessed_on, ReadinessScore.assessment_id)


class MonitoringSummary(FiguresReport):
    code = "monitoring-summary"
    title = "Сводка мониторинга адаптации и готовности к самостоятельной жизни"
    short_title = "Сводка мониторинга"
    timing = Timing.PERIOD
    months = 6
    is_of_one_agency = False

    def tables(self, desk: Desk) -> Sequence[Table]:
        return (
            completeness_table(desk),
            *score_tables.monitoring(desk),
            indicator_table(desk),
            dynamics_table(desk, "dynamics", "Мониторинг: как менялись баллы", *MONITORING),
            *score_tables.readiness(desk),
            dynamics_table(desk, "readiness-dynamics", "Готовность: как менялись баллы", *READINESS),
            *problem_tables(desk),
        )


# -- Who was looked at -----------------------------------------------------------------------------------------------


def completeness_table(desk: Desk) -> Table:
    """Who of those on support has a card and an assessment of the period, and whose are missing."""
    people = scope.people(desk, scope.supported_during(desk, desk.parameters.span), Graduate.deleted_at.is_(None))
    times = _times(desk)
    cards, assessments = _sheets_of_person(desk, *MONITORING[:2]), _sheets_of_person(desk, *READINESS[:2])
    lines = (
        CountLine("supported", "На сопровождении хотя бы день", people),
        CountLine("monitored", "Есть карта мониторинга за период", people.narrowed(cards >= 1)),
        CountLine("unmonitored", "Карты мониторинга нет", people.narrowed(cards == 0)),
        CountLine("enough", f"Карт не меньше, чем нужно ({times})", people.narrowed(cards >= times)),
        CountLine("assessed", "Есть оценка готовности за период", people.narrowed(assessments >= 1)),
        CountLine("unassessed", "Оценки готовности нет", people.narrowed(assessments == 0)),
        RatioLine("share", "Доля с картой мониторинга", "monitored", "supported"),
        RatioLine("assessed-share", "Доля с оценкой готовности", "assessed", "supported"),
    )
    return LineTable("completeness", "Полнота мониторинга", "Показатель", lines, column="Человек")


def _times(desk: Desk) -> int:
    """How many cards the regulation asks for in the period; one at least."""
    monitoring = said(desk.session, "monitoring", agency_id=desk.parameters.agency_id, on=desk.parameters.on).first
    a_year = (monitoring or {}).get("times_per_year", 1)
    return max(1, int(a_year) * (desk.parameters.span.months or 12) // 12)


def _sheets_of_person(desk: Desk, model: Any, day: Any) -> Any:
    query = select(func.count()).where(
        model.graduate_id == Graduate.id,
        model.annulled_on.is_(None),
        scope.during(day, desk.parameters.span),
        scope.within(desk, model.agency_id),
    )
    return query.correlate(Graduate).scalar_subquery()


# -- Indicators ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndicatorTable(Table):
    """Indicators by marks, with the mean mark and the share of those whom an indicator holds back."""

    split: SplitTable
    closed: frozenset[str]

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.split.key

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.split.title

    def part(self, session: Session) -> Part:
        made = self.split.part(session)
        means = dict(_pairs(session, self.split))
        lines = tuple(self._line(line, means.get(line.code)) for line in made.lines)
        headings = (*made.headings, "Средний балл", f"Доля 0–{LOW}, %")
        return replace(made, headings=headings, lines=lines)

    def _line(self, line: Line, mean: Any) -> Line:
        keys = [count.key for count in self.split.counts]
        value = {key: int(figure.value or 0) for key, figure in zip(keys, line.figures, strict=True)}
        figures = line.figures
        if line.code in self.closed:
            figures = tuple(replace(figure, key="") for figure in figures)
        average = Figure(None if mean is None else tenths(Decimal(str(mean))), Unit.POINTS)
        return replace(line, figures=(*figures, average, Figure(percent(value["low"], value["known"]), Unit.PERCENT)))

    def drill(self, line: str, column: str) -> Drilled | None:
        return None if line in self.closed else self.split.drill(line, column)


def _pairs(session: Session, split: SplitTable) -> list[tuple[str, Any]]:
    query = split.records.select(split.by, func.avg(MonitoringScore.value)).group_by(split.by)
    return [(code, mean) for code, mean in session.execute(query)]


def indicator_table(desk: Desk) -> Table:
    scale = monitoring_scale(desk.session, agency_id=desk.parameters.agency_id, on=desk.parameters.on)
    cards, _points = score_tables.scored(desk, *MONITORING)
    s = MonitoringScore
    records = Records(
        MonitoringCard, cards.where, cards.person, cards.day, ((MonitoringScore, s.card_id == MonitoringCard.id),)
    )
    counts = (
        *(Count(f"v{value}", str(value), s.value == value) for value in _values(scale)),
        Count("unknown", "н/д", s.value.is_(None)),
        Count("known", "Оценено", s.value.is_not(None)),
        Count("low", f"0–{LOW}", s.value <= LOW),
    )
    labels = [(item.code, item.title) for item in scale.items]
    note = f"Мешает то, в чём у многих 0 или {LOW}. О законе и вредных привычках сказано только, у скольких."
    split = SplitTable(
        "indicators", "Показатели мониторинга и что мешает", "Показатель", records, s.indicator, labels, counts,
        total="", note=note,
    )  # fmt: skip
    return IndicatorTable(split, frozenset(scale.groups) | {"law-abidingness"})


def _values(scale: Scale) -> list[int]:
    return sorted({value for item in scale.items for value, _ in item.steps}, reverse=True)


# -- Dynamics --------------------------------------------------------------------------------------------------------


def dynamics_table(desk: Desk, key: str, title: str, model: Any, day: Any, of: Any) -> Table:
    """The last sheet of the period against the first one that the person had in the organisation."""
    last, points = score_tables.scored(desk, model, day, of)
    first = _first_sheets(desk, last, model, day, of)
    records = replace(last, joins=(*last.joins, (first, first.c.graduate_id == model.graduate_id)))
    by = case(
        (first.c.id == model.id, "single"),
        (points > first.c.points, "grown"),
        (points < first.c.points, "fallen"),
        (points == first.c.points, "same"),
    )
    labels = [("grown", "Балл вырос"), ("same", "Не изменился"), ("fallen", "Снизился"), ("single", "Пока один лист")]
    counts = (Count("people", "Человек"),)
    return SplitTable(key, title, "От первого листа к последнему", records, by, labels, counts, unknown="балла нет")


def _first_sheets(desk: Desk, last: Records, model: Any, day: Any, of: Any) -> Subquery:
    """Of each person with a sheet of the period the very first one and its points, a row per person.

    It is grouped by the person, so that databases join it by a hash or an index of their own, never row by row.
    """
    rank = func.row_number().over(partition_by=model.graduate_id, order_by=(day, model.id))
    ranked = (
        select(model.id, model.graduate_id, rank.label("place"))
        .where(model.graduate_id.in_(last.select(model.graduate_id)), model.annulled_on.is_(None))
        .where(scope.within(desk, model.agency_id), day <= desk.parameters.span.ends_on)
        .subquery()
    )
    points = score_tables.points_of(of.class_.value).label("points")
    query = select(ranked.c.graduate_id, func.max(ranked.c.id).label("id"), points).join(of.class_, of == ranked.c.id)
    return query.where(ranked.c.place == 1).group_by(ranked.c.graduate_id).subquery()


# -- Open problems ---------------------------------------------------------------------------------------------------


def problem_tables(desk: Desk) -> tuple[Table, ...]:
    """What troubles those on support on the last day; of offences and addiction only numbers."""
    p, on = Problem, desk.parameters.on
    episodes = scope.supported_during(desk, desk.parameters.span)
    is_open = and_(p.found_on <= on, or_(p.resolved_on.is_(None), p.resolved_on > on))
    alive = select(Graduate.id).where(Graduate.deleted_at.is_(None))
    whose = (p.graduate_id.in_(episodes.select(episodes.person)), p.graduate_id.in_(alive))
    records = Records(p, (is_open, *whose), person=p.graduate_id, day=p.found_on)
    kinds = of_dictionary(desk.session, ProblemKind)
    counts = (Count("people", "Человек", of_people=True), Count("grave", "Из них тяжёлых проблем", p.severity == 3))

    def table(key: str, title: str, condition: Any, is_closed: bool) -> SplitTable:
        labels = [pair for pair in kinds.labels if (pair[0] in CLOSED_PROBLEMS) == is_closed]
        rare = [pair for pair in kinds.rare if (pair[0] in CLOSED_PROBLEMS) == is_closed]
        return SplitTable(
            key, title, "Проблема", records.narrowed(condition), p.kind_code, labels, counts,
            unknown="иное", total="Всего", rare=rare,
        )  # fmt: skip

    others = or_(p.kind_code.is_(None), p.kind_code.not_in(CLOSED_PROBLEMS))
    return (
        table("problems", "Открытые проблемы на последний день", others, False),
        ClosedTable(table("closed-problems", "Правонарушения и зависимость", p.kind_code.in_(CLOSED_PROBLEMS), True)),
    )
