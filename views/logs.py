"""One line for every request on standard error, and nothing in it that tells of a person.

The rule of the address stands for the address, an exception's type and place for its text: an address, a query and
an error message may carry names and numbers of people.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, request

from views.constraints import name_of

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
logger = logging.getLogger("marshrut.requests")


class Wary(logging.Formatter):
    """Prints where an error happened, not what it said."""

    def formatException(self, ei: Any) -> str:
        kind, error, trace = ei
        return describe(kind, error, trace)


def describe(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    frames = "".join(traceback.format_tb(trace)).rstrip()
    constraint = name_of(error) if error is not None else None
    return f"{frames}\n{kind.__module__}.{kind.__qualname__}" + (f" ({constraint})" if constraint else "")


def log_exception(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    """Instead of Flask's own, which prints the address."""
    logger.error("error %s %s", request.method, rule(), exc_info=exc_info)


def rule() -> str:
    """The pattern of the address; the address itself may carry a person's number."""
    return request.url_rule.rule if request.url_rule is not None else "-"


def _finish(response: Response) -> Response:
    if request.endpoint == "static":
        return response
    took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    logger.info(
        "%s %s %d %d ms request=%s user=%s",
        request.method,
        rule(),
        response.status_code,
        took,
        g.get("request_id", "-"),
        g.get("user_id", "-"),
    )
    return response


def configure(app: Flask) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Wary(FORMAT))
    root = logging.getLogger("marshrut")
    root.handlers = [handler]
    root.propagate = False
    root.setLevel(app.config["LOG_LEVEL"])
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(app.config["LOG_LEVEL"])
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # Its lines print addresses with their queries.
    app.log_exception = log_exception  # type: ignore[method-assign]
    app.after_request(_finish)
