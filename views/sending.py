"""Files made for one answer only: they go when the answer has gone out."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response


def forget_when_sent(response: Response, forget: Callable[[], object]) -> Response:
    """A file passed straight through to the server is closed past the answer, and its callbacks are never called."""
    response.direct_passthrough = False
    response.call_on_close(forget)
    return response
