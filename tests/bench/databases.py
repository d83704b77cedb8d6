"""Throw-away databases filled with the demonstration region; whatever is made here is removed again."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from services import demo
from views import edge
from views.cli_tools import transaction
from views.extensions import db

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
NAME = f"marshrut_bench_{os.getpid()}"
DAY = date(2026, 11, 21)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Database:
    kind: str
    version: str
    url: str
    folder: Path
    graduates: int
    load_seconds: float


def settings(url: str, folder: Path) -> dict[str, object]:
    """As in production: labels remembered, CSRF on; only the request log is not printed."""
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": "bench",
        "AUDIT_KEY": "bench-audit",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }


def application(url: str, folder: Path) -> Flask:
    app = create_app(settings(url, folder))
    app.instance_path = str(folder)
    return app


def postgres_version() -> str | None:
    """None where there is no server to measure on."""
    try:
        with psycopg.connect(POSTGRES, connect_timeout=3) as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0]).split()[0]  # type: ignore[index]
    except psycopg.OperationalError:
        return None


@contextmanager
def sqlite_database(folder: Path, graduates: int) -> Iterator[Database]:
    import sqlite3

    own = folder / "sqlite"
    own.mkdir()
    url = f"sqlite:///{own / 'bench.sqlite'}"
    seconds = _fill(url, own, graduates)
    yield Database("SQLite", sqlite3.sqlite_version, url, own, graduates, seconds)
    for path in own.glob("bench*"):
        path.unlink()


@contextmanager
def postgres_database(folder: Path, graduates: int, version: str) -> Iterator[Database]:
    own = folder / "postgresql"
    own.mkdir()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{NAME}"')
    try:
        url = POSTGRES.replace("postgresql://", "postgresql+psycopg://").rsplit("/", 1)[0] + f"/{NAME}"
        seconds = _fill(url, own, graduates)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")  # What the server's own autovacuum does after a minute or two.
        yield Database("PostgreSQL", version, url, own, graduates, seconds)
    finally:
        with suppress(psycopg.Error), psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


def _fill(url: str, folder: Path, graduates: int) -> float:
    app = application(url, folder)
    start = time.perf_counter()
    with app.app_context():
        upgrade()
        with transaction() as session:
            demo.load(session=session, now=edge.clock(), on=DAY, graduates=graduates, hasher=QUICK)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return time.perf_counter() - start
