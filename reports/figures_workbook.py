"""Figures as a workbook: the tables of a report one below the other on a sheet of A4."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from reports.cover import A4, FONT
from reports.figures import Figure, Line, Part, Unit
from reports.outputs import Printed
from reports.paper_parts import on_paper
from reports.workbook import BOLD_LETTERS, LETTERS, OPTIONS, properties, row_height, text_lines

LABELS, WIDEST_LABELS, FIGURES = 46.0, 70.0, 14.0  # widths of columns in characters
WIDE = 5  # columns of figures from which the sheet lies down
LEFT, RIGHT, TOP, BOTTOM = 0.5, 0.4, 0.5, 0.6  # margins in inches
SHORT_EDGE, LONG_EDGE = 8.27, 11.69  # of A4
PIXELS, POINTS = 96, 72  # in an inch
SAFE = 0.96  # of a page that is filled: programs measure letters differently
BLANK = 15.0  # the height of a row nobody has set, in points
SIGNED = 36.0  # the height of a signature with the room above it
FEW = 5  # lines of a long table below which it is not begun on a page
FORMATS = {Unit.PERCENT: '0.0"\u00a0%"', Unit.DAYS: "0.0", Unit.POINTS: "0.0"}


@dataclass(frozen=True)
class Layout:
    """How a sheet of so many columns of figures lies on A4."""

    width: int

    @property
    def is_landscape(self) -> bool:
        return self.width >= WIDE

    @property
    def labels(self) -> float:
        """The width of the first column: what the figures leave of the page."""
        left = (self._room - self.width * _pixels(FIGURES)) / 7
        return min(max(LABELS, left - 1), WIDEST_LABELS)

    @property
    def scale(self) -> float:
        """By how much the sheet is made smaller to fit the page in width."""
        return min(1.0, self._room / (_pixels(self.labels) + self.width * _pixels(FIGURES)))

    @property
    def height(self) -> float:
        """Of a page, in points of the sheet."""
        edge = SHORT_EDGE if self.is_landscape else LONG_EDGE
        return (edge - TOP - BOTTOM) * POINTS * SAFE / self.scale

    @property
    def _room(self) -> float:
        edge = LONG_EDGE if self.is_landscape else SHORT_EDGE
        return (edge - LEFT - RIGHT) * PIXELS * SAFE


def _pixels(characters: float) -> float:
    return characters * 7 + 5


class Writer:
    """Writes parts down a sheet; `line` is the next free one, `used` what the page holds already, in points."""

    def __init__(self, book: Any, sheet: Any, layout: Layout) -> None:
        self.sheet, self.layout, self.width = sheet, layout, layout.width
        self.line, self.used, self.breaks, self.heads = 0, 0.0, list[int](), list[int]()
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
        self._row(self._height_across(text, letters))
        self.sheet.merge_range(self.line - 1, 0, self.line - 1, self.width, "", look)
        self.sheet.write_string(self.line - 1, 0, text, look)

    def blank(self) -> None:
        self.line += 1
        self.used += BLANK

    def part(self, part: Part, after: float = 0.0) -> None:
        """A table on one page where a page holds it; `after` is the height of what must stand with it."""
        heights = [self._height_of(line) for line in part.lines]
        head = BLANK + self._height_across(part.title) + self._height_of_headings(part)
        note = self._height_across(part.note) if part.note else 0.0
        whole = head + sum(heights) + note + after
        need = whole if whole <= self.layout.height else head + sum(heights[:FEW])
        self.need(need)
        self.blank()
        self.across(part.title, self.section)
        self._headings(part)
        for i, (line, height) in enumerate(zip(part.lines, heights, strict=True), start=1):
            if i == len(heights):
                self.need(height + note + after)
            self._line(line, height)
        if part.note:
            self.across(part.note, self.note)

    def need(self, height: float) -> None:
        """Begin a new page where the rest of this one is lower."""
        if self.used and self.used + height > self.layout.height:
            self.breaks.append(self.line)
            self.used = 0.0

    def _row(self, height: float) -> None:
        self.sheet.set_row(self.line, height)
        self.used = height if self.used + height > self.layout.height else self.used + height
        self.line += 1

    def _height_across(self, text: str, letters: float = LETTERS) -> float:
        room = (self.layout.labels + FIGURES * self.width) * letters
        return row_height(text_lines(text, room)) + 4

    def _height_of(self, line: Line) -> float:
        return row_height(text_lines(line.label, self.layout.labels * LETTERS))

    def _height_of_headings(self, part: Part) -> float:
        headings = ((part.heading, self.layout.labels), *((text, FIGURES) for text in part.headings))
        return row_height(max(text_lines(text, width * BOLD_LETTERS) for text, width in headings)) + 4

    def _headings(self, part: Part) -> None:
        self.heads.append(self.line)
        self._row(self._height_of_headings(part))
        for i, text in enumerate((part.heading, *part.headings)):
            self.sheet.write_string(self.line - 1, i, text, self.heading)

    def _line(self, line: Line, height: float) -> None:
        self._row(height)
        self.sheet.write_string(self.line - 1, 0, line.label, self.label[line.is_total])
        for i, figure in enumerate(line.figures, start=1):
            self._figure(i, figure, line.is_total)

    def _figure(self, column: int, figure: Figure, is_total: bool) -> None:
        look = self.number[figure.unit, is_total]
        if figure.value is None:
            self.sheet.write_string(self.line - 1, column, figure.text, look)
            return
        value = float(figure.value) if isinstance(figure.value, Decimal) else figure.value
        self.sheet.write_number(self.line - 1, column, value, look)


def write_figures(path: Path, paper: Printed, *, sheet_name: str) -> int:
    """Write the report; the number of its lines."""
    parts = on_paper(paper.parts)
    layout = Layout(max((len(part.headings) for part in parts), default=1))
    with xlsxwriter.Workbook(
        str(path), {key: value for key, value in OPTIONS.items() if key != "constant_memory"}
    ) as book:
        book.set_properties(properties(paper.title, paper.on))
        sheet = book.add_worksheet(sheet_name)
        sheet.set_column(0, 0, layout.labels)
        sheet.set_column(1, layout.width, FIGURES)
        writer = Writer(book, sheet, layout)
        writer.across(paper.title, writer.title, 1.0)
        writer.across(paper.subtitle, writer.subtitle)
        end = 0.0 if paper.texts else len(paper.signatures) * SIGNED
        for i, part in enumerate(parts, start=1):
            writer.part(part, end if i == len(parts) else 0.0)
        _write_end(writer, paper)
        _set_up_print(sheet, writer)
    return sum(len(part.lines) for part in paper.parts)


def _write_end(writer: Writer, paper: Printed) -> None:
    """The own words, then who signs."""
    for title, text in paper.texts:
        writer.blank()
        writer.across(title, writer.section)
        writer.across(text or "—", writer.text)
    for signature in paper.signatures:
        writer.blank()
        writer.across(signature.text, writer.text)
    if paper.note:
        writer.blank()
        writer.across(paper.note, writer.note)


def _set_up_print(sheet: Any, writer: Writer) -> None:
    """The only table's head is repeated on every page."""
    layout = writer.layout
    if layout.is_landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    sheet.fit_to_pages(1, 0)
    if writer.breaks:
        sheet.set_h_pagebreaks(writer.breaks)
    if len(writer.heads) == 1:
        sheet.repeat_rows(writer.heads[0])
    sheet.print_area(0, 0, writer.line - 1, layout.width)
    sheet.set_footer("&L&8&A&C&8Страница &P из &N")
