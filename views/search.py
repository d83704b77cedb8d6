"""Small pages that lead elsewhere: search from the top bar, the list of dictionaries."""

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from models.dictionaries import DICTIONARIES
from models.users import Role

page = Blueprint("search", __name__)
dictionaries = Blueprint("dictionaries", __name__)


@page.get("/search")
def everything() -> Response:
    return redirect(url_for("graduate.index_view", q=request.args.get("q", "").strip()[:200] or None))


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
