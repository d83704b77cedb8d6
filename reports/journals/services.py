"""Ж-12: services rendered, read from their records; it has no numbers of its own (aistenok 13.1, 14)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from models.journals import Journal
from models.plans import Measure
from models.work import ServiceRecord
from reports.base import Cell, Kind
from reports.journals.base import Book, JournalColumn, JournalPaper, open_column

# What a service may rest on, the nearest first: the relation, and the journal in words.
GROUNDS = (
    ("appeal", "журнал обращений"),
    ("consultation", "журнал бесед"),
    ("session", "журнал групповых занятий"),
    ("visit", "журнал выездов"),
    ("urgent_act", "акт срочных услуг"),
)


class Services(JournalPaper):
    journal, model, day = Journal.SERVICES, ServiceRecord, "provided_on"
    short_title = "Услуги"
    options = (
        joinedload(ServiceRecord.kind),
        *(joinedload(getattr(ServiceRecord, name)) for name, _ in GROUNDS),
        joinedload(ServiceRecord.measure).joinedload(Measure.plan),
    )
    columns = (
        open_column("Дата", "provided_on", 12, Kind.DATE),
        JournalColumn("Выпускник", "person", 30),
        open_column("Вид услуги", "kind", 24),
        JournalColumn("Услуга", "title", 38),
        open_column("Кол-во", "quantity", 8, Kind.NUMBER),
        open_column("Специалист", "specialist", 26),
        open_column("Основание (журнал, №)", "ground", 26),
    )

    @property
    def order(self) -> tuple[Any, ...]:
        return (ServiceRecord.provided_on, ServiceRecord.id)

    def of_year(self, book: Book) -> list[ColumnElement[bool]]:
        day = ServiceRecord.provided_on
        return [
            ServiceRecord.agency_id == book.agency_id,
            day.between(date(book.year, 1, 1), date(book.year, 12, 31)),
        ]

    def cells(self, record: ServiceRecord, facts: None, book: Book) -> tuple[Cell, ...]:
        return (
            record.provided_on,
            record.graduate.full_name,
            record.kind.label,
            record.title,
            record.quantity,
            record.specialist,
            ground(record),
        )


def ground(record: ServiceRecord) -> str:
    """«журнал бесед, № 4/2026»."""
    for name, journal in GROUNDS:
        source = getattr(record, name)
        if source is not None:
            return f"{journal}, № {source.number_text}"
    if record.measure is None:
        return ""
    number = record.measure.plan.number_text
    return f"план, № {number}" if number else "план"
