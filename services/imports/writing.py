"""Writing the planned rows into the cards, and remembering how to take each back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.people import OfGraduate
from models.territory import Agency, AgencyKind
from services.audit import plain
from services.graduates import note_responsibility, sex_of
from services.imports.compare import compare
from services.imports.plan import PlannedRow

PORTION = 50
# What a form changes in the card's own row; the rest of it is derived anew from the records.
OWN_COLUMNS = frozenset({"last_name", "first_name", "patronymic", "former_names", "birth_date", "snils"})


@dataclass
class Written:
    """A row that was written: its card, the records that it added, the columns that it changed."""

    row: PlannedRow
    card: Graduate
    is_created: bool = False
    added: list[OfGraduate] = field(default_factory=list)
    changed: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)

    def undo(self) -> dict[str, Any]:
        """As the batch keeps it; ids are known only after the flush."""
        return {
            "created": self.is_created,
            "added": [[type(row).__tablename__, row.id] for row in self.added],  # type: ignore[attr-defined]
            "changed": [[type(row).__tablename__, row.id, old] for row, old in self.changed],
        }


def write_rows(
    session: Session, *, rows: Sequence[PlannedRow], agency: Agency, viewer: Viewer, on: date
) -> list[Written]:
    """Create and update; flushed in portions, because a flush grows dearer with its size."""
    written: list[Written] = []
    waiting = [row for row in rows if row.outcome in ("create", "update")]
    for start in range(0, len(waiting), PORTION):
        with session.no_autoflush:
            for row in waiting[start : start + PORTION]:
                if row.outcome == "create":
                    written.append(_create(session, row, agency=agency, viewer=viewer, on=on))
                else:
                    written.append(_update(session, row))
        session.flush()
    return written


def _create(session: Session, row: PlannedRow, *, agency: Agency, viewer: Viewer, on: date) -> Written:
    said, statement = row.parsed.graduate, row.statement
    assert said is not None
    assert statement is not None
    card = Graduate(
        last_name=said.last_name,
        first_name=said.first_name,
        patronymic=said.patronymic,
        former_names="",
        birth_date=said.birth_date,
        snils="",
        sex=sex_of(said.patronymic),
        agency_id=agency.id,
        origin_district_id=_origin(agency, viewer),
    )
    for change in compare(card, said, statement):
        change.write()
    note_responsibility(card, on=on, ground="загрузка формы")
    session.add(card)
    return Written(row, card, is_created=True)


def _origin(agency: Agency, viewer: Viewer) -> int | None:
    """A guardianship body of one district lists the people of that district."""
    if agency.kind is not AgencyKind.GUARDIANSHIP:
        return None
    districts = {
        served.district_id for served in agency.served if served.ends_on is None or served.ends_on >= viewer.on
    }
    return districts.pop() if len(districts) == 1 else None


def _update(session: Session, row: PlannedRow) -> Written:
    card = row.card
    assert card is not None
    known = set(_parts(card))
    for change in row.changes:
        change.write()
    added = [part for part in _parts(card) if part not in known]
    changed = [(record, old) for record in (card, *known) if (old := _old_values(record))]
    return Written(row, card, added=added, changed=changed)


def _parts(card: Graduate) -> list[Any]:
    """The child rows that a form writes."""
    return [
        *card.placements,
        *card.studies,
        *card.employments,
        *card.family_statuses,
        *card.housings,
        *card.addresses,
        *card.situations,
        *card.problems,
    ]


def _old_values(record: Any) -> dict[str, Any]:
    state = inspect(record)
    old: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        if isinstance(record, Graduate) and attribute.key not in OWN_COLUMNS:
            continue
        history = state.attrs[attribute.key].history
        if history.has_changes():
            old[attribute.key] = plain(history.deleted[0]) if history.deleted else None
    return old
