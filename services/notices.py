"""Notifications from the state of obligations on a day: who is told what, each thing once.

One notification stands for all obligations of a rule whose state changed on the same day. Its key makes it single
however often and wherever at once the run is repeated; the audit keeps which days have been told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.deadlines import Deadline, State, state_on
from models.notifications import NoticeKind, Notification
from models.reckoning import Unit
from models.regulations import DeadlineRule
from models.territory import Agency
from services.audit import record_action
from services.notice_audience import FOR_HEADS, Audience, load_audience, with_whose
from services.notice_texts import ORDER, Told, recomputed, sentence
from services.production_calendar import missing_decree
from services.upserting import insert_into

RUN = "remind"  # Subject of the audit's line about a finished run.
RUNS_LOOKED_AT = 200  # A run for a day of the future is no reason to tell nothing until then.
BATCH = 500
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Inform = tuple[int, NoticeKind, int, date, bool]  # User, kind, rule, day of the change, whether it came late.


@dataclass(frozen=True)
class Run:
    """A finished run: the day up to which it told, and when it began."""

    on: date
    at: datetime


@dataclass
class _Group:
    """What is told together."""

    count: int = 0
    first_id: int = 0
    first_due: date = date.max
    last_due: date = date.min
    graduate_id: int | None = None
    achieved: int = 0
    required: int = 1
    agencies: set[int] = field(default_factory=set)

    def add(self, row: Any) -> None:
        self.first_id = min(self.first_id or row.first_id, row.first_id)
        self.count += row.count
        self.first_due, self.last_due = min(self.first_due, row.first_due), max(self.last_due, row.last_due)
        self.graduate_id, self.achieved, self.required = row.graduate_id, row.achieved, row.required
        self.agencies.add(row.agency_id)

    def told(self, agencies: Mapping[int, str]) -> Told:
        senders = [agencies[agency_id] for agency_id in self.agencies]
        if self.count > 1:
            return Told(self.count, self.first_due, self.last_due, senders=senders)
        return Told(1, self.first_due, self.last_due, self.graduate_id, self.achieved, self.required, senders)


@dataclass(frozen=True)
class _Change:
    """A state that is told: its kind, the day on which it began, which obligations are in it.

    `in_time`: it began after the last run. `late`: it began before, but the obligation was made after that run.
    """

    kind: NoticeKind
    day: Any
    condition: ColumnElement[bool]
    in_time: ColumnElement[bool]
    late: ColumnElement[bool]


# -- The daily run ---------------------------------------------------------------------------------------------------


def notify(session: Session, *, on: date, since: date, now: datetime, made_after: datetime | None = None) -> int:
    """Tell of every state that began after `since` and holds on `on`; how many notifications are new.

    Obligations made after `made_after` whose state had begun by `since` (a fact entered later) are told too.
    """
    audience = load_audience(session)
    groups: dict[Inform, _Group] = defaultdict(_Group)
    began_before = exists().where(Deadline.opens_on <= since, Deadline.created_at > (made_after or now))
    has_late = made_after is not None and bool(session.scalar(select(began_before)))
    for change in _changes(session, on, since, made_after):
        _gather(session, groups, audience, change, on, is_late=False)
        if has_late:
            _gather(session, groups, audience, change, on, is_late=True)
    rows = [*_rows(session, groups, now), *_about_calendar(session, audience, on, now)]
    return _insert(session, audience, rows)


def notify_since_last_run(session: Session, *, on: date, now: datetime) -> int:
    """`notify` from where the last run ended, and a line of the audit that says so in the same transaction.

    The first run of an installation tells what is open by then, as of this day.
    """
    last = last_run(session, on=on) or Run(on - timedelta(days=1), LONG_AGO)
    made = notify(session, on=on, since=last.on, now=now, made_after=last.at)
    record_action(session, subject=RUN, subject_id=None, payload={"on": [None, on.isoformat()], "made": [None, made]})
    return made


def last_run(session: Session, *, on: date) -> Run | None:
    """The newest finished run for this day or an earlier one."""
    query = (
        select(AuditEvent.payload, AuditEvent.at)
        .where(AuditEvent.subject == RUN, AuditEvent.subject_id.is_(None))
        .order_by(AuditEvent.seq.desc())
        .limit(RUNS_LOOKED_AT)
    )
    runs = (Run(date.fromisoformat(payload["on"][1]), at) for payload, at in session.execute(query) if payload)
    return next((run for run in runs if run.on <= on), None)


# -- One obligation, in the transaction that changed it --------------------------------------------------------------


def tell_recomputed(session: Session, *, deadline: Deadline, old_due: date, now: datetime) -> int:
    """The legal date of an open obligation moved because a fact was corrected."""
    if deadline.is_settled or deadline.due_on == old_due:
        return 0
    key = f"recomputed:{deadline.id}:{old_due:%Y%m%d}-{deadline.due_on:%Y%m%d}:{now:%Y%m%d%H%M%S}"
    text = recomputed(deadline.rule.title, _single(deadline), old_due)
    return _tell(session, deadline, NoticeKind.RECOMPUTED, key, text, now)


def tell_urgent(session: Session, *, deadline: Deadline, now: datetime) -> int:
    """A duty to be done at once is told at once; the daily run does not repeat it."""
    if deadline.is_settled:
        return 0
    text = sentence(NoticeKind.URGENT, deadline.rule.title, _single(deadline))
    return _tell(session, deadline, NoticeKind.URGENT, _urgent_key(deadline.id), text, now)


def _single(deadline: Deadline) -> Told:
    return Told(1, deadline.due_on, deadline.due_on, deadline.graduate_id, deadline.achieved, deadline.required)


def _tell(session: Session, deadline: Deadline, kind: NoticeKind, key: str, text: str, now: datetime) -> int:
    audience = load_audience(session, agency_id=deadline.agency_id)
    one = select(func.count(Deadline.id)).where(Deadline.id == deadline.id)
    named = [row.whose for row in session.execute(with_whose(one, now.date()))]
    told = audience.receivers(kind, deadline.agency_id, named)
    return _insert(session, audience, [_row(user_id, kind, key, text, deadline.id, now) for user_id in told])


# -- What has changed ------------------------------------------------------------------------------------------------


def _changes(session: Session, on: date, since: date, made_after: datetime | None) -> Iterator[_Change]:
    d, state = Deadline, state_on(on)
    instant = [rule.id for rule in session.scalars(select(DeadlineRule)) if rule.terms.unit is Unit.INSTANT]
    ordinary = d.rule_id.not_in(instant)
    told = exists().where(Notification.deadline_id == d.id, Notification.kind == NoticeKind.URGENT)
    overdue = and_(state == State.OVERDUE, d.due_on < on)
    awaited = and_(overdue, d.recipient_id.is_not(None), d.recipient_id != d.agency_id)
    at_once = and_(state.in_((State.OPEN, State.DUE_SOON)), d.rule_id.in_(instant), ~told)
    soon = case((d.soon_on > d.opens_on, d.soon_on), else_=d.opens_on)
    kinds: list[tuple[NoticeKind, Any, ColumnElement[bool], ColumnElement[bool]]] = [
        (NoticeKind.OPENED, d.opens_on, and_(state == State.OPEN, ordinary), d.opens_on > since),
        (NoticeKind.DUE_SOON, soon, and_(state == State.DUE_SOON, ordinary), soon > since),
        (NoticeKind.URGENT, d.opens_on, at_once, d.opens_on > since),
        (NoticeKind.OVERDUE, d.due_on, overdue, d.due_on >= since),
        (NoticeKind.EXPECTED, d.due_on, awaited, d.due_on >= since),
    ]
    made_later = d.created_at > made_after if made_after else false()
    for kind, day, condition, in_time in kinds:
        yield _Change(kind, day, condition, in_time, and_(~in_time, made_later))


def _gather(
    session: Session, groups: dict[Inform, _Group], audience: Audience, change: _Change, on: date, *, is_late: bool
) -> None:
    """Put the obligations of a change together by those who are told of it."""
    kind = change.kind

    def put(users: Iterable[int], row: Any) -> None:
        for user_id in users:
            groups[user_id, kind, row.rule_id, on if is_late else row.day, is_late].add(row)

    query = _tally(change.day).where(change.late if is_late else change.in_time, change.condition)
    if kind is NoticeKind.EXPECTED:
        for row in session.execute(query.add_columns(Deadline.recipient_id).group_by(Deadline.recipient_id)):
            put(audience.workers.get(row.recipient_id, ()), row)
        return
    heads = audience.heads if kind in FOR_HEADS else {}
    for row in session.execute(with_whose(query, on)):
        named = [row.whose] if row.whose else audience.workers.get(row.agency_id, ())
        put((user_id for user_id in named if user_id not in heads.get(row.agency_id, ())), row)
    for row in session.execute(query) if heads else ():
        put(heads.get(row.agency_id, ()), row)


def _tally(day: ColumnElement[date]) -> Select[Any]:
    """Obligations counted by rule, organisation and day; the least of a single one is the one itself."""
    d = Deadline
    columns: list[Any] = [
        d.rule_id,
        d.agency_id,
        day.label("day"),
        func.count(d.id.distinct()).label("count"),
        func.min(d.id).label("first_id"),
        func.min(d.graduate_id).label("graduate_id"),
        func.min(d.achieved).label("achieved"),
        func.min(d.required).label("required"),
        func.min(d.due_on).label("first_due"),
        func.max(d.due_on).label("last_due"),
    ]
    return select(*columns).group_by(d.rule_id, d.agency_id, day)


# -- Writing ---------------------------------------------------------------------------------------------------------


def _rows(session: Session, groups: Mapping[Inform, _Group], now: datetime) -> Iterator[dict[str, Any]]:
    rule_ids = {rule_id for _, _, rule_id, _, _ in groups}
    titles = {rule.id: rule.title for rule in session.scalars(select(DeadlineRule)) if rule.id in rule_ids}
    agencies = {row.id: row.short_name for row in session.execute(select(Agency.id, Agency.short_name))}
    for (user_id, kind, rule_id, day, is_late), group in groups.items():
        key = _group_key(kind, rule_id, day, group.first_id if is_late else None)
        deadline_id = group.first_id if group.count == 1 else None
        if kind is NoticeKind.URGENT and deadline_id:
            key = _urgent_key(deadline_id)
        yield _row(user_id, kind, key, sentence(kind, titles[rule_id], group.told(agencies)), deadline_id, now)


def _about_calendar(session: Session, audience: Audience, on: date, now: datetime) -> Iterator[dict[str, Any]]:
    """Once a month, until the next year's decree is there."""
    if text := missing_decree(session, on=on):
        for user_id in audience.administrators:
            yield _row(user_id, NoticeKind.CALENDAR, f"calendar:{on:%Y-%m}", text, None, now)


def _group_key(kind: NoticeKind, rule_id: int, day: date, late_id: int | None) -> str:
    return f"{kind.value}:{rule_id}:{day.isoformat()}" + (f"+{late_id}" if late_id else "")


def rule_of(notification: Notification) -> int | None:
    """The rule of whose obligations a notification tells together; None: it tells of one, or of none."""
    found = re.fullmatch(r"\w+:(\d+):\d{4}-.+", notification.key)
    return int(found[1]) if found and notification.deadline_id is None else None


def _urgent_key(deadline_id: int) -> str:
    return f"urgent:{deadline_id}"


def _row(user_id: int, kind: NoticeKind, key: str, text: str, deadline_id: int | None, now: datetime) -> dict[str, Any]:
    return {"user_id": user_id, "kind": kind, "key": key, "text": text, "deadline_id": deadline_id, "at": now}


def _insert(session: Session, audience: Audience, rows: Iterable[dict[str, Any]]) -> int:
    """Those that are not there yet; in one order everywhere, so that two runs never wait for each other in a ring.

    The gravest come last and so stand first in a list of the newest.
    """
    wanted = [row for row in rows if (row["user_id"], row["kind"]) not in audience.refused]
    wanted.sort(key=lambda row: (row["user_id"], -ORDER.index(row["kind"]), row["key"]))
    made = 0
    for start in range(0, len(wanted), BATCH):
        statement = insert_into(session, Notification).values(wanted[start : start + BATCH])
        statement = statement.on_conflict_do_nothing(index_elements=["user_id", "key"])
        made += len(session.scalars(statement.returning(Notification.id)).all())
    return made
