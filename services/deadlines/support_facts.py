"""Facts that the records of support tell: applications, contracts, support, assessments, contacts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, union_all
from sqlalchemy.orm import Session

from models.assessments import ReadinessAssessment
from models.cases import Application, Contract, SupportEpisode
from models.rule_terms import Trigger
from models.support import CategoryDecision
from models.work import Appeal, Consultation, Visit
from services.deadlines.contract_rounds import rounds_of, subject_of
from services.deadlines.fact import Fact, Reader, Rows
from services.deadlines.people import Scope

DAY = timedelta(days=1)


def _received(session: Session, scope: Scope) -> Iterator[Fact]:
    yield from _of_applications(session, scope, Application.received_on)


def _registered(session: Session, scope: Scope) -> Iterator[Fact]:
    yield from _of_applications(session, scope, Application.registered_on)


def _of_applications(session: Session, scope: Scope, day: Any) -> Iterator[Fact]:
    """One that the graduate took back asks for nothing that was not due by then."""
    a = Application
    query = select(a.id, day.label("on"), a.graduate_id, a.agency_id, a.withdrawn_on)
    for row in session.execute(query.where(scope.holds(a.graduate_id), a.annulled_on.is_(None), day.is_not(None))):
        yield Fact(f"application:{row.id}", row.on, row.graduate_id, row.agency_id, over_on=row.withdrawn_on)


def _contracts(scope: Scope) -> Rows:
    """Contracts that were signed and not annulled."""
    c = Contract
    return select(c.id, c.starts_on, c.ends_on, c.ended_on, c.graduate_id, c.agency_id).where(
        scope.holds(c.graduate_id), c.number.is_not(None), c.annulled_on.is_(None)
    )


def _started(session: Session, scope: Scope) -> Iterator[Fact]:
    """What falls due on the last day of the contract is still asked for, later duties are not."""
    for row in session.execute(_contracts(scope)):
        over_on = row.ended_on + DAY if row.ended_on else None
        yield Fact(f"contract:{row.id}", row.starts_on, row.graduate_id, row.agency_id, over_on=over_on)


def _ends(session: Session, scope: Scope) -> Iterator[Fact]:
    """The last day of the term; a contract that ended before it leaves open only what was missed by then."""
    rounds = rounds_of(session, scope)
    for row in session.execute(_contracts(scope)):
        over_on = row.ended_on if row.ended_on and row.ended_on < row.ends_on else None
        source = subject_of(row.id, rounds)
        yield Fact(source, row.ends_on, row.graduate_id, row.agency_id, over_on=over_on)


def _taken_on(session: Session, scope: Scope) -> Iterator[Fact]:
    e = SupportEpisode
    query = select(e.id, e.accepted_on, e.graduate_id, e.agency_id, e.removed_on)
    for row in session.execute(query.where(scope.holds(e.graduate_id), e.annulled_on.is_(None))):
        yield Fact(f"support:{row.id}", row.accepted_on, row.graduate_id, row.agency_id, over_on=row.removed_on)


def _assessed(session: Session, scope: Scope) -> Iterator[Fact]:
    r = ReadinessAssessment
    query = select(r.id, r.assessed_on, r.graduate_id, r.agency_id)
    for row in session.execute(query.where(scope.holds(r.graduate_id), r.annulled_on.is_(None))):
        yield Fact(f"readiness:{row.id}", row.assessed_on, row.graduate_id, row.agency_id)


# -- Contacts --------------------------------------------------------------------------------------------------------

# A session with a group is none: the clauses speak of a word with the person. Neither is a closed door.
CONTACTS: tuple[tuple[Any, Any, ColumnElement[bool]], ...] = (
    (Consultation, Consultation.held_on, true()),
    (Visit, Visit.visited_on, Visit.is_opened.is_(True)),
    (Appeal, Appeal.received_on, true()),
)


def _contacted(session: Session, scope: Scope) -> Iterator[Fact]:
    """The last day on which an organisation had contact with a person: the next one is asked for from it."""
    days = union_all(
        *(
            select(model.graduate_id, model.agency_id, func.max(day).label("on"))
            .where(scope.holds(model.graduate_id), model.annulled_on.is_(None), condition)
            .group_by(model.graduate_id, model.agency_id)
            for model, day, condition in CONTACTS
        )
    ).subquery()
    last = (
        select(days.c.graduate_id, days.c.agency_id, func.max(days.c.on).label("on"))
        .group_by(days.c.graduate_id, days.c.agency_id)
        .subquery()
    )
    d = CategoryDecision
    category = (
        select(d.category_code)
        .where(d.graduate_id == last.c.graduate_id, d.starts_on <= last.c.on)
        .order_by(d.starts_on.desc(), d.id.desc())
        .limit(1)
        .correlate(last)
        .scalar_subquery()
    )
    query = select(last.c.graduate_id, last.c.agency_id, last.c.on, category.label("category"))
    for row in session.execute(query.order_by(last.c.graduate_id, last.c.agency_id)):
        source = f"contact:{row.graduate_id}/{row.agency_id}/{row.on:%Y-%m-%d}"
        yield Fact(source, row.on, row.graduate_id, row.agency_id, category_code=row.category or "")


ABOUT_SUPPORT: dict[Trigger, Reader] = {
    Trigger.APPLICATION_RECEIVED: _received,
    Trigger.APPLICATION_REGISTERED: _registered,
    Trigger.CONTRACT_STARTED: _started,
    Trigger.CONTRACT_ENDS: _ends,
    Trigger.SUPPORT_STARTED: _taken_on,
    Trigger.READINESS: _assessed,
    Trigger.CONTACT: _contacted,
}
