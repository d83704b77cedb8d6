"""One branch of the statement that reads a route: all branches have the same columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, Select, String, bindparam, case, cast, func, literal_column, null, select

TEXT = 300  # Letters of a long text.
PERSON: Any = bindparam("graduate_id", type_=Integer)
EMPTY: Any = literal_column("''", String)
NO_DAY, NO_NUMBER = cast(null(), Date), cast(null(), Integer)


def said(*columns: Any) -> Any:
    """Those of some texts that say something, by commas."""
    told: Any = func.coalesce(columns[0], EMPTY)
    for column in columns[1:]:
        text = func.coalesce(column, EMPTY)
        comma = case(((told != EMPTY) & (text != EMPTY), literal_column("', '", String)), else_=EMPTY)
        told = told + comma + text
    return told


def cut(column: Any) -> Any:
    """The beginning of a long text."""
    return func.substr(column, literal_column("1"), literal_column(str(TEXT)))


def number_of(model: Any) -> Any:
    """«12/2026»; empty before there is one."""
    return func.coalesce(cast(model.number, String) + literal_column("'/'", String) + cast(model.year, String), EMPTY)


def branch(
    what: str,
    row: Any,
    on: Any,
    *,
    until: Any = None,
    title: Any = None,
    detail: Any = None,
    code: Any = None,
    number: Any = None,
    agency: Any = None,
    annulled: Any = None,
    stated: Any = None,
    owner: Any = None,
    whose: Any = None,
) -> Select[Any]:
    """Rows of a table about the person as events; `row` is the number of the record that is read."""

    def given(value: Any, otherwise: Any) -> Any:
        return otherwise if value is None else value

    is_stated = literal_column("0", Integer) if stated is None else case((stated, literal_column("0")), else_=1)
    return select(
        literal_column(f"'{what}'", String).label("what"),
        row.label("id"),
        on.label("happened_on"),
        given(until, NO_DAY).label("until"),
        given(title, EMPTY).label("title"),
        given(detail, EMPTY).label("detail"),
        func.coalesce(given(code, EMPTY), EMPTY).label("code"),
        given(number, EMPTY).label("number"),
        given(agency, NO_NUMBER).label("agency_id"),
        given(annulled, NO_DAY).label("annulled_on"),
        is_stated.label("is_stated"),
        given(owner, NO_NUMBER).label("owner_id"),
    ).where((row.class_.graduate_id if whose is None else whose) == PERSON)
