"""Workers as processes: killed in the middle, two on one job, woken by the queue, ended with their server."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.cases import Contract
from models.context import Actor, act_as
from models.jobs import Job, JobState
from models.users import User
from services.jobs import folders, states
from tests.conftest import NOW, TODAY
from tests.factories import build_cast, make_graduate
from tests.fresh import fresh_app
from tests.jobs_factories import GRADUATES, file_of
from views import queue as queues
from views.extensions import db
from views.jobs.rows import reading, writing

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 240.0
CONTRACTS = 6


@dataclass
class Site:
    app: Flask
    url: str
    folder: Path
    owner_id: int

    def asked(self, kind: str = "papers") -> int:
        own = {"papers": {"path": "/contract/", "paper": "contract", "query": ""}, "register": GRADUATES}[kind]
        with writing() as session:
            owner = session.get_one(User, self.owner_id)
            job = states.request(session, kind=kind, title="Договоры", parameters=own, owner=owner, now=NOW, on=TODAY)
            return job.id

    def start(self, *arguments: str, pause: float = 0.0, look: float = 1.0, **more: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.jobs_worker", self.url, str(self.folder), str(pause), str(look)]
        return subprocess.Popen([*command, *arguments], cwd=ROOT, stderr=subprocess.PIPE, **more)

    def job(self, job_id: int) -> Job:
        with reading() as session:
            found = session.get_one(Job, job_id)
            session.expunge(found)
            return found

    def parts(self, job_id: int) -> list[Path]:
        return sorted((folders.folder_of(self.folder, job_id) / folders.KEPT_PARTS).glob("* *.docx"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(f"jobs-{request.param}")
    with fresh_app(request.param, folder, "jobs") as app:
        session = db.session()
        cast = build_cast(session)
        for number in range(CONTRACTS):
            person = make_graduate(session, f"Ильин{'абвгде'[number]} Пётр Ильич", agency_id=cast.service.id)
            session.add(
                Contract(
                    graduate=person,
                    agency=cast.service,
                    starts_on=TODAY,
                    ends_on=TODAY.replace(year=2027),
                    created_at=NOW,
                )
            )
        session.commit()
        act_as(session, Actor(NOW))
        anna = cast.anna.id
        db.session.remove()  # No transaction of the test's own keeps the workers waiting.
        yield Site(app, app.config["SQLALCHEMY_DATABASE_URI"], folder, anna)


@pytest.fixture(autouse=True)
def nothing_is_left(site: Site) -> Iterator[None]:
    """What a failed test has left open is no work for the workers of the next one."""
    yield
    with writing() as session:
        is_open = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
        over = {"state": JobState.CANCELLED, "token": None, "beat_at": None, "finished_at": NOW}
        session.execute(update(Job).where(is_open).values(**over))


def wait_for(what: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def ended(process: subprocess.Popen[bytes]) -> str:
    _, told = process.communicate(timeout=PATIENCE)
    return told.decode()


def test_a_killed_worker_is_followed_by_another_that_goes_on(site: Site) -> None:
    job_id = site.asked()
    first = site.start("work", "--once", pause=0.5)
    wait_for(lambda: len(site.parts(job_id)) >= 2)
    first.kill()
    ended(first)
    left = site.job(job_id)
    assert (left.state, left.file_path) == (JobState.RUNNING, "")  # Nothing half-made has a name.
    made = {path: path.stat().st_mtime_ns for path in site.parts(job_id)}
    assert 2 <= len(made) < CONTRACTS
    assert "Заданий выполнено: 0." in ended(site.start("work", "--once"))  # Not silent for long enough.
    with writing() as session:
        session.get_one(Job, job_id).beat_at = NOW.replace(year=2025)
    assert "Заданий выполнено: 1." in ended(site.start("work", "--once"))
    job = site.job(job_id)
    assert (job.state, job.rows, job.attempts) == (JobState.DONE, CONTRACTS, 2)
    with zipfile.ZipFile(file_of(site.app, job)) as package:
        assert package.testzip() is None
        assert len(package.namelist()) == CONTRACTS
        stamps = {info.filename: info.date_time for info in package.infolist()}
    for path, at in made.items():  # The same papers, not printed again.
        printed = time.mktime((*stamps[path.name.split(" ", 1)[1]], 0, 0, -1))
        assert abs(printed - at / 1e9) < 3  # The format counts in twos.
    assert sorted(path.name for path in file_of(site.app, job).parent.iterdir()) == sorted(
        [Path(job.file_path).name, f"{Path(job.file_path).name}.people"]
    )


def test_of_two_workers_on_one_job_one_does_it(site: Site) -> None:
    job_id = site.asked()
    workers = [site.start("work", "--once", pause=0.3) for _ in range(2)]
    told = sorted(ended(worker).split("Заданий выполнено: ")[1][0] for worker in workers)
    job = site.job(job_id)
    assert (job.state, job.attempts, job.rows) == (JobState.DONE, 1, CONTRACTS)
    assert told == ["0", "1"]


def test_a_message_wakes_a_worker_that_looks_at_no_rows(site: Site) -> None:
    site.app.config["HAS_QUEUE"] = True
    queue = queues.made_for(site.app)
    queue.prepare()
    worker = site.start("work", look=3600.0, env={**os.environ, "TEST_HAS_QUEUE": "1"})
    try:
        time.sleep(4.0)  # It has looked at the rows once, and found none.
        job_id = site.asked("register")
        queue.send(job_id)
        wait_for(lambda: site.job(job_id).is_over)
        assert site.job(job_id).state is JobState.DONE
    finally:
        worker.send_signal(signal.SIGTERM)
        ended(worker)
    assert worker.returncode == 0


def test_a_lost_message_loses_nothing(site: Site) -> None:
    worker = site.start("work", look=0.5)
    try:
        job_id = site.asked("register")
        wait_for(lambda: site.job(job_id).is_over)
    finally:
        worker.send_signal(signal.SIGTERM)
        ended(worker)
    assert site.job(job_id).state is JobState.DONE


def test_a_worker_that_is_told_to_end_puts_its_job_back(site: Site) -> None:
    job_id = site.asked()
    worker = site.start("work", "--beside", pause=0.5, stdin=subprocess.PIPE)
    wait_for(lambda: len(site.parts(job_id)) >= 2)
    assert worker.stdin is not None
    worker.stdin.close()  # As when the server that started it has been killed.
    worker.stdin = None
    ended(worker)
    left = site.job(job_id)
    assert (worker.returncode, left.state, left.attempts) == (0, JobState.QUEUED, 0)
    assert len(site.parts(job_id)) >= 2
    ended(site.start("work", "--once"))
    assert site.job(job_id).rows == CONTRACTS


def test_the_queue_does_not_disturb_the_check_of_the_schema(site: Site) -> None:
    queue = queues.made_for(site.app)
    queue.prepare()
    queue.prepare()
    checked = site.app.test_cli_runner().invoke(args=["db", "check"])
    assert checked.exit_code == 0, checked.output


def test_jobs_are_listed_for_programs(site: Site) -> None:
    job_id = site.asked("register")
    with writing() as session:
        states.cancel(session, job_id=job_id, now=NOW)
    listed = site.app.test_cli_runner().invoke(args=["jobs", "list", "--state", "cancelled", "--json"])
    rows = json.loads(listed.stdout)
    assert [(row["id"], row["owner"], row["state"]) for row in rows] == [(job_id, "anna", "cancelled")]
    plain = site.app.test_cli_runner().invoke(args=["jobs", "list"])
    assert "отменено" in plain.stdout
    wrong = site.app.test_cli_runner().invoke(args=["jobs", "list", "--state", "lost"])
    assert (wrong.exit_code, "Нет состояния «lost»" in wrong.stderr) == (2, True)
    with Session(db.engines[None]) as session:
        assert session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all() == []
