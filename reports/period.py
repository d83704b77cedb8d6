"""The periods for which reports are made: a month, quarter, half-year, year, or from one day to another."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль"),
    *("август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
ROMAN = ("I", "II", "III", "IV")
FIRST_YEAR, LAST_YEAR = 2000, 2100
BAD = "Период не читается. Напишите его как 2026-11, 2026-Q4, 2026-H2, 2026 или 2026-09-01..2026-11-15."
_SHAPE = re.compile(r"(\d{4})(?:-(?:(Q)([1-4])|(H)([12])|(\d{2})))?", re.IGNORECASE)


class BadPeriod(ValueError):
    """A period cannot be read; the message is one Russian sentence."""

    def __init__(self, sentence: str = BAD) -> None:
        super().__init__(sentence)


@dataclass(frozen=True)
class Period:
    """Days from `starts_on` to `ends_on`, both included. `key` is what addresses, commands and journals call it."""

    starts_on: date
    ends_on: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """«2026», «2026-H2», «2026-Q4», «2026-11» or «2026-09-01..2026-11-15»; raises BadPeriod."""
        text = text.strip()
        if ".." in text:
            return cls._between(*text.split("..", 1))
        found = _SHAPE.fullmatch(text)
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise BadPeriod
        year = int(found[1])
        if found[2]:
            return cls.of_months(year, int(found[3]) * 3 - 2, 3)
        if found[4]:
            return cls.of_months(year, int(found[5]) * 6 - 5, 6)
        if found[6] is None:
            return cls.of_months(year, 1, 12)
        if not 1 <= int(found[6]) <= 12:
            raise BadPeriod
        return cls.of_months(year, int(found[6]), 1)

    @classmethod
    def _between(cls, first: str, last: str) -> Period:
        try:
            made = cls(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        except ValueError:
            raise BadPeriod from None
        if made.starts_on > made.ends_on:
            raise BadPeriod("Период кончается раньше, чем начинается. Поменяйте дни местами.")
        if not FIRST_YEAR <= made.starts_on.year <= made.ends_on.year <= LAST_YEAR:
            raise BadPeriod
        return made

    @classmethod
    def of_months(cls, year: int, month: int, months: int) -> Period:
        """`months` whole months from the first day of a month on, all of one year."""
        last = month + months - 1
        return cls(date(year, month, 1), date(year, last, monthrange(year, last)[1]))

    @classmethod
    def around(cls, day: date, months: int) -> Period:
        """The month (1), quarter (3), half-year (6) or year (12) in which the day lies."""
        return cls.of_months(day.year, (day.month - 1) // months * months + 1, months)

    @classmethod
    def finished_before(cls, day: date, months: int) -> Period:
        """The last one of its kind that is over on the day."""
        current = cls.around(day, months)
        return current if current.ends_on <= day else current.previous()

    @property
    def months(self) -> int | None:
        """1, 3, 6 or 12; None for other stretches of days."""
        for months in (1, 3, 6, 12):
            if self == Period.around(self.starts_on, months):
                return months
        return None

    def previous(self) -> Period:
        """The one just before, of the same kind; of other stretches, as many days."""
        eve, months = self.starts_on - timedelta(days=1), self.months
        if months:
            return Period.around(eve, months)
        return Period(eve - (self.ends_on - self.starts_on), eve)

    def last(self, count: int) -> list[Period]:
        """The period and those before it, `count` in all, in the order of time."""
        found = [self]
        while len(found) < count:
            found.insert(0, found[0].previous())
        return found

    @property
    def key(self) -> str:
        year, month = self.starts_on.year, self.starts_on.month
        match self.months:
            case 1:
                return f"{year}-{month:02}"
            case 3:
                return f"{year}-Q{month // 3 + 1}"
            case 6:
                return f"{year}-H{month // 6 + 1}"
            case 12:
                return str(year)
        return f"{self.starts_on.isoformat()}..{self.ends_on.isoformat()}"

    @property
    def title(self) -> str:
        """«ноябрь 2026 года», «IV квартал 2026 года», «с 01.09.2026 по 15.11.2026»."""
        year, month = self.starts_on.year, self.starts_on.month
        match self.months:
            case 1:
                return f"{MONTHS[month - 1]} {year} года"
            case 3:
                return f"{ROMAN[month // 3]} квартал {year} года"
            case 6:
                return f"{ROMAN[month // 6]} полугодие {year} года"
            case 12:
                return f"{year} год"
        return f"с {self.starts_on:%d.%m.%Y} по {self.ends_on:%d.%m.%Y}"

    def __str__(self) -> str:
        return self.title
