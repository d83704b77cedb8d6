"""A pack of a regulation as a value: what its file, or its version in the database, says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from models.rule_terms import RuleTerms
from services.regulations.faults import Fault, Path, shown
from services.regulations.schema import line_of

# Sections that are lists of elements with a code and a title.
LISTS = (
    "roles",
    "rules",
    "referrals",
    "journals",
    "forms",
    "reports",
    "records",
    "dictionaries",
    "pages",
    "access",
    "measures",
    "services",
    "categories",
    "bodies",
    "documents",
)


@dataclass(frozen=True, order=True)
class ClauseRef:
    """A clause as it is cited: numbers may repeat inside a document."""

    number: str
    occurrence: int = 1

    @classmethod
    def of(cls, data: str | Mapping[str, Any]) -> ClauseRef:
        return cls(data) if isinstance(data, str) else cls(data["number"], data.get("occurrence", 1))

    def __str__(self) -> str:
        return f"{self.number} [{self.occurrence}]" if self.occurrence > 1 else self.number


@dataclass(frozen=True)
class Clause:
    """A clause with the requirement rows that it declares."""

    ref: ClauseRef
    heading: str
    summary: str
    rows: tuple[str, ...]
    path: Path = field(compare=False)


@dataclass(frozen=True)
class Element:
    """A part of the product that a pack asks for; it serves requirement rows unless it is only planned."""

    section: str
    code: str
    title: str
    clause: ClauseRef | None
    serves: tuple[str, ...]
    is_planned: bool
    binds: tuple[str, ...]
    path: Path = field(compare=False)


@dataclass(frozen=True)
class PackRule:
    """A deadline rule of a pack, ready to be stored."""

    code: str
    title: str
    clause: ClauseRef
    heading: str
    terms: RuleTerms
    in_force_from: date
    in_force_to: date | None
    is_planned: bool


@dataclass(frozen=True)
class Pack:
    """`content` is plain JSON, its days are ISO text; `file` and `lines` are empty for a pack from the database."""

    content: Mapping[str, Any]
    file: str = ""
    lines: Mapping[Path, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def code(self) -> str:
        return str(self.regulation["code"])

    @property
    def regulation(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content["regulation"]
        return found

    @property
    def profile(self) -> Mapping[str, Any]:
        """What an organisation that follows the regulation takes over; empty where it says nothing."""
        found: Mapping[str, Any] = self.content.get("profile", {})
        return found

    def section(self, name: str) -> list[dict[str, Any]]:
        """The entries of a section that is a list, as they stand in the pack."""
        return list(self.content.get(name, ()))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(
            Clause(ClauseRef.of(entry), entry["heading"], entry["summary"], tuple(entry.get("rows", ())), path)
            for path, entry in self._entries("clauses")
        )

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Every requirement row that the pack declares."""
        return tuple(row for clause in self.clauses for row in clause.rows)

    @cached_property
    def rules(self) -> tuple[PackRule, ...]:
        headings = {clause.ref: clause.heading for clause in self.clauses}
        return tuple(self._rule(entry, headings) for entry in self.section("rules"))

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """All that may serve a row: the regulation's card, the profile, the entries of all lists, the monitoring."""
        return tuple(self._elements())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, whatever the order of its keys."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def fault(self, path: Path, sentence: str) -> Fault:
        return Fault(self.file or self.code, line_of(path, self.lines), shown(path), sentence)

    def _entries(self, section: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        for number, entry in enumerate(self.section(section)):
            yield (section, number), entry

    def _rule(self, entry: Mapping[str, Any], headings: Mapping[ClauseRef, str]) -> PackRule:
        clause = ClauseRef.of(entry["clause"])
        ends = entry.get("in_force_to") or self.regulation.get("in_force_to")
        return PackRule(
            code=entry["code"],
            title=entry["title"],
            clause=clause,
            heading=headings.get(clause, ""),
            terms=RuleTerms.of(entry),
            in_force_from=date.fromisoformat(entry.get("in_force_from") or self.regulation["in_force_from"]),
            in_force_to=date.fromisoformat(ends) if ends else None,
            is_planned=entry.get("planned", False),
        )

    def _elements(self) -> Iterator[Element]:
        yield _element("regulation", {**self.regulation, "title": self.regulation["short_title"]}, ("regulation",))
        if self.profile:
            yield _element("profile", {"code": "profile", "title": "Правила учреждения", **self.profile}, ("profile",))
        for section in LISTS:
            for path, entry in self._entries(section):
                yield _element(section, entry, path)
        if "rating" in self.content:
            yield _element(
                "rating", {"code": "rating", "title": "Критерии рейтинга", **self.content["rating"]}, ("rating",)
            )
        monitoring: dict[str, Any] = self.content.get("monitoring", {})
        if monitoring:
            whole = {"code": "monitoring", "title": "Мониторинг", **monitoring}
            yield _element("monitoring", whole, ("monitoring",))
            for number, indicator in enumerate(monitoring["indicators"]):
                inherited = {"clause": monitoring.get("clause"), "planned": monitoring.get("planned", False)}
                path = ("monitoring", "indicators", number)
                yield _element("monitoring.indicators", {**inherited, **indicator}, path)


def _element(section: str, entry: Mapping[str, Any], path: Path) -> Element:
    clause = entry.get("clause")
    return Element(
        section=section,
        code=entry["code"],
        title=entry["title"],
        clause=ClauseRef.of(clause) if clause else None,
        serves=tuple(entry.get("serves", ())),
        is_planned=entry.get("planned", False),
        binds=tuple(entry.get("binds", ())),
        path=path,
    )
