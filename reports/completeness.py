"""Lists of people that organisations hand in: what a submission (models.submissions) asks of a report beside its rows.

A list says whose names stand in it and how a card is worded; printed rows, rows of a submission and what a row lacks
all follow from that. A submission draws up its draft from `submitted_rows`, and asks `completeness` again whenever the
office has put a column into its own words: a row that lacks something is blocked until the card or the words say it.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from reports.base import Cell, ListReport, Parameters, Row

CHUNK = 500  # people loaded at once, each chunk by the same few statements
NUMBER = "number"  # № п/п, the first column of every list: a submission numbers its rows anew.


@dataclass(frozen=True)
class SubmittedRow:
    """What the card says of a person in every column but № п/п, by the column's key, and the headings of what lacks."""

    graduate_id: int
    name: str
    birth_date: date
    cells: dict[str, Cell]
    missing: list[str]


class SubmittedList(ListReport):
    """A list of people of one agency that is drawn up, approved and sent; its first column is № п/п."""

    is_submitted = True
    required: ClassVar[tuple[str, ...]] = ()  # Keys of the columns without which a row is not sent.

    @abstractmethod
    def listed(self, session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
        """Whose names stand in the list, unordered; `viewer` is the one whose access bounds them."""

    @abstractmethod
    def cells(self, graduate: Graduate, parameters: Parameters, beside: str = "") -> tuple[Cell, ...]:
        """The columns after № п/п; `beside` is what `words_beside` found for the person."""

    def words_beside(self, session: Session, people: Sequence[Graduate], parameters: Parameters) -> dict[int, str]:
        """What the rows need of records that do not hang on the card, for many people at once: number → words."""
        return {}

    def people(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[tuple[Graduate, tuple[Cell, ...]]]:
        """Those listed in their printed order, streamed, and the columns after № п/п."""
        query = self.listed(session, viewer, parameters).order_by(Graduate.name_key, Graduate.id).limit(limit)
        for chunk in session.scalars(query.execution_options(yield_per=CHUNK)).partitions():
            beside = self.words_beside(session, chunk, parameters)
            for graduate in chunk:
                yield graduate, self.cells(graduate, parameters, beside.get(graduate.id, ""))

    def rows(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[Row]:
        people = self.people(session, viewer, parameters, limit=limit)
        for number, (graduate, cells) in enumerate(people, start=1):
            yield Row(graduate.id, (number, *cells))

    def count(self, session: Session, viewer: Viewer, parameters: Parameters) -> int:
        counted = self.listed(session, viewer, parameters).with_only_columns(func.count(Graduate.id))
        return session.scalar(counted) or 0

    def submitted_rows(self, session: Session, viewer: Viewer, parameters: Parameters) -> Iterator[SubmittedRow]:
        """The same people in the same order; no statement per row."""
        keys = [column.key for column in self.columns[1:]]
        for graduate, printed in self.people(session, viewer, parameters):
            cells = dict(zip(keys, printed, strict=True))
            missing = self.completeness(graduate, cells, parameters)
            yield SubmittedRow(graduate.id, graduate.full_name, graduate.birth_date, cells, missing)

    def completeness(self, graduate: Graduate | None, cells: Mapping[str, Cell], parameters: Parameters) -> list[str]:
        """Headings of required columns that say nothing, in the order of the list.

        `cells` are as they would be printed: the office's own words where it gave some, else what the card says. A list
        may ask more of a person; where the card cannot be read any more, `graduate` is None.
        """
        needed = [column for column in self.columns if column.key in self.required]
        return [column.heading for column in needed if is_empty(cells.get(column.key))]


def is_empty(cell: Cell) -> bool:
    return cell is None or not str(cell).strip()
