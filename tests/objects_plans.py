"""Records of plans and their measures, made as a test asks for them by name."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plans import Plan
from services.plans import approval
from tests.factories import Cast
from tests.plans_factories import make_approved, make_plan, seen_by


def _draft(session: Session, cast: Cast) -> int:
    made = make_plan(session, cast.own, cast.service)
    session.commit()
    return made.id


def _submitted(session: Session, cast: Cast) -> int:
    made = make_plan(session, cast.own, cast.service)
    approval.submit(session, plan=made, by=seen_by(session, cast.anna))
    session.commit()
    return made.id


def _approved(session: Session, cast: Cast) -> int:
    made = make_approved(session, cast.own, cast.service)
    session.commit()
    return made.id


def _foreign(session: Session, cast: Cast) -> int:
    made = make_approved(session, cast.foreign, cast.other_opeka)
    session.commit()
    return made.id


def _measure_of(session: Session, plan_id: int) -> int:
    return session.scalars(select(Plan).where(Plan.id == plan_id)).one().measures[0].id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's draft plan": _draft,
    "service's submitted plan": _submitted,
    "service's plan": _approved,
    "opeka's plan": _foreign,
    "service's measure": lambda session, cast: _measure_of(session, _approved(session, cast)),
    "service's draft measure": lambda session, cast: _measure_of(session, _draft(session, cast)),
    "opeka's measure": lambda session, cast: _measure_of(session, _foreign(session, cast)),
}
