"""Choosing a person by typing a name: the answers of the server and the form field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Flask, jsonify, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from models.access import visible_to
from models.audit import AccessKind
from models.graduates import Graduate
from models.search import matches
from views import edge
from views.deadline_look import log_people
from views.extensions import db
from views.fields import OfferedField
from views.formats import ru_date

pages = Blueprint("people", __name__)
OFFERED = 20


@pages.get("/people")
def lookup() -> Response:
    """[[number of the card, name and date of birth]] of people whom the user may see."""
    text = request.args.get("query", "").replace("\x00", "").strip()[:200]
    query = select(Graduate).where(visible_to(edge.viewer()))
    if text:
        query = query.where(matches(text, db.session.get_bind().dialect.name))
    found = db.session.scalars(query.order_by(Graduate.name_key, Graduate.id).limit(OFFERED)).all()
    payload = {"total": len(found), "ids": [person.id for person in found]}
    edge.log_access(AccessKind.SEARCHED, subject="graduate", payload=payload)
    return jsonify([[person.id, _told(person)] for person in found])


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names and dates of birth of those whom the user may see; the others are absent. The reading is noted."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = select(Graduate).where(Graduate.id.in_(wanted), visible_to(edge.viewer()))
    found = {person.id: _told(person) for person in db.session.scalars(query)}
    log_people(list(found), page=request.blueprint or "")
    return found


def _told(person: Graduate) -> str:
    return f"{person.full_name}, {ru_date(person.birth_date)}"


def card_number(graduate_id: int) -> str:
    """What is said of a person whom the user may not see."""
    return f"карточка № {graduate_id}"


class PersonField(OfferedField):
    """A person among those whom the user may see; with a script the field is a search."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"data-picker": "", "data-lookup-url": url_for("people.lookup")}
        kwargs["render_kw"]["data-placeholder"] = "Начните вводить фамилию"
        super().__init__(**kwargs)

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        if self.data is not None:
            for number, text in names_of([self.data]).items():
                yield (number, text, True, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in names_of([self.data]):
            raise ValidationError("Выберите человека из списка.")


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
