"""Search over everything: from the top bar to the list of graduates."""

from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.wrappers import Response

page = Blueprint("search", __name__)


@page.get("/search")
def everything() -> Response:
    return redirect(url_for("graduate.index_view", q=request.args.get("q", "").strip()[:200] or None))


def init_app(app: Flask) -> None:
    app.register_blueprint(page)
