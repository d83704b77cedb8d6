"""Short builders of councils and meetings, made by their verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.meetings import AgendaItem, AgendaKind, Body, BodyMember, Decision, Meeting, MeetingKind
from models.territory import Agency
from models.users import User
from services.meetings import bodies, decisions, holding, sittings
from tests.conftest import NOW, TODAY

SINCE = date(2026, 1, 12)
DAY = TODAY  # Of a sitting that can be held at once.


def seen_by(session: Session, user: User, on: date = TODAY) -> Viewer:
    return Viewer.of(session, user, on)


def make_body(session: Session, user: User, *names: str, agency: Agency | None = None, **fields: Any) -> Body:
    """A body of the user's organisation, or of `agency`, with members of these names since its first day."""
    by = seen_by(session, user)
    fields = {"name": "Координационный совет", "starts_on": SINCE, **fields}
    body = bodies.create(session, agency_id=(agency or user.agency).id, by=by, **fields)
    for name in names:
        make_member(session, user, body, name)
    return body


def make_member(session: Session, user: User, body: Body, name: str, **fields: Any) -> BodyMember:
    member = bodies.Seat(name=name, **{"starts_on": body.starts_on, **fields})
    return bodies.seat(session, body=body, member=member, by=seen_by(session, user))


def make_meeting(session: Session, user: User, body: Body | None = None, **fields: Any) -> Meeting:
    """A sitting of a body, else a methodical meeting."""
    kind = MeetingKind.SITTING if body is not None else MeetingKind.METHODICAL
    told = {"kind": kind, "topic": "О выпускниках этого года", "held_on": DAY, **fields}
    return sittings.plan(
        session,
        agency_id=user.agency_id,
        body_id=body.id if body is not None else None,
        by=seen_by(session, user),
        now=NOW,
        **told,
    )


def make_item(session: Session, user: User, meeting: Meeting, title: str = "Итоги лета", **fields: Any) -> AgendaItem:
    question = sittings.Question(kind=fields.pop("kind", AgendaKind.OTHER), title=title, **fields)
    return sittings.add_item(session, meeting=meeting, question=question, by=seen_by(session, user))


def make_decision(session: Session, user: User, item: AgendaItem, to: Agency | None = None, **fields: Any) -> Decision:
    told = {"text": "Принять к сведению и доложить", "addressee_id": to.id if to else None, **fields}
    if to is None:
        told.setdefault("addressee", "Администрация округа")
    said = decisions.Said(**told)
    return decisions.decide(session, item=item, said=said, by=seen_by(session, user), now=NOW)


def come(session: Session, user: User, meeting: Meeting, number: int | None = None) -> None:
    """The first `number` of the list, or all of it, came."""
    ids = [one.id for one in meeting.attendees][:number]
    holding.mark(session, meeting=meeting, present=ids, was_present=(), by=seen_by(session, user))


def make_held(session: Session, user: User, body: Body | None = None, **fields: Any) -> Meeting:
    """A meeting that took place with everybody there."""
    meeting = make_meeting(session, user, body, **fields)
    if body is None:
        sittings.invite(session, meeting=meeting, agency_id=None, name=user.name, by=seen_by(session, user))
    come(session, user, meeting)
    return holding.hold(session, meeting=meeting, chair="Галина Главная", by=seen_by(session, user))
