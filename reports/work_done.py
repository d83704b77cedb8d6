"""What an organisation did for people in the last half-year, drawn from its records, where nobody has put it in words.

Column 12 of Приложение 1 and column 9 of Приложение 2 (vologda, cl. 2.3, 2.4): a draft that the office rewords.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from models.dictionaries import ServiceKind
from models.work import Consultation, GroupParticipant, GroupSession, ServiceRecord, Visit
from reports.period import Period

HALF_YEAR = 6


def since(on: date) -> date:
    """The first day of the past half-year: what is told in February began in July, in October in January."""
    return Period.around(on, HALF_YEAR).previous().starts_on


def drafted(session: Session, *, agency_id: int, on: date, people: Collection[int]) -> dict[int, str]:
    """«услуги: социально-правовые – 3; консультации – 2; выезды – 1», for many people by one statement."""
    period = (agency_id, since(on), on)
    told: dict[int, list[str]] = {}
    query = union_all(_services(*period, people), *_others(*period, people)).subquery()
    rows = session.execute(select(query).order_by(query.c.person, query.c.place, query.c.label))
    for person, place, label, count in rows:
        words = told.setdefault(person, [])
        text = f"{label[:1].lower()}{label[1:]} – {count}"
        words.append(f"услуги: {text}" if place == 0 and not words else text)
    return {person: "; ".join(words) for person, words in told.items()}


def _services(agency_id: int, start: date, end: date, people: Collection[int]) -> Select[Any]:
    s = ServiceRecord
    columns: list[Any] = [s.graduate_id.label("person"), literal(0).label("place"), ServiceKind.label.label("label")]
    query = select(*columns, func.sum(s.quantity).label("count")).join(ServiceKind, ServiceKind.code == s.kind_code)
    standing = _standing(s, s.provided_on, agency_id, start, end)
    return query.where(s.graduate_id.in_(people), *standing).group_by(s.graduate_id, ServiceKind.label)


def _others(agency_id: int, start: date, end: date, people: Collection[int]) -> list[Select[Any]]:
    c, v, g, p = Consultation, Visit, GroupSession, GroupParticipant
    talks = _counted(c.graduate_id, 1, "беседы и консультации", people)
    visits = _counted(v.graduate_id, 2, "выезды", people)
    sessions = _counted(p.graduate_id, 3, "групповые занятия", people).join(g, g.id == p.session_id)
    return [
        talks.where(*_standing(c, c.held_on, agency_id, start, end)),
        visits.where(*_standing(v, v.visited_on, agency_id, start, end)),
        sessions.where(*_standing(g, g.held_on, agency_id, start, end)),
    ]


def _counted(person: Any, place: int, label: str, people: Collection[int]) -> Select[Any]:
    query = select(person.label("person"), literal(place).label("place"), literal(label).label("label"), func.count())
    return query.where(person.in_(people)).group_by(person)


def _standing(model: Any, day: Any, agency_id: int, start: date, end: date) -> tuple[ColumnElement[bool], ...]:
    return (model.agency_id == agency_id, day.between(start, end), model.annulled_on.is_(None))
