"""The register of a million people as a job: against a bare loop over the same cursor, its memory, others' pages.

BENCH_EXPORT_PEOPLE makes it shorter. The people of the demonstration region stand there many times over. The job and
the loop run in processes of their own, one after another; meanwhile this process opens lists as another user does.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, func, select, text

from models.graduates import Graduate
from models.jobs import Job, JobState
from models.users import User
from services.jobs import states
from tests.bench import databases, files, great_region, panel
from tests.bench.files import Result
from views import edge
from views.cli_jobs import NICE
from views.database import reading_only, spare_memory
from views.extensions import db
from views.jobs.rows import reading, writing
from views.jobs.worker import run_job

PEOPLE = int(os.environ.get("BENCH_EXPORT_PEOPLE", "") or 1_000_000)
SEED = 1_000  # People of the demonstration region.
IDLE_ROUNDS = 10
ADDRESSES = ("/graduate/", "/graduate/?sort=-born", "/contract/", "/deadline/")
ROUNDS = 2  # The fastest of each counts.


@dataclass(frozen=True)
class Taken:
    kind: str
    people: int
    ours: Result
    bare: Result
    idle: float  # seconds of a list page, the median
    busy: float

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.bare.seconds


def measure(database: databases.Database) -> Taken:
    """On a database of SEED people, which become PEOPLE."""
    app = databases.application(database.url, database.folder)
    with app.app_context():
        with db.engines[None].begin() as connection:
            multiply(connection)
        with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        people = int(db.session.scalar(select(func.count(Graduate.id)).where(Graduate.deleted_at.is_(None))) or 0)
        db.session.remove()
    look = looking(app)
    idle = [look() for _ in range(IDLE_ROUNDS)]
    busy: list[float] = []
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(apart("export-bare", database))
        ours.append(apart("job", database, lambda: busy.append(look())))
    fastest = (min(ours, key=lambda r: r.seconds), min(bare, key=lambda r: r.seconds))
    return Taken(database.kind, people, *fastest, statistics.median(idle), statistics.median(busy))


def multiply(connection: Connection) -> None:
    """The same people again and again, under their own numbers."""
    names = [column.name for column in Graduate.__table__.columns if column.name != "id"]
    least = connection.scalar(text("SELECT count(*) FROM graduate")) or 1
    times = max(PEOPLE // least - 1, 0)
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) SELECT i FROM n) n"
        if connection.dialect.name == "sqlite"
        else f"generate_series(1, {times}) n(i)"
    )
    columns = ", ".join(names)
    with great_region.without_indexes(connection):
        if times:
            connection.execute(text(f"INSERT INTO graduate ({columns}) SELECT {columns} FROM graduate, {numbers}"))


def looking(app: Flask) -> Callable[[], float]:
    """Open the lists once; seconds for one of them on the average."""
    with panel.people(app) as found:
        person = found["officer"]

    def look() -> float:
        start = time.perf_counter()
        for address in ADDRESSES:
            person.get(address)
        return (time.perf_counter() - start) / len(ADDRESSES)

    look()
    return look


def apart(job: str, database: databases.Database, meanwhile: Callable[[], object] = lambda: time.sleep(0.2)) -> Result:
    """A job in a new process; `meanwhile` is done again and again until it ends."""
    command = [sys.executable, "-m", "tests.bench.export1m", job, database.url, str(database.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        meanwhile()
    assert process.returncode == 0
    assert process.stdout is not None
    return Result(**json.loads(process.stdout.read().splitlines()[-1]))


# -- In the process of the job ---------------------------------------------------------------------------------------


def job(app: Flask, url: str, folder: Path) -> Callable[[int], None]:
    """From the row that waits to the row with the file, as a worker does it."""
    os.nice(NICE)
    spare_memory()
    view = files.TwelveColumns(Graduate, endpoint="twelve", url="/twelve")
    app.extensions["admin"][0].add_view(view)

    def work(rows: int) -> None:
        view.most = rows
        with app.app_context():
            job_id = _asked(rows)
            assert run_job(job_id, is_alone=False)
            with reading() as session:
                done = session.get_one(Job, job_id)
                assert done.state is JobState.DONE, done.message

    return work


def _asked(rows: int) -> int:
    parameters = {"path": "/twelve/", "query": f"size={rows}", "type": "xlsx"}
    with writing() as session:
        user = session.scalars(select(User).where(User.login == panel.WHO["administrator"])).one()
        today = edge.clock().astimezone(edge.zone()).date()
        made = states.request(
            session, kind="register", title="x", parameters=parameters, owner=user, now=edge.clock(), on=today
        )
        return made.id


def main(what: str, url: str, folder: str) -> None:
    app = databases.application(url, Path(folder))
    work = {"job": job, "export-bare": files.export_bare}[what](app, url, Path(folder))
    work(500)
    reading_only(False)
    before, start = files.peak(), time.perf_counter()
    work(2**31 - 1)
    seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "before": before, "peak": files.peak()}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
