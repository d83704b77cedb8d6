"""Alembic's environment: migrates the main database and, where it is a file of its own, the log of reading."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from models import Model

TIMEOUTS = ("SET lock_timeout = '5s'", "SET statement_timeout = '10min'")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """The tables of the full-text search belong to SQLite's FTS5, not to the models."""
    return not (kind == "table" and (name or "").startswith("graduate_search"))


def include_object(item: Any, _name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """Expression indexes of one database only are made by hand in their migration."""
    return not (kind == "index" and reflected and (item.name or "").endswith("_trgm"))


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """A migration names no class of the models: those change, it does not."""
    return "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "UtcDateTime" else False


@contextmanager
def links_checked_at_the_end(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by dropping it, and with it all that refers to it, unless links are not watched."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # Inside of a transaction the pragma would do nothing.
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"The migration broke links: {sorted({row[0] for row in broken})}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for timeout in TIMEOUTS:
            connection.execute(text(timeout))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=include_name,
        include_object=include_object,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with links_checked_at_the_end(connection), context.begin_transaction():
        context.run_migrations()


engines = current_app.extensions["migrate"].db.engines
main = engines[None]
given: Connection | None = context.config.attributes.get("connection")
if given is not None:  # Tests migrate a connection of their own.
    run(given)
else:
    targets = {str(engine.url): engine for engine in (engines.get("access", main), main)}
    for engine in targets.values():
        with engine.connect() as connection:
            run(connection)
