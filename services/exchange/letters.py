"""Numbers of letters: the journals of outgoing and incoming letters (Ж-8, Ж-9; domain §3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Delivery, IncomingLetter, OutgoingLetter, Referral, ReferralMessage
from services import numbering


def register_outgoing(
    session: Session,
    *,
    referral: Referral,
    agency_id: int,
    message: ReferralMessage | None = None,
    on: date,
    sheets: int = 1,
    delivery: Delivery | None = None,
    by: Viewer,
    now: datetime,
) -> OutgoingLetter:
    """Give a letter, or an answer, the next outgoing number of an organisation."""
    letter = OutgoingLetter(
        agency_id=agency_id,
        referral_id=referral.id,
        message_id=message.id if message else None,
        sent_on=on,
        sheets=sheets,
        delivery=delivery or (Delivery.POST if referral.is_on_paper else Delivery.SYSTEM),
        created_at=now,
        created_by_id=by.user_id,
    )
    numbering.assign(session, record=letter, on=on)
    session.add(letter)
    session.flush()
    session.expire(referral, ["outgoing"])
    return letter


def register_incoming(
    session: Session,
    *,
    referral: Referral,
    agency_id: int,
    message: ReferralMessage | None = None,
    on: date,
    sheets: int = 1,
    delivery: Delivery | None = None,
    by: Viewer,
    now: datetime,
) -> IncomingLetter:
    """Give a letter that came, or an answer, the next incoming number of an organisation."""
    letter = IncomingLetter(
        agency_id=agency_id,
        referral_id=referral.id,
        message_id=message.id if message else None,
        received_on=on,
        sheets=sheets,
        delivery=delivery or (Delivery.POST if referral.is_on_paper else Delivery.SYSTEM),
        created_at=now,
        created_by_id=by.user_id,
    )
    numbering.assign(session, record=letter, on=on)
    session.add(letter)
    session.flush()
    session.expire(referral, ["incoming"])
    return letter


def is_registered(referral: Referral, agency_id: int | None) -> bool:
    """Whether the letter itself stands in the incoming journal of an organisation."""
    return any(one.agency_id == agency_id and one.message_id is None for one in referral.incoming)
