"""Pictures of pages of files, and the sign that an opening of a preview stands in the log already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from services.errors import Refused
from services.files import recognition, rendering
from views import edge

# A document that came from outside: it runs nothing, loads nothing and is nobody's page.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
PAGES_SHOWN = 50
OPENED_FOR = 1800  # Seconds in which the pictures of an opened preview are not logged one by one.


def kind_shown(media_type: str, page: int) -> Any:
    """How a page of a file of a type is drawn; 404 where it is not."""
    kind = recognition.SHOWN_AS.get(media_type)
    if kind is None or not 0 < page <= PAGES_SHOWN:
        abort(404)
    return kind


def draw(path: Path, kind: Any, page: int) -> Response:
    """One page as PNG, drawn anew by us; 404 where there is none."""
    try:
        drawn = rendering.draw_page(path.read_bytes(), kind, page)
    except Refused:
        abort(404)
    answer = Response(drawn, mimetype="image/png")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _signer(what: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"{what}-preview")


def sign(what: str, number: int) -> str:
    """That this user's opening of the preview stands in the log already."""
    signed = _signer(what).dumps([edge.viewer().user_id, number])
    return signed if isinstance(signed, str) else signed.decode()


def is_opened(what: str, number: int) -> bool:
    try:
        said: Any = _signer(what).loads(request.args.get("opened", ""), max_age=OPENED_FOR)
    except BadData:
        return False
    return bool(said == [edge.viewer().user_id, number])
