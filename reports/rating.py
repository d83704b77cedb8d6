"""«Рейтинг служб и оценочный лист организации» (KRK-59, VOL-76): places by criteria that are data of the packs.

Clauses: krasnoyarsk 5.1, vologda 5.2. A criterion is a share in per cent (reports.rating_measures). Its score is its
weight times how far the share stands between the ends of the criterion's scale; the total is the sum of the scores, out
of the weights of those criteria for which the organisation has data, brought to 100. Equal totals share a place; an
organisation without any data has no total and no place. Of one organisation: its sheet, with a grade and remarks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.territory import Agency
from reports import scope
from reports.base import Desk, Timing
from reports.figures import Drilled, Figure, FiguresReport, Line, Part, Table, Text, Unit
from reports.norms import RatingCriterion, RatingNorms, rating_norms, said
from reports.rating_measures import MEASURES, TITLES, Measure
from reports.rounding import comma, percent, tenths

FORMULA = (
    "Балл = вес × (доля − начало шкалы) / (конец шкалы − начало), не меньше 0 и не больше веса; где меньше – лучше, "
    "считается остаток до веса. Итог = сумма баллов × 100 / сумма весов критериев, по которым есть данные. При равном "
    "итоге место общее; организация без данных места не имеет."
)


class Rating(FiguresReport):
    code = "rating"
    title = "Рейтинг служб и оценка организаций"
    short_title = "Рейтинг служб"
    note = "Выберите организацию, чтобы получить её оценочный лист, или все, чтобы сравнить их."
    timing = Timing.PERIOD
    months = 6
    is_of_one_agency = False
    is_submitted = True
    texts: ClassVar[tuple[Text, ...]] = (
        Text("grade", "Оценка", "Как оценена работа организации"),
        Text("remarks", "Замечания", "Что исправить и к какому дню"),
    )

    def tables(self, desk: Desk) -> Sequence[Table]:
        scores = Scores(desk)
        if desk.parameters.agency_id is not None:
            return (SheetTable(scores, desk.parameters.agency_id),)
        return (PlacesTable(scores), BaseTable(scores), CriteriaTable(scores))


@dataclass(frozen=True)
class Standing:
    """An organisation in the rating: its scores by criterion, None where it has no data."""

    agency_id: int
    name: str
    scores: tuple[Decimal | None, ...]
    total: Decimal | None
    place: int | None = None


@dataclass(frozen=True)
class Scores:
    desk: Desk

    @cached_property
    def norms(self) -> RatingNorms:
        """Of the organisation whose sheet it is, or of whoever compares."""
        whose = self.desk.parameters.agency_id or self.desk.viewer.agency_id
        return rating_norms(said(self.desk.session, "rating", agency_id=whose, on=self.desk.parameters.on))

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {one.code: MEASURES[one.measure](self.desk) for one in self.norms.criteria}

    @cached_property
    def counted(self) -> dict[str, dict[int, tuple[int, int]]]:
        """(part, whole) by criterion and organisation; one statement for a criterion."""
        return {code: measure.counted(self.desk) for code, measure in self.measures.items()}

    def base(self, criterion: RatingCriterion, agency_id: int) -> tuple[int, int]:
        return self.counted[criterion.code].get(agency_id, (0, 0))

    @cached_property
    def standings(self) -> list[Standing]:
        """By place, those without one below, each group by name."""
        query = select(Agency.id, Agency.short_name).where(
            Agency.is_active.is_(True), scope.within(self.desk, Agency.id)
        )
        if self.desk.parameters.agency_id is None:
            query = query.where(Agency.kind.in_(self.norms.kinds))
        rows = self.desk.session.execute(query.order_by(Agency.short_name, Agency.id))
        return placed([self._standing(agency_id, name) for agency_id, name in rows])

    def _standing(self, agency_id: int, name: str) -> Standing:
        criteria = self.norms.criteria
        scores = tuple(score_of(one, *self.base(one, agency_id)) for one in criteria)
        return Standing(agency_id, name, scores, total_of(criteria, scores))


def score_of(criterion: RatingCriterion, part: int, whole: int) -> Decimal | None:
    """Not rounded; None where there is nothing to divide by."""
    if not whole:
        return None
    share = Decimal(part) * 100 / Decimal(whole)
    reach = (share - criterion.lowest) / Decimal(criterion.highest - criterion.lowest)
    reach = min(max(reach, Decimal(0)), Decimal(1))
    return criterion.weight * (reach if criterion.is_more_better else 1 - reach)


def total_of(criteria: Sequence[RatingCriterion], scores: Sequence[Decimal | None]) -> Decimal | None:
    """To a tenth, as it is printed: what looks equal is equal."""
    known = [(one.weight, score) for one, score in zip(criteria, scores, strict=True) if score is not None]
    if not known:
        return None
    weights = sum(weight for weight, _ in known)
    return tenths(sum((score for _, score in known), Decimal(0)) * 100 / weights)


def placed(standings: Sequence[Standing]) -> list[Standing]:
    """In the order of places; equal totals share one, the next place is left out."""
    ranked = sorted((one for one in standings if one.total is not None), key=lambda one: -(one.total or 0))
    totals = [one.total for one in ranked]
    found = [Standing(o.agency_id, o.name, o.scores, o.total, totals.index(o.total) + 1) for o in ranked]
    return [*found, *(one for one in standings if one.total is None)]


def _points(value: Decimal | None, key: str = "") -> Figure:
    return Figure(None if value is None else tenths(value), Unit.POINTS, key)


# -- Tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OfScores(Table):
    scores: Scores

    @property
    def criteria(self) -> tuple[RatingCriterion, ...]:
        return self.scores.norms.criteria

    def _drilled(self, agency_id: int, column: str) -> Drilled | None:
        """The part or the whole of a criterion: «helped-part», «helped-whole»."""
        code, _, which = column.rpartition("-")
        criterion = next((one for one in self.criteria if one.code == code), None)
        known = {one.agency_id: one.name for one in self.scores.standings}
        if criterion is None or which not in ("part", "whole") or agency_id not in known:
            return None
        measure, title = self.scores.measures[code], TITLES[criterion.measure][which == "whole"]
        records = measure.records(agency_id, is_part=which == "part")
        return Drilled(f"{known[agency_id]}: {title}", records, measure.of_people)


@dataclass(frozen=True)
class PlacesTable(_OfScores):
    key: str = "places"
    title: str = "Места"

    def part(self, session: Session) -> Part:
        headings = ("Место", "Итог", *(f"{one.title} (до {one.weight})" for one in self.criteria))
        lines = tuple(self._line(one) for one in self.scores.standings)
        return Part(self.key, self.title, "Организация", headings, lines, FORMULA)

    def _line(self, standing: Standing) -> Line:
        pairs = zip(self.criteria, standing.scores, strict=True)
        scores = [_points(score, f"base.{standing.agency_id}.{one.code}-part") for one, score in pairs]
        figures = (Figure(standing.place), _points(standing.total), *scores)
        return Line(str(standing.agency_id), standing.name, figures)

    def drill(self, line: str, column: str) -> Drilled | None:
        return None  # Its scores lead to the base figures.


@dataclass(frozen=True)
class BaseTable(_OfScores):
    key: str = "base"
    title: str = "Исходные числа"

    def part(self, session: Session) -> Part:
        headings = tuple(
            f"{title[:1].upper()}{title[1:]}" for one in self.criteria for title in (*TITLES[one.measure], "доля")
        )
        lines = tuple(self._line(one) for one in self.scores.standings)
        return Part(self.key, self.title, "Организация", headings, lines)

    def _line(self, standing: Standing) -> Line:
        figures: list[Figure] = []
        for one in self.criteria:
            part, whole = self.scores.base(one, standing.agency_id)
            key = f"{self.key}.{standing.agency_id}.{one.code}"
            figures += [
                Figure(part, key=f"{key}-part"),
                Figure(whole, key=f"{key}-whole"),
                Figure(percent(part, whole), Unit.PERCENT),
            ]
        return Line(str(standing.agency_id), standing.name, tuple(figures))

    def drill(self, line: str, column: str) -> Drilled | None:
        return self._drilled(int(line), column) if line.isdecimal() and len(line) < 19 else None


@dataclass(frozen=True)
class CriteriaTable(_OfScores):
    """What the regulation compares by; printed with the result."""

    key: str = "criteria"
    title: str = "Критерии и веса"

    def part(self, session: Session) -> Part:
        headings = ("Вес", "Начало шкалы, %", "Конец шкалы, %")
        lines = tuple(
            Line(one.code, _told(one), (Figure(one.weight), Figure(one.lowest), Figure(one.highest)))
            for one in self.criteria
        )
        return Part(self.key, self.title, "Критерий", headings, lines)

    def drill(self, line: str, column: str) -> Drilled | None:
        return None


@dataclass(frozen=True)
class SheetTable(_OfScores):
    """One organisation: every criterion with its numbers, and what they come to."""

    agency_id: int
    key: str = "sheet"
    title: str = "Оценочный лист"

    def part(self, session: Session) -> Part:
        standing = next(iter(self.scores.standings), None)
        scores = standing.scores if standing else (None,) * len(self.criteria)
        lines = [self._line(one, score) for one, score in zip(self.criteria, scores, strict=True)]
        total = standing.total if standing else None
        blank = (Figure(None),) * 3
        weights = Figure(sum(one.weight for one in self.criteria))
        lines.append(Line("total", "Итог", (*blank, weights, _points(total)), is_total=True))
        headings = ("Часть", "Всего", "Доля", "Вес", "Балл")
        return Part(self.key, self.title, "Критерий", headings, tuple(lines), f"{self._verdict(total)} {FORMULA}")

    def _line(self, criterion: RatingCriterion, score: Decimal | None) -> Line:
        part, whole = self.scores.base(criterion, self.agency_id)
        figures = (
            Figure(part, key=f"{self.key}.{criterion.code}.part"),
            Figure(whole, key=f"{self.key}.{criterion.code}.whole"),
            Figure(percent(part, whole), Unit.PERCENT),
            Figure(criterion.weight),
            _points(score),
        )
        return Line(criterion.code, _told(criterion), figures)

    def _verdict(self, total: Decimal | None) -> str:
        if total is None:
            return "Данных для оценки нет."
        grade = self.scores.norms.grade_of(total)
        return f"Итог {comma(total)} из 100{f': {grade}' if grade else ''}."

    def drill(self, line: str, column: str) -> Drilled | None:
        return self._drilled(self.agency_id, f"{line}-{column}")


def _told(criterion: RatingCriterion) -> str:
    part, whole = TITLES[criterion.measure]
    better = "больше – лучше" if criterion.is_more_better else "меньше – лучше"
    return f"{criterion.title} ({part} / {whole}; {better})"
