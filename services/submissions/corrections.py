"""What an approved period says, and what the records say by now: figures and rows do not move silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.submissions import RowState, Submission
from reports.base import Desk
from reports.completeness import NUMBER
from reports.figures import FiguresReport, Part
from reports.outputs import part_from_json
from services.submissions import rows
from services.submissions.common import parameters_of, report_of
from services.submissions.content import columns_of, is_list, text_of

EVENTS = 200
FIRST = 3  # Later records told of a person.


@dataclass(frozen=True)
class Moved:
    """A figure or a column that is another one now; `key` names the records behind a figure."""

    where: str
    was: str
    now: str
    key: str = ""


@dataclass(frozen=True)
class MovedRow:
    """A person whose row would be printed differently today, and the later changes of the card, newest first."""

    graduate_id: int | None
    name: str
    what: tuple[Moved, ...]
    later: tuple[tuple[datetime, str, str], ...] = ()  # when, who, table


def figures_moved(submission: Submission, now: Sequence[Part]) -> list[Moved]:
    """Figures of an approved report that are others in the same report made now."""
    current = {
        (part.key, line.code, place): figure
        for part in now
        for line in part.lines
        for place, figure in enumerate(line.figures)
    }
    found = []
    for part in (part_from_json(one) for one in submission.content.get("parts", ())):
        for line in part.lines:
            for place, figure in enumerate(line.figures):
                other = current.get((part.key, line.code, place))
                if other is None or other.value == figure.value:
                    continue
                heading = part.headings[place] if len(part.headings) > 1 else ""
                where = ", ".join(text for text in (part.title, line.label, heading) if text)
                found.append(Moved(where, figure.text, other.text, other.key))
    return found


def moved_figures(session: Session, *, submission: Submission, today: date) -> list[Moved]:
    """The same, with the report made anew."""
    report = report_of(submission)
    if not isinstance(report, FiguresReport):
        return []
    desk = Desk(session, rows.viewer_of(session, submission, today=today), parameters_of(submission))
    return figures_moved(submission, report.parts(desk))


def moved_rows(session: Session, *, submission: Submission, today: date) -> list[MovedRow]:
    """People of an approved list who would stand in it otherwise today, with what was recorded since."""
    if not is_list(report_of(submission)):
        return []
    there = rows.known(session, submission.id)
    now = {row["graduate_id"]: row for row in rows.fresh(session, submission, today=today)}
    titles = {column.key: column.heading for column in columns_of(submission) if column.key != NUMBER}
    found = []
    for number in [*there, *(one for one in now if one not in there)]:
        what = _difference(there.get(number), now.get(number), titles)
        if what:
            name = there[number].values["name"] if number in there else now[number]["name"]
            found.append(MovedRow(number, name, what))
    return _with_later(session, submission, found)


def _difference(was: rows.Known | None, now: rows.Wanted | None, titles: dict[str, str]) -> tuple[Moved, ...]:
    stood = was is not None and was.values["state"] == RowState.INCLUDED
    stands = now is not None and now["state"] != RowState.LEFT_OUT
    if stood and not stands:
        return (Moved("Строка", "есть в отчёте", now["reason"] if now else rows.GONE),)
    if not stood and stands:
        reason = was.values["reason"] if was else "не было"
        return (Moved("Строка", reason, "вошла бы в отчёт"),)
    if was is None or now is None or not stood:
        return ()
    pairs = ((key, text_of(was.values["cells"].get(key)), text_of(now["cells"].get(key))) for key in titles)
    return tuple(Moved(titles[key], old, new) for key, old, new in pairs if old != new)


def _with_later(session: Session, submission: Submission, found: list[MovedRow]) -> list[MovedRow]:
    """One statement; of each person the last few changes since the approval."""
    ids = [one.graduate_id for one in found if one.graduate_id is not None][: rows.AT_ONCE]
    if not ids or submission.approved_at is None:
        return found
    a = AuditEvent
    query = select(a.graduate_id, a.at, a.user_name, a.subject).where(a.graduate_id.in_(ids))
    query = query.where(a.at > submission.approved_at).order_by(a.seq.desc()).limit(EVENTS)
    later: dict[int | None, list[tuple[datetime, str, str]]] = {}
    for row in session.execute(query):
        told = later.setdefault(row.graduate_id, [])
        if len(told) < FIRST:
            told.append((row.at, row.user_name, row.subject))
    return [MovedRow(one.graduate_id, one.name, one.what, tuple(later.get(one.graduate_id, ()))) for one in found]
