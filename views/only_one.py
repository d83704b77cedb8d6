"""Work that two processes must not do at the same time, whichever of the databases they share."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zlib import crc32

from flask import current_app
from sqlalchemy import Connection, func, select

from views.extensions import db

PATIENCE = 60.0  # Seconds for which the second one waits.
PAUSE = 0.2


@contextmanager
def only_one(name: str, patience: float = PATIENCE) -> Iterator[bool]:
    """Whether the work is this process's now; False: another one is still at it. A process that dies lets it go."""
    engine = db.engines[None]
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield from _by_server(connection, crc32(name.encode()), patience)
    else:
        path = Path(current_app.config["DATA_DIR"]) / f"{name}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None, timeout=patience)) as file:
            yield _by_file(file)


def _by_server(connection: Connection, key: int, patience: float) -> Iterator[bool]:
    until = time.monotonic() + patience
    while not (is_mine := bool(connection.scalar(select(func.pg_try_advisory_lock(key))))):
        if time.monotonic() > until:
            break
        time.sleep(PAUSE)
    try:
        yield is_mine
    finally:
        if is_mine:
            connection.execute(select(func.pg_advisory_unlock(key)))


def _by_file(file: sqlite3.Connection) -> bool:
    """A lock on an empty database: every system has it, and none forgets to let it go."""
    try:
        file.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    return True
