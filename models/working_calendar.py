"""Which days are working ones: a value built from exceptions, that refuses to speak of years it does not know."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
# Art. 112 ч. 1 of the Labour Code; the first eight days of January are moved by the Government alone.
HOLIDAYS: dict[tuple[int, int], str] = {
    **{(1, day): "новогодние каникулы" for day in (1, 2, 3, 4, 5, 6, 8)},
    (1, 7): "Рождество Христово",
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
_SATURDAY, _SUNDAY = 5, 6
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


class OutsideCalendar(ValueError):
    """A year of which the calendar does not know the days off; one Russian sentence."""


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not, or not only, what its weekday says, and why."""

    day: date
    is_working: bool
    basis: str


def spoken(day: date) -> str:
    """«8 марта»."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def is_holiday(day: date) -> bool:
    return (day.month, day.day) in HOLIDAYS


def own_moves(year: int, transfers: Mapping[date, date]) -> dict[date, date]:
    """Holidays on a weekend → the days off that art. 112 ч. 2 itself gives for them, beside what a decree transfers.

    Each goes to the next day that is working yet: neither a weekend nor a holiday, nor given for another holiday.
    """
    taken = {date(year, month, day) for month, day in HOLIDAYS} | set(transfers.values())
    working_again = {day for day in transfers if not is_holiday(day)}
    moves = {}
    for month, number in sorted(HOLIDAYS):
        holiday = date(year, month, number)
        if month == 1 or not is_weekend(holiday) or holiday in transfers:
            continue
        day = holiday + ONE_DAY
        while day in taken or (is_weekend(day) and day not in working_again):
            day += ONE_DAY
        moves[holiday] = day
        taken.add(day)
    return moves


def special_days(year: int, transfers: Mapping[date, date]) -> list[SpecialDay]:
    """Holidays, moved days off and working Saturdays of a year, by day; `transfers` are the decree's: day off → day."""
    found = {date(year, month, day): (False, basis) for (month, day), basis in HOLIDAYS.items()}
    for source, target in transfers.items():
        found[target] = (False, f"перенос с {spoken(source)}")
        if source not in found:
            found[source] = (True, f"рабочий день, выходной перенесён на {spoken(target)}")
    for holiday, target in own_moves(year, transfers).items():
        found[target] = (False, f"перенос {spoken(holiday)}")
    return [SpecialDay(day, *found[day]) for day in sorted(found)]


class WorkingCalendar:
    """Working days of some years; every question about another year raises OutsideCalendar."""

    def __init__(self, days: Iterable[SpecialDay], *, decreed: Iterable[int], computed: Iterable[int] = ()) -> None:
        """`computed` years have no decree yet: their dates are provisional."""
        self._computed = frozenset(computed)
        self._years = frozenset(decreed) | self._computed
        self._special = {special.day: special for special in days}
        self._working = [day.toordinal() for year in sorted(self._years) for day in self._days_of(year)]
        self._is_working = frozenset(self._working)

    @classmethod
    def statutory(cls, years: Iterable[int]) -> WorkingCalendar:
        """Art. 112 alone, as long as no decree has moved anything; all of it is provisional."""
        years = tuple(years)
        return cls((special for year in years for special in special_days(year, {})), decreed=(), computed=years)

    def _days_of(self, year: int) -> Iterator[date]:
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            special = self._special.get(day)
            if special.is_working if special is not None else not is_weekend(day):
                yield day

    @property
    def years(self) -> frozenset[int]:
        return self._years

    def is_working(self, day: date) -> bool:
        if day.year not in self._years:
            raise self._outside(day.year)
        return day.toordinal() in self._is_working

    def is_provisional(self, day: date) -> bool:
        """Whether a decree may still move the days off of that year."""
        if day.year not in self._years:
            raise self._outside(day.year)
        return day.year in self._computed

    def next_working(self, day: date) -> date:
        """The day itself where it is working."""
        return self._at(bisect_left(self._working, day.toordinal()), day, forward=True)

    def previous_working(self, day: date) -> date:
        """The day itself where it is working."""
        return self._at(bisect_right(self._working, day.toordinal()) - 1, day, forward=False)

    def shift_working(self, day: date, number: int) -> date:
        """The number-th working day after a day, or before it where negative; the day itself where 0."""
        if number == 0:
            return day
        here = self._working
        if number > 0:
            return self._at(bisect_right(here, day.toordinal()) + number - 1, day, forward=True)
        return self._at(bisect_left(here, day.toordinal()) + number, day, forward=False)

    def basis(self, day: date) -> str:
        """Why a day is off, or a weekend is working: «перенос 8 марта», «суббота»; empty for an ordinary day."""
        if day.year not in self._years:
            raise self._outside(day.year)
        special = self._special.get(day)
        if special is not None:
            return special.basis or ("рабочий день" if special.is_working else "нерабочий день")
        return {_SATURDAY: "суббота", _SUNDAY: "воскресенье"}.get(day.weekday(), "")

    def _at(self, place: int, start: date, *, forward: bool) -> date:
        """The working day at a place of the list, if all years on the way there are known."""
        if start.year not in self._years:
            raise self._outside(start.year)
        if not 0 <= place < len(self._working):
            raise self._outside(max(self._years) + 1 if forward else min(self._years) - 1)
        found = date.fromordinal(self._working[place])
        if found.year != start.year:
            low, high = sorted((start.year, found.year))
            for year in range(low, high + 1):
                if year not in self._years:
                    raise self._outside(year)
        return found

    def _outside(self, year: int) -> OutsideCalendar:
        return OutsideCalendar(f"Производственного календаря на {year} год нет: {_known(self._years)}.")


def _known(years: frozenset[int]) -> str:
    if not years:
        return "ни один год не загружен"
    return f"загружены годы с {min(years)} по {max(years)}"
