"""What a report is: a paper with a title, columns, parameters and rows that somebody may see."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from sqlalchemy.orm import Session

from models.access import Viewer
from models.territory import Agency, AgencyKind
from reports.period import Period

Cell = str | int | date | None


class Kind(StrEnum):
    """How a column's values are written into a workbook."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column of a paper; `width` is in characters, as spreadsheets count it."""

    heading: str
    key: str
    width: float
    kind: Kind = Kind.TEXT


class Struck(tuple[Cell, ...]):
    """The cells of a row that is printed struck through, but for the cell at `mark`, which says why."""

    mark = -1

    @classmethod
    def at(cls, cells: Iterable[Cell], mark: int) -> "Struck":
        made = cls(cells)
        made.mark = mark
        return made


class Row(NamedTuple):
    """One printed row and the card behind it."""

    graduate_id: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LeftOut:
    """A person who belongs to the list by everything but the stated reason."""

    graduate_id: int
    name: str
    birth_date: date
    reason: str


class Timing(StrEnum):
    """Whether a paper tells how things stand on a day, or what happened in a period."""

    DAY = "day"
    PERIOD = "period"


@dataclass(frozen=True)
class Option:
    """A parameter of one report beside the common ones: a choice among a few values, the first one by default."""

    code: str
    label: str
    choices: tuple[tuple[str, str], ...]  # value, label

    @property
    def default(self) -> str:
        return self.choices[0][0]


@dataclass(frozen=True)
class Parameters:
    """The day on which the statements hold, and whose paper it is (None: of the whole installation).

    A paper for a period also has that; `on` is then the period's last day, or today within an unfinished one. `chosen`
    holds the values of the report's own options by their codes.
    """

    on: date
    agency_id: int | None = None
    agency_name: str = ""
    period: Period | None = None
    specialist_id: int | None = None
    specialist_name: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, agency: Agency | None, on: date) -> "Parameters":
        return cls(on, agency.id, agency.name) if agency else cls(on)

    @property
    def span(self) -> Period:
        """The period; of a paper for a day, that day."""
        return self.period or Period(self.on, self.on)


@dataclass(frozen=True)
class Desk:
    """Where a report is made: the records, whose access bounds them, and what is asked for."""

    session: Session
    viewer: Viewer
    parameters: Parameters


class Report(ABC):
    """A paper under a stable code: a list (ListReport) or figures (reports.figures.FiguresReport)."""

    code: ClassVar[str]
    title: ClassVar[str]
    short_title: ClassVar[str]
    note: ClassVar[str] = ""
    agency_kinds: ClassVar[frozenset[AgencyKind]] = frozenset()  # Who makes this paper; empty: anybody.
    is_of_one_agency: ClassVar[bool] = True
    timing: ClassVar[Timing] = Timing.DAY
    months: ClassVar[int] = 6  # Of the period that is offered first: 1, 3, 6 or 12.
    is_of_specialist: ClassVar[bool] = False  # One employee's paper: the parameters name whose.
    is_signed: ClassVar[bool] = True  # Also made as DOCX with signatures.
    is_submitted: ClassVar[bool] = False  # May be drawn up, approved, frozen and sent (models.submissions).
    options: ClassVar[tuple[Option, ...]] = ()

    def subtitle(self, parameters: Parameters) -> str:
        when = f"за {parameters.period.title}" if parameters.period else f"на {parameters.on:%d.%m.%Y}"
        whose = (parameters.specialist_name, parameters.agency_name)
        return ", ".join(part for part in (*whose, when) if part)

    def is_made_by(self, kind: AgencyKind) -> bool:
        return not self.agency_kinds or kind in self.agency_kinds


class ListReport(Report):
    """A table with a row per person or record. `viewer` is always the one whose access bounds the rows."""

    columns: ClassVar[tuple[Column, ...]]
    has_number_row: ClassVar[bool] = True
    counted: ClassVar[tuple[str, str, str]] = ("человек", "человека", "человек")  # What the rows are.
    record_endpoint: ClassVar[str] = "graduate.details_view"  # Where a row leads; its id is the row's first part.

    @abstractmethod
    def rows(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[Row]:
        """The rows in their printed order, streamed; no statement per row."""

    @abstractmethod
    def count(self, session: Session, viewer: Viewer, parameters: Parameters) -> int:
        """How many rows there are."""

    def left_out(self, session: Session, viewer: Viewer, parameters: Parameters) -> list[LeftOut]:
        """Who is not in the paper although one might look for them there, and why."""
        return []
