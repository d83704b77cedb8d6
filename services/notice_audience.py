"""Whom to tell of an obligation: its specialist, the person's curator, those who work there, the head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.notifications import NoticeKind, NotificationSetting
from models.support import Assignment, AssignmentKind
from models.users import Role, User

WORKERS = frozenset({Role.CLERK, Role.OFFICER, Role.COORDINATOR})
FOR_HEADS = frozenset({NoticeKind.OVERDUE, NoticeKind.URGENT, NoticeKind.EMERGENCY})


@dataclass
class Audience:
    """Users who may be told something, by their organisations."""

    workers: dict[int, list[int]]
    heads: dict[int, list[int]]
    administrators: list[int]
    refused: set[tuple[int, NoticeKind]]  # neither shown nor mailed

    def receivers(self, kind: NoticeKind, agency_id: int, named: Iterable[int | None]) -> set[int]:
        """Those who are named for an obligation, or everybody who works there; its head of what is grave too."""
        found: set[int] = set()
        for user_id in named:
            found.update([user_id] if user_id else self.workers.get(agency_id, ()))
        return found.union(self.heads.get(agency_id, ()) if kind in FOR_HEADS else ())


def load_audience(session: Session, *, agency_id: int | None = None) -> Audience:
    """Users whose accounts are open. Where nobody works the heads do, where there is no head the administrators.

    `agency_id`: only those of one organisation, and administrators.
    """
    workers: dict[int, list[int]] = {}
    heads: dict[int, list[int]] = {}
    administrators: dict[int, list[int]] = {}
    query = select(User.id, User.agency_id, User.role).where(~User.is_locked).order_by(User.id)
    if agency_id is not None:
        query = query.where(or_(User.agency_id == agency_id, User.role == Role.ADMINISTRATOR))
    for user_id, agency_id, role in session.execute(query):
        group = workers if role in WORKERS else heads if role is Role.HEAD else administrators
        group.setdefault(agency_id, []).append(user_id)
    deaf = select(NotificationSetting.user_id, NotificationSetting.kind).where(
        ~NotificationSetting.is_shown, ~NotificationSetting.is_mailed
    )
    return Audience(
        workers=administrators | heads | workers,
        heads=heads,
        administrators=[user_id for there in administrators.values() for user_id in there],
        refused={(user_id, kind) for user_id, kind in session.execute(deaf)},
    )


def with_whose(query: Select[Any], on: date) -> Select[Any]:
    """Add `whose` to a query over obligations, and group by it: the user for whom an obligation is meant.

    That is the specialist whose own duty it is, else each curator of the person in the obliged organisation, else
    nobody (NULL).
    """
    curators = (
        select(Assignment.graduate_id, User.id, User.agency_id)
        .join(User, User.id == Assignment.user_id)
        .where(
            Assignment.kind == AssignmentKind.CURATOR,
            Assignment.starts_on <= on,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
            ~User.is_locked,
        )
        .subquery()
    )
    specialists = select(User.id).where(~User.is_locked).subquery()
    whose = func.coalesce(specialists.c.id, curators.c.id)
    is_theirs = and_(curators.c.graduate_id == Deadline.graduate_id, curators.c.agency_id == Deadline.agency_id)
    return (
        query.add_columns(whose.label("whose"))
        .outerjoin(specialists, specialists.c.id == Deadline.user_id)
        .outerjoin(curators, is_theirs)
        .group_by(whose)
    )
