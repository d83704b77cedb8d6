"""Reads a route: three statements, however long a life is; what a field group hides comes out as a mask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadline_access import deadlines_visible_to, occurrences_visible_to
from models.deadlines import Deadline, Occurrence
from models.graduates import Graduate, Sex
from models.regulations import DeadlineRule
from models.rule_terms import Trigger
from services import field_groups
from services.route import doings, life
from services.route.kinds import MASK, WHATS, Event, Kind

WORDS = {name: dict(what.words.choices()) for name, what in WHATS.items() if what.words is not None}


@cache
def statement() -> CompoundSelect[Any]:
    """Everything of the card and of the records about a person; built once, its parameters are the person's."""
    return union_all(*life.branches(), *doings.branches())


def parameters(graduate: Graduate) -> dict[str, Any]:
    return {"graduate_id": graduate.id, "is_female": graduate.sex is Sex.FEMALE}


def events(
    session: Session,
    *,
    viewer: Viewer,
    graduate: Graduate,
    kinds: Collection[Kind] = (),
    since: date | None = None,
    until: date | None = None,
) -> list[Event]:
    """The route of a visible person, the oldest event first; no kinds: all of them.

    `since` and `until`: what began, ended or lasted between two days.
    """
    groups = field_groups.readable_groups(session, viewer=viewer, graduate=graduate)
    rows = session.execute(statement(), parameters(graduate)).all()
    found = [event for row in rows if (event := _event(row, groups, viewer.user_id)) is not None]
    found += _duties(session, viewer, graduate)
    found += _occurrences(session, viewer, graduate)
    found.sort(key=lambda event: event[0])
    return chosen(found, kinds=kinds, since=since, until=until)


def chosen(
    found: Iterable[Event], *, kinds: Collection[Kind] = (), since: date | None = None, until: date | None = None
) -> list[Event]:
    """Those of some kinds and of a time."""
    return [
        event
        for event in found
        if (not kinds or event.kind in kinds)
        and (until is None or event.on <= until)
        and (since is None or (event.until or event.on) >= since)
    ]


def _event(row: Sequence[Any], groups: frozenset[str], user_id: int) -> Event | None:
    """None for what the viewer may not know to be there at all."""
    name, number, on, until, title, detail, code, numbered, agency_id, annulled_on, is_stated, owner_id = row
    what, is_annulled = WHATS[name], annulled_on is not None
    group = code if name == "attachment" else what.group
    if group and group not in groups and owner_id != user_id:
        if what.kind is Kind.CLOSED:
            return None
        title, detail = MASK, ""
    head = what.head
    if name in WORDS:
        head = f"{head}: {WORDS[name][code]}" if head else WORDS[name][code]
    if numbered:
        head = f"{head} № {numbered}"
    shown = f"{head}: {title}" if head and title else head or title
    shown = shown[:1].upper() + shown[1:]
    return Event(
        on, until, what.kind, name, shown, detail, agency_id, what.subject, number, code, is_annulled, bool(is_stated)
    )


# -- Obligations and events recorded by hand: each has a rule of its own about who sees it ----------------------------


def _duties(session: Session, viewer: Viewer, graduate: Graduate) -> list[Event]:
    """Done, done late, or missed by now."""
    d = Deadline
    query = (
        select(d.id, d.due_on, d.done_on, d.agency_id, DeadlineRule.title)
        .join(DeadlineRule, DeadlineRule.id == d.rule_id)
        .where(d.graduate_id == graduate.id, deadlines_visible_to(viewer), d.closing.is_(None), d.paused_on.is_(None))
    )
    found = []
    for number, due_on, done_on, agency_id, title in session.execute(query):
        if done_on is None and due_on >= viewer.on:
            continue
        name = "duty.missed" if done_on is None else "duty.done" if done_on <= due_on else "duty.late"
        found.append(_told(name, done_on or due_on, title, "", agency_id, number))
    return found


def _occurrences(session: Session, viewer: Viewer, graduate: Graduate) -> list[Event]:
    o = Occurrence
    query = select(o.id, o.happened_on, o.trigger, o.number, o.note, o.agency_id, o.annulled_on).where(
        o.graduate_id == graduate.id, occurrences_visible_to(viewer)
    )
    found = []
    for number, on, trigger, numbered, note, agency_id, annulled_on in session.execute(query):
        title = f"{Trigger(trigger).label} № {numbered}" if numbered else Trigger(trigger).label
        told = _told("occurrence", on, title[:1].upper() + title[1:], note[:300], agency_id, number)
        found.append(told._replace(is_annulled=annulled_on is not None))
    return found


def _told(name: str, on: date, title: str, detail: str, agency_id: int, number: int) -> Event:
    what = WHATS[name]
    shown = f"{what.head}: {title}" if what.head else title
    return Event(on, None, what.kind, name, shown, detail, agency_id, what.subject, number, "", False, False)
