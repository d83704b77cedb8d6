"""What the verbs of cases ask first: who acts, about whom, on which day."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_register, recordable_by
from models.graduates import Graduate
from services.errors import Refused, need

CHANGED = "Запись изменилась, пока вы с ней работали. Проверьте, что записано сейчас, и повторите."
NOT_SEEN = "Такой карточки нет среди тех, кого вы видите."
NOT_OURS = "Заявления, отказы, договоры и заключения оформляет сама организация."
ONLY_READ = "Карточка только для чтения: человека ведёт другая организация."
NOT_YET = "Этот день ещё не наступил."


def ru(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def need_registrar(by: Viewer, agency_id: int) -> None:
    need(may_register(by, agency_id), NOT_OURS)


def person(session: Session, *, graduate_id: int, by: Viewer, is_held: bool = False) -> Graduate:
    """A card that the viewer sees; `is_held`: of two people deciding about it at once the second waits."""
    query = select(Graduate).where(Graduate.id == graduate_id, visible_to(by))
    if is_held:
        held = query.with_for_update(key_share=True, of=Graduate)
        query = held.execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Refused(NOT_SEEN, field="graduate_id")
    return found


def person_of_ours(session: Session, *, graduate_id: int, by: Viewer, is_held: bool = False) -> Graduate:
    """Somebody with whom the organisation may begin something new: a former organisation of a person only reads."""
    graduate = person(session, graduate_id=graduate_id, by=by, is_held=is_held)
    is_ours = session.scalar(select(Graduate.id).where(Graduate.id == graduate.id, recordable_by(by)))
    need(is_ours is not None, ONLY_READ, field="graduate_id")
    return graduate


def hold(session: Session, record: Any) -> None:
    """Keep a record to oneself until the transaction ends; refused if it has changed since it was read."""
    session.flush()
    seen = record.version
    session.refresh(record, with_for_update={"key_share": True})
    need(record.version == seen, CHANGED)


def touch(record: Any) -> None:
    """A child row was added: the record's own version rises, so that a form opened before is told of it."""
    record.version += 1


def need_live(record: Any) -> None:
    need(record.annulled_on is None, "Запись аннулирована: с ней ничего сделать нельзя.")


def need_passed(day: date, by: Viewer, field: str) -> None:
    """Nothing is recorded as having happened after today."""
    need(day <= by.on, NOT_YET, field=field)


def need_order(day: date, earlier: date, what: str, field: str) -> None:
    """A day is not before an earlier one: «Это раньше поступления заявления (23.04.2026).»"""
    need(day >= earlier, f"Это раньше {what} ({ru(earlier)}).", field=field)
