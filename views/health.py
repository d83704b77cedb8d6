"""Is the process alive, and can it work? For whoever watches or starts the server."""

from functools import lru_cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Config
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from views.extensions import db

Answer = tuple[str, int, dict[str, str]]
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def healthz() -> Answer:
    return "ok\n", 200, TEXT


def readyz() -> Answer:
    fault = find_fault()
    return (f"{fault}\n", 503, TEXT) if fault else ("ok\n", 200, TEXT)


def find_fault() -> str | None:
    """Why the databases cannot be worked with, as a sentence; None: they can."""
    expected = newest_revision(current_app.extensions["migrate"].directory)
    try:
        standing = [_revisions(engine) for engine in db.engines.values()]
    except SQLAlchemyError:
        return "База данных не отвечает."
    if any(revisions != expected for revisions in standing):
        return "База данных не готова: выполните flask --app app db upgrade."
    return None


def _revisions(engine: Engine) -> tuple[str, ...]:
    with Session(engine, join_transaction_mode="create_savepoint") as session:
        return tuple(sorted(MigrationContext.configure(session.connection()).get_current_heads()))


@lru_cache(maxsize=1)
def newest_revision(directory: str) -> tuple[str, ...]:
    config = Config()
    config.set_main_option("script_location", directory)
    return tuple(sorted(ScriptDirectory.from_config(config).get_heads()))


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
