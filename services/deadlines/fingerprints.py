"""Whether anything has changed since a part of the people was last brought up to date: a second run of a day is cheap.

A day's first run looks at everybody, so nothing is passed over for longer than a day whatever the cause.
"""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.cases import Application, Conclusion, Contract, Refusal, SupportEpisode
from models.deadlines import ClockPart, Deadline, Occurrence
from models.exchange import Referral, ReferralPerson
from models.graduates import Graduate
from models.plans import Measure, Plan
from models.production_calendar import CalendarDay, CalendarYear
from models.work import Appeal, Consultation, HousingSurvey, ServiceRecord, UrgentAct, Visit
from services.deadlines.people import Scope
from services.deadlines.world import World
from services.upserting import insert_into

# What facts and evidence are read from beside the card; each bears a version that rises with its changes.
RECORDS: tuple[Any, ...] = (
    *(Occurrence, Application, Refusal, Contract, Conclusion, SupportEpisode, Plan),
    *(Appeal, Consultation, Visit, HousingSurvey, UrgentAct, ServiceRecord),
    *(MonitoringCard, ReadinessAssessment, Examination),
)


def of_law(session: Session, world: World, *, on: date, until: date) -> str:
    """The rules, the organisations, the calendar and the day."""
    days = session.execute(select(CalendarDay.day, CalendarDay.is_working).order_by(CalendarDay.day)).all()
    years = session.execute(select(CalendarYear.year, CalendarYear.kind).order_by(CalendarYear.year)).all()
    rules = [(rule.id, rule.in_force_from, rule.in_force_to) for rule in world.versions()]
    bodies = [
        (body.id, body.kind, sorted(body.flags), sorted(body.districts), sorted(body.follows.items()), body.profile)
        for body in world.bodies.values()
    ]
    names = [sorted(world.bindings.items()), sorted(world.roles.items())]
    return _digest(days, years, rules, bodies, names, sorted(world.switches.items()), on, until)


def of_cards(session: Session, scope: Scope) -> str:
    """The cards of a part, whose version rises with every change of theirs, and the records that hang on none.

    Two statements, and no row of a card or a record leaves the database.
    """
    cards = select(func.count(Graduate.id), func.sum(Graduate.version), func.max(Graduate.updated_at)).where(
        scope.holds(Graduate.id), Graduate.deleted_at.is_(None)
    )
    p = ReferralPerson
    sums = union_all(
        *(
            select(literal(place), func.count(), func.coalesce(func.sum(model.version), 0), func.max(model.id))
            .select_from(model)
            .where(scope.holds(model.graduate_id))
            for place, model in enumerate(RECORDS)
        ),
        select(literal(len(RECORDS)), func.count(), func.coalesce(func.sum(Measure.version), 0), func.max(Measure.id))
        .select_from(Measure)
        .join(Measure.plan)
        .where(scope.holds(Plan.graduate_id)),
        select(literal(len(RECORDS) + 1), func.count(), func.coalesce(func.sum(Referral.version), 0), func.max(p.id))
        .select_from(p)
        .join(p.referral)
        .where(scope.holds(p.graduate_id)),
    )
    records = sorted(tuple(row) for row in session.execute(sums))
    return _digest(tuple(session.execute(cards).one()), records)


def is_known(session: Session, scope: Scope, law: str, cards: str) -> bool:
    known = session.scalar(select(ClockPart.fingerprint).where(ClockPart.first_id == scope.first))
    return known is not None and known == _whole(session, scope, law, cards)


def remember(session: Session, scope: Scope, law: str, cards: str) -> None:
    """`cards` as they were before the run: what changed meanwhile is looked at next time."""
    row = {"first_id": scope.first, "fingerprint": _whole(session, scope, law, cards)}
    statement = insert_into(session, ClockPart).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["first_id"], set_={"fingerprint": statement.excluded.fingerprint}
        )
    )


def _whole(session: Session, scope: Scope, law: str, cards: str) -> str:
    """With the number of obligations: some may have been drawn back to be made anew."""
    count = session.scalar(select(func.count(Deadline.id)).where(scope.holds(Deadline.graduate_id)))
    return _digest(law, cards, count)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
