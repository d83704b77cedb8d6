"""A quick entry, a talk with a service: the whole request, and the bare rows of it in one transaction."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from models.graduates import Graduate
from models.users import User
from tests.bench.databases import DAY
from tests.bench.floor import Driver
from tests.bench.timing import Timing, interleaved
from tests.signing import sign_in
from tests.views.forms import fields_of
from views.extensions import db

LOGIN = "sluzhba"
TYPED = {"what": "talk", "topic": "Льготы на проезд", "content": "Объяснила, какие нужны справки"}
SERVICE = {"service_kind": "legal", "service_form": "semi_stationary"}

COUNTER = (
    "INSERT INTO journal_counter (agency_id, journal, year, last_number, starts_after)"
    " VALUES (?, 'consultations', ?, 1, 0)"
    " ON CONFLICT (agency_id, journal, year) DO UPDATE SET last_number = journal_counter.last_number + 1"
    " RETURNING last_number"
)
TALK = (
    "INSERT INTO consultation (held_on, kind, topic, content, specialist, specialist_id, graduate_id, agency_id, year,"
    " number, annulled_reason, created_at, created_by_id, form_token, version)"
    " VALUES (?, 'talk', ?, ?, 'Bench', ?, ?, ?, ?, ?, '', ?, ?, ?, 1) RETURNING id"
)
RENDERED = (
    "INSERT INTO service_record (agency_id, provided_on, kind_code, form_code, title, quantity, result,"
    " consultation_id, annulled_reason, specialist, specialist_id, graduate_id, created_by_id, version)"
    " VALUES (?, ?, 'legal', 'semi_stationary', ?, 1, '', ?, '', 'Bench', ?, ?, ?, 1)"
)
NOTE = (
    "INSERT INTO audit_event (seq, at, user_id, agency_id, kind, subject, subject_id, graduate_id, record_version,"
    " user_name, payload, payload_digest, mac) VALUES (?, ?, ?, ?, 'created', ?, ?, ?, 1, 'Bench', ?, ?, ?)"
)
_SEQUENCE = itertools.count(2_000_000_000)


def measure(app: Flask, driver: Driver, rounds: int) -> dict[str, Timing]:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.login == LOGIN)).one()
        own = select(Graduate.id).where(Graduate.agency_id == user.agency_id, Graduate.deleted_at.is_(None))
        mine, bare = db.session.scalars(own.order_by(Graduate.id).limit(2)).all()
        client = sign_in(app.test_client(), user)
        work = {"ours": _ours(client, mine), "floor": _bare(driver, user.id, user.agency_id, bare)}
        db.session.remove()
    return interleaved(work, rounds=rounds)


def _ours(client: Any, person: int) -> Callable[[], None]:
    fields = fields_of(client.get("/work/").text) | TYPED | SERVICE | {"people": str(person), "on": f"{DAY:%d.%m.%Y}"}

    def work() -> None:
        response = client.post("/work/", data=fields | {"form_token": uuid4().hex})
        assert response.status_code == 302, response.status_code

    return work


def _bare(driver: Driver, user_id: int, agency_id: int, person: int) -> Callable[[], None]:
    """The number, the talk, the service, and a row of history for each."""
    day, payload = DAY.isoformat(), json.dumps({"topic": [None, TYPED["topic"]]})

    def one(sql: str, values: tuple[Any, ...]) -> Any:
        text = sql if driver.is_sqlite else sql.replace("?", "%s")
        return driver.connection.execute(text, values).fetchone()[0]

    def note(now: str, subject: str, number: int) -> None:
        said = (next(_SEQUENCE), now, user_id, agency_id, subject, number, person, payload, "0" * 64, "0" * 64)
        driver.run(NOTE, said)

    def work() -> None:
        now = datetime.now(UTC).isoformat(" ")
        driver.run("BEGIN IMMEDIATE" if driver.is_sqlite else "BEGIN")
        number = one(COUNTER, (agency_id, DAY.year))
        who = (user_id, person, agency_id, DAY.year, number, now, user_id, uuid4().hex)
        talk = one(TALK, (day, TYPED["topic"], TYPED["content"], *who))
        driver.run(RENDERED, (agency_id, day, TYPED["topic"], talk, user_id, person, user_id))
        note(now, "consultation", talk)
        note(now, "service_record", talk)
        driver.run("COMMIT")

    return work
