"""Days as ordinals: millions of them are added, compared and written, and a date object is slow at each."""

from datetime import date
from random import Random

_FIRST = date(1975, 1, 1).toordinal()
_LAST = date(2075, 1, 1).toordinal()
_ISO = [date.fromordinal(day).isoformat() for day in range(_FIRST, _LAST)]
_YEAR = [int(text[:4]) for text in _ISO]


def iso(day: int) -> str:
    return _ISO[day - _FIRST]


def iso_or_none(day: int | None) -> str | None:
    return None if day is None else _ISO[day - _FIRST]


def russian(day: int) -> str:
    """«05.10.2026»"""
    text = _ISO[day - _FIRST]
    return f"{text[8:]}.{text[5:7]}.{text[:4]}"


def year_of(day: int) -> int:
    return _YEAR[day - _FIRST]


def month_of(day: int) -> int:
    return int(_ISO[day - _FIRST][5:7])


def ordinal(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal()


def add_years(day: int, years: int) -> int:
    """The same day of another year; 29 February becomes 28 February in a common year."""
    when = date.fromordinal(day)
    if (when.month, when.day) == (2, 29):
        when = when.replace(day=28)
    return when.replace(year=when.year + years).toordinal()


def between(rng: Random, first: int, last: int) -> int:
    """A day from `first` to `last`; where there is no room, `last` is moved up to `first`."""
    return first if last <= first else first + int(rng.random() * (last - first + 1))
