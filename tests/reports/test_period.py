"""Periods of reports: what is read, what it is called, what came before."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.period import BadPeriod, Period

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
LENGTHS = st.sampled_from((1, 3, 6, 12))


@pytest.mark.parametrize(
    ("text", "first", "last", "title"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026 год"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), "II полугодие 2026 года"),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31), "IV квартал 2026 года"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "февраль 2028 года"),
        ("2026-09-01..2026-11-15", date(2026, 9, 1), date(2026, 11, 15), "с 01.09.2026 по 15.11.2026"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: date, last: date, title: str) -> None:
    period = Period.parse(f" {text} ")
    assert (period.starts_on, period.ends_on, period.title) == (first, last, title)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-Q5", "2026-H3", "1899", "2026-1", "вчера", "2026-02-30..x"]
)
def test_what_is_no_period_is_said_in_one_sentence(text: str) -> None:
    with pytest.raises(BadPeriod, match="Период не читается"):
        Period.parse(text)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadPeriod, match="кончается раньше"):
        Period.parse("2026-11-15..2026-09-01")


@given(DAYS, LENGTHS)
def test_a_period_is_found_again_by_its_key(day: date, months: int) -> None:
    period = Period.around(day, months)
    assert period.starts_on <= day <= period.ends_on
    assert Period.parse(period.key) == period
    assert period.months == months


@given(DAYS, LENGTHS)
def test_periods_follow_one_another_without_gaps(day: date, months: int) -> None:
    last = Period.around(day, months).last(4) if day.year > 2005 else [Period.around(day, months)]
    for earlier, later in pairwise(last):
        assert earlier.ends_on + timedelta(days=1) == later.starts_on
        assert earlier.months == later.months == months


@given(DAYS, LENGTHS)
def test_a_finished_period_is_over(day: date, months: int) -> None:
    finished = Period.finished_before(day, months)
    assert finished.ends_on <= day
    assert (day - finished.ends_on).days <= 366


def test_before_some_days_come_as_many_days() -> None:
    before = Period.parse("2026-09-11..2026-09-20").previous()
    assert (before.starts_on, before.ends_on) == (date(2026, 9, 1), date(2026, 9, 10))
