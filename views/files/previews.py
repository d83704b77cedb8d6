"""Pictures of pages of files, and the sign that an opening of a preview stands in the log already."""

from __future__ import annotations

from collections.abc import Callable
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
TEXT_SHOWN = 200_000
OPENED_FOR = 1800  # Seconds in which the pictures of an opened preview are not logged one by one.


def shown(media_type: str, path: Path, picture_url: Callable[[int], str]) -> dict[str, Any]:
    """What files/preview.html shows of a file: its text, its pages as pictures, or why neither."""
    context: dict[str, Any] = {"pages": [], "text": None, "problem": "", "total": 0}
    bare = media_type.partition(";")[0]
    if bare == recognition.TEXT:
        text = recognition.text_of(path.read_bytes()[: TEXT_SHOWN * 4], media_type)
        return context | {"text": text[:TEXT_SHOWN], "is_cut": len(text) > TEXT_SHOWN}
    if bare not in recognition.SHOWN_AS:
        return context
    try:
        total = rendering.count_pages(path.read_bytes(), recognition.SHOWN_AS[bare])
    except Refused as refusal:
        return context | {"problem": str(refusal)}
    drawn = range(1, min(total, PAGES_SHOWN) + 1)
    return context | {"total": total, "pages": [(page, picture_url(page)) for page in drawn]}


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
