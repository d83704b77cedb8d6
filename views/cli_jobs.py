"""`jobs`: workers that make files in the background, and what they have to do."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from models.jobs import Job, JobState
from models.users import User
from views.cli_tools import Refusal, print_json, reading
from views.database import spare_memory
from views.formats import ru_datetime
from views.jobs import worker
from views.logs import describe
from views.queue import queue

jobs = AppGroup("jobs", help="Файлы, которые собираются в фоне.")
EVERY = 3.0  # Seconds between two looks at the rows.
TIDY_EVERY = 1200  # of these looks: about an hour
NICE = 10


@jobs.command("work", help="Собирать файлы, пока не остановят. Рабочих может быть несколько, и на разных машинах.")
@click.option("--once", is_flag=True, help="Сделать всё, что ждёт, и закончить.")
@click.option("--beside", is_flag=True, hidden=True, help="Закончить, когда закроется стандартный ввод.")
def work(once: bool, beside: bool) -> None:
    _lower_priority()
    spare_memory()
    if once:
        click.echo(f"Заданий выполнено: {worker.look_round(is_alone=False)}.", err=True)
        return
    stop = threading.Event()
    _end_on_signals(stop)
    if beside:
        threading.Thread(target=_end_with_input, args=(stop,), daemon=True).start()
    Shift(current_app._get_current_object(), stop).run()  # type: ignore[attr-defined]


class Shift:
    """One worker: one job at a time, whether a message or a look at the rows has told of it."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self.app, self.stop, self.turn = app, stop, threading.Lock()

    def run(self) -> None:
        listener = threading.Thread(target=self._listen, daemon=True)
        listener.start()
        looks = 0
        while not self.stop.wait(EVERY if looks else 0):
            self._safely(self._look, looks % TIDY_EVERY == 0)
            looks += 1
        with suppress(RuntimeError):
            listener.join(timeout=30)

    def _look(self, is_time_to_tidy: bool) -> None:
        with self.app.app_context():
            if is_time_to_tidy:
                worker.tidy()
            if self.turn.acquire(blocking=False):
                try:
                    worker.look_round(stop=self.stop, is_alone=False)
                finally:
                    self.turn.release()

    def _listen(self) -> None:
        while not self.stop.is_set():
            self._safely(self._listen_once)
            self.stop.wait(EVERY * 5)  # The server has gone away; the rows are looked at meanwhile.

    def _listen_once(self) -> None:
        with self.app.app_context():
            found = queue()
            found.prepare()
        found.listen(self._woken, self.stop)

    def _woken(self, job_id: int) -> None:
        with self.turn, self.app.app_context():
            self._safely(lambda: worker.run_job(job_id, stop=self.stop, is_alone=False))

    def _safely(self, work: Any, *args: Any) -> None:
        """A fault of the database or the queue ends no worker."""
        try:
            work(*args)
        except Exception as fault:
            if not isinstance(fault, SQLAlchemyError) or not self.stop.is_set():
                self.app.logger.error("a worker: %s", describe(type(fault), fault, fault.__traceback__))


def _lower_priority() -> None:
    """Pages come first."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)


def _end_on_signals(stop: threading.Event) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())


def _end_with_input(stop: threading.Event) -> None:
    """Whoever started this worker has gone, in whichever way."""
    with suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1):
            pass
    stop.set()


@jobs.command("list", help="Задания: чьи, в каком состоянии.")
@click.option("--state", help="Только в этом состоянии.")
@click.option("--json", "as_json", is_flag=True, help="Одним документом JSON.")
def listed(state: str | None, as_json: bool) -> None:
    if state is not None and state not in tuple(JobState):
        raise Refusal(f"Нет состояния «{state}»; есть: {', '.join(JobState)}.", 2)
    query = select(Job, User.login).join(User, User.id == Job.owner_id).order_by(Job.id)
    if state is not None:
        query = query.where(Job.state == state)
    with reading() as session:
        rows = [_row(job, login) for job, login in session.execute(query)]
        lines = [_line(job, login) for job, login in session.execute(query)]
    if as_json:
        print_json(rows)
        return
    for line in lines:
        click.echo(line)


def _row(job: Job, login: str) -> dict[str, Any]:
    moments = ("created_at", "started_at", "finished_at", "beat_at")
    return {
        "id": job.id,
        "kind": job.kind,
        "owner": login,
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "attempts": job.attempts,
        "rows": job.rows,
        "file_size": job.file_size,
        "message": job.message,
        "keep_until": job.keep_until.isoformat() if job.keep_until else None,
        **{name: at.isoformat() if (at := getattr(job, name)) else None for name in moments},
    }


def _line(job: Job, login: str) -> str:
    of = f" из {job.total}" if job.total else ""
    parts = (str(job.id), job.kind, login, job.state.label, f"{job.done}{of}", ru_datetime(job.created_at), job.message)
    return "\t".join(parts).rstrip()


def register(app: Flask) -> None:
    app.cli.add_command(jobs)
