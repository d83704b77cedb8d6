"""Records of monitoring, readiness and examinations, made as a test asks for them by name."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from models.context import Actor, act_as
from tests.assessments_factories import assess, examine, fill_card
from tests.conftest import NOW, TODAY
from tests.factories import Cast


def _kept(session: Session, cast: Cast, make: Callable[..., Any]) -> int:
    """The service's, about its own graduate: the one of before where there is one."""
    kept: dict[str, int] = session.info.setdefault("assessments", {})
    found = kept.get(make.__name__)
    if found is None:
        made = make(session, cast.anna, cast.own, TODAY)
        session.commit()
        found = kept[make.__name__] = made.id
    act_as(session, Actor(NOW))
    return found


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's monitoring": lambda session, cast: _kept(session, cast, fill_card),
    "service's readiness": lambda session, cast: _kept(session, cast, assess),
    "service's examination": lambda session, cast: _kept(session, cast, examine),
}
