"""The page that a job was asked for on, opened once more by its owner: the same address, the rights of now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g
from werkzeug.exceptions import HTTPException

from models.context import Actor, act_as
from models.users import User
from services.errors import Refused
from services.reporting import ReportRefused
from views import edge
from views.database import is_reading_only, reading_only
from views.extensions import db

NO_RIGHT = "Эти сведения вам больше недоступны: права или сама запись изменились. Файл не собран."
LOCKED = "Учётная запись закрыта, поэтому файл не собран."


@contextmanager
def as_owner(user_id: int, path: str, query: str) -> Iterator[User]:
    """A request of the user's that only reads. Raises Refused also where the page itself would refuse."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    was_reading = is_reading_only()
    reading_only(True)
    try:
        with app.app_context(), app.test_request_context(path, query_string=query):  # A session and `g` of its own.
            user = db.session.get(User, user_id)
            if user is None or user.is_locked:
                raise Refused(LOCKED)
            g.now, g._login_user = edge.clock(), user
            act_as(db.session(), Actor.of(user, g.now))
            try:
                yield user
                db.session.commit()  # Nothing but the end of reading.
            except HTTPException:
                raise Refused(NO_RIGHT) from None
            except ReportRefused as refusal:
                raise Refused(str(refusal)) from None
            finally:
                db.session.remove()
    finally:
        reading_only(was_reading)
