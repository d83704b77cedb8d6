"""Filters by a period relative to the day of the request: an address kept for a year says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_

from models.reckoning import months_later
from views import edge
from views.listing import Expr, Filter

DAY = timedelta(days=1)
Period = tuple[date, date]


def _next(days: int) -> Callable[[date], Period]:
    return lambda today: (today, today + timedelta(days=days))


def _week(shift: int) -> Callable[[date], Period]:
    def period(today: date) -> Period:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)

    return period


def _months(length: int, shift: int = 0) -> Callable[[date], Period]:
    """The calendar month, quarter, half-year or year of a day, or one after it."""

    def period(today: date) -> Period:
        begun = today.replace(month=(today.month - 1) // length * length + 1, day=1)
        first = months_later(begun, length * shift)
        return first, months_later(first, length) - DAY

    return period


PERIODS: dict[str, tuple[str, Callable[[date], Period]]] = {
    "past": ("до сегодняшнего дня", lambda today: (date.min, today - DAY)),
    "today": ("сегодня", _next(0)),
    "next-7": ("ближайшие 7 дней", _next(7)),
    "next-14": ("ближайшие 14 дней", _next(14)),
    "next-30": ("ближайшие 30 дней", _next(30)),
    "week": ("на этой неделе", _week(0)),
    "next-week": ("на следующей неделе", _week(1)),
    "month": ("в этом месяце", _months(1)),
    "next-month": ("в следующем месяце", _months(1, 1)),
    "quarter": ("в этом квартале", _months(3)),
    "half-year": ("в этом полугодии", _months(6)),
    "year": ("в этом году", _months(12)),
}


def relative(key: str, label: str, column: Expr) -> Filter:
    """«На этой неделе», «ближайшие 14 дней» of a column of dates."""

    def condition(values: list[str]) -> ColumnElement[bool]:
        parts = []
        for value in values:
            if value not in PERIODS:
                raise ValueError(value)
            first, last = PERIODS[value][1](edge.today())
            parts.append(and_(column >= first, column <= last))
        return or_(*parts)

    return Filter(key, label, "choice", condition, lambda: [(code, told) for code, (told, _) in PERIODS.items()])
