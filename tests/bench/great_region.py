"""A region of a million people and ten million services, made by INSERT … SELECT in minutes.

A hundred services; the first one has a tenth of the people. Three people of ten are or were on support: these have
contracts, plans, facts that changed once, monitoring and all the work. BENCH_PEOPLE and BENCH_SERVICES make it smaller.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Integer, Table, text
from sqlalchemy.orm import Session

from models.base import Model
from models.territory import AgencyKind
from models.users import Role
from tests.factories import make_agency, make_user

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "") or 1_000_000) // 100 * 100
SERVICES = int(os.environ.get("BENCH_SERVICES", "") or 10 * PEOPLE)
AGENCIES = 100
SUPPORTED = PEOPLE * 3 // 10
FIRST_DAY, DAYS = date(2022, 1, 1), 1825  # to the end of 2026
# The number of a person on support: three tens of every hundred.
PERSON = "({k} / 30 * 100 + {k} % 30 / 10 * 10 + {k} % 10 + 1)"
CHUNK = 500_000
KINDS = ("household", "medical", "psychological", "pedagogical", "labour", "legal", "urgent", "accompaniment")


class Filler:
    """Writes rows of a table by expressions over `i`, which runs from nought."""

    def __init__(self, connection: Connection, agency_id: int) -> None:
        self.connection, self.first_agency = connection, agency_id
        self.is_sqlite = connection.dialect.name == "sqlite"

    def day(self, days: str, since: date = FIRST_DAY) -> str:
        return f"date('{since}', '+' || ({days}) || ' days')" if self.is_sqlite else f"(date '{since}' + ({days})::int)"

    def agency(self, person: str) -> str:
        """Of a person by number: every tenth is of the large one."""
        i = f"({person} - 1)"
        return (
            f"(CASE WHEN {i} % 10 = 0 THEN {self.first_agency} ELSE {self.first_agency + 1} + {i} % {AGENCIES - 1} END)"
        )

    @staticmethod
    def pick(number: str, *values: str) -> str:
        whens = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values[:-1]))
        return f"(CASE ({number}) % {len(values)} {whens} ELSE '{values[-1]}' END)"

    def fill(self, name: str, count: int, **columns: str) -> None:
        table = Model.metadata.tables[name]
        written = {**self._nothing(table), **columns}
        for start in range(0, count, CHUNK):
            source = self._numbers(start, min(start + CHUNK, count))
            head = f"INSERT INTO {name} ({', '.join(written)})"
            self.connection.execute(text(f"{head} SELECT {', '.join(written.values())} FROM {source}"))

    def _numbers(self, start: int, end: int) -> str:
        if not self.is_sqlite:
            return f"(SELECT g AS i FROM generate_series({start}::bigint, {end - 1}) g) n"
        walk = f"SELECT {start} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end}"
        return f"(WITH RECURSIVE n(i) AS ({walk}) SELECT i FROM n) n"

    def _nothing(self, table: Table) -> dict[str, str]:
        """What stands in columns that must not be empty."""
        return {
            column.name: self._empty(column)
            for column in table.columns
            if not column.nullable and not column.primary_key and not column.foreign_keys
        }

    def _empty(self, column: Any) -> str:
        if isinstance(column.type, Boolean):
            return "0" if self.is_sqlite else "false"
        if isinstance(column.type, DateTime) or type(column.type).__name__ == "UtcDateTime":
            moment = datetime(2026, 1, 1, 9, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            return f"'{moment}'" if self.is_sqlite else f"timestamptz '{moment}+00'"
        if isinstance(column.type, JSON):
            return "'{}'"
        if isinstance(column.type, Date):
            return self.day("0")
        return "1" if isinstance(column.type, Integer) else "''"


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """All indexes but those of constraints are put away, and built at the end in one sweep each."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        connection.execute(text("DROP TRIGGER IF EXISTS graduate_search_insert"))
    else:
        found = (
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " JOIN pg_class t ON t.oid = i.indrelid WHERE t.relnamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
        )
    statements = [(name, create) for name, create in connection.execute(text(found))]
    for name, _ in statements:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, create in statements:
        connection.execute(text(create))


def build(session: Session) -> int:
    """The number of the large organisation."""
    agencies = [make_agency(session, f"great-{n}", AgencyKind.SUPPORT_SERVICE) for n in range(AGENCIES)]
    make_user(session, "great", "Ольга Большова", Role.HEAD, agencies[0])
    session.flush()
    connection, large = session.connection(), agencies[0].id
    with without_indexes(connection):
        filler = Filler(connection, large)
        _people(filler)
        _papers(filler)
        _facts(filler)
        _work(filler)
        _monitoring(filler)
    connection.execute(text("ANALYZE"))
    return large


def _people(f: Filler) -> None:
    f.fill(
        "graduate", PEOPLE, id="i + 1", last_name="'Иванов'", first_name="'Иван'", birth_date=f.day("i * 37 % 2500"),
        sex=f.pick("i / 7", "male", "female"), name_key="'иванов иван ' || i", agency_id=f.agency("(i + 1)"),
        graduating_agency_id=f.agency("(i + 1)"), current_children="0", open_problems="0",
    )  # fmt: skip


def _papers(f: Filler) -> None:
    person = PERSON.format(k="i")
    own = {"graduate_id": person, "agency_id": f.agency(person), "number": "i + 1", "year": "2000"}
    accepted = f.day("i * 7919 % 1500")
    f.fill("application", SUPPORTED, id="i + 1", received_on=accepted, registered_on=accepted, **own)
    signed = f.day("i * 7919 % 1500 + i % 25")
    term = {"starts_on": signed, "ends_on": f.day("i * 7919 % 1500 + 700")}
    is_over = "i % 5 < 2"
    over = f"CASE WHEN {is_over} THEN {f.day('i * 7919 % 1500 + 200 + i % 120')} END"
    ground = f"CASE WHEN {is_over} THEN {f.pick('i', 'term_expired', 'moved', 'graduate_request')} END"
    contract = {"application_id": "i + 1", "signed_on": signed, "copies": "2"}
    ended = {"ended_on": over, "termination_ground_code": ground}
    f.fill("contract", SUPPORTED, id="i + 1", **contract, **ended, **term, **own)
    removed = {"removed_on": over, "removal_ground_code": ground}
    f.fill("support_episode", SUPPORTED, contract_id="i + 1", accepted_on=signed, **removed, **own)
    approved = {"state": "'approved'", "kind": "'individual'", "approved_on": signed}
    f.fill("plan", SUPPORTED, id="i + 1", contract_id="i + 1", **approved, **term, **own)
    done = f"CASE WHEN i % 2 = 0 THEN {f.day('i * 31 % 1800')} END"
    f.fill(
        "measure", SUPPORTED * 2, plan_id="i / 2 + 1", title="'Паспорт'", direction_code="'legal'", done_on=done,
        status=f.pick("i", "done", "planned"), due_on=f.day("i * 31 % 1800 + 10"),
    )  # fmt: skip


def _facts(f: Filler) -> None:
    """Two of each for everybody on support: what was, and what is."""
    person = PERSON.format(k="(i / 2)")
    is_last = "i % 2 = 1"
    dated = {
        "graduate_id": person,
        "starts_on": f"CASE WHEN {is_last} THEN {f.day('1200 + i % 500')} ELSE {f.day('i % 500')} END",
        "ends_on": f"CASE WHEN {is_last} THEN NULL ELSE {f.day('1199 + (i + 1) % 500')} END",
    }
    known = {"is_start_known": "1" if f.is_sqlite else "true"}
    rows = SUPPORTED * 2
    statuses = ("studying", "employed", "none", "imprisoned", "childcare_leave")
    f.fill("employment", rows, status_code=f.pick("i / 3", *statuses), **known, **dated)
    f.fill("study", rows, level_code=f.pick("i / 3", "basic", "vocational"), status_code="'studying'", **known, **dated)
    homes = ("owned", "dormitory", "waiting_list", "homeless", "rented")
    f.fill("housing", rows, status_code=f.pick("i / 5", *homes), **known, **dated)
    marital = f.pick("i / 7", "single", "married", "divorced")
    f.fill("family_status", rows, status_code=marital, children="i / 11 % 3", **known, **dated)
    f.fill("category_decision", rows, category_code=f.pick("i / 3", "crisis", "active", "stable"), **dated)
    form = f.pick("i", "institution", "foster_family", "guardianship")
    placed = {"starts_on": f.day("0", date(2010, 1, 1)), "ends_on": f.day("i % 300")}
    once = PERSON.format(k="i")
    f.fill("placement", SUPPORTED, graduate_id=once, form_code=form, **placed)
    f.fill("income", SUPPORTED, graduate_id=once, source="'зарплата'", starts_on=f.day("i % 900"), **known)
    told = {"graduate_id": once, "starts_on": f.day("i % 900")}
    f.fill("address", SUPPORTED, kind="'registration'", text="'г. Сокол'", **told, **known)
    held = {"graduate_id": once, "agency_id": f.agency(once), "starts_on": f.day("i % 900")}
    f.fill("responsibility", SUPPORTED, **held)
    seen = PERSON.format(k="(i * 7)")
    kinds = f.pick("i", "housing", "offence", "addiction", "children_at_risk")
    f.fill(
        "problem", SUPPORTED // 8, graduate_id=seen, kind_code=kinds, description="'Есть'", found_on=f.day("i % 1800")
    )
    f.fill("offence_record", SUPPORTED // 20, graduate_id=seen, recorded_on=f.day("i % 1800"), text="'кража'")


def _work(f: Filler) -> None:
    person = PERSON.format(k=f"(i % {SUPPORTED})")
    own = {"graduate_id": person, "agency_id": f.agency(person)}
    f.fill(
        "service_record", SERVICES, provided_on=f.day(f"i * 7919 % {DAYS}"), kind_code=f.pick("i / 3", *KINDS),
        form_code=f.pick("i / 5", "stationary", "semi_stationary", "at_home"), title="'Помощь'",
        quantity="1 + i % 3", **own,
    )  # fmt: skip
    numbered = {"number": "i + 1", "year": "2000"} | own
    kind = f.pick("i", "talk", "legal")
    f.fill("consultation", SUPPORTED, held_on=f.day(f"i * 97 % {DAYS}"), kind=kind, topic="'Деньги'", **numbered)
    asked = {"content": "'Просит'", "urgency": "'ordinary'"} | numbered
    f.fill("appeal", SUPPORTED // 3, received_on=f.day(f"i * 97 % {DAYS}"), **asked)
    sides = {"sender_id": f.agency("(i * 10 + 1)"), "recipient_id": f"{f.first_agency + 1} + i % {AGENCIES - 1}"}
    days = f"i * 97 % {DAYS}"
    moment = f"{f.day(days)} || ' 09:00:00.000000'" if f.is_sqlite else f"{f.day(days)} + interval '9 hours'"
    f.fill(
        "referral", SUPPORTED // 3, kind_key="'common/request'", kind_title=f.pick("i", "Запрос", "Ходатайство"),
        status="'answered'", sender_name="'А'", recipient_name="'Б'", sent_on=f.day(days), sent_at=moment,
        ground="'согласие'", answer_due_on=f.day(f"{days} + 30"), answered_on=f.day(f"{days} + i % 40"),
        urgency="'normal'", **sides,
    )  # fmt: skip


def _monitoring(f: Filler) -> None:
    person = PERSON.format(k="i")
    own = {"graduate_id": person, "agency_id": f.agency(person)}
    f.fill("monitoring_card", SUPPORTED, id="i + 1", filled_on=f.day("i % 360", date(2026, 1, 1)), **own)
    codes = ("social-position", "means-of-living", "family", "law-abidingness", "housing", "kin", "circle")
    f.fill(
        "monitoring_score", SUPPORTED * 7, card_id="i / 7 + 1", indicator=f.pick("i", *codes), title="'Сфера'",
        value="(i / 7 + i) % 4", position="i % 7",
    )  # fmt: skip
