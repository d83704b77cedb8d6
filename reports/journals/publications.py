"""The journal of publications and updates of public information (vologda 2.1, 2.2; kizil 1.6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select, true

from models.access import Viewer
from models.journals import Journal
from models.library import Publication
from reports.base import Cell, Kind
from reports.journals.base import Book, JournalPaper, Rows, lines, open_column, ordinal


class Publications(JournalPaper):
    journal, model, day = Journal.PUBLICATIONS, Publication, "published_on"
    short_title = "Публикации"
    columns = (
        ordinal(),
        open_column("Дата", "published_on", 11, Kind.DATE),
        open_column("Где (СМИ, сайт, соцсеть, стенд)", "medium", 18),
        open_column("Издание, сайт", "source", 24),
        open_column("Тема", "title", 40),
        open_column("Ссылка", "link", 30),
        open_column("Ответственный", "specialist", 22),
        open_column("Примечание", "note", 24),
    )

    def query(self, viewer: Viewer) -> Rows:
        return select(Publication, true().label("is_readable"))

    def names(self, viewer: Viewer, text: str) -> ColumnElement[bool]:
        """It is about nobody."""
        return false()

    def people(self, record: Publication, facts: Any) -> tuple[int, ...]:
        return ()

    def cells(self, record: Publication, facts: None, book: Book) -> tuple[Cell, ...]:
        return (
            record.number,
            record.published_on,
            record.medium.label,
            record.source,
            record.title,
            record.link,
            record.specialist,
            lines(record.note),
        )
