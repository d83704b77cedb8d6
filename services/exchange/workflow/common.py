"""What the verbs of letters share: whom a letter is told to, how one ends before its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralStatus, ReferralStep
from models.notifications import NoticeKind
from models.users import User
from services.errors import need
from services.exchange import grants
from services.exchange.common import claim
from services.exchange.kinds import ReferralKind
from services.exchange.telling import forget_ahead, tell

S, Step = ReferralStatus, ReferralStep
USUAL_MINUTES = 60  # An emergency is acknowledged within an hour where nobody says otherwise.
MINUTES = "urgent_minutes"  # In session.info: what the installation says.
RUNNING: dict[str, Any] = {"paused_on": None, "pause_reason": ""}
NOT_SENDER = "Это может только отправитель письма."
NOT_RECIPIENT = "Это может только получатель письма."


def allow_minutes(session: Session, minutes: int) -> None:
    """Within how many minutes emergencies sent by this session are to be acknowledged, where nobody says otherwise."""
    session.info[MINUTES] = minutes


def acknowledge_by(kind: ReferralKind, minutes: int, now: datetime) -> datetime | None:
    """Until when an emergency is to be acknowledged: as its kind says, else the installation; None: it is none."""
    return now + timedelta(minutes=kind.acknowledge_minutes or minutes) if kind.is_emergency else None


def tell_of_arrival(session: Session, referral: Referral, now: datetime) -> None:
    is_urgent = referral.acknowledge_by is not None
    kind = NoticeKind.EMERGENCY if is_urgent else NoticeKind.LETTER
    key = f"letter:sent:{now:%Y%m%d%H%M%S}"
    what = f"пришло от: {referral.sender_name}"
    tell(session, referral=referral, agency_id=referral.recipient_id, what=what, key=key, kind=kind, at=now)
    if referral.acknowledge_by is None:
        return
    what = "получение до сих пор не подтверждено"
    for agency_id in (referral.recipient_id, referral.sender_id):
        tell(
            session,
            referral=referral,
            agency_id=agency_id,
            what=what,
            key=f"letter:late:{agency_id}:{now:%Y%m%d%H%M%S}",
            kind=NoticeKind.EMERGENCY,
            at=referral.acknowledge_by,
            to_heads=True,
        )


def tell_sender(session: Session, referral: Referral, what: str, key: str, now: datetime) -> None:
    """Whoever wrote the letter; where that is nobody of the sender any more, all who work there."""
    author = session.get(User, referral.author_id) if referral.author_id is not None else None
    is_there = author is not None and not author.is_locked and author.agency_id == referral.sender_id
    only = [author.id] if author and is_there else []
    tell(session, referral=referral, agency_id=referral.sender_id, what=what, key=f"letter:{key}", at=now, only=only)


def as_read(referral: Referral) -> tuple[ReferralStatus, ...]:
    """The status stays, if it still is what was read: an acceptance in between is not undone."""
    return (referral.status,) if referral.status in (S.RECEIVED, S.ACCEPTED, S.IN_WORK) else ()


def over(
    session: Session,
    referral: Referral,
    step: ReferralStep,
    becomes: ReferralStatus,
    expected: tuple[ReferralStatus, ...],
    reason: str,
    by: Viewer,
    now: datetime,
) -> None:
    need(reason.strip(), "Укажите причину.", field="reason")
    claim(
        session,
        referral=referral,
        step=step,
        expected=expected,
        becomes=becomes,
        by=by,
        now=now,
        note=reason,
        reason=reason.strip(),
        closed_at=now,
        **RUNNING,
    )
    forget_ahead(session, referral=referral, now=now)
    grants.end_cards(session, referral=referral, on=by.on, at_once=True)


def is_entered_for(by: Viewer, agency_id: int | None) -> bool:
    return agency_id is None or by.agency_id != agency_id
