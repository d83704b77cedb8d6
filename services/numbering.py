"""Numbers of journals: without gaps in an organisation, journal and year, given in the transaction of the record.

The counter's row stays locked until that transaction ends, so a record and its number appear together or not at all.
"""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_approve
from models.journals import Journal, JournalCounter, Numbered, Once
from services.errors import need
from services.upserting import insert_into

EARLIEST = 2000

T = TypeVar("T", bound=Once)


def assign(session: Session, *, record: Numbered, on: date) -> None:
    """Give the record the next number of its journal in the year of a day. It must know its organisation already."""
    record.year, record.number = on.year, _next(session, record.agency_id, record.__journal__, on.year)


def _next(session: Session, agency_id: int, journal: Journal, year: int) -> int:
    row = {"agency_id": agency_id, "journal": journal, "year": year, "last_number": 1, "starts_after": 0}
    statement = insert_into(session, JournalCounter).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["agency_id", "journal", "year"], set_={"last_number": JournalCounter.last_number + 1}
    )
    number: int = session.execute(statement.returning(JournalCounter.last_number)).scalar_one()
    return number


def begin_after(
    session: Session, *, agency_id: int, journal: Journal, year: int, last_number: int, by: Viewer
) -> JournalCounter:
    """Go on from a paper journal: the first number of the year is the one after its last. Raises Refused."""
    need(may_approve(by, agency_id), "Начальный номер журнала задаёт руководитель организации.")
    need(journal.has_numbers, "Этот журнал составляется из других записей: своей нумерации у него нет.")
    need(EARLIEST <= year <= by.on.year + 1, "Укажите год журнала.", field="year")
    need(0 <= last_number <= 100_000, "Последний номер: от 0 до 100 000.", field="last_number")
    counter = _held(session, agency_id, journal, year)
    is_unused = counter.last_number == counter.starts_after
    need(is_unused, "В этом журнале за год уже есть номера: начальный номер не меняют.", field="last_number")
    counter.last_number = counter.starts_after = last_number
    session.flush()
    return counter


def _held(session: Session, agency_id: int, journal: Journal, year: int) -> JournalCounter:
    """The counter, there from now on, and ours until the transaction ends: whoever takes a number waits."""
    row = {"agency_id": agency_id, "journal": journal, "year": year, "last_number": 0, "starts_after": 0}
    session.execute(insert_into(session, JournalCounter).values(row).on_conflict_do_nothing())
    key = (agency_id, journal, year)
    return session.get_one(JournalCounter, key, with_for_update=True, populate_existing=True)


def annul(session: Session, *, record: Any, reason: str, by: Viewer) -> None:
    """A record made by mistake: it keeps its number and is printed struck through, with the reason. Raises Refused."""
    need(may_approve(by, record.agency_id), "Аннулировать запись может только руководитель организации.")
    strike(session, record=record, reason=reason, by=by)


def strike(session: Session, *, record: Any, reason: str, by: Viewer) -> None:
    """The same where the verb has asked for the right itself. Raises Refused."""
    need(record.annulled_on is None, "Запись уже аннулирована.")
    need(reason.strip(), "Укажите причину.", field="reason")
    record.annulled_on, record.annulled_reason = by.on, reason.strip()
    if hasattr(record, "annulled_by_id"):
        record.annulled_by_id = by.user_id
    session.flush()


def made_before(session: Session, *, model: type[T], form_token: str, by: Viewer) -> T | None:
    """What this very form has already made: a second click finds it instead of making another."""
    if not form_token or not hasattr(model, "form_token"):
        return None
    query = select(model).where(model.form_token == form_token)
    if (author := getattr(model, "created_by_id", None)) is not None:
        query = query.where(author == by.user_id)
    return session.scalars(query).one_or_none()
