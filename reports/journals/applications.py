"""Ж-1 and Ж-3: applications for a contract, and refusals to conclude one (aistenok 8, 10, 13.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access import Viewer
from models.cases import Application, Refusal, RefusalKind
from models.deadlines import Deadline
from models.journals import Journal
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleTerms, Trigger
from reports.base import Cell, Kind
from reports.journals.base import (
    NAME,
    Book,
    JournalColumn,
    JournalPaper,
    day_text,
    holding,
    joined,
    label,
    lines,
    number_and_day,
    open_column,
    ordinal,
    signature,
    whereabouts,
)


class Applications(JournalPaper):
    journal, model, day = Journal.APPLICATIONS, Application, "registered_on"
    short_title = "Заявления"
    options = (
        joinedload(Application.channel),
        selectinload(Application.contracts),
        selectinload(Application.refusals),
    )
    columns = (
        ordinal(),
        open_column("Дата поступления", "received_on", 11, Kind.DATE),
        open_column("Рег. №", "registered", 9),
        open_column("Дата регистрации", "registered_on", 11.5, Kind.DATE),
        JournalColumn(NAME, "person", 17),
        JournalColumn("Дата рождения", "birth_date", 11, Kind.DATE),
        JournalColumn("Адрес, телефон", "address", 19),
        open_column("Способ подачи", "channel", 11),
        JournalColumn("Приложенные документы", "documents", 17),
        open_column("Принял (Ф.И.О.)", "received_by", 14),
        open_column("Срок заключения договора (до)", "due_on", 12, Kind.DATE),
        JournalColumn("Результат (договор № / отказ №, дата)", "result", 17),
        open_column("Дата уведомления", "notified_on", 12, Kind.DATE),
        JournalColumn("Примечание", "note", 13),
    )

    def gather(self, session: Session, viewer: Viewer, book: Book, records: Sequence[Application]) -> dict[int, date]:
        return contract_terms(session, agency_id=book.agency_id, applications=records)

    def cells(self, record: Application, facts: dict[int, date], book: Book) -> tuple[Cell, ...]:
        refusals = holding(record.refusals)
        told = record.notified_on or next((one.notified_on for one in refusals if one.notified_on), None)
        return (
            record.number,
            record.received_on,
            record.number_text,
            record.registered_on,
            record.graduate.full_name,
            record.graduate.birth_date,
            whereabouts(record.graduate),
            label(record.channel),
            lines(record.documents),
            record.received_by,
            facts.get(record.id),
            _result(record, refusals),
            told,
            record.note,
        )


def _result(record: Application, refusals: Sequence[Refusal]) -> str:
    signed = [f"договор {number_and_day(one, one.signed_on)}" for one in holding(record.contracts)]
    refused = [f"отказ {number_and_day(one, one.refused_on)}" for one in refusals]
    taken_back = [f"отозвано {record.withdrawn_on:%d.%m.%Y}"] if record.withdrawn_on else []
    return joined(*signed, *refused, *taken_back)


def contract_terms(session: Session, *, agency_id: int, applications: Sequence[Application]) -> dict[int, date]:
    """{application: until when its contract has to be signed}, of those that a rule gave a term."""
    d = Deadline
    query = (
        select(d.subject, d.due_on, DeadlineRule.id, DeadlineRule.terms_data)
        .join(DeadlineRule, DeadlineRule.id == d.rule_id)
        .where(
            d.agency_id == agency_id,
            d.graduate_id.in_({one.graduate_id for one in applications}),
            d.subject.startswith("application:"),
        )
    )
    terms: dict[int, bool] = {}
    found: dict[int, date] = {}
    for subject, due_on, rule_id, data in session.execute(query):
        if terms.setdefault(rule_id, _is_of_contract(data)):
            number = int(subject.partition(">")[0].partition(":")[2])
            found[number] = min(due_on, found.get(number, due_on))
    return found


def _is_of_contract(data: Any) -> bool:
    terms = RuleTerms.of(data)
    return Trigger.APPLICATION_REGISTERED in terms.triggers and terms.evidence is EvidenceKind.CONTRACT


class Refusals(JournalPaper):
    journal, model, day = Journal.REFUSALS, Refusal, "refused_on"
    short_title = "Отказы"
    options = (joinedload(Refusal.reason), joinedload(Refusal.graduate_reason), joinedload(Refusal.application))
    columns = (
        ordinal(),
        open_column("Дата", "refused_on", 11, Kind.DATE),
        open_column("Рег. №", "registered", 9),
        JournalColumn("Ф.И.О.", "person", 18),
        JournalColumn("Дата рождения", "birth_date", 11, Kind.DATE),
        open_column("Вид отказа (отказ выпускника / решение организации)", "kind", 15),
        JournalColumn("Причина, основание (пункт Положения)", "reason", 24),
        open_column("Реквизиты решения", "decision", 17),
        open_column("Дата и способ уведомления", "notified", 15),
        open_column("Разъяснено право обратиться повторно (да/нет)", "explained", 14),
        open_column("Ответственный", "responsible", 15),
        signature("Подпись"),
    )

    def cells(self, record: Refusal, facts: None, book: Book) -> tuple[Cell, ...]:
        return (
            record.number,
            record.refused_on,
            record.number_text,
            record.graduate.full_name,
            record.graduate.birth_date,
            record.kind.label,
            joined(label(record.reason) or label(record.graduate_reason), lines(record.details), record.clause),
            _decision(record),
            day_text(record.notified_on, record.notified_how),
            "да" if record.is_return_explained else "нет",
            record.responsible,
            None,
        )


def _decision(record: Refusal) -> str:
    own = f"решение {number_and_day(record, record.refused_on)}" if record.kind is RefusalKind.AGENCY else ""
    asked = record.application
    if asked is None or not asked.number:
        return own
    return joined(own, f"заявление {number_and_day(asked, asked.registered_on)}")
