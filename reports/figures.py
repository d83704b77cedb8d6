"""Reports that count: tables of figures, each of which leads to the records behind it.

A table says once which records it counts and how it splits them; both the number and the list behind it follow from
that, so they cannot disagree. People are counted once however many records they have, and a total over several lines
is counted anew, never added up (domain §6.2).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, select
from sqlalchemy.orm import Session

from reports.base import Desk, Report
from reports.rounding import DASH, comma, percent, tenths

TOTAL = "total"
NONE = "unsaid"  # The code of a line whose records say nothing: no dictionary has it.


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    POINTS = "points"
    ROUBLES = "roubles"


@dataclass(frozen=True)
class Figure:
    """A printed number. `key` names the records behind it; empty where there are none to show."""

    value: int | Decimal | None
    unit: Unit = Unit.COUNT
    key: str = ""

    @property
    def text(self) -> str:
        """«1 204», «80,0 %», «—»."""
        if self.value is None:
            return DASH
        if self.unit is Unit.PERCENT:
            return f"{comma(Decimal(self.value))} %"
        if isinstance(self.value, Decimal):
            return comma(self.value)
        return f"{self.value:,}".replace(",", "\u00a0")


@dataclass(frozen=True)
class Line:
    code: str
    label: str
    figures: tuple[Figure, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Part:
    """A table of a report as it is printed: `headings` stand over the figures, `heading` over the labels."""

    key: str
    title: str
    heading: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""

    def figure(self, line: str, column: int = 0) -> Figure:
        """The figure of a line by its code; raises StopIteration where there is no such line."""
        return next(one for one in self.lines if one.code == line).figures[column]


# -- What is counted -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Records:
    """A set of records. `person` is the column with the graduate's id (None: about nobody), `day` what sorts them."""

    model: type[Any]
    where: tuple[ColumnElement[bool], ...] = ()
    person: Any = None
    day: Any = None
    joins: tuple[tuple[Any, ColumnElement[bool]], ...] = ()  # outer joins: table, condition

    def narrowed(self, *conditions: ColumnElement[bool] | None) -> Records:
        return replace(self, where=(*self.where, *(one for one in conditions if one is not None)))

    def select(self, *columns: Any) -> Select[Any]:
        query = select(*columns).select_from(self.model)
        for table, condition in self.joins:
            query = query.outerjoin(table, condition)
        return query.where(*self.where)


@dataclass(frozen=True)
class Count:
    """A column of figures: records, the people they are about, or a sum over them, narrowed by `where`."""

    key: str
    heading: str
    where: ColumnElement[bool] | None = None
    of_people: bool = False
    summed: Any = None  # the column whose values are added up


@dataclass(frozen=True)
class Drilled:
    """The records behind a figure, and what the figure is called."""

    title: str
    records: Records
    of_people: bool = False


class Table:
    """What a report counts in one table."""

    key: str
    title: str

    def part(self, session: Session) -> Part:
        raise NotImplementedError

    def drill(self, line: str, column: str) -> Drilled | None:
        raise NotImplementedError


@dataclass(frozen=True)
class SplitTable(Table):
    """One set of records split into lines by the code in `by`; `labels` are the lines in their printed order.

    A code without a label is printed below them as it is; records that say nothing stand under `unknown`. Lines without
    records are printed with zeros, except for the unknown and for `rare` ones (retired entries, employees), which stand
    below the others. `total`: the label of the last line, empty for none.
    """

    key: str
    title: str
    heading: str
    records: Records
    by: Any  # a column or expression
    labels: Sequence[tuple[Any, str]]
    counts: tuple[Count, ...]
    unknown: str = "не указано"
    total: str = "Всего"
    note: str = ""
    rare: Sequence[tuple[Any, str]] = ()

    def part(self, session: Session) -> Part:
        columns = [self._counted(count).label(f"c{i}") for i, count in enumerate(self.counts)]
        query = self.records.select(self.by.label("code"), *columns).group_by(literal_column("1"))
        found = {row[0]: tuple(int(value) for value in row[1:]) for row in session.execute(query)}
        return self.laid_out(found, self._people_anew(session, found) if self.total else {})

    def laid_out(self, found: Mapping[Any, tuple[int, ...]], anew: Mapping[int, int] | None = None) -> Part:
        """The table of what was counted by codes; `anew` are totals, by the place of a column, that do not add up."""
        labelled = dict(self.labels) | {code: label for code, label in self.rare if code in found}
        codes = [*labelled, *sorted((code for code in found if code is not None and code not in labelled), key=str)]
        lines = [self._line(str(code), labelled.get(code, str(code)), found.get(code)) for code in codes]
        if None in found:
            lines.append(self._line(NONE, self.unknown, found[None]))
        if self.total:
            values = [sum(row[i] for row in found.values()) for i in range(len(self.counts))]
            values = [(anew or {}).get(i, value) for i, value in enumerate(values)]
            lines.append(Line(TOTAL, self.total, self._figures(TOTAL, values), is_total=True))
        headings = tuple(count.heading for count in self.counts)
        return Part(self.key, self.title, self.heading, headings, tuple(lines), self.note)

    def _counted(self, count: Count) -> ColumnElement[int]:
        if count.of_people:
            person = self.records.person
            return func.count((person if count.where is None else case((count.where, person))).distinct())
        if count.summed is not None:
            value = count.summed if count.where is None else case((count.where, count.summed), else_=0)
            return func.coalesce(func.sum(value), 0)
        return func.count() if count.where is None else func.coalesce(func.sum(case((count.where, 1), else_=0)), 0)

    def _line(self, code: str, label: str, values: tuple[int, ...] | None) -> Line:
        return Line(code, label, self._figures(code, values or (0,) * len(self.counts)))

    def _figures(self, code: str, values: Sequence[int]) -> tuple[Figure, ...]:
        keys = [f"{self.key}.{code}.{count.key}" for count in self.counts]
        return tuple(Figure(int(value), key=key) for value, key in zip(values, keys, strict=True))

    def _people_anew(self, session: Session, found: Mapping[Any, tuple[int, ...]]) -> dict[int, int]:
        """Records add up; people do not, as they may stand in several lines."""
        people = [i for i, count in enumerate(self.counts) if count.of_people]
        if not people or len(found) < 2:
            return {}
        anew = session.execute(self.records.select(*(self._counted(self.counts[i]) for i in people))).one()
        return {i: int(value) for i, value in zip(people, anew, strict=True)}

    def drill(self, line: str, column: str) -> Drilled | None:
        count = next((one for one in self.counts if one.key == column), None)
        found = self._of_line(line)
        if count is None or found is None:
            return None
        label, condition = found
        records = self.records.narrowed(condition, count.where)
        return Drilled(f"{self.title}: {label}, {count.heading.lower()}", records, count.of_people)

    def _of_line(self, line: str) -> tuple[str, ColumnElement[bool] | None] | None:
        """What a line is called and which records are its own; None where no such line is ever printed."""
        if line == TOTAL:
            return (self.total.lower(), None) if self.total else None
        if line == NONE:
            return self.unknown, self.by.is_(None)
        known = {str(code): (code, label) for code, label in (*self.rare, *self.labels)}
        code, label = known.get(line) or (self._unlabelled(line), line)
        return None if code is None else (label, self.by == code)

    def _unlabelled(self, line: str) -> Any:
        """A code that has no label, of the type of the others: PostgreSQL compares nothing else with them."""
        if issubclass(_python_type(self.by), int | Decimal):
            is_number = line.isascii() and line.isdecimal() and len(line) < 10
            return int(line) if is_number else None
        return None if "\0" in line else line


def _python_type(column: Any) -> type[Any]:
    try:
        found: type[Any] = column.type.python_type
    except NotImplementedError:
        return str
    return found


@dataclass(frozen=True)
class CountLine:
    """A line with one figure: how many records, or people."""

    key: str
    label: str
    records: Records
    of_people: bool = False


@dataclass(frozen=True)
class RatioLine:
    """A share of one line in another, in per cent; «—» where there is nothing to divide by."""

    key: str
    label: str
    part: str
    whole: str


@dataclass(frozen=True)
class ValueLine:
    """A figure that a statement gives by itself (an average, a sum); `records` are those behind it."""

    key: str
    label: str
    value: Callable[[Session], Any]
    unit: Unit
    records: Records | None = None


AnyLine = CountLine | RatioLine | ValueLine


@dataclass(frozen=True)
class LineTable(Table):
    """Lines that count different records; shares may refer to the lines above them."""

    key: str
    title: str
    heading: str
    lines: tuple[AnyLine, ...]
    column: str = "Количество"
    note: str = ""

    def part(self, session: Session) -> Part:
        return self.laid_out(session, self._counted(session))

    def laid_out(self, session: Session, counted: Mapping[str, int]) -> Part:
        """The table of what its lines have counted, by their keys."""
        lines = [Line(line.key, line.label, (self._figure(session, line, counted),)) for line in self.lines]
        return Part(self.key, self.title, self.heading, (self.column,), tuple(lines), self.note)

    def _counted(self, session: Session) -> dict[str, int]:
        """Lines over the same records with other conditions are counted by one statement."""
        groups: dict[tuple[Any, ...], list[CountLine]] = {}
        for line in self.lines:
            if isinstance(line, CountLine):
                groups.setdefault((line.records.model, line.records.joins), []).append(line)
        found: dict[str, int] = {}
        for (model, joins), lines in groups.items():
            base = Records(model, joins=joins)
            common = _common([line.records.where for line in lines])
            columns = [_narrowed(line, common) for line in lines]
            values = session.execute(base.narrowed(*common).select(*columns)).one()
            found.update((line.key, int(value)) for line, value in zip(lines, values, strict=True))
        return found

    def _figure(self, session: Session, line: AnyLine, counted: Mapping[str, int]) -> Figure:
        key = f"{self.key}.{line.key}.n"
        if isinstance(line, CountLine):
            return Figure(counted[line.key], key=key)
        if isinstance(line, RatioLine):
            return Figure(percent(counted[line.part], counted[line.whole]), Unit.PERCENT, f"{self.key}.{line.part}.n")
        value = line.value(session)
        if line.unit in (Unit.DAYS, Unit.POINTS, Unit.PERCENT) and value is not None:
            value = tenths(value)
        return Figure(value, line.unit, key if line.records is not None else "")

    def drill(self, line: str, column: str) -> Drilled | None:
        found = next((one for one in self.lines if one.key == line), None)
        if found is None or column != "n" or isinstance(found, RatioLine) or found.records is None:
            return None
        of_people = isinstance(found, CountLine) and found.of_people
        return Drilled(f"{self.title}: {found.label}", found.records, of_people)


def _common(wheres: list[tuple[ColumnElement[bool], ...]]) -> tuple[ColumnElement[bool], ...]:
    """Conditions with which all begin: they bound the statement."""
    common = []
    for conditions in zip(*wheres, strict=False):
        if not all(one is conditions[0] or one.compare(conditions[0]) for one in conditions):
            break
        common.append(conditions[0])
    return tuple(common)


def _narrowed(line: CountLine, common: tuple[ColumnElement[bool], ...]) -> ColumnElement[int]:
    own = line.records.where[len(common) :]
    condition = and_(*own) if own else None
    if line.of_people:
        person = line.records.person
        return func.count((person if condition is None else case((condition, person))).distinct())
    return func.count() if condition is None else func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


# -- The report ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A part that is words: difficulties, the plan for the next month. Its code names it in a submission's texts."""

    code: str
    title: str
    help: str = ""


@dataclass(frozen=True)
class Trend:
    """An indicator over several periods, for a chart and the table under it: a value per period, None for a gap."""

    title: str
    unit: Unit
    periods: tuple[str, ...]
    series: tuple[tuple[str, tuple[Decimal | int | None, ...]], ...]
    note: str = field(default="")


class FiguresReport(Report):
    """A report of tables with figures."""

    texts: ClassVar[tuple[Text, ...]] = ()

    @abstractmethod
    def tables(self, desk: Desk) -> Sequence[Table]:
        """What is counted, in the printed order; reading dictionaries is allowed, counting is not yet."""

    def parts(self, desk: Desk) -> list[Part]:
        """The tables counted: a few statements each, however many records there are."""
        return [table.part(desk.session) for table in self.tables(desk)]

    def drill(self, desk: Desk, key: str) -> Drilled | None:
        """The records behind a figure by its key, «table.line.column»; None where there is no such figure."""
        name, _, rest = key.partition(".")
        line, _, column = rest.rpartition(".")
        table = next((one for one in self.tables(desk) if one.key == name), None)
        return table.drill(line, column) if table is not None and line else None

    def trends(self, desk: Desk) -> list[Trend]:
        """How its indicators have gone over the last periods; none by default."""
        return []
