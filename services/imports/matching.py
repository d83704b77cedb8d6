"""Whom a row speaks of: by СНИЛС, else by the normalised name and the birth date; a few statements for a whole file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.access import Viewer, editable_by, visible_to
from models.graduates import Graduate
from reports.vologda import FACTS
from services.importing.parsed import ParsedGraduate

CHUNK = 400  # Names in one statement; SQLite allows 32,766 parameters, older ones 999.


@dataclass(frozen=True)
class Stranger:
    """A card outside the importing user's sight: only that it exists is used, and only for the coordinator."""

    id: int
    name_key: str
    birth_date: date
    snils: str


@dataclass
class People:
    """The cards that the rows of one file may speak of."""

    cards: list[Graduate] = field(default_factory=list)
    editable: set[int] = field(default_factory=set)
    strangers: list[Stranger] = field(default_factory=list)
    _by_key: dict[tuple[str, date], list[Graduate]] = field(default_factory=lambda: defaultdict(list))
    _by_snils: dict[str, Graduate] = field(default_factory=dict)
    _strangers_by_key: dict[tuple[str, date], list[Stranger]] = field(default_factory=lambda: defaultdict(list))
    _strangers_by_snils: dict[str, list[Stranger]] = field(default_factory=lambda: defaultdict(list))

    def index(self, *, agency_id: int) -> None:
        """Where several cards fit, the agency's own comes first, then the oldest."""
        for card in sorted(self.cards, key=lambda card: (card.agency_id != agency_id, card.id)):
            self._by_key[(card.name_key, card.birth_date)].append(card)
            if card.snils:
                self._by_snils.setdefault(card.snils, card)
        for stranger in self.strangers:
            self._strangers_by_key[(stranger.name_key, stranger.birth_date)].append(stranger)
            if stranger.snils:
                self._strangers_by_snils[stranger.snils].append(stranger)

    def find(self, said: ParsedGraduate) -> Graduate | None:
        found = self._by_snils.get(said.snils or "")
        return found or next(iter(self.namesakes(said)), None)

    def namesakes(self, said: ParsedGraduate) -> list[Graduate]:
        """Cards of the name and the birth date that no other СНИЛС tells apart."""
        return [card for card in self._by_key.get(said.identity, ()) if _may_be_one(card.snils, said.snils)]

    def outside(self, said: ParsedGraduate) -> list[Stranger]:
        found = [s for s in self._strangers_by_key.get(said.identity, ()) if _may_be_one(s.snils, said.snils)]
        found += self._strangers_by_snils.get(said.snils or "", [])
        return list(dict.fromkeys(found))


def _may_be_one(known: str, said: str | None) -> bool:
    return not (known and said and known != said)


def find_people(session: Session, *, said: Sequence[ParsedGraduate], viewer: Viewer, agency_id: int) -> People:
    """All cards of the names and numbers of a file, each with the facts that it is compared by."""
    people = People()
    visible = visible_to(viewer)
    names = sorted({graduate.identity[0] for graduate in said})
    numbers = sorted({graduate.snils for graduate in said if graduate.snils})
    births = {graduate.birth_date for graduate in said}
    found: set[int] = set()
    everybody: set[Stranger] = set()
    for condition in _conditions(names, numbers):
        everybody |= set(_rows(session, condition & Graduate.deleted_at.is_(None), births))
        found |= {row.id for row in _rows(session, condition & visible, births)}
    people.strangers = sorted((row for row in everybody if row.id not in found), key=lambda row: row.id)
    for ids in _chunks(sorted(found)):
        people.cards += session.scalars(select(Graduate).where(Graduate.id.in_(ids)).options(*FACTS))
        people.editable |= set(session.scalars(select(Graduate.id).where(Graduate.id.in_(ids), editable_by(viewer))))
    people.index(agency_id=agency_id)
    return people


def _conditions(names: list[str], numbers: list[str]) -> Iterator[ColumnElement[bool]]:
    for chunk in _chunks(names):
        yield Graduate.name_key.in_(chunk)
    for chunk in _chunks(numbers):
        yield Graduate.snils.in_(chunk)


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _rows(session: Session, condition: ColumnElement[bool], births: set[date]) -> Iterator[Stranger]:
    columns = (Graduate.id, Graduate.name_key, Graduate.birth_date, Graduate.snils)
    for row in session.execute(select(*columns).where(condition)):
        if row.birth_date in births or row.snils:
            yield Stranger(*row)
