"""What a journal is: the columns of a paper journal over the records of an organisation in a year."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager

from models.access import Viewer, visible_to
from models.graduates import Graduate
from models.journals import Journal
from models.text import search_terms
from reports import eligibility
from reports.base import Cell, Column, Kind

Rows = Select[*tuple[Any, ...]]
CHUNK = 500  # records loaded at once, each chunk by the same few statements
MASKED = "•••"
NUMBER = "№ п/п"
NAME = "Ф.И.О. выпускника"


@dataclass(frozen=True)
class JournalColumn(Column):
    """A column of a journal. `is_open`: told also of somebody whom the reader may not see."""

    is_open: bool = False
    is_signature: bool = False  # Left empty, for a pen.


@dataclass(frozen=True)
class Book:
    """Whose journal, of which year, and what part of it: rows from `skip` on, `take` of them."""

    agency_id: int
    agency_name: str
    year: int
    on: date
    skip: int = 0
    take: int | None = None
    since: date | None = None
    until: date | None = None
    person: str = ""
    ids: Sequence[int] | None = None  # These records only.
    last_age: int = eligibility.LAST_AGE
    last_day: Callable[[date], date] = eligibility.last_eligible_day  # of support, by the birth date
    zone: tzinfo = UTC  # in which a moment falls on a day

    def day_of(self, at: datetime | None) -> date | None:
        return at.astimezone(self.zone).date() if at else None


@dataclass(frozen=True)
class Entry:
    """A row of a journal and the record behind it."""

    id: int
    people: tuple[int, ...]  # Numbers of the cards that it names.
    cells: tuple[Cell, ...]
    annulment: str = ""  # When and why; empty: it holds.
    is_readable: bool = True  # The reader may see whom it is about.


@dataclass(frozen=True)
class Span:
    """How many rows there are, and the days of the first and the last."""

    rows: int
    first_on: date | None
    last_on: date | None


def open_column(heading: str, key: str, width: float, kind: Kind = Kind.TEXT) -> JournalColumn:
    return JournalColumn(heading, key, width, kind, is_open=True)


def signature(heading: str, width: float = 11) -> JournalColumn:
    return JournalColumn(heading, "signature", width, is_open=True, is_signature=True)


def ordinal() -> JournalColumn:
    return open_column(NUMBER, "number", 6, Kind.NUMBER)


class JournalPaper(ABC):
    """A journal under a stable code: the records of `model`, each with its day, in the order of their numbers."""

    journal: ClassVar[Journal]
    model: ClassVar[type[Any]]
    day: ClassVar[str]
    short_title: ClassVar[str]
    columns: ClassVar[tuple[JournalColumn, ...]]
    options: ClassVar[tuple[Any, ...]] = ()  # What is loaded with the records, a chunk at a time;
    person_options: ClassVar[tuple[Any, ...]] = ()  # and with the people.

    # -- What a journal says -------------------------------------------------------------------------------------------

    @abstractmethod
    def cells(self, record: Any, facts: Any, book: Book) -> tuple[Cell, ...]:
        """The cells of a row whose person the reader may see, one for each column."""

    def gather(self, session: Session, viewer: Viewer, book: Book, records: Sequence[Any]) -> Any:
        """What a chunk of records needs from elsewhere; handed on to `cells`."""
        return None

    # -- What all have in common ---------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        return self.journal.value

    @property
    def title(self) -> str:
        return self.journal.label

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.model.number,)

    @property
    def mark_index(self) -> int:
        """The column that tells of an annulment: the note, else the last one that is not signed."""
        keys = [column.key for column in self.columns]
        if "note" in keys:
            return keys.index("note")
        return max(i for i, column in enumerate(self.columns) if not column.is_signature)

    def entries(self, session: Session, viewer: Viewer, book: Book) -> Iterator[Entry]:
        """The rows in the order of their numbers, streamed; no statement per row."""
        query = self.part(self.query(viewer), viewer, book).execution_options(yield_per=CHUNK)
        for chunk in session.execute(query).partitions():
            rows = [tuple(row) for row in chunk]
            facts = self.gather(session, viewer, book, [row[0] for row in rows])
            for record, is_readable in rows:
                yield self.entry(record, bool(is_readable), facts, book)

    def query(self, viewer: Viewer) -> Rows:
        """Records, and whether the reader may see whom they are about."""
        query = select(self.model, visible_to(viewer).label("is_readable")).join(self.model.graduate)
        person = contains_eager(self.model.graduate).options(*self.person_options)
        return query.options(person, *self.options)

    def part(self, query: Rows, viewer: Viewer, book: Book) -> Rows:
        """The rows of a query that stand in the book, in order."""
        query = query.where(*self.belongs(viewer, book)).order_by(*self.order)
        return query.offset(book.skip or None).limit(book.take)

    def belongs(self, viewer: Viewer, book: Book) -> list[ColumnElement[bool]]:
        return [*self.of_year(book), *self._asked(viewer, book)]

    def of_year(self, book: Book) -> list[ColumnElement[bool]]:
        return [self.model.agency_id == book.agency_id, self.model.year == book.year, self.model.number.is_not(None)]

    def names(self, viewer: Viewer, text: str) -> ColumnElement[bool]:
        """A row about somebody visible whose name has all the fragments."""
        condition: ColumnElement[bool] = self.model.graduate_id.in_(select(Graduate.id).where(is_called(viewer, text)))
        return condition

    def span(self, session: Session, viewer: Viewer, book: Book) -> Span:
        """Of the part of the journal that the book asks for."""
        day = getattr(self.model, self.day)
        rows = self.part(select(day.label("day")).select_from(self.model), viewer, book).subquery()
        count, first, last = session.execute(select(func.count(), func.min(rows.c.day), func.max(rows.c.day))).one()
        return Span(count, first, last)

    def entry(self, record: Any, is_readable: bool, facts: Any, book: Book) -> Entry:
        cells = self.cells(record, facts, book)
        if not is_readable:
            cells = tuple(self._hidden(column, cell, record) for column, cell in zip(self.columns, cells, strict=True))
        return Entry(record.id, self.people(record, facts), cells, annulment_of(record), is_readable)

    def people(self, record: Any, facts: Any) -> tuple[int, ...]:
        return (record.graduate_id,)

    def _asked(self, viewer: Viewer, book: Book) -> Iterator[ColumnElement[bool]]:
        day = getattr(self.model, self.day)
        if book.since:
            yield day >= book.since
        if book.until:
            yield day <= book.until
        if search_terms(book.person):
            yield self.names(viewer, book.person)
        if book.ids is not None:
            yield self.model.id.in_(book.ids)

    def _hidden(self, column: JournalColumn, cell: Cell, record: Any) -> Cell:
        if column.is_open:
            return cell
        if column.key == "person":
            return card_number(record.graduate_id)
        return MASKED if column.kind is Kind.TEXT else None


def is_called(viewer: Viewer, text: str) -> ColumnElement[bool]:
    parts = (Graduate.name_key.contains(term, autoescape=True) for term in search_terms(text))
    return and_(visible_to(viewer), *parts)


def card_number(graduate_id: int) -> str:
    """What is said of somebody whom the reader may not see."""
    return f"карточка № {graduate_id}"


def annulment_of(record: Any) -> str:
    if record.annulled_on is None:
        return ""
    return f"Аннулировано {record.annulled_on:%d.%m.%Y}: {record.annulled_reason.rstrip('.')}."


# -- Words of cells --------------------------------------------------------------------------------------------------


def holding(records: Iterable[Any]) -> list[Any]:
    """Those with a number that were not annulled."""
    return [one for one in records if one.number and one.annulled_on is None]


def number_and_day(record: Any, day: date | None) -> str:
    """«№ 7/2026 от 12.05.2026»."""
    return f"№ {record.number_text}" + (f" от {day:%d.%m.%Y}" if day else "")


def label(entry: Any) -> str:
    return entry.label if entry is not None else ""


def joined(*parts: str, by: str = "; ") -> str:
    return by.join(part for part in parts if part)


def day_text(day: date | None, words: str = "") -> str:
    """«12.05.2026, лично»."""
    return joined(f"{day:%d.%m.%Y}" if day else "", words, by=", ")


def lines(text: str) -> str:
    """One paper in a line becomes a list in a cell."""
    return joined(*(line.strip() for line in text.splitlines()))


def whereabouts(graduate: Graduate) -> str:
    return joined(graduate.current_address, graduate.current_phone)
