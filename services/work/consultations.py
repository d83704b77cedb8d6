"""Talks and consultations (Ж-6), calls among them, and the minutes of a talk (П-1)."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import body_readable as body_readable
from models.case_access import may_record
from models.support import FieldGroup
from models.users import Role
from models.work import Consultation, ConsultationKind, ConsultationMinutes
from services import field_groups
from services.cases.common import hold
from services.errors import need
from services.work import entry


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    held_on: date,
    kind: ConsultationKind = ConsultationKind.TALK,
    channel_code: str | None = None,
    topic: str,
    content: str = "",
    outcome_code: str | None = None,
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> Consultation:
    """Register a talk on the day it was held. Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(held_on, by=by, field="held_on")
    need(topic.strip(), "Укажите тему.", field="topic")
    graduate = entry.person(session, graduate_id=graduate_id, on=held_on, by=by, day_field="held_on")
    consultation = Consultation(
        agency_id=agency_id,
        graduate=graduate,
        held_on=held_on,
        kind=kind,
        channel_code=channel_code,
        topic=topic.strip(),
        content=content.strip(),
        outcome_code=outcome_code,
    )
    entry.keep(session, consultation, on=held_on, specialist=specialist, by=by, now=now)
    return consultation


# -- Minutes ---------------------------------------------------------------------------------------------------------


def draw_up(
    session: Session,
    *,
    consultation: Consultation,
    drawn_on: date,
    time_from: time | None = None,
    time_to: time | None = None,
    place: str = "",
    next_on: date | None = None,
    is_signed: bool = False,
    is_remote: bool = False,
    body: dict[str, str],
    by: Viewer,
    now: datetime,
) -> ConsultationMinutes:
    """The minutes of a talk, one that stand for each, with a number of their own. Raises Refused.

    `body`: what only the author and the head read, by the names of models.work.BODY_OF_MINUTES.
    """
    entry.check_right(by, consultation.agency_id)
    hold(session, consultation)
    need(consultation.annulled_on is None, "Беседа аннулирована: протокол к ней не составляют.")
    m = ConsultationMinutes
    standing = select(m).where(m.consultation_id == consultation.id, m.annulled_on.is_(None))
    kept = session.scalars(standing).first()
    need(kept is None, f"Протокол этой беседы уже есть: № {kept.number_text if kept else ''}.")
    entry.check_day(drawn_on, by=by, field="drawn_on")
    need(drawn_on >= consultation.held_on, "Протокол не может быть составлен раньше беседы.", field="drawn_on")
    check_times(time_from, time_to)
    check_next(consultation.held_on, next_on)
    minutes = ConsultationMinutes(
        agency_id=consultation.agency_id,
        graduate=consultation.graduate,
        consultation=consultation,
        drawn_on=drawn_on,
        time_from=time_from,
        time_to=time_to,
        place=place.strip(),
        next_on=next_on,
        is_signed=is_signed,
        is_remote=is_remote,
        **{name: text.strip() for name, text in body.items()},
    )
    with session.no_autoflush:  # The talk is known already, the minutes have no number yet.
        entry.keep(session, minutes, on=drawn_on, specialist="", by=by, now=now)
    return minutes


def check_times(time_from: time | None, time_to: time | None) -> None:
    is_ordered = time_from is None or time_to is None or time_to >= time_from
    need(is_ordered, "Беседа не может закончиться раньше, чем началась.", field="time_to")


def check_next(held_on: date, next_on: date | None) -> None:
    need(next_on is None or next_on > held_on, "Следующая встреча – после этой беседы.", field="next_on")


def may_read_body(session: Session, *, viewer: Viewer, minutes: ConsultationMinutes) -> bool:
    """The author, the head of the organisation that keeps the minutes, and whoever reads the group «psychology»."""
    if minutes.created_by_id is not None and minutes.created_by_id == viewer.user_id:
        return True
    if viewer.role is Role.HEAD and viewer.agency_id == minutes.agency_id:
        return True
    group = FieldGroup.PSYCHOLOGY.value
    return field_groups.may_read(session, viewer=viewer, graduate=minutes.graduate, group=group)


def may_change(session: Session, *, viewer: Viewer, minutes: ConsultationMinutes) -> bool:
    """Nobody changes what he may not read."""
    is_own = may_record(viewer, minutes.agency_id) and minutes.annulled_on is None
    return is_own and may_read_body(session, viewer=viewer, minutes=minutes)
