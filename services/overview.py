"""Figures of the start page that are not about people: terms of a month, the load of the next weeks, services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import of_visible_people
from models.deadline_access import serving_with
from models.deadlines import Deadline
from models.plans import Plan, PlanState
from models.users import Role
from models.work import ServiceRecord
from reports.period import Period
from reports.terms_kept import Fate, fate_on
from services.deadlines.listing import own_of
from services.deadlines.territory import OVERSEEING
from services.deadlines.today import asked_for

WEEKS = 8
OVER_ALL = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Week:
    """Days from the Monday on, the first one from today."""

    first: date
    last: date
    count: int


def whose(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Obligations that a start page tells of: a clerk's own, an organisation's, those of the territory."""
    own = Deadline.agency_id == viewer.agency_id
    if viewer.role is Role.CLERK:
        return [own, own_of(viewer, viewer.on)]
    if viewer.role not in OVER_ALL:
        return [own]
    if viewer.reads_everybody:
        return []
    served = Deadline.agency_id.in_(serving_with(viewer)) if viewer.agency_kind in OVERSEEING else false()
    return [or_(own, served)]


def terms_of(session: Session, *, viewer: Viewer, period: Period) -> Counter[Fate]:
    """What became of the obligations that are due in a period."""
    due = Deadline.due_on.between(period.starts_on, period.ends_on)
    rows = select(fate_on(viewer.on).label("fate")).where(*whose(viewer), due).subquery().c
    query = select(rows.fate, func.count()).group_by(rows.fate)
    return Counter({Fate(fate): count for fate, count in session.execute(query)})


def weeks_from(on: date) -> list[tuple[date, date]]:
    """This week from today on, and those after it."""
    sunday = on + timedelta(days=6 - on.weekday())
    later = [sunday + timedelta(days=1 + 7 * number) for number in range(WEEKS - 1)]
    return [(on, sunday), *((monday, monday + timedelta(days=6)) for monday in later)]


def load_of(session: Session, *, viewer: Viewer) -> Sequence[Week]:
    """How many obligations that are still to be done fall due in each of the next weeks; one statement."""
    weeks = weeks_from(viewer.on)
    due = Deadline.due_on.between(weeks[0][0], weeks[-1][1])
    query = select(Deadline.due_on, func.count()).where(*whose(viewer), due, asked_for(viewer.on))
    days = session.execute(query.group_by(Deadline.due_on)).all()
    return [Week(first, last, sum(n for day, n in days if first <= day <= last)) for first, last in weeks]


def services_in(session: Session, *, viewer: Viewer, period: Period) -> int:
    """Services that the organisation rendered, a clerk's own ones, as far as their list shows them."""
    s = ServiceRecord
    where = [
        s.agency_id == viewer.agency_id,
        s.provided_on.between(period.starts_on, period.ends_on),
        s.annulled_on.is_(None),
        of_visible_people(viewer, s),
    ]
    if viewer.role is Role.CLERK:
        where.append(s.specialist_id == viewer.user_id)
    return session.scalar(select(func.count()).select_from(s).where(*where)) or 0


def plans_to_approve(session: Session, *, viewer: Viewer) -> int:
    """Plans of the organisation that wait for its head, as far as their list shows them."""
    where = (Plan.agency_id == viewer.agency_id, Plan.state == PlanState.REVIEW, Plan.annulled_on.is_(None))
    query = select(func.count()).select_from(Plan).where(*where, of_visible_people(viewer, Plan))
    return session.scalar(query) or 0
