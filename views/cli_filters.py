"""The filters of the list of graduates for commands: `--filter district=sokol --filter born=2003-01-01..`."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from models.search import matches
from models.territory import Agency, District
from models.text import normalise
from views.extensions import db
from views.graduates import GraduateView
from views.listing import Filter

SEARCH = "q"
# Filters by number whose records also have a code.
CODED: dict[str, type[District] | type[Agency]] = {"district": District, "origin": District, "agency": Agency}


class UnknownFilter(ValueError):
    """A filter or its value that the list does not know; one Russian sentence."""


def conditions(given: Sequence[str]) -> list[ColumnElement[bool]]:
    """Conditions of `NAME=VALUE` pairs: values of one name are OR-ed, names are AND-ed."""
    known: dict[str, Filter] = {item.key: item for item in GraduateView.filters(object.__new__(GraduateView))}
    values: dict[str, list[str]] = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        name, value = name.strip().removeprefix("f."), value.strip()
        if not sign or not value:
            raise UnknownFilter(f"Отбор «{pair}» не читается, нужен вид ИМЯ=ЗНАЧЕНИЕ.")
        if name != SEARCH and name not in known:
            raise UnknownFilter(f"Отбора «{name}» нет; есть: {', '.join([SEARCH, *known])}.")
        values.setdefault(name, []).append(value)
    return [_condition(known.get(name), name, chosen) for name, chosen in values.items()]


def _condition(item: Filter | None, name: str, values: list[str]) -> ColumnElement[bool]:
    if item is None:
        return matches(" ".join(values), db.session.get_bind().dialect.name)
    try:
        return item.condition([_understood(item, value) for value in values])
    except (ValueError, OverflowError):
        raise UnknownFilter(f"Значение отбора «{name}» не читается: {', '.join(values)}.") from None


def _understood(item: Filter, value: str) -> str:
    """The value itself, or the number behind a code or a name."""
    if item.kind != "choice":
        return value
    offered = item.options()
    if value in (code for code, _ in offered):
        return value
    model = CODED.get(item.key)
    found = db.session.scalar(select(model.id).where(model.code == value)) if model is not None else None
    if found is not None:
        return str(found)
    named = next((code for code, label in offered if normalise(label) == normalise(value)), None)
    if named is None:
        raise ValueError(value)
    return named
