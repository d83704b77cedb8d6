"""What guardianship and the social centre say about the same people in the same half-year (vologda 2.3, 2.4).

A pair is the last editions of a Приложение 1 and a Приложение 2 of organisations that serve a common district. Its
differences are a work list: they are resolved with a note. An edition that says the same keeps the note; another value,
or another half-year, opens it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, aliased

from models.access import Viewer, served_districts
from models.graduates import Graduate
from models.submission_access import may_resolve
from models.submissions import Discrepancy, DiscrepancyKind, RowState, Submission
from models.text import normalise
from reports import people
from reports.completeness import NUMBER
from reports.period import Period
from services.errors import need
from services.submissions import rows
from services.submissions.content import columns_of, text_of

FIRST, SECOND = "vologda-appendix-1", "vologda-appendix-2"
NOT_COMPARED = frozenset({NUMBER, "problems", "work_done"})  # Each tells of its own problems and its own work.
K = DiscrepancyKind


@dataclass(frozen=True)
class Line:
    """A person of a list, as it was sent."""

    graduate_id: int | None
    name: str
    birth_date: date | None
    said: dict[str, str]

    @property
    def folded(self) -> str:
        return f"{normalise(self.name)}|{self.birth_date or ''}"

    @property
    def key(self) -> str:
        return f"card:{self.graduate_id}" if self.graduate_id is not None else self.folded[:250]


Found = dict[str, Any]


def reconcile_with(session: Session, *, submission: Submission, now: datetime) -> int:
    """Compare what was just sent with its counterparts of the half-year; how many differences stand."""
    if submission.report not in (FIRST, SECOND) or submission.sent_at is None:
        return 0
    half = Period.around(submission.period_to, 6)
    return sum(
        reconcile(session, first=first, second=second, now=now)
        for first, second in pairs(session, half=half)
        if submission.id in (first.id, second.id)
    )


def reconcile_half(session: Session, *, half: Period, now: datetime) -> int:
    """Compare all that was sent in a half-year; how many differences stand."""
    return sum(reconcile(session, first=first, second=second, now=now) for first, second in pairs(session, half=half))


def pairs(session: Session, *, half: Period) -> Iterator[tuple[Submission, Submission]]:
    """The last editions of both forms whose organisations serve a common district."""
    served: dict[int, frozenset[int]] = {}

    def districts(one: Submission) -> frozenset[int]:
        if one.agency_id not in served:
            found = served_districts(session, agency_id=one.agency_id, on=one.period_to)
            served[one.agency_id] = frozenset(found)
        return served[one.agency_id]

    first, second = ([*_latest(session, code, half)] for code in (FIRST, SECOND))
    for one in first:
        for other in second:
            if not districts(one).isdisjoint(districts(other)):
                yield one, other


def _latest(session: Session, code: str, half: Period) -> Iterator[Submission]:
    s, later = Submission, aliased(Submission)
    superseded = select(later.previous_id).where(later.previous_id.is_not(None), later.sent_at.is_not(None))
    query = select(s).where(s.report == code, s.sent_at.is_not(None), s.id.not_in(superseded))
    query = query.where(s.period_to >= half.starts_on, s.period_to <= half.ends_on).order_by(s.agency_id, s.id.desc())
    seen = set()
    for one in session.scalars(query):
        if one.agency_id not in seen:  # Of two windows of a half-year the last one.
            seen.add(one.agency_id)
            yield one


def reconcile(session: Session, *, first: Submission, second: Submission, now: datetime) -> int:
    """Write the differences of a pair; what older editions left open goes, what was settled stays settled."""
    found = list(_compare(session, first, second))
    d = Discrepancy
    there = set(
        session.execute(
            select(d.person_key, d.column_key).where(d.first_id == first.id, d.second_id == second.id)
        ).all()
    )
    new = [one for one in found if (one["person_key"], one["column_key"]) not in there]
    settled = _settled(session, first, second) if new else {}
    for one in new:
        one |= {"first_id": first.id, "second_id": second.id, "found_at": now}
        before = settled.get((one["person_key"], one["column_key"]))
        is_same = before is not None and (before.first_value, before.second_value) == (
            one["first_value"],
            one["second_value"],
        )
        kept = ("resolved_at", "resolved_by_id", "resolution")
        one |= {name: getattr(before, name) if is_same else ("" if name == "resolution" else None) for name in kept}
    if new:
        session.execute(insert(Discrepancy), new)
    older = _older_pair(first, second)
    session.execute(delete(d).where(older, d.resolved_at.is_(None)).execution_options(synchronize_session=False))
    session.flush()
    return len(found)


def _older_pair(first: Submission, second: Submission) -> Any:
    """Pairs of the same two lists of which one edition has been replaced."""
    d, s = Discrepancy, Submission

    def editions(one: Submission) -> Any:
        return select(s.id).where(s.agency_id == one.agency_id, s.report == one.report, s.period_key == one.period_key)

    same = d.first_id.in_(editions(first)) & d.second_id.in_(editions(second))
    return same & ((d.first_id != first.id) | (d.second_id != second.id))


def _settled(session: Session, first: Submission, second: Submission) -> dict[tuple[str, str], Discrepancy]:
    d = Discrepancy
    query = select(d).where(_older_pair(first, second), d.resolved_at.is_not(None)).order_by(d.id)
    return {(one.person_key, one.column_key): one for one in session.scalars(query)}


def _compare(session: Session, first: Submission, second: Submission) -> Iterator[Found]:
    titles = {column.key: column.heading for column in columns_of(first)}
    common = [one.key for one in columns_of(second) if one.key in titles and one.key not in NOT_COMPARED]
    ours, theirs = _lines(session, first, common), _lines(session, second, common)
    by_name = {one.folded: one for one in theirs.values()}
    matched = set()
    for line in ours.values():
        other = theirs.get(line.key) or by_name.get(line.folded)
        if other is None:
            yield _difference(K.ONLY_FIRST, line, first_value="есть в списке", second_value="нет")
            continue
        matched.add(other.key)
        for key in common:
            was, now = line.said[key], other.said[key]
            if normalise(was).rstrip(" .") != normalise(now).rstrip(" ."):
                yield _difference(K.DIFFERS, line, key, titles[key], was, now)
    for line in _of_foster_families(session, [one for key, one in theirs.items() if key not in matched], second):
        yield _difference(K.ONLY_SECOND, line, first_value="нет", second_value="есть в списке")


def _of_foster_families(session: Session, lines: list[Line], second: Submission) -> Iterator[Line]:
    """The social centre lists graduates of all forms of care: only those of foster families belong in both."""
    ids = {line.graduate_id for line in lines if line.graduate_id is not None}
    query = select(Graduate.id).where(Graduate.id.in_(ids), people.was_in_foster_family(second.period_to))
    foster = set(session.scalars(query)) if ids else set()
    return (line for line in lines if line.graduate_id is None or line.graduate_id in foster)


def _lines(session: Session, submission: Submission, keys: list[str]) -> dict[str, Line]:
    found = {}
    for row in rows.known(session, submission.id).values():
        if row.values["state"] == RowState.INCLUDED:
            said = {key: text_of(row.printed(key)) for key in keys}
            line = Line(row.values["graduate_id"], row.values["name"], row.values["birth_date"], said)
            found[line.key] = line
    return found


def _difference(
    kind: DiscrepancyKind,
    line: Line,
    key: str = "",
    title: str = "",
    first_value: str = "",
    second_value: str = "",
) -> Found:
    return {
        "kind": kind,
        "graduate_id": line.graduate_id,
        "person_key": line.key,
        "name": line.name,
        "birth_date": line.birth_date,
        "column_key": key,
        "column_title": title[:500],
        "first_value": first_value,
        "second_value": second_value,
    }


# -- The work list ---------------------------------------------------------------------------------------------------


def resolve(session: Session, *, discrepancy: Discrepancy, resolution: str, by: Viewer, now: datetime) -> None:
    """Who is right, what was corrected. Raises Refused."""
    need(may_resolve(by), "Расхождения разбирает оператор базы данных или координатор.")
    session.refresh(discrepancy, with_for_update=True)
    need(discrepancy.resolved_at is None, f"Это расхождение уже разобрано: {discrepancy.resolution.rstrip('.')}.")
    need(resolution.strip(), "Напишите, чьи сведения верны и что исправлено.", field="resolution")
    need(len(resolution.strip()) <= 500, "Не длиннее 500 знаков.", field="resolution")
    discrepancy.resolved_at, discrepancy.resolved_by_id = now, by.user_id
    discrepancy.resolution = resolution.strip()
    session.flush()


def reopen(session: Session, *, discrepancy: Discrepancy, by: Viewer) -> None:
    """It is not settled after all. Raises Refused."""
    need(may_resolve(by), "Расхождения разбирает оператор базы данных или координатор.")
    need(discrepancy.resolved_at is not None, "Это расхождение ещё не разобрано.")
    discrepancy.resolved_at, discrepancy.resolved_by_id, discrepancy.resolution = None, None, ""
    session.flush()
