"""How a running job shows that it lives and how far it has come, and learns that it is to end."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from services.jobs.folders import keep_people

EVERY = 1.0  # Seconds between two looks at the row.
ROWS = 256  # between two looks at the clock
ALIVE_EVERY = 10.0  # Seconds between the signs of life of a step that takes long, as sorting a million people does.

T = TypeVar("T")


class Stopping(Exception):
    """The worker itself has been told to end."""


@dataclass
class Progress:
    """`beat` writes a sign of life; it raises Lost or Cancelled."""

    beat: Callable[[int, int | None], None]
    stop: threading.Event
    done: int = 0
    total: int | None = None
    fault: BaseException | None = None
    _seen: float = field(default_factory=time.monotonic)

    def watch(self, rows: Iterable[T], total: int | None = None) -> Iterator[T]:
        """The same rows, counted."""
        self.total = total
        for row in rows:
            yield row
            self.done += 1
            if not self.done % ROWS:
                self.look()

    def look(self, *, now: bool = False) -> None:
        """Raises Stopping, Lost or Cancelled."""
        if self.fault is not None:
            raise self.fault
        if self.stop.is_set():
            raise Stopping
        if now or time.monotonic() - self._seen >= EVERY:
            self._seen = time.monotonic()
            self.beat(self.done, self.total)


@contextmanager
def kept_alive(progress: Progress, *, every: float = ALIVE_EVERY) -> Iterator[None]:
    """Signs of life from a thread of their own, also while a single statement runs for minutes."""
    over = threading.Event()

    def live() -> None:
        while not over.wait(every):
            try:
                progress.beat(progress.done, progress.total)
            except BaseException as fault:  # Told to the work when it looks next.
                progress.fault = fault
                return

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@dataclass
class Bench:
    """Where a file is made, who is named in it, and how far it has come."""

    folder: Path
    progress: Progress
    people: array[int] | None = field(default_factory=lambda: array("q"))  # None: its owner reads everybody.

    def watch(self, rows: Iterable[T], total: int | None = None) -> Iterator[T]:
        return self.progress.watch(rows, total)

    def name(self, *ids: int | None) -> None:
        """Cards that the file names."""
        if self.people is not None:
            self.people.extend(number for number in ids if number is not None)

    def keep(self, path: Path) -> None:
        if self.people is not None:
            keep_people(path, self.people)
