"""Medians of competitors that take turns, so that a busy moment of the machine falls on all of them alike."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds."""

    median: float
    least: float
    rounds: int

    @property
    def ms(self) -> float:
        return self.median * 1000


def once(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(competitors: dict[str, Work], *, rounds: int, warm_up: int = 3) -> dict[str, Timing]:
    """Every round asks each competitor once, in an order that turns round from round to round."""
    gc.collect()
    gc.freeze()  # What the making of the database has left on the heap is no part of anybody's work.
    names = list(competitors)
    for name in names * warm_up:
        competitors[name]()
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 else reversed(names):
            taken[name].append(once(competitors[name]))
    return {name: Timing(statistics.median(times), min(times), rounds) for name, times in taken.items()}
