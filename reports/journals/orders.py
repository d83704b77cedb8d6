"""The journal of orders on curators and mentors (vologda 2.1)."""

from __future__ import annotations

from models.aid import CuratorOrder
from models.journals import Journal
from reports.base import Cell, Kind
from reports.journals.base import NAME, Book, JournalColumn, JournalPaper, joined, open_column, ordinal, signature


class Orders(JournalPaper):
    journal, model, day = Journal.ORDERS, CuratorOrder, "ordered_on"
    short_title = "Приказы о кураторах"
    columns = (
        ordinal(),
        open_column("Дата приказа", "ordered_on", 11, Kind.DATE),
        open_column("№ приказа", "order", 11),
        JournalColumn(NAME, "person", 24),
        open_column("Кем назначен (куратор, наставник)", "kind", 16),
        open_column("Кто назначен (Ф.И.О., должность)", "name", 28),
        open_column("С какого дня", "starts_on", 11, Kind.DATE),
        open_column("По какой день", "ends_on", 11, Kind.DATE),
        JournalColumn("Основание", "ground", 26),
        signature("Подпись об ознакомлении", 14),
    )

    def cells(self, record: CuratorOrder, facts: None, book: Book) -> tuple[Cell, ...]:
        return (
            record.number,
            record.ordered_on,
            record.number_text,
            record.graduate.full_name,
            record.kind.label,
            joined(record.name, record.position, by=", "),
            record.starts_on,
            record.ends_on,
            record.ground,
            None,
        )
