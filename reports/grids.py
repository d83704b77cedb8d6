"""More shapes of tables: lines that count different records in several columns, and figures that show nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from reports.figures import Count, CountLine, Drilled, Figure, Line, LineTable, Part, Records, Table


@dataclass(frozen=True)
class GridLine:
    key: str
    label: str
    records: Records
    is_total: bool = False
    counts: tuple[Count, ...] = ()  # The same columns in terms of its own records, where they differ.


@dataclass(frozen=True)
class GridTable(Table):
    """Each line counts records of its own, in the same columns; all are counted as the lines of one LineTable."""

    key: str
    title: str
    heading: str
    lines: tuple[GridLine, ...]
    counts: tuple[Count, ...]
    note: str = ""

    def part(self, session: Session) -> Part:
        flat = self._flat.part(session)
        lines = [self._line(flat, line) for line in self.lines]
        headings = tuple(count.heading for count in self.counts)
        return Part(self.key, self.title, self.heading, headings, tuple(lines), self.note)

    def _line(self, flat: Part, line: GridLine) -> Line:
        figures = [
            replace(flat.figure(f"{line.key}:{count.key}"), key=f"{self.key}.{line.key}.{count.key}")
            for count in line.counts or self.counts
        ]
        return Line(line.key, line.label, tuple(figures), line.is_total)

    @property
    def _flat(self) -> LineTable:
        lines = tuple(
            CountLine(f"{line.key}:{count.key}", line.label, line.records.narrowed(count.where), count.of_people)
            for line in self.lines
            for count in line.counts or self.counts
        )
        return LineTable(self.key, self.title, self.heading, lines)

    def drill(self, line: str, column: str) -> Drilled | None:
        found = next((one for one in self.lines if one.key == line), None)
        if found is None:
            return None
        count = next((one for one in found.counts or self.counts if one.key == column), None)
        if count is None:
            return None
        title = f"{self.title}: {found.label}, {count.heading.lower()}"
        return Drilled(title, found.records.narrowed(count.where), count.of_people)


@dataclass(frozen=True)
class ClosedTable(Table):
    """How many, never who: the figures of another table without the records behind them (152-ФЗ, art. 10)."""

    table: Table

    @property
    def key(self) -> str:  # type: ignore[override]
        return self.table.key

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.table.title

    def part(self, session: Session) -> Part:
        made = self.table.part(session)
        lines = [replace(line, figures=tuple(_closed(one) for one in line.figures)) for line in made.lines]
        return replace(made, lines=tuple(lines))

    def drill(self, line: str, column: str) -> Drilled | None:
        return None


def _closed(figure: Figure) -> Figure:
    return replace(figure, key="")


def titled(table: Table, title: str) -> Table:
    """The same table under another title."""
    if isinstance(table, ClosedTable):
        return ClosedTable(titled(table.table, title))
    return replace(table, title=title)  # type: ignore[type-var]
