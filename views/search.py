"""Small pages that lead elsewhere: search from the top bar, the list of dictionaries."""

import re

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from models.dictionaries import DICTIONARIES
from models.users import Role
from views.exchange.finding import found_letter

page = Blueprint("search", __name__)
dictionaries = Blueprint("dictionaries", __name__)


LETTER = re.compile(r"(вх|исх)[\w.]*\s*(?:№\s*)?(\d{1,7}(?:/\d{4})?)", re.IGNORECASE)  # «вх. № 12/2026»


@page.get("/search")
def everything() -> Response:
    """A number of a letter leads to it, whatever else to people."""
    text = request.args.get("q", "").strip()[:200]
    if letter := LETTER.fullmatch(text):
        return redirect(found_letter(is_incoming=letter[1].lower() == "вх", number=letter[2]))
    return redirect(url_for("graduate.index_view", q=text or None))


@dictionaries.get("/dictionaries/")
def index() -> str:
    if current_user.role not in (Role.COORDINATOR, Role.ADMINISTRATOR):
        abort(403)
    listed = [(url_for(f"dictionary_{d.__tablename__}.index_view"), d.__title__) for d in DICTIONARIES]  # type: ignore[attr-defined]
    return render_template(
        "dictionaries.html", page_title="Справочники", listed=sorted(listed, key=lambda item: item[1])
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(page)
    app.register_blueprint(dictionaries)
