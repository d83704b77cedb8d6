"""What the category of support is judged by: all that the records say of a person on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.assessments import MonitoringScore
from models.circumstances import as_of
from models.graduates import Graduate
from models.plans import OPEN_MEASURES, Measure, Plan, PlanState
from reports.scales import Item, Scale
from services.assessments import monitoring

FRESH = timedelta(days=366)  # An older card says nothing of today.


@dataclass(frozen=True)
class Judged:
    """An indicator of the newest card."""

    item: Item
    title: str
    value: int


@dataclass(frozen=True)
class Situation:
    on: date
    problems: tuple[tuple[str, int], ...] = ()  # kind, severity of what is open
    housing: str | None = None
    employment: str | None = None
    left_on: date | None = None
    is_back_from_prison: bool = False
    open_measures: int = 0
    judged: tuple[Judged, ...] = ()
    points: int | None = None
    band: str = ""  # high, middle, low
    filled_on: date | None = None

    def has(self, *kinds: str, severity: int = 0) -> bool:
        """An open problem of one of the kinds, at least so grave."""
        return any(kind in kinds and grave >= severity for kind, grave in self.problems)


def situation_of(session: Session, *, graduate: Graduate, scale: Scale, on: date) -> Situation:
    open_problems = [problem for problem in graduate.problems if problem.is_open_on(on)]
    housing, employment = as_of(graduate.housings, on), as_of(graduate.employments, on)
    cards = monitoring.cards_of(session, graduate_id=graduate.id, until=on)
    card = cards[0] if cards and cards[0].filled_on >= on - FRESH else None
    points = monitoring.total_of(card).points if card else None
    band = scale.band_of(points)
    left_on = graduate.left_on if graduate.left_on and graduate.left_on <= on else None
    return Situation(
        on=on,
        problems=tuple((problem.kind_code or "", problem.severity or 1) for problem in open_problems),
        housing=housing.status_code if housing else None,
        employment=employment.status_code if employment else None,
        left_on=left_on,
        is_back_from_prison=left_on is not None and graduate.exit_ground_code == "released",
        open_measures=_open_measures(session, graduate.id),
        judged=tuple(_judged(card.scores, scale)) if card else (),
        points=points,
        band=band.code if band else "",
        filled_on=card.filled_on if card else None,
    )


def _judged(scores: Iterable[MonitoringScore], scale: Scale) -> Iterable[Judged]:
    for score in scores:
        item = scale.item(score.indicator)
        if item is not None and score.value is not None:
            yield Judged(item, score.title, score.value)


def _open_measures(session: Session, graduate_id: int) -> int:
    """Of plans in force; what a draft only intends is nobody's duty yet."""
    query = (
        select(func.count())
        .select_from(Measure)
        .join(Plan, Plan.id == Measure.plan_id)
        .where(Plan.graduate_id == graduate_id, Plan.state == PlanState.APPROVED, Plan.annulled_on.is_(None))
        .where(Measure.status.in_(OPEN_MEASURES))
    )
    return session.scalar(query) or 0
