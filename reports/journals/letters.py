"""Ж-8 and Ж-9: letters that came and letters that went, answers among them (vologda 4.7; domain §3)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import joinedload

from models.access import Viewer
from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralPerson, ReferralStatus
from models.graduates import Graduate
from models.journals import Journal
from models.text import search_terms
from reports.base import Cell, Kind
from reports.journals.base import (
    Book,
    JournalColumn,
    JournalPaper,
    Rows,
    day_text,
    is_called,
    joined,
    open_column,
    ordinal,
    signature,
)
from reports.journals.correspondence import Correspondence, Line, gathered

UNANSWERED = {
    ReferralStatus.RETURNED: "возвращено на доработку",
    ReferralStatus.DECLINED: "отклонено",
    ReferralStatus.REVOKED: "отозвано",
}


class Letters(JournalPaper):
    """What both journals have in common: whoever reads the journal of a side reads its letters (access.md)."""

    model: ClassVar[type[Any]]

    def query(self, viewer: Viewer) -> Rows:
        return select(self.model, true().label("is_readable")).options(*self.options)

    def names(self, viewer: Viewer, text: str) -> ColumnElement[bool]:
        """By the names as they were sent, and by those that the cards have now."""
        as_sent = and_(*(Referral.about_key.contains(term, autoescape=True) for term in search_terms(text)))
        people = select(ReferralPerson.referral_id).join(Graduate, Graduate.id == ReferralPerson.graduate_id)
        known = self.model.referral_id.in_(people.where(is_called(viewer, text)))
        return or_(exists().where(Referral.id == self.model.referral_id, as_sent), known)

    def people(self, record: Any, facts: Correspondence) -> tuple[int, ...]:
        return facts.cards(record.referral_id)


class Incoming(Letters):
    journal, model, day = Journal.INCOMING, IncomingLetter, "received_on"
    short_title = "Входящие"
    options = (
        joinedload(IncomingLetter.referral).options(
            joinedload(Referral.executor), joinedload(Referral.author), joinedload(Referral.forwarded_by)
        ),
        joinedload(IncomingLetter.message),
    )
    columns = (
        open_column("Вх. №", "registered", 9),
        open_column("Дата поступления", "received_on", 11, Kind.DATE),
        open_column("Отправитель (корреспондент)", "sender", 22),
        open_column("Исх. № и дата документа", "document", 13),
        open_column("Вид, краткое содержание", "summary", 26),
        open_column("Кол-во листов", "sheets", 7, Kind.NUMBER),
        JournalColumn("О ком (выпускник)", "about", 18),
        JournalColumn("Резолюция", "resolution", 16),
        open_column("Исполнитель", "executor", 14),
        open_column("Срок исполнения", "due_on", 11, Kind.DATE),
        open_column("Отметка об исполнении (исх. №)", "done", 17),
        signature("Подпись исполнителя"),
        open_column("Способ доставки", "delivery", 12),
    )

    @property
    def mark_index(self) -> int:
        return [column.key for column in self.columns].index("done")

    def gather(self, session: Any, viewer: Viewer, book: Book, records: Any) -> Correspondence:
        return gathered(session, records)

    def cells(self, record: IncomingLetter, facts: Correspondence, book: Book) -> tuple[Cell, ...]:
        letter, is_answer = record.referral, record.message_id is not None
        executor = letter.author if is_answer else letter.executor
        return (
            record.number_text,
            record.received_on,
            _correspondent(record),
            _document(record, facts),
            _incoming_summary(record),
            record.sheets,
            facts.about(letter),
            joined(record.resolution, record.note),
            executor.name if executor else "",
            None if is_answer else letter.answer_due_on,
            _done(record, facts, book),
            None,
            record.delivery.label,
        )


def _correspondent(record: IncomingLetter) -> str:
    letter = record.referral
    if record.message_id is not None:
        return letter.recipient_name
    through = f"через: {letter.forwarded_by.short_name}" if letter.forwarded_by else ""
    return joined(letter.sender_name, through)


def _document(record: IncomingLetter, facts: Correspondence) -> str:
    """Their number and day: as our journal gave it to them, or as it stands on the paper."""
    letter, message = record.referral, record.message
    if line := facts.sent(record):
        return line.text
    if message is not None:
        return _theirs(message.their_number, message.written_on)
    return _theirs(letter.their_number, letter.sent_on)


def _theirs(number: str, day: Any) -> str:
    return joined(f"№ {number}" if number else "б/н", f"от {day:%d.%m.%Y}" if day else "", by=" ")


def _incoming_summary(record: IncomingLetter) -> str:
    letter, message = record.referral, record.message
    if message is None:
        return _told(letter)
    return joined(f"Ответ: {_told(letter)}", message.outcome.label if message.outcome else "")


def _told(letter: Referral) -> str:
    """The kind, and the summary where it says more."""
    return joined(letter.kind_title, letter.summary if letter.summary != letter.kind_title else "", by=". ")


def _done(record: IncomingLetter, facts: Correspondence, book: Book) -> str:
    """How a letter that came was dealt with: our answers, else what became of it."""
    letter = record.referral
    if record.message_id is not None:
        return ""
    answers = facts.answers(letter.id, record.agency_id)
    if answers:
        return joined(*(f"исх. {line.text}" for line in answers))
    if letter.status is ReferralStatus.FORWARDED:
        return _passed_on(letter, facts, record.agency_id)
    if letter.answered_on:
        return f"ответ {letter.answered_on:%d.%m.%Y}"
    if letter.status in UNANSWERED:
        return day_text(book.day_of(letter.closed_at), UNANSWERED[letter.status])
    return f"исполнено {book.day_of(letter.closed_at):%d.%m.%Y}" if letter.closed_at else ""


def _passed_on(letter: Referral, facts: Correspondence, agency_id: int) -> str:
    passed = facts.passed_on(letter.id)
    lines = facts.numbers(passed.id, agency_id) if passed else []
    told = f"переадресовано: {passed.recipient}" if passed else "переадресовано"
    return joined(told, *(f"исх. {line.text}" for line in lines))


class Outgoing(Letters):
    journal, model, day = Journal.OUTGOING, OutgoingLetter, "sent_on"
    short_title = "Исходящие"
    options = (joinedload(OutgoingLetter.referral), joinedload(OutgoingLetter.message))
    columns = (
        ordinal(),
        open_column("Дата", "sent_on", 11, Kind.DATE),
        open_column("Исх. №", "registered", 9),
        open_column("Вид документа", "kind", 17),
        open_column("Адресат", "recipient", 22),
        open_column("Краткое содержание", "summary", 24),
        JournalColumn("О ком", "about", 18),
        open_column("Кол-во листов", "sheets", 7, Kind.NUMBER),
        open_column("Экз.", "copies", 6, Kind.NUMBER),
        open_column("Способ отправки", "delivery", 12),
        open_column("Контрольный срок ответа", "due_on", 12, Kind.DATE),
        open_column("Ответ (вх. №, дата)", "answer", 15),
        open_column("Результат", "outcome", 15),
        JournalColumn("Примечание", "note", 15),
    )

    def gather(self, session: Any, viewer: Viewer, book: Book, records: Any) -> Correspondence:
        return gathered(session, records)

    def cells(self, record: OutgoingLetter, facts: Correspondence, book: Book) -> tuple[Cell, ...]:
        letter, message = record.referral, record.message
        is_answer = message is not None
        return (
            record.number,
            record.sent_on,
            record.number_text,
            "Ответ" if is_answer else letter.kind_title,
            letter.sender_name if is_answer else letter.recipient_name,
            _answered(letter, facts, record.agency_id) if is_answer else letter.summary,
            facts.about(letter),
            record.sheets,
            record.copies,
            record.delivery.label,
            None if is_answer else letter.answer_due_on,
            "" if is_answer else answer_text(record, facts),
            (message.outcome.label if message.outcome else "") if message else _outcome(record, facts, book),
            record.note,
        )


def _answered(letter: Referral, facts: Correspondence, agency_id: int) -> str:
    """«На вх. № 3/2026 от 04.03.2026: Запрос»."""
    came = facts.came(letter.id, agency_id)
    return joined(f"На вх. {came.text}" if came else "", _told(letter), by=": ")


def answer_text(record: OutgoingLetter, facts: Correspondence) -> str:
    """Incoming numbers of the answers; of a letter that was sent again they stand at the last of its numbers."""
    if facts.next_number(record):
        return ""
    return joined(*(f"вх. {line.text}" for line in _answers(record, facts)))


def _answers(record: OutgoingLetter, facts: Correspondence) -> list[Line]:
    found = facts.received_answers(record.referral_id, record.agency_id)
    passed = facts.passed_on(record.referral_id)
    while passed is not None:
        found += facts.received_answers(passed.id, record.agency_id)
        passed = facts.passed_on(passed.id)
    return found


def _outcome(record: OutgoingLetter, facts: Correspondence, book: Book) -> str:
    letter = record.referral
    if line := facts.next_number(record):
        return f"возвращено, отправлено повторно: исх. {line.text}"
    if letter.status is ReferralStatus.FORWARDED:
        passed = facts.passed_on(letter.id)
        return joined(f"переадресовано: {passed.recipient}" if passed else "переадресовано", facts.outcome(letter.id))
    if letter.status in UNANSWERED:
        return joined(UNANSWERED[letter.status], letter.reason, by=": ")
    if letter.outcome:
        return letter.outcome.label
    return f"закрыто {book.day_of(letter.closed_at):%d.%m.%Y}" if letter.closed_at else ""
