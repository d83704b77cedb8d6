"""The route of a person with 2,000 events: our whole page, and its bare rows in a bare Jinja table."""

from datetime import timedelta

from flask import Flask
from jinja2 import Environment
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.graduates import Graduate
from models.users import Role, User
from models.work import Appeal, Consultation, ServiceRecord, Visit
from services.route.events import parameters, statement
from services.route.kinds import WHATS
from tests.bench.databases import DAY
from tests.bench.floor import Driver
from tests.bench.timing import Timing, interleaved
from tests.signing import sign_in
from views import edge
from views.cli_tools import transaction
from views.extensions import db

COUNT = 2_000
MODELS = (ServiceRecord, Consultation, Visit, Appeal)
TABLE = Environment(autoescape=True).from_string(
    """<!doctype html><title>{{ rows|length }}</title><table>{% for row in rows %}
<tr><td>{{ row[2] }}{% if row[3] %} – {{ row[3] }}{% endif %}</td><td>{{ kinds[row[0]] }}</td>
<td><a href="?id={{ row[1] }}">{{ row[7] }} {{ row[4] }}</a> <small>{{ row[5] }}</small></td><td>{{ row[8] }}</td>
</tr>{% endfor %}</table>"""
)
KINDS = {name: what.kind.label for name, what in WHATS.items()}


def busy_person() -> tuple[User, int]:
    """Somebody of whom 2,000 entries of daily work stand beside what the demonstration tells.

    Numbered records are never deleted: these stay until the database goes.
    """
    with transaction() as session:
        user = session.scalars(select(User).where(User.role == Role.HEAD).order_by(User.id)).first()
        assert user is not None
        person = _person(session, user)
        for model in MODELS:
            rows = [_row(model, number, person, user) for number in range(COUNT // len(MODELS))]
            session.execute(insert(model), rows)
    return user, person


def _person(session: Session, user: User) -> int:
    query = select(Graduate.id).where(visible_to(Viewer.of(session, user, DAY))).order_by(Graduate.id).limit(1)
    return session.scalars(query).one()


def _row(model: type, number: int, person: int, user: User) -> dict[str, object]:
    on = DAY - timedelta(days=number % 1500)
    row: dict[str, object] = {
        "graduate_id": person,
        "agency_id": user.agency_id,
        "specialist": "Специалист",
        "version": 1,
    }
    if model is ServiceRecord:
        return row | {"provided_on": on, "kind_code": "legal", "title": f"Помощь с документами {number}", "quantity": 1}
    row |= {"year": 1999, "number": number + 1, "created_at": edge.clock()}
    told = {
        Consultation: {"held_on": on, "topic": f"Беседа об учёбе {number}"},
        Visit: {"visited_on": on, "purpose": f"Проверить условия {number}", "result": "Всё в порядке"},
        Appeal: {"received_on": on, "content": f"Прошу помочь с жильём {number}"},
    }
    return row | told[model]


def measure(app: Flask, driver: Driver, rounds: int) -> tuple[int, dict[str, Timing]]:
    """How many lines there are, and how long each way takes."""
    with app.app_context():
        user, person = busy_person()
        client = sign_in(app.test_client(), user)
        bare = driver.bare(statement().params(parameters(db.session.get_one(Graduate, person))))
        db.session.rollback()
    page = f"/graduate/{person}/route?all=1"

    def ours() -> str:
        response = client.get(page)
        assert response.status_code == 200
        return response.text

    def floor() -> str:
        rows = bare.rows()
        assert len(rows) >= COUNT
        return TABLE.render(rows=sorted(rows, key=lambda row: row[2], reverse=True), kinds=KINDS)

    lines = ours().count("</td></tr>")
    return lines, interleaved({"ours": ours, "floor": floor}, rounds=rounds)
