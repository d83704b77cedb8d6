"""An application on a database of its own, where commits are real: for tests of several writers and of commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from tests.conftest import _postgres_url, drop_postgres
from tests.conftest import test_settings as settings_of
from views.extensions import db


@contextmanager
def fresh_app(kind: str, folder: Path, name: str) -> Iterator[Flask]:
    """`kind` is sqlite or postgresql; `name` keeps databases of two modules apart."""
    url = f"sqlite:///{folder / 'own.sqlite'}" if kind == "sqlite" else _postgres_url(name)
    app = create_app(settings_of(url, folder))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    drop_postgres(url)
