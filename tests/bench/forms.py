"""The create form and a save: ours, the floor and the stock view side by side."""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import select

from models.access import editable_by, visible_to
from models.graduates import Graduate
from tests.bench import floor
from tests.bench.panel import Person
from tests.bench.timing import Timing, interleaved
from tests.views.forms import HTML, fields_of
from views import labels
from views.extensions import db

FORM = Environment(autoescape=True).from_string(
    """<!doctype html><title>form</title><form>{% for kind, name, value, options in controls %}<label>{{ name }}
{% if kind == "select" %}<select name="{{ name }}">{% for code, text in options %}<option value="{{ code }}">{{ text }}
</option>{% endfor %}</select>{% elif kind == "textarea" %}<textarea name="{{ name }}">{{ value }}</textarea>
{% else %}<input type="{{ kind }}" name="{{ name }}" value="{{ value }}">{% endif %}</label>{% endfor %}</form>"""
)


@dataclass(frozen=True)
class FormFloor:
    """The words that the selects offer, by one statement through the driver, and as many bare controls as ours."""

    words: floor.Bare
    controls: list[tuple[str, str, str, list[tuple[str, str]]]]

    def __call__(self) -> str:
        self.words.rows()
        return FORM.render(controls=self.controls)


def controls_of(html: str) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Every control of our form, those of the templates of child rows too."""
    found = []
    for node in html5lib.parse(html).iter():
        if node.tag not in (f"{HTML}input", f"{HTML}select", f"{HTML}textarea") or not node.get("name"):
            continue
        options = [(o.get("value") or "", "".join(o.itertext())) for o in node.iter(f"{HTML}option")]
        kind = {f"{HTML}select": "select", f"{HTML}textarea": "textarea"}.get(node.tag, node.get("type") or "text")
        found.append((kind, node.get("name") or "", node.get("value") or "", options))
    return found


def create_form(app: Flask, driver: floor.Driver, who: Person, stock: FlaskClient, rounds: int) -> dict[str, Timing]:
    ours, theirs = "/graduate/new/", f"/admin/{who.role}/new/"
    with app.app_context():
        words = driver.bare(labels.statement())
    bare = FormFloor(words, controls_of(who.get(ours)))
    assert stock.get(theirs).status_code == 200
    competitors = {"ours": lambda: who.get(ours), "floor": bare, "stock": lambda: stock.get(theirs)}
    return interleaved(competitors, rounds=rounds)


# -- Saving ----------------------------------------------------------------------------------------------------------


def save(app: Flask, driver: floor.Driver, who: Person, stock: FlaskClient, rounds: int) -> dict[str, Timing]:
    """Three cards, so that the competitors do not change one another's record; one field differs each time."""
    mine, bare, theirs = _editable(app, who)
    competitors = {
        "ours": _our_save(who, mine),
        "floor": _bare_save(driver, bare),
        "stock": _stock_save(stock, f"/admin/{who.role}/edit/?id={theirs}"),
    }
    return interleaved(competitors, rounds=rounds)


def _editable(app: Flask, who: Person) -> list[int]:
    query = select(Graduate.id).where(visible_to(who.viewer), editable_by(who.viewer)).order_by(Graduate.id).limit(60)
    with app.app_context():
        found = list(db.session.scalars(query))[-3:]
        db.session.remove()
    return found


def _our_save(who: Person, card: int) -> Any:
    address = f"/graduate/edit/?id={card}"
    fields = fields_of(who.get(address))
    numbers = itertools.count(1)

    def work() -> None:
        fields["note"] = f"Примечание {next(numbers)}"
        response = who.client.post(address, data=fields)
        assert response.status_code == 302, (response.status_code, _errors(response.text))
        fields["version"] = str(int(fields["version"]) + 1)

    return work


def _errors(html: str) -> list[str]:
    return re.findall(r'class="[^"]*(?:error|invalid-feedback)[^"]*"[^>]*>\s*([^<]+)', html)[:5]


def _stock_save(client: FlaskClient, address: str) -> Any:
    page = client.get(address).text
    assert 'class="admin-form' in page, address
    fields = fields_of(page.replace('class="admin-form', 'id="record-form" class="admin-form', 1))
    numbers = itertools.count(1)

    def work() -> None:
        fields["note"] = f"Примечание {next(numbers)}"
        response = client.post(address, data=fields)
        assert response.status_code == 302, (response.status_code, _errors(response.text))

    return work


def _bare_save(driver: floor.Driver, card: int) -> Any:
    """Read the row, write it with its version, add a row to the history, commit."""
    numbers = itertools.count(1)
    read = driver.bare(select(Graduate.__table__).where(Graduate.id == card))
    begin = "BEGIN IMMEDIATE" if driver.is_sqlite else "BEGIN"

    def work() -> None:
        now = datetime.now(UTC).isoformat(" ")
        driver.run(begin)
        read.rows()
        driver.run(CHANGE, (f"Примечание {next(numbers)}", now, card))
        driver.run(NOTE, (next(_SEQUENCE), now, card, card, "0" * 64, "0" * 64))
        driver.run("COMMIT")

    return work


_SEQUENCE = itertools.count(1_000_000_000)
CHANGE = "UPDATE graduate SET note = ?, updated_at = ?, version = version + 1 WHERE id = ?"
NOTE = (
    "INSERT INTO audit_event (seq, at, user_id, agency_id, kind, subject, subject_id, graduate_id, record_version,"
    " user_name, payload, payload_digest, mac)"
    " VALUES (?, ?, 1, 1, 'changed', 'graduate', ?, ?, 1, 'bench', '{\"note\": [\"\", \"a\"]}', ?, ?)"
)
