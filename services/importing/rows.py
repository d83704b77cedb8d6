"""The whole file understood: one parsed row per person, with what is wrong or doubtful in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.importing import errors, layout
from services.importing.dates import UnusableDate, parse_date, parse_periods
from services.importing.layout import BIRTH_DATE, HEADINGS, NAME, SNILS, STAYS, Table
from services.importing.names import Name, UnusableName, name_of_parts, parse_name
from services.importing.parsed import Message, ParsedForm, ParsedGraduate, ParsedRow
from services.importing.snils import parse_snils
from services.importing.studies import parse_study
from services.importing.text import as_text, fold_spaces, is_blank
from services.importing.values import (
    Family,
    employer_and_position,
    employment_status,
    family,
    housing_status,
    problem_list,
)
from services.importing.workbooks import DEFAULT_MAX_BYTES, Cell, read_sheets

BORN_FROM = dt.date(1980, 1, 1)
YOUNGEST, OLDEST = 14, 23
LONGEST_NAME, LONGEST_LINE = 200, 500


@dataclass
class _Remarks:
    """Collects the messages of one row while its cells are read."""

    messages: list[Message] = field(default_factory=list)

    def error(self, name: str, text: str) -> None:
        self.messages.append(Message(HEADINGS[name], "error", text))

    def warn(self, name: str, text: str) -> None:
        self.messages.append(Message(HEADINGS[name], "warning", text))


def read_form(data: bytes, *, file_name: str, form: str, on: dt.date, max_bytes: int = DEFAULT_MAX_BYTES) -> ParsedForm:
    """The form of the code `form` read out of the file; raises UnusableWorkbook with one sentence."""
    if form not in layout.FORMS:
        raise errors.UnusableWorkbook(f"Форма «{form}» неизвестна, принимаются: {', '.join(layout.FORMS)}.")
    table = layout.find_table(read_sheets(data, file_name=file_name, max_bytes=max_bytes), form=form)
    numbered = list(table.data_rows())
    if not numbered:
        raise errors.UnusableWorkbook("Под заголовками нет ни одной заполненной строки.")
    if len(numbered) > errors.MAX_ROWS:
        raise errors.too_many_rows()
    rows = mark_duplicates([read_row(table, number, row, on=on) for number, row in numbered])
    return ParsedForm(file_name, form, table.sheet.name, on, tuple(rows), table.notes)


def read_row(table: Table, number: int, row: Sequence[Cell], *, on: dt.date) -> ParsedRow:
    remarks = _Remarks()
    name = _name(table, row, remarks)
    birth_date = _birth_date(table, row, remarks, on)
    graduate = _graduate(table, row, remarks, name, birth_date)
    has_errors = any(message.level == "error" for message in remarks.messages)
    typed = table.text(row, NAME) if NAME in table.columns else table.text(row, "last_name")
    messages = tuple(remarks.messages)
    return ParsedRow(number, None if has_errors else graduate, messages, name=typed[:LONGEST_NAME])


def _name(table: Table, row: Sequence[Cell], remarks: _Remarks) -> Name | None:
    try:
        if NAME in table.columns:
            name = parse_name(table.text(row, NAME))
        else:
            name = name_of_parts(*(table.text(row, part) for part in layout.PARTS_OF_NAME))
    except UnusableName as reason:
        remarks.error(NAME, str(reason))
        return None
    if max(map(len, (name.last_name, name.first_name, name.patronymic))) > LONGEST_NAME:
        remarks.error(NAME, f"Имя длиннее {LONGEST_NAME} знаков, в ячейке не только оно.")
    for doubt in name.doubts:
        remarks.warn(NAME, doubt)
    return name


def _birth_date(table: Table, row: Sequence[Cell], remarks: _Remarks, on: dt.date) -> dt.date | None:
    cell = table.cell(row, BIRTH_DATE)
    if is_blank(as_text(cell)):
        remarks.error(BIRTH_DATE, "Не указана дата рождения.")
        return None
    try:
        date = parse_date(cell)
    except UnusableDate as reason:
        remarks.error(BIRTH_DATE, str(reason))
        return None
    if date > on:
        remarks.error(BIRTH_DATE, f"Дата рождения {date:%d.%m.%Y} ещё не наступила.")
    elif date < BORN_FROM:
        remarks.error(BIRTH_DATE, f"Дата рождения {date:%d.%m.%Y} раньше 1980 года.")
    elif not YOUNGEST <= age(date, on) <= OLDEST:
        remarks.warn(BIRTH_DATE, f"Возраст на {on:%d.%m.%Y} вне границ {YOUNGEST}–{OLDEST} лет: {age(date, on)}.")
    return date


def age(birth_date: dt.date, on: dt.date) -> int:
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def _graduate(
    table: Table, row: Sequence[Cell], remarks: _Remarks, name: Name | None, birth_date: dt.date | None
) -> ParsedGraduate | None:
    stays = _stays(table, row, remarks)
    if name is None or birth_date is None:
        return None
    employment_text = _words(table, row, "employment")
    status = _employment(employment_text, remarks)
    employer, position = employer_and_position(employment_text, status=status or "")
    household = _family(table, row, remarks)
    housing_text = _words(table, row, "housing")
    education = _words(table, row, "education")
    problems = _words(table, row, "problems")
    return ParsedGraduate(
        last_name=name.last_name,
        first_name=name.first_name,
        patronymic=name.patronymic,
        former_names=name.former_names,
        birth_date=birth_date,
        snils=_snils(table, row, remarks),
        stays=stays,
        stays_text=_stays_text(table, row),
        education=education,
        study=parse_study(education) if education else None,
        profession=_line(table, row, "profession", remarks),
        employment_status=status,
        employment_text=employment_text,
        employer=employer[:LONGEST_LINE],
        position=position[:LONGEST_LINE],
        marital_status=household.status if household else None,
        family_text=_words(table, row, "family"),
        children=household.children if household else None,
        housing_status=_housing(housing_text, remarks),
        housing_text=housing_text,
        address=_line(table, row, "address", remarks),
        problems=problems,
        problem_list=tuple(problem_list(str(table.cell(row, "problems")))) if problems else (),
        work_done=_words(table, row, "work_done"),
    )


def _words(table: Table, row: Sequence[Cell], name: str) -> str:
    text = fold_spaces(table.text(row, name))
    return "" if is_blank(text) else text


def _line(table: Table, row: Sequence[Cell], name: str, remarks: _Remarks) -> str:
    """Words that are kept as one line of limited length."""
    text = _words(table, row, name)
    if len(text) > LONGEST_LINE:
        remarks.warn(name, f"Текст длиннее {LONGEST_LINE} знаков, сохранено его начало.")
    return text[:LONGEST_LINE].rstrip()


def _stays_text(table: Table, row: Sequence[Cell]) -> str:
    if "stays_from" not in table.columns:
        return _words(table, row, STAYS)
    begin, end = _words(table, row, "stays_from"), _words(table, row, "stays_to")
    return " ".join(part for part in (begin and f"с {begin}", end and f"по {end}") if part)


def _stays(table: Table, row: Sequence[Cell], remarks: _Remarks) -> tuple[tuple[dt.date, dt.date | None], ...]:
    text = _stays_text(table, row)
    if not text or text.lower().strip(".") in ("нет", "нет данных", "не было", "нет сведений"):
        return ()
    cell = table.cell(row, STAYS) if "stays_from" not in table.columns else text
    periods = parse_periods(cell)
    for begin, end in periods.stays:
        if end is not None and end < begin:
            remarks.error(STAYS, f"Период заканчивается {end:%d.%m.%Y} раньше, чем начинается {begin:%d.%m.%Y}.")
    if periods.unread:
        remarks.warn(STAYS, f"Сроки «{text}» прочитаны не полностью, проверьте их.")
    return periods.stays


def _snils(table: Table, row: Sequence[Cell], remarks: _Remarks) -> str | None:
    text = table.text(row, SNILS)
    if is_blank(text):
        return None
    snils = parse_snils(text)
    if snils is None:
        remarks.warn(SNILS, f"СНИЛС «{text}» записан с ошибкой и не принят.")
    return snils


def _employment(text: str, remarks: _Remarks) -> str | None:
    if not text:
        return None
    meaning = employment_status(text)
    if not meaning.recognised:
        remarks.warn("employment", f"Занятость «{text}» не распознана.")
    return meaning.code


def _family(table: Table, row: Sequence[Cell], remarks: _Remarks) -> Family | None:
    text = _words(table, row, "family")
    if not text:
        return None
    household = family(text)
    for doubt in household.doubts:
        remarks.warn("family", doubt)
    return household


def _housing(text: str, remarks: _Remarks) -> str | None:
    if not text:
        return None
    meaning = housing_status(text)
    if not meaning.recognised:
        remarks.warn("housing", f"Обеспеченность жильём «{text}» не распознана.")
    return meaning.code


def mark_duplicates(rows: list[ParsedRow]) -> list[ParsedRow]:
    """The same person lower in the file points at the first row about her."""
    by_snils: dict[str, int] = {}
    by_identity: dict[tuple[str, dt.date], list[tuple[int, str | None]]] = {}
    marked = []
    for row in rows:
        person = row.graduate
        if person is not None:
            namesakes = by_identity.setdefault(person.identity, [])
            first = by_snils.get(person.snils or "") or _same_person(namesakes, person.snils)
            row = replace(row, of_row=first)
            namesakes.append((first or row.row, person.snils))
            if person.snils:
                by_snils.setdefault(person.snils, first or row.row)
        marked.append(row)
    return marked


def _same_person(namesakes: list[tuple[int, str | None]], snils: str | None) -> int | None:
    """Of people with one name and birth date, the first that no other СНИЛС tells apart."""
    return next((row for row, other in namesakes if not (snils and other and snils != other)), None)
