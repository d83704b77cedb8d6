"""П-1: minutes of talks; their body is read by the author, the head and those named on «psychology» (access.md)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.case_access import body_readable
from models.journals import Journal
from models.work import BODY_OF_MINUTES, Consultation, ConsultationMinutes
from reports.base import Cell, Kind
from reports.journals.base import (
    MASKED,
    Book,
    JournalColumn,
    JournalPaper,
    joined,
    label,
    number_and_day,
    open_column,
    signature,
)


class Minutes(JournalPaper):
    journal, model, day = Journal.CONSULTATION_MINUTES, ConsultationMinutes, "drawn_on"
    short_title = "Протоколы бесед"
    options = (joinedload(ConsultationMinutes.consultation).joinedload(Consultation.channel),)
    columns = (
        open_column("№ и дата", "registered", 11),
        open_column("Время начала/окончания", "time", 10),
        open_column("Место/форма", "place", 12),
        JournalColumn("Ф.И.О. выпускника", "person", 15),
        open_column("Специалист (должность)", "specialist", 14),
        JournalColumn("Присутствовали", "present", 13),
        JournalColumn("Повод (по инициативе …)", "initiative", 12),
        JournalColumn("Проблема", "problem", 17),
        JournalColumn("Ход, сведения со слов", "course", 20),
        JournalColumn("Разъяснено", "explained", 17),
        JournalColumn("Рекомендации", "recommendations", 17),
        JournalColumn("Договорённости: «Что / Кто / Срок»", "agreements", 18),
        JournalColumn("Направлен к специалисту (кому)", "referred_to", 13),
        open_column("Следующая встреча", "next_on", 11, Kind.DATE),
        open_column("Согласен(на) – подпись выпускника (или отметка «дистанционно»)", "agreed", 14),
        signature("Подпись специалиста"),
    )

    @property
    def mark_index(self) -> int:
        return [column.key for column in self.columns].index("agreements")

    def gather(self, session: Session, viewer: Viewer, book: Book, records: Sequence[ConsultationMinutes]) -> set[int]:
        """Minutes whose body the reader may read."""
        known = ConsultationMinutes.id.in_([one.id for one in records])
        return set(session.scalars(select(ConsultationMinutes.id).where(known, body_readable(viewer))))

    def cells(self, record: ConsultationMinutes, facts: set[int], book: Book) -> tuple[Cell, ...]:
        talk = record.consultation
        body = {name: getattr(record, name) for name in BODY_OF_MINUTES}
        if record.id not in facts:
            body = {name: MASKED if text else "" for name, text in body.items()}
        return (
            number_and_day(record, record.drawn_on),
            joined(*(f"{at:%H:%M}" for at in (record.time_from, record.time_to) if at), by="–"),
            joined(record.place, label(talk.channel), by=", "),
            record.graduate.full_name,
            talk.specialist,
            *(body[name] for name in BODY_OF_MINUTES),
            record.next_on,
            "дистанционно" if record.is_remote else "",
            None,
        )
