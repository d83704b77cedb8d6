"""Figures as a workbook and as a text: pages begin with a table, its head and its signature stay with it."""

import re
import zipfile
from datetime import date
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from reports.figures import Figure, Line, Part
from reports.outputs import Printed, Signature, write

ON = date(2026, 10, 1)


def _part(number: int, lines: int = 20, width: int = 1) -> Part:
    rows = tuple(Line(f"l{i}", f"Строка {i}", tuple(Figure(i) for _ in range(width))) for i in range(lines))
    return Part(f"p{number}", f"Таблица {number}", "Показатель", tuple("Всего" for _ in range(width)), rows)


def _paper(*parts: Part) -> Printed:
    head = Signature("начальник отдела", "Орлова Н. П.")
    return Printed("Отчёт", "Отчёт", "за 2026 год", ON, parts=parts, signatures=[head])


def test_a_sheet_breaks_between_tables(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", _paper(*(_part(i) for i in range(4))), "xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    breaks = [one.id for one in sheet.row_breaks.brk]
    titles = {row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("Таблица")}
    assert breaks
    assert all(line + 2 in titles for line in breaks)  # A blank row, then the title.
    assert sheet.page_setup.fitToHeight == 0


def test_the_only_table_repeats_its_head(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", _paper(_part(0, lines=150)), "xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.print_title_rows is not None
    row = int(re.findall(r"\d+", sheet.print_title_rows)[0])
    assert sheet.cell(row, 1).value == "Показатель"


def test_a_paper_with_few_figures_stands_and_its_signature_keeps_with_the_last_table(tmp_path: Path) -> None:
    write(tmp_path / "a.docx", _paper(_part(0, lines=3, width=4)), "docx")
    section = Document(str(tmp_path / "a.docx")).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width < section.page_height
    text = zipfile.ZipFile(tmp_path / "a.docx").read("word/document.xml").decode()
    rows = re.findall(r"<w:tr [^>]*>.*?</w:tr>|<w:tr>.*?</w:tr>", text, re.DOTALL)
    assert len(rows) == 4
    assert all("<w:keepNext/>" in row for row in rows)
    assert "Начальник отдела  ____________________  Орлова Н. П." in text
