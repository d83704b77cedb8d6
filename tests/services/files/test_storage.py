"""Bytes are kept whole under their digest; what no row names goes after a day, and nothing else."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from services.files import storage

DAY = 24 * 3600


def test_bytes_lie_under_their_digest_and_once(tmp_path: Path) -> None:
    digest = storage.put(tmp_path, b"one")
    assert digest == hashlib.sha256(b"one").hexdigest()
    assert storage.put(tmp_path, b"one") == digest
    path = storage.path_of(tmp_path, digest)
    assert path.read_bytes() == b"one"
    assert path.relative_to(tmp_path).parts == ("files", digest[:2], digest[2:4], digest)
    assert [found.name for found in path.parent.iterdir()] == [digest]


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 63])
def test_nothing_but_a_digest_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        storage.path_of(tmp_path, name)


def test_an_interrupted_writing_leaves_nothing_under_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        storage.put(tmp_path, b"one")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_what_was_half_written_before_is_written_anew(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"whole").hexdigest()
    path = storage.path_of(tmp_path, digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"who")
    storage.put(tmp_path, b"whole")
    assert path.read_bytes() == b"whole"


def test_the_sweep_removes_only_what_is_old_and_unnamed(tmp_path: Path) -> None:
    named, orphan, young = (storage.put(tmp_path, data) for data in (b"named", b"orphan", b"young"))
    left_over = storage.path_of(tmp_path, named).with_name("tmp1.part")
    left_over.write_bytes(b"half")
    old = time.time() - 2 * DAY
    for path in (storage.path_of(tmp_path, named), storage.path_of(tmp_path, orphan), left_over):
        os.utime(path, (old, old))
    assert storage.sweep(tmp_path, referenced=lambda: {named}, before=time.time() - DAY) == 2
    assert [storage.path_of(tmp_path, one).exists() for one in (named, orphan, young)] == [True, False, True]
    assert not left_over.exists()


def test_an_old_orphan_that_is_uploaded_again_is_young(tmp_path: Path) -> None:
    digest = storage.put(tmp_path, b"again")
    old = time.time() - 2 * DAY
    os.utime(storage.path_of(tmp_path, digest), (old, old))
    storage.put(tmp_path, b"again")
    assert storage.sweep(tmp_path, referenced=set, before=time.time() - DAY) == 0
    assert storage.path_of(tmp_path, digest).exists()


def test_many_write_the_same_bytes_at_once_while_somebody_sweeps(tmp_path: Path) -> None:
    data = b"x" * 100_000
    faults: list[BaseException] = []

    def work(sweeps: bool) -> None:
        try:
            for _ in range(20):
                if sweeps:
                    storage.sweep(tmp_path, referenced=set, before=time.time() - DAY)
                else:
                    storage.put(tmp_path, data)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number == 0,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert storage.path_of(tmp_path, hashlib.sha256(data).hexdigest()).read_bytes() == data
