"""Internal notes of one side, and read receipts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReferralNote, ReferralReading
from services.errors import need
from services.exchange.common import who
from services.upserting import insert_into


def note(
    session: Session, *, referral: Referral, text: str, form_token: str = "", by: Viewer, now: datetime
) -> ReferralNote:
    """A note that only the user's own organisation reads; it never travels."""
    need(text.strip(), "Напишите заметку.", field="text")
    written = ReferralNote(
        agency_id=by.agency_id,
        author_id=by.user_id,
        who=who(session, by),
        text=text.strip(),
        at=now,
        form_token=form_token or None,
    )
    referral.notes.append(written)
    session.flush()
    return written


def notes_of(session: Session, *, referral: Referral, by: Viewer) -> list[ReferralNote]:
    """Notes of the user's own organisation; nobody reads those of another, administrators neither."""
    query = select(ReferralNote).where(ReferralNote.referral_id == referral.id, ReferralNote.agency_id == by.agency_id)
    return list(session.scalars(query.order_by(ReferralNote.id)))


def read(session: Session, *, referral: Referral, by: Viewer, now: datetime) -> bool:
    """Note that somebody of the recipient has opened the letter for the first time: its read receipt."""
    if by.user_id is None or by.agency_id != referral.recipient_id or referral.sent_at is None:
        return False
    row = {
        "referral_id": referral.id,
        "user_id": by.user_id,
        "agency_id": by.agency_id,
        "who": who(session, by),
        "at": now,
    }
    statement = insert_into(session, ReferralReading).values(row).on_conflict_do_nothing()
    return bool(session.execute(statement.returning(ReferralReading.id)).first())


def readings_of(session: Session, *, referral: Referral) -> list[ReferralReading]:
    query = select(ReferralReading).where(ReferralReading.referral_id == referral.id)
    return list(session.scalars(query.order_by(ReferralReading.at)))
