"""Jobs in each of their states, and their doing in the process of the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import views.admin  # noqa: F401  # Registers know one another: this is the order in which they are imported.
from models.jobs import Job, JobState
from models.users import User
from services.jobs import states
from services.jobs.rights import digest_of
from tests.conftest import NOW, TODAY
from views.jobs.worker import run_job

GRADUATES = {"path": "/graduate/", "query": "", "type": "xlsx"}
WORKER = "0" * 32


def asked(session: Session, user: User, kind: str = "register", **parameters: str) -> Job:
    made = {**GRADUATES, **parameters}
    job = states.request(session, kind=kind, title="Выпускники", parameters=made, owner=user, now=NOW, on=TODAY)
    session.commit()
    return job


def done(session: Session, user: User, kind: str = "register", **parameters: str) -> Job:
    """A job that a worker has done."""
    job = asked(session, user, kind, **parameters)
    assert run_job(job.id)
    session.expire_all()
    return session.get_one(Job, job.id)


def kept(session: Session, user: User, state: JobState, **fields: Any) -> Job:
    """A row alone, without a file behind it."""
    job = Job(kind="register", title="Выпускники", owner_id=user.id, agency_id=user.agency_id, state=state)
    job.parameters, job.created_at, job.message = dict(GRADUATES), NOW, ""
    job.rights = digest_of(session, user=user, on=TODAY)
    if state is JobState.RUNNING:
        job.token, job.beat_at, job.attempts = WORKER, NOW, 1
    if state is JobState.FAILED:
        job.message = "Не получилось."
    if job.is_over:
        job.finished_at = NOW
    for name, value in fields.items():
        setattr(job, name, value)
    session.add(job)
    session.commit()
    return job


def file_of(app: Any, job: Job) -> Path:
    return Path(app.config["DATA_DIR"]) / job.file_path
