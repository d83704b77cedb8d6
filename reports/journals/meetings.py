"""The journal of meetings, seminars and sittings; a number is that of the minutes (vologda 4.10; krasnoyarsk 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload, selectinload

from models.access import Viewer
from models.graduates import Graduate
from models.journals import Journal
from models.meetings import AgendaItem, Decision, Meeting
from reports.base import Cell, Kind
from reports.journals.base import JournalPaper, Rows, is_called, joined, lines, open_column
from reports.quorum import presence_of


class Meetings(JournalPaper):
    journal, model, day = Journal.MEETINGS, Meeting, "held_on"
    short_title = "Совещания и заседания"
    options = (
        joinedload(Meeting.body),
        selectinload(Meeting.attendees),
        selectinload(Meeting.agenda).selectinload(AgendaItem.decisions).joinedload(Decision.to),
    )
    columns = (
        open_column("№", "number", 6, Kind.NUMBER),
        open_column("Дата", "held_on", 11, Kind.DATE),
        open_column("Вид", "kind", 14),
        open_column("Орган, тема", "topic", 26),
        open_column("Место", "place", 16),
        open_column("Присутствовали (из скольких, кворум)", "present", 17),
        open_column("Повестка", "agenda", 32),
        open_column("Решения", "decisions", 40),
        open_column("Протокол №", "minutes", 11),
    )

    @property
    def mark_index(self) -> int:
        return [column.key for column in self.columns].index("decisions")

    def query(self, viewer: Viewer) -> Rows:
        return select(Meeting, true().label("is_readable")).options(*self.options)

    def names(self, viewer: Viewer, text: str) -> ColumnElement[bool]:
        about = select(AgendaItem.meeting_id).join(Graduate, Graduate.id == AgendaItem.graduate_id)
        return Meeting.id.in_(about.where(is_called(viewer, text)))

    def people(self, record: Meeting, facts: Any) -> tuple[int, ...]:
        """Nobody is named: an agenda has no names, the cards stand behind it."""
        return ()

    def cells(self, record: Meeting, facts: None, book: Any) -> tuple[Cell, ...]:
        return (
            record.number,
            record.held_on,
            record.kind.label,
            joined(record.body.name if record.body else "", record.topic, by=". "),
            record.place,
            present_text(record),
            joined(*(f"{place}. {item.title}" for place, item in enumerate(record.agenda, start=1))),
            joined(*(f"{place}. {text}" for place, text in enumerate(_decisions(record), start=1))),
            record.number_text,
        )


def present_text(meeting: Meeting) -> str:
    """«7 из 12, кворум есть»; of a meeting without members, how many came."""
    came = presence_of(meeting)
    if not came.total:
        return f"{came.guests} чел."
    quorum = ("кворум есть" if came.is_enough else "кворума нет") if meeting.body else ""
    return joined(
        f"{came.present} из {came.total}", quorum, f"приглашённых {came.guests}" if came.guests else "", by=", "
    )


def _decisions(meeting: Meeting) -> Iterator[str]:
    for item in meeting.agenda:
        for decision in item.decisions:
            until = f"до {decision.due_on:%d.%m.%Y}" if decision.due_on else ""
            yield joined(lines(decision.text), addressee(decision), until, by=", ")


def addressee(decision: Decision) -> str:
    return decision.to.short_name if decision.to else decision.addressee
