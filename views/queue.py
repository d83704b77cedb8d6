"""What wakes a worker: a message with the number of a job. The job's row is the truth, a message may be lost.

On SQLite messages stand in a file beside the data (huey); on PostgreSQL they go through the server itself, to workers
on as many machines as there are (procrastinate). Whoever waits for messages also looks at the rows every few seconds.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import make_url

logger = logging.getLogger("marshrut.queue")
EXTENSION = "marshrut.queue"
PAUSE = 0.5  # Seconds between two looks into the file.
TASK = "wake"

Handle = Callable[[int], None]


class Queue(Protocol):
    def send(self, job_id: int) -> None:
        """Wake a worker; raises whatever the library raises."""

    def listen(self, handle: Handle, stop: threading.Event) -> None:
        """Hand on messages one after another until told to stop."""

    def prepare(self) -> None:
        """Make what the queue needs to be there."""


class NoQueue:
    """Workers look at the rows, nobody wakes them."""

    def send(self, job_id: int) -> None:
        pass

    def listen(self, handle: Handle, stop: threading.Event) -> None:
        stop.wait()

    def prepare(self) -> None:
        pass


class FileQueue:
    """huey over a file of SQLite: nothing else to install."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._huey: Any = None
        self._handle: Handle = lambda job_id: None

    def prepare(self) -> None:
        self._open()

    def _open(self) -> Any:
        if self._huey is None:
            from huey import SqliteHuey

            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._huey = SqliteHuey("marshrut", filename=str(self.path), results=False)
            self._wake = self._huey.task(name=TASK)(lambda job_id: self._handle(job_id))
        return self._huey

    def send(self, job_id: int) -> None:
        self._open()
        self._wake(job_id)

    def listen(self, handle: Handle, stop: threading.Event) -> None:
        huey, self._handle = self._open(), handle
        while not stop.is_set():
            task = huey.dequeue()
            if task is None:
                stop.wait(PAUSE)
            else:
                huey.execute(task)


class ServerQueue:
    """procrastinate on the installation's own PostgreSQL, its tables in a schema of their own.

    The schema bears the version of the library: a newer one begins with an empty queue, and no message is missed.
    """

    def __init__(self, url: str) -> None:
        from procrastinate import __version__ as version

        parts = make_url(url)
        self.schema = f"queue_{version.replace('.', '_')}"
        self.address = parts.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def _options(self) -> dict[str, Any]:
        return {"conninfo": self.address, "kwargs": {"options": f"-c search_path={self.schema}"}}

    def prepare(self) -> None:
        """Its schema, once; of several that begin together one makes it."""
        import psycopg
        from procrastinate.schema import SchemaManager

        with psycopg.connect(self.address, autocommit=False) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('marshrut queue'))")
            made = connection.execute("SELECT to_regnamespace(%s)", (self.schema,)).fetchone()
            if made and made[0] is None:
                connection.execute(f'CREATE SCHEMA "{self.schema}"')
                connection.execute(f'SET LOCAL search_path TO "{self.schema}"')
                connection.execute(SchemaManager.get_schema())

    def send(self, job_id: int) -> None:
        from procrastinate import App, SyncPsycopgConnector

        app = App(connector=SyncPsycopgConnector(min_size=1, max_size=1, timeout=5, **self._options))
        with app.open():
            app.configure_task(TASK, queue="jobs").defer(job_id=job_id)

    def listen(self, handle: Handle, stop: threading.Event) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # psycopg's own wish on Windows.
            runner.run(self._listen(handle, stop))

    async def _listen(self, handle: Handle, stop: threading.Event) -> None:
        from procrastinate import App, PsycopgConnector

        app = App(connector=PsycopgConnector(min_size=1, max_size=4, timeout=10, **self._options))

        @app.task(name=TASK, queue="jobs")
        def wake(job_id: int) -> None:
            handle(job_id)

        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=["jobs"], concurrency=1, delete_jobs="always", install_signal_handlers=False
                )
            )
            while not stop.is_set() and not worker.done():
                await asyncio.sleep(PAUSE)
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)


def queue() -> Queue:
    found: Queue = current_app.extensions[EXTENSION]
    return found


def wake(job_id: int) -> None:
    """Wake a worker; where that fails it finds the job by itself a few seconds later."""
    try:
        queue().send(job_id)
    except Exception as fault:
        logger.warning("job %d: nobody was woken (%s)", job_id, type(fault).__name__)


def made_for(app: Flask) -> Queue:
    if not app.config.get("HAS_QUEUE", True):
        return NoQueue()
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        return FileQueue(Path(app.config["DATA_DIR"]) / "queue.sqlite")
    return ServerQueue(url)


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION] = made_for(app)
