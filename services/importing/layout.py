"""Where the table stands on a sheet: its headings in any order and spelling, and which rows are data."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.importing import errors
from services.importing.text import as_text, is_blank, squash
from services.importing.workbooks import Cell, Sheet

NAME, BIRTH_DATE, STAYS, SNILS = "name", "birth_date", "stays", "snils"
MAX_HEADING = 200
SEARCHED_ROWS = 300
ENOUGH_HEADINGS = 3

# The printed headings, word for word as the forms have them.
HEADINGS = {
    "number": "№ п/п",
    NAME: "ФИО",
    BIRTH_DATE: "Дата рождения",
    SNILS: "СНИЛС",
    STAYS: "Сроки пребывания в приемной семье",
    "education": "Образование",
    "profession": "Профессия",
    "employment": "Трудоустройство",
    "family": "Семейное положение",
    "housing": "Обеспеченность жильем",
    "address": "Адрес места пребывания",
    "problems": "Существующие проблемы",
    "work_done": "Проводимая работа специалиста по решению проблемы выпускника",
}
FORMS = {
    "vologda-appendix-1": tuple(field for field in HEADINGS if field != SNILS),
    "vologda-appendix-2": tuple(field for field in HEADINGS if field not in (SNILS, STAYS, "education", "housing")),
}
# How headings are told in the wild, looked up in squashed text (letters and digits only); the first line wins.
PATTERNS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("work_done", r"проводим\w*работ|работаспециалист|проведенн\w*работ|проделанн\w*работ|работапорешени"),
        (SNILS, r"^снилс|страховойномер"),
        ("last_name", r"^фамилия(?:выпускника)?$"),
        ("first_name", r"^имя(?:выпускника)?$"),
        ("patronymic", r"^отчество(?:приналичии)?$"),
        (NAME, r"^фио|^фамилияимя|^фамилииимя|^выпускник$|фиовыпускник"),
        (BIRTH_DATE, r"дат\w?рожд|^др$|деньмесяц\w*рожд|^числомесяц\w*рожд|^рожден|^годрожд"),
        (STAYS, r"срок\w*(?:пребыв|нахожд|прожив)|период\w*(?:пребыв|нахожд|прожив)|времяпребыван"),
        ("housing", r"обеспеченностьжил|^жилье|жилищн|обеспечениежил|жилымпомещ"),
        ("education", r"^образован|^местоучебы|^местообучения|^обучение"),
        ("profession", r"^професси|^специальност"),
        ("employment", r"^трудоустр|^занятост|^местоработы|^работа$"),
        ("family", r"^семейн|^семья"),
        ("address", r"^адрес|^место(?:пребыв|жительст|прожив)"),
        ("problems", r"^существующ\w*пробл|^проблем|^имеющиесяпробл"),
        ("number", r"^n?пп$|^номер(?:пп)?$|^npp$"),
    )
)
PARTS_OF_NAME = ("last_name", "first_name", "patronymic")
SUB_HEADINGS = {"с": "stays_from", "начало": "stays_from", "датаначала": "stays_from", "от": "stays_from",
                "по": "stays_to", "окончание": "stays_to", "датаокончания": "stays_to", "до": "stays_to",
                "фамилия": "last_name", "имя": "first_name", "отчество": "patronymic"}  # fmt: skip
CLOSING = re.compile(
    r"^(?:всего|итого|итог|исп|исполнитель|исполн|начальник|заместитель|зам|руководитель|директор|заведующ|"
    r"(?:главный|ведущий|старший)?специалист|(?:главный|ведущий)?консультант|глава|согласовано|утверждаю|подпись|мп|"
    r"примечани|тел|дата\d|датасоставления|приложение|форма|контактн)"
)


@dataclass(frozen=True)
class Table:
    """The found table: which column holds which field, and where its headings stand."""

    sheet: Sheet
    columns: dict[str, int]
    header_row: int  # 1-based, the last row of the headings
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        column = self.columns.get(name)
        return row[column] if column is not None and column < len(row) else None

    def text(self, row: Sequence[Cell], name: str) -> str:
        return as_text(self.cell(row, name))

    def data_rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """The rows below the headings that speak of people, with the sheet's own numbers."""
        for number, row in enumerate(self.sheet.rows[self.header_row :], start=self.header_row + 1):
            if not self._is_passed_over(row):
                yield number, row

    def _is_passed_over(self, row: Sequence[Cell]) -> bool:
        filled = {column: text for column, cell in enumerate(row) if not is_blank(text := as_text(cell))}
        number = self.columns.get("number")
        others = {column: text for column, text in filled.items() if column != number}
        if not others:  # numbered in advance, or nothing but a total in the column of numbers
            return True
        return (
            _is_numbering(list(filled.values()))
            or self._repeats_headings(filled)
            or self._is_closing(filled)
            or self._is_subtitle(filled)
        )

    def _repeats_headings(self, filled: dict[int, str]) -> bool:
        name = self.columns.get(NAME, self.columns.get("last_name", -1))
        if recognise(filled.get(name, "")) not in (NAME, "last_name"):
            return False
        same = sum(1 for name, column in self.columns.items() if recognise(filled.get(column, "")) == name)
        return same >= ENOUGH_HEADINGS or (same >= 2 and same == len(filled))

    def _is_closing(self, filled: dict[int, str]) -> bool:
        """Totals and signatures: no birth date, little else, and a first word that no surname is."""
        if self.columns[BIRTH_DATE] in filled and not CLOSING.match(squash(filled[min(filled)])):
            return False
        first = filled[min(filled)]
        named = filled.get(self.columns.get(NAME, self.columns.get("last_name", -1)), "")
        return len(filled) <= 4 and any(_closes(text) for text in (first, named))

    def _is_subtitle(self, filled: dict[int, str]) -> bool:
        """One text alone in a row, outside the column of names: «Сокольский округ» above its people."""
        names = {self.columns[name] for name in (NAME, "last_name") if name in self.columns}
        return len(filled) == 1 and not names & set(filled) and self.columns[BIRTH_DATE] not in filled


def _closes(text: str) -> bool:
    return bool(CLOSING.match(squash(text))) and not re.fullmatch(r"[А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+){1,2}", text)


def _is_numbering(texts: list[str]) -> bool:
    """The row 1, 2, 3 … under the headings."""
    numbers = [text.strip(" .()") for text in texts]
    if len(numbers) < 3 or not all(number.isdigit() for number in numbers):
        return False
    values = [int(number) for number in numbers]
    return values[0] <= 2 and all(after - before in (1, 2) for before, after in itertools.pairwise(values))


def recognise(text: str) -> str | None:
    """Which field a heading names."""
    if not text or len(text) > MAX_HEADING:
        return None
    squashed = squash(text)
    if not squashed:
        return "number" if "№" in text else None
    return next((name for name, pattern in PATTERNS if pattern.search(squashed)), None)


def find_table(sheets: Sequence[Sheet], *, form: str) -> Table:
    """The sheet and the headings of the form; refuses a file without them, naming a required column."""
    found = [table for sheet in sheets for table in _candidates(sheet)]
    if not found:
        raise errors.UnusableWorkbook(
            "Не найдена строка заголовков формы: нужны столбцы «ФИО», «Дата рождения» и остальные."
        )
    best = max(found, key=lambda table: (not table.sheet.is_hidden, _is_complete(table), len(table.columns)))
    _refuse_missing(best)
    return _for_form(best, form, others=[table for table in found if table.sheet is not best.sheet])


def _is_complete(table: Table) -> bool:
    return BIRTH_DATE in table.columns and (NAME in table.columns or "last_name" in table.columns)


def _refuse_missing(table: Table) -> None:
    if NAME not in table.columns and not {"last_name", "first_name"} <= set(table.columns):
        raise errors.UnusableWorkbook(f"В таблице нет обязательного столбца «{HEADINGS[NAME]}».")
    if BIRTH_DATE not in table.columns:
        raise errors.UnusableWorkbook(f"В таблице нет обязательного столбца «{HEADINGS[BIRTH_DATE]}».")


def _for_form(table: Table, form: str, *, others: list[Table]) -> Table:
    allowed = {*FORMS[form], SNILS, *PARTS_OF_NAME}
    if STAYS in allowed:
        allowed |= {"stays_from", "stays_to"}
    columns = {name: column for name, column in table.columns.items() if name in allowed}
    foreign = [HEADINGS[name] for name in table.columns if name in HEADINGS and name not in allowed]
    notes = []
    if foreign:
        names = ", ".join(f"«{name}»" for name in foreign)
        notes.append(f"Не прочитаны столбцы, которых нет в этой форме: {names}.")
    if table.ignored:
        notes.append("Не прочитаны незнакомые столбцы: " + ", ".join(f"«{name}»" for name in table.ignored) + ".")
    for other in others:
        if _is_complete(other) and not other.sheet.is_hidden:
            notes.append(
                f"Прочитан лист «{table.sheet.name}», лист «{other.sheet.name}» с такой же таблицей не прочитан."
            )
    return Table(table.sheet, columns, table.header_row, table.ignored, tuple(dict.fromkeys(notes)))


def _candidates(sheet: Sheet) -> Iterator[Table]:
    """The best row of headings of one sheet, if any row looks like one."""
    best: Table | None = None
    for index in range(min(len(sheet.rows), SEARCHED_ROWS)):
        table = _headings_at(sheet, index)
        if table is not None and (best is None or len(table.columns) > len(best.columns)):
            best = table
    if best is not None:
        yield best


def _headings_at(sheet: Sheet, index: int) -> Table | None:
    columns: dict[str, int] = {}
    unknown: dict[int, str] = {}
    for column, cell in enumerate(sheet.rows[index]):
        text = as_text(cell)
        name = recognise(text)
        if name is None and text:
            unknown[column] = text
        elif name is not None and _is_better(name, text, columns):
            columns[name] = column
    if len(columns) < ENOUGH_HEADINGS and not ({NAME, BIRTH_DATE} <= set(columns)):
        return None
    last = index + 1
    second = _second_row(sheet, index, columns)
    if second:
        columns |= second
        last += 1
        if "first_name" in second:
            columns.pop(NAME, None)
    unknown = {column: text for column, text in unknown.items() if column not in columns.values()}
    return Table(sheet, columns, last, tuple(unknown.values()))


def _is_better(name: str, text: str, columns: dict[str, int]) -> bool:
    """The first column of a kind is taken, unless a later one bears the form's own heading."""
    return name not in columns or squash(text) == squash(HEADINGS.get(name, ""))


def _second_row(sheet: Sheet, index: int, columns: dict[str, int]) -> dict[str, int]:
    """Headings in two rows: «Сроки пребывания» over «с» and «по», «ФИО» over its three parts, or merged downwards."""
    if index + 1 >= len(sheet.rows):
        return {}
    texts = {column: text for column, cell in enumerate(sheet.rows[index + 1]) if (text := as_text(cell))}
    if not texts or _is_numbering(list(texts.values())):
        return {}
    found: dict[str, int] = {}
    for column, text in texts.items():
        name = SUB_HEADINGS.get(squash(text)) or recognise(text)
        if name is None:
            return {}
        if name not in columns:
            found[name] = column
    return found
