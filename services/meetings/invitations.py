"""Letters that invite to a meeting: one to each organisation whose people are asked to come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import OVER, Referral, ReferralStatus
from models.meetings import Meeting, MeetingAttendee
from models.territory import Agency
from services.errors import need
from services.exchange import drafting, workflow
from services.meetings.common import held, letter_kind, letters_about, need_planned

KINDS = ("invitation", "letter")
FAILED = (ReferralStatus.REVOKED, ReferralStatus.DECLINED)


def subject_of(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}"


def letters_of(session: Session, meeting: Meeting) -> list[Referral]:
    return letters_about(session, subject_of(meeting))


def awaiting(session: Session, meeting: Meeting) -> list[tuple[Agency, list[MeetingAttendee]]]:
    """Other organisations of those on the list that no letter has invited yet, and whom of them."""
    asked = {one.recipient_id for one in letters_of(session, meeting) if one.status not in FAILED}
    found: dict[int, tuple[Agency, list[MeetingAttendee]]] = {}
    for one in meeting.attendees:
        if one.agency is not None and one.agency_id not in (meeting.agency_id, *asked):
            found.setdefault(one.agency.id, (one.agency, []))[1].append(one)
    return [(agency, people) for agency, people in found.values() if agency.is_active]


def send(session: Session, *, meeting: Meeting, by: Viewer, now: datetime) -> list[Referral]:
    """Invite every organisation that is not invited yet. Raises Refused."""
    meeting = held(session, meeting)
    need_planned(by, meeting)
    need(meeting.held_on >= by.on, "День встречи прошёл: приглашать некого.")
    waiting = awaiting(session, meeting)
    need(waiting, "Всех, кто есть в списке, уже пригласили. Добавьте организацию в приглашённые.")
    sent = []
    for agency, people in waiting:
        key = letter_kind(session, agency=meeting.agency, codes=KINDS, to=agency.kind, on=by.on)
        told = drafting.Told(recipient_id=agency.id, summary=_summary(meeting), subject=subject_of(meeting))
        letter = drafting.draft(session, kind_key=key, told=told, agency_id=meeting.agency_id, by=by, now=now)
        _say(letter, meeting, people)
        if letter.answer_due_on is not None:
            letter.answer_due_on = min(letter.answer_due_on, meeting.held_on)
        sent.append(workflow.send(session, referral=letter, by=by, now=now))
    return sent


def _summary(meeting: Meeting) -> str:
    return f"{meeting.kind.label.capitalize()} {meeting.held_on:%d.%m.%Y}: {meeting.topic}"[:500]


def _say(letter: Referral, meeting: Meeting, people: list[MeetingAttendee]) -> None:
    """The fields of the kind in their order – when and where, about what, whom – and all of it as a text."""
    names = "; ".join(", ".join(filter(None, (one.name, one.post))) for one in people)
    agenda = "\n".join(f"{number}. {one.title}" for number, one in enumerate(meeting.agenda, start=1))
    about = agenda or meeting.topic
    values = [when_and_where(meeting), about, names]
    labels = [fact["label"] for fact in letter.facts]
    letter.facts = [
        {"label": label, "value": value} for label, value in zip(labels, [*values, *[""] * len(labels)], strict=False)
    ]
    body = meeting.body.name if meeting.body else meeting.topic
    letter.text = f"{body}: {when_and_where(meeting)}.\n\nПовестка:\n{about}\n\nПриглашаем: {names}."


def when_and_where(meeting: Meeting) -> str:
    hour = f" в {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    place = f", {meeting.place}" if meeting.place else ""
    return f"{meeting.held_on:%d.%m.%Y}{hour}{place}"


def tell(session: Session, *, meeting: Meeting, text: str, by: Viewer, now: datetime) -> int:
    """Write to whoever was invited by a letter that is still open; how many."""
    told = 0
    for letter in letters_of(session, meeting):
        is_open = letter.status not in (*OVER, ReferralStatus.DRAFT)
        if is_open and by.agency_id in (letter.sender_id, letter.recipient_id):
            workflow.say(session, referral=letter, text=text, by=by, now=now)
            told += 1
    return told
