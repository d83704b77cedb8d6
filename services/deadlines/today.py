"""What is to be done now: the first lines of «Мой день», grouped, with the number of those that are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.base import LabelledEnum
from models.deadline_access import deadlines_visible_to
from models.deadlines import Deadline
from models.territory import Agency
from services.deadlines.listing import own_of

LINES = 8


class Block(LabelledEnum):
    OVERDUE = "overdue", "Просрочено"
    TODAY = "today", "Сегодня"
    WEEK = "week", "Ближайшие 7 дней"
    AWAITED = "awaited", "Ждём от других"


@dataclass(frozen=True, slots=True)
class DueLine:
    """Obligations of one rule due on one day; `id`, `graduate_id`: of the only one, where count is 1."""

    block: Block
    rule_id: int
    due_on: date
    is_mine: bool
    agency_id: int | None  # None: of several
    count: int
    id: int
    graduate_id: int | None
    achieved: int
    required: int


@dataclass(slots=True)
class DueBlock:
    """The first lines of a block and how many obligations it has in all."""

    block: Block
    lines: list[DueLine]
    total: int


def week_end(on: date) -> date:
    """The last of seven days after a day: on a Friday one wants to know of Monday too."""
    return on + timedelta(days=7)


def asked_for(on: date) -> ColumnElement[bool]:
    """Neither done nor closed nor paused on a day."""
    d = Deadline
    return and_(
        d.closing.is_(None),
        or_(d.done_on.is_(None), d.done_on > on),
        or_(d.paused_on.is_(None), d.paused_on > on),
    )


def due_now(session: Session, *, viewer: Viewer, on: date, mine_first: bool) -> dict[Block, DueBlock]:
    """Overdue, due today and due until Sunday: what the viewer's organisation owes. One statement."""
    block = case(
        (Deadline.due_on < on, literal(Block.OVERDUE.value)),
        (Deadline.due_on == on, literal(Block.TODAY.value)),
        else_=literal(Block.WEEK.value),
    )
    mine = case((own_of(viewer, on), 1), else_=0) if mine_first else literal(0)
    where = [Deadline.agency_id == viewer.agency_id, Deadline.due_on <= week_end(on), asked_for(on)]
    return _blocks(session, block, mine, where)


def awaited(session: Session, *, viewer: Viewer, on: date) -> DueBlock | None:
    """What others owe to the viewer's organisation until Sunday, the overdue included. One statement."""
    where = [
        Deadline.recipient_id == viewer.agency_id,
        Deadline.agency_id != viewer.agency_id,
        Deadline.due_on <= week_end(on),
        asked_for(on),
    ]
    return _blocks(session, literal(Block.AWAITED.value), literal(0), where).get(Block.AWAITED)


def _blocks(
    session: Session, block: ColumnElement[str], mine: ColumnElement[int], where: list[ColumnElement[bool]]
) -> dict[Block, DueBlock]:
    d = Deadline
    rows = select(
        block.label("block"),
        mine.label("mine"),
        *(d.rule_id, d.due_on, d.agency_id, d.id, d.graduate_id, d.achieved, d.required),
    )
    r = rows.where(*where).subquery().c
    one_agency = case((func.min(r.agency_id) == func.max(r.agency_id), func.min(r.agency_id)))
    grouped = select(
        *(r.block, r.rule_id, r.due_on, r.mine, one_agency.label("agency_id"), func.count().label("number")),
        *(func.min(r.id).label("id"), func.min(r.graduate_id).label("graduate_id")),
        *(func.sum(r.achieved).label("achieved"), func.sum(r.required).label("required")),
    ).group_by(r.block, r.rule_id, r.due_on, r.mine)
    g = grouped.subquery().c
    order = (g.mine.desc(), g.due_on, g.rule_id)
    place = func.row_number().over(partition_by=g.block, order_by=order).label("place")
    total = func.sum(g.number).over(partition_by=g.block).label("total")
    placed = select(*g, place, total).subquery()
    query = select(placed).where(placed.c.place <= LINES).order_by(placed.c.block, placed.c.place)
    found: dict[Block, DueBlock] = {}
    for row in session.execute(query):
        line = _line(row)
        found.setdefault(line.block, DueBlock(line.block, [], int(row.total))).lines.append(line)
    return found


def _line(row: Any) -> DueLine:
    return DueLine(
        block=Block(row.block),
        rule_id=row.rule_id,
        due_on=row.due_on,
        is_mine=bool(row.mine),
        agency_id=row.agency_id,
        count=row.number,
        id=row.id,
        graduate_id=row.graduate_id if row.number == 1 else None,
        achieved=row.achieved,
        required=row.required,
    )


def overdue_of_agencies(
    session: Session, *, viewer: Viewer, on: date, limit: int = LINES
) -> list[tuple[str, str, int]]:
    """(code, short_name, number of overdue obligations) of organisations that the viewer oversees, the most first."""
    number = func.count().label("number")
    query = (
        select(Agency.code, Agency.short_name, number)
        .join(Deadline, Deadline.agency_id == Agency.id)
        .where(deadlines_visible_to(viewer), Deadline.due_on < on, asked_for(on))
        .group_by(Agency.id, Agency.code, Agency.short_name)
        .order_by(number.desc(), Agency.short_name)
        .limit(LINES)
    )
    return [(code, name, count) for code, name, count in session.execute(query)]


def overdue_count(session: Session, *, agency_id: int, on: date) -> int:
    """How many obligations of an organisation are overdue."""
    query = select(func.count()).where(Deadline.agency_id == agency_id, Deadline.due_on < on, asked_for(on))
    return session.scalar(query) or 0
