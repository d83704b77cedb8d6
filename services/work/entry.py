"""What every entry of daily work has in common: who may make it, on which day, about whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_record, recordable_by
from models.graduates import Graduate
from models.users import User
from services import numbering
from services.errors import Refused, need

MANY = 1000  # People in one entry.
UNSEEN = "Такой карточки нет среди тех, кого вы видите."


def check_right(by: Viewer, agency_id: int) -> None:
    need(may_record(by, agency_id), "Работу записывают сотрудники самой организации.")


def check_day(day: date, *, by: Viewer, field: str) -> None:
    """Entries of the past are welcome, those of the future are not."""
    need(day <= by.on, "Этот день ещё не наступил.", field=field)


def person(session: Session, *, graduate_id: int, on: date, by: Viewer, day_field: str) -> Graduate:
    (found,) = people(session, graduate_ids=[graduate_id], on=on, by=by, field="graduate_id", day_field=day_field)
    return found


def people(
    session: Session, *, graduate_ids: Iterable[int], on: date, by: Viewer, field: str, day_field: str
) -> list[Graduate]:
    """Those of whom the user may record work, each once, in the given order. Raises Refused."""
    wanted = list(dict.fromkeys(graduate_ids))
    need(wanted, "Выберите, с кем проведена работа.", field=field)
    need(len(wanted) <= MANY, f"За один раз записывают не больше {MANY} человек.", field=field)
    query = select(Graduate, recordable_by(by)).where(Graduate.id.in_(wanted), visible_to(by))
    found = {graduate.id: (graduate, may) for graduate, may in session.execute(query)}
    need(len(wanted) > 1 or found, UNSEEN, field=field)
    if missing := [str(number) for number in wanted if number not in found]:
        raise Refused(f"Среди тех, кого вы видите, нет карточек № {', '.join(missing[:10])}.", field=field)
    if only_read := [str(number) for number, (_, may) in found.items() if not may]:
        raise Refused(
            f"Карточки только для чтения, их ведёт другая организация: № {', '.join(only_read[:10])}.", field=field
        )
    chosen = [found[number][0] for number in wanted]
    need(all(on >= one.birth_date for one in chosen), "Этот день раньше дня рождения.", field=day_field)
    return chosen


def keep(session: Session, record: Any, *, on: date, specialist: str, by: Viewer, now: datetime) -> None:
    """Say who made the record and when, give it its number, store it."""
    sign(session, record, specialist=specialist, by=by)
    record.created_at = now
    numbering.assign(session, record=record, on=on)
    session.add(record)
    session.flush()


def sign(session: Session, record: Any, *, specialist: str, by: Viewer) -> None:
    """Who did it: the user, unless another name is given; and who made the entry."""
    own = name_of(session, by)
    record.created_by_id = by.user_id
    if hasattr(record, "specialist"):
        record.specialist = specialist.strip() or own
        record.specialist_id = by.user_id if record.specialist == own else None


def name_of(session: Session, by: Viewer) -> str:
    """«Анна Клерк, специалист по социальной работе», as journals print it."""
    user = session.get(User, by.user_id) if by.user_id is not None else None
    return ", ".join(part for part in (user.name, user.position) if part) if user else ""
