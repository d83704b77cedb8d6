"""Databases for tests: migrations run once for each kind of database, every other database is a copy of that one."""

import atexit
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade

from app import create_app
from views.database import ACCESS, bind_urls
from views.extensions import db

POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
TODAY = date(2026, 10, 1)

_templates: dict[str, str] = {}  # By kind: the address of a database that was migrated and holds nothing else.


def test_settings(url: str, folder: Path) -> dict[str, object]:
    return {
        "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": "test",
        "AUDIT_KEY": "test-audit",
        "DATA_DIR": str(folder),
        "INSTANCE_PATH": str(folder),
        "WTF_CSRF_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "TODAY": TODAY,
        "HAS_QUEUE": bool(os.environ.get("TEST_HAS_QUEUE")),  # Tests do jobs themselves, or start workers.
    }


test_settings.__test__ = False  # type: ignore[attr-defined]


def make_postgres(name: str, template: str = "template1") -> str:
    """The address of a new database, empty or a copy of the template; a test is skipped where there is no server."""
    name = f"marshrut_test_{name}_{os.getpid()}"
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    except psycopg.OperationalError:
        if os.environ.get("REQUIRE_POSTGRES"):
            raise
        pytest.skip("PostgreSQL не найден: эти тесты пропущены")
    return POSTGRES.replace("postgresql://", "postgresql+psycopg://").rsplit("/", 1)[0] + f"/{name}"


def drop_postgres(url: str) -> None:
    """Leave no database behind."""
    if not url.startswith("sqlite"):
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')


def make_migrated(kind: str, file: Path, name: str) -> str:
    """The address of a new migrated database; `file` is where it lies on SQLite, `name` what it is called elsewhere."""
    if kind not in _templates:
        _templates[kind] = _make_template(kind)
    template = _templates[kind]
    if kind != "sqlite":
        return make_postgres(name, template.rsplit("/", 1)[1])
    url = f"sqlite:///{file}"
    for made, copied in zip(_files(template), _files(url), strict=True):
        shutil.copyfile(made, copied)
    return url


def _files(url: str) -> list[Path]:
    """On SQLite: the file of the database and that of the log of reading."""
    return [Path(address.removeprefix("sqlite:///")) for address in (url, bind_urls(url)[ACCESS])]


def _make_template(kind: str) -> str:
    folder = Path(tempfile.mkdtemp(prefix="marshrut-template-"))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    url = f"sqlite:///{folder / 'template.sqlite'}" if kind == "sqlite" else make_postgres(f"{worker}_template")
    app = create_app(test_settings(url, folder))
    with app.app_context():
        upgrade()
        for engine in db.engines.values():
            engine.dispose()  # Nobody may be connected to what is copied; on SQLite this also empties the journal.
    if kind != "sqlite":
        shutil.rmtree(folder)
    return url


@atexit.register  # Of a process of pytest-xdist this is not to be relied on: tests/conftest.py asks for it too.
def drop_templates() -> None:
    while _templates:
        kind, url = _templates.popitem()
        if kind == "sqlite":
            shutil.rmtree(_files(url)[0].parent)
        drop_postgres(url)
