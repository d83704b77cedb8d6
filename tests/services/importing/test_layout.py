from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.importing.errors import UnusableWorkbook
from services.importing.layout import FORMS, HEADINGS
from tests.services.importing.builders import (
    FORM_1,
    FORM_2,
    PERSON,
    TITLE,
    csv_file,
    headings,
    read,
    row,
    saved,
    table,
    xlsx,
)

NUMBERS = list(range(1, 13))


def rows_of(rows: list[list[Any]], **options: Any) -> list[int]:
    return [parsed.row for parsed in read(xlsx(rows), **options).rows]


def test_titles_numbers_blank_rows_totals_and_signatures_are_passed_over() -> None:
    rows = [
        ["Приложение 1"],
        [TITLE],
        headings(),
        NUMBERS,
        row(),
        [None] * 12,
        row(number=2, name="Ким Яна Ринатовна"),
        [3, *[None] * 11],
        [4, "", "-", "—", *[None] * 8],
        ["Всего: 2 чел."],
        [None, "Итого", None, 2],
        ["И т о г о: 2"],
        ["Исп. ведущий специалист Орлова Н.П., тел. 8(81733) 2-11-22"],
        [None, "Начальник отдела", None, None, None, "Орлова Н.П."],
        ["Руководитель", None, None, "______", "Н. П. Орлова"],
        ["Примечание: сведения на 01.10.2026"],
    ]
    assert rows_of(rows) == [5, 7]


def test_headings_repeated_on_the_next_page_are_passed_over() -> None:
    assert rows_of([headings(), NUMBERS, row(), headings(), NUMBERS, row(name="Ким Яна")]) == [3, 6]


def test_a_subtitle_between_people_is_passed_over() -> None:
    rows = [headings(), ["Сокольский округ"], row(), ["г. Кадников"], row(name="Ким Яна")]
    assert rows_of(rows) == [3, 5]


def test_a_row_without_a_name_is_an_error_and_not_passed_over() -> None:
    [parsed] = read(xlsx(table({"name": ""}))).rows
    assert [(message.column, message.level) for message in parsed.messages] == [("ФИО", "error")]


@pytest.mark.parametrize("name", ["Всеволодова Анна Ильинична", "Главацкая Яна Олеговна", "Директоренко Пётр"])
def test_people_whose_names_begin_like_a_signature_are_read(name: str) -> None:
    [parsed] = read(xlsx(table({"name": name}))).rows
    assert parsed.graduate is not None


@settings(deadline=None)
@given(order=st.permutations(FORMS[FORM_1]), above=st.integers(0, 8))
def test_columns_stand_in_any_order_and_the_headings_in_any_row(order: list[str], above: int) -> None:
    rows = [[TITLE]] * above + [[HEADINGS[name] for name in order], [PERSON[name] for name in order]]
    parsed = read(csv_file(rows))
    assert [row.row for row in parsed.rows] == [above + 2]
    assert parsed.rows[0].graduate == read(csv_file(table({}))).rows[0].graduate


@pytest.mark.parametrize(
    "changed",
    [
        {"housing": "ОБЕСПЕЧЕН-\nНОСТЬ ЖИЛЬЕМ"},
        {"housing": "Обеспеченность  жильём:"},
        {"housing": "Обеспеченность\xa0жилыми помещениями"},
        {"name": "Ф.И.О. выпускника", "birth_date": "дата\nрождения"},
        {"name": "Фамилия, имя, отчество", "birth_date": "Дата рожде-ния (число, месяц, год)"},
        {"number": "№", "birth_date": "Д.Р."},
        {"number": "N п/п", "stays": "Срок пребывания в приёмной семье (с … по …)"},
        {"address": "Место пребывания (адрес)", "family": "Семейное\nположение, дети"},
        {"problems": "Проблемы", "work_done": "Проводимая работа"},
    ],
)
def test_headings_are_told_however_they_are_typed(changed: dict[str, str]) -> None:
    spelled = [changed.get(name, HEADINGS[name]) for name in FORMS[FORM_1]]
    parsed = read(xlsx([spelled, row()]))
    assert parsed.rows[0].graduate == read(xlsx(table({}))).rows[0].graduate
    assert parsed.notes == ()


def test_headings_merged_over_two_rows_are_read() -> None:
    top = ["№", "ФИО", None, None, "Дата рождения", "Сроки пребывания", None, "Образование"]
    below = [None, "Фамилия", "Имя", "Отчество", None, "с", "по", None]
    data = [1, "КИМ", "яна", "Ринатовна", "19.06.2006", "25.09.2015", "19.06.2024", "нет"]
    [parsed] = read(xlsx([top, below, list(range(1, 9)), data])).rows
    assert parsed.row == 4
    assert parsed.graduate is not None
    assert (parsed.graduate.last_name, parsed.graduate.first_name) == ("Ким", "Яна")
    assert [(str(begin), str(end)) for begin, end in parsed.graduate.stays] == [("2015-09-25", "2024-06-19")]


def test_headings_merged_downwards_are_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in [headings(), [None] * 12, NUMBERS, row()]:
        sheet.append(cells)
    for column in range(1, 13):
        sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    assert [parsed.row for parsed in read(saved(book)).rows] == [4]


@pytest.mark.parametrize(("missing", "heading"), [("name", "ФИО"), ("birth_date", "Дата рождения")])
def test_a_missing_required_column_is_named(missing: str, heading: str) -> None:
    order = [name for name in FORMS[FORM_1] if name != missing]
    with pytest.raises(UnusableWorkbook, match=f"обязательного столбца «{heading}»"):
        read(xlsx([[HEADINGS[name] for name in order], [PERSON[name] for name in order]]))


def test_other_columns_may_be_missing() -> None:
    [parsed] = read(xlsx([["ФИО", "Дата рождения"], ["Ким Яна", "19.06.2006"]])).rows
    assert parsed.graduate is not None
    assert (parsed.graduate.employment_status, parsed.graduate.children, parsed.graduate.address) == (None, None, "")


@pytest.mark.parametrize("rows", [[["Список"], ["Ким Яна"]], [["а", "б"], ["в", "г"]]])
def test_a_file_without_headings_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(UnusableWorkbook, match="строка заголовков"):
        read(xlsx(rows))


def test_a_form_without_people_is_refused() -> None:
    with pytest.raises(UnusableWorkbook, match="ни одной заполненной строки"):
        read(xlsx([[TITLE], headings(), NUMBERS, ["Всего: 0 чел."]]))


def test_the_second_form_has_no_columns_of_the_first() -> None:
    parsed = read(xlsx(table({})), form=FORM_2)
    assert parsed.rows[0].graduate is not None
    assert (parsed.rows[0].graduate.education, parsed.rows[0].graduate.housing_status) == ("", None)
    assert "«Образование», «Обеспеченность жильем»" in parsed.notes[0]


def test_the_second_form_is_read() -> None:
    [parsed] = read(xlsx(table({}, form=FORM_2)), form=FORM_2).rows
    assert parsed.graduate is not None
    assert parsed.graduate.profession == PERSON["profession"]
    assert parsed.graduate.work_done == PERSON["work_done"]


def test_unknown_columns_are_named() -> None:
    rows = table({})
    rows[0].append("Цвет папки")
    rows[1].append("синяя")
    assert read(xlsx(rows)).notes == ("Не прочитаны незнакомые столбцы: «Цвет папки».",)


def test_the_table_is_found_on_any_sheet_and_hidden_ones_come_last() -> None:
    book = openpyxl.Workbook()
    cover, old, main = book.active, book.create_sheet("Старый"), book.create_sheet("Список")
    assert cover is not None
    cover.append(["Титульный лист"])
    old.sheet_state = "hidden"
    for cells in table({"name": "Старая Анна"}):
        old.append(cells)
    for cells in table({"name": "Новая Анна"}):
        main.append(cells)
    parsed = read(saved(book))
    assert parsed.sheet == "Список"
    assert parsed.notes == ()


def test_a_second_sheet_with_people_is_told() -> None:
    book = openpyxl.Workbook()
    for name in ("2025", "2026"):
        sheet = book.create_sheet(name)
        for cells in table({}):
            sheet.append(cells)
    assert read(saved(book)).notes == ("Прочитан лист «2025», лист «2026» с такой же таблицей не прочитан.",)
