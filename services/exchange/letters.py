"""Numbers of letters: the journals of outgoing and incoming letters (Ж-8, Ж-9; domain §3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Required, TypedDict, Unpack

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Delivery, IncomingLetter, OutgoingLetter, Referral, ReferralMessage
from services import numbering


class Registering(TypedDict, total=False):
    """What is told of a letter that is given a number; `message`: it is an answer, not the letter itself."""

    referral: Required[Referral]
    agency_id: Required[int]
    on: Required[date]
    by: Required[Viewer]
    now: Required[datetime]
    message: ReferralMessage | None
    sheets: int
    delivery: Delivery | None


def register_outgoing(session: Session, **told: Unpack[Registering]) -> OutgoingLetter:
    """Give a letter, or an answer, the next outgoing number of an organisation."""
    letter = OutgoingLetter(**_columns(told), sent_on=told["on"])
    _number(session, letter, told, "outgoing")
    return letter


def register_incoming(session: Session, **told: Unpack[Registering]) -> IncomingLetter:
    """Give a letter that came, or an answer, the next incoming number of an organisation."""
    letter = IncomingLetter(**_columns(told), received_on=told["on"])
    _number(session, letter, told, "incoming")
    return letter


def _columns(told: Registering) -> dict[str, Any]:
    referral, message = told["referral"], told.get("message")
    usual = Delivery.POST if referral.is_on_paper else Delivery.SYSTEM
    return {
        "agency_id": told["agency_id"],
        "referral_id": referral.id,
        "message_id": message.id if message else None,
        "sheets": told.get("sheets", 1),
        "delivery": told.get("delivery") or usual,
        "created_at": told["now"],
        "created_by_id": told["by"].user_id,
    }


def _number(session: Session, letter: OutgoingLetter | IncomingLetter, told: Registering, side: str) -> None:
    numbering.assign(session, record=letter, on=told["on"])
    session.add(letter)
    session.flush()
    session.expire(told["referral"], [side])


def is_registered(referral: Referral, agency_id: int | None) -> bool:
    """Whether the letter itself stands in the incoming journal of an organisation."""
    return any(one.agency_id == agency_id and one.message_id is None for one in referral.incoming)
