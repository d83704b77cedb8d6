"""The floor: the bare statement through the driver, and its rows in a bare Jinja table. Nothing can be cheaper.

The statements hold the panel's own access rule, filter, order and limit. Where the page shows a total that it has to
count anew, the floor counts too. Labels come by joins.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from jinja2 import Environment
from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import aliased

from models.dictionaries import EmploymentStatus, HousingStatus, SupportCategory
from models.graduates import Graduate
from models.territory import Agency, District
from views.listing import Expr

SIZE = 50
HEADINGS = (
    "Фамилия, имя, отчество", "Дата рождения", "Категория", "Район", "Занятость", "Жильё", "Проблем", "Телефон",
    "Куратор", "Ответственная организация",
)  # fmt: skip
TABLE = Environment(autoescape=True).from_string(
    """<!doctype html><title>{{ total }}</title><table>
<tr>{% for name in headings %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row[1:] %}<td>{% if loop.first %}<a href="?id={{ row[0] }}">{{ cell }}</a>
{% else %}{{ cell if cell is not none else "" }}{% endif %}</td>{% endfor %}</tr>{% endfor %}</table>"""
)


class Driver:
    """A connection of the driver itself."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.dialect: Dialect
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "busy_timeout=15000", "cache_size=-65536"):
                self.connection.execute(f"PRAGMA {pragma}")
            self.dialect = sqlite.dialect(paramstyle="named")
        else:
            self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True, options="-c jit=off")
            self.dialect = postgresql.psycopg.dialect()  # type: ignore[attr-defined]

    def bare(self, query: Any) -> "Bare":
        """The text that the driver gets, with the values in it."""
        options = {"literal_binds": True}
        sql = str(query.compile(dialect=self.dialect, compile_kwargs=options))
        return Bare(self, sql if self.is_sqlite else sql.replace("%%", "%"))

    def streamed(self, sql: str) -> Iterator[Any]:
        """Rows as the server hands them out, a few at a time."""
        if self.is_sqlite:
            yield from self.connection.execute(sql)
            return
        with self.connection.transaction(), self.connection.cursor("streamed") as cursor:
            cursor.itersize = 2000
            yield from cursor.execute(sql)

    def run(self, sql: str, values: tuple[Any, ...] = ()) -> None:
        self.connection.execute(sql if self.is_sqlite else sql.replace("?", "%s"), values)

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True)
class Bare:
    driver: Driver
    sql: str

    def rows(self) -> list[Any]:
        found: list[Any] = self.driver.connection.execute(self.sql).fetchall()
        return found


def columns() -> tuple[Select[Any], list[Any]]:
    """The list's ten columns with the words of their relations."""
    category, employment, housing = aliased(SupportCategory), aliased(EmploymentStatus), aliased(HousingStatus)
    name = func.trim(Graduate.last_name + " " + Graduate.first_name + " " + Graduate.patronymic)
    chosen = [
        Graduate.id, name, Graduate.birth_date, category.label, District.short_name, employment.label, housing.label,
        Graduate.open_problems, Graduate.current_phone, Graduate.curator_name, Agency.short_name,
    ]  # fmt: skip
    query = (
        select(*chosen)
        .select_from(Graduate)
        .outerjoin(category, category.code == Graduate.category_code)
        .outerjoin(District, District.id == Graduate.district_id)
        .outerjoin(employment, employment.code == Graduate.current_employment_code)
        .outerjoin(housing, housing.code == Graduate.current_housing_code)
        .outerjoin(Agency, Agency.id == Graduate.agency_id)
    )
    return query, chosen


class Page:
    """One page of the list; `counts`: its total is not known beforehand."""

    def __init__(
        self,
        driver: Driver,
        conditions: list[ColumnElement[bool]],
        *,
        sort: Expr,
        is_descending: bool = False,
        after: tuple[Any, int] | None = None,
        counts: bool = True,
    ) -> None:
        query, _ = columns()
        order = [sort.desc(), Graduate.id.desc()] if is_descending else [sort, Graduate.id]
        query = query.where(*conditions).order_by(*order).limit(SIZE)
        if after is not None:
            query = query.where(tuple_(sort, Graduate.id) > tuple_(*after))
        self.page = driver.bare(query)
        self.count = driver.bare(select(func.count(Graduate.id)).where(*conditions)) if counts else None

    def __call__(self) -> str:
        total = self.count.rows()[0][0] if self.count else 0
        return TABLE.render(headings=HEADINGS, rows=self.page.rows(), total=total)
