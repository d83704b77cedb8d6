"""What was measured, as the Markdown tables of docs/benchmarks.md."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version

from tests.bench.acceptance import CLIENTS
from tests.bench.acceptance import Taken as Accepted
from tests.bench.clock import Taken
from tests.bench.databases import Database
from tests.bench.dispatch import Dispatched
from tests.bench.export1m import Taken as Exported
from tests.bench.files import Result
from tests.bench.numbering import WRITERS
from tests.bench.numbering import Taken as Registered
from tests.bench.periods import Compared
from tests.bench.timing import Timing

PACKAGES = ("flask", "flask-admin", "sqlalchemy", "psycopg", "jinja2", "xlsxwriter", "python-calamine")
DISPATCH_AIM = 10.0
PERIODS_AIM = 2.0
MEMORY_AIM = 200.0  # MiB
FLOOR_AIM, EXPORT_AIM, IMPORT_AIM = 10.0, 1.3, 10.0
CALENDAR_AIM, ROUTE_AIM, CLOCK_AIM = 3.0, 3.0, 60.0
STOCK_AIMS = {"first page": 3.0, "fragment search": 20.0, "page at 90 % depth": 20.0}


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def machine(graduates: int, rounds: int) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    say(f"{graduates} graduates, medians of {rounds} interleaved rounds after a warm-up.")
    say(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {packages}.")


def heading(database: Database) -> None:
    say(f"\n## {database.kind} {database.version}\n")
    say(f"Migrating and loading {database.graduates} graduates took {database.load_seconds:.0f} s.\n")


def page_heading() -> None:
    say("| Who | What | Panel, ms | Floor, ms | Stock, ms | Panel : floor | Stock : panel |")
    say("|---|---|---:|---:|---:|---:|---:|---:|")


def page(role: str, name: str, timings: dict[str, Timing]) -> None:
    ours, bare, stock = (timings[who].median for who in ("ours", "floor", "stock"))
    dearer, faster = ours / bare, stock / ours
    aim = STOCK_AIMS.get(name)
    marked = [
        f"{dearer:.1f}{_mark(dearer <= FLOOR_AIM)}",
        f"{faster:.1f}{_mark(aim is None or faster >= aim)}",
    ]
    say(f"| {role} | {name} | {ours * 1000:.1f} | {bare * 1000:.1f} | {stock * 1000:.1f} | {' | '.join(marked)} |")


def _mark(is_reached: bool) -> str:
    return "" if is_reached else " ✗"


def export(rows: int, ours: Sequence[Result], bare: Sequence[Result]) -> None:
    mine, floor = min(ours, key=lambda r: r.seconds), min(bare, key=lambda r: r.seconds)
    ratio = mine.seconds / floor.seconds
    say(f"Export of {rows} rows × 12 columns: panel {mine.seconds:.1f} s, bare loop {floor.seconds:.1f} s,")
    say(f"ratio {ratio:.2f}{_mark(ratio <= EXPORT_AIM)}. Peak memory after a small export and after this one:")
    say(f"panel {mine.before:.0f} → {mine.peak:.0f} MiB, bare loop {floor.before:.0f} → {floor.peak:.0f} MiB.\n")


def dry_run(rows: int, results: Sequence[Result]) -> None:
    best = min(results, key=lambda r: r.seconds)
    say(f"Dry run of an import of {rows} rows: {best.seconds:.1f} s{_mark(best.seconds < IMPORT_AIM)}")
    say(f"(peak memory {best.before:.0f} → {best.peak:.0f} MiB).")


def route(lines: int, timings: dict[str, Timing]) -> None:
    ours, bare = timings["ours"].median, timings["floor"].median
    say(f"Route of a person with {lines} events, all on one page: panel {ours * 1000:.0f} ms,")
    say(f"bare {bare * 1000:.0f} ms, ratio {ours / bare:.2f}{_mark(ours / bare <= ROUTE_AIM)}.\n")


def calendar(count: int, timings: dict[str, Timing]) -> None:
    ours, bare = timings["ours"].median, timings["floor"].median
    say(f"Calendar of a month with {count} obligations: panel {ours * 1000:.0f} ms, bare {bare * 1000:.0f} ms,")
    say(f"ratio {ours / bare:.2f}{_mark(ours / bare <= CALENDAR_AIM)}.\n")


def entry(timings: dict[str, Timing]) -> None:
    ours, bare = timings["ours"].median, timings["floor"].median
    say(f"Quick entry of a talk with a service: panel {ours * 1000:.1f} ms, bare inserts {bare * 1000:.1f} ms,")
    say(f"ratio {ours / bare:.1f}.\n")


def numbering_heading() -> None:
    say(f"\n## Registrations by {WRITERS} writers at once, a transaction each: no gap, no twin, no error\n")
    say("| Database | Rows | Verb, a second | With obligations | INSERT with a counter | Bare INSERT | Bare : verb |")
    say("|---|---:|---:|---:|---:|---:|---:|")


def numbering(taken: Registered) -> None:
    paces = f"{taken.ours:.0f} | {taken.with_law:.1f} | {taken.counted:.0f} | {taken.bare:.0f}"
    say(f"| {taken.kind} | {taken.rows} | {paces} | {taken.bare / taken.ours:.1f} |")


def exchange_heading(letters: int) -> None:
    say(f"Boxes of an organisation with {letters} letters, nothing remembered:\n")
    say("| What | Panel, ms | Floor, ms | Panel : floor |")
    say("|---|---:|---:|---:|")


def exchange(name: str, timings: dict[str, Timing]) -> None:
    ours, bare = timings["ours"], timings["floor"]
    ratio = ours.median / bare.median
    say(f"| {name} | {ours.ms:.1f} | {bare.ms:.1f} | {ratio:.1f}{_mark(ratio <= FLOOR_AIM)} |")


def acceptance_heading() -> None:
    say(f"\n## {CLIENTS} clients accept the same letters at once: each is accepted once, with its number\n")
    say("| Database | Letters | Accepted, a second | Bare UPDATE, a second | Bare : ours |")
    say("|---|---:|---:|---:|---:|")


def acceptance(taken: Accepted) -> None:
    say(f"| {taken.kind} | {taken.letters} | {taken.ours:.0f} | {taken.bare:.0f} | {taken.bare / taken.ours:.1f} |")


def dispatch_heading() -> None:
    say("\n## One request to every college about its students, all letters in one transaction\n")
    say("| Database | Letters | People | Table, s | Sending, s | Bare rows, s |")
    say("|---|---:|---:|---:|---:|---:|")


def dispatch(taken: Dispatched) -> None:
    sent = f"{taken.sent:.1f}{_mark(taken.sent <= DISPATCH_AIM)}"
    say(f"| {taken.kind} | {taken.letters} | {taken.people} | {taken.page:.1f} | {sent} | {taken.bare:.1f} |")


def clock_heading() -> None:
    say("\n## The daily run: obligations of a year, 300 organisations, SQLite\n")
    say("| People | Obligations | First run, s | Again that day, s | The next day, s | People a second |")
    say("|---:|---:|---:|---:|---:|---:|")


def clock(taken: Taken) -> None:
    first = f"{taken.first:.1f}{_mark(taken.first < CLOCK_AIM)}"
    again = f"{taken.again:.1f}{_mark(taken.again < taken.first / 4)}"
    pace = f"{taken.next_day:.1f} | {taken.people / taken.first:.0f}"
    say(f"| {taken.people} | {taken.obligations} | {first} | {again} | {pace} |")


def periods_heading() -> None:
    say("\n## Reports of a year against the bare statements of their sections\n")
    say("| Database | Report | Of | Report, s | Bare statements, s | Report : bare |")
    say("|---|---|---|---:|---:|---:|")


def periods(taken: Compared) -> None:
    ratio = f"{taken.ratio:.2f}{_mark(taken.ratio <= PERIODS_AIM)}"
    say(f"| {taken.kind} | {taken.report} | {taken.scope} | {taken.ours:.2f} | {taken.bare:.2f} | {ratio} |")


def export1m_heading() -> None:
    say("\n## The register as a job: 12 columns, and lists that another user opens meanwhile\n")
    heads = "Database | People | Job, s | Bare loop, s | Job : loop | Peak, MiB"
    say(f"| {heads} | Idle page, ms | Meanwhile, ms | Busy : idle |")
    say("|---|---:|---:|---:|---:|---:|---:|---:|---:|")


def export1m(taken: Exported) -> None:
    ratio = f"{taken.ratio:.2f}{_mark(taken.ratio <= EXPORT_AIM)}"
    peak = f"{taken.ours.peak:.0f}{_mark(taken.ours.peak < MEMORY_AIM)}"
    slower = f"{taken.busy / taken.idle:.2f}{_mark(taken.busy <= 2 * taken.idle)}"
    times = f"{taken.ours.seconds:.1f} | {taken.bare.seconds:.1f} | {ratio} | {peak}"
    say(f"| {taken.kind} | {taken.people} | {times} | {taken.idle * 1000:.0f} | {taken.busy * 1000:.0f} | {slower} |")
