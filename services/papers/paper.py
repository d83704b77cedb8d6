"""What a paper is: which record it is about, which fields it has, how it is filled in and shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.text import plural
from reports.templates import Field
from services.papers.declension import Declension, Key

MASK = "•••"  # Of a field group that the viewer may not read.
MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня", "июля"),
    *("августа", "сентября", "октября", "ноября", "декабря"),
)


@dataclass
class Desk:
    """Where a paper is written: the records, who asks on which day, the forms of names, what the address chose."""

    session: Session
    viewer: Viewer
    forms: Declension
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return self.viewer.on


Facts = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """`facts` gives every one of `fields` as texts and lists of texts; `shipped` makes our own template."""

    code: str
    title: str
    model: type[Any]
    fields: tuple[Field, ...]
    facts: Callable[[Desk, Any], Facts]
    shipped: Callable[[], bytes]
    name: Callable[[Any], str]  # of the file, without its ending
    offered: Callable[[Any], bool] = lambda record: True

    def context(
        self, session: Session, viewer: Viewer, record: Any, options: Mapping[str, str] | None = None
    ) -> tuple[Facts, dict[Key, Any]]:
        """The facts, and the forms of names that had to be made for them (services.papers.declension.keep)."""
        desk = Desk(session, viewer, Declension(session), options or {})
        return self.facts(desk, record), desk.forms.made


def day(value: date | None) -> str:
    return f"{value:%d.%m.%Y}" if value else ""


def long_day(value: date | None) -> str:
    """«1 октября 2026 г.»."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year} г." if value else ""


def clock(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""


def number(value: int | None) -> str:
    return "" if value is None else str(value)


def yes(value: object, text: str = "да") -> str:
    """A text where something is so, for conditions of templates."""
    return text if value else ""


def years(count: int) -> str:
    return f"{count} {plural(count, 'год', 'года', 'лет')}"


def label(entry: Any) -> str:
    """Of a line of a dictionary, where there is one."""
    return entry.label if entry is not None else ""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def numbered_name(title: str, record: Any) -> str:
    """«Договор № 5-2026 Ёлкина Д.И.»: a name for a file."""
    told = record.number_text.replace("/", "-")
    person = record.graduate
    given = "".join(f"{part[0]}." for part in (person.first_name, person.patronymic) if part)
    return " ".join(part for part in (title, f"№ {told}" if told else "проект", person.last_name, given) if part)
