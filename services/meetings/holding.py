"""A meeting takes place: who came, whether that is enough, the number of its minutes; or it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from models.access import Viewer
from models.meetings import Meeting, MeetingStatus
from models.text import plural
from services import numbering
from services.errors import need
from services.meetings import invitations, sittings
from services.meetings.common import held, need_planned, need_writable


@dataclass(frozen=True)
class Quorum:
    """How many members there are on the day, how many came, how many have to: exactly the part is enough."""

    total: int
    present: int
    needed: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)

    @property
    def is_there(self) -> bool:
        return self.total > 0 and self.missing == 0


def quorum_of(meeting: Meeting) -> Quorum | None:
    """Of a sitting of a body; None: there is nothing to count. Who came instead of a member does not count."""
    if meeting.body is None:
        return None
    members = [one for one in meeting.attendees if one.member_id is not None]
    total = meeting.members_total if meeting.status is MeetingStatus.HELD else len(members)
    needed = -(-total * meeting.body.quorum_part // meeting.body.quorum_of)
    return Quorum(total, sum(one.is_present for one in members), needed)


def mark(
    session: Session,
    *,
    meeting: Meeting,
    present: Collection[int],
    was_present: Collection[int],
    stand_ins: Mapping[int, str] | None = None,
    were_stand_ins: Mapping[int, str] | None = None,
    by: Viewer,
) -> int:
    """Mark who came; how many lines changed. Raises Refused.

    Only what differs from what the page had shown (`was_present`, `were_stand_ins`) is written, so that two who mark
    at once keep one another's marks.
    """
    meeting = held(session, meeting)
    need_writable(by, meeting)
    came, left = set(present) - set(was_present), set(was_present) - set(present)
    before = were_stand_ins or {}
    told = {key: text.strip() for key, text in (stand_ins or {}).items() if text.strip() != before.get(key, "").strip()}
    changed = 0
    for one in meeting.attendees:
        if one.id in came or one.id in left or one.id in told:
            changed += 1
            one.is_present = one.id in came or (one.is_present and one.id not in left)
            one.stand_in = told.get(one.id, one.stand_in)[:500]
        absent = not (one.is_present and one.stand_in)
        need(absent, f"{one.name}: либо пришёл сам, либо вместо него другой.", field=f"stand_in-{one.id}")
    if meeting.status is MeetingStatus.HELD:
        _need_quorum(meeting)
    session.flush()
    return changed


def hold(
    session: Session,
    *,
    meeting: Meeting,
    chair: str = "",
    secretary: str = "",
    summary: str = "",
    by: Viewer,
) -> Meeting:
    """The meeting took place: its minutes get their number, the members of the day are counted. Raises Refused."""
    meeting = held(session, meeting)
    need_planned(by, meeting)
    day = f"{meeting.held_on:%d.%m.%Y}"
    need(meeting.held_on <= by.on, f"Встреча назначена на {day}: раньше её не проводят. Измените день.")
    if meeting.body is None:
        need(any(one.is_present for one in meeting.attendees), "Отметьте, кто пришёл.")
    _need_quorum(meeting)
    need(meeting.body is None or chair.strip(), "Укажите, кто вёл заседание.", field="chair")
    members = [one for one in meeting.attendees if one.member_id is not None]
    meeting.chair, meeting.secretary = chair.strip(), secretary.strip()
    meeting.summary = summary.strip() or meeting.summary
    meeting.members_total = len(members)
    numbering.assign(session, record=meeting, on=meeting.held_on)
    meeting.status = MeetingStatus.HELD
    session.flush()
    return meeting


def _need_quorum(meeting: Meeting) -> None:
    quorum = quorum_of(meeting)
    if quorum is None:
        return
    need(quorum.total, "В составе на этот день никого нет: введите членов органа.")
    short = quorum.missing
    people = plural(short, "члена", "членов", "членов")
    need(
        quorum.is_there,
        f"Кворума нет: не хватает {short} {people} (пришли {quorum.present} из {quorum.total}, "
        f"нужно {quorum.needed}). Отметьте пришедших или запишите, что заседание не состоялось.",
    )


def fail(session: Session, *, meeting: Meeting, note: str = "", by: Viewer, now: datetime) -> None:
    """«Заседание не состоялось»: too few came. Raises Refused."""
    meeting = held(session, meeting)
    need_planned(by, meeting)
    quorum = quorum_of(meeting)
    need(quorum is not None, "Кворум нужен только заседанию органа: отмените встречу с причиной.")
    assert quorum
    need(not quorum.is_there, "Кворум есть: заседание можно провести.")
    need(meeting.held_on <= by.on, f"Заседание назначено на {meeting.held_on:%d.%m.%Y}: его ещё не было.")
    came = f"пришли {quorum.present} из {quorum.total}, нужно {quorum.needed}"
    told = f"Заседание не состоялось, кворума нет: {came}"
    _cancel(session, meeting, ". ".join(filter(None, (told, note.strip()))), by, now)


def cancel(session: Session, *, meeting: Meeting, reason: str, by: Viewer, now: datetime) -> None:
    """It will not take place; whoever was invited by a letter is told. Raises Refused."""
    meeting = held(session, meeting)
    need_planned(by, meeting)
    need(reason.strip(), "Укажите причину.", field="reason")
    _cancel(session, meeting, reason.strip(), by, now)


def _cancel(session: Session, meeting: Meeting, reason: str, by: Viewer, now: datetime) -> None:
    meeting.cancelled_reason, meeting.status = reason[:500], MeetingStatus.CANCELLED
    session.flush()
    invitations.tell(session, meeting=meeting, text=f"Встреча отменена: {reason.rstrip('.')}.", by=by, now=now)


def postpone(
    session: Session,
    *,
    meeting: Meeting,
    held_on: date | None,
    starts_at: time | None,
    place: str,
    reason: str = "",
    by: Viewer,
    now: datetime,
) -> int:
    """Move a meeting; how many who were invited by a letter have been told. Raises Refused."""
    before = (meeting.held_on, meeting.starts_at, meeting.place)
    sittings.move(session, meeting=meeting, held_on=held_on, starts_at=starts_at, place=place, by=by)
    if (meeting.held_on, meeting.starts_at, meeting.place) == before:
        return 0
    why = f" Причина: {reason.strip().rstrip('.')}." if reason.strip() else ""
    told = f"Встреча перенесена: {invitations.when_and_where(meeting)}.{why}"
    return invitations.tell(session, meeting=meeting, text=told, by=by, now=now)
