"""How something is judged by points: what is asked, the words of each step, the bands of the sum. Data of the packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """An indicator or a sphere; `steps` are (value, words), the best first; `group` names who may read it."""

    code: str
    title: str
    steps: tuple[tuple[int, str], ...]
    group: str = ""

    @property
    def best(self) -> int:
        return max(value for value, _ in self.steps)

    def words(self, value: int | None) -> str:
        return "" if value is None else dict(self.steps).get(value, "")


@dataclass(frozen=True)
class Band:
    """Sums from `first` to `last` inclusive."""

    code: str
    title: str
    first: int
    last: int


@dataclass(frozen=True)
class Scale:
    items: tuple[Item, ...] = ()
    bands: tuple[Band, ...] = ()

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def band_of(self, points: int | None) -> Band | None:
        return next((band for band in self.bands if points is not None and band.first <= points <= band.last), None)

    @property
    def best(self) -> int:
        return sum(item.best for item in self.items)

    @property
    def groups(self) -> dict[str, str]:
        """Indicators that are not for everybody, and the field groups that read them."""
        return {item.code: item.group for item in self.items if item.group}


NO_SCALE = Scale()


def scale_of(name: str, own: Sequence[Entry], shared: Sequence[Entry]) -> Scale:
    """The scale of the first section of an organisation's own regulations, or else of the common one.

    `name`: what is judged there, indicators or spheres. Words, bands, groups that it leaves open are the common ones.
    """
    section = next(iter((*own, *shared)), None)
    if section is None:
        return NO_SCALE
    common = {entry["code"]: entry for part in shared for entry in part[name]}
    items = tuple(_item(entry, common.get(entry["code"], {}), section["scale"]) for entry in section[name])
    bands = section.get("bands") or _bands_of(shared, sum(item.best for item in items))
    return Scale(items, tuple(Band(one["code"], one["title"], one["from"], one["to"]) for one in bands))


def _item(entry: Entry, common: Entry, scale: Iterable[Entry]) -> Item:
    values = {step["value"] for step in scale}
    shared = common.get("steps", ())
    fitting = shared if {step["value"] for step in shared} == values else ()
    steps = entry.get("steps") or fitting or scale
    ordered = sorted(((step["value"], step["title"]) for step in steps), reverse=True)
    return Item(entry["code"], entry["title"], tuple(ordered), entry.get("group") or common.get("group", ""))


def _bands_of(shared: Iterable[Entry], best: int) -> Sequence[Entry]:
    """The common bands, where they were made for as many points."""
    bands: Sequence[Entry] = next((part["bands"] for part in shared if "bands" in part), ())
    return bands if bands and max(one["to"] for one in bands) == best else ()
