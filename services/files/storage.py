"""Bytes of attachments: outside the database and the web root, each file under its own SHA-256.

A file is written first, its row comes with the transaction: what is rolled back leaves at most a file that no row
names, and `sweep` removes such files after a day.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the sweep runs there while nobody works.
    fcntl = None  # type: ignore[assignment]

FOLDER = "files"  # In DATA_DIR.
DIGEST = re.compile(r"[0-9a-f]{64}")
LEFT_OVER = ".part"


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with a digest lie: files/ab/cd/abcd….

    Raises ValueError for what is no digest, so that no name from anywhere else becomes a path.
    """
    if not DIGEST.fullmatch(sha256):
        raise ValueError("not a digest")
    return folder / FOLDER / sha256[:2] / sha256[2:4] / sha256


def put(folder: Path, data: bytes) -> str:
    """Keep bytes for good; their digest. The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    target = path_of(folder, digest)
    with _guarded(folder, alone=False):
        if target.is_file() and target.stat().st_size == len(data):
            os.utime(target)  # Young again: the sweep leaves it alone until the row is there.
        else:
            _write(target, data)
    return digest


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=LEFT_OVER)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    for part in (target.parent, *list(target.parents)[1:4]):
        _sync(part)


def _sync(folder: Path) -> None:
    """The name of a new file is as durable as its bytes."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, *, referenced: Callable[[], set[str]], before: float) -> int:
    """Remove what no row names and nobody has written since a moment (seconds, as file systems count); how many.

    Rows are asked after the files have been listed: a file written meanwhile is younger than `before`.
    """
    with _guarded(folder, alone=True):
        old = [path for path in _files(folder) if path.stat().st_mtime < before]
        kept = referenced() if old else set()
        removed = [path for path in old if path.name not in kept]
        for path in removed:
            path.unlink(missing_ok=True)
    return len(removed)


def _files(folder: Path) -> Iterator[Path]:
    """Stored bytes and what an interrupted writing has left."""
    for path in (folder / FOLDER).glob("??/??/*"):
        if path.is_file() and (DIGEST.fullmatch(path.name) or path.suffix == LEFT_OVER):
            yield path


@contextmanager
def _guarded(folder: Path, *, alone: bool) -> Iterator[None]:
    """Many write at once, one sweeps while nobody writes."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    with open(folder / FOLDER / ".lock", "ab") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
