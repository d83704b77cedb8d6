"""Writes millions of rows through the driver: executemany on SQLite, COPY on PostgreSQL.

A day goes in as «2026-11-21», which both databases read; a row is a tuple in the order of its table's COLUMNS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

Value = str | int | bool | None
Row = tuple[Value, ...]
Rows = dict[str, list[Row]]

FACT = ("graduate_id", "starts_on", "is_start_known", "ends_on")
# Parents stand before their children.
COLUMNS: dict[str, tuple[str, ...]] = {
    "graduate": (
        "id", "last_name", "first_name", "patronymic", "former_names", "birth_date", "sex", "citizenship", "snils",
        "oms_policy", "legal_status_code", "care_loss_reason_code", "legal_status_ground", "first_identified_place",
        "first_identified_on", "exit_ground_code", "exit_document", "left_on", "graduating_agency_id", "is_volunteer",
        "note", "agency_id", "origin_district_id", "district_id", "category_code", "current_employment_code",
        "current_marital_code", "current_children", "current_housing_code", "current_address", "current_profession",
        "current_phone", "curator_name", "open_problems", "name_key", "search_text", "created_at", "updated_at",
        "created_by_id", "version",
    ),
    "identity_document": (
        "graduate_id", "kind_code", "series", "number", "issued_on", "issued_by", "division_code", "expires_on",
    ),
    "contact": ("graduate_id", "kind_code", "value", "note"),
    "close_person": ("graduate_id", "name", "kinship_code", "phone", "is_supportive", "note"),
    "dependant": ("graduate_id", "name", "birth_date", "lives_with", "note"),
    "placement": (
        "graduate_id", "form_code", "starts_on", "ends_on", "agency_id", "place", "district_id", "ground", "end_ground",
    ),
    "study": (
        *FACT, "level_code", "status_code", "agency_id", "organisation", "course", "profession", "is_state_funded",
        "order_text", "leave_code", "leave_ends_on", "wording",
    ),
    "employment": (*FACT, "status_code", "organisation", "position", "wording"),
    "income": (*FACT, "source", "amount"),
    "family_status": (*FACT, "status_code", "children", "wording"),
    "housing": (
        *FACT, "status_code", "dwelling", "is_uninhabitable", "queued_on", "queue_number", "queue_body", "has_priority",
        "contract", "contract_ends_on", "wording",
    ),
    "address": (*FACT, "kind", "text", "district_id"),
    "situation": (*FACT, "problems", "work_done", "agency_id"),
    "problem": (
        "graduate_id", "kind_code", "description", "severity", "found_on", "source_code", "resolved_on", "resolution",
    ),
    "category_decision": ("graduate_id", "category_code", "starts_on", "ends_on", "ground", "decided_by"),
    "assignment": (
        "graduate_id", "kind", "user_id", "name", "position", "phone", "order_number", "order_on", "starts_on",
        "ends_on",
    ),
    "consent": (
        "graduate_id", "purpose_code", "given_on", "valid_until", "withdrawn_on", "document", "permitted_data",
        "agency_id",
    ),
    "responsibility": ("graduate_id", "agency_id", "starts_on", "ends_on", "ground"),
    "section_check": ("graduate_id", "section", "checked_on", "checked_by_id"),
    "health_record": ("graduate_id", "recorded_on", "text", "valid_until", "author_id"),
    "offence_record": ("graduate_id", "recorded_on", "text", "author_id"),
}  # fmt: skip


def no_rows() -> Rows:
    return {table: [] for table in COLUMNS}


def moment(at: datetime, dialect: str) -> str:
    """As the database keeps a moment: SQLite has no zone, everything there is UTC."""
    text_of = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return text_of if dialect == "sqlite" else f"{text_of}+00"


def write(connection: Connection, rows: Rows) -> None:
    """One chunk of cards with all their facts."""
    put = _insert if connection.dialect.name == "sqlite" else _copy
    for table, columns in COLUMNS.items():
        if rows[table]:
            put(connection, table, columns, rows[table])


def _insert(connection: Connection, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    places = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _copy(connection: Connection, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    cursor: Any = connection.connection.cursor()  # psycopg's own, which knows COPY
    with cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Secondary indexes (and SQLite's search triggers) are put away and built once at the end, in one sweep each.

    Schema changes are part of the transaction on both databases: a load that fails leaves everything as it was.
    """
    put_away = _sqlite_statements if connection.dialect.name == "sqlite" else _postgres_statements
    statements = put_away(connection)
    for drop, _ in statements:
        connection.exec_driver_sql(drop)
    yield
    for _, create in statements:
        connection.exec_driver_sql(create)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO graduate_search (graduate_search) VALUES ('rebuild')")
    else:
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('graduate', 'id'), max(id)) FROM graduate")
        connection.exec_driver_sql(f"ANALYZE {', '.join(COLUMNS)}")


def _sqlite_statements(connection: Connection) -> list[tuple[str, str]]:
    """DROP and CREATE of what slows an INSERT; an index by the card alone only grows at its end, so it stays."""
    found = connection.execute(
        text(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND (type = 'index' AND name <> 'ix_' || tbl_name || '_graduate_id' OR name = 'graduate_search_insert')"
        )
    )
    return [(f'DROP {kind} "{name}"', sql) for kind, name, table, sql in found if table in COLUMNS]


def _postgres_statements(connection: Connection) -> list[tuple[str, str]]:
    """The same on PostgreSQL; indexes of constraints stay, they guard."""
    found = connection.execute(
        text(
            "SELECT i.indexrelid::regclass::text, t.relname, pg_get_indexdef(i.indexrelid)"
            " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
            " WHERE t.relnamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
        )
    )
    return [(f"DROP INDEX {name}", create) for name, table, create in found if table in COLUMNS]
