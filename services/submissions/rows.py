"""The rows of a draft: who stands in it, who is blocked or left out and why, what changed since the last submission.

Rows are read and written some thousands at a time: their statements do not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.submissions import RowChange, RowState, Submission, SubmissionRow, SubmissionStatus
from reports.base import LeftOut, Parameters, Report
from reports.completeness import NUMBER, SubmittedList, SubmittedRow
from services import reporting
from services.submissions.common import parameters_of, report_of
from services.submissions.content import plain_cell, text_of

AT_ONCE = 500  # Rows named by one statement.
LONGEST = 500
GONE = "выбыл: в списке больше нет"
COLUMNS = (
    *("graduate_id", "position", "name", "birth_date", "cells", "wording", "worded_over", "state", "reason"),
    *("is_by_hand", "change", "changes"),
)


@dataclass
class Known:
    """A row as it stands: of the draft itself, or of what it is compared with."""

    id: int | None
    values: dict[str, Any] = field(default_factory=dict)

    def printed(self, key: str) -> str:
        return text_of(self.values["wording"].get(key) or self.values["cells"].get(key))


Wanted = dict[str, Any]  # The columns of a row.


def viewer_of(session: Session, submission: Submission, *, today: date) -> Viewer:
    """The organisation itself: whoever draws up its report, its own right bounds the rows."""
    return reporting.agency_viewer(session, agency=submission.agency, today=today)


def base_of(session: Session, submission: Submission) -> Submission | None:
    """What the recipients have: the edition before, or the last submission of an earlier period."""
    s = Submission
    query = select(s).where(s.agency_id == submission.agency_id, s.report == submission.report)
    query = query.where(s.status != SubmissionStatus.DRAFT, s.id != submission.id)
    query = query.where(or_(s.id == submission.previous_id, s.period_to <= submission.period_to))
    if submission.specialist_id is not None:
        query = query.where(s.specialist_id == submission.specialist_id)
    latest = (s.id == submission.previous_id).desc(), s.period_to.desc(), s.edition.desc(), s.id.desc()
    return session.scalars(query.order_by(*latest).limit(1)).one_or_none()


# -- What the rows should be -----------------------------------------------------------------------------------------


def wanted(
    session: Session, submission: Submission, report: Report, viewer: Viewer, base: Submission | None
) -> list[Wanted]:
    """The rows as the cards are now, with what was worded and left out by hand; those who are gone come last."""
    assert isinstance(report, SubmittedList)
    parameters = parameters_of(submission)
    mine = known(session, submission.id)
    if not mine and submission.previous_id is not None:
        mine = known(session, submission.previous_id)
    before = known(session, base.id) if base else {}
    before = {number: row for number, row in before.items() if row.values["state"] == RowState.INCLUDED}
    found = [
        _listed(report, line, mine.get(line.graduate_id), before.get(line.graduate_id), parameters)
        for line in report.submitted_rows(session, viewer, parameters)
    ]
    seen = {row["graduate_id"] for row in found}
    for left in report.left_out(session, viewer, parameters):
        if left.graduate_id not in seen:
            seen.add(left.graduate_id)
            found.append(_left_out(left, was_there=left.graduate_id in before))
    found += [_gone(row) for number, row in before.items() if number not in seen]
    for position, row in enumerate(found, start=1):
        row["position"] = position
    return found


def _listed(
    report: SubmittedList, line: SubmittedRow, mine: Known | None, before: Known | None, parameters: Parameters
) -> Wanted:
    row: Wanted = {
        "graduate_id": line.graduate_id,
        "name": line.name[:200],
        "birth_date": line.birth_date,
        "cells": {key: plain_cell(cell) for key, cell in line.cells.items()},
        "wording": dict(mine.values["wording"]) if mine else {},
        "worded_over": dict(mine.values["worded_over"]) if mine else {},
        "is_by_hand": bool(mine and mine.values["is_by_hand"]),
        "state": RowState.INCLUDED,
        "reason": mine.values["reason"] if mine and mine.values["is_by_hand"] else "",
    }
    judge(report, row, parameters, missing=None if row["wording"] else line.missing)
    return row | compared(report, row, before)


def judge(
    report: SubmittedList,
    row: Wanted,
    parameters: Parameters,
    *,
    missing: Sequence[str] | None,
    graduate: Graduate | None = None,
) -> None:
    """Put the state and its reason into a row; `missing` None: to be asked again, because of the office's own words."""
    if row["is_by_hand"]:
        row["state"] = RowState.LEFT_OUT
        return
    if missing is None:
        printed = {**row["cells"], **{key: text for key, text in row["wording"].items() if text}}
        missing = report.completeness(graduate, printed, parameters)
    titles = {column.key: column.heading for column in report.columns}
    stale = [titles.get(key, key) for key in stale_words(row)]
    reasons = [f"Не заполнено: {', '.join(missing)}"] if missing else []
    reasons += [f"Карточка изменилась, проверьте свои слова: {', '.join(stale)}"] if stale else []
    row["reason"] = ". ".join(reasons)[:LONGEST]
    row["state"] = RowState.BLOCKED if reasons else RowState.INCLUDED


def stale_words(row: Wanted) -> list[str]:
    """Columns whose own words were written over something that the card does not say any more."""
    over, cells = row["worded_over"], row["cells"]
    return [key for key in row["wording"] if text_of(over.get(key)) != text_of(cells.get(key))]


def compared(report: SubmittedList, row: Wanted, before: Known | None) -> Wanted:
    """How a row stands to the last submission: a column, what it said, what it says now."""
    if before is None:
        return {"change": RowChange.NEW, "changes": []}
    changes = []
    for column in report.columns:
        if column.key == NUMBER:
            continue
        was, now = before.printed(column.key), text_of(row["wording"].get(column.key) or row["cells"].get(column.key))
        if was != now:
            changes.append({"column": column.heading, "was": was, "now": now})
    return {"change": RowChange.CHANGED if changes else RowChange.SAME, "changes": changes}


def _left_out(left: LeftOut, *, was_there: bool) -> Wanted:
    return {
        **_nothing(left.graduate_id, left.name, left.birth_date),
        "reason": left.reason[:LONGEST],
        "change": RowChange.GONE if was_there else RowChange.SAME,
    }


def _gone(row: Known) -> Wanted:
    values = row.values
    nothing = _nothing(values["graduate_id"], values["name"], values["birth_date"])
    return {**nothing, "reason": GONE, "change": RowChange.GONE}


def _nothing(graduate_id: int | None, name: str, birth_date: date | None) -> Wanted:
    return {
        "graduate_id": graduate_id,
        "name": name[:200],
        "birth_date": birth_date,
        "cells": {},
        "wording": {},
        "worded_over": {},
        "is_by_hand": False,
        "state": RowState.LEFT_OUT,
        "changes": [],
    }


# -- Reading and writing ---------------------------------------------------------------------------------------------


def known(session: Session, submission_id: int) -> dict[int | None, Known]:
    """The rows of a submission by the card, without making objects of them."""
    r = SubmissionRow
    query = select(r.id, *(getattr(r, name) for name in COLUMNS)).where(r.submission_id == submission_id)
    return {
        row.graduate_id: Known(row.id, {name: getattr(row, name) for name in COLUMNS})
        for row in session.execute(query.order_by(r.position))
    }


def known_row(session: Session, submission_id: int, graduate_id: int | None) -> Known | None:
    """A person's row in what was sent."""
    r = SubmissionRow
    query = select(r.id, *(getattr(r, name) for name in COLUMNS)).where(r.submission_id == submission_id)
    query = query.where(r.graduate_id == graduate_id, r.state == RowState.INCLUDED).limit(1)
    row = session.execute(query).one_or_none()
    return Known(row.id, {name: getattr(row, name) for name in COLUMNS}) if row else None


def write(session: Session, submission: Submission, rows: Sequence[Wanted]) -> None:
    """Rows that are there keep their numbers; those that nobody wants any more go."""
    there = known(session, submission.id)
    new, changed = [], []
    for row in rows:
        standing = there.pop(row["graduate_id"], None)
        if standing is None:
            new.append({**row, "submission_id": submission.id})
        elif standing.values != row:
            changed.append({**row, "id": standing.id})
    for some in _parts([one.id for one in there.values() if one.id is not None]):
        session.execute(delete(SubmissionRow).where(SubmissionRow.id.in_(some)))
    if changed:
        session.execute(update(SubmissionRow), changed)
    if new:
        session.execute(insert(SubmissionRow), new)
    session.expire(submission, ["rows"])


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def fresh(session: Session, submission: Submission, *, today: date) -> list[Wanted]:
    """What the rows of a list would be if it were drawn up today with the same parameters."""
    report = report_of(submission)
    viewer = viewer_of(session, submission, today=today)
    return wanted(session, submission, report, viewer, base_of(session, submission))


def differing(rows: Sequence[Wanted], there: Mapping[int | None, Known]) -> list[int | None]:
    """Cards whose printed row is not what it would be now."""
    said = ("state", "cells", "wording")
    left = dict(there)
    found = []
    for row in rows:
        standing = left.pop(row["graduate_id"], None)
        if standing is None or any(standing.values[name] != row[name] for name in said):
            found.append(row["graduate_id"])
    return [*found, *left]
