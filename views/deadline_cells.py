"""A person in lists of obligations and events: the name where the user may see the person, else the card's number."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, String, case, cast, func, select

from models.access import Viewer, visible_to
from models.graduates import Graduate
from views.deadline_look import log_people
from views.graduates import FULL_NAME
from views.listing import Found, Page
from views.people_lookup import card_number


def person_column(model: type[Any], viewer: Viewer) -> ColumnElement[str]:
    """«12 Ёлкина Дарья Игоревна» of a visible person, «12 » of another, "" of nobody."""
    name = select(FULL_NAME).where(Graduate.id == model.graduate_id, visible_to(viewer)).correlate(model)
    told = cast(model.graduate_id, String) + " " + func.coalesce(name.scalar_subquery(), "")
    return case((model.graduate_id.is_not(None), told), else_="")


def log_named(found: Found, page: Page, register: str) -> None:
    """Note whom the rows of a list with a column «person» name."""
    place = 1 + [column.key for column in found.columns].index("person")  # The id comes first.
    told = [row[place].partition(" ") for row in page.rows]
    log_people([int(number) for number, _, name in told if name], page=register)


def person_cell(value: str) -> str | Markup:
    number, _, name = value.partition(" ")
    if not name:
        return person_text(value)
    return Markup('<a href="{}">{}</a>').format(url_for("graduate.details_view", id=number), name)


def person_text(value: str) -> str:
    number, _, name = value.partition(" ")
    return name or (card_number(int(number)) if number else "")
