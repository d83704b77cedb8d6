"""Dates and periods in the styles that stand in offices' workbooks."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.importing.text import plain

FIRST_SERIAL, LAST_SERIAL = 10_959, 73_050  # 1930…2099 as a spreadsheet counts days
SERIAL_EPOCH = dt.date(1899, 12, 30)
CENTURY_FROM = 80  # «80» is 1980, «79» is 2079: nobody here was born before 1980
MONTHS = {"янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
          "окт": 10, "ноя": 11, "дек": 12}  # fmt: skip
ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
YEAR = r"(?P<{0}>\d{{4}}|\d{{2}})(?!\d)"
SEPARATOR = r"\s*[.,/-]{1,2}\s*"
DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?P<iso_year>\d{4})[-./](?P<iso_month>\d{1,2})[-./](?P<iso_day>\d{1,2})(?!\d)(?:[t ]\d{1,2}:\d{2}(?::[\d.]+)?z?)?"
    rf"|(?P<day>\d{{1,2}}){SEPARATOR}(?P<month>\d{{1,2}}){SEPARATOR}{YEAR.format('year')}(?:\s\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
    r"|[\"«']?(?P<word_day>\d{1,2})[\"»']?[\s.-]*"
    r"(?P<word>янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?[\s.,-]*" + YEAR.format("word_year") + "|"
    rf"(?P<roman_day>\d{{1,2}}){SEPARATOR}(?P<roman>[ivx]+){SEPARATOR}{YEAR.format('roman_year')}"
    r"|(?P<solid>\d{8}|\d{6})(?!\d)"
    r")"
)
AFTER_BIRTH_DATE = re.compile(
    r"\s*(?:г\s?[./]?\s?р\.?|г(?:ода?|од)?\.?\s*(?:рожд(?:ения|\.)?)?|рожд(?:ения|\.)?)?[\s.,;]*(?:\(?\d{1,2}\s?(?:лет|года?)\)?)?"
)
BEFORE_BIRTH_DATE = re.compile(r"(?:род(?:ился|илась|\.)?|д\.?\s?р\.?|дата рождения)?[\s.:]*")
OPEN_END = re.compile(r"настоящ|наст\.|\bн[./]?\s?в\b|сей день|сегодня|до сих пор|продолжа|не оконч|текущ")
RANGE = re.compile(r"-|\bпо\b|\bдо\b|\.{2,}|…")
BREAK = re.compile(r";")


class UnusableDate(Exception):
    """Why a text is no date; one Russian sentence."""


@dataclass(frozen=True)
class Periods:
    """What was understood of a cell of periods; `unread` is true when a part of it was not understood."""

    stays: tuple[tuple[dt.date, dt.date | None], ...]
    unread: bool = False


def parse_date(value: object) -> dt.date:
    """A date of any style; raises UnusableDate."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float):
        return _from_number(value)
    text = plain(str(value))
    if re.fullmatch(r"\d{5}(?:[.,]0+)?", text):
        return _from_number(float(text[:5]))
    match = DATE.search(text)
    if match is None or not _is_all(text, match):
        raise UnusableDate(_why_not(text, str(value).strip()))
    date = _from_match(match)
    if date is None:
        raise UnusableDate(f"Даты «{str(value).strip()}» не существует.")
    return date


def _is_all(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    return bool(BEFORE_BIRTH_DATE.fullmatch(before)) and bool(AFTER_BIRTH_DATE.fullmatch(after))


def _why_not(text: str, shown: str) -> str:
    if re.fullmatch(r"(?:19|20)\d\d\s*(?:г(?:од)?\.?\s*(?:р\.?|рождения)?)?", text):
        return f"Указан только год «{shown}», нужны день и месяц."
    return f"Дата «{shown}» не читается, нужен вид 23.05.1998."


def _from_number(value: float) -> dt.date:
    number = int(value)
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return SERIAL_EPOCH + dt.timedelta(days=number)
    digits = str(number)
    if value == number and len(digits) in (7, 8):
        date = _solid(digits.zfill(8))
        if date is not None:
            return date
    raise UnusableDate(f"Число {digits} не является датой, нужен вид 23.05.1998.")


def _from_match(match: re.Match[str]) -> dt.date | None:
    found = match.groupdict()
    if found["iso_year"]:
        return _date(found["iso_day"], found["iso_month"], found["iso_year"])
    if found["year"]:
        return _date(found["day"], found["month"], found["year"])
    if found["word"]:
        return _date(found["word_day"], str(MONTHS[found["word"]]), found["word_year"])
    if found["roman"]:
        return _date(found["roman_day"], str(ROMAN.get(found["roman"], 0)), found["roman_year"])
    return _solid(found["solid"])


def _solid(digits: str) -> dt.date | None:
    return _date(digits[:2], digits[2:4], digits[4:])


def _date(day: str, month: str, year: str) -> dt.date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= CENTURY_FROM else 2000
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        return None


def parse_periods(value: object) -> Periods:
    """Every period of the cell: «с … по …», «… г-…», line breaks, «по настоящее время», several at once."""
    if isinstance(value, dt.date):
        return Periods(((value, None),))
    if isinstance(value, float):
        return Periods((), unread=True)
    text = plain(str(value))
    stays: list[tuple[dt.date, dt.date | None]] = []
    unread = False
    for begin, end, is_certain in _pairs(text):
        unread = unread or not is_certain
        if begin is not None:
            stays.append((begin, end))
    return Periods(tuple(stays), unread or not stays)


@dataclass(frozen=True)
class _Mark:
    date: dt.date | None  # None: no such day exists
    before: str
    after: str


def _marks(text: str) -> list[_Mark]:
    matches = [match for match in DATE.finditer(text) if not match.groupdict()["solid"]]
    ends = [0] + [match.end() for match in matches]
    starts = [match.start() for match in matches] + [len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return [_Mark(_from_match(match), gaps[i], gaps[i + 1]) for i, match in enumerate(matches)]


def _pairs(text: str) -> Iterator[tuple[dt.date | None, dt.date | None, bool]]:
    """(begin, end or None, understood?) of every period in turn."""
    marks = _marks(text)
    i = 0
    while i < len(marks):
        mark = marks[i]
        joined = RANGE.search(mark.after) and not BREAK.search(mark.after) and not OPEN_END.search(mark.after)
        if joined and i + 1 < len(marks):
            other = marks[i + 1]
            known = mark.date is not None and other.date is not None
            yield (mark.date if known else None), other.date, known
            i += 2
            continue
        ends_only = re.search(r"\b(?:по|до)\s*$", mark.before) is not None
        is_open = OPEN_END.search(mark.after) is not None or re.search(r"\bс\s*$", mark.before) is not None
        yield (None if ends_only else mark.date), None, is_open and not ends_only and mark.date is not None
        i += 1
