"""Sixteen clients that accept the same 500 letters at once, each through the page: exactly 500 acceptances.

The bare competitor gives the same letters away by an UPDATE each, which only one of sixteen connections can win.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from models.exchange import IncomingLetter, Referral, ReferralEvent, ReferralStatus, ReferralStep
from models.users import User
from tests.bench.databases import DAY, settings
from tests.bench.floor import Driver
from tests.exchange_factories import make_referral
from tests.factories import build_cast
from tests.fresh import fresh_app
from tests.signing import sign_in
from views.database import engine_options
from views.extensions import db

CLIENTS = 16
LETTERS = int(os.environ.get("BENCH_ACCEPTANCES", "") or 500)
Work = Callable[[int], object]


@dataclass(frozen=True)
class Taken:
    """Letters that were accepted in a second, by our page and by bare UPDATEs."""

    kind: str
    letters: int
    ours: float
    bare: float


def measure(kind: str, folder: Path) -> Taken:
    """On a small database of its own; `kind` is sqlite or postgresql. Raises where one is accepted twice or never."""
    with fresh_app(kind, folder, f"accept_{os.getpid()}") as small:
        url = str(small.config["SQLALCHEMY_DATABASE_URI"])
        user, numbers, bare_numbers = _letters(db.session())
        options = {**engine_options(url), "pool_size": CLIENTS * 2}
        app = create_app({**settings(url, folder), "WTF_CSRF_ENABLED": False, "SQLALCHEMY_ENGINE_OPTIONS": options})
        app.instance_path = str(folder)
        clients = [sign_in(app.test_client(), user) for _ in range(CLIENTS)]
        db.session.remove()
        ours = _pace(lambda place: _accept(clients[place], numbers))
        _check(db.session(), numbers)
        drivers = [Driver(url) for _ in range(CLIENTS)] if kind != "sqlite" else []
        bare = _pace(lambda place: _bare(drivers[place] if drivers else Driver(url), bare_numbers))
        _close(app, drivers)
    return Taken(kind, LETTERS, ours, bare)


def _letters(session: Session) -> tuple[User, list[int], list[int]]:
    """As many for either competitor, from Boris's organisation to Anna's."""
    cast = build_cast(session)
    made = [make_referral(session, cast.opeka, cast.service, cast.own, sent_on=DAY) for _ in range(LETTERS * 2)]
    session.commit()
    numbers = [letter.id for letter in made]
    user = session.get_one(User, cast.anna.id)
    session.refresh(user)
    session.expunge(user)
    return user, numbers[:LETTERS], numbers[LETTERS:]


def _pace(work: Work) -> float:
    """Letters a second from the moment at which everybody begins until the last is through."""
    start, failures = threading.Barrier(CLIENTS + 1), []

    def run(place: int) -> None:
        try:
            start.wait()
            work(place)
        except Exception as error:  # A thread's failure would be lost.
            failures.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    with suppress(threading.BrokenBarrierError):
        start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return LETTERS / (time.perf_counter() - began)


def _accept(client: Any, numbers: list[int]) -> None:
    response = client.post("/exchange/inbox/bulk/", data={"action": "accept", "rowid": numbers})
    assert response.status_code == 302, response.status_code


def _bare(driver: Driver, numbers: list[int]) -> None:
    statement = "UPDATE referral SET status = 'accepted', version = version + 1 WHERE id = ? AND status = 'sent'"
    for number in numbers:
        driver.run("BEGIN IMMEDIATE" if driver.is_sqlite else "BEGIN")
        driver.run(statement, (number,))
        driver.run("COMMIT")
    if driver.is_sqlite:
        driver.close()


def _check(session: Session, numbers: list[int]) -> None:
    """Each is accepted once, with a number of its own and none left out."""
    session.rollback()
    accepted = select(func.count()).where(ReferralEvent.step == ReferralStep.ACCEPTED)
    accepted = accepted.where(ReferralEvent.referral_id.in_(numbers))
    standing = select(func.count()).where(Referral.id.in_(numbers), Referral.status == ReferralStatus.ACCEPTED)
    found = (session.scalar(accepted), session.scalar(standing))
    given = sorted(session.scalars(select(IncomingLetter.number).where(IncomingLetter.referral_id.in_(numbers))))
    session.rollback()
    if found != (len(numbers), len(numbers)) or given != list(range(1, len(numbers) + 1)):
        raise AssertionError(f"{found} acceptances of {len(numbers)}, {len(given)} numbers")


def _close(app: Flask, drivers: list[Driver]) -> None:
    for driver in drivers:
        driver.close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
