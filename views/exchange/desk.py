"""The door of the exchange desk: `/exchange/` leads to the inbox; the boxes are registers."""

from flask import Blueprint, Flask, redirect, url_for
from flask_admin import Admin
from werkzeug.wrappers import Response

from models.exchange import Referral
from views.exchange.boxes import VIEWS

pages = Blueprint("exchange", __name__)


@pages.get("/exchange/")
def index() -> Response:
    return redirect(url_for("inbox.index_view"))


def register(admin: Admin, app: Flask) -> None:
    app.register_blueprint(pages)
    for endpoint, address, view in VIEWS.values():
        admin.add_view(view(Referral, endpoint=endpoint, url=f"/exchange/{address}"))
