"""Working days: the shipped years against another program's calendar, later ones against art. 112, none beyond."""

from calendar import monthrange
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.working_calendar import OutsideCalendar, SpecialDay, WorkingCalendar, special_days
from tests.calendars import shipped_calendar

CALENDAR = shipped_calendar()
YEARS = range(2022, 2028)
DAYS = st.dates(date(2023, 1, 1), date(2036, 12, 31))


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=passed) for passed in range(366 if year % 4 == 0 else 365)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_another_program(year: int) -> None:
    other = holidays.RU(years=year, language="ru")  # type: ignore[attr-defined]
    differing = [day for day in days_of(year) if CALENDAR.is_working(day) != other.is_working_day(day)]
    assert differing == []


@pytest.mark.parametrize(
    ("year", "number"), [(2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247), (2027, 247)]
)
def test_a_year_has_its_number_of_working_days(year: int, number: int) -> None:
    assert sum(map(CALENDAR.is_working, days_of(year))) == number


@pytest.mark.parametrize(
    ("year", "numbers"),
    [(2026, "15 19 21 22 19 21 23 21 22 22 20 22"), (2027, "15 19 22 22 19 21 22 22 22 21 20 22")],
)
def test_a_month_has_its_number_of_working_days(year: int, numbers: str) -> None:
    found = [
        sum(CALENDAR.is_working(date(year, month, day)) for day in range(1, monthrange(year, month)[1] + 1))
        for month in range(1, 13)
    ]
    assert found == [int(number) for number in numbers.split()]


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2026, 3, 9), "перенос 8 марта"),
        (date(2026, 1, 9), "перенос с 3 января"),
        (date(2026, 1, 3), "новогодние каникулы"),
        (date(2026, 1, 7), "Рождество Христово"),
        (date(2026, 5, 9), "День Победы"),
        (date(2026, 10, 3), "суббота"),
        (date(2026, 10, 4), "воскресенье"),
        (date(2026, 10, 5), ""),
        (date(2027, 2, 20), "рабочий день, выходной перенесён на 22 февраля"),
        (date(2025, 2, 24), ""),
        (date(2025, 3, 10), ""),
    ],
    ids=str,
)
def test_a_day_says_why_it_is_off_or_a_saturday_is_not(day: date, basis: str) -> None:
    assert CALENDAR.basis(day) == basis


# -- Art. 112 of the Labour Code -------------------------------------------------------------------------------------

# Weekdays that art. 112 alone makes days off, and the holiday whose weekend they replace.
MOVED = {
    2028: {"11-06": "4 ноября"},
    2029: {"11-05": "4 ноября"},
    2030: {"02-25": "23 февраля"},
    2031: {"02-24": "23 февраля", "03-10": "8 марта"},
    2032: {"05-03": "1 мая", "05-10": "9 мая", "06-14": "12 июня"},
    2033: {"05-02": "1 мая", "06-13": "12 июня"},
    2034: {"11-06": "4 ноября"},
    2035: {"11-05": "4 ноября"},
    2036: {"02-25": "23 февраля", "03-10": "8 марта"},
    2037: {"03-09": "8 марта", "05-11": "9 мая"},
}


@pytest.mark.parametrize("year", range(2028, 2038))
def test_a_later_year_is_computed_by_art_112(year: int) -> None:
    calendar = WorkingCalendar.statutory([year])
    own = {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
    moved = {
        f"{day:%m-%d}": calendar.basis(day).removeprefix("перенос ")
        for day in days_of(year)
        if day.weekday() < 5 and (day.month, day.day) not in own and not calendar.is_working(day)
    }
    assert moved == MOVED[year]
    assert not any(calendar.is_working(date(year, *month_day)) for month_day in own)
    assert not any(calendar.is_working(day) for day in days_of(year) if day.weekday() >= 5)
    assert all(calendar.is_provisional(day) for day in days_of(year))
    assert [calendar.is_working(day) for day in days_of(year)] == [CALENDAR.is_working(day) for day in days_of(year)]


def test_two_holidays_never_move_to_one_day() -> None:
    """Where a decree has taken the nearest day already, the holiday goes on to the next one."""
    moved_there = {date(2032, 1, 3): date(2032, 5, 3)}
    found = {special.day: special.basis for special in special_days(2032, moved_there)}
    assert found[date(2032, 5, 3)] == "перенос с 3 января"
    assert found[date(2032, 5, 4)] == "перенос 1 мая"


def test_a_holiday_moves_to_a_weekend_that_a_decree_made_working() -> None:
    found = {special.day: special for special in special_days(2031, {date(2031, 3, 9): date(2031, 3, 7)})}
    assert not found[date(2031, 3, 9)].is_working
    assert found[date(2031, 3, 9)].basis == "перенос 8 марта"


# -- Limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2038, 1, 1)], ids=str)
@pytest.mark.parametrize("ask", ["is_working", "is_provisional", "next_working", "previous_working", "basis"])
def test_a_year_that_is_not_loaded_is_refused(ask: str, day: date) -> None:
    with pytest.raises(OutsideCalendar, match=f"Производственного календаря на {day.year} год нет: загружены годы"):
        getattr(CALENDAR, ask)(day)


def test_a_count_that_leaves_the_known_years_is_refused() -> None:
    for beyond in (
        lambda: CALENDAR.shift_working(date(2037, 12, 30), 5),
        lambda: CALENDAR.shift_working(date(2022, 1, 10), -1),
        lambda: CALENDAR.previous_working(date(2022, 1, 3)),
        lambda: WorkingCalendar([], decreed=[2026]).next_working(date(2027, 1, 1)),
    ):
        with pytest.raises(OutsideCalendar):
            beyond()


def test_a_count_does_not_jump_over_a_year_that_is_missing() -> None:
    gap = WorkingCalendar([], decreed=[2026, 2028])
    assert gap.shift_working(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(OutsideCalendar, match="на 2027 год"):
        gap.shift_working(date(2026, 12, 30), 2)
    with pytest.raises(OutsideCalendar, match="на 2027 год"):
        gap.shift_working(date(2028, 1, 3), -1)


def test_an_empty_calendar_knows_nothing() -> None:
    with pytest.raises(OutsideCalendar, match="ни один год не загружен"):
        WorkingCalendar([], decreed=()).is_working(date(2026, 10, 1))


def test_only_years_without_a_decree_are_provisional() -> None:
    assert not CALENDAR.is_provisional(date(2027, 12, 31))
    assert CALENDAR.is_provisional(date(2028, 1, 1))


def test_a_special_day_without_words_is_still_named() -> None:
    off, worked = date(2026, 7, 1), date(2026, 7, 4)
    calendar = WorkingCalendar([SpecialDay(off, False, ""), SpecialDay(worked, True, "")], decreed=[2026])
    assert (calendar.basis(off), calendar.basis(worked)) == ("нерабочий день", "рабочий день")
    assert (calendar.is_working(off), calendar.is_working(worked)) == (False, True)


# -- Properties ------------------------------------------------------------------------------------------------------


@given(DAYS)
def test_the_nearest_working_days_enclose_a_day(day: date) -> None:
    before, after = CALENDAR.previous_working(day), CALENDAR.next_working(day)
    assert before <= day <= after
    assert CALENDAR.is_working(before)
    assert CALENDAR.is_working(after)
    assert (before == after) == CALENDAR.is_working(day)
    between = [before + timedelta(days=passed) for passed in range(1, (after - before).days)]
    assert not any(CALENDAR.is_working(passed) for passed in between)


@given(DAYS, st.integers(-200, 200))
def test_shifting_counts_the_working_days(day: date, number: int) -> None:
    found = CALENDAR.shift_working(day, number)
    if number == 0:
        assert found == day
        return
    first, last = (day + timedelta(days=1), found) if number > 0 else (found, day - timedelta(days=1))
    passed = [first + timedelta(days=days) for days in range((last - first).days + 1)]
    assert sum(map(CALENDAR.is_working, passed)) == abs(number)
    assert CALENDAR.is_working(found)


@given(DAYS, st.integers(1, 100), st.integers(1, 100))
def test_shifts_add_up(day: date, one: int, other: int) -> None:
    assert CALENDAR.shift_working(CALENDAR.shift_working(day, one), other) == CALENDAR.shift_working(day, one + other)
