"""Where the chains of the audit stood on each day, kept in a file outside the database.

Whoever cuts the tail of a log off together with the note of its length does not reach this file, which belongs on
another disk or is copied off with the backups. Lines: day, chain, length, mac; they are only ever added.
"""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

Anchor = tuple[int, str]  # Length of the chain, and its last mac.


def read(path: Path) -> dict[str, list[Anchor]]:
    """The anchors of each chain; of two that name one length the earlier counts."""
    found: dict[str, dict[int, str]] = {}
    for _day, chain, length, mac in _lines(path):
        found.setdefault(chain, {}).setdefault(int(length), mac)
    return {chain: list(anchors.items()) for chain, anchors in found.items()}


def damaged(path: Path) -> int:
    """How many lines are none of ours."""
    return sum(1 for line in _text(path).splitlines() if not _is_ours(line.split()))


def anchored_on(path: Path, day: date) -> set[str]:
    """The chains that have their anchor of a day."""
    return {chain for written, chain, _length, _mac in _lines(path) if written == day.isoformat()}


def add(path: Path, *, on: date, heads: Iterable[tuple[str, int, str]]) -> None:
    """Write down (chain, length, mac), once a day for each chain that has begun."""
    there = anchored_on(path, on)
    lines = [
        f"{on.isoformat()} {chain} {length} {mac}\n" for chain, length, mac in heads if length and chain not in there
    ]
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    try:  # One write of a few dozen bytes at the end of the file: two processes do not mix their lines.
        os.write(descriptor, "".join(lines).encode("ascii"))
    finally:
        os.close(descriptor)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _lines(path: Path) -> list[list[str]]:
    return [words for line in _text(path).splitlines() if _is_ours(words := line.split())]


def _is_ours(words: list[str]) -> bool:
    return len(words) == 4 and words[2].isdecimal()
