"""The cover of a paper journal: whose it is, what it is, its volume, when it was begun and ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

A4 = 9  # as the format of workbooks numbers sizes of paper
FONT = {"font_name": "Times New Roman", "font_size": 10}
BLANK = "__________"


@dataclass(frozen=True)
class Cover:
    """What a pen fills in is left blank: the number of sheets, and an end that has not come."""

    organisation: str
    title: str
    year: int
    volume: int | None = None
    begun_on: date | None = None
    ended_on: date | None = None
    file_code: str = ""  # By the organisation's nomenclature of files.
    keep_years: int | None = None

    def lines(self) -> Iterator[str]:
        """What stands below the title."""
        yield f"за {self.year} год"
        yield f"Том № {self.volume or BLANK}"
        yield f"Начат {_day(self.begun_on)}"
        yield f"Окончен {_day(self.ended_on)}"
        yield f"На {BLANK} листах"

    def marks(self) -> Iterator[str]:
        """What the nomenclature of files says."""
        if self.file_code:
            yield f"Индекс по номенклатуре дел: {self.file_code}"
        if self.keep_years:
            yield f"Срок хранения (лет): {self.keep_years}"


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else BLANK


def write_cover(book: Any, cover: Cover) -> None:
    """A sheet of its own, for the first page of A4, landscape."""
    sheet = book.add_worksheet("Обложка")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_column(0, 0, 110)
    sheet.center_horizontally()
    plain = {**FONT, "align": "center", "valign": "vcenter", "text_wrap": True, "font_size": 14}
    text, bold = book.add_format(plain), book.add_format({**plain, "bold": True, "font_size": 20})
    small = book.add_format({**plain, "font_size": 11})
    sheet.set_row(0, 60)
    sheet.write_string(0, 0, cover.organisation, text)
    sheet.set_row(2, 110)
    sheet.write_string(2, 0, cover.title, bold)
    line = 4
    for told in cover.lines():
        sheet.set_row(line, 28)
        sheet.write_string(line, 0, told, text)
        line += 1
    for told in cover.marks():
        line += 1
        sheet.write_string(line, 0, told, small)
    sheet.print_area(0, 0, line, 0)
    sheet.fit_to_pages(1, 1)
