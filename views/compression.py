"""Sends pages compressed; static files have their own way in `views.assets`, workbooks are compressed already."""

import gzip

from flask import Flask, Response, request

TEXTS = frozenset({"text/html", "text/csv", "text/calendar", "application/json"})
SHORTEST = 1000  # Bytes; below it the headers outweigh the gain.


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= SHORTEST:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.after_request(_compress)
