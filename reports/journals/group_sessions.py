"""Ж-5: group sessions, each with the list of those who took part (aistenok 13.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.graduates import Graduate
from models.journals import Journal
from models.work import GroupParticipant, GroupSession
from reports.base import Cell, Kind
from reports.journals.base import (
    Book,
    JournalColumn,
    JournalPaper,
    Rows,
    card_number,
    is_called,
    joined,
    lines,
    open_column,
    ordinal,
    signature,
)

TookPart = dict[int, list[tuple[int, str]]]  # {session: (number of the card, what is said of the person)}


class GroupSessions(JournalPaper):
    journal, model, day = Journal.GROUP_SESSIONS, GroupSession, "held_on"
    short_title = "Групповые занятия"
    columns = (
        ordinal(),
        open_column("Дата", "held_on", 11, Kind.DATE),
        open_column("Время, продолжительность", "time", 12),
        open_column("Тема", "topic", 23),
        open_column("Форма (тренинг, практикум, встреча)", "kind", 15),
        open_column("Место", "place", 16),
        open_column("Ведущий (должность, Ф.И.О.)", "leader", 17),
        open_column("Приглашённые специалисты", "invited", 17),
        JournalColumn("Участники (список)", "people", 28),
        open_column("Кол-во", "count", 7, Kind.NUMBER),
        open_column("Итог", "outcome", 20),
        signature("Подпись ведущего"),
    )

    def query(self, viewer: Viewer) -> Rows:
        return select(GroupSession, true().label("is_readable"))

    def names(self, viewer: Viewer, text: str) -> ColumnElement[bool]:
        took_part = select(GroupParticipant.session_id).join(GroupParticipant.graduate)
        return GroupSession.id.in_(took_part.where(is_called(viewer, text)))

    def gather(self, session: Session, viewer: Viewer, book: Book, records: Sequence[GroupSession]) -> TookPart:
        g = Graduate
        query = (
            select(
                *(GroupParticipant.session_id, g.id, g.last_name, g.first_name, g.patronymic, GroupParticipant.note),
                visible_to(viewer),
            )
            .join(g, g.id == GroupParticipant.graduate_id)
            .where(GroupParticipant.session_id.in_([one.id for one in records]))
            .order_by(GroupParticipant.session_id, GroupParticipant.id)
        )
        found: TookPart = defaultdict(list)
        for session_id, number, *names, note, is_visible in session.execute(query):
            name = joined(*names, by=" ")
            told = joined(name, f"({note})" if note else "", by=" ") if is_visible else card_number(number)
            found[session_id].append((number, told))
        return found

    def cells(self, record: GroupSession, facts: TookPart, book: Book) -> tuple[Cell, ...]:
        people = [told for _, told in facts.get(record.id, ())]
        starts = f"{record.starts_at:%H:%M}" if record.starts_at else ""
        return (
            record.number,
            record.held_on,
            joined(starts, f"{record.minutes} мин" if record.minutes else "", by=", "),
            joined(record.topic, f"программа «{record.programme}»" if record.programme else ""),
            record.kind.label,
            record.place,
            record.specialist,
            record.invited,
            joined(*people),
            len(people),
            lines(record.outcome),
            None,
        )

    def people(self, record: GroupSession, facts: TookPart) -> tuple[int, ...]:
        return tuple(number for number, _ in facts.get(record.id, ()))
