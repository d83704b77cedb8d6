"""A worker: takes a job that waits, makes its file, writes the end. Nothing half-made ever gets a name in the row."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from models.users import User
from services.errors import Refused
from services.jobs import folders, states
from services.jobs.rights import digest_of
from services.jobs.states import Cancelled, Lost, Made
from services.whole_files import whole_file
from views import edge
from views.extensions import db
from views.jobs.plans import plan_of
from views.jobs.progress import Bench, Progress, Stopping, kept_alive
from views.jobs.replay import as_owner
from views.jobs.rows import reading, writing
from views.logs import describe

CHANGED = "Пока файл ждал очереди, ваши права изменились. Закажите его ещё раз."
OURS = "Файл не собран из-за ошибки программы. Сообщите администратору: он найдёт её в журнале сервера."


@dataclass(frozen=True)
class Taken:
    """What a worker needs to know of the job that it has."""

    id: int
    token: str
    kind: str
    parameters: dict[str, Any]
    owner_id: int
    rights: str


def data_dir() -> Path:
    return Path(current_app.config["DATA_DIR"])


def take(job_id: int) -> Taken | None:
    with writing() as session:
        job = states.claim(session, job_id=job_id, token=uuid4().hex, now=edge.clock())
        if job is None or job.token is None:
            return None
        return Taken(job.id, job.token, job.kind, dict(job.parameters), job.owner_id, job.rights)


def run_job(job_id: int, *, stop: threading.Event | None = None, is_alone: bool = True) -> bool:
    """Do one job; False: it was not to be had. `is_alone` False: a thread beside the work shows that it lives."""
    taken = take(job_id)
    if taken is None:
        return False
    progress = Progress(lambda done, total: _beat(taken, done, total), stop or threading.Event())
    try:
        if is_alone:
            _make(taken, progress)
        else:
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
            progress.beat = lambda done, total: _beat_within(app, taken, done, total)
            with kept_alive(progress):
                _make(taken, progress)
    except BaseException as fault:
        _end_badly(taken, fault)
        if not isinstance(fault, Exception):
            raise
    return True


def _beat(taken: Taken, done: int, total: int | None) -> None:
    with writing() as session:
        states.beat(session, job_id=taken.id, token=taken.token, done=done, total=total, now=edge.clock())


def _beat_within(app: Flask, taken: Taken, done: int, total: int | None) -> None:
    with app.app_context():
        _beat(taken, done, total)


# -- The file --------------------------------------------------------------------------------------------------------


def _make(taken: Taken, progress: Progress) -> None:
    folder = folders.begin(data_dir(), taken.id)
    parameters = taken.parameters
    with as_owner(taken.owner_id, str(parameters.get("path", "/")), str(parameters.get("query", ""))) as owner:
        _refuse_changed(db.session(), owner, taken)
        progress.look(now=True)
        plan = plan_of(taken.kind, parameters)
        bench = Bench(folder, progress)
        if plan.viewer.reads_everybody:
            bench.people = None
        path = folder / f"{taken.token}{Path(plan.name).suffix}"
        with whole_file(path) as unfinished:
            rows, note = plan.make(bench, unfinished)
        bench.keep(path)
    made = Made(
        path.relative_to(data_dir()).as_posix(), plan.name, path.stat().st_size, folders.sha256_of(path), rows, note
    )
    with writing() as session:
        fresh = session.get_one(User, taken.owner_id)
        _refuse_changed(session, fresh, taken)
        states.finish(session, job_id=taken.id, token=taken.token, made=made, now=edge.clock(), on=_today())
    folders.clear_parts(data_dir(), taken.id)


def _refuse_changed(session: Session, owner: User, taken: Taken) -> None:
    if digest_of(session, user=owner, on=_today()) != taken.rights:
        raise Refused(CHANGED)


def _today() -> Any:
    return edge.clock().astimezone(edge.zone()).date()


# -- Its end without a file ------------------------------------------------------------------------------------------


def _end_badly(taken: Taken, fault: BaseException) -> None:
    """Write why there is no file; what has been made of it goes, but for finished parts of a job that goes on."""
    if isinstance(fault, Lost):
        return  # Whoever has the job now has the folder too.
    try:
        with writing() as session:
            _write_end(session, taken, fault)
    except Lost:
        return
    except DBAPIError as error:  # The row stays as it is: another worker finds it silent.
        _log(error)
        return
    if not _goes_on(fault):
        folders.remove(data_dir(), taken.id)


def _write_end(session: Session, taken: Taken, fault: BaseException) -> None:
    mine: dict[str, Any] = {"job_id": taken.id, "token": taken.token}
    if isinstance(fault, Cancelled):
        states.stop(session, now=edge.clock(), **mine)
    elif _goes_on(fault):
        states.release(session, **mine)
    else:
        states.fail(session, sentence=_sentence(fault), now=edge.clock(), **mine)


def _goes_on(fault: BaseException) -> bool:
    """The worker ends, the job does not."""
    return isinstance(fault, Stopping) or not isinstance(fault, Exception)


def _sentence(fault: BaseException) -> str:
    if isinstance(fault, Refused):
        return str(fault)
    cause = fault if isinstance(fault, OSError) else fault.__cause__ or fault.__context__
    if isinstance(fault, OSError) or (type(fault).__module__ == "xlsxwriter.exceptions" and isinstance(cause, OSError)):
        return folders.sentence(cause)  # type: ignore[arg-type]
    if isinstance(fault, OperationalError) and "disk is full" in str(fault.orig):
        return folders.NO_ROOM
    _log(fault)
    return OURS


def _log(fault: BaseException) -> None:
    current_app.logger.error("a job: %s", describe(type(fault), fault, fault.__traceback__))


# -- Looking round ---------------------------------------------------------------------------------------------------


def look_round(*, stop: threading.Event | None = None, is_alone: bool = True) -> int:
    """Take back what silent workers have left, do all that waits; how many jobs were done."""
    with reading() as session:
        is_left = states.is_left(session, now=edge.clock())
    if is_left:
        with writing() as session:
            states.give_back(session, now=edge.clock())
    done = 0
    while not (stop and stop.is_set()):
        taken = [job_id for job_id in _waiting() if run_job(job_id, stop=stop, is_alone=is_alone)]
        if not taken:
            break
        done += len(taken)
    return done


def _waiting() -> list[int]:
    with reading() as session:
        return states.waiting(session, limit=1)


def tidy() -> int:
    """Files past their last day go, and folders that no job needs; how many files."""
    with writing() as session:
        gone = states.expire(session, on=_today())

    def needed() -> set[int]:
        with reading() as session:
            return states.with_folders(session)

    folders.sweep(data_dir(), needed=needed)
    return gone
