"""The dry run: what each row of a file would do, without doing it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.territory import Agency, AgencyKind, District
from models.text import normalise
from services.graduates import district_of
from services.importing.layout import HEADINGS
from services.importing.parsed import Message, ParsedForm, ParsedGraduate, ParsedRow, row_as_json
from services.importing.text import squash
from services.imports.changes import Change, Statement
from services.imports.compare import compare
from services.imports.matching import People, find_people

OUTCOMES = ("create", "update", "unchanged", "duplicate", "error")
NOT_YOURS = "Карточка этого человека вам видна, но ведёт её другая организация: изменить её загрузкой нельзя."


@dataclass(frozen=True)
class PlannedRow:
    """One row and what becomes of it."""

    parsed: ParsedRow
    outcome: str
    card: Graduate | None = None
    statement: Statement | None = None
    changes: tuple[Change, ...] = ()
    strangers: tuple[int, ...] = ()  # cards outside the user's sight that may be the same person; never shown

    def as_json(self) -> dict[str, Any]:
        result = row_as_json(self.parsed, outcome=self.outcome)
        if self.changes:
            result["changes"] = [{"column": c.heading, "old": c.old, "new": c.new} for c in self.changes]
        return result


@dataclass(frozen=True)
class ImportPlan:
    """What the whole file would do."""

    parsed: ParsedForm
    rows: tuple[PlannedRow, ...]

    @property
    def summary(self) -> dict[str, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def has_errors(self) -> bool:
        return self.summary["error"] > 0

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.parsed.file_name,
            "form": self.parsed.form,
            "on": self.parsed.on.isoformat(),
            "notes": list(self.parsed.notes),
            "rows": [row.as_json() for row in self.rows],
            "summary": self.summary,
        }


def plan_import(
    session: Session, *, viewer: Viewer, agency: Agency, parsed: ParsedForm, on: date | None = None
) -> ImportPlan:
    """Compare every row with the cards that the viewer may see; nothing is changed."""
    said = [row.graduate for row in parsed.rows if row.graduate is not None]
    people = find_people(session, said=said, viewer=viewer, agency_id=agency.id)
    places = Places.of(session)
    planner = _Planner(agency, on or parsed.on, people, places)
    return ImportPlan(parsed, tuple(planner.plan(row) for row in parsed.rows))


@dataclass
class Places:
    """The districts by which addresses are told, and the schools that are agencies of ours."""

    districts: list[District]
    schools: dict[str, int]
    _found: dict[str, District | None] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Places":
        schools: dict[str, int] = {}
        for agency in session.scalars(select(Agency).where(Agency.kind == AgencyKind.COLLEGE)):
            for name in (agency.name, agency.short_name, *(agency.aliases or "").splitlines()):
                schools.setdefault(squash(name), agency.id)
        schools.pop("", None)
        return cls(list(session.scalars(select(District))), schools)

    def district(self, address: str) -> District | None:
        if address not in self._found:
            text = normalise(address)
            candidates = [district for district in self.districts if _is_mentioned(district, text)]
            self._found[address] = district_of(address, candidates) if candidates else None
        return self._found[address]

    def school(self, said: ParsedGraduate) -> int | None:
        return self.schools.get(squash(said.study.organisation)) if said.study and said.study.organisation else None


def _is_mentioned(district: District, text: str) -> bool:
    """A cheap look before the careful one."""
    names = [district.short_name, *(district.localities or "").splitlines()]
    return any(normalise(name) in text for name in names if name.strip())


@dataclass(frozen=True)
class _Planner:
    agency: Agency
    on: date
    people: People
    places: Places

    def plan(self, row: ParsedRow) -> PlannedRow:
        said = row.graduate
        if said is None:
            return PlannedRow(row, "error")
        if row.of_row is not None:
            return PlannedRow(row, "duplicate")
        district = self.places.district(said.address) if said.address else None
        if said.address and district is None:
            row = _with(row, Message(HEADINGS["address"], "warning", "Район по адресу не определён."))
        card = self.people.find(said)
        statement = Statement(
            on=self.on,
            agency_id=self.agency.id,
            district_id=district.id if district else None,
            school_id=self.places.school(said),
            is_new=card is None,
        )
        if card is None:
            strangers = tuple(stranger.id for stranger in self.people.outside(said))
            return PlannedRow(row, "create", statement=statement, strangers=strangers)
        return self._known(row, said, card, statement)

    def _known(self, row: ParsedRow, said: ParsedGraduate, card: Graduate, statement: Statement) -> PlannedRow:
        changes = tuple(compare(card, said, statement))
        if not changes:
            return PlannedRow(row, "unchanged", card, statement)
        if card.id not in self.people.editable:
            return PlannedRow(_with(row, Message(HEADINGS["name"], "error", NOT_YOURS)), "error", card)
        if len(self.people.namesakes(said)) > 1:
            text = "В базе несколько карточек с этим именем и датой рождения, изменена будет одна."
            row = _with(row, Message(HEADINGS["name"], "warning", text))
        return PlannedRow(row, "update", card, statement, changes)


def _with(row: ParsedRow, *messages: Message) -> ParsedRow:
    return replace(row, messages=(*row.messages, *messages))
