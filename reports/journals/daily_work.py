"""Ж-6, Ж-7 and Ж-11: talks and consultations, appeals, visits (aistenok 13.3; krasnoyarsk 5.2; kizil stage 3)."""

from __future__ import annotations

from sqlalchemy.orm import joinedload, selectinload

from models.journals import Journal
from models.work import Appeal, Consultation, Visit
from reports.base import Cell, Kind
from reports.journals.base import (
    NAME,
    Book,
    JournalColumn,
    JournalPaper,
    holding,
    joined,
    label,
    lines,
    open_column,
    ordinal,
    signature,
    whereabouts,
)


class Consultations(JournalPaper):
    """The body of minutes is not told here, only their number."""

    journal, model, day = Journal.CONSULTATIONS, Consultation, "held_on"
    short_title = "Беседы, консультации"
    options = (
        joinedload(Consultation.channel),
        joinedload(Consultation.outcome),
        selectinload(Consultation.all_minutes),
    )
    columns = (
        ordinal(),
        open_column("Дата", "held_on", 11, Kind.DATE),
        JournalColumn(NAME, "person", 19),
        open_column(
            "Вид (беседа/консультация: юридическая, психологическая, педагогическая, социальная, по трудоустройству, "
            "медицинская)",
            "kind",
            18,
        ),
        open_column("Форма (очно/телефон/онлайн/выезд)", "channel", 12),
        JournalColumn("Тема, запрос", "topic", 21),
        JournalColumn("Содержание помощи, рекомендации", "content", 27),
        open_column("Результат", "outcome", 15),
        open_column("№ протокола", "minutes", 11),
        open_column("Специалист", "specialist", 17),
        signature("Подпись"),
    )

    def cells(self, record: Consultation, facts: None, book: Book) -> tuple[Cell, ...]:
        minutes = holding([record.minutes] if record.minutes else [])
        return (
            record.number,
            record.held_on,
            record.graduate.full_name,
            record.kind.label,
            label(record.channel),
            record.topic,
            record.content,
            label(record.outcome),
            joined(*(one.number_text for one in minutes)),
            record.specialist,
            None,
        )


class Appeals(JournalPaper):
    journal, model, day = Journal.APPEALS, Appeal, "received_on"
    short_title = "Обращения"
    options = (joinedload(Appeal.channel), joinedload(Appeal.wanted_kind), joinedload(Appeal.outcome))
    columns = (
        ordinal(),
        open_column("Дата и время", "received", 11),
        JournalColumn("Ф.И.О.", "person", 17),
        JournalColumn("Адрес/телефон", "address", 18),
        open_column("Канал", "channel", 11),
        JournalColumn("Краткое содержание обращения", "content", 24),
        open_column("Вид запрашиваемой помощи", "wanted", 14),
        open_column("Срочность", "urgency", 11),
        JournalColumn("Принятое решение / оказанная помощь", "decision", 22),
        open_column("Исполнитель", "specialist", 15),
        open_column("Срок", "due_on", 11, Kind.DATE),
        open_column("Дата исполнения", "done_on", 11.5, Kind.DATE),
        open_column("Результат", "outcome", 14),
    )

    def cells(self, record: Appeal, facts: None, book: Book) -> tuple[Cell, ...]:
        at = f" {record.received_time:%H:%M}" if record.received_time else ""
        return (
            record.number,
            f"{record.received_on:%d.%m.%Y}{at}",
            record.graduate.full_name,
            whereabouts(record.graduate),
            label(record.channel),
            record.content,
            label(record.wanted_kind),
            record.urgency.label,
            record.decision,
            record.specialist,
            record.due_on,
            record.done_on,
            label(record.outcome),
        )


class Visits(JournalPaper):
    journal, model, day = Journal.VISITS, Visit, "visited_on"
    short_title = "Выезды (патронаж)"
    options = (joinedload(Visit.category), selectinload(Visit.surveys))
    columns = (
        ordinal(),
        open_column("Дата", "visited_on", 11, Kind.DATE),
        JournalColumn("Ф.И.О.", "person", 19),
        JournalColumn("Адрес", "address", 21),
        JournalColumn("Цель", "purpose", 21),
        JournalColumn("Уровень", "category", 12),
        JournalColumn("Итог (дверь открыта/нет)", "result", 27),
        open_column("Акт №", "survey", 9),
        open_column("Следующий выезд", "next_on", 12, Kind.DATE),
        open_column("Специалисты", "specialists", 19),
        signature("Подписи"),
    )

    def cells(self, record: Visit, facts: None, book: Book) -> tuple[Cell, ...]:
        door = "дверь открыта" if record.is_opened else "дверь не открыта"
        return (
            record.number,
            record.visited_on,
            record.graduate.full_name,
            record.address,
            record.purpose,
            label(record.category),
            joined(door, lines(record.result)),
            joined(*(one.number_text for one in holding(record.surveys))),
            record.next_on,
            joined(record.specialist, record.companions, by=", "),
            None,
        )
