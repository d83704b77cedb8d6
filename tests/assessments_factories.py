"""Monitoring cards, assessments and conclusions of the commission, as short as tests like them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.context import Actor, act_as
from models.graduates import Graduate
from models.users import User
from reports.scales import Scale
from services.assessments import examinations, monitoring, readiness
from services.profiles import merged
from services.regulations.parsing import shipped_packs
from tests.clock import at

COMMON = next(pack for pack in shipped_packs() if pack.code == "common")
MONITORING: Scale = merged([], COMMON).monitoring
READINESS: Scale = merged([], COMMON).readiness
TWELVE = (2, 1, 3, 2, 1, 2, 1)
EIGHTEEN = (3, 2, 3, 3, 2, 2, 3)


def viewer(session: Session, user: User, on: date) -> Viewer:
    act_as(session, Actor.of(user, at(on)))
    return Viewer.of(session, user, on)


def marks(values: Sequence[int | None]) -> dict[str, monitoring.Mark]:
    """«н/д» is None; in the order of the shipped indicators."""
    return {item.code: monitoring.Mark(value) for item, value in zip(MONITORING.items, values, strict=True)}


def spheres(values: Sequence[int]) -> dict[str, readiness.Mark]:
    return {item.code: readiness.Mark(value) for item, value in zip(READINESS.items, values, strict=True)}


def fill_card(
    session: Session, user: User, graduate: Graduate, on: date, values: Sequence[int | None] = TWELVE, **more: Any
) -> MonitoringCard:
    fields = {"agency_id": user.agency_id, "scale": MONITORING, "marks": marks(values)} | more
    by = viewer(session, user, on)
    return monitoring.fill(session, graduate_id=graduate.id, filled_on=on, by=by, now=at(on), **fields)


def assess(
    session: Session, user: User, graduate: Graduate, on: date, values: Sequence[int] = (2,) * 10, **more: Any
) -> ReadinessAssessment:
    fields = {"agency_id": user.agency_id, "scale": READINESS, "marks": spheres(values)} | more
    by = viewer(session, user, on)
    return readiness.assess(session, graduate_id=graduate.id, assessed_on=on, by=by, now=at(on), **fields)


def examine(session: Session, user: User, graduate: Graduate, on: date, **more: Any) -> Examination:
    fields: dict[str, Any] = {"agency_id": user.agency_id, "number": "12-К"} | more
    by = viewer(session, user, on)
    return examinations.record(session, graduate_id=graduate.id, held_on=on, by=by, now=at(on), **fields)


def monitoring_card(values: Sequence[int | None]) -> MonitoringCard:
    """A card that is not stored."""
    scores = [monitoring.MonitoringScore(indicator=str(place), value=value) for place, value in enumerate(values)]
    return MonitoringCard(scores=scores)
