"""Totals of lists, remembered for a few seconds: counting 200,000 people costs more than showing fifty of them.

A total is a figure beside the list, not a rule: it may be some seconds old where somebody else has just saved.
An export counts anew.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import current_app

SECONDS = 10.0
LIMIT = 500  # Different lists remembered by one process.
KEY = "marshrut.totals"

T = TypeVar("T")  # A number, or several counted together.


def remembered(list_of_whom: Hashable, count: Callable[[], T]) -> T:
    """The total of a list, counted at most once in SECONDS; the key names viewer, search and filters."""
    kept: dict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault(KEY, {})
    known = kept.get(list_of_whom)
    if known is not None and known[0] > time.monotonic():
        found: T = known[1]
        return found
    total = count()
    if len(kept) >= LIMIT:
        kept.clear()
    kept[list_of_whom] = (time.monotonic() + SECONDS, total)
    return total


def forget() -> None:
    """Something was saved here: whoever saved it sees the new total."""
    current_app.extensions.pop(KEY, None)
