"""The list in five situations: ours, the floor and the stock view side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, select

from models.access import visible_to
from models.graduates import Graduate
from models.search import matches
from tests.bench import floor
from tests.bench.panel import Person
from tests.bench.timing import Timing, Work, interleaved
from views.extensions import db

DEPTH = 0.9
BORN = (date(2004, 1, 1), date(2005, 12, 31))


@dataclass(frozen=True)
class Scene:
    """What each competitor is asked for."""

    name: str
    ours: str
    floor: floor.Page
    stock: str


def scenes(app: Flask, driver: floor.Driver, who: Person) -> Iterator[Scene]:
    seen, key = [visible_to(who.viewer)], Graduate.name_key
    by_name = floor.Page(driver, seen, sort=key)
    yield Scene("first page", "", by_name, "")
    category = "active"
    narrowed: list[ColumnElement[bool]] = [
        *seen, Graduate.category_code == category, Graduate.birth_date.between(*BORN),
    ]  # fmt: skip
    first, last = (day.isoformat() for day in BORN)
    yield Scene(
        "filtered",
        urlencode({"f.category": category, "f.born": f"{first}..{last}"}),
        floor.Page(driver, narrowed, sort=key),
        urlencode({"flt0_category_code_equals": category, "flt1_birth_date_between": f"{first} to {last}"}),
    )
    fragments = _fragments(app, who)
    found = [*seen, matches(fragments, driver.dialect.name)]
    yield Scene(
        "fragment search",
        urlencode({"q": fragments}),
        floor.Page(driver, found, sort=key),
        urlencode({"search": fragments}),
    )
    yield Scene(
        "sorted by date of birth, newest first",
        urlencode({"sort": "-born"}),
        floor.Page(driver, seen, sort=Graduate.birth_date, is_descending=True),
        urlencode({"sort": 1, "desc": 1}),
    )
    position = int(who.total * DEPTH) // floor.SIZE * floor.SIZE
    place = _place(app, who, position - 1)
    yield Scene(
        "page at 90 % depth",
        urlencode({"after": f"{place[1]}-{position}-{who.total}"}),
        floor.Page(driver, seen, sort=key, after=place, counts=False),
        urlencode({"page": position // floor.SIZE}),
    )


def _fragments(app: Flask, who: Person) -> str:
    """Pieces from the middle of somebody's names and the year of birth: «узн арь 2007»."""
    with app.app_context():
        _, card = _place(app, who, who.total // 2)
        person = db.session.get_one(Graduate, card)
        return f"{person.last_name[1:4]} {person.first_name[1:4]} {person.birth_date.year}"


def _place(app: Flask, who: Person, position: int) -> tuple[str, int]:
    """The record before the page, as the pager's link would name it."""
    query = select(Graduate.name_key, Graduate.id).where(visible_to(who.viewer))
    with app.app_context():
        row = db.session.execute(query.order_by(Graduate.name_key, Graduate.id).offset(position).limit(1)).one()
        db.session.remove()
    return row[0], row[1]


def measure(scene: Scene, who: Person, stock: FlaskClient, rounds: int) -> dict[str, Timing]:
    ours, theirs = f"/graduate/?{scene.ours}", f"/admin/{who.role}/?{scene.stock}"
    _same_people(who.get(ours), scene, _stock_page(stock, theirs))
    competitors: dict[str, Work] = {
        "ours": lambda: who.client.get(ours),
        "floor": scene.floor,
        "stock": lambda: stock.get(theirs),
    }
    return interleaved(competitors, rounds=rounds)


def _stock_page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.text


def _same_people(ours: str, scene: Scene, stock: str) -> None:
    """All show the first person and as many rows: nobody is measured while showing something else.

    Stock search looks in fewer places (no documents), so there its first person may be another one.
    """
    rows = scene.floor.page.rows()
    assert rows, f"{scene.name}: nobody found"
    first = str(rows[0][1])
    assert first in ours, f"{scene.name}: another page"
    assert ours.count('class="row-link"') == len(rows), scene.name
    assert first in stock or "search=" in scene.stock, f"{scene.name}: another stock page"
    assert 'class="list-checkbox-column"' in stock, f"{scene.name}: the stock page is empty"
