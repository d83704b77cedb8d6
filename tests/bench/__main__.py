"""`python -m tests.bench`: measure everything, print the tables of docs/benchmarks.md, leave nothing behind.

BENCH_GRADUATES (200000), BENCH_ROUNDS (15), BENCH_EXPORT_ROWS (100000), BENCH_IMPORT_ROWS (5000),
BENCH_REGISTRATIONS (200 of each writer), BENCH_PEOPLE (1000000) and BENCH_SERVICES (ten times as many) of the part
`periods`, BENCH_LETTERS (200000), BENCH_ACCEPTANCES (500), BENCH_COLLEGES (40) make it
shorter;
BENCH_DATABASES=sqlite leaves PostgreSQL out. Words after the command choose: `python -m tests.bench pages files`.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests.bench import (
    acceptance,
    calendar_page,
    clock,
    databases,
    dispatch,
    entry,
    exchange,
    export1m,
    files,
    floor,
    forms,
    letters,
    numbering,
    output,
    pages,
    panel,
    periods,
    route,
    stock,
)

APART = {"numbers", "acceptance", "dispatch", "clock", "periods", "export1m"}  # On databases of their own.
PARTS = (
    *("pages", "forms", "files", "calendar", "route", "entry", "exchange"),
    *("numbers", "acceptance", "dispatch", "clock", "periods", "export1m"),
)


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, "") or default)


GRADUATES = number("BENCH_GRADUATES", 200_000)
ROUNDS = number("BENCH_ROUNDS", 15)
EXPORT_ROWS = min(number("BENCH_EXPORT_ROWS", files.EXPORT_ROWS), GRADUATES)
IMPORT_ROWS = number("BENCH_IMPORT_ROWS", files.IMPORT_ROWS)
REPEATS = 3  # of the long jobs; the fastest of each counts


@contextmanager
def every_database(folder: Path) -> Iterator[Iterator[databases.Database]]:
    wanted = os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(",")

    def each() -> Iterator[databases.Database]:
        if "sqlite" in wanted:
            with databases.sqlite_database(folder, GRADUATES) as database:
                yield database
        if "postgresql" in wanted:
            version = databases.postgres_version()
            if version is None:
                output.say("PostgreSQL does not answer: it is left out.")
                return
            with databases.postgres_database(folder, GRADUATES, version) as database:
                yield database

    found = each()
    try:
        yield found
    finally:
        found.close()  # type: ignore[attr-defined]


def measure(database: databases.Database, parts: list[str]) -> None:
    output.heading(database)
    if "pages" in parts or "forms" in parts:
        measure_pages(database, parts)
    if "files" in parts:
        measure_files(database)
    if "calendar" in parts:
        app, driver = databases.application(database.url, database.folder), floor.Driver(database.url)
        output.calendar(calendar_page.COUNT, calendar_page.measure(app, driver, ROUNDS))
        driver.close()
    if "route" in parts:
        app, driver = databases.application(database.url, database.folder), floor.Driver(database.url)
        output.route(*route.measure(app, driver, ROUNDS))
        driver.close()
    if "entry" in parts:
        app, driver = databases.application(database.url, database.folder), floor.Driver(database.url)
        output.entry(entry.measure(app, driver, ROUNDS))
        driver.close()
    if "exchange" in parts:
        app, driver = databases.application(database.url, database.folder), floor.Driver(database.url)
        output.exchange_heading(letters.COUNT)
        for name, timings in exchange.measure(app, driver, ROUNDS):
            output.exchange(name, timings)
        driver.close()


def measure_pages(database: databases.Database, parts: list[str]) -> None:
    app = databases.application(database.url, database.folder)
    driver = floor.Driver(database.url)
    with panel.people(app) as people:
        rival = stock.application(database.url, database.folder, {role: who.viewer for role, who in people.items()})
        client = rival.test_client()
        output.page_heading()
        for role, who in people.items():
            if "pages" in parts:
                for scene in pages.scenes(app, driver, who):
                    output.page(role, scene.name, pages.measure(scene, who, client, ROUNDS))
            if "forms" in parts:
                output.page(role, "create form", forms.create_form(app, driver, who, client, ROUNDS))
                output.page(role, "save", forms.save(app, driver, who, client, ROUNDS))
        output.say(f"\nThe officer sees {people['officer'].total} people, the administrator everybody.\n")
    driver.close()


def measure_files(database: databases.Database) -> None:
    ours, bare = [], []
    for _ in range(REPEATS):
        bare.append(files.run("export-bare", database, EXPORT_ROWS))
        ours.append(files.run("export-ours", database, EXPORT_ROWS))
    output.export(EXPORT_ROWS, ours, bare)
    output.dry_run(IMPORT_ROWS, [files.run("import", database, IMPORT_ROWS) for _ in range(REPEATS)])


def measure_clock() -> None:
    """On SQLite, a database for each number of people: is the time linear in it?"""
    output.clock_heading()
    for people in clock.SIZES:
        with tempfile.TemporaryDirectory(prefix="marshrut-clock-") as folder:
            path = Path(folder)
            output.clock(clock.measure(f"sqlite:///{path / 'clock.sqlite'}", path, people))


def measure_numbers() -> None:
    """On small databases: what is measured is how writers wait for each other."""
    output.numbering_heading()
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        if kind == "postgresql" and databases.postgres_version() is None:
            continue
        with tempfile.TemporaryDirectory(prefix="marshrut-numbers-") as folder:
            output.numbering(numbering.measure(kind, Path(folder)))


def measure_acceptance() -> None:
    """On small databases: what is measured is how clients wait for each other."""
    output.acceptance_heading()
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        if kind == "postgresql" and databases.postgres_version() is None:
            continue
        with tempfile.TemporaryDirectory(prefix="marshrut-acceptance-") as folder:
            output.acceptance(acceptance.measure(kind, Path(folder)))


def measure_dispatch() -> None:
    """On databases of their own, new ones: of the letters' people nothing is known to the planner."""
    output.dispatch_heading()
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        if kind == "postgresql" and databases.postgres_version() is None:
            continue
        with tempfile.TemporaryDirectory(prefix="marshrut-dispatch-") as folder:
            output.dispatch(dispatch.measure(kind, Path(folder)))


def measure_periods() -> None:
    """On databases of their own, with a million people and ten million services."""
    output.periods_heading()
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        if kind == "postgresql" and databases.postgres_version() is None:
            continue
        with tempfile.TemporaryDirectory(prefix="marshrut-periods-") as folder:
            for compared in periods.measured(kind, Path(folder)):
                output.periods(compared)


def measure_export1m() -> None:
    """On databases of their own, with a million people."""
    output.export1m_heading()
    with tempfile.TemporaryDirectory(prefix="marshrut-export-") as folder:
        for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
            version = databases.postgres_version()
            if kind == "sqlite":
                with databases.sqlite_database(Path(folder), export1m.SEED) as database:
                    output.export1m(export1m.measure(database))
            elif version is not None:
                with databases.postgres_database(Path(folder), export1m.SEED, version) as database:
                    output.export1m(export1m.measure(database))


def main(parts: list[str]) -> None:
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(PARTS)}.")
    Flask.test_client_class = None  # The tests' own reviews every page, which costs more than to make it.
    output.machine(GRADUATES, ROUNDS)
    with tempfile.TemporaryDirectory(prefix="marshrut-bench-") as folder, every_database(Path(folder)) as found:
        for database in found if not parts or set(parts) - APART else ():
            measure(database, parts or list(PARTS))
    if "numbers" in parts or not parts:
        measure_numbers()
    if "acceptance" in parts or not parts:
        measure_acceptance()
    if "dispatch" in parts or not parts:
        measure_dispatch()
    if "clock" in parts or not parts:
        measure_clock()
    if "periods" in parts or not parts:
        measure_periods()
    if "export1m" in parts or not parts:
        measure_export1m()


if __name__ == "__main__":
    main(sys.argv[1:])
