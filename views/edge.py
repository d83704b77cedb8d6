"""The edge of every request: who asks, when, under which number; what the browser may do with the answer."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, flash, g, jsonify, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from models.access import Viewer
from models.audit import AccessKind
from models.context import Actor, act_as
from models.users import User
from services import audit
from views import assets, compression
from views.database import access_connection, audit_key, reading_only
from views.extensions import db

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Everything else asks for a signed-in user.
PUBLIC = frozenset({"login", "static", "healthz", "readyz", "calendar_feed"})
# What somebody with an issued password may do before changing it.
BEFORE_OWN_PASSWORD = frozenset({"password", "logout"})
STRANGER = "не вошедший"
LARGE = 256 * 1024  # Bytes of a body: a file is being sent.
BY_ITSELF = frozenset({"urgent.strip", "jobs.state"})  # What an open page asks for without anybody working.
SEEN_EVERY = 30  # Seconds: the cookie need not be written anew with every request.
TOO_LONG_IDLE = "Вы долго не работали, поэтому мы закрыли вход. Войдите снова, и вы вернётесь на ту же страницу."

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# -- What views ask --------------------------------------------------------------------------------------------------


def clock() -> datetime:
    """The moment, aware; the setting TODAY (tests, exercises) moves it to another day of the region."""
    now = datetime.now(UTC)
    day: date | None = current_app.config.get("TODAY")
    if day is None:
        return now
    local = now.astimezone(zone())
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def zone() -> ZoneInfo:
    """Time zone of the region."""
    return ZoneInfo(current_app.config["TZ"])


def now() -> datetime:
    """The moment of the request, the same for all that it does."""
    if "now" not in g:
        g.now = clock()
    moment: datetime = g.now
    return moment


def today() -> date:
    """The day of the request in the region."""
    return now().astimezone(zone()).date()


def request_id() -> str:
    return str(g.get("request_id", ""))


def address() -> str:
    """Where the request comes from; a proxy's word is believed only by the setting BEHIND_PROXY."""
    return (request.remote_addr or "")[:64]


def signed_in() -> User | None:
    found: object = current_user._get_current_object()
    return found if isinstance(found, User) else None


def user() -> User:
    """The signed-in user."""
    found = signed_in()
    if found is None:
        raise Unauthorized
    return found


def actor() -> Actor:
    """On whose behalf the request works."""
    found = signed_in()
    if found is not None:
        return Actor.of(found, now(), address=address(), request_id=request_id())
    return Actor(now(), name=STRANGER, address=address(), request_id=request_id())


def viewer() -> Viewer:
    """All that the access rules need to know of the signed-in user; read once for a request."""
    if "viewer" not in g:
        g.viewer = Viewer.of(db.session(), user(), today())
    found: Viewer = g.viewer
    return found


def log_access(
    kind: AccessKind, subject: str = "", subject_id: int | None = None, payload: dict[str, Any] | None = None
) -> None:
    """Note a reading in its own transaction, which ends before the page is sent."""
    if kind is AccessKind.REFUSED:
        g.refusal_logged = True
    if subject_id is not None and subject_id >= 2**31:  # No record has such a number: the log could not hold it.
        subject_id = None
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=actor(),
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            payload=payload,
        )


def csp_nonce() -> str:
    """The word by which this page's own inline scripts and styles are known."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def is_demo() -> bool:
    """`demo load` leaves a marker: the people of this installation are invented."""
    return bool(current_app.config.get("DEMO")) or (Path(current_app.instance_path) / "demo").exists()


def safe_next(target: str | None) -> str | None:
    """A path of this site to return to, or None: never another site's address."""
    if not target or not target.startswith("/") or any(sign in target for sign in ("\\", "\r", "\n", "\t", "\0")):
        return None
    parts = urlsplit(target)
    if target.startswith("//") or parts.scheme or parts.netloc or parts.path in ("/login", "/logout"):
        return None
    return target


# -- The gate --------------------------------------------------------------------------------------------------------


def _begin() -> None:
    """Each request begins anew, also where several share an application context (tests)."""
    for name in list(g):
        g.pop(name)
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(16)
    g.now = clock()
    reading_only(request.method in READING)


def _guard() -> AnyResponse | None:
    """Closed by default."""
    if request.endpoint is None:  # No such address: the error page says so to everybody.
        return None
    if request.endpoint in PUBLIC:
        return None
    found = signed_in()
    if found is None:
        return to_login()
    if _idle_too_long():
        session.clear()
        g.pop("_login_user", None)
        flash(TOO_LONG_IDLE, "warning")
        return to_login()
    g.user_id = found.id
    act_as(db.session(), actor())
    if found.must_change_password and request.endpoint not in BEFORE_OWN_PASSWORD:
        return moved(url_for("password", next=_here()))
    if (request.content_length or 0) > LARGE:
        db.session.rollback()  # While a large body comes in, no transaction keeps SQLite's other writers waiting.
    return None


def _idle_too_long() -> bool:
    seen, moment = session.get("seen_at", 0), int(now().timestamp())
    if moment - seen > current_app.config["IDLE_MINUTES"] * 60:
        return True
    if moment - seen >= SEEN_EVERY and request.endpoint not in BY_ITSELF:
        session["seen_at"] = moment
    return False


def _here() -> str | None:
    """The page to return to: this one, or the one with the form that was sent."""
    if request.headers.get("HX-Current-URL"):
        parts = urlsplit(request.headers["HX-Current-URL"])
        return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))
    if request.method in READING:
        return safe_next(request.full_path.rstrip("?"))
    referrer = urlsplit(request.referrer or "")
    return safe_next(referrer.path + (f"?{referrer.query}" if referrer.query else ""))


def moved(target: str) -> AnyResponse:
    """Another page instead of this one, also where htmx asked for a fragment of it."""
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def to_login() -> AnyResponse:
    if wants_json():
        answer = jsonify(error={"code": 401, "title": "Нужно войти", "request_id": request_id()})
        answer.status_code = 401
        return answer
    here = _here()
    return moved(url_for("login", next=None if here == "/" else here))


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _protect(response: Response) -> Response:
    """What the browser may do with the answer."""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request_id():
        response.headers["X-Request-Id"] = request_id()
    if request.endpoint != "static" and not response.cache_control.private:  # A feed says so itself.
        response.headers["Cache-Control"] = "no-store"
    if response.location and 300 <= response.status_code < 400:
        response.set_data(b"")  # Browsers follow; the framework's English page is for nobody.
    return response


def _end(_error: BaseException | None) -> None:
    reading_only(False)


def _for_templates() -> dict[str, Any]:
    return {"csp_nonce": csp_nonce, "today": today(), "demo_banner": is_demo()}


def init_app(app: Flask) -> None:
    assets.init_app(app)
    compression.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.before_request(_begin)
    app.before_request(_guard)
    app.after_request(_protect)
    app.teardown_request(_end)
    app.context_processor(_for_templates)
