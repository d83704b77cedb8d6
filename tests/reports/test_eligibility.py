"""Until what day a person stands in the lists."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.eligibility import earliest_eligible_birth_date, is_past_support_age, last_eligible_day

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # A busy machine is no failure.


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        (date(2003, 10, 1), date(2026, 10, 1)),
        (date(2004, 2, 29), date(2027, 2, 28)),
        (date(2005, 2, 28), date(2028, 2, 28)),
    ],
)
def test_the_23rd_birthday_is_the_last_day(born: date, last_day: date) -> None:
    assert last_eligible_day(born) == last_day
    assert not is_past_support_age(born, last_day)
    assert is_past_support_age(born, last_day + timedelta(days=1))


@CALM
@given(st.dates(date(1990, 1, 1), date(2015, 12, 31)), st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_the_earliest_birth_date_says_the_same_of_everybody(born: date, on: date) -> None:
    assert (born < earliest_eligible_birth_date(on)) == is_past_support_age(born, on)


def test_on_29_february_those_of_the_28th_are_past_it() -> None:
    assert earliest_eligible_birth_date(date(2028, 2, 29)) == date(2005, 3, 1)
    assert is_past_support_age(date(2005, 2, 28), date(2028, 2, 29))


@pytest.mark.parametrize("age", [18, 23, 25])
def test_another_last_age_moves_all_alike(age: int) -> None:
    born, on = date(2004, 2, 29), date(2004 + age, 2, 28)
    assert last_eligible_day(born, age) == on
    assert not is_past_support_age(born, on, age)
    assert is_past_support_age(born, on + timedelta(days=1), age)
    assert earliest_eligible_birth_date(on + timedelta(days=1), age) == date(2004, 3, 1)
