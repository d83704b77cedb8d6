"""XLSX of any length in constant memory, laid out for printing on A4."""

import itertools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.base import Cell, Column, Kind
from reports.cover import A4, FONT, Cover, write_cover
from reports.sheet import Sheet

SHEET_ROWS = 1_048_576  # what one sheet of the format holds
LETTERS, BOLD_LETTERS = 1.3, 1.1  # of our font stand in a unit of a column's width
LINE_HEIGHT, PADDING, TALLEST = 13.0, 2.0, 409.0  # of rows, in points
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd.mm.yyyy",
}


@dataclass(frozen=True)
class Sheets:
    """What stands on every sheet of a workbook besides its rows."""

    title: str
    columns: Sequence[Column]
    subtitle: str = ""
    name: str = "Лист"
    has_number_row: bool = False
    rows_per_sheet: int = SHEET_ROWS


class Formats:
    """The looks of cells, made once for a workbook."""

    def __init__(self, book: Any) -> None:
        centred = {**FONT, "align": "center", "valign": "vcenter", "text_wrap": True}
        cell = {**FONT, "border": 1, "valign": "top"}
        self.title = book.add_format({**centred, "font_size": 12, "bold": True})
        self.subtitle = book.add_format(centred)
        self.heading = book.add_format({**centred, "bold": True, "border": 1, "bg_color": "#EDEFF2"})
        self.ordinal = book.add_format({**centred, "font_size": 9, "border": 1})
        self.body = {
            Kind.TEXT: book.add_format({**cell, "text_wrap": True}),
            Kind.NUMBER: book.add_format({**cell, "align": "center", "num_format": "0"}),
            Kind.DATE: book.add_format({**cell, "align": "left", "num_format": "dd.mm.yyyy"}),
        }
        self.struck = {
            Kind.TEXT: book.add_format({**cell, "text_wrap": True, "font_strikeout": True}),
            Kind.NUMBER: book.add_format({**cell, "align": "center", "num_format": "0", "font_strikeout": True}),
            Kind.DATE: book.add_format({**cell, "align": "left", "num_format": "dd.mm.yyyy", "font_strikeout": True}),
        }
        # The mark of a text that must stay text even after somebody has edited the cell.
        self.marked = book.add_format({**cell, "text_wrap": True, "quote_prefix": True})


def write_workbook(
    path: Path,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    subtitle: str = "",
    sheet_name: str = "Лист",
    has_number_row: bool = False,
    on: date | None = None,
    rows_per_sheet: int = SHEET_ROWS,
    cover: Cover | None = None,
) -> int:
    """Write the whole table, on as many sheets as it needs; the number of rows. `on` dates the document.

    A row given as `Struck` is struck through; a cover stands on a sheet of its own before the rows.
    """
    sheets = Sheets(title, columns, subtitle, sheet_name, has_number_row, rows_per_sheet)
    with tempfile.TemporaryDirectory(prefix="marshrut-", dir=path.parent) as folder:  # The disk that has to hold it.
        book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": folder})
        book.set_properties(properties(title, on))
        try:
            if cover is not None:
                write_cover(book, cover)
            count = _write_sheets(book, sheets, iter(rows))
        except BaseException:
            _abandon(book)
            raise
        book.close()
    return count


def properties(title: str, on: date | None) -> dict[str, Any]:
    """Of the document: what it is, nobody's name."""
    made = {"created": datetime.combine(on, time())} if on else {}
    return {"title": title, "author": "Маршрут", **made}


def _abandon(book: Any) -> None:
    """Let go of the files of a workbook that will not be finished."""
    book.fileclosed = True
    for sheet in book.worksheets():
        sheet._opt_close()


def _write_sheets(book: Any, sheets: Sheets, rows: Iterator[Sequence[Cell]]) -> int:
    formats, count = Formats(book), 0
    for number in itertools.count(1):
        first = list(itertools.islice(rows, 1))
        if number > 1 and not first:
            break
        sheet = book.add_worksheet(sheets.name if number == 1 else f"{sheets.name} ({number})", Sheet)
        start = _write_head(sheet, sheets, formats)
        chunk = itertools.islice(itertools.chain(first, rows), sheets.rows_per_sheet - start)
        written = _write_rows(sheet, sheets.columns, formats, chunk, start)
        _set_up_print(sheet, sheets, start, last_row=start + written - 1)
        count += written
    return count


def _write_head(sheet: Any, sheets: Sheets, formats: Formats) -> int:
    """Title, whose and when, headings, their numbers; the first row of the body."""
    last, line = len(sheets.columns) - 1, 0
    for i, column in enumerate(sheets.columns):
        sheet.set_column(i, i, column.width)
    for text, look, height in ((sheets.title, formats.title, 34), (sheets.subtitle, formats.subtitle, 18)):
        if text:
            sheet.set_row(line, height)
            _write_across(sheet, line, last, text, look)
            line += 1
    sheet.set_row(line, heading_height(sheets.columns))
    for i, column in enumerate(sheets.columns):
        sheet.write_string(line, i, column.heading, formats.heading)
    line += 1
    if sheets.has_number_row:
        for i in range(len(sheets.columns)):
            sheet.write_number(line, i, i + 1, formats.ordinal)
        line += 1
    return line


def _write_across(sheet: Any, line: int, last: int, text: str, look: Any) -> None:
    if last:
        sheet.merge_range(line, 0, line, last, "", look)
    sheet.write_string(line, 0, text, look)


def heading_height(columns: Sequence[Column]) -> float:
    """Points for the tallest heading."""
    return row_height(max(text_lines(column.heading, column.width * BOLD_LETTERS) for column in columns)) + 4


def row_height(lines: int) -> float:
    return min(lines * LINE_HEIGHT + PADDING, TALLEST)


@lru_cache(maxsize=8192)
def text_lines(text: str, width: float) -> int:
    """Into how many lines a text is wrapped, by words."""
    lines = 0
    for paragraph in text.split("\n"):
        room = 0.0
        for word in paragraph.split(" "):
            length = len(word)
            if length < room:
                room -= length + 1
            else:
                lines += 1 + int(length // (width + 1))
                room = width - length % (width + 1)
    return lines


def _write_rows(
    sheet: Sheet, columns: Sequence[Column], formats: Formats, rows: Iterable[Sequence[Cell]], start: int
) -> int:
    looks, struck = ([kind[column.kind] for column in columns] for kind in (formats.body, formats.struck))
    sheet.begin_body(start, looks, struck, formats.marked)
    widths = [column.width * LETTERS for column in columns]
    line = start
    for row in rows:
        lines = 1
        for cell, width in zip(row, widths, strict=True):
            if isinstance(cell, str) and (len(cell) > width or "\n" in cell):
                lines = max(lines, text_lines(cell, width))
        sheet.write_line(line, row, row_height(lines))
        line += 1
    sheet.end_body(line - 1)
    return line - start


def _set_up_print(sheet: Any, sheets: Sheets, start: int, *, last_row: int) -> None:
    head = 2 if sheets.has_number_row else 1
    sheet.freeze_panes(start, min(2, len(sheets.columns) - 1))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(start - head, start - 1)
    sheet.print_area(0, 0, max(last_row, start - 1), len(sheets.columns) - 1)
    sheet.set_footer("&L&8&A&C&8Страница &P из &N")
