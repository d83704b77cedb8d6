"""Cards that accepted referrals open: from the acceptance until thirty days after the end (access.md, rows 3)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access_grants import AccessGrant
from models.exchange import Referral
from models.graduates import Graduate
from services.exchange.kinds import ReferralKind

AFTERWARDS, DAY = timedelta(days=30), timedelta(days=1)


def open_cards(session: Session, *, referral: Referral, kind: ReferralKind, on: date) -> int:
    """Open the cards of the people of a letter to its recipient; how many."""
    if kind.profile is None or referral.recipient_id is None:
        return 0
    there = set(session.scalars(select(AccessGrant.graduate_id).where(AccessGrant.referral_id == referral.id)))
    named = {one.graduate_id for one in referral.people if one.graduate_id} - there
    people = session.scalars(select(Graduate).where(Graduate.id.in_(named)).order_by(Graduate.id)).all()
    for graduate in people:  # Whole people, not numbers: so the history of each card tells of it.
        opened = AccessGrant(
            referral_id=referral.id,
            graduate=graduate,
            agency_id=referral.recipient_id,
            profile=kind.profile,
            starts_on=on,
        )
        session.add(opened)
    session.flush()
    return len(people)


def end_cards(session: Session, *, referral: Referral, on: date, at_once: bool = False) -> None:
    """The letter is over: its cards close by themselves in thirty days, or at once: yesterday was their last day.

    What was opened today and closes at once leaves only the history of the card.
    """
    last = on - DAY if at_once else on + AFTERWARDS
    for grant in session.scalars(select(AccessGrant).where(AccessGrant.referral_id == referral.id)):
        if grant.ends_on is not None and grant.ends_on <= last:
            continue
        if last < grant.starts_on:
            session.delete(grant)
        else:
            grant.ends_on = last
    session.flush()
