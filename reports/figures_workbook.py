"""Figures as a workbook: the tables of a report one below the other on a sheet of A4."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.cover import A4, FONT
from reports.figures import Figure, Part, Unit
from reports.outputs import Printed
from reports.workbook import LETTERS, OPTIONS, properties, row_height, text_lines

LABELS, FIGURES = 46.0, 14.0  # widths of columns in characters
WIDE = 5  # columns of figures from which the sheet lies down
FORMATS = {Unit.PERCENT: '0.0"\u00a0%"', Unit.DAYS: "0.0", Unit.POINTS: "0.0"}


class Writer:
    """Writes parts down a sheet; `line` is the next free one."""

    def __init__(self, book: Any, sheet: Any, width: int) -> None:
        self.sheet, self.width, self.line = sheet, width, 0
        cell, bold = {**FONT, "border": 1, "valign": "top", "text_wrap": True}, {"bold": True}
        centred = {**FONT, "align": "center", "valign": "vcenter", "text_wrap": True}
        self.title = book.add_format({**centred, **bold, "font_size": 12})
        self.subtitle = book.add_format(centred)
        self.section = book.add_format({**FONT, **bold, "font_size": 11, "text_wrap": True})
        self.heading = book.add_format({**centred, **bold, "border": 1, "bg_color": "#EDEFF2"})
        self.label = {False: book.add_format(cell), True: book.add_format({**cell, **bold})}
        self.note = book.add_format({**FONT, "font_size": 9, "italic": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
        number = {**FONT, "border": 1, "align": "right", "valign": "top"}
        self.number = {
            (unit, is_total): book.add_format(
                {**number, "num_format": FORMATS.get(unit, "#,##0"), **(bold if is_total else {})}
            )
            for unit in Unit
            for is_total in (False, True)
        }

    def across(self, text: str, look: Any, letters: float = LETTERS) -> None:
        """A text over all columns, as many lines high as it needs."""
        room = (LABELS + FIGURES * self.width) * letters
        self.sheet.set_row(self.line, row_height(text_lines(text, room)) + 4)
        self.sheet.merge_range(self.line, 0, self.line, self.width, "", look)
        self.sheet.write_string(self.line, 0, text, look)
        self.line += 1

    def part(self, part: Part) -> None:
        self.line += 1
        self.across(part.title, self.section)
        headings = (part.heading, *part.headings)
        lines = max(text_lines(text, (FIGURES if i else LABELS) * 1.1) for i, text in enumerate(headings))
        self.sheet.set_row(self.line, row_height(lines) + 4)
        for i, text in enumerate(headings):
            self.sheet.write_string(self.line, i, text, self.heading)
        self.line += 1
        for line in part.lines:
            self.sheet.set_row(self.line, row_height(text_lines(line.label, LABELS * LETTERS)))
            self.sheet.write_string(self.line, 0, line.label, self.label[line.is_total])
            for i, figure in enumerate(line.figures, start=1):
                self._figure(i, figure, line.is_total)
            self.line += 1
        if part.note:
            self.across(part.note, self.note)

    def _figure(self, column: int, figure: Figure, is_total: bool) -> None:
        look = self.number[figure.unit, is_total]
        if figure.value is None:
            self.sheet.write_string(self.line, column, figure.text, look)
            return
        value = float(figure.value) if isinstance(figure.value, Decimal) else figure.value
        self.sheet.write_number(self.line, column, value, look)


def write_figures(path: Path, paper: Printed, *, sheet_name: str) -> int:
    """Write the report; the number of its lines."""
    width = max((len(part.headings) for part in paper.parts), default=1)
    with xlsxwriter.Workbook(
        str(path), {key: value for key, value in OPTIONS.items() if key != "constant_memory"}
    ) as book:
        book.set_properties(properties(paper.title, paper.on))
        sheet = book.add_worksheet(sheet_name)
        sheet.set_column(0, 0, LABELS)
        sheet.set_column(1, width, FIGURES)
        writer = Writer(book, sheet, width)
        writer.across(paper.title, writer.title, 1.0)
        writer.across(paper.subtitle, writer.subtitle)
        for part in paper.parts:
            writer.part(part)
        _write_end(writer, paper)
        _set_up_print(sheet, width, writer.line - 1)
    return sum(len(part.lines) for part in paper.parts)


def _write_end(writer: Writer, paper: Printed) -> None:
    """The own words, then who signs."""
    for title, text in paper.texts:
        writer.line += 1
        writer.across(title, writer.section)
        writer.across(text or "—", writer.text)
    for signature in paper.signatures:
        writer.line += 1
        writer.across(f"{signature.position}  ____________________  {signature.name}".strip(), writer.text)
    if paper.note:
        writer.line += 1
        writer.across(paper.note, writer.note)


def _set_up_print(sheet: Any, width: int, last_line: int) -> None:
    if width >= WIDE:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_line, width)
    sheet.set_footer("&L&8&A&C&8Страница &P из &N")
