"""CSV as a Russian office's spreadsheet opens it by a double click: `;`, UTF-8 with a mark, CRLF."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from reports.base import Cell, Column
from reports.guard import guarded

MARK = "\ufeff"


class _Echo:
    """Gives back what the csv writer writes, so that lines can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The headings and the rows, line by line."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield MARK + str(writer.writerow([column.heading for column in columns]))
    for row in rows:
        yield str(writer.writerow([as_text(cell) for cell in row]))


def as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else str(cell)


def write_csv(path: Path, *, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the whole table; the number of rows."""
    count = -1
    with path.open("w", encoding="utf-8", newline="") as target:
        for line in csv_lines(columns, rows):
            target.write(line)
            count += 1
    return count
