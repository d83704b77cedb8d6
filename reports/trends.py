"""How the numbers of period reports have gone over the last periods: one statement for each period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func

from models.work import ServiceRecord
from reports import scope
from reports.base import Desk
from reports.figures import Records, Trend, Unit
from reports.period import Period

PERIODS = 6


def services_rendered(desk: Desk, count: int = PERIODS) -> Trend:
    def rendered(then: Desk) -> Any:
        return scope.services(then).select(func.coalesce(func.sum(ServiceRecord.quantity), 0))

    return _trend(desk, count, "Услуги", (("Услуг", rendered),))


def people_on_support(desk: Desk, count: int = PERIODS) -> Trend:
    def at_the_end(then: Desk) -> Any:
        return _people(scope.supported_on(then, then.parameters.on))

    def at_all(then: Desk) -> Any:
        return _people(scope.supported_during(then, then.parameters.span))

    return _trend(desk, count, "На сопровождении", (("На конец периода", at_the_end), ("Хотя бы один день", at_all)))


def _people(records: Records) -> Any:
    return scope.of_kept_cards(records).select(func.count(records.person.distinct()))


def _trend(desk: Desk, count: int, title: str, lines: Sequence[tuple[str, Callable[[Desk], Any]]]) -> Trend:
    periods = desk.parameters.span.last(count)
    desks = [_at(desk, period) for period in periods]
    series = tuple((name, tuple(desk.session.scalar(query(then)) for then in desks)) for name, query in lines)
    return Trend(title, Unit.COUNT, tuple(period.title for period in periods), series)


def _at(desk: Desk, period: Period) -> Desk:
    """The same report for another period; nothing is told of days to come."""
    parameters = replace(desk.parameters, period=period, on=min(period.ends_on, desk.parameters.on))
    return replace(desk, parameters=parameters)
