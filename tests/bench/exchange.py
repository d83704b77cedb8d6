"""The boxes of an organisation with 200,000 letters: each page beside its bare statement in a bare Jinja table.

Nothing is remembered from round to round: what the page shows is counted anew, and the floor counts it too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from jinja2 import Environment
from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from models.exchange import IncomingLetter, OutgoingLetter, Referral, ReferralStatus, ReferralUrgency
from models.territory import Agency
from models.users import User
from services.exchange import boxes
from services.exchange.boxes import Box
from tests.bench.databases import DAY
from tests.bench.floor import Bare, Driver
from tests.bench.letters import seed
from tests.bench.timing import Timing, interleaved
from tests.signing import sign_in
from views import listing, totals
from views.extensions import db

SIZE = 50
DEPTHS = (0.5, 0.9)
HEADINGS = ("Письмо", "Состояние", "От кого", "О ком", "Ответить до", "Отправлено", "Вх. №", "Исполнитель")
TABLE = Environment(autoescape=True).from_string(
    """<!doctype html><title>{{ counted }}</title><table>
<tr>{% for name in headings %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row[1:] %}<td>{% if loop.first %}<a href="?id={{ row[0] }}">{{ cell }}</a>
{% else %}{{ cell if cell is not none else "" }}{% endif %}</td>{% endfor %}</tr>{% endfor %}</table>"""
)
r = Referral
ADDRESSES = {
    Box.INBOX: "inbox",
    Box.OUTBOX: "outbox",
    Box.AWAITED: "awaited",
    Box.OVERDUE: "overdue",
    Box.DRAFTS: "drafts",
    Box.ARCHIVE: "archive",
}
BY_DUE = (Box.AWAITED, Box.OVERDUE)


@dataclass(frozen=True)
class Scene:
    """What is asked for: a page of the panel, and the statements that it cannot do without."""

    name: str
    address: str
    page: Bare
    counts: list[Bare]

    def floor(self) -> str:
        rows = self.page.rows()
        counted = [one.rows()[0] for one in self.counts]
        return TABLE.render(headings=HEADINGS, rows=rows, counted=counted)


def measure(app: Flask, driver: Driver, rounds: int) -> Iterator[tuple[str, dict[str, Timing]]]:
    with app.app_context():
        user = seed()
        client = sign_in(app.test_client(), user)
        settle(driver)
        made = list(scenes(driver, user))
        counting = driver.bare(boxes.counting(agency_id=user.agency_id, on=DAY))
        agency_id = user.agency_id
        db.session.remove()
    for scene in made:

        def ours(address: str = scene.address) -> str:
            app.extensions.pop(totals.KEY, None)
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)
            return response.text

        _same(ours(), scene)
        yield scene.name, interleaved({"ours": ours, "floor": scene.floor}, rounds=rounds)

    def counters() -> None:
        boxes.counters(db.session(), agency_id=agency_id, on=DAY)
        db.session.rollback()

    with app.app_context():
        yield "the numbers of all tabs", interleaved({"ours": counters, "floor": counting.rows}, rounds=rounds)
        db.session.remove()


def settle(driver: Driver) -> None:
    """What the server's own autovacuum does after a minute or two."""
    if not driver.is_sqlite:
        driver.run("VACUUM ANALYZE referral")
        driver.run("VACUUM ANALYZE incoming_letter")
        driver.run("VACUUM ANALYZE outgoing_letter")
        driver.run("VACUUM ANALYZE referral_person")


def _same(page: str, scene: Scene) -> None:
    """Both show the same letters: nobody is measured while showing something else."""
    rows = scene.page.rows()
    assert rows or scene.name.endswith("drafts: first page"), f"{scene.name}: nothing found"
    shown = page.count('class="row-link"')
    assert shown == len(rows), (scene.name, shown, len(rows))
    assert all(f"/referral/details/?id={row[0]}" in page for row in rows), scene.name


def scenes(driver: Driver, user: User) -> Iterator[Scene]:
    for box in Box:
        yield _scene(driver, user, box, "first page", {})
    for name, asked, condition in filters(user):
        yield _scene(driver, user, Box.INBOX, name, asked, condition)
    for box in (Box.INBOX, Box.ARCHIVE, Box.OVERDUE):
        for depth in DEPTHS:
            yield _deep(driver, user, box, depth)


def filters(user: User) -> Iterator[tuple[str, dict[str, str], ColumnElement[bool]]]:
    """Each filter of the inbox: how it is asked for, and its condition."""
    other = db.session.scalars(select(Agency).where(Agency.id != user.agency_id).order_by(Agency.id)).first()
    assert other is not None
    (came,) = boxes.parts_of(Box.INBOX, agency_id=user.agency_id, on=DAY)
    kind = db.session.scalars(select(r.kind_key).where(came).limit(1)).one()
    told = db.session.scalars(select(r.about_key).where(came, r.about_key != "").limit(1)).one()
    number = db.session.scalars(
        select(IncomingLetter.number)
        .join(Referral, Referral.id == IncomingLetter.referral_id)
        .where(IncomingLetter.year == 1999, came)
        .limit(1)
    ).one()
    words = told.split()[0]
    of_number = r.id.in_(
        select(IncomingLetter.referral_id).where(
            IncomingLetter.agency_id == user.agency_id, IncomingLetter.year == 1999, IncomingLetter.number == number
        )
    )
    yield "of a kind", {"f.kind": kind}, r.kind_key == kind
    yield "of an organisation", {"f.side": str(other.id)}, r.sender_id == other.id
    yield "in work", {"f.status": "in_work"}, r.status == ReferralStatus.IN_WORK
    yield "urgent", {"f.urgency": "immediate"}, r.urgency == ReferralUrgency.IMMEDIATE
    yield "mine", {"f.executor": "me"}, r.executor_id == user.id
    yield "about a person", {"f.name": words}, r.about_key.contains(words)
    yield "with a number", {"f.number": f"{number}/1999"}, of_number
    month = (DAY.replace(day=1), DAY)
    yield (
        "sent in a month",
        {"f.sent": f"{month[0]}..{month[1]}"},
        r.sent_on.between(*month),
    )
    yield (
        "due in a month",
        {"f.due": f"{month[0]}..{month[1]}"},
        r.answer_due_on.between(*month),
    )
    yield "waiting for a clarification", {"f.paused": "1"}, r.paused_on.is_not(None)
    yield "on paper", {"f.paper": "1"}, r.is_on_paper


def _scene(
    driver: Driver,
    user: User,
    box: Box,
    name: str,
    asked: dict[str, str],
    condition: ColumnElement[bool] | None = None,
) -> Scene:
    address = f"/exchange/{ADDRESSES[box]}/?{urlencode(asked)}"
    where = [condition] if condition is not None else []
    parts = boxes.parts_of(box, agency_id=user.agency_id, on=DAY)
    counts = [driver.bare(boxes.counting(agency_id=user.agency_id, on=DAY))]
    if where:
        counts += [driver.bare(select(func.count()).select_from(r).where(part, *where)) for part in parts]
    return Scene(f"{box.label.lower()}: {name}", address, driver.bare(_page(box, parts, where)), counts)


def _order(box: Box) -> tuple[Any, bool]:
    if box in BY_DUE:
        return r.answer_due_on, False
    return (r.created_at, True) if box is Box.DRAFTS else (r.sent_at, True)


def _page(box: Box, parts: Any, where: list[Any]) -> Select[Any]:
    """The lines with the words of their relations, the first of each part found by itself."""
    sort, is_descending = _order(box)
    ids = _ids(sort, is_descending, parts, where)
    executor = aliased(User)
    number = func.coalesce(_number(IncomingLetter), _number(OutgoingLetter))
    query = (
        select(r.id, r.kind_title, r.status, r.sender_name, r.about_text, r.answer_due_on, r.sent_on, number)
        .add_columns(executor.name)
        .outerjoin(executor, executor.id == r.executor_id)
        .where(r.id.in_(select(ids.c.id)))
    )
    return query.order_by(*listing._order(r.id, sort, is_descending))


def _ids(sort: Any, is_descending: bool, parts: Any, where: list[Any]) -> Any:
    found = select(r.id).where(*where)
    if len(parts) == 1:
        return listing._first_ids(found.where(parts[0]), r.id, sort, is_descending, SIZE, ())
    return listing._first_ids(found, r.id, sort, is_descending, SIZE, parts)


def _number(journal: Any) -> Any:
    text = cast(journal.number, String) + "/" + cast(journal.year, String)
    return select(func.min(text)).where(journal.referral_id == r.id).correlate(r).scalar_subquery()


def _deep(driver: Driver, user: User, box: Box, depth: float) -> Scene:
    """The page behind a part of the box, named by the letter before it as the pager names it."""
    sort, is_descending = _order(box)
    parts = boxes.parts_of(box, agency_id=user.agency_id, on=DAY)
    total = sum(db.session.scalar(select(func.count()).select_from(r).where(part)) or 0 for part in parts)
    position = max(int(total * depth) // SIZE * SIZE, 1)
    order = listing._order(r.id, sort, is_descending)
    query = select(sort, r.id).where(or_(*parts)).order_by(*order).offset(position - 1).limit(1)
    place = db.session.execute(query).one()
    here = tuple_(sort, r.id)
    beyond = here < tuple_(*place) if is_descending else here > tuple_(*place)
    address = f"/exchange/{ADDRESSES[box]}/?after={place[1]}-{position}-{total}"
    counts = [driver.bare(boxes.counting(agency_id=user.agency_id, on=DAY))]
    page = driver.bare(_page(box, parts, [beyond]))
    return Scene(f"{box.label.lower()}: page at {depth:.0%} depth", address, page, counts)
