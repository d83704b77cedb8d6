"""Many new rows at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def add_all(session: Session, rows: Sequence[Any]) -> None:
    """Store rows of one table in a few statements on both databases.

    PostgreSQL tells the ids of many rows together. SQLite tells them one by one, so there they are given here: whoever
    writes has the only lock, and the entry that the rows belong to has been written already.
    """
    if rows and session.get_bind().dialect.name == "sqlite":
        model = type(rows[0])
        last = session.scalar(select(func.max(model.id))) or 0
        for number, row in enumerate(rows, start=last + 1):
            row.id = number
    session.add_all(rows)
    session.flush()
