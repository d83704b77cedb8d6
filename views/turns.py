"""Writers of this process take turns in the order in which they came.

SQLite has one writer, and those who wait for it sleep and try again: whoever writes one row after another is always
there first, and with twenty at once somebody waits until the busy timeout is over.
"""

import threading
from collections import deque

PATIENCE = 60.0  # Seconds; after that the database itself decides.


class Turns:
    """A lock that is handed on to the one who has waited longest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: int | None = None

    def take(self, patience: float = PATIENCE) -> bool:
        """Wait for the turn; False where it did not come, or this thread has it already."""
        me = threading.get_ident()
        with self._lock:
            if self._holder is None:
                self._holder = me
                return True
            if self._holder == me:
                return False
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(patience):
            with self._lock:
                self._holder = me
            return True
        with self._lock:
            if turn not in self._waiting:  # It came in this very moment.
                self._holder = me
                return True
            self._waiting.remove(turn)
        return False

    def give(self) -> None:
        """Hand the turn on. It may be given by another thread than has taken it."""
        with self._lock:
            self._holder = None
            if self._waiting:
                self._holder = 0  # Somebody who is just waking up.
                self._waiting.popleft().set()
