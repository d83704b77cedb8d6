"""What we write, read by somebody else's program."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.base import Cell, Column, Kind
from reports.sheet import CELL_LENGTH
from reports.workbook import heading_height, text_lines, write_workbook

COLUMNS = (
    Column("№ п/п", "number", 5, Kind.NUMBER),
    Column("ФИО", "name", 20),
    Column("Дата рождения", "born", 12, Kind.DATE),
)
PERSON = (1, "Ёлкина Дарья Игоревна", date(2005, 8, 14))


def written(path: Path, rows: list[tuple[Cell, ...]], **options: Any) -> Any:
    target = path / "paper.xlsx"
    options = {"subtitle": "на 01.10.2026", "sheet_name": "Форма", "has_number_row": True, **options}
    assert write_workbook(target, title="Форма учета", columns=COLUMNS, rows=iter(rows), **options) == len(rows)
    return openpyxl.load_workbook(target)


def test_a_sheet_has_title_headings_numbers_and_rows(tmp_path: Path) -> None:
    sheet = written(tmp_path, [PERSON]).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[0] == ["Форма учета", None, None]
    assert values[1] == ["на 01.10.2026", None, None]
    assert values[2] == ["№ п/п", "ФИО", "Дата рождения"]
    assert values[3] == [1, 2, 3]
    assert values[4][:2] == [1, "Ёлкина Дарья Игоревна"]
    assert values[4][2].date() == date(2005, 8, 14)
    assert sheet["C5"].number_format == "dd.mm.yyyy"
    assert len(values) == 5
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:C1", "A2:C2"}


def test_a_sheet_is_ready_for_printing(tmp_path: Path) -> None:
    sheet = written(tmp_path, [PERSON] * 3).active
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.print_area == "'Форма'!$A$1:$C$7"
    assert sheet.freeze_panes == "C5"
    assert "&P" in sheet.oddFooter.center.text
    assert sheet["B5"].alignment.wrap_text
    assert sheet["B5"].border.left.style == "thin"
    assert sheet.column_dimensions["B"].width == pytest.approx(20, abs=1)
    assert not sheet["B9"].has_style


def test_the_document_names_nobody(tmp_path: Path) -> None:
    properties = written(tmp_path, [PERSON], on=date(2026, 10, 1)).properties
    assert (properties.title, properties.creator, properties.lastModifiedBy) == ("Форма учета", "Маршрут", "Маршрут")
    assert properties.created.date() == date(2026, 10, 1)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+A1", "-cmd|' /C calc'!A0", "<r><t>x</t></r>", "{=1}", "http://example.org", "+7 921 1"],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    sheet = written(tmp_path, [(1, text, None)]).active
    assert sheet["B5"].data_type in ("s", "inlineStr")
    assert sheet["B5"].value.strip() == text
    assert sheet["B5"].hyperlink is None


def test_a_text_like_a_formula_is_marked_as_text(tmp_path: Path) -> None:
    sheet = written(tmp_path, [(1, "=1+1", None), (2, "+7 921 123-45-67", None)]).active
    assert sheet["B5"].quotePrefix
    assert not sheet["B6"].quotePrefix


def test_odd_signs_and_long_texts_do_not_spoil_the_file(tmp_path: Path) -> None:
    long = "я" * (CELL_LENGTH + 10)
    sheet = written(tmp_path, [(1, long, None), (2, "строка\nдругая", None)]).active
    assert len(sheet["B5"].value) == CELL_LENGTH
    assert sheet["B5"].value.endswith("я…")
    assert sheet["B6"].value == "строка\nдругая"


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
def test_any_text_makes_a_file_that_can_be_read(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet = written(Path(folder), [(1, text, None), (2, "следующая", None)]).active
    assert sheet["B6"].value == "следующая"
    if text.isprintable() and not re.search(r"_x[0-9A-Fa-f]{4}_", text):
        assert (sheet["B5"].value or "") == text


def test_more_rows_than_a_sheet_holds_go_on_the_next(tmp_path: Path) -> None:
    book = written(tmp_path, [(i, f"Имя {i}", None) for i in range(1, 13)], rows_per_sheet=9)
    assert book.sheetnames == ["Форма", "Форма (2)", "Форма (3)"]
    assert [sheet.max_row for sheet in book.worksheets] == [9, 9, 6]
    assert [sheet["A3"].value for sheet in book.worksheets] == ["№ п/п"] * 3
    assert [sheet["A5"].value for sheet in book.worksheets] == [1, 6, 11]


def test_rows_that_fill_a_sheet_open_no_empty_one(tmp_path: Path) -> None:
    book = written(tmp_path, [(i, "Имя", None) for i in range(1, 6)], rows_per_sheet=9)
    assert book.sheetnames == ["Форма"]


def test_a_list_of_nobody_is_a_head_alone(tmp_path: Path) -> None:
    sheet = written(tmp_path, []).active
    assert sheet.max_row == 4
    assert sheet.print_area == "'Форма'!$A$1:$C$4"


def test_without_title_and_numbers_the_headings_stand_first(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    write_workbook(target, title="Список", columns=COLUMNS[1:2], rows=[("Ёлкина",)])
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows()] == ["Список", "ФИО", "Ёлкина"]


def test_a_failure_of_the_source_is_told_and_leaves_nothing_open(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[Cell, ...]]:
        yield PERSON
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError, match="gone"):
        write_workbook(tmp_path / "broken.xlsx", title="Форма", columns=COLUMNS, rows=broken())
    assert not (tmp_path / "broken.xlsx").exists()


def test_a_heading_gets_the_height_of_its_lines() -> None:
    low, high = Column("ФИО", "name", 20), Column("Проводимая работа специалиста по решению", "work", 12)
    assert heading_height([low]) < heading_height([low, high])


def test_a_row_is_as_high_as_its_longest_text_and_may_grow(tmp_path: Path) -> None:
    long = "Отсутствие постоянной работы; конфликты с родственниками; долг по коммунальным услугам"
    sheet = written(tmp_path, [(1, "Ёлкина", None), (2, long, None), (3, "строка\nдругая\nтретья", None)]).active
    low, high, three = (sheet.row_dimensions[i].height for i in (5, 6, 7))
    assert low < three <= high
    with zipfile.ZipFile(tmp_path / "paper.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert [("customHeight" in row) for row in re.findall(r"<row [^>]*>", xml)] == [True] * 3 + [False] * 4


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("слово", 1), ("два слова", 1), ("три разных слова", 2), ("а\nб\nв", 3), ("я" * 25, 3)]
)
def test_texts_are_wrapped_by_words(text: str, lines: int) -> None:
    assert text_lines(text, 10.0) == lines
