"""The life of a job. Its row is the truth: whatever a queue loses or tells twice, each verb looks at the row first.

A worker is known by its token. It takes a job that waits, gives a sign of life while it works, and writes the end; once
the row bears another token, or none, it has lost the job and may write nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.jobs import Job, JobState
from models.users import User
from services.errors import need
from services.jobs.rights import digest_of
from services.jobs.telling import tell

KINDS = ("report", "register", "journal", "papers", "depersonalised")
KEPT_DAYS = 7
SILENT = timedelta(seconds=60)  # After so long without a sign of life a worker counts as dead.
MOST_ATTEMPTS = 3
MOST_WAITING = 10  # jobs of one user at once

NOT_BY_ANY = "Файл не собран: работа прерывалась три раза. Сообщите администратору и закажите файл ещё раз."
GONE = "Файл хранился 7 дней и удалён. Если он ещё нужен, закажите его снова."


class Lost(Exception):
    """The job is no longer this worker's."""


class Cancelled(Exception):
    """Its owner wants it no more."""


@dataclass(frozen=True)
class Made:
    """A finished file: where it lies within DATA_DIR, how it is offered, what it holds."""

    path: str
    name: str
    size: int
    sha256: str
    rows: int
    note: str = ""


# -- Its owner -------------------------------------------------------------------------------------------------------


def request(
    session: Session, *, kind: str, title: str, parameters: Mapping[str, Any], owner: User, now: datetime, on: date
) -> Job:
    """A job that waits; the same that already waits or runs, where there is one. Raises Refused."""
    need(kind in KINDS, "Такие файлы в фоне не собираются.")
    need(not owner.is_locked, "Учётная запись закрыта.")
    session.scalar(select(User.id).where(User.id == owner.id).with_for_update())  # A double click takes turns.
    open_ones = session.scalars(select(Job).where(Job.owner_id == owner.id, Job.state.in_(OPEN)).order_by(Job.id)).all()
    for job in open_ones:
        if (job.kind, job.parameters) == (kind, dict(parameters)) and not job.is_cancel_asked:
            return job
    need(
        len(open_ones) < MOST_WAITING,
        f"У вас уже {MOST_WAITING} файлов в работе. Дождитесь их или отмените лишние и повторите.",
    )
    job = Job(kind=kind, title=title[:500], parameters=dict(parameters), owner_id=owner.id, agency_id=owner.agency_id)
    job.created_at, job.rights, job.message = now, digest_of(session, user=owner, on=on), ""
    session.add(job)
    session.flush()
    return job


OPEN = (JobState.QUEUED, JobState.RUNNING)


def cancel(session: Session, *, job_id: int, now: datetime) -> bool:
    """What waits is over at once; what runs is stopped by its worker. False: it was over already."""
    job = _locked(session, job_id)
    if job is None or job.is_over:
        return False
    job.is_cancel_asked = True
    if job.state is JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED, now
    session.flush()
    return True


# -- Its worker ------------------------------------------------------------------------------------------------------


def waiting(session: Session, *, limit: int = 20) -> list[int]:
    """What waits, the oldest first."""
    query = select(Job.id).where(Job.state == JobState.QUEUED).order_by(Job.id).limit(limit)
    return list(session.scalars(query))


def claim(session: Session, *, job_id: int, token: str, now: datetime) -> Job | None:
    """The job, now this worker's; None: somebody else has it, or it is over."""
    job = _locked(session, job_id)
    if job is None or job.state is not JobState.QUEUED:
        return None
    job.state, job.token, job.beat_at = JobState.RUNNING, token, now
    job.attempts += 1
    job.started_at, job.done, job.total = job.started_at or now, 0, None
    session.flush()
    return job


def beat(session: Session, *, job_id: int, token: str, done: int, total: int | None, now: datetime) -> None:
    """A sign of life and how far it has come. Raises Lost, Cancelled."""
    mine = (Job.id == job_id, Job.token == token, Job.state == JobState.RUNNING)
    statement = update(Job).where(*mine).values(beat_at=now, done=done, total=total)
    found = session.execute(
        statement.returning(Job.is_cancel_asked).execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise Lost
    if found.is_cancel_asked:
        raise Cancelled


def finish(session: Session, *, job_id: int, token: str, made: Made, now: datetime, on: date) -> Job:
    """The file is whole and lies in its place. Raises Lost, Cancelled."""
    job = _own(session, job_id, token)
    if job.is_cancel_asked:
        raise Cancelled
    job.state, job.token, job.beat_at, job.finished_at = JobState.DONE, None, None, now
    job.done, job.total, job.rows = made.rows, made.rows, made.rows
    job.file_path, job.file_name, job.file_size, job.sha256 = made.path, made.name, made.size, made.sha256
    job.message, job.keep_until = made.note[:500], on + timedelta(days=KEPT_DAYS)
    session.flush()
    tell(session, job=job, text=f"Файл готов: {job.title}", now=now)
    return job


def fail(session: Session, *, job_id: int, token: str, sentence: str, now: datetime) -> None:
    """It cannot be done, and why. Raises Lost."""
    _fail(session, _own(session, job_id, token), sentence, now)


def stop(session: Session, *, job_id: int, token: str, now: datetime) -> None:
    """The owner's cancelling has been seen. Raises Lost."""
    _over(_own(session, job_id, token), JobState.CANCELLED, now)
    session.flush()


def release(session: Session, *, job_id: int, token: str) -> None:
    """A worker that ends puts back what it has not finished; this was no attempt. Raises Lost."""
    job = _own(session, job_id, token)
    job.state, job.token, job.beat_at = JobState.QUEUED, None, None
    job.attempts = max(job.attempts - 1, 0)
    session.flush()


# -- Whoever looks round ---------------------------------------------------------------------------------------------


def is_left(session: Session, *, now: datetime) -> bool:
    """Whether a silent worker has left something."""
    query = select(Job.id).where(Job.state == JobState.RUNNING, Job.beat_at < now - SILENT)
    return session.scalar(query.limit(1)) is not None


def give_back(session: Session, *, now: datetime) -> int:
    """What a silent worker has left waits again, up to MOST_ATTEMPTS times; how many jobs there were."""
    query = select(Job).where(Job.state == JobState.RUNNING, Job.beat_at < now - SILENT)
    found = session.scalars(query.order_by(Job.id).with_for_update(skip_locked=True)).all()
    for job in found:
        if job.is_cancel_asked:
            _over(job, JobState.CANCELLED, now)
        elif job.attempts >= MOST_ATTEMPTS:
            _fail(session, job, NOT_BY_ANY, now)
        else:
            job.state, job.token, job.beat_at = JobState.QUEUED, None, None
    session.flush()
    return len(found)


def expire(session: Session, *, on: date) -> int:
    """Files past their last day are let go of; how many. `services.jobs.folders.sweep` removes what no row names."""
    query = select(Job).where(Job.state == JobState.DONE, Job.keep_until < on, Job.file_path != "")
    found = session.scalars(query.order_by(Job.id).with_for_update(skip_locked=True)).all()
    for job in found:
        job.file_path, job.file_name, job.message = "", "", GONE
    session.flush()
    return len(found)


def with_folders(session: Session) -> set[int]:
    """Jobs whose folders are needed: those not over, and those whose file is kept."""
    return set(session.scalars(select(Job.id).where(Job.state.in_(OPEN) | (Job.file_path != ""))))


def ahead(session: Session, *, job: Job) -> int:
    """How many jobs are done or begun before this one."""
    query = select(func.count()).select_from(Job).where(Job.state.in_(OPEN), Job.id < job.id)
    return session.scalar(query) or 0


def _locked(session: Session, job_id: int) -> Job | None:
    query = select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def _own(session: Session, job_id: int, token: str) -> Job:
    job = _locked(session, job_id)
    if job is None or job.token != token or job.state is not JobState.RUNNING:
        raise Lost
    return job


def _over(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.token, job.beat_at, job.finished_at = state, None, None, now


def _fail(session: Session, job: Job, sentence: str, now: datetime) -> None:
    _over(job, JobState.FAILED, now)
    job.message = sentence[:500]
    session.flush()
    tell(session, job=job, text=f"Файл не собран: {job.title}", now=now)
