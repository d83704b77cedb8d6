"""Columns, filters, facts and searches that the registers of cases share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, String, and_, cast, func, select

from models.access import Viewer, visible_to
from models.base import LabelledEnum
from models.graduates import Graduate
from models.search import matches
from views import details, edge, labels, listing, people_lookup
from views.case_chips import journal_link
from views.deadline_cells import person_cell, person_column, person_text
from views.extensions import db
from views.formats import ru_date
from views.listing import Column, Filter

YEARS = 1_000_000  # Numbers of a year, in the order of numbers.


def number_column(model: type[Any], label: str = "Номер") -> Column:
    """«12/2026»; sorted by year and number."""
    text = cast(model.number, String) + "/" + cast(model.year, String)
    order = func.coalesce(model.year * YEARS + model.number, 0)
    return Column("number", label, func.coalesce(text, ""), sort=order, width=12)


def person(model: type[Any]) -> Column:
    told = person_column(model, edge.viewer())
    return Column("person", "Выпускник", told, show=person_cell, export=person_text, width=34)


def day(key: str, label: str, expr: Any, *, is_sorted: bool = False) -> Column:
    return Column(key, label, expr, show=ru_date, export=ru_date, sort=expr if is_sorted else None, width=13)


def coded(key: str, label: str, expr: Any, table: str, width: int = 26) -> Column:
    def told(code: Any) -> str:
        return labels.label(table, code)

    return Column(key, label, expr, show=told, export=told, width=width)


def state(expr: Any, enum: type[LabelledEnum], show: Any) -> Column:
    return Column("state", "Состояние", expr, show=show, export=lambda value: enum(value).label, width=24)


def agency_filter(model: type[Any]) -> Sequence[Filter]:
    """For those who see several organisations."""
    if not edge.viewer().reads_everybody:
        return ()
    return (listing.choice("agency", "Организация", model.agency_id, lambda: labels.options("agency")),)


def own_filter(model: type[Any]) -> Filter:
    return listing.flag("own", "Записи нашей организации", lambda: model.agency_id == edge.viewer().agency_id)


def state_filter(expr: Any, enum: type[LabelledEnum]) -> Filter:
    def condition(values: list[str]) -> ColumnElement[bool]:
        return expr.in_([enum(value).value for value in values])

    return Filter("state", "Состояние", "choice", condition, enum.choices)


def annulled_filter(model: type[Any]) -> Filter:
    return listing.flag("annulled", "Аннулировано", lambda: model.annulled_on.is_not(None))


def found_by(text: str, model: type[Any], viewer: Viewer) -> ColumnElement[bool]:
    """A number («12», «12/2026») or a part of the name of somebody visible."""
    number, slash, year = text.strip().lstrip("№ ").partition("/")
    if _is_number(number) and (not slash or _is_number(year)):
        wanted = model.number == int(number)
        return and_(wanted, model.year == int(year)) if slash else wanted
    people = select(Graduate.id).where(visible_to(viewer), matches(text, db.session.get_bind().dialect.name))
    return model.graduate_id.in_(people)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 8


# -- The page of a record ----------------------------------------------------------------------------------------------


def filled(record: Any, *names: str) -> list[tuple[str, Any]]:
    """Captions and values of fields that say something; lines of a text stay lines."""
    found = [item for item in details.facts(record, list(names)) if item[1] not in ("", "нет")]
    return [(label, Markup("<br>").join(value.splitlines()) if "\n" in value else value) for label, value in found]


def journal_fact(record: Any) -> list[tuple[str, Any]]:
    """The journal in which a numbered record stands."""
    return [("Журнал", journal_link(record))] if record.number is not None else []


def person_fact(graduate_id: int) -> tuple[str, str | Markup]:
    """The name with a link to the tab of support where the user may see the person."""
    name = people_lookup.names_of([graduate_id]).get(graduate_id)
    if name is None:
        return ("Выпускник", people_lookup.card_number(graduate_id))
    url = url_for("graduate.details_view", id=graduate_id, tab="support")
    return ("Выпускник", Markup('<a href="{}">{}</a>').format(url, name))


def joined(links: Sequence[Any]) -> Markup:
    return Markup(", ").join(links)


def block(title: str, id: str, items: Sequence[tuple[str, Any]], **more: Any) -> dict[str, Any]:
    return {"title": title, "id": id, "items": list(items), **more}


Step = tuple[str, str, str]


def steps(following: Sequence[Step], present: Sequence[Step]) -> list[Step]:
    """What comes next stands first; of several main buttons only the first remains one."""
    is_led = any(kind == "primary" for _, _, kind in following)
    return [*following, *((label, url, "" if is_led else kind) for label, url, kind in present)]
