"""«Показатели программы» (KIZ-08…12): three shares, the coverage of those in need, what success is made of, trends.

Clauses: kizil, passport, indicators 1–3 and result 1. Definitions: reports.indicators, reports.success.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import func

from reports.base import Desk, Option, Timing
from reports.figures import AnyLine, CountLine, FiguresReport, LineTable, Table, Trend, Unit, ValueLine
from reports.indicators import (
    SUPPORTED,
    WHOLE,
    Indicators,
    coverage_table,
    indicator_table,
    indicator_trend,
    indicators_of,
)
from reports.norms import CLOSED, Criterion


class Kpi(FiguresReport):
    code = "kpi"
    title = "Показатели программы сопровождения"
    short_title = "Показатели программы"
    timing = Timing.PERIOD
    months = 6
    is_of_one_agency = False
    options: ClassVar[tuple[Option, ...]] = (WHOLE, SUPPORTED)

    def tables(self, desk: Desk) -> Sequence[Table]:
        return (indicator_table(desk), coverage_table(desk), success_table(indicators_of(desk)))

    def trends(self, desk: Desk) -> list[Trend]:
        return [indicator_trend(desk)]


def success_table(found: Indicators) -> LineTable:
    """Who of those on support meets each criterion; of offences and addiction only the numbers are told."""
    success, people = found.success, found.supported
    lines: tuple[AnyLine, ...] = (
        CountLine("card", "Есть карта мониторинга", people.narrowed(success.has_card)),
        CountLine("no-card", "Карты мониторинга нет", people.narrowed(~success.has_card)),
        *(_met(found, criterion) for criterion in success.criteria),
        CountLine("said-yes", "Специалист признал успешными", people.narrowed(success.verdict.is_(True))),
        CountLine("said-no", "Специалист не признал успешными", people.narrowed(success.verdict.is_(False))),
        CountLine("successful", "Всего успешны", found.successful),
    )
    note = (
        "Успешен тот, у кого есть карта мониторинга и выполнены все признаки, или тот, кого признал успешным "
        "специалист, написав почему. Карты и решения взяты за период, но не меньше чем за полгода."
    )
    title = "Из чего складывается показатель 3"
    return LineTable("success", title, "Среди тех, кто на сопровождении", lines, column="Человек", note=note)


def _met(found: Indicators, criterion: Criterion) -> AnyLine:
    people = found.supported.narrowed(found.success.met[criterion])
    if criterion not in CLOSED:
        return CountLine(criterion.value, _capital(criterion), people)
    return ValueLine(
        criterion.value, _capital(criterion), lambda session: session.scalar(people.select(func.count())), Unit.COUNT
    )


def _capital(criterion: Criterion) -> str:
    return criterion.label[:1].upper() + criterion.label[1:]
