"""Records of the exchange desk, made as a test asks for them by name."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from models.exchange import AccessGrant, AccessProfile, ReferralStatus
from models.graduates import Graduate
from models.territory import Agency
from tests.exchange_factories import make_referral
from tests.factories import Cast


def _incoming(session: Session, cast: Cast) -> int:
    """From Boris's guardianship body to the service."""
    made = make_referral(session, cast.opeka, cast.service, cast.own)
    session.commit()
    return made.id


def _grant(session: Session, sender: Agency, recipient: Agency, person: Graduate) -> int:
    letter = make_referral(session, sender, recipient, person, status=ReferralStatus.ACCEPTED)
    made = AccessGrant(referral=letter, graduate=person, agency=recipient, profile=AccessProfile.CARD)
    made.starts_on = date(2026, 9, 1)
    session.add(made)
    session.commit()
    return made.id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's incoming letter": _incoming,
    "service's opened card": lambda session, cast: _grant(session, cast.service, cast.opeka, cast.own),
    "others' opened card": lambda session, cast: _grant(session, cast.opeka, cast.other_opeka, cast.local),
}
