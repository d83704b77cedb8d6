"""Which requirement rows are served, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.base import LabelledEnum
from services.regulations.pack import ClauseRef, Element, Pack


class Serving(LabelledEnum):
    SERVED = "served", "обеспечено"
    PLANNED = "planned", "запланировано"
    MISSING = "missing", "пропущено"


@dataclass(frozen=True)
class RowCoverage:
    """A requirement row; `elements` are (code of the pack, element), what is built before what is planned."""

    row: str
    regulation: str
    clause: ClauseRef
    elements: tuple[tuple[str, Element], ...]

    @property
    def serving(self) -> Serving:
        if not self.elements:
            return Serving.MISSING
        return Serving.PLANNED if all(element.is_planned for _, element in self.elements) else Serving.SERVED


@dataclass(frozen=True)
class Totals:
    served: int
    planned: int
    missing: int

    @property
    def rows(self) -> int:
        return self.served + self.planned + self.missing


@dataclass(frozen=True)
class Coverage:
    rows: tuple[RowCoverage, ...]

    @property
    def total(self) -> Totals:
        return _totals(self.rows)

    def by_regulation(self) -> dict[str, Totals]:
        """By the code of the regulation that declares the rows, in the order of the packs."""
        codes = dict.fromkeys(row.regulation for row in self.rows)
        return {code: _totals([row for row in self.rows if row.regulation == code]) for code in codes}


def coverage(packs: Sequence[Pack]) -> Coverage:
    """Every row that the packs declare, in the order of their clauses; an element of any pack may serve it."""
    serving: dict[str, list[tuple[str, Element]]] = {}
    for pack in packs:
        for element in pack.elements:
            for row in element.serves:
                serving.setdefault(row, []).append((pack.code, element))
    return Coverage(
        tuple(
            RowCoverage(row, pack.code, clause.ref, _built_first(serving.get(row, [])))
            for pack in packs
            for clause in pack.clauses
            for row in clause.rows
        )
    )


def _built_first(elements: list[tuple[str, Element]]) -> tuple[tuple[str, Element], ...]:
    return tuple(sorted(elements, key=lambda pair: pair[1].is_planned))


def _totals(rows: Sequence[RowCoverage]) -> Totals:
    count = Counter(row.serving for row in rows)
    return Totals(count[Serving.SERVED], count[Serving.PLANNED], count[Serving.MISSING])
