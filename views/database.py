"""How the application talks to SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from flask import Flask, current_app, has_app_context
from sqlalchemy import Connection, Engine, Pool, event, make_url
from sqlalchemy.orm import Session

from services import audit
from services.deadlines import reacting
from views.extensions import db
from views.turns import Turns

ACCESS = "access"  # The log of reading has an engine, and on SQLite a file, of its own.

WRITES = "marshrut_writes"  # Execution option of a connection that is about to write.

TURN = "marshrut_turn"  # In the info of a connection that has it.
_turns: dict[str, Turns] = {}  # By the file of the database.

CACHE, SMALL_CACHE = 65536, 4096  # KiB of pages that a connection to SQLite remembers.
_cache_size = CACHE

# SQLite has one writer: a transaction that will write says so at its beginning, and waits its turn there.
_writing: ContextVar[bool] = ContextVar("writing", default=True)


def spare_memory() -> None:
    """For a process that reads long tables once, from end to end: connections made from here on remember little."""
    global _cache_size
    _cache_size = SMALL_CACHE


def reading_only(reading: bool) -> None:
    """Whether transactions begun from here on (in this thread of work) only read."""
    _writing.set(not reading)


def is_reading_only() -> bool:
    return not _writing.get()


def bind_urls(url: str) -> dict[str, str]:
    """The databases beside the main one: on SQLite the log of reading lies in a second file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return {ACCESS: url}
    path = Path(parsed.database)
    return {ACCESS: f"sqlite:///{path.with_name(path.stem + '-access' + path.suffix)}"}


def engine_options(url: str) -> dict[str, Any]:
    """`hide_parameters`: an error message never carries personal data."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": 30}}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        _without_jit(connection)
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # Transactions begin where we say, in _on_begin.
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=30000",
        f"cache_size=-{_cache_size}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _without_jit(connection: psycopg.Connection[Any]) -> None:
    """PostgreSQL compiles a statement of many conditions for seconds, and then runs it in a fraction of one."""
    kept, connection.autocommit = connection.autocommit, True
    connection.execute("SET jit = off")
    connection.autocommit = kept


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A page that shows the log of reading must not lock it against its own line there.
        is_log = Path(str(connection.engine.url.database)).stem.endswith("-access")
        will_write = connection.get_execution_options().get(WRITES, _writing.get() and not is_log)
        if will_write:
            _take_turn(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write else "BEGIN")


def _take_turn(connection: Connection) -> None:
    turns = _turns.setdefault(str(connection.engine.url.database), Turns())
    if turns.take():
        connection.info[TURN] = turns


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _on_end(connection: Connection) -> None:
    _give_turn(connection.info)


@event.listens_for(Pool, "checkin")
def _on_checkin(_connection: object, record: Any) -> None:
    _give_turn(record.info)


def _give_turn(info: dict[Any, Any]) -> None:
    turns: Turns | None = info.pop(TURN, None)
    if turns is not None:
        turns.give()


def _lower(value: Any) -> Any:
    """SQLite's own lower() knows ASCII only."""
    return value.lower() if isinstance(value, str) else value


@contextmanager
def access_connection() -> Iterator[Connection]:
    """A short transaction of its own on the log of reading."""
    with Session(db.engines[ACCESS], join_transaction_mode="create_savepoint") as session, session.begin():
        yield session.connection(execution_options={WRITES: True})


@event.listens_for(Session, "after_begin")
def _give_keys(session: Session, *_: object) -> None:
    if has_app_context():
        session.info.setdefault(audit.KEY, audit_key())
        session.info.setdefault(reacting.ZONE, ZoneInfo(current_app.config["TZ"]))


def configure_database(app: Flask) -> None:
    """Engines and sessions."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(url))
    app.config.setdefault("SQLALCHEMY_BINDS", bind_urls(url))
    db.init_app(app)


def audit_key() -> bytes:
    key: str = current_app.config["AUDIT_KEY"]
    return key.encode()
