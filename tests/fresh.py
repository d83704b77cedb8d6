"""An application on a database of its own, where commits are real: for tests of several writers and of commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import create_app
from tests.databases import drop_postgres, make_migrated
from tests.databases import test_settings as settings_of
from views.extensions import db


@contextmanager
def fresh_app(kind: str, folder: Path, name: str) -> Iterator[Flask]:
    """`kind` is sqlite or postgresql; `name` keeps databases of two modules apart."""
    url = make_migrated(kind, folder / "own.sqlite", name)
    app = create_app(settings_of(url, folder))
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    drop_postgres(url)
