"""Our panel as its users meet it: signed in, through the whole of the application, access log included."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.access import Viewer, visible_to
from models.graduates import Graduate
from models.users import User
from tests.bench.databases import DAY
from tests.signing import sign_in
from views.database import reading_only
from views.extensions import db

# The role's name in the tables, and who of the demonstration region has it.
WHO = {"officer": "opeka.sokol", "administrator": "admin"}


@dataclass(frozen=True)
class Person:
    """Somebody who measures: the client that is signed in, what the access rules know, how many people are seen."""

    role: str
    client: FlaskClient
    viewer: Viewer
    total: int

    def get(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, (self.role, address, response.status_code)
        return response.text


@contextmanager
def people(app: Flask) -> Iterator[dict[str, Person]]:
    with app.app_context():
        reading_only(True)
        found = {role: _person(app, role, login) for role, login in WHO.items()}
        db.session.remove()
        reading_only(False)
    yield found


def _person(app: Flask, role: str, login: str) -> Person:
    session = db.session()
    user = session.scalars(select(User).where(User.login == login)).one()
    viewer = Viewer.of(session, user, DAY)
    total = session.query(Graduate).where(visible_to(viewer)).count()
    return Person(role, sign_in(app.test_client(), user), viewer, total)
