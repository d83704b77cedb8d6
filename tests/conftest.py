"""Fixtures: the application on a migrated database of each kind, a transaction for each test, the cast."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from models.context import Actor, act_as
from tests.databases import TODAY as TODAY
from tests.databases import drop_postgres, drop_templates, make_migrated
from tests.databases import test_settings as settings_of
from tests.factories import Cast, build_cast
from tests.kept_cast import KeptCast
from tests.pages import ReviewingClient
from views import edge, totals
from views.extensions import db

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
HALF_A_DAY = timedelta(hours=12)

# What was imported stays: collecting it again and again takes a tenth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

Flask.test_client_class = ReviewingClient  # Every page that any test opens is reviewed.


@pytest.fixture(autouse=True)
def after_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the hour is, for pages the moment NOW has passed: what it brought is not something of the future."""
    clock = edge.clock

    def later() -> datetime:
        moment = clock()
        return moment + HALF_A_DAY if NOW - HALF_A_DAY <= moment < NOW else moment

    monkeypatch.setattr(edge, "clock", later)


@pytest.fixture(scope="session", autouse=True)
def _templates() -> Iterator[None]:
    """No database that others were copied from outlives the tests."""
    yield
    drop_templates()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """The application on a migrated, otherwise empty database."""
    folder = tmp_path_factory.mktemp(request.param)
    url = make_migrated(request.param, folder / "test.sqlite", worker_id)
    app = create_app(settings_of(url, folder))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    drop_postgres(url)


@contextmanager
def rolled_back(app: Flask) -> Iterator[scoped_session[Session]]:
    """A session inside a transaction that is rolled back at the end, also where the code under test commits."""
    with app.app_context():
        engines = db.engines
        kept = dict(engines)
        connections = {key: engine.connect() for key, engine in kept.items()}
        transactions = [connection.begin() for connection in connections.values()]
        engines.update(connections)  # type: ignore[arg-type]
        ordinary, db.session = db.session, db._make_scoped_session({"join_transaction_mode": "create_savepoint"})
        act_as(db.session(), Actor(NOW))
        totals.forget()
        yield db.session
        db.session.remove()
        db.session = ordinary
        engines.update(kept)
        for transaction in transactions:
            transaction.rollback()
        for connection in connections.values():
            connection.close()


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    with rolled_back(app) as session:
        yield session


@pytest.fixture(scope="session")
def kept_cast(app: Flask) -> KeptCast:
    with app.app_context(), db.engine.connect() as connection:
        transaction = connection.begin()
        kept = KeptCast.build(connection)
        transaction.rollback()
        return kept


@pytest.fixture
def cast(session: scoped_session[Session], kept_cast: KeptCast) -> Cast:
    """Anna, Boris, Vera, Galina, Kira, Root, their agencies and districts, and people whom they may or may not see."""
    built = kept_cast.put(session()) if kept_cast.fits(session()) else build_cast(session())
    session.commit()
    act_as(session(), Actor(NOW))
    return built


@pytest.fixture
def client(app: Flask, session: scoped_session[Session]) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
