"""A file that is made for one answer and gone after it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from services.reporting import FORBIDDEN_SIGNS
from views.sending import forget_when_sent

LONGEST = 150


def sent_file(name: str, write: Callable[[Path], Any]) -> Response:
    """What `write` puts at a path, sent under a name of ours; nothing is left behind, whatever happens."""
    suffix = Path(name).suffix
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    try:
        path = folder / f"made{suffix}"
        write(path)
        response = send_file(path, as_attachment=True, download_name=_allowed(name, suffix), max_age=0)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return forget_when_sent(response, lambda: shutil.rmtree(folder, ignore_errors=True))


def _allowed(name: str, suffix: str) -> str:
    stem = "".join(" " if sign in FORBIDDEN_SIGNS else sign for sign in name.removesuffix(suffix))
    return stem[:LONGEST] + suffix
