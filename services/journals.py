"""Journals of an organisation: whose may be read, what stands in them, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from models.access import Viewer
from models.base import Model
from models.exchange import OutgoingLetter
from models.files import FileIndex
from models.journals import Journal, JournalCounter, Numbered
from models.territory import Agency
from models.work import ServiceRecord
from reports.base import Cell, Struck
from reports.cover import Cover
from reports.journals import JOURNALS
from reports.journals.base import Book, Entry, JournalPaper
from reports.journals.notices import notices_of
from reports.workbook import write_workbook
from services.deadlines.reacting import ZONE
from services.errors import Refused
from services.profiles import last_eligible_day, profile_of
from services.whole_files import whole_file

VOLUME_ROWS = 100
SERIES = tuple(journal for journal in Journal if journal.value not in JOURNALS)  # Numbers of papers without a journal.


@dataclass(frozen=True)
class Summary:
    """How far a journal has come in a year."""

    journal: Journal
    rows: int = 0
    last_number: int = 0
    starts_after: int = 0
    file_code: str = ""
    keep_years: int | None = None


# -- Whose -----------------------------------------------------------------------------------------------------------


def read_by(viewer: Viewer) -> ColumnElement[bool]:
    """Organisations whose journals the viewer may read: the own one; overseers of the whole region, all."""
    return true() if viewer.reads_everybody else Agency.id == viewer.agency_id


def agencies_for(session: Session, *, viewer: Viewer) -> list[Agency]:
    query = select(Agency).where(read_by(viewer), or_(Agency.is_active.is_(True), Agency.id == viewer.agency_id))
    return list(session.scalars(query.order_by(Agency.short_name, Agency.id)))


def find_agency(session: Session, *, code: str) -> Agency:
    """Raises Refused."""
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        raise Refused(f"Организации с кодом «{code}» нет.")
    return agency


def find_paper(code: str) -> JournalPaper:
    """Raises Refused."""
    if code not in JOURNALS:
        raise Refused(f"Нет журнала «{code}»; есть: {', '.join(JOURNALS)}.")
    return JOURNALS[code]


def book_of(session: Session, *, agency: Agency, year: int, on: date) -> Book:
    """The whole journal of a year, with the ages of the organisation's regulations."""
    profile = profile_of(session, agency_id=agency.id, on=on)
    last_day = partial(last_eligible_day, profile=profile)
    zone = session.info.get(ZONE, UTC)
    return Book(agency.id, agency.name, year, on, last_age=profile.age_to, last_day=last_day, zone=zone)


def volume_of(book: Book, *, volume: int, rows: int) -> Book:
    return replace(book, skip=(volume - 1) * rows, take=rows)


# -- How many --------------------------------------------------------------------------------------------------------


def summaries(session: Session, *, agency_id: int, year: int) -> dict[Journal, Summary]:
    """Every journal and series of numbers of an organisation in a year."""
    rows = _rows(session, agency_id, year)
    counters = _counters(session, agency_id, year)
    files = file_lines(session, agency_id=agency_id)
    found = {}
    for journal in Journal:
        counter, line = counters.get(journal), files.get(journal)
        found[journal] = Summary(
            journal,
            rows=rows.get(journal, 0),
            last_number=counter.last_number if counter else 0,
            starts_after=counter.starts_after if counter else 0,
            file_code=line.code if line else "",
            keep_years=line.keep_years if line else None,
        )
    return found


def summary_of(session: Session, *, agency_id: int, year: int, journal: Journal) -> Summary:
    counter = session.get(JournalCounter, (agency_id, journal, year))
    line = file_lines(session, agency_id=agency_id).get(journal)
    return Summary(
        journal,
        last_number=counter.last_number if counter else 0,
        starts_after=counter.starts_after if counter else 0,
        file_code=line.code if line else "",
        keep_years=line.keep_years if line else None,
    )


def years_of(session: Session, *, agency_id: int, on: date) -> list[int]:
    """Years in which a journal was kept, the newest first; the present one always."""
    kept = session.scalars(select(JournalCounter.year).where(JournalCounter.agency_id == agency_id).distinct())
    return sorted({on.year, *kept}, reverse=True)


def file_lines(session: Session, *, agency_id: int) -> dict[Journal, FileIndex]:
    """{journal: the newest line of the nomenclature under which it is kept}."""
    lines = select(FileIndex).where(FileIndex.agency_id == agency_id, FileIndex.journal.is_not(None))
    return {line.journal: line for line in session.scalars(lines.order_by(FileIndex.id)) if line.journal is not None}


def _rows(session: Session, agency_id: int, year: int) -> dict[Journal, int]:
    counts = [
        select(literal(model.__journal__.value).label("journal"), func.count().label("rows"))
        .select_from(model)
        .where(model.agency_id == agency_id, model.year == year, model.number.is_not(None))
        for model in _numbered()
    ]
    day = ServiceRecord.provided_on
    services = (
        select(literal(Journal.SERVICES.value), func.count())
        .select_from(ServiceRecord)
        .where(ServiceRecord.agency_id == agency_id, day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    notices = (
        select(literal(Journal.NOTICES.value), func.count())
        .select_from(OutgoingLetter)
        .where(*notices_of(agency_id, year))
    )
    return {Journal(code): count for code, count in session.execute(union_all(*counts, services, notices))}


def _numbered() -> Iterator[Any]:
    for mapper in Model.registry.mappers:
        if issubclass(mapper.class_, Numbered):
            yield mapper.class_


def _counters(session: Session, agency_id: int, year: int) -> dict[Journal, JournalCounter]:
    query = select(JournalCounter).where(JournalCounter.agency_id == agency_id, JournalCounter.year == year)
    return {counter.journal: counter for counter in session.scalars(query)}


# -- On paper --------------------------------------------------------------------------------------------------------


def cover_of(
    session: Session, *, paper: JournalPaper, viewer: Viewer, book: Book, volume: int | None, line: FileIndex | None
) -> Cover:
    """A volume that is full, or of a year that is over, has ended; with the last row's day."""
    span = paper.span(session, viewer, book)
    is_full = book.take is not None and span.rows == book.take
    is_over = is_full or book.year < book.on.year
    return Cover(
        organisation=book.agency_name,
        title=paper.title,
        year=book.year,
        volume=volume,
        begun_on=span.first_on,
        ended_on=span.last_on if is_over else None,
        file_code=line.code if line else "",
        keep_years=line.keep_years if line else None,
    )


def printed(paper: JournalPaper, entries: Iterator[Entry]) -> Iterator[Sequence[Cell]]:
    """Rows as they are printed: an annulled one struck through, with the reason."""
    for entry in entries:
        if not entry.annulment:
            yield entry.cells
            continue
        cells, mark = list(entry.cells), paper.mark_index
        before = _as_text(cells[mark])
        cells[mark] = f"{before}\n{entry.annulment}" if before else entry.annulment
        yield Struck.at(cells, mark)


def _as_text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else str(cell)


def write_journal(
    session: Session, *, paper: JournalPaper, viewer: Viewer, book: Book, volume: int | None, path: Path
) -> int:
    """The journal as a workbook with its cover; the number of rows."""
    line = file_lines(session, agency_id=book.agency_id).get(paper.journal)
    return write_workbook(
        path,
        title=paper.title,
        columns=paper.columns,
        rows=printed(paper, paper.entries(session, viewer, book)),
        subtitle=f"{book.agency_name}, {book.year} год" + (f", том № {volume}" if volume else ""),
        sheet_name=paper.short_title[:31],
        has_number_row=True,
        on=book.on,
        cover=cover_of(session, paper=paper, viewer=viewer, book=book, volume=volume, line=line),
    )


def save_journal(
    session: Session, *, paper: JournalPaper, viewer: Viewer, book: Book, volume: int | None, path: Path
) -> int:
    """Into a file that appears only when it is whole. Raises Refused."""
    try:
        with whole_file(path) as unfinished:
            return write_journal(session, paper=paper, viewer=viewer, book=book, volume=volume, path=unfinished)
    except OSError as error:
        raise Refused(f"Не удалось записать файл «{path.name}».") from error
