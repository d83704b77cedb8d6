"""Reports of a period against the bare statements of their sections, over a million people and ten million services.

The floor of organisation-period is written by hand, section by section, as somebody would ask a database for these very
numbers; that of the indicators is their own statement given to the driver, since nobody would write it otherwise.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import event, select

from models.territory import Agency
from reports.base import Desk, Parameters
from reports.catalogue import REPORTS
from reports.figures import FiguresReport
from reports.period import Period
from services.production_calendar import load_years
from services.regulations.loading import load_shipped
from services.reporting import system_viewer
from tests.bench import databases, great_region
from tests.bench.floor import Driver
from tests.fresh import fresh_app
from views import edge
from views.cli_tools import transaction
from views.extensions import db

YEAR = Period.parse("2026")
ROUNDS = 3
CODES = ("organisation-period", "kpi")


@dataclass(frozen=True)
class Compared:
    kind: str
    report: str
    scope: str
    ours: float  # seconds
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def measured(kind: str, folder: Path) -> Iterator[Compared]:
    """On a database of its own, which is removed again; `kind` is sqlite or postgresql."""
    with fresh_app(kind, folder, f"periods_{os.getpid()}") as small:
        yield from measure(str(small.config["SQLALCHEMY_DATABASE_URI"]), kind, folder)


def measure(url: str, kind: str, folder: Path) -> Iterator[Compared]:
    app = databases.application(url, folder)
    with app.app_context():
        upgrade()
        with transaction() as session:
            load_years(session)
            load_shipped(session, now=edge.clock(), on=YEAR.starts_on)
        with transaction() as session:
            large = great_region.build(session)
        driver = Driver(url)
        for scope, agency_id in (("one large organisation", large), ("the whole region", None)):
            desk = _desk(agency_id)
            for code in CODES:
                yield _compared(kind, code, scope, desk, driver)
        driver.close()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _desk(agency_id: int | None) -> Desk:
    session, viewer = db.session(), system_viewer(today=YEAR.ends_on)
    parameters = Parameters(YEAR.ends_on, period=YEAR)
    if agency_id is None:
        return Desk(session, viewer, parameters)
    name = session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()
    return Desk(session, viewer, replace(parameters, agency_id=agency_id, agency_name=name))


def _compared(kind: str, code: str, scope: str, desk: Desk, driver: Driver) -> Compared:
    report = REPORTS[code]
    assert isinstance(report, FiguresReport)
    queries = bare_sections(desk, driver) if code == "organisation-period" else _own(report, desk, driver)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_timed(lambda: report.parts(desk)))
        bare.append(_timed(lambda: [driver.connection.execute(sql).fetchall() for sql in queries]))
    return Compared(kind, code, scope, min(ours), min(bare))


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _own(report: FiguresReport, desk: Desk, driver: Driver) -> list[str]:
    """The statements that the report itself makes over records, with their values."""
    made: list[str] = []

    def note(conn: Any, clause: Any, *_: Any) -> None:
        made.append(driver.bare(clause).sql)

    engine = db.engine
    event.listen(engine, "before_execute", note)
    try:
        report.parts(desk)
    finally:
        event.remove(engine, "before_execute", note)
    return made


# -- By hand ---------------------------------------------------------------------------------------------------------

FACTS = (
    ("employment", "status_code"),
    ("study", "level_code"),
    ("study", "status_code"),
    ("housing", "status_code"),
    ("category_decision", "category_code"),
)
AGES = (
    "CASE "
    + " ".join(f"WHEN g.birth_date > '{2026 - age}-12-31' THEN {age - 1}" for age in range(18, 24))
    + " ELSE 23 END"
)


def bare_sections(desk: Desk, driver: Driver) -> list[str]:
    """A statement for every table of the report, totals of people with them."""
    number = desk.parameters.agency_id
    first, last = f"'{YEAR.starts_on}'", f"'{YEAR.ends_on}'"
    span = f"BETWEEN {first} AND {last}"

    def of(column: str) -> str:
        return f"{column} = {number}" if number is not None else f"{column} IN (SELECT id FROM agency)"

    entries = f"FROM support_episode WHERE {of('agency_id')} AND annulled_on IS NULL"
    on_last = f"accepted_on <= {last} AND (removed_on IS NULL OR removed_on > {last})"
    on_eve = f"accepted_on < {first} AND (removed_on IS NULL OR removed_on >= {first})"
    at_all = f"accepted_on <= {last} AND (removed_on IS NULL OR removed_on >= {first})"
    people = f"FROM graduate g WHERE g.id IN (SELECT graduate_id {entries} AND {on_last})"
    moves = (on_eve, f"accepted_on {span}", f"removed_on {span}", on_last, at_all)
    made = [f"SELECT {_both(moves)} {entries}"]
    counted = "count(DISTINCT graduate_id), count(*)"
    made += [f"SELECT removal_ground_code, {counted} {entries} AND removed_on {span} GROUP BY 1"]
    made += [f"SELECT count(DISTINCT graduate_id) {entries} AND removed_on {span}"]
    made += [f"SELECT {by}, count(*) {people} GROUP BY 1" for by in ("g.sex", AGES)]
    made += [f"SELECT {_fact(*fact, last)}, count(*) {people} GROUP BY 1" for fact in FACTS]
    form = "(SELECT form_code FROM placement p WHERE p.graduate_id = g.id ORDER BY starts_on DESC, id DESC LIMIT 1)"
    made += [f"SELECT {form}, count(*) {people} GROUP BY 1"]
    made += [f"SELECT {_family(last)} {people}", f"SELECT {_law(last)} {people}"]
    inside = f"IN (SELECT graduate_id {entries} AND {on_last})"
    made += [f"SELECT {counted} FROM offence_record WHERE recorded_on {span} AND graduate_id {inside}"]
    services = f"FROM service_record WHERE {of('agency_id')} AND provided_on {span} AND annulled_on IS NULL"
    rendered = "sum(quantity), count(*), count(DISTINCT graduate_id)"
    made += [f"SELECT {by}, {rendered} {services} GROUP BY 1" for by in ("kind_code", "form_code")]
    made += [f"SELECT count(DISTINCT graduate_id) {services}"] * 2
    made += _papers(of, span, driver.is_sqlite)
    made += [_letters(of(side), span, last) for side in ("sender_id", "recipient_id")]
    made += _monitoring(of("agency_id"), span)
    return made + _own(REPORTS["kpi"], desk, driver)[-1:]  # type: ignore[arg-type]


def _both(conditions: tuple[str, ...]) -> str:
    parts = [
        f"count(DISTINCT CASE WHEN {c} THEN graduate_id END), sum(CASE WHEN {c} THEN 1 ELSE 0 END)" for c in conditions
    ]
    return ", ".join(parts)


def _fact(table: str, column: str, last: str) -> str:
    held = f"f.graduate_id = g.id AND f.starts_on <= {last} AND (f.ends_on IS NULL OR f.ends_on >= {last})"
    return f"(SELECT f.{column} FROM {table} f WHERE {held} ORDER BY f.starts_on DESC, f.id DESC LIMIT 1)"


def _has_problem(kind: str, last: str) -> str:
    is_open = f"p.found_on <= {last} AND (p.resolved_on IS NULL OR p.resolved_on > {last})"
    return f"EXISTS (SELECT 1 FROM problem p WHERE p.graduate_id = g.id AND p.kind_code = '{kind}' AND {is_open})"


def _summed(*conditions: str) -> str:
    return ", ".join(f"sum(CASE WHEN {one} THEN 1 ELSE 0 END)" for one in conditions)


def _family(last: str) -> str:
    status, children = _fact("family_status", "status_code", last), _fact("family_status", "children", last)
    alone = f"g.sex = 'female' AND {children} > 0 AND {status} IN ('single', 'divorced', 'widowed')"
    signs = (f"{status} = 'married'", f"{status} = 'partnership'", f"{children} > 0", alone)
    return f"count(*), {_summed(*signs, _has_problem('children_at_risk', last))}"


def _law(last: str) -> str:
    away = f"{_fact('employment', 'status_code', last)} = 'imprisoned'"
    return _summed(away, *(_has_problem(kind, last) for kind in ("offence", "addiction", "released")))


def _papers(of: Any, span: str, is_sqlite: bool) -> list[str]:
    own = of("agency_id")

    def count(table: str, day: str) -> str:
        return f"SELECT count(*) FROM {table} WHERE {own} AND {day} {span} AND annulled_on IS NULL"

    days = "julianday(c.signed_on) - julianday(a.registered_on)" if is_sqlite else "c.signed_on - a.registered_on"
    joined = "FROM contract c JOIN application a ON a.id = c.application_id"
    mean = f"SELECT avg({days}) {joined} WHERE {of('c.agency_id')} AND c.signed_on {span} AND c.annulled_on IS NULL"
    tables = (
        ("application", "received_on"),
        ("application", "registered_on"),
        ("contract", "signed_on"),
        ("refusal", "refused_on"),
        ("plan", "approved_on"),
        ("conclusion", "approved_on"),
    )
    due = f"SELECT count(*) FROM deadline WHERE {own} AND due_on {span} AND closing IS NULL"
    return [*(count(*one) for one in tables), mean, due]


def _letters(own: str, span: str, last: str) -> str:
    late = f"answer_due_on < {last} AND (answered_on > answer_due_on OR answered_on IS NULL)"
    signs = ("answer_due_on IS NOT NULL", f"answered_on <= answer_due_on AND answered_on <= {last}", late)
    where = f"WHERE {own} AND sent_on {span} AND status NOT IN ('draft', 'revoked')"
    return f"SELECT kind_title, count(*), {_summed(*signs)} FROM referral {where} GROUP BY 1"


def _monitoring(own: str, span: str) -> list[str]:
    ranked = (
        "SELECT id, row_number() OVER (PARTITION BY graduate_id ORDER BY filled_on DESC, id DESC) AS place"
        f" FROM monitoring_card WHERE {own} AND filled_on {span} AND annulled_on IS NULL"
    )
    sums = (
        "SELECT s.card_id, sum(s.value) AS points FROM monitoring_score s"
        f" WHERE s.card_id IN (SELECT id FROM ({ranked}) r WHERE place = 1) GROUP BY s.card_id"
    )
    band = "CASE WHEN points >= 17 THEN 'high' WHEN points >= 11 THEN 'middle' ELSE 'low' END"
    return [f"SELECT avg(points) FROM ({sums}) t", f"SELECT {band}, count(*) FROM ({sums}) t GROUP BY 1"]
