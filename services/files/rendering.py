"""Asks the workshop: how many pages a file has, what one looks like. Its crash or its silence is only an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from services.errors import Refused
from services.files import workshop

SCRIPT = Path(workshop.__file__)
AT_ONCE = threading.BoundedSemaphore(2)  # Previews wait for each other, the panel does not wait for them.
TIMEOUT = 30
DAMAGED = "Файл повреждён: он не открывается. Проверьте его на своём компьютере и выберите снова."
LOCKED = "PDF защищён паролем: сохраните его без пароля и загрузите снова."
TOO_LARGE = "Изображение или документ слишком велик, чтобы его открыть: уменьшите его и загрузите снова."
SENTENCES = {workshop.DAMAGED: DAMAGED, workshop.LOCKED: LOCKED, workshop.TOO_LARGE: TOO_LARGE}


def count_pages(data: bytes, kind: str) -> int:
    """Pages of a «pdf» or an «image»; raises Refused for what does not open."""
    found: int = json.loads(_ask(["count", kind], data))["pages"]
    return found


def draw_page(data: bytes, kind: str, number: int) -> bytes:
    """A page as PNG; raises Refused for what cannot be drawn."""
    return _ask(["draw", kind, str(number)], data)


def _ask(words: list[str], data: bytes) -> bytes:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    with AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(SCRIPT), *words],
                input=data,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
                env=kept,
            )
        except subprocess.TimeoutExpired:
            raise Refused(TOO_LARGE, field="file") from None
    if done.returncode:
        raise Refused(SENTENCES.get(done.returncode, DAMAGED), field="file")
    return done.stdout
