"""Ж-2 and Ж-4: contracts, and those taken on for support (aistenok 9.1, 13.2, 13.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access import Viewer
from models.cases import Contract, ContractAmendment, SupportEpisode
from models.circumstances import Employment, Study, as_of
from models.graduates import Graduate
from models.journals import Journal
from models.plans import Plan
from models.support import AssignmentKind, CategoryDecision
from reports import wording
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
    number_and_day,
    open_column,
    ordinal,
    signature,
)


class Contracts(JournalPaper):
    journal, model, day = Journal.CONTRACTS, Contract, "signed_on"
    short_title = "Договоры"
    options = (
        joinedload(Contract.application),
        joinedload(Contract.termination_ground),
        selectinload(Contract.amendments),
        selectinload(Contract.conclusions),
    )
    columns = (
        ordinal(),
        open_column("№ договора", "registered", 9),
        open_column("Дата заключения", "signed_on", 12, Kind.DATE),
        JournalColumn(NAME, "person", 18),
        JournalColumn("Дата рождения", "birth_date", 11, Kind.DATE),
        open_column("Заявление (№, дата)", "application", 14),
        open_column("Срок действия с/по", "term", 14),
        open_column("План (№, дата)", "plan", 14),
        open_column("Куратор", "curator", 17),
        JournalColumn("Доп. соглашения", "amendments", 18),
        JournalColumn("Дата и основание прекращения", "ended", 18),
        open_column("Заключение (№, дата)", "conclusion", 14),
        signature("Подпись о получении экземпляра", 13),
    )

    def gather(
        self, session: Session, viewer: Viewer, book: Book, records: Sequence[Contract]
    ) -> dict[int, list[Plan]]:
        """{contract: its plans, the oldest first}."""
        query = select(Plan).where(Plan.contract_id.in_([one.id for one in records])).order_by(Plan.id)
        found: dict[int, list[Plan]] = defaultdict(list)
        for plan in holding(session.scalars(query)):
            found[plan.contract_id].append(plan)
        return found

    def cells(self, record: Contract, facts: dict[int, list[Plan]], book: Book) -> tuple[Cell, ...]:
        asked = record.application
        return (
            record.number,
            record.number_text,
            record.signed_on,
            record.graduate.full_name,
            record.graduate.birth_date,
            number_and_day(asked, asked.registered_on) if asked is not None and asked.number else "",
            f"с {record.starts_on:%d.%m.%Y} по {first_end(record):%d.%m.%Y}",
            joined(*(number_and_day(plan, plan.approved_on) for plan in facts.get(record.id, ()))),
            record.curator,
            joined(*(amendment_text(one) for one in record.amendments)),
            day_text(record.ended_on, joined(label(record.termination_ground), record.termination_note)),
            joined(*(number_and_day(one, one.approved_on) for one in holding(record.conclusions))),
            None,
        )


def first_end(contract: Contract) -> date:
    """The last day as it was agreed at first: what changed it stands among the additional agreements."""
    changed = (one.old_ends_on for one in contract.amendments if one.new_ends_on and one.old_ends_on)
    return next(changed, contract.ends_on)


def amendment_text(change: ContractAmendment) -> str:
    until = f", срок по {change.new_ends_on:%d.%m.%Y}" if change.new_ends_on else ""
    return f"№ {change.number} от {change.signed_on:%d.%m.%Y}{until}"


class Accepted(JournalPaper):
    journal, model, day = Journal.ACCEPTED, SupportEpisode, "accepted_on"
    short_title = "Принятые на сопровождение"
    options = (
        joinedload(SupportEpisode.contract),
        joinedload(SupportEpisode.removal_ground),
    )
    person_options = (
        joinedload(Graduate.legal_status),
        joinedload(Graduate.graduating_agency),
        selectinload(Graduate.studies).joinedload(Study.agency),
        selectinload(Graduate.employments).joinedload(Employment.status),
        selectinload(Graduate.category_decisions).joinedload(CategoryDecision.category),
        selectinload(Graduate.assignments),
    )
    columns = (
        ordinal(),
        open_column("Дата принятия", "accepted_on", 11, Kind.DATE),
        JournalColumn("Ф.И.О.", "person", 16),
        JournalColumn("Дата рождения", "birth_date", 11, Kind.DATE),
        JournalColumn("Статус", "status", 13),
        JournalColumn("Откуда поступили сведения / выбыл из (организация, замещающая семья)", "origin", 17),
        JournalColumn("Дата выпуска", "left_on", 11, Kind.DATE),
        open_column("Договор (№, дата)", "contract", 12),
        JournalColumn("Адрес", "address", 15),
        JournalColumn("Учёба/работа", "occupation", 16),
        JournalColumn("Категория сопровождения / дата перевода на другой уровень", "category", 16),
        open_column("Куратор", "curator", 14),
        JournalColumn("Дата и причина снятия", "removed", 14),
        JournalColumn("Результат сопровождения", "result", 15),
        JournalColumn("Примечание", "note", 11),
    )

    def cells(self, record: SupportEpisode, facts: None, book: Book) -> tuple[Cell, ...]:
        person = record.graduate
        until = record.removed_on or book.on
        return (
            record.number,
            record.accepted_on,
            person.full_name,
            person.birth_date,
            label(person.legal_status),
            record.origin or (person.graduating_agency.short_name if person.graduating_agency else ""),
            person.left_on,
            number_and_day(record.contract, record.contract.signed_on),
            person.current_address,
            occupation(person, min(until, book.on)),
            categories(person, record.accepted_on, until),
            curator(person, min(until, book.on)) or record.contract.curator,
            removal(record, book),
            record.result,
            record.note,
        )


def occupation(person: Graduate, on: date) -> str:
    return joined(studies(person, on), wording.employment(person, on))


def studies(person: Graduate, on: date) -> str:
    study = as_of(person.studies, on)
    if study is None:
        return ""
    return study.wording or wording.study_text(
        status=study.status_code or "",
        organisation=study.agency.short_name if study.agency else study.organisation,
        course=study.course,
        sex=wording.sex_of(person.sex, person.patronymic),
    )


def categories(person: Graduate, accepted_on: date, until: date) -> str:
    """«активное; с 01.09.2026 стабильное»: the one on the day of acceptance, and every change since."""
    decisions = sorted(person.category_decisions, key=lambda one: (one.starts_on, one.id))
    first = [one for one in decisions if one.starts_on <= accepted_on][-1:]
    later = [one for one in decisions if accepted_on < one.starts_on <= until]
    return joined(
        *(one.category.label for one in first), *(f"с {one.starts_on:%d.%m.%Y} {one.category.label}" for one in later)
    )


def curator(person: Graduate, on: date) -> str:
    own = as_of([one for one in person.assignments if one.kind is AssignmentKind.CURATOR], on)  # type: ignore[type-var]
    return own.name if own is not None else ""


def removal(record: SupportEpisode, book: Book) -> str:
    """What is recorded; else the day after the last day of the person's age, once it has come."""
    if record.removed_on:
        return day_text(record.removed_on, label(record.removal_ground))
    gone_on = book.last_day(record.graduate.birth_date) + timedelta(days=1)
    if record.annulled_on is not None or gone_on > book.on:
        return ""
    return day_text(gone_on, f"достижение {book.last_age} лет")
