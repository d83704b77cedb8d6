"""Rows of records of support as they are made up, numbered afterwards in the order of their days."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from models import assessments, cases, files, plans, work
from models.base import Model
from models.journals import JournalCounter, Numbered

# Parents stand before their children.
TABLES: tuple[type[Any], ...] = (
    cases.Application,
    cases.Refusal,
    cases.Contract,
    cases.SupportEpisode,
    plans.Plan,
    plans.PlanSphere,
    plans.Measure,
    cases.Conclusion,
    work.Appeal,
    work.Consultation,
    work.ConsultationMinutes,
    work.GroupSession,
    work.GroupParticipant,
    work.Visit,
    work.HousingSurvey,
    work.UrgentAct,
    work.ServiceRecord,
    assessments.MonitoringCard,
    assessments.MonitoringScore,
    files.PersonalFile,
)
AT_ONCE = 500
Row = dict[str, Any]


@dataclass
class Book:
    """All rows of a demonstration; a reference is the row's number in its own table, known at once."""

    common: Row  # what every numbered record says of its making
    rows: dict[type[Any], list[Row]] = field(default_factory=lambda: defaultdict(list))
    days: dict[tuple[type[Any], int], date] = field(default_factory=dict)  # of the numbered: their day

    def add(self, model: type[Any], **values: Any) -> int:
        """A row; its number."""
        number = len(self.rows[model]) + 1
        self.rows[model].append({"id": number, **_blanks(model), **values})
        return number

    def add_numbered(self, model: type[Numbered], on: date | None, **values: Any) -> int:
        """A row of a journal; without a day it has no number (yet)."""
        number = self.add(model, **{**self.common, **values})
        if on is not None:
            self.days[model, number] = on
        return number

    def row(self, model: type[Any], number: int) -> Row:
        return self.rows[model][number - 1]

    def write(self, session: Session) -> None:
        """Number what has a day, then store everything."""
        counters = dict(self._number())
        for model in TABLES:
            rows = self.rows[model]
            for start in range(0, len(rows), AT_ONCE):
                session.execute(insert(model), rows[start : start + AT_ONCE])
        if counters:
            names = ("agency_id", "journal", "year")
            session.execute(
                insert(JournalCounter),
                [
                    {**dict(zip(names, key, strict=True)), "last_number": last, "starts_after": 0}
                    for key, last in counters.items()
                ],
            )
        if session.get_bind().dialect.name == "postgresql":
            for model in TABLES:
                table = model.__tablename__
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                session.execute(
                    text(f"SELECT setval({sequence}, coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}")
                )

    def _number(self) -> Iterator[tuple[tuple[int, str, int], int]]:
        last: dict[tuple[int, str, int], int] = defaultdict(int)
        for (model, number), on in sorted(self.days.items(), key=lambda item: (item[1], item[0][1])):
            row = self.row(model, number)
            key = (row["agency_id"], model.__journal__, on.year)
            last[key] += 1
            row["year"], row["number"] = on.year, last[key]
        yield from last.items()


def _blanks(model: type[Model]) -> Row:
    """Every column with its own default: rows stored together must have the same columns."""
    blank: Row = {}
    for column in model.__table__.columns:
        default = getattr(column.default, "arg", None)
        if column.name != "id":
            blank[column.name] = None if callable(default) else default
    return blank
