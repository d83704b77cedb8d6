"""The demonstration region served on a port of this machine, for tests with a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from models.access import Viewer, visible_to
from models.context import Actor, act_as
from models.graduates import Graduate
from models.rule_terms import Trigger
from models.users import User
from services import demo
from services.deadlines.occurrences import record
from services.importing.rows import read_form
from services.imports.batches import keep_draft
from tests.services.importing.builders import FORM_1, table, xlsx
from views.extensions import db

PASSWORD = "correct horse battery"
ON = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
PEOPLE = 60
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OFFICER, STRANGER, CLERK, HEAD, ADMIN = "opeka.sokol", "opeka.totma", "sluzhba", "sluzhba.head", "admin"
CENTRE, COORDINATOR, OPERATOR = "kcson.sokol", "coordinator", "operator"


@dataclass
class Site:
    """Where it is served, and what stands in it."""

    app: Flask
    url: str

    def ask(self, query: Any) -> Any:
        """The first value that a query finds."""
        with self.app.app_context():
            return db.session.scalar(query)

    def visible(self, login: str, number: int = 0) -> int:
        """The id of one of the graduates whom this user sees, always the same for the same number."""
        with self.app.app_context():
            user = db.session.scalars(select(User).filter_by(login=login)).one()
            mine = visible_to(Viewer.of(db.session(), user, ON))
            query = select(Graduate.id).where(mine).order_by(Graduate.id).offset(number).limit(1)
            return db.session.scalars(query).one()

    def event(self, login: str) -> int:
        """An event about one of the graduates whom this user sees, with the terms that run from it."""
        with self.app.app_context():
            user = db.session.scalars(select(User).filter_by(login=login)).one()
            act_as(db.session(), Actor.of(user, NOW))
            viewer = Viewer.of(db.session(), user, ON)
            person = db.session.scalars(select(Graduate.id).where(visible_to(viewer)).order_by(Graduate.id)).first()
            made = record(
                db.session(),
                trigger=Trigger.REQUEST_RECEIVED,
                agency_id=viewer.agency_id,
                graduate_id=person,
                happened_on=ON,
                number="вх-12",
                by=viewer,
                now=NOW,
            )
            db.session.commit()
            return made.id

    def draft(self, login: str) -> int:
        """A checked, not yet loaded file of this user: a new person, a repeated one, one without a name."""
        data = xlsx(table({}, {}, {"name": ""}))
        parsed = read_form(data, file_name="форма.xlsx", form=FORM_1, on=ON, max_bytes=1_000_000)
        with self.app.app_context():
            user = db.session.scalars(select(User).filter_by(login=login)).one()
            act_as(db.session(), Actor.of(user, NOW))
            viewer = Viewer.of(db.session(), user, ON)
            batch = keep_draft(db.session(), viewer=viewer, agency=user.agency, parsed=parsed, data=data, now=NOW)
            db.session.commit()
            return batch.id


class Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def settings(folder: Path) -> dict[str, object]:
    return {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'browser.sqlite'}",
        "SECRET_KEY": "browser",
        "AUDIT_KEY": "browser-audit",
        "DATA_DIR": str(folder),
        "INSTANCE_PATH": str(folder),
        "LOG_LEVEL": "ERROR",
        "TODAY": ON,
        "DEMO": True,
        "PASSWORD_HASHER": CHEAP,
    }


def fill() -> None:
    """A migrated database with the demonstration region; everybody has the same password."""
    upgrade()
    act_as(db.session(), Actor(NOW))
    folder = Path(current_app.config["DATA_DIR"])
    demo.load(session=db.session(), now=NOW, on=ON, graduates=PEOPLE, hasher=CHEAP, folder=folder)
    db.session.execute(update(User).values(password_hash=CHEAP.hash(PASSWORD)))
    db.session.commit()


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    app = create_app(settings(folder))
    with app.app_context():
        fill()
    with serving(app) as site:
        yield site


@contextmanager
def serving(app: Flask) -> Iterator[Site]:
    """An application whose database is filled, on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
