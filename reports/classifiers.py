"""Lines of tables that dictionaries name: those that are offered, and retired ones where records still say them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import LabelledEnum
from models.dictionaries import DictionaryEntry
from models.users import User
from models.work import ServiceRecord
from reports.base import Desk
from reports.scope import services, within

Labels = Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Lines:
    """`labels` are printed always, `rare` ones only where records say them."""

    labels: Labels
    rare: Labels = ()

    def __iter__(self) -> Any:
        return iter((*self.labels, *self.rare))


def of_dictionary(session: Session, dictionary: type[DictionaryEntry]) -> Lines:
    query = select(dictionary.code, dictionary.label, dictionary.is_retired)
    rows = session.execute(query.order_by(dictionary.position, dictionary.code)).all()
    return Lines(
        [(code, label) for code, label, is_retired in rows if not is_retired],
        [(code, label) for code, label, is_retired in rows if is_retired],
    )


def of_enum(enum: type[LabelledEnum]) -> Lines:
    return Lines([(member, member.label) for member in enum])


def of_employees(desk: Desk) -> Lines:
    """Accounts of the report's organisations, and of those who went elsewhere; those without records are left out."""
    named = services(desk).select(ServiceRecord.specialist_id)
    query = select(User.id, User.name).where(or_(within(desk, User.agency_id), User.id.in_(named)))
    rows = desk.session.execute(query.order_by(User.name, User.id))
    return Lines((), [(number, name) for number, name in rows])
