"""The proof that the two logs are whole, and its daily anchors outside the database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask, Response, current_app, request
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import ChainHead
from services import anchors, audit
from views import edge
from views.database import ACCESS, audit_key, reading_only
from views.extensions import db

FILE = "audit-anchors.txt"
LAST = "marshrut.anchored_on"  # The day whose anchors this process has seen to.
TITLES = {audit.CHANGES: "Журнал изменений", audit.READING: "Журнал обращений"}


def anchors_path() -> Path:
    return Path(current_app.config["DATA_DIR"]) / FILE


def engines() -> dict[str, Engine]:
    """The database in which each chain lies."""
    return {audit.CHANGES: db.engines[None], audit.READING: db.engines[ACCESS]}


def verify() -> list[audit.ChainReport]:
    """Read both chains through; anchors are read first, so that none is newer than the rows."""
    kept = anchors.read(anchors_path())
    reading_only(True)
    try:
        return [_verify(chain, engine, kept.get(chain, [])) for chain, engine in engines().items()]
    finally:
        reading_only(False)


def _verify(chain: str, engine: Engine, kept: list[anchors.Anchor]) -> audit.ChainReport:
    """One view of the whole chain, however long it takes: SQLite gives it anyway, PostgreSQL is asked for it."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with Session(engine, join_transaction_mode="create_savepoint") as session:
        connection = session.connection(execution_options=options)
        return audit.verify(connection, key=audit_key(), chain=chain, anchors=kept)


def _heads() -> list[tuple[str, int, str]]:
    return [(chain, *head) for chain, engine in engines().items() if (head := _head(chain, engine))]


def _head(chain: str, engine: Engine) -> tuple[int, str] | None:
    with Session(engine, join_transaction_mode="create_savepoint") as session:
        found = session.execute(select(ChainHead.length, ChainHead.mac).where(ChainHead.chain == chain)).one_or_none()
        return (found.length, found.mac) if found else None


def anchor(on: date) -> None:
    """Write the day's anchors, unless they are there."""
    reading_only(True)
    try:
        anchors.add(anchors_path(), on=on, heads=_heads())
    finally:
        reading_only(False)


def _after_change(response: Response) -> Response:
    """The first change of a day anchors the logs; later ones cost nothing."""
    day = edge.today()
    if request.method in edge.READING or current_app.extensions.get(LAST) == day:
        return response
    try:
        anchor(day)
        current_app.extensions[LAST] = day
    except (OSError, SQLAlchemyError) as error:
        current_app.logger.error("the anchors of the audit were not written: %s", type(error).__name__)
    return response


def init_app(app: Flask) -> None:
    app.after_request(_after_change)
