import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importing.dates import SERIAL_EPOCH, UnusableDate, parse_date, parse_periods

MONTHS = [
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
]
BIRTHS = st.dates(date(1980, 1, 1), date(2026, 10, 1))
STYLES = [
    "{0:%d.%m.%Y}",
    "{0:%d.%m.%Y}г",
    "{0:%d.%m.%Y} г.",
    "{0:%d.%m.%Y} г.р.",
    "{0:%d.%m.%Y}г. р.",
    "{0:%d.%m.%Y} года рождения",
    "{0:%d.%m.%y}",
    "{0:%d/%m/%Y}",
    "{0:%d-%m-%Y}",
    "{0:%d,%m,%Y}",
    "{0:%d . %m . %Y}",
    "{0:%Y-%m-%d}",
    "{0:%Y-%m-%d} 00:00:00",
    "{0:%d.%m.%Y} 0:00",
    "{0.day}.{0.month}.{0.year}",
    "{0.day} {1} {0.year} г.",
    "«{0.day}» {1} {0.year} года",
    "{0:%d%m%Y}",
    "\xa0{0:%d.%m.%Y}\xa0г",
]


@given(day=BIRTHS, style=st.sampled_from(STYLES))
def test_every_style_of_a_date_gives_the_same_day(day: date, style: str) -> None:
    assert parse_date(style.format(day, MONTHS[day.month - 1])) == day


@given(day=BIRTHS)
def test_a_date_as_a_spreadsheet_counts_it_is_read(day: date) -> None:
    serial = (day - SERIAL_EPOCH).days
    assert parse_date(float(serial)) == day
    assert parse_date(str(serial)) == day
    assert parse_date(day) == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31.02.2004", "не существует"),
        ("29.02.2005", "не существует"),
        ("05/23/1998", "не существует"),
        ("00.00.2004", "не существует"),
        ("1998", "только год"),
        ("1998 г.р.", "только год"),
        ("нет", "не читается"),
        ("23.05.1998 или 24.05.1998", "не читается"),
        ("май 1998", "не читается"),
        ("123.05.1998", "не читается"),
    ],
)
def test_what_is_no_date_is_said_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(UnusableDate, match=words):
        parse_date(text)


@pytest.mark.parametrize("number", [1998.0, 12.0, -5.0, 99999999.0])
def test_a_number_that_is_no_date_is_refused(number: float) -> None:
    with pytest.raises(UnusableDate):
        parse_date(number)


def test_a_two_digit_year_is_of_a_person_born_since_1980() -> None:
    assert parse_date("06.10.05") == date(2005, 10, 6)
    assert parse_date("06.10.80") == date(1980, 10, 6)
    assert parse_date("06.10.99") == date(1999, 10, 6)


A, B, C, D = date(2008, 4, 23), date(2012, 5, 16), date(2013, 9, 1), date(2016, 5, 23)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("23.04.2008 г-16.05.2012", [(A, B)]),
        ("23.04.2008-16.05.2012", [(A, B)]),
        ("23.04.2008 г. – 16.05.2012 г.", [(A, B)]),
        ("23.04.2008\n-\n16.05.2012", [(A, B)]),
        ("23.04.2008\n16.05.2012", [(A, None), (B, None)]),
        ("с 23.04.2008 по 16.05.2012", [(A, B)]),
        ("с 23.04.2008г. до 16.05.2012г.", [(A, B)]),
        ("с 23 апреля 2008 года по 16 мая 2012 г.", [(A, B)]),
        ("23.04.08-16.05.12", [(A, B)]),
        ("2008-04-23 - 2012-05-16", [(A, B)]),
        ("с 23.04.2008 по настоящее время", [(A, None)]),
        ("23.04.2008 - н.в.", [(A, None)]),
        ("23.04.2008 – по н/в", [(A, None)]),
        ("с 23.04.2008", [(A, None)]),
        ("23.04.2008-16.05.2012; 01.09.2013-23.05.2016", [(A, B), (C, D)]),
        ("23.04.2008-16.05.2012, 01.09.2013-23.05.2016", [(A, B), (C, D)]),
        ("23.04.2008-16.05.2012\n01.09.2013-23.05.2016", [(A, B), (C, D)]),
        ("1) 23.04.2008-16.05.2012 2) 01.09.2013-23.05.2016", [(A, B), (C, D)]),
        ("с 23.04.2008 по 16.05.2012 и с 01.09.2013 по н.в.", [(A, B), (C, None)]),
        ("23.04.2008-16.05.2012 (семья Орловых); с 01.09.2013", [(A, B), (C, None)]),
        ("16.05.2012-23.04.2008", [(B, A)]),
    ],
)
def test_periods_are_read_in_every_style(text: str, stays: list[tuple[date, date | None]]) -> None:
    assert list(parse_periods(text).stays) == stays


@pytest.mark.parametrize(
    "text", ["2008-2016", "по 16.05.2012", "31.02.2012-06.08.2023", "23.04.2008", "в семье Орловых", "5 лет"]
)
def test_a_period_that_is_not_whole_is_doubtful(text: str) -> None:
    assert parse_periods(text).unread


PERIODS = st.lists(st.tuples(BIRTHS, st.none() | BIRTHS), min_size=1, max_size=4)
PERIOD_STYLES = ["{0:%d.%m.%Y} г-{1:%d.%m.%Y}", "с {0:%d.%m.%Y} по {1:%d.%m.%Y}", "{0:%d.%m.%y} г. – {1:%d.%m.%y} г."]


@given(periods=PERIODS, style=st.sampled_from(PERIOD_STYLES), separator=st.sampled_from(["; ", ", ", ";\n", "\n"]))
def test_composed_periods_are_read_back(periods: list[tuple[date, date | None]], style: str, separator: str) -> None:
    texts = [style.format(begin, end) if end else f"с {begin:%d.%m.%Y} по н.в." for begin, end in periods]
    parsed = parse_periods(separator.join(texts))
    assert list(parsed.stays) == periods
    assert not parsed.unread


@given(text=st.text(max_size=80))
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    parse_periods(text)
    with contextlib.suppress(UnusableDate):
        parse_date(text)
