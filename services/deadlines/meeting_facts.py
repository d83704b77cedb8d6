"""Facts that meetings and councils tell: decisions, and changes of a council's members."""

from collections.abc import Iterator

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from models.meetings import AgendaItem, Body, BodyMember, Decision, Meeting, MeetingStatus
from services.deadlines.fact import Fact


def decided(session: Session) -> Iterator[Fact]:
    """On the day of the meeting, of whoever held it."""
    query = select(Decision.id, Meeting.held_on, Meeting.agency_id).join(Decision.item).join(AgendaItem.meeting)
    for row in session.execute(query.where(Meeting.status == MeetingStatus.HELD, Meeting.annulled_on.is_(None))):
        yield Fact(f"decision:{row.id}", row.held_on, agency_id=row.agency_id)


def composed(session: Session) -> Iterator[Fact]:
    """Days on which members of a council came or left; several on one day are one change."""
    m = BodyMember
    came = select(m.body_id, m.starts_on.label("on"))
    left = select(m.body_id, m.ends_on.label("on")).where(m.ends_on.is_not(None))
    days = union(came, left).subquery()
    query = select(Body.id, Body.agency_id, days.c.on).join(days, days.c.body_id == Body.id)
    for row in session.execute(query.order_by(Body.id, days.c.on)):
        yield Fact(change_of(row.id, row.on), row.on, agency_id=row.agency_id)


def change_of(body_id: int, day: object) -> str:
    """body:3/2026-03-01"""
    return f"body:{body_id}/{day:%Y-%m-%d}"
