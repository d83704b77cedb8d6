"""Registrations by twenty writers at once: our verb, the bare INSERTs of as many rows, and these with a counter.

Every competitor has as many connections and as many transactions, one for each row. The bare ones give the rows numbers
of their own, know neither history nor stages of support, and go through the driver alone. The verb is measured twice:
where no rule of a term is loaded, and with the obligations of a regulation, which are drawn anew with every fact.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from models.access import Viewer
from models.context import Actor, act_as
from models.territory import Agency
from models.work import Appeal
from services.work import appeals
from tests.bench.databases import DAY, settings
from tests.bench.floor import Driver
from tests.clock import follow, load_law
from tests.factories import build_cast, make_graduate
from tests.fresh import fresh_app
from views.database import engine_options
from views.extensions import db

Ready = Callable[[], object]  # Called once connected; returns when everybody is.
WRITERS = 20
EACH = int(os.environ.get("BENCH_REGISTRATIONS", "") or 200)
NOW = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
COUNTER = """INSERT INTO journal_counter (agency_id, journal, year, last_number, starts_after)
VALUES (?, 'appeals', ?, 1, 0) ON CONFLICT (agency_id, journal, year)
DO UPDATE SET last_number = journal_counter.last_number + 1 RETURNING last_number"""
EACH_WITH_LAW = max(1, EACH // 20)
OF_FLOOR, OF_COUNTER = 1990, 1991  # Years in which nobody else gets a number.


@dataclass(frozen=True)
class Taken:
    """Rows that a competitor stores in a second."""

    kind: str
    rows: int
    ours: float
    with_law: float
    counted: float
    bare: float


@dataclass(frozen=True)
class Clerk:
    """Somebody who registers appeals of people of the own organisation."""

    actor: Actor
    viewer: Viewer
    people: list[int]


def measure(kind: str, folder: Path) -> Taken:
    """On a small database of its own; `kind` is sqlite or postgresql."""
    with fresh_app(kind, folder, f"bench_{os.getpid()}") as small:
        url = str(small.config["SQLALCHEMY_DATABASE_URI"])
        clerk = _clerk(db.session())
        bare = _pace(lambda place, ready: _bare(url, clerk, place, ready))
        counted = _pace(lambda place, ready: _counted(url, clerk, place, ready))
        app = _application(url, folder)
        ours = _pace(lambda place, ready: _ours(app, clerk, EACH, place, ready))
        _check(WRITERS * EACH, DAY.year)
        _check(WRITERS * EACH, OF_COUNTER)
        load_law(db.session(), DAY)
        follow(db.session(), db.session.get_one(Agency, clerk.viewer.agency_id), "aistenok")
        db.session.commit()
        with_law = _pace(lambda place, ready: _ours(app, clerk, EACH_WITH_LAW, place, ready), EACH_WITH_LAW)
        _check(WRITERS * (EACH + EACH_WITH_LAW), DAY.year)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    return Taken(kind, WRITERS * EACH, ours, with_law, counted, bare)


def _application(url: str, folder: Path) -> Flask:
    """With a connection for each writer."""
    options = {**engine_options(url), "pool_size": WRITERS}
    app = create_app({**settings(url, folder), "SQLALCHEMY_ENGINE_OPTIONS": options})
    app.instance_path = str(folder)
    return app


def _clerk(session: Session) -> Clerk:
    """Of the cast's service, with a person for each writer."""
    cast = build_cast(session)
    people = [make_graduate(session, agency_id=cast.service.id) for _ in range(WRITERS)]
    session.commit()
    found = Clerk(Actor.of(cast.anna, NOW), Viewer.of(session, cast.anna, DAY), [person.id for person in people])
    session.rollback()  # Let go of the one place of a writer.
    return found


def _pace(work: Callable[[int, Ready], None], each: int = EACH) -> float:
    """Rows a second from the moment at which all writers are connected and begin."""
    start, failures = threading.Barrier(WRITERS + 1), []

    def run(place: int) -> None:
        try:
            work(place, start.wait)
        except Exception as error:  # A thread's failure would be lost.
            failures.append(error)
            start.abort()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    with suppress(threading.BrokenBarrierError):
        start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return WRITERS * each / seconds


def _ours(app: Flask, clerk: Clerk, each: int, place: int, ready: Ready) -> None:
    with app.app_context():
        session = db.session()
        session.connection()
        session.rollback()
        ready()
        for _ in range(each):
            act_as(session, clerk.actor)
            appeals.record(
                session,
                agency_id=clerk.viewer.agency_id,
                graduate_id=clerk.people[place],
                received_on=DAY,
                content="Нужна помощь с постановкой на учёт",
                by=clerk.viewer,
                now=NOW,
            )
            session.commit()
        db.session.remove()


def _bare(url: str, clerk: Clerk, place: int, ready: Ready) -> None:
    driver = Driver(url)
    statement, values = _row(driver, clerk, place, OF_FLOOR)
    ready()
    for turn in range(EACH):
        driver.run(_begin(driver))
        driver.connection.execute(statement, {**values, "number": place * EACH + turn + 1})
        driver.run("COMMIT")
    driver.close()


def _counted(url: str, clerk: Clerk, place: int, ready: Ready) -> None:
    driver = Driver(url)
    statement, values = _row(driver, clerk, place, OF_COUNTER)
    counter = COUNTER if driver.is_sqlite else COUNTER.replace("?", "%s")
    ready()
    for _ in range(EACH):
        driver.run(_begin(driver))
        (number,) = driver.connection.execute(counter, (clerk.viewer.agency_id, OF_COUNTER)).fetchone()
        driver.connection.execute(statement, {**values, "number": number})
        driver.run("COMMIT")
    driver.close()


def _begin(driver: Driver) -> str:
    return "BEGIN IMMEDIATE" if driver.is_sqlite else "BEGIN"


def _row(driver: Driver, clerk: Clerk, place: int, year: int) -> tuple[str, dict[str, Any]]:
    """The INSERT of an appeal and its values."""
    values: dict[str, Any] = {"agency_id": clerk.viewer.agency_id, "graduate_id": clerk.people[place], "year": year}
    values |= {"number": 0, "received_on": date(year, 6, 1).isoformat(), "created_at": NOW.isoformat(sep=" ")}
    values |= {"content": "Нужна помощь с постановкой на учёт", "urgency": "ordinary", "decision": "", "version": 1}
    values |= {"annulled_reason": "", "specialist": clerk.actor.name, "created_by_id": clerk.actor.user_id}
    columns = ", ".join(values)
    marks = ", ".join(f":{name}" if driver.is_sqlite else f"%({name})s" for name in values)
    return f"INSERT INTO appeal ({columns}) VALUES ({marks})", values


def _check(count: int, year: int) -> None:
    """Neither gap nor twin."""
    db.session.rollback()
    found = list(db.session.scalars(select(Appeal.number).where(Appeal.year == year).order_by(Appeal.number)))
    db.session.rollback()
    if found != list(range(1, count + 1)):
        raise AssertionError(f"{len(found)} numbers instead of {count}, or with gaps")
