"""Fields of the library: several organisations, a user of the own one, a resource with room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import wtforms
from sqlalchemy import or_, select
from wtforms.widgets import Select

from models.library import Resource
from models.users import User
from views import edge, labels
from views.extensions import db
from views.fields import NumberedField

Option = tuple[Any, str, bool, dict[str, Any]]
OFFERED = 500


class AgenciesField(wtforms.SelectMultipleField):
    """Several organisations of the directory; the verb checks that they are there."""

    widget = Select(multiple=True)

    def __init__(self, label: str = "", validators: Any = None, **kwargs: Any) -> None:
        attributes = {"data-picker": "", "data-placeholder": "Выберите организации", "data-wide": True, "size": "6"}
        super().__init__(label, validators, choices=[], validate_choice=False, render_kw=attributes, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        numbers = re.split(r"[\s,;]+", " ".join(map(str, valuelist)))
        self.data = list(dict.fromkeys(int(text) for text in numbers if text.isdecimal() and len(text) < 10))

    def has_groups(self) -> bool:
        return False

    def iter_choices(self) -> Iterator[Option]:
        chosen = set(self.data or [])
        for code, name in labels.options("agency"):
            yield (code, name, int(code) in chosen, {})

    def pre_validate(self, form: Any) -> None:
        """The verb does it, of all together."""


class StaffField(NumberedField):
    """A user of the own organisation, of every one for an administrator; the verb checks whose."""

    def offered(self) -> Sequence[tuple[int, str]]:
        viewer = edge.viewer()
        query = select(User.id, User.name, User.position).where(User.is_locked.is_(False))
        if not viewer.is_administrator:
            query = query.where(User.agency_id == viewer.agency_id)
        found = db.session.execute(query.order_by(User.name, User.id).limit(OFFERED))
        return [(number, f"{name}, {post}" if post else name) for number, name, post in found]


class ResourceField(NumberedField):
    """What is still offered."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"data-picker": "", "data-placeholder": "Начните вводить название"}
        super().__init__(**kwargs)

    def offered(self) -> Sequence[tuple[int, str]]:
        r, today = Resource, edge.today()
        query = select(r.id, r.title, r.owner_name).where(or_(r.ends_on.is_(None), r.ends_on >= today))
        found = db.session.execute(query.order_by(r.title, r.id).limit(OFFERED))
        return [(number, f"{title}, {owner}") for number, title, owner in found]
