"""One invented life from beginning to end, and thousands of them in chunks."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from random import Random

from services.demo import card, home, origin, support, trouble, way
from services.demo.bulk import Rows, no_rows
from services.demo.names import FullName, full_name, pick
from services.demo.world import Person, World

CHUNK = 2000
MOST_HELPERS = 3
# Ages at the last birthday: mostly 18 to 23.
AGES = [16] * 3 + [17] * 6 + [18] * 16 + [19] * 18 + [20] * 17 + [21] * 15 + [22] * 13 + [23] * 6 + [24] * 4 + [25] * 2
# People of the acceptance scenarios, invented as all the others: name, birth, the way through care.
KNOWN = (
    (FullName("Кузнецова", "Дарья", "Игоревна"), date(2007, 8, 14), ("foster_family",)),
    (FullName("Морозов", "Артём", "Сергеевич"), date(2005, 11, 21), ("institution",)),
    (FullName("Ахметова", "Алина", "Ринатовна"), date(2008, 2, 2), ("foster_family",)),
    (FullName("Белова", "Кристина", "Олеговна"), date(2006, 6, 30), ("guardianship",)),
    (FullName("Тимофеев", "Денис", "Андреевич"), date(2004, 2, 3), ("institution",)),
)


def chunks(w: World, *, graduates: int, seed: int) -> Iterator[tuple[int, Rows]]:
    """Rows of all tables for CHUNK people at a time, so that memory stays flat; how many are done by then."""
    tasks = [(first, min(first + CHUNK - 1, graduates)) for first in range(1, graduates + 1, CHUNK)]
    helpers = min((os.cpu_count() or 1) - 1, MOST_HELPERS)
    if not w.is_light or helpers < 1:
        for first, last in tasks:
            yield last, chunk(w, first, last, seed)
        return
    # Very many people: other processes make them up while this one writes, a few chunks ahead of it.
    with ProcessPoolExecutor(helpers, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[int, Future[Rows]]] = deque()
        for first, last in tasks:
            waiting.append((last, pool.submit(chunk, w, first, last, seed)))
            if len(waiting) > helpers + 1:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def chunk(w: World, first: int, last: int, seed: int) -> Rows:
    """The people from number `first` to `last`; who they are depends on no other chunk."""
    rng = Random(f"{seed}/{w.on.isoformat()}/{first}")
    rows = no_rows()
    for number in range(first, last + 1):
        live(number, rng, rows, w)
    return rows


def live(number: int, rng: Random, rows: Rows, w: World) -> None:
    """Chapter by chapter: each one draws on those before it."""
    p = born(number, rng, rows, w)
    origin.tell(p, w, KNOWN[number - 1][2] if is_known(number, w) else ())
    way.studies(p, w)
    way.family(p, w)
    way.employment(p, w)
    home.tell(p, w)
    support.tell(p, w)
    trouble.tell(p, w)
    card.papers(p, w)
    rows["graduate"].append(card.row(p, w))


def is_known(number: int, w: World) -> bool:
    return number <= len(KNOWN) and 16 <= (w.on - KNOWN[number - 1][1]).days / 365.25 < 26


def born(number: int, rng: Random, rows: Rows, w: World) -> Person:
    if is_known(number, w):
        name, birth, _ = KNOWN[number - 1]
        p = Person(number, rng, rows, not name.patronymic.endswith("вна"), name, birth.toordinal())
    else:
        is_male = rng.random() < 0.51
        day = w.today - int((pick(rng, AGES) + rng.random()) * 365.25) - 1
        p = Person(number, rng, rows, is_male, full_name(rng, is_male), day)
    p.grown()
    return p
