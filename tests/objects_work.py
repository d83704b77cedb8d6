"""Records of daily work, made as a test asks for them by name: Anna's, about the service's own graduate."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from tests import work_factories as make
from tests.factories import Cast


def _made(verb: Callable[..., Any]) -> Callable[[Session, Cast], object]:
    def maker(session: Session, cast: Cast) -> int:
        made = verb(session, cast.anna, cast.own)
        session.commit()
        return int(made.id)

    return maker


def _session(session: Session, cast: Cast) -> int:
    made = make.group(session, cast.anna, [cast.own])
    session.commit()
    return made.id


def _minutes(session: Session, cast: Cast) -> int:
    made = make.minutes(session, cast.anna, make.talk(session, cast.anna, cast.own))
    session.commit()
    return made.id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's appeal": _made(make.appeal),
    "service's talk": _made(make.talk),
    "service's minutes": _minutes,
    "service's session": _session,
    "service's visit": _made(make.visit),
    "service's survey": _made(make.survey),
    "service's act": _made(make.act),
    "service's service": _made(make.service),
}
