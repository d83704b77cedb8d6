"""Which records a report of figures is about: those of one organisation, or of all within the viewer's reach."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.access import agencies_in_reach
from models.cases import SupportEpisode
from models.graduates import Graduate
from models.plans import Measure, Plan
from models.reckoning import years_later
from models.territory import Agency
from models.work import Appeal, Consultation, GroupParticipant, GroupSession, ServiceRecord, Visit
from reports.base import Desk
from reports.figures import Records
from reports.period import Period


def within(desk: Desk, agency_id: Any) -> ColumnElement[bool]:
    """The column names the report's organisation, or any within the viewer's reach where none is chosen."""
    if desk.parameters.agency_id is not None:
        condition: ColumnElement[bool] = agency_id == desk.parameters.agency_id
        return condition
    found: ColumnElement[bool] = agency_id.in_(select(Agency.id).where(agencies_in_reach(desk.viewer)))
    return found


def of_specialist(desk: Desk, specialist_id: Any) -> ColumnElement[bool] | None:
    """The column names the specialist whose report it is; None where it is nobody's."""
    wanted = desk.parameters.specialist_id
    return None if wanted is None else specialist_id == wanted


def during(column: Any, period: Period) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.between(period.starts_on, period.ends_on)
    return condition


def work(desk: Desk, model: type[Any], day: Any) -> Records:
    """Numbered records of the report's organisation (and specialist) in its period, without annulled ones.

    `model` has agency_id, annulled_on and specialist_id; graduate_id where it is about a person.
    """
    conditions = (
        within(desk, model.agency_id),
        during(day, desk.parameters.span),
        model.annulled_on.is_(None),
        of_specialist(desk, model.specialist_id),
    )
    standing = tuple(one for one in conditions if one is not None)
    return Records(model, standing, person=getattr(model, "graduate_id", None), day=day)


def services(desk: Desk) -> Records:
    """Services rendered in the period; how many is the sum of `quantity`, a record each is one occasion."""
    return work(desk, ServiceRecord, ServiceRecord.provided_on)


def appeals(desk: Desk) -> Records:
    return work(desk, Appeal, Appeal.received_on)


def consultations(desk: Desk) -> Records:
    return work(desk, Consultation, Consultation.held_on)


def visits(desk: Desk) -> Records:
    return work(desk, Visit, Visit.visited_on)


def group_sessions(desk: Desk) -> Records:
    return work(desk, GroupSession, GroupSession.held_on)


def participants(desk: Desk) -> Records:
    """Who took part in group sessions: a record per participant."""
    sessions = group_sessions(desk)
    held = select(GroupSession.id).where(*sessions.where)
    return Records(GroupParticipant, (GroupParticipant.session_id.in_(held),), person=GroupParticipant.graduate_id)


def measures(desk: Desk) -> Records:
    """Measures of plans of the organisation that fall due in the period."""
    plans = select(Plan.id).where(within(desk, Plan.agency_id), Plan.annulled_on.is_(None))
    joins = ((Plan, Plan.id == Measure.plan_id),)
    conditions = (Measure.plan_id.in_(plans), during(Measure.due_on, desk.parameters.span))
    return Records(Measure, conditions, person=Plan.graduate_id, day=Measure.due_on, joins=joins)


def day_number(session: Session, day: Any) -> Any:
    """A date as a number of days, which every database subtracts alike."""
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(day)
    return cast(day, Date) - literal(date(2000, 1, 1))


# -- People on support -----------------------------------------------------------------------------------------------


def episodes(desk: Desk) -> Records:
    """Entries of the journal of those accepted for support (Ж-4), of all times."""
    standing = (within(desk, SupportEpisode.agency_id), SupportEpisode.annulled_on.is_(None))
    return Records(SupportEpisode, standing, person=SupportEpisode.graduate_id, day=SupportEpisode.accepted_on)


def supported_during(desk: Desk, period: Period) -> Records:
    """Entries of those who were on support at least one day of the period; the day of removal is one."""
    return episodes(desk).narrowed(
        SupportEpisode.accepted_on <= period.ends_on,
        or_(SupportEpisode.removed_on.is_(None), SupportEpisode.removed_on >= period.starts_on),
    )


def supported_on(desk: Desk, day: date) -> Records:
    """Entries of those who are on support on a day; whoever is removed on that day is not any more."""
    return episodes(desk).narrowed(
        SupportEpisode.accepted_on <= day,
        or_(SupportEpisode.removed_on.is_(None), SupportEpisode.removed_on > day),
    )


def of_kept_cards(records: Records) -> Records:
    """Without those about removed cards, with which all that hangs on them is gone until they are restored."""
    is_kept = exists().where(Graduate.id == records.person, Graduate.deleted_at.is_(None))
    return records.narrowed(is_kept.correlate(records.model))


def people(desk: Desk, records: Records, *conditions: ColumnElement[bool]) -> Records:
    """The cards behind other records, a row per person: for what is told of people, not of records."""
    whose = (Graduate.id.in_(records.select(records.person)), Graduate.deleted_at.is_(None))
    return Records(Graduate, (*whose, *conditions), person=Graduate.id, day=Graduate.birth_date)


def fact(model: Any, on: date, column: str) -> Any:
    """The value of a dated fact of the person that holds on a day (models.circumstances), as a scalar of Graduate."""
    held = aliased(model)
    query = select(getattr(held, column)).where(
        held.graduate_id == Graduate.id,
        held.starts_on <= on,
        or_(held.ends_on.is_(None), held.ends_on >= on),
    )
    return query.order_by(held.starts_on.desc(), held.id.desc()).limit(1).correlate(Graduate).scalar_subquery()


def age(on: date, youngest: int = 14, oldest: int = 24) -> ColumnElement[Any]:
    """Full years of the person on a day, as a CASE over birth dates that every database reckons alike."""
    whens = [(Graduate.birth_date > last_birth_date(on, years + 1), years) for years in range(youngest - 1, oldest)]
    return case(*whens, else_=oldest)


def last_birth_date(on: date, years: int) -> date:
    """The youngest who are so many years old on a day; those of 29 February have it on the 28th in a common year."""
    if (on.month, on.day) == (2, 28) and not isleap(on.year) and isleap(on.year - years):
        return date(on.year - years, 2, 29)
    return years_later(on, -years)


def distinct_people(records: Records) -> Any:
    """How many people stand behind records, as a scalar statement."""
    return records.select(func.count(records.person.distinct())).scalar_subquery()
