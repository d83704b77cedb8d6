"""Obligations as calendars and lists show them: selected by the viewer's right, grouped and counted in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer, tested_row_by_row, visible_to
from models.deadline_access import deadlines_visible_to, serving_with
from models.deadlines import Deadline, State, state_on
from models.graduates import Graduate
from models.regulations import COMMON, AgencyRegulation, DeadlineRule, Regulation
from models.rule_terms import RuleKind
from models.support import Assignment
from models.territory import Agency, AgencyKind


@dataclass(frozen=True)
class Selection:
    """Which obligations, as of which day; nothing given: all that the viewer sees and that are asked for."""

    viewer: Viewer
    on: date
    agency_id: int | None = None  # obliged
    is_awaited: bool = False  # what others owe to the viewer's organisation
    is_mine: bool = False  # the viewer's own, and those about people assigned to the viewer
    regulation_id: int | None = None
    rule_key: str = ""
    kind: RuleKind | None = None
    states: tuple[State, ...] = ()
    graduate_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Obligations of one rule with the same dates and state; `id`, `graduate_id`: of the only one, where count is 1."""

    rule_id: int
    opens_on: date
    due_on: date
    state: State
    count: int
    id: int
    graduate_id: int | None
    agency_id: int | None  # None: of several
    is_provisional: bool
    achieved: int
    required: int


def own_of(viewer: Viewer, on: date) -> ColumnElement[bool]:
    """Obligations of the viewer personally and those about people whom he or she curates on a day."""
    assigned = select(Assignment.graduate_id).where(
        Assignment.user_id == viewer.user_id,
        Assignment.starts_on <= on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
    )
    return or_(Deadline.user_id == viewer.user_id, Deadline.graduate_id.in_(assigned))


def conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    """The selection as SQL; the viewer's right is in it."""
    viewer = wanted.viewer
    found: list[ColumnElement[bool]] = []
    if wanted.is_awaited:
        found += [Deadline.recipient_id == viewer.agency_id, Deadline.agency_id != viewer.agency_id]
    elif wanted.agency_id != viewer.agency_id:
        found.append(deadlines_visible_to(viewer))
    if wanted.agency_id is not None:
        found.append(Deadline.agency_id == wanted.agency_id)
    if wanted.is_mine:
        found.append(own_of(viewer, wanted.on))
    if wanted.rule_key:
        found.append(Deadline.rule_key == wanted.rule_key)
    if wanted.graduate_id is not None:
        found.append(Deadline.graduate_id == wanted.graduate_id)
    if wanted.regulation_id is not None:
        found.append(_of_rules(DeadlineRule.regulation_id == wanted.regulation_id))
    if wanted.kind is not None:
        found.append(_of_rules(DeadlineRule.kind == wanted.kind))
    return [*found, *_in_states(wanted)]


def _of_rules(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Deadline.rule_id.in_(select(DeadlineRule.id).where(condition))


def _in_states(wanted: Selection) -> list[ColumnElement[bool]]:
    if not wanted.states:
        return [Deadline.closing.is_(None)]
    found: list[ColumnElement[bool]] = [state_on(wanted.on).in_([state.value for state in wanted.states])]
    if set(wanted.states) == {State.OVERDUE}:  # What the index over due dates can find.
        found.append(Deadline.due_on < wanted.on)
    return found


# -- Groups and counts -------------------------------------------------------------------------------------------------


def groups_between(session: Session, wanted: Selection, *, first: date, last: date) -> list[Group]:
    """What is due from `first` to `last`, and windows that are open within those days; by due date, one statement."""
    rows = union_all(*_parts(wanted, first, last)).subquery()
    c = rows.c
    query = (
        select(
            c.rule_id,
            c.opens_on,
            c.due_on,
            c.state,
            func.count(),
            func.min(c.id),
            func.min(c.graduate_id),
            case((func.min(c.agency_id) == func.max(c.agency_id), func.min(c.agency_id))),
            func.max(c.provisional),
            func.sum(c.achieved),
            func.sum(c.required),
        )
        .group_by(c.rule_id, c.opens_on, c.due_on, c.state)
        .order_by(c.due_on, c.rule_id, c.opens_on, c.state)
    )
    return [_group(row) for row in session.execute(query)]


def _parts(wanted: Selection, first: date, last: date) -> list[Select[Any]]:
    where = conditions(wanted)
    query = select(
        Deadline.id,
        Deadline.rule_id,
        Deadline.opens_on,
        Deadline.due_on,
        state_on(wanted.on).label("state"),
        Deadline.graduate_id,
        Deadline.agency_id,
        case((Deadline.is_provisional, 1), else_=0).label("provisional"),
        Deadline.achieved,
        Deadline.required,
    ).where(*where)
    due = query.where(Deadline.due_on.between(first, last))
    # Found by rule and organisation: what is due after these days is a lot.
    keys = select(DeadlineRule.key).where(DeadlineRule.kind == RuleKind.WINDOW)
    is_open = tested_row_by_row(and_(Deadline.due_on > last, Deadline.opens_on <= last))
    windows = query.where(Deadline.rule_key.in_(keys), is_open)
    return [due, windows]


def _group(row: Any) -> Group:
    rule_id, opens_on, due_on, state, count, number, graduate_id, agency_id, provisional, achieved, required = row
    return Group(
        rule_id=rule_id,
        opens_on=opens_on,
        due_on=due_on,
        state=State(state),
        count=count,
        id=number,
        graduate_id=graduate_id if count == 1 else None,
        agency_id=agency_id,
        is_provisional=bool(provisional),
        achieved=achieved,
        required=required,
    )


def counts_between(session: Session, wanted: Selection, *, first: date, last: date) -> dict[date, dict[State, int]]:
    """How many are due on each day, by state."""
    rows = (
        select(Deadline.due_on, state_on(wanted.on).label("state"))
        .where(*conditions(wanted), Deadline.due_on.between(first, last))
        .subquery()
    )
    query = select(rows.c.due_on, rows.c.state, func.count()).group_by(rows.c.due_on, rows.c.state)
    found: dict[date, dict[State, int]] = {}
    for due_on, state, count in session.execute(query):
        found.setdefault(due_on, {})[State(state)] = count
    return found


# -- The list ----------------------------------------------------------------------------------------------------------


def list_query(wanted: Selection, *, first: date | None = None, last: date | None = None) -> Select[Any]:
    """One row for each obligation, the id first; a person out of sight has no name in it."""
    columns: list[Any] = [
        Deadline.id,
        Deadline.rule_id,
        Deadline.opens_on,
        Deadline.due_on,
        state_on(wanted.on).label("state"),
        Deadline.agency_id,
        Deadline.recipient_id,
        Deadline.recipient_text,
        Deadline.user_id,
        Deadline.required,
        Deadline.achieved,
        Deadline.is_provisional,
        Deadline.graduate_id,
        Graduate.last_name,
        Graduate.first_name,
        Graduate.patronymic,
    ]
    seen = and_(Graduate.id == Deadline.graduate_id, visible_to(wanted.viewer))
    query = select(*columns).select_from(Deadline).outerjoin(Graduate, seen).where(*conditions(wanted))
    if first is not None:
        query = query.where(Deadline.due_on >= first)
    return query if last is None else query.where(Deadline.due_on <= last)


def rules_of(session: Session, ids: Collection[int]) -> dict[int, DeadlineRule]:
    """Versions of rules by id, with their regulations."""
    if not ids:
        return {}
    query = select(DeadlineRule).options(joinedload(DeadlineRule.regulation)).where(DeadlineRule.id.in_(set(ids)))
    return {rule.id: rule for rule in session.scalars(query)}


def names_of(session: Session, viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """«Ёлкина Д. И.» of those whom the viewer may see; the others are absent."""
    if not ids:
        return {}
    query = select(Graduate.id, Graduate.last_name, Graduate.first_name, Graduate.patronymic)
    rows = session.execute(query.where(Graduate.id.in_(set(ids)), visible_to(viewer)))
    return {
        number: " ".join([last_name, *(f"{part[0]}." for part in (first, patronymic) if part)])
        for number, last_name, first, patronymic in rows
    }


# -- What can be chosen ------------------------------------------------------------------------------------------------


def agencies_of(session: Session, viewer: Viewer) -> Sequence[Any]:
    """(id, code, short_name) of the own organisation and, for those who oversee others, of these, by name."""
    query = select(Agency.id, Agency.code, Agency.short_name)
    if not viewer.reads_everybody:
        oversees = viewer.agency_kind in (AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT)
        served = Agency.id.in_(serving_with(viewer)) if oversees else false()
        query = query.where(or_(Agency.id == viewer.agency_id, served))
    return session.execute(query.order_by(Agency.short_name, Agency.id)).all()


def regulations_of(session: Session, agency_id: int | None) -> Sequence[Any]:
    """(id, code, short_title); of an organisation, those that it has ever followed and the common one."""
    query = select(Regulation.id, Regulation.code, Regulation.short_title)
    if agency_id is not None:
        followed = select(AgencyRegulation.regulation_id).where(AgencyRegulation.agency_id == agency_id)
        query = query.where(or_(Regulation.id.in_(followed), Regulation.code == COMMON))
    return session.execute(query.order_by(Regulation.short_title, Regulation.id)).all()
