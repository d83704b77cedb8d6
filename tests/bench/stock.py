"""The rival: Flask-Admin's own ModelView, as its documentation shows it, over the same tables.

It has what helps it: an indexed default order, eager relations, no signing in, no log. Its officer sees the same people
as ours. Its classes are mapped anew over the same tables, so that nothing of our events works for it.
"""

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, MetaData, or_, select
from sqlalchemy.ext.automap import automap_base

from models.access import RETENTION_YEARS, Viewer
from models.base import Model
from models.reckoning import years_later
from views.database import engine_options, reading_only
from views.graduate_form import INLINES, SECTIONS

PAGE = 50
COLUMNS = (
    "full_name", "birth_date", "category", "district", "current_employment", "current_housing", "open_problems",
    "current_phone", "curator_name", "agency",
)  # fmt: skip
SEARCHED = ("last_name", "first_name", "patronymic", "birth_date", "snils", "current_phone")
FILTERED = ("category_code", "birth_date", "district_id", "current_housing_code")
TITLES = ("label", "short_name", "name")


def _relation(_base: Any, _local: Any, _referred: Any, constraint: Any) -> str:
    name = constraint.columns.keys()[0].removesuffix("_id").removesuffix("_code")
    return f"{name}_row" if name in constraint.table.columns else name


def _collection(_base: Any, _local: Any, referred: Any, constraint: Any) -> str:
    return f"{referred.__name__}_by_{constraint.columns.keys()[0]}"


def _mapped() -> Any:
    tables = MetaData()
    for table in Model.metadata.sorted_tables:
        table.to_metadata(tables)
    base = automap_base(metadata=tables)
    base.prepare(name_for_scalar_relationship=_relation, name_for_collection_relationship=_collection)
    for cls in base.classes:
        title = next((name for name in TITLES if hasattr(cls, name)), None)
        if title:
            cls.__str__ = lambda self, title=title: str(getattr(self, title))
    base.classes.graduate.full_name = property(
        lambda self: f"{self.last_name} {self.first_name} {self.patronymic}".strip()
    )
    return base.classes


CLASSES = _mapped()


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Whom the viewer sees, as a reader of the rules would write it down for a stock view."""
    person, held, given = CLASSES.graduate, CLASSES.responsibility, CLASSES.assignment
    alive = person.deleted_at.is_(None)
    if viewer.reads_everybody:
        return alive
    since = years_later(viewer.on, -RETENTION_YEARS)
    held_ids = select(held.graduate_id).where(held.agency_id == viewer.agency_id, held.ends_on >= since)
    given_ids = select(given.graduate_id).where(
        given.user_id == viewer.user_id,
        given.starts_on <= viewer.on,
        or_(given.ends_on.is_(None), given.ends_on >= viewer.on),
    )
    return alive & or_(
        person.agency_id == viewer.agency_id,
        person.district_id.in_(viewer.district_ids),
        person.origin_district_id.in_(viewer.district_ids),
        person.id.in_(held_ids),
        person.id.in_(given_ids),
    )


class StockView(ModelView):
    column_list = COLUMNS
    column_default_sort = "name_key"
    column_searchable_list = SEARCHED
    column_filters = FILTERED
    named_filter_urls = True
    page_size = PAGE
    viewer: Viewer

    def get_query(self) -> Any:
        return super().get_query().filter(seen_by(self.viewer))

    def get_count_query(self) -> Any:
        return super().get_count_query().filter(seen_by(self.viewer))


def _form_columns() -> list[str]:
    inlines = {item.name for item in INLINES}
    names = [name for section in SECTIONS for name in section.rows if name not in inlines]
    return [name.removesuffix("_id").removesuffix("_code") for name in names]


class PlainConnection(sqlite3.Connection):
    """Keeps SQLite's own lower(): ours, called for every value, would only slow the rival down."""

    def create_function(self, *_: Any, **__: Any) -> None:
        pass


def _options(url: str) -> dict[str, Any]:
    options = engine_options(url)
    if url.startswith("sqlite"):
        options["connect_args"]["factory"] = PlainConnection
    return options


def application(url: str, folder: Path, viewers: dict[str, Viewer]) -> Flask:
    """A view for each role, under the role's name."""
    app = Flask("stock", root_path=str(folder))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        SECRET_KEY="bench",
        AUDIT_KEY="bench",
    )
    app.before_request(lambda: reading_only(request.method == "GET"))
    db = SQLAlchemy(app)
    Babel(app)
    admin = Admin(app, name="Stock", theme=Bootstrap4Theme(swatch="default"))
    children = [getattr(CLASSES, item.model.__tablename__) for item in INLINES]
    for role, viewer in viewers.items():
        options = {"viewer": viewer, "form_columns": _form_columns(), "inline_models": children}
        view = type(f"Stock_{role}", (StockView,), options)
        admin.add_view(view(CLASSES.graduate, db, name=role, endpoint=role))
    return app
