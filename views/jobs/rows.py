"""Short transactions of their own on the rows of jobs, whatever else the process is reading meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.context import Actor, act_as
from views import edge
from views.database import WRITES
from views.extensions import db

ACTOR = "сборка файлов"


@contextmanager
def writing() -> Iterator[Session]:
    """A transaction of the worker's, committed at its end."""
    with Session(db.engines[None], join_transaction_mode="create_savepoint") as session, session.begin():
        session.connection(execution_options={WRITES: True})
        act_as(session, Actor(edge.clock(), name=ACTOR))
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A look that keeps nobody waiting."""
    with Session(db.engines[None], join_transaction_mode="create_savepoint") as session, session.begin():
        session.connection(execution_options={WRITES: False})
        act_as(session, Actor(edge.clock(), name=ACTOR))
        yield session
