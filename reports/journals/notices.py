"""Ж-10: notices of need, read from the letters that carry them; a row for each (vologda 4.4; domain §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models.access import Viewer, visible_to
from models.deadlines import Deadline
from models.exchange import MessageKind, OutgoingLetter, Referral, ReferralMessage, ReferralPerson, ReferralUrgency
from models.graduates import Graduate
from models.journals import Journal
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleTerms
from models.support import Problem
from reports.base import Cell, Kind
from reports.journals.base import Book, JournalColumn, joined, label, lines, open_column, ordinal
from reports.journals.correspondence import Correspondence, gathered
from reports.journals.letters import Letters

PROBLEM = "problem:"
SENDING = (EvidenceKind.REFERRAL, EvidenceKind.NOTICE)  # What closes the duty to notify.


def notices_of(agency_id: int, year: int) -> list[ColumnElement[bool]]:
    """Notices that an organisation sent, each by the first number that it gave it; a year's in their order."""
    o, earlier = OutgoingLetter, aliased(OutgoingLetter)
    same = and_(earlier.referral_id == o.referral_id, earlier.agency_id == o.agency_id, earlier.message_id.is_(None))
    return [
        o.agency_id == agency_id,
        o.year == year,
        o.message_id.is_(None),
        exists().where(Referral.id == o.referral_id, Referral.is_notice),
        ~exists().where(same, earlier.id < o.id),
    ]


@dataclass(frozen=True)
class Facts:
    letters: Correspondence
    ordinals: dict[int, int]
    problems: dict[int, Problem]  # by letter
    due: dict[int, date]  # by letter
    measures: dict[int, list[str]]  # what its answers say, by letter


class Notices(Letters):
    journal, model, day = Journal.NOTICES, OutgoingLetter, "sent_on"
    short_title = "Извещения"
    options = (joinedload(OutgoingLetter.referral),)
    columns = (
        ordinal(),
        open_column("Дата выявления", "found_on", 11, Kind.DATE),
        open_column("Источник", "source", 14),
        JournalColumn("Ф.И.О.", "person", 18),
        JournalColumn("Суть", "essence", 24),
        open_column("Экстренно (да/нет)", "urgent", 10),
        open_column("Срок извещения", "due_on", 11, Kind.DATE),
        open_column("Кому направлено", "recipient", 20),
        open_column("Дата, исх. №", "sent", 14),
        open_column("Подтверждение получения", "received", 15),
        JournalColumn("Принятые меры", "measures", 24),
        open_column("Обратная связь (дата)", "answered_on", 11, Kind.DATE),
        open_column("Контроль снят", "closed_on", 11, Kind.DATE),
    )

    @property
    def mark_index(self) -> int:
        return [column.key for column in self.columns].index("measures")

    def of_year(self, book: Book) -> list[ColumnElement[bool]]:
        return notices_of(book.agency_id, book.year)

    def gather(self, session: Session, viewer: Viewer, book: Book, records: Sequence[OutgoingLetter]) -> Facts:
        return Facts(
            gathered(session, records),
            _ordinals(session, book, records),
            _problems(session, viewer, records),
            _terms(session, book, records),
            _measures(session, records),
        )

    def people(self, record: OutgoingLetter, facts: Any) -> tuple[int, ...]:
        return super().people(record, facts.letters)

    def cells(self, record: OutgoingLetter, facts: Facts, book: Book) -> tuple[Cell, ...]:
        letter, problem = record.referral, facts.problems.get(record.referral_id)
        passed = facts.letters.passed_on(letter.id)
        sent = facts.letters.numbers(letter.id, record.agency_id)
        return (
            facts.ordinals[record.id],
            problem.found_on if problem else None,
            label(problem.source) if problem else "",
            facts.letters.about(letter),
            joined(label(problem.kind), problem.description, by=": ") if problem else letter.summary,
            "да" if letter.urgency is ReferralUrgency.IMMEDIATE else "нет",
            facts.due.get(letter.id),
            joined(letter.recipient_name, f"переадресовано: {passed.recipient}" if passed else ""),
            joined(*(f"{line.on:%d.%m.%Y}, № {line.number}" for line in sent)),
            _received(letter, facts.letters, book),
            joined(*facts.measures.get(letter.id, ())),
            letter.answered_on,
            book.day_of(letter.closed_at),
        )


def _received(letter: Referral, numbers: Correspondence, book: Book) -> str:
    """When the recipient confirmed it, and its number there."""
    came = numbers.came(letter.id, letter.recipient_id)
    at = letter.acknowledged_at
    told = f"{at.astimezone(book.zone):%d.%m.%Y %H:%M}" if at else ""
    if not told and letter.received_on:
        told = f"{letter.received_on:%d.%m.%Y}"
    return joined(told, f"вх. № {came.number}" if came else "", by=", ")


def _ordinals(session: Session, book: Book, records: Sequence[OutgoingLetter]) -> dict[int, int]:
    """{line: which notice of the year it is}."""
    o = OutgoingLetter
    place = func.row_number().over(order_by=o.number).label("place")
    all_of_year = select(o.id, place).where(*notices_of(book.agency_id, book.year)).subquery()
    query = select(all_of_year).where(all_of_year.c.id.in_([one.id for one in records]))
    return dict(session.execute(query).all())


def _problems(session: Session, viewer: Viewer, records: Sequence[OutgoingLetter]) -> dict[int, Problem]:
    """The problems of which the letters tell, where the reader may see whose they are."""
    wanted = {one.referral_id: _number_of(one.referral.subject) for one in records}
    query = (
        select(ReferralPerson.referral_id, Problem)
        .join(Problem, Problem.graduate_id == ReferralPerson.graduate_id)
        .join(Graduate, Graduate.id == Problem.graduate_id)
        .where(ReferralPerson.referral_id.in_(wanted), Problem.id.in_(set(wanted.values())), visible_to(viewer))
        .options(joinedload(Problem.source), joinedload(Problem.kind))
    )
    rows = session.execute(query)
    return {referral_id: problem for referral_id, problem in rows if wanted[referral_id] == problem.id}


def _number_of(subject: str) -> int:
    """Of a problem; 0: the letter tells of something else."""
    number = subject.removeprefix(PROBLEM).partition(">")[0]
    return int(number) if subject.startswith(PROBLEM) and number.isdecimal() and len(number) < 10 else 0


def _terms(session: Session, book: Book, records: Sequence[OutgoingLetter]) -> dict[int, date]:
    """{letter: the last day for it}: of the obligation that it names, else of one about the same problem."""
    d = Deadline
    letters = [one.referral for one in records]
    ids = {one.deadline_id for one in letters if one.deadline_id is not None}
    subjects = {subject for one in letters if _number_of(one.subject) for subject in _subjects(one)}
    people = select(ReferralPerson.graduate_id).where(ReferralPerson.referral_id.in_([one.id for one in letters]))
    about = and_(d.graduate_id.in_(people), d.subject.in_(subjects))
    query = (
        select(d.id, d.subject, d.due_on, DeadlineRule.id, DeadlineRule.terms_data)
        .join(DeadlineRule, DeadlineRule.id == d.rule_id)
        .where(d.agency_id == book.agency_id, or_(d.id.in_(ids), about))
    )
    named: dict[int, date] = {}
    by_subject: dict[str, list[date]] = defaultdict(list)
    is_of_sending: dict[int, bool] = {}
    for number, subject, due_on, rule_id, data in session.execute(query):
        named[number] = due_on
        if is_of_sending.setdefault(rule_id, RuleTerms.of(data).evidence in SENDING):
            by_subject[subject].append(due_on)
    found = ((one.id, _term(one, named, by_subject)) for one in letters)
    return {number: due_on for number, due_on in found if due_on is not None}


def _subjects(letter: Referral) -> tuple[str, str]:
    """Of an obligation about the same fact: to anybody, or to the very recipient."""
    return letter.subject, f"{letter.subject}>a{letter.recipient_id}"


def _term(letter: Referral, named: dict[int, date], about: dict[str, list[date]]) -> date | None:
    """Of several, an urgent notice has the first, an ordinary one the last."""
    if letter.deadline_id in named:
        return named[letter.deadline_id]
    days = [day for subject in _subjects(letter) for day in about.get(subject, ())]
    is_urgent = letter.urgency is ReferralUrgency.IMMEDIATE
    return (min if is_urgent else max)(days, default=None)


def _measures(session: Session, records: Sequence[OutgoingLetter]) -> dict[int, list[str]]:
    m = ReferralMessage
    query = select(m.referral_id, m.text, m.outcome).where(
        m.referral_id.in_([one.referral_id for one in records]), m.kind == MessageKind.ANSWER
    )
    found: dict[int, list[str]] = defaultdict(list)
    for referral_id, text, outcome in session.execute(query.order_by(m.id)):
        found[referral_id].append(joined(outcome.label if outcome else "", lines(text), by=": "))
    return found
