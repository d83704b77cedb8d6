"""Where files of jobs lie: DATA_DIR/jobs/<number>, outside the database and the web root, a folder for each job."""

from __future__ import annotations

import errno
import hashlib
import shutil
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

FOLDER = "jobs"  # In DATA_DIR.
KEPT_PARTS = "parts"  # Papers that an interrupted worker has finished.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG}) if hasattr(errno, "EDQUOT") else frozenset({errno.ENOSPC})
NO_ROOM = "На диске сервера не хватило места, файл не собран. Сообщите администратору и закажите файл ещё раз."
NOT_WRITTEN = "Сервер не смог записать файл. Сообщите администратору и закажите файл ещё раз."


def folder_of(data_dir: Path, job_id: int) -> Path:
    return data_dir / FOLDER / str(job_id)


def begin(data_dir: Path, job_id: int) -> Path:
    """The job's folder, without what a killed worker has left but for its finished parts."""
    folder = folder_of(data_dir, job_id)
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name != KEPT_PARTS:
            _remove(entry)
    return folder


def remove(data_dir: Path, job_id: int) -> None:
    _remove(folder_of(data_dir, job_id))


def clear_parts(data_dir: Path, job_id: int) -> None:
    """The file is whole: its parts are no longer needed."""
    _remove(folder_of(data_dir, job_id) / KEPT_PARTS)


def sweep(data_dir: Path, *, needed: Callable[[], set[int]]) -> int:
    """Remove the folders of jobs that need none; how many. Rows are asked after the folders have been listed."""
    there = [path for path in (data_dir / FOLDER).glob("*") if path.name.isdecimal()]
    kept = needed() if there else set()
    gone = [path for path in there if int(path.name) not in kept]
    for path in gone:
        _remove(path)
    return len(gone)


def within(data_dir: Path, name: str) -> Path | None:
    """The file that a row names, if it is there."""
    path = (data_dir / name).resolve()
    is_ours = path.is_relative_to((data_dir / FOLDER).resolve())
    return path if is_ours and path.is_file() else None


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sentence(error: OSError) -> str:
    """What a fault of the disk means to the user."""
    return NO_ROOM if error.errno in FULL else NOT_WRITTEN


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


# -- Whom a file names, beside it ------------------------------------------------------------------------------------


def people_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.people")


def keep_people(path: Path, ids: Iterable[int]) -> None:
    people_path(path).write_bytes(array("q", sorted(set(ids))).tobytes())


def people_of(path: Path) -> list[int]:
    """Numbers of the cards that a file names; none are kept where its owner reads everybody."""
    beside = people_path(path)
    return array("q", beside.read_bytes()).tolist() if beside.is_file() else []
