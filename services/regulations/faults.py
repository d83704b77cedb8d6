"""What is wrong with a pack, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]  # ("rules", 3, "closes")


def shown(path: Path) -> str:
    """rules[3].closes"""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True, order=True)
class Fault:
    """One sentence for whoever edits the pack; `line` is 0 where it concerns the whole file."""

    file: str
    line: int
    path: str
    text: str

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(f"строка {self.line}")
        if self.path:
            parts.append(f"поле {self.path}")
        return f"{', '.join(parts)}: {self.text}"


class BrokenPacks(Exception):
    """Packs with faults; nothing of them is loaded. The message is for the user, a fault on each line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
