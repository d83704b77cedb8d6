"""What the address of a route asks for: kinds, years, order, page; whatever it does not understand is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for

from services.route.kinds import Kind

SIZE = 500
FIRST_YEAR, LAST_YEAR = 1980, 2100


@dataclass(frozen=True)
class Asked:
    graduate_id: int
    kinds: tuple[Kind, ...] = ()
    first: int | None = None
    last: int | None = None
    is_oldest_first: bool = False
    is_whole: bool = False
    page: int = 1

    @classmethod
    def read(cls, graduate_id: int) -> Asked:
        args = request.args
        wanted = set(args.getlist("kind"))
        first, last = _year(args.get("from", "")), _year(args.get("to", ""))
        if first and last and first > last:
            first, last = last, first
        page = args.get("page", "")
        return cls(
            graduate_id,
            tuple(kind for kind in Kind if kind.value in wanted),
            first,
            last,
            args.get("order") == "old",
            args.get("all") == "1",
            int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
        )

    @property
    def since(self) -> date | None:
        return date(self.first, 1, 1) if self.first else None

    @property
    def until(self) -> date | None:
        return date(self.last, 12, 31) if self.last else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kinds or self.first or self.last)

    def url(self, **changed: Any) -> str:
        """The address of the same route asked for otherwise; the page begins anew unless it is named."""
        other = replace(self, **{"page": 1, **changed})
        args: dict[str, Any] = {
            "kind": [kind.value for kind in other.kinds],
            "from": other.first,
            "to": other.last,
            "order": "old" if other.is_oldest_first else None,
            "all": "1" if other.is_whole else None,
            "page": other.page if other.page > 1 else None,
        }
        return url_for("route.show", graduate_id=self.graduate_id, **args)

    def with_kind(self, kind: Kind) -> str:
        """The kind added, or taken away where it is chosen."""
        kinds = [one for one in Kind if (one in self.kinds) != (one is kind)]
        return self.url(kinds=tuple(kinds))


def _year(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR <= int(text) <= LAST_YEAR else None
