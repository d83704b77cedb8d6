"""What a report is: a paper with a title, columns, parameters and rows that somebody may see."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from sqlalchemy.orm import Session

from models.access import Viewer
from models.territory import Agency, AgencyKind

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


@dataclass(frozen=True)
class Parameters:
    """The day on which the statements hold, and whose paper it is (None: of the whole installation)."""

    on: date
    agency_id: int | None = None
    agency_name: str = ""

    @classmethod
    def of(cls, agency: Agency | None, on: date) -> "Parameters":
        return cls(on, agency.id, agency.name) if agency else cls(on)


class Report(ABC):
    """A paper under a stable code. `viewer` is always the one whose access bounds the rows."""

    code: ClassVar[str]
    title: ClassVar[str]
    short_title: ClassVar[str]
    note: ClassVar[str] = ""
    columns: ClassVar[tuple[Column, ...]]
    agency_kinds: ClassVar[frozenset[AgencyKind]] = frozenset()  # Who makes this paper; empty: anybody.
    is_of_one_agency: ClassVar[bool] = True
    has_number_row: ClassVar[bool] = True

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

    def subtitle(self, parameters: Parameters) -> str:
        day = f"на {parameters.on:%d.%m.%Y}"
        return f"{parameters.agency_name}, {day}" if parameters.agency_name else day

    def is_made_by(self, kind: AgencyKind) -> bool:
        return not self.agency_kinds or kind in self.agency_kinds
