"""INSERT … ON CONFLICT, which the two databases spell alike and SQLAlchemy keeps apart."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Model


def insert_into(session: Session, model: type[Model]) -> Any:
    """An INSERT of the session's own database, to be told what to do `on_conflict`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(model)
