"""Terms by art. 190–194: the dates that official calendars give, and how they explain themselves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reckoning import Roll, Unit, months_later, period_end, term, window, years_later
from models.working_calendar import OutsideCalendar
from tests.calendars import shipped_calendar

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2023, 1, 1), date(2033, 12, 31))


def day(text: str) -> date:
    number, month, year = text.split(".")
    return date(int(year), int(month), int(number))


# event, number of days, last day by the count, legal date
CALENDAR_DAYS = """
14.08.2025 10 24.08.2025 25.08.2025
17.10.2025 15 01.11.2025 01.11.2025
17.12.2025 15 01.01.2026 12.01.2026
06.03.2026  3 09.03.2026 10.03.2026
24.04.2026 15 09.05.2026 12.05.2026
28.05.2026 15 12.06.2026 15.06.2026
20.10.2026 15 04.11.2026 05.11.2026
16.12.2026 15 31.12.2026 11.01.2027
05.02.2027 15 20.02.2027 20.02.2027
20.10.2027 15 04.11.2027 08.11.2027
08.02.2025 15 23.02.2025 24.02.2025
14.04.2024 15 29.04.2024 02.05.2024
13.12.2024 15 28.12.2024 28.12.2024
30.12.2026 15 14.01.2027 14.01.2027
23.04.2026 15 08.05.2026 08.05.2026
04.03.2026 30 03.04.2026 03.04.2026
""".strip().splitlines()

WORKING_DAYS = """
23.04.2026 2 27.04.2026
29.12.2026 2 11.01.2027
18.02.2027 2 20.02.2027
30.10.2025 2 01.11.2025
25.04.2024 2 27.04.2024
27.12.2024 2 09.01.2025
30.12.2025 2 13.01.2026
08.01.2026 2 13.01.2026
06.03.2026 3 12.03.2026
08.05.2026 2 13.05.2026
03.11.2027 2 09.11.2027
07.05.2025 2 13.05.2025
27.02.2026 3 04.03.2026
10.03.2026 5 17.03.2026
10.03.2026 10 24.03.2026
""".strip().splitlines()

# opens, closes, legal date, control date
WINDOWS = """
25.09.2024 05.10.2024 07.10.2024 04.10.2024
25.09.2025 05.10.2025 06.10.2025 03.10.2025
25.09.2026 05.10.2026 05.10.2026 05.10.2026
25.09.2027 05.10.2027 05.10.2027 05.10.2027
01.02.2024 10.02.2024 12.02.2024 09.02.2024
01.02.2025 10.02.2025 10.02.2025 10.02.2025
01.02.2026 10.02.2026 10.02.2026 10.02.2026
01.02.2027 10.02.2027 10.02.2027 10.02.2027
01.09.2024 15.09.2024 16.09.2024 13.09.2024
01.09.2025 15.09.2025 15.09.2025 15.09.2025
01.09.2026 15.09.2026 15.09.2026 15.09.2026
01.09.2027 15.09.2027 15.09.2027 15.09.2027
01.10.2026 31.10.2026 02.11.2026 30.10.2026
01.10.2027 31.10.2027 01.11.2027 29.10.2027
01.10.2025 31.10.2025 31.10.2025 31.10.2025
""".strip().splitlines()


@pytest.mark.parametrize("vector", CALENDAR_DAYS)
def test_calendar_days(vector: str) -> None:
    event, amount, nominal, due = vector.split()
    found = term(CALENDAR, day(event), int(amount), Unit.CALENDAR)
    assert (found.nominal_on, found.due_on, found.is_provisional) == (day(nominal), day(due), False)


@pytest.mark.parametrize("vector", WORKING_DAYS)
def test_working_days(vector: str) -> None:
    event, amount, due = vector.split()
    found = term(CALENDAR, day(event), int(amount), Unit.WORKING)
    assert (found.nominal_on, found.due_on, found.control_on) == (day(due),) * 3
    assert not found.is_provisional


@pytest.mark.parametrize("vector", WINDOWS)
def test_windows(vector: str) -> None:
    opens, closes, due, control = map(day, vector.split())
    found = window(CALENDAR, opens, closes)
    assert (found.nominal_on, found.due_on, found.control_on) == (closes, due, control)


@pytest.mark.parametrize(
    ("event", "amount", "unit", "roll", "due", "control"),
    [
        ("14.08.2025", 10, Unit.CALENDAR, Roll.NEXT, "25.08.2025", "22.08.2025"),
        ("24.04.2026", 15, Unit.CALENDAR, Roll.NEXT, "12.05.2026", "08.05.2026"),
        ("06.03.2026", 30, Unit.CALENDAR, Roll.NEXT, "06.04.2026", "03.04.2026"),
        ("01.03.2027", -30, Unit.CALENDAR, Roll.PREVIOUS, "29.01.2027", "29.01.2027"),
        ("01.03.2027", -30, Unit.CALENDAR, Roll.NEXT, "01.02.2027", "29.01.2027"),
        ("01.03.2027", -30, Unit.CALENDAR, Roll.NONE, "30.01.2027", "29.01.2027"),
        ("15.10.2026", -30, Unit.CALENDAR, Roll.PREVIOUS, "15.09.2026", "15.09.2026"),
        ("12.01.2027", -2, Unit.WORKING, Roll.NEXT, "30.12.2026", "30.12.2026"),
        ("14.08.2025", 5, Unit.YEAR, Roll.NEXT, "14.08.2030", "14.08.2030"),
        ("14.08.2030", -6, Unit.MONTH, Roll.NONE, "14.02.2030", "14.02.2030"),
        ("31.01.2027", 1, Unit.MONTH, Roll.NEXT, "01.03.2027", "26.02.2027"),
        ("29.02.2024", 1, Unit.YEAR, Roll.NEXT, "28.02.2025", "28.02.2025"),
        ("15.10.2025", 1, Unit.YEAR, Roll.NONE, "15.10.2026", "15.10.2026"),
        ("07.03.2026", 0, Unit.INSTANT, Roll.NEXT, "07.03.2026", "07.03.2026"),
        ("06.03.2026", 0, Unit.CALENDAR, Roll.NEXT, "06.03.2026", "06.03.2026"),
        ("06.03.2026", 0, Unit.WORKING, Roll.NEXT, "06.03.2026", "06.03.2026"),
    ],
)
def test_legal_and_control_dates(event: str, amount: int, unit: Unit, roll: Roll, due: str, control: str) -> None:
    found = term(CALENDAR, day(event), amount, unit, roll)
    assert (found.due_on, found.control_on) == (day(due), day(control))


def test_no_date_goes_back_before_the_event() -> None:
    """Three days from Saturday 02.01.2027 are all days off: there is no working day to roll back to."""
    for roll in (Roll.NEXT, Roll.PREVIOUS):
        found = term(CALENDAR, date(2027, 1, 2), 3, Unit.CALENDAR, roll)
        assert (found.due_on, found.control_on) == (date(2027, 1, 11), date(2027, 1, 11))


@pytest.mark.parametrize(
    ("ends", "due"),
    [("31.12.2025", "30.12.2025"), ("31.03.2026", "31.03.2026"), ("30.06.2026", "30.06.2026"),
     ("30.09.2026", "30.09.2026"), ("31.10.2026", "30.10.2026"), ("31.12.2026", "30.12.2026")],
)  # fmt: skip
def test_a_period_ends_on_its_last_working_day(ends: str, due: str) -> None:
    found = period_end(CALENDAR, day(ends))
    assert (found.nominal_on, found.due_on, found.control_on) == (day(ends), day(due), day(due))


@pytest.mark.parametrize(
    ("start", "number", "found"),
    [
        ("31.01.2026", 1, "28.02.2026"),
        ("31.01.2028", 1, "29.02.2028"),
        ("31.03.2026", -1, "28.02.2026"),
        ("15.12.2026", 1, "15.01.2027"),
        ("15.01.2027", -1, "15.12.2026"),
        ("31.08.2027", 6, "29.02.2028"),
        ("30.11.2026", 0, "30.11.2026"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, number: int, found: str) -> None:
    assert months_later(day(start), number) == day(found)


def test_years_end_on_the_same_day_and_29_february_on_the_28th() -> None:
    assert years_later(date(2004, 2, 29), 23) == date(2027, 2, 28)
    assert years_later(date(2004, 2, 29), 24) == date(2028, 2, 29)
    assert years_later(date(2027, 2, 28), -3) == date(2024, 2, 28)


# -- Explanations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "amount", "unit", "roll", "steps"),
    [
        (
            "14.08.2025", 10, Unit.CALENDAR, Roll.NEXT,
            ("14.08.2025 + 10 календарных дней = 24.08.2025, воскресенье",
             "Последний день нерабочий, срок переходит на понедельник 25.08.2025 (ст. 193 ГК РФ)"),
        ),
        (
            "06.03.2026", 3, Unit.CALENDAR, Roll.NEXT,
            ("06.03.2026 + 3 календарных дня = 09.03.2026, понедельник (перенос 8 марта)",
             "Последний день нерабочий, срок переходит на вторник 10.03.2026 (ст. 193 ГК РФ)"),
        ),
        (
            "17.10.2025", 15, Unit.CALENDAR, Roll.NEXT,
            ("17.10.2025 + 15 календарных дней = 01.11.2025, суббота (рабочий день, выходной перенесён на 3 ноября)",
             "01.11.2025 — рабочий день, срок не переносится"),
        ),
        (
            "01.03.2027", -30, Unit.CALENDAR, Roll.PREVIOUS,
            ("01.03.2027 − 30 календарных дней = 30.01.2027, суббота",
             "Последний день нерабочий, срок сдвигается назад, на пятницу 29.01.2027"),
        ),
        (
            "01.03.2027", -30, Unit.CALENDAR, Roll.NONE,
            ("01.03.2027 − 30 календарных дней = 30.01.2027, суббота",
             "Последний день нерабочий, но этот срок не переносится"),
        ),
        (
            "23.04.2026", 2, Unit.WORKING, Roll.NEXT,
            ("23.04.2026 + 2 рабочих дня = 27.04.2026, понедельник",
             "Не считаются: 25.04.2026 (суббота), 26.04.2026 (воскресенье)"),
        ),
        (
            "12.01.2026", 1, Unit.WORKING, Roll.NEXT,
            ("12.01.2026 + 1 рабочий день = 13.01.2026, вторник",),
        ),
        (
            "29.12.2026", 2, Unit.WORKING, Roll.NEXT,
            ("29.12.2026 + 2 рабочих дня = 11.01.2027, понедельник",
             "Не считаются 11 нерабочих дней: 31.12.2026–10.01.2027"),
        ),
        (
            "19.02.2027", 3, Unit.WORKING, Roll.NEXT,
            ("19.02.2027 + 3 рабочих дня = 25.02.2027, четверг",
             "Не считаются: 21.02.2027 (воскресенье), 22.02.2027 (перенос с 20 февраля), "
             "23.02.2027 (День защитника Отечества)",
             "Считаются: 20.02.2027 (рабочий день, выходной перенесён на 22 февраля)"),
        ),
        (
            "12.01.2027", -1, Unit.WORKING, Roll.PREVIOUS,
            ("12.01.2027 − 1 рабочий день = 11.01.2027, понедельник",),
        ),
        (
            "31.08.2026", 6, Unit.MONTH, Roll.NEXT,
            ("31.08.2026 + 6 месяцев = 28.02.2027, воскресенье",
             "В этом месяце нет 31-го числа, срок истекает в последний день месяца (ст. 192 ГК РФ)",
             "Последний день нерабочий, срок переходит на понедельник 01.03.2027 (ст. 193 ГК РФ)"),
        ),
        (
            "15.10.2028", 2, Unit.YEAR, Roll.NEXT,
            ("15.10.2028 + 2 года = 15.10.2030, вторник",
             "Дата предварительная: календарь 2030 года не утверждён"),
        ),
        (
            "06.03.2026", 0, Unit.INSTANT, Roll.NEXT,
            ("Незамедлительно, в день события: 06.03.2026, пятница",),
        ),
    ],
)  # fmt: skip
def test_a_date_explains_itself(event: str, amount: int, unit: Unit, roll: Roll, steps: tuple[str, ...]) -> None:
    assert term(CALENDAR, day(event), amount, unit, roll).steps == steps


def test_a_window_and_a_period_explain_themselves() -> None:
    assert window(CALENDAR, date(2025, 9, 25), date(2025, 10, 5)).steps == (
        "Период с 25.09.2025 по 05.10.2025, воскресенье",
        "Последний день нерабочий, срок переходит на понедельник 06.10.2025 (ст. 193 ГК РФ)",
    )
    assert period_end(CALENDAR, date(2025, 12, 31)).steps == (
        "Последний день периода: 31.12.2025, среда (перенос с 5 января)",
        "Последний день нерабочий, срок сдвигается назад, на вторник 30.12.2025",
    )
    with pytest.raises(ValueError, match="раньше, чем начался"):
        window(CALENDAR, date(2025, 10, 5), date(2025, 9, 25))


def test_many_days_off_in_pieces_are_only_counted() -> None:
    steps = term(CALENDAR, date(2026, 10, 1), 30, Unit.WORKING).steps
    assert steps[1] == "Не считаются 13 нерабочих дней: с 03.10.2026 по 08.11.2026"


# -- Limits ----------------------------------------------------------------------------------------------------------


def test_a_date_is_provisional_when_any_year_on_the_way_has_no_decree() -> None:
    assert not term(CALENDAR, date(2027, 12, 20), 10, Unit.CALENDAR).is_provisional
    rolled_over = term(CALENDAR, date(2027, 12, 21), 10, Unit.CALENDAR)
    assert rolled_over.nominal_on == date(2027, 12, 31)
    assert rolled_over.is_provisional
    counted_back = term(CALENDAR, date(2028, 1, 11), -2, Unit.WORKING)
    assert counted_back.due_on == date(2027, 12, 30)
    assert counted_back.is_provisional
    spoken = term(CALENDAR, date(2028, 12, 28), 5, Unit.WORKING).steps[-1]
    assert spoken == "Дата предварительная: календари 2028 и 2029 годов не утверждены"


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(20_000, Unit.CALENDAR), (5_000, Unit.WORKING), (400, Unit.MONTH), (30, Unit.YEAR), (-30, Unit.YEAR),
     (10**12, Unit.CALENDAR), (10**12, Unit.WORKING), (10**12, Unit.MONTH), (-10_000, Unit.YEAR)],
)  # fmt: skip
def test_a_term_beyond_the_known_years_is_refused(amount: int, unit: Unit) -> None:
    with pytest.raises(OutsideCalendar):
        term(CALENDAR, date(2026, 10, 1), amount, unit)


def test_the_event_itself_may_lie_before_the_known_years() -> None:
    assert term(CALENDAR, date(2004, 8, 14), 23, Unit.YEAR).due_on == date(2027, 8, 16)
    with pytest.raises(OutsideCalendar):
        term(CALENDAR, date(2021, 12, 30), 5, Unit.WORKING)


# -- Properties ------------------------------------------------------------------------------------------------------

COUNTED = st.sampled_from([Unit.CALENDAR, Unit.WORKING])


@given(DAYS, st.integers(0, 400), COUNTED, st.sampled_from(list(Roll)))
def test_a_term_never_ends_before_its_event(event: date, amount: int, unit: Unit, roll: Roll) -> None:
    found = term(CALENDAR, event, amount, unit, roll)
    assert found.due_on >= event
    assert found.control_on >= event
    assert found.nominal_on >= event + timedelta(days=amount)


@given(DAYS, st.integers(-200, 400), COUNTED, st.sampled_from([Roll.NEXT, Roll.PREVIOUS]))
def test_a_rolled_date_is_a_working_day(event: date, amount: int, unit: Unit, roll: Roll) -> None:
    found = term(CALENDAR, event, amount, unit, roll)
    assert CALENDAR.is_working(found.control_on)
    assert CALENDAR.is_working(found.due_on)


@given(DAYS, st.integers(-200, 400), COUNTED)
def test_control_comes_no_later_than_the_legal_date(event: date, amount: int, unit: Unit) -> None:
    found = term(CALENDAR, event, amount, unit)
    assert found.control_on <= found.due_on
    assert found.nominal_on <= found.due_on


@given(DAYS, st.integers(0, 200), st.integers(1, 30), COUNTED)
def test_a_longer_term_and_a_later_event_end_no_earlier(event: date, amount: int, more: int, unit: Unit) -> None:
    due = term(CALENDAR, event, amount, unit).due_on
    assert term(CALENDAR, event, amount + more, unit).due_on >= due
    assert term(CALENDAR, event + timedelta(days=more), amount, unit).due_on >= due


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_number_of_the_day_or_take_the_last(start: date, number: int) -> None:
    found = months_later(start, number)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == number
    assert found.day == start.day or (found.day < start.day and (found + timedelta(days=1)).day == 1)
