"""The calendar of a month with 5,000 obligations: our page, and the bare rows in a bare Jinja table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from flask import Flask
from jinja2 import Environment
from sqlalchemy import delete, insert, select

from models.deadlines import Deadline
from models.graduates import Graduate
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.territory import Agency
from models.users import User
from tests.bench.floor import Driver
from tests.bench.timing import Timing, interleaved
from tests.signing import sign_in
from views import edge
from views.cli_tools import transaction

COUNT = 5_000
LOGIN = "opeka.sokol"
MONTH = date(2027, 3, 1)  # Nothing else is due then.
PAGE = f"/calendar/?view=month&on={MONTH}"
TABLE = Environment(autoescape=True).from_string(
    """<!doctype html><title>{{ rows|length }}</title><table>{% for row in rows %}
<tr><td><a href="?id={{ row[0] }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td><td>{{ row[3] }}</td><td>{{ row[4] }}</td>
<td>{{ row[5] }}</td></tr>{% endfor %}</table>"""
)


@contextmanager
def obligations(app: Flask) -> Iterator[User]:
    """5,000 duties about people, of many rules, due on every day of the month; removed again."""
    with app.app_context():
        with transaction() as session:
            user = session.scalars(select(User).where(User.login == LOGIN)).one()
            kinds = (RuleKind.EVENT, RuleKind.WINDOW)
            rules = session.execute(select(DeadlineRule.id, DeadlineRule.key).where(DeadlineRule.kind.in_(kinds))).all()
            people = list(session.scalars(select(Graduate.id).order_by(Graduate.id).limit(COUNT)))
            rows = [_row(number, rules[number % len(rules)], people[number], user) for number in range(COUNT)]
            session.connection().execute(insert(Deadline), rows)
        yield user
        with transaction() as session:
            session.execute(delete(Deadline).where(Deadline.subject.startswith("bench")))


def _row(number: int, rule: Any, graduate_id: int, user: User) -> dict[str, Any]:
    due = MONTH + timedelta(days=number % 31)
    days = {"opens_on": due - timedelta(days=10), "nominal_on": due, "due_on": due, "control_on": due, "soon_on": due}
    row = {"rule_id": rule[0], "rule_key": rule[1], "agency_id": user.agency_id, "graduate_id": graduate_id}
    same = {"required": 1, "achieved": 0, "closing_reason": "", "pause_reason": "", "recipient_text": "", "version": 1}
    named = {"subject": f"bench{number}", "period": "", "created_at": edge.clock(), "is_provisional": False}
    return row | days | same | named


def measure(app: Flask, driver: Driver, rounds: int) -> dict[str, Timing]:
    with obligations(app) as user:
        client = sign_in(app.test_client(), user)
        query = (
            select(
                Deadline.id, DeadlineRule.title, Deadline.due_on, Agency.short_name, Graduate.name_key, Deadline.done_on
            )
            .join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
            .join(Agency, Agency.id == Deadline.agency_id)
            .outerjoin(Graduate, Graduate.id == Deadline.graduate_id)
            .where(Deadline.agency_id == user.agency_id, Deadline.due_on.between(MONTH, MONTH + timedelta(days=30)))
            .order_by(Deadline.due_on, Deadline.id)
        )
        bare = driver.bare(query)

        def ours() -> str:
            response = client.get(PAGE)
            assert response.status_code == 200
            return response.text

        def floor() -> str:
            rows = bare.rows()
            assert len(rows) >= COUNT
            return TABLE.render(rows=rows)

        return interleaved({"ours": ours, "floor": floor}, rounds=rounds)
