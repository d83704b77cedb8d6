"""Events that people record by hand: terms run from them like from any other fact."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.deadline_access import may_fulfil
from models.deadlines import Occurrence
from models.graduates import Graduate
from models.rule_terms import Trigger
from services.errors import Refused

MOMENT = timedelta(minutes=1)
PLANNED = frozenset({Trigger.CONTRACT_ENDS})  # Known ahead.


def record(
    session: Session,
    *,
    trigger: Trigger,
    agency_id: int,
    graduate_id: int | None = None,
    other_id: int | None = None,
    happened_on: date,
    number: str = "",
    note: str = "",
    by: Viewer,
    now: datetime,
) -> Occurrence:
    """Note an event of the own organisation; its obligations arise before the transaction ends. Raises Refused.

    The same event noted by the same user a moment ago is that event: a second click makes no second one.
    """
    if not may_fulfil(by, agency_id):
        raise Refused("Событие записывает сама организация.")
    if happened_on > by.on and trigger not in PLANNED:
        raise Refused("Дата события ещё не наступила.")
    if graduate_id is not None:
        known = select(Graduate.id).where(Graduate.id == graduate_id, visible_to(by))
        if session.scalar(known) is None:
            raise Refused("Такой карточки нет среди тех, кого вы видите.")
    said = {
        "trigger": trigger,
        "agency_id": agency_id,
        "graduate_id": graduate_id,
        "other_id": other_id,
        "happened_on": happened_on,
        "number": number.strip(),
        "note": note.strip(),
        "created_by_id": by.user_id,
    }
    same = select(Occurrence).filter_by(**said, annulled_on=None).where(Occurrence.created_at > now - MOMENT)
    if by.user_id is not None and (twin := session.scalars(same.limit(1)).first()) is not None:
        return twin
    occurrence = Occurrence(**said, created_at=now)
    session.add(occurrence)
    session.flush()
    return occurrence


def annul(session: Session, *, occurrence: Occurrence, reason: str, by: Viewer) -> None:
    """The event was recorded by mistake: it stays in the list, its open obligations are asked for no more."""
    if not may_fulfil(by, occurrence.agency_id):
        raise Refused("Аннулировать событие может только сама организация.")
    if occurrence.annulled_on is not None:
        raise Refused("Событие уже аннулировано.")
    if not reason.strip():
        raise Refused("Укажите причину.")
    occurrence.annulled_on, occurrence.annulled_reason = by.on, reason.strip()
    session.flush()
