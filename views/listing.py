"""Lists: columns and filters as SQL expressions, the address that holds the whole state, keyset paging.

The address: `?q=елк дар&f.district=3&f.district=5&f.born=2003-01-01..2005-12-31&sort=-born&size=50`, and for a page
`&after=ID-POSITION-TOTAL`.
Values of one filter are OR-ed, filters are AND-ed. A page is named by the record before it, so that a page at any depth
costs what the first one costs; the position and the total travel with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select, tuple_, union_all
from werkzeug.datastructures import MultiDict

from views.extensions import db
from views.fields import parse_date

Expr = SQLColumnExpression[Any]
SIZES = (20, 50, 100, 200)
DEFAULT_SIZE = 50
_CURSOR = re.compile(r"^(\d{1,18})-(\d{1,9})-(\d{1,9})$")


@dataclass(frozen=True)
class Column:
    """A column of a list and of its export: an SQL expression and how its value is shown and exported."""

    key: str
    label: str
    expr: Expr
    show: Callable[[Any], Any] = lambda value: "" if value is None else value
    export: Callable[[Any], Any] | None = None
    sort: Expr | None = None
    css: str = ""
    width: int = 20


@dataclass(frozen=True)
class Filter:
    """A filter: `condition` gets the typed values of the address and gives SQL; ValueError means: not understood."""

    key: str
    label: str
    kind: str  # choice, date, text, bool
    condition: Callable[[list[str]], ColumnElement[bool]]
    options: Callable[[], list[tuple[str, str]]] = list
    help: str = ""
    lookup_url: str | None = None

    def shown(self, value: str) -> str:
        if self.kind == "date":
            start, _, end = value.partition("..")
            parts = [f"{word} {_ru(text)}" for word, text in (("с", start), ("по", end)) if text]
            return " ".join(parts)
        return dict(self.options()).get(value, value)


def _ru(text: str) -> str:
    try:
        return f"{parse_date(text):%d.%m.%Y}"
    except ValueError:
        return text


def choice(key: str, label: str, column: Expr, options: Callable[[], list[tuple[str, str]]], **more: Any) -> Filter:
    """A filter over codes or ids; the empty code «none» stands for «не указано»."""
    is_number = column.type.python_type is int  # type: ignore[attr-defined]

    def condition(values: list[str]) -> ColumnElement[bool]:
        codes = [number_in(value) if is_number else value for value in values if value != "none"]
        parts = [column.in_(codes)] if codes else []
        if "none" in values:
            parts.append(column.is_(None))
        return or_(*parts)

    def offered() -> list[tuple[str, str]]:
        return [*options(), ("none", "не указано")]

    return Filter(key, label, "choice", condition, offered, **more)


def number_in(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**31:
        raise ValueError(text)
    return number


def period(key: str, label: str, column: Expr, **more: Any) -> Filter:
    """A filter over dates: `2003-01-01..2005-12-31`, either end may be missing."""

    def condition(values: list[str]) -> ColumnElement[bool]:
        parts = []
        for value in values:
            start, dots, end = value.partition("..")
            first = parse_date(start) if start else None
            last = parse_date(end) if end else (first if not dots else None)
            parts.append(and_(*_between(column, first, last)))
        return or_(*parts)

    return Filter(key, label, "date", condition, **more)


def _between(column: Expr, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    if first is None and last is None:
        raise ValueError("empty period")
    parts = [column >= first] if first else []
    return [*parts, column <= last] if last else parts


def flag(key: str, label: str, condition: Callable[[], Any], **more: Any) -> Filter:
    """A filter that is on («1») or turned round («0»)."""

    def apply(values: list[str]) -> ColumnElement[bool]:
        if not set(values) <= {"0", "1"}:
            raise ValueError(values)
        return or_(*(condition() if value == "1" else ~condition() for value in values))

    return Filter(key, label, "bool", apply, lambda: [("1", "да"), ("0", "нет")], **more)


@dataclass
class ListState:
    """What the address asks for, with everything unknown or broken left out."""

    q: str
    filters: list[tuple[Filter, list[str]]]
    sort: Column | None
    is_descending: bool
    size: int
    args: MultiDict[str, str] = field(repr=False)

    @classmethod
    def read(cls, columns: Sequence[Column], filters: Sequence[Filter], default_sort: str) -> ListState:
        args = request.args
        wanted = args.get("sort", default_sort)
        by_key = {column.key: column for column in columns if column.sort is not None}
        sort = by_key.get(wanted.lstrip("-"))
        if sort is None:
            wanted, sort = default_sort, by_key.get(default_sort.lstrip("-"))
        size = args.get("size", "")
        return cls(
            q=args.get("q", "").replace("\x00", "").strip()[:200],
            filters=[(item, values) for item in filters if (values := _values(args, item))],
            sort=sort,
            is_descending=wanted.startswith("-"),
            size=int(size) if size in map(str, SIZES) else DEFAULT_SIZE,
            args=args,
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        return [item.condition(values) for item, values in self.filters]


def _values(args: MultiDict[str, str], item: Filter) -> list[str]:
    """The values of a filter that it understands."""
    given = [value.strip().replace("\x00", "") for value in args.getlist(f"f.{item.key}")]
    if item.kind == "date":
        start, end = args.get(f"f.{item.key}.from", "").strip(), args.get(f"f.{item.key}.to", "").strip()
        if start or end:
            given.append(f"{start}..{end}")
    understood = []
    for value in list(dict.fromkeys(given))[:50]:
        if not value or value == "..":
            continue
        try:
            item.condition([value])
        except (ValueError, OverflowError):
            continue
        understood.append(value)
    return understood


@dataclass(frozen=True)
class Found:
    """A list as the address asks for it: the query without paging, and what it took to make it."""

    state: ListState
    columns: Sequence[Column]
    filters: Sequence[Filter]
    query: Select[Any]
    key: Expr
    conditions: list[ColumnElement[bool]] = field(default_factory=list)


@dataclass
class Page:
    rows: Sequence[Any]  # (id, *column values)
    total: int
    position: int  # of the first row, counted from 0
    has_before: bool
    has_after: bool


def fetch(
    query: Select[Any],
    *,
    count: Callable[[], int],
    key: Expr,
    sort: Expr,
    is_descending: bool,
    size: int,
    after: str = "",
    before: str = "",
    is_last: bool = False,
    bind: str | None = None,
    parts: Sequence[ColumnElement[bool]] = (),
) -> Page:
    """One page of a query whose first column is `key`, in the order of `sort`, then `key`.

    `parts`: the list is put together from what meets either of them; no record may meet two.
    """
    forward = _cursor(after)
    backward = _cursor(before)
    placed = query.where(or_(*parts)) if parts else query
    if forward and (place := _place(placed, key, sort, forward[0], bind)) is not None:
        beyond = _beyond(key, sort, place, forward=not is_descending)
        rows = _take(query.where(beyond), key, sort, is_descending, size + 1, bind, parts)
        position = forward[1]
        return Page(rows[:size], max(forward[2], position + len(rows)), position, position > 0, len(rows) > size)
    if backward and (place := _place(placed, key, sort, backward[0], bind)) is not None:
        beyond = _beyond(key, sort, place, forward=is_descending)
        rows = _take(query.where(beyond), key, sort, not is_descending, size + 1, bind, parts)
        shown = list(reversed(rows[:size]))
        position = max(backward[1] - len(shown), 0)
        return Page(shown, backward[2], position, len(rows) > size, True)
    if is_last:
        total = count()
        tail = total % size or size
        rows = _take(query, key, sort, not is_descending, tail, bind, parts)
        return Page(list(reversed(rows)), total, max(total - len(rows), 0), total > len(rows), False)
    rows = _take(query, key, sort, is_descending, size + 1, bind, parts)
    total = len(rows) if len(rows) <= size else count()
    return Page(rows[:size], total, 0, False, len(rows) > size)


def _cursor(text: str) -> tuple[int, int, int] | None:
    found = _CURSOR.match(text or "")
    return (int(found.group(1)), int(found.group(2)), int(found.group(3))) if found else None


def execute(query: Select[Any], bind: str | None = None) -> Any:
    """Run a query on the main database, or on the one that holds the log of reading."""
    arguments = {"bind": db.engines[bind]} if bind else {}
    return db.session.execute(query, bind_arguments=arguments)


def _place(query: Select[Any], key: Expr, sort: Expr, record: int, bind: str | None) -> Any | None:
    """The sort value and id of a record that the query still finds."""
    return execute(query.with_only_columns(sort, key).where(key == record), bind).one_or_none()


def _beyond(key: Expr, sort: Expr, place: Any, *, forward: bool) -> ColumnElement[bool]:
    if sort is key:
        return key > place[1] if forward else key < place[1]
    here, there = tuple_(sort, key), tuple_(*place)
    return here > there if forward else here < there


def _take(
    query: Select[Any],
    key: Expr,
    sort: Expr,
    is_descending: bool,
    limit: int,
    bind: str | None,
    parts: Sequence[ColumnElement[bool]] = (),
) -> list[Any]:
    """The ids first, which an index alone can give, then the rest of those few rows."""
    order = _order(key, sort, is_descending)
    if len(query.columns_clause_froms) > 1:  # Rows put together from several tables.
        return list(execute(query.order_by(*order).limit(limit), bind))
    ids = _first_ids(query, key, sort, is_descending, limit, parts)
    whole = select(*query.selected_columns)
    return list(execute(whole.where(key.in_(select(ids.c.id))).order_by(*order), bind))


def _first_ids(
    query: Select[Any], key: Expr, sort: Expr, is_descending: bool, limit: int, parts: Sequence[ColumnElement[bool]]
) -> Any:
    """Without parts simply the first; else the first of each part, found in its own index, and of these the first."""
    order = _order(key, sort, is_descending)
    if not parts:
        return query.with_only_columns(key.label("id")).order_by(*order).limit(limit).subquery()
    found: Any = query.with_only_columns(key.label("id"), sort.label("place"))
    firsts = [found.where(part).order_by(*order).limit(limit).subquery() for part in parts]
    together = union_all(*(select(first.c.id, first.c.place) for first in firsts)).subquery()
    order = _order(together.c.id, together.c.place, is_descending)
    return select(together.c.id).order_by(*order).limit(limit).subquery()


def _order(key: Expr, sort: Expr, is_descending: bool) -> list[Any]:
    return [e.desc() if is_descending else e for e in ([key] if sort is key else [sort, key])]


def count_of(query: Select[Any], key: Expr, bind: str | None = None) -> int:
    counted = query.with_only_columns(func.count(key)).order_by(None)
    return int(execute(counted, bind).scalar() or 0)


def address(args: MultiDict[str, str], **changes: Any) -> str:
    """The present address with arguments changed (None: left out); paging is forgotten unless given."""
    from urllib.parse import urlencode

    pairs = [(k, v) for k, v in args.items(multi=True) if k not in {"after", "before", "last", *changes} and v]
    pairs += [(k, str(v)) for k, v in changes.items() if v is not None]
    return f"?{urlencode(pairs)}" if pairs else "?"


def without_value(args: MultiDict[str, str], item: Filter, value: str) -> str:
    """The present address without one value of one filter."""
    from urllib.parse import urlencode

    own = {f"f.{item.key}", f"f.{item.key}.from", f"f.{item.key}.to"}
    keep = [(f"f.{item.key}", other) for other in _values(args, item) if other != value]
    pairs = [(k, v) for k, v in args.items(multi=True) if k not in {*own, "after", "before", "last"} and v]
    pairs += keep
    return f"?{urlencode(pairs)}" if pairs else "?"


def plain_select(key: Expr, columns: Sequence[Column]) -> Any:
    return select(key, *(column.expr.label(f"c{index}") for index, column in enumerate(columns)))
