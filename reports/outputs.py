"""A report as a file: what is printed, whether it was made just now or frozen in a submission, in each format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from reports.base import Cell, Column, Desk, ListReport, Report
from reports.csvfile import write_csv
from reports.figures import Figure, FiguresReport, Line, Part, Unit
from reports.report_document import write_document
from reports.workbook import write_workbook

FORMATS = ("xlsx", "csv", "docx")
ROOM = "_" * 20
DOCUMENT_ROWS = 3_000  # Longer tables are for a workbook: an editor of texts would not open them in any useful time.


class TooLong(ValueError):
    """A list has too many rows for a DOCX; the message is one Russian sentence."""

    def __init__(self) -> None:
        super().__init__(f"В таблице больше {DOCUMENT_ROWS} строк: для DOCX это слишком много, скачайте Excel.")


@dataclass(frozen=True)
class Signature:
    """Who signs the paper; empty texts leave room for a hand to write in."""

    position: str
    name: str

    @property
    def text(self) -> str:
        """The line on paper, with room for the hand."""
        position = f"{self.position[:1].upper()}{self.position[1:]}" or ROOM
        return f"{position}  {ROOM}  {self.name}".rstrip()


@dataclass(frozen=True)
class Printed:
    """All that a file says: of a list `columns` and `rows`, of figures `parts`; then the own words and who signs.

    `note` stands small at the end: who approved the paper and its digest.
    """

    title: str
    short_title: str
    subtitle: str
    on: date
    columns: Sequence[Column] = ()
    rows: Iterable[Sequence[Cell]] = ()
    has_number_row: bool = False
    parts: Sequence[Part] = ()
    texts: Sequence[tuple[str, str]] = ()
    signatures: Sequence[Signature] = ()
    note: str = ""

    @property
    def is_list(self) -> bool:
        return bool(self.columns)


def printed(
    report: Report,
    desk: Desk,
    *,
    texts: Sequence[tuple[str, str]] = (),
    signatures: Sequence[Signature] = (),
    note: str = "",
) -> Printed:
    """A report as the records stand now; the rows of a list are read only as they are written."""
    common: dict[str, Any] = {
        "title": report.title,
        "short_title": report.short_title,
        "subtitle": report.subtitle(desk.parameters),
        "on": desk.parameters.on,
        "texts": texts,
        "signatures": signatures,
        "note": note,
    }
    if isinstance(report, ListReport):
        rows = (row.cells for row in report.rows(desk.session, desk.viewer, desk.parameters))
        return Printed(**common, columns=report.columns, rows=rows, has_number_row=report.has_number_row)
    if isinstance(report, FiguresReport):
        return Printed(**common, parts=report.parts(desk))
    raise TypeError(f"{report.code} is neither a list nor figures")


def write(path: Path, paper: Printed, file_format: str) -> int:
    """Write the paper into a file; the number of rows of a list, or of lines of figures. Raises TooLong."""
    if file_format == "docx":
        return _write_docx(path, paper)
    if not paper.is_list:
        return _write_figures(path, paper, file_format)
    if file_format == "csv":
        return write_csv(path, columns=paper.columns, rows=paper.rows)
    return write_workbook(
        path,
        title=paper.title,
        columns=paper.columns,
        rows=paper.rows,
        subtitle=paper.subtitle,
        sheet_name=_sheet_name(paper.short_title),
        has_number_row=paper.has_number_row,
        on=paper.on,
    )


def _sheet_name(title: str) -> str:
    """What the format allows as a name of a sheet: 31 signs, some forbidden."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31].strip() or "Лист"


def _write_figures(path: Path, paper: Printed, file_format: str) -> int:
    from reports.figures_workbook import write_figures  # The writer knows this module's Printed.

    if file_format == "csv":
        return write_csv(path, columns=FLAT, rows=flat(paper.parts))
    return write_figures(path, paper, sheet_name=_sheet_name(paper.short_title))


def _write_docx(path: Path, paper: Printed) -> int:
    rows: list[Sequence[Cell]] = []
    for row in paper.rows:
        if len(rows) == DOCUMENT_ROWS:
            raise TooLong
        rows.append(row)
    path.write_bytes(write_document(paper, rows))
    return len(rows) if paper.is_list else _lines(paper.parts)


FLAT = (
    Column("Таблица", "part", 40),
    Column("Строка", "line", 50),
    Column("Показатель", "column", 30),
    Column("Значение", "value", 14),
)


def flat(parts: Sequence[Part]) -> Iterator[tuple[Cell, ...]]:
    """Figures one below the other, as other programs like them."""
    for part in parts:
        for line in part.lines:
            for heading, figure in zip(part.headings, line.figures, strict=True):
                yield part.title, line.label, heading, plain(figure)


def plain(figure: Figure) -> Cell:
    """The bare number of a figure: «80,0» without its unit; empty for a dash."""
    if isinstance(figure.value, Decimal):
        return str(figure.value).replace(".", ",")
    return figure.value


def _lines(parts: Sequence[Part]) -> int:
    return sum(len(part.lines) for part in parts)


# -- Frozen ----------------------------------------------------------------------------------------------------------


def part_to_json(part: Part) -> dict[str, Any]:
    """Plain JSON from which `part_from_json` makes the same part."""
    return {
        "key": part.key,
        "title": part.title,
        "heading": part.heading,
        "headings": list(part.headings),
        "note": part.note,
        "lines": [
            {
                "code": line.code,
                "label": line.label,
                "is_total": line.is_total,
                "figures": [
                    {
                        "value": str(figure.value) if isinstance(figure.value, Decimal) else figure.value,
                        "unit": figure.unit.value,
                        "key": figure.key,
                    }
                    for figure in line.figures
                ],
            }
            for line in part.lines
        ],
    }


def part_from_json(content: Mapping[str, Any]) -> Part:
    lines = tuple(
        Line(
            line["code"], line["label"], tuple(_figure(figure) for figure in line["figures"]), is_total=line["is_total"]
        )
        for line in content["lines"]
    )
    return Part(
        content["key"], content["title"], content["heading"], tuple(content["headings"]), lines, content["note"]
    )


def _figure(content: Mapping[str, Any]) -> Figure:
    value = content["value"]
    return Figure(Decimal(value) if isinstance(value, str) else value, Unit(content["unit"]), content["key"])
