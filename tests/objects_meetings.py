"""Records of councils and meetings, made as a test asks for them by name."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.context import Actor, act_as
from models.meetings import AgendaItem, Body, Decision, Meeting
from tests.conftest import NOW
from tests.factories import Cast
from tests.meetings_factories import make_body, make_decision, make_item, make_meeting


def _body(session: Session, cast: Cast) -> Body:
    found = session.scalars(select(Body).where(Body.agency_id == cast.service.id)).first()
    return found or make_body(session, cast.anna, "Смирнова Анна Ильинична", "Белов Олег Олегович")


def _meeting(session: Session, cast: Cast) -> Meeting:
    found = session.scalars(select(Meeting).where(Meeting.agency_id == cast.service.id)).first()
    return found or make_meeting(session, cast.anna, _body(session, cast))


def _item(session: Session, cast: Cast) -> AgendaItem:
    return session.scalars(select(AgendaItem)).first() or make_item(session, cast.anna, _meeting(session, cast))


def _decision(session: Session, cast: Cast) -> Decision:
    return session.scalars(select(Decision)).first() or make_decision(session, cast.anna, _item(session, cast))


def _kept(make: Callable[[Session, Cast], Body | Meeting | AgendaItem | Decision]) -> Callable[[Session, Cast], int]:
    def kept(session: Session, cast: Cast) -> int:
        act_as(session, Actor(NOW))
        made = make(session, cast)
        session.commit()
        return made.id

    return kept


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's council": _kept(_body),
    "service's sitting": _kept(_meeting),
    "service's question": _kept(_item),
    "service's decision": _kept(_decision),
}
