"""What the address of a journal asks for: whose, of which year, which part; strangers are told that there is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import abort, request

from models.audit import AccessKind
from models.case_access import may_approve
from models.journals import Journal
from models.territory import Agency
from reports.journals import JOURNALS
from reports.journals.base import Book, JournalPaper
from services import journals
from services.numbering import EARLIEST
from views import edge
from views.extensions import db
from views.fields import parse_date

BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."
MOST_ROWS = 500


@dataclass(frozen=True)
class Whose:
    """An organisation whose journals the user may read, and a year."""

    agency: Agency
    agencies: list[Agency]
    year: int

    @property
    def years(self) -> list[int]:
        kept = journals.years_of(db.session(), agency_id=self.agency.id, on=edge.today())
        return sorted({*kept, self.year}, reverse=True)

    @property
    def query(self) -> dict[str, Any]:
        """The arguments that lead to the same organisation and year."""
        is_own = self.agency.id == edge.viewer().agency_id
        return {"year": self.year} if is_own else {"year": self.year, "agency": self.agency.code}

    @property
    def may_start(self) -> bool:
        return may_approve(edge.viewer(), self.agency.id)


@dataclass(frozen=True)
class Asked:
    whose: Whose
    paper: JournalPaper
    since: date | None = None
    until: date | None = None
    person: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return bool(self.since or self.until or self.person)

    @property
    def whole(self) -> Book:
        """The whole journal of the year."""
        return journals.book_of(db.session(), agency=self.whose.agency, year=self.whose.year, on=edge.today())

    @property
    def found(self) -> Book:
        """What the filters leave of it."""
        return replace(self.whole, since=self.since, until=self.until, person=self.person)


def whose() -> Whose:
    agencies = journals.agencies_for(db.session(), viewer=edge.viewer())
    code, own = request.args.get("agency", "").strip(), edge.viewer().agency_id
    wanted = [agency for agency in agencies if (agency.code == code if code else agency.id == own)]
    if not wanted:
        edge.log_access(AccessKind.REFUSED, subject="journal")
        abort(404)
    return Whose(wanted[0], agencies, _year())


def paper(code: str) -> JournalPaper:
    return JOURNALS.get(code) or abort(404)


def journal(code: str) -> Journal:
    """A journal or a series of numbers."""
    return next((one for one in Journal if one.value == code), None) or abort(404)


def asked(code: str) -> Asked:
    found = paper(code)
    typed = {name: request.args.get(name, "").strip().replace("\x00", "")[:100] for name in ("since", "until", "q")}
    days: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in ("since", "until"):
        try:
            days[name] = parse_date(typed[name]) if typed[name] else None
        except (ValueError, OverflowError):
            errors[name] = BAD_DAY
    return Asked(whose(), found, days.get("since"), days.get("until"), typed["q"], typed, errors)


def volume_rows() -> int:
    """How many rows make a volume."""
    return _number("rows", journals.VOLUME_ROWS, MOST_ROWS)


def _year() -> int:
    text = request.args.get("year", "").strip()
    if not text:
        return edge.today().year
    is_year = text.isascii() and text.isdecimal() and len(text) == 4
    return int(text) if is_year and EARLIEST <= int(text) <= edge.today().year + 1 else abort(404)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return default
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    return int(text) if is_number and 1 <= int(text) <= most else abort(404)


def volume(*, most: int) -> int | None:
    """The number of the volume that is asked for, if one is."""
    return _number("volume", 1, max(most, 1)) if request.args.get("volume", "").strip() else None


def log(kind: AccessKind, one: Asked, payload: dict[str, Any]) -> None:
    where = {"journal": one.paper.code, "agency": one.whose.agency.code, "year": one.whose.year}
    edge.log_access(kind, subject="journal", payload={**where, **payload})
