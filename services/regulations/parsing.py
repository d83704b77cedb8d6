"""Packs from their files: YAML, then the schema, then what every single pack must hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path as FilePath

from models.regulations import COMMON
from services.regulations import schema, yamlfile
from services.regulations.faults import BrokenPacks, Fault
from services.regulations.pack import Pack
from services.regulations.schema import SHIPPED

__all__ = ["SHIPPED", "BrokenPacks", "Pack", "read_pack", "read_packs", "shipped_files", "shipped_packs"]

NOT_PACKS = frozenset({"production-calendar.yaml"})  # Data of the calendar, beside the packs.


def read_pack(path: FilePath) -> Pack:
    """The pack of a file; BrokenPacks with all its faults."""
    found = yamlfile.read(path)
    faults = [*found.faults, *schema.faults(found.data, file=path.name, lines=found.lines)]
    if faults:
        raise BrokenPacks(faults)
    return Pack(found.data, path.name, found.lines)


def read_packs(paths: Iterable[FilePath]) -> list[Pack]:
    """The packs of several files; BrokenPacks with the faults of all of them."""
    packs: list[Pack] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            packs.append(read_pack(path))
        except BrokenPacks as broken:
            faults += broken.faults
    if faults:
        raise BrokenPacks(faults)
    return packs


def shipped_files() -> Sequence[FilePath]:
    """The packs that come with the product, the common one first."""
    files = [path for path in SHIPPED.glob("*.yaml") if path.name not in NOT_PACKS]
    return sorted(files, key=lambda path: (path.stem != COMMON, path.name))


def shipped_packs() -> list[Pack]:
    """The packs of the product, read once: its files do not change while it runs."""
    return list(_shipped())


@cache
def _shipped() -> tuple[Pack, ...]:
    return tuple(read_packs(shipped_files()))
