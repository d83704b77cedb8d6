"""Addresses of static files with the version of their content, icons, and the long cache that the version allows."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, has_request_context, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from markupsafe import Markup

STATIC = Path(__file__).resolve().parent / "static"
COMPRESSIBLE = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
YEAR = 365 * 24 * 3600


def _stamp(path: str) -> tuple[int, int]:
    """What changes when the file changes; a file that is not there yet has a stamp too."""
    try:
        status = (STATIC / path).stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _version(path: str, _stamp: tuple[int, int]) -> str:
    try:
        return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    except OSError:
        return "0"


@lru_cache(maxsize=256)
def _settled_url(path: str, prefix: str) -> str:
    return f"{prefix}/static/{path}?v={_version(path, _stamp(path))}"


def asset_url(path: str) -> str:
    """Address of a file under views/static/ whose query changes with the content of the file."""
    if not has_request_context():
        return _settled_url(path, "")
    settled = _settled_url.__wrapped__ if current_app.debug else _settled_url
    return settled(path, request.script_root)


@lru_cache(maxsize=1024)
def _icon(name: str, css: str, url: str) -> Markup:
    return Markup('<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        f" {css}" if css else "", url, name
    )


def icon(name: str, css: str = "") -> Markup:
    """A decorative icon of the sprite (names are in views/vendor.py); its meaning must stand beside it in words."""
    return _icon(name, css, asset_url("vendor/icons.svg"))


@lru_cache(maxsize=64)
def _compressed(path: str, _stamp: tuple[int, int]) -> bytes:
    ready = STATIC / f"{path}.gz"
    return ready.read_bytes() if ready.is_file() else gzip.compress((STATIC / path).read_bytes(), 9, mtime=0)


def _finish_static(response: Response) -> Response:
    """Let browsers keep a versioned file for a year, and send texts compressed."""
    if request.endpoint != "static" or response.status_code != 200:
        return response
    if request.args.get("v") or response.mimetype == "font/woff2":  # Style sheets name fonts without a version.
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    if response.mimetype not in COMPRESSIBLE or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    path = str((request.view_args or {}).get("filename", ""))
    if request.accept_encodings["gzip"] and "Range" not in request.headers and (STATIC / path).is_file():
        response.direct_passthrough = False
        response.response.close()  # type: ignore[union-attr]  # The open file, which the compressed copy replaces.
        response.set_data(_compressed(path, _stamp(path)))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("ETag", None)
    return response


class SessionOfPages(SecureCookieSessionInterface):
    """Files have no session: a browser keeps them whatever its cookies are, and no cache keeps a cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Give templates `asset()` and `icon()`, and static files their cache."""
    app.jinja_env.globals.update(asset=asset_url, icon=icon)
    app.after_request(_finish_static)
    app.session_interface = SessionOfPages()
