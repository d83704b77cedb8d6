"""The days of obligations: windows, periods, quotas and events, for any day; and their explanation."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rule_terms import Period, RuleTerms
from services.deadlines.dates import of_event, of_span, periods, spans
from tests.calendars import shipped_calendar

CALENDAR = shipped_calendar()
BASE: dict[str, Any] = {"obliged": {"kind": ["college"]}, "evidence": "report"}
DAYS = st.dates(date(2022, 3, 1), date(2026, 12, 1))
MONTH_DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")


def _terms(**terms: Any) -> RuleTerms:
    return RuleTerms.of(BASE | terms)


@given(MONTH_DAYS, MONTH_DAYS, DAYS)
def test_a_window_is_due_on_a_working_day_not_before_it_closes(opens: str, closes: str, since: date) -> None:
    terms = _terms(kind="window", opens=opens, closes=closes)
    for span in spans(terms, since, since + timedelta(days=200)):
        assert span.last >= since
        assert (span.last.year - span.first.year) == (closes < opens)
        dates = of_span(CALENDAR, terms, span, span.first)
        assert CALENDAR.is_working(dates.due_on)
        assert span.first <= dates.opens_on <= dates.due_on
        assert span.last <= dates.due_on <= span.last + timedelta(days=12)
        assert dates.control_on <= dates.due_on
        assert dates.soon_on <= dates.due_on


@given(st.sampled_from(Period), DAYS)
def test_periods_follow_one_another_without_a_gap(period: Period, since: date) -> None:
    found = list(periods(period, since, since + timedelta(days=800)))
    assert found[0].first <= since <= found[0].last
    assert len({span.code for span in found}) == len(found)
    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)
    assert {span.last.month - span.first.month + 1 for span in found} == {period.months}


@given(DAYS, st.integers(0, 200), st.sampled_from(["calendar", "working"]))
def test_a_term_is_due_on_a_working_day_after_its_event(event_on: date, amount: int, unit: str) -> None:
    dates = of_event(CALENDAR, _terms(kind="event", triggers=["graduate.left"], amount=amount, unit=unit), event_on)
    assert dates.due_on >= event_on
    assert CALENDAR.is_working(dates.due_on) or amount == 0
    assert dates.opens_on == event_on


@given(DAYS.filter(lambda day: day > date(2022, 12, 1)), st.integers(-200, -1))
def test_a_duty_before_a_fact_is_due_before_it(event_on: date, amount: int) -> None:
    terms = _terms(kind="event", triggers=["contract.ends"], amount=amount, roll="previous")
    dates = of_event(CALENDAR, terms, event_on)
    assert dates.opens_on <= dates.due_on <= dates.nominal_on < event_on
    assert CALENDAR.is_working(dates.due_on)


def test_a_range_opens_at_its_first_day() -> None:
    terms = _terms(kind="event", triggers=["graduate.left"], amount=90, amount_to=120)
    dates = of_event(CALENDAR, terms, date(2026, 6, 30))
    assert (dates.opens_on, dates.nominal_on, dates.due_on) == (
        date(2026, 9, 28),
        date(2026, 10, 28),
        date(2026, 10, 28),
    )


@pytest.mark.parametrize(
    ("terms", "code", "due"),
    [
        ({"kind": "period", "period": "quarter"}, "2025-Q4", date(2025, 12, 30)),
        ({"kind": "period", "period": "month", "offset": 10}, "2026-01", date(2026, 2, 10)),
        ({"kind": "period", "period": "month", "offset": 5, "unit": "working"}, "2026-04", date(2026, 5, 8)),
        ({"kind": "quota", "period": "half_year", "at_least": 1}, "2026-H2", date(2026, 12, 31)),
        ({"kind": "window", "opens": "02-20", "closes": "02-29"}, "2026", date(2026, 3, 2)),
    ],
)
def test_periods_offsets_and_the_29th_of_february(terms: dict[str, Any], code: str, due: date) -> None:
    rule = _terms(**terms)
    (span,) = [one for one in spans(rule, date(2025, 10, 1), date(2026, 12, 31)) if one.code == code]
    assert of_span(CALENDAR, rule, span, span.first).due_on == due


def test_every_date_explains_itself() -> None:
    terms = _terms(kind="event", triggers=["placement.ended"], amount=10)
    steps = of_event(CALENDAR, terms, date(2025, 8, 14)).steps
    assert steps[0] == "14.08.2025 + 10 календарных дней = 24.08.2025, воскресенье"
    assert "25.08.2025" in steps[1]
    assert "ст. 193 ГК РФ" in steps[1]
