"""Records of the exchange desk, made as a test asks for them by name."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from models.access_grants import AccessGrant, AccessProfile
from models.exchange import ReferralFile, ReferralStatus
from models.graduates import Graduate
from models.territory import Agency
from tests.conftest import NOW, TODAY
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


def _outgoing(session: Session, cast: Cast) -> int:
    """From the service to Boris's guardianship body; written by nobody in particular."""
    made = make_referral(session, cast.service, cast.opeka, cast.own, answer_due_on=TODAY)
    session.commit()
    return made.id


def _draft(session: Session, cast: Cast) -> int:
    """A draft that its own people cannot send either: there is nothing in it."""
    made = make_referral(session, cast.service, cast.opeka, status=ReferralStatus.DRAFT)
    session.commit()
    return made.id


def _file(session: Session, cast: Cast) -> int:
    """A file without bytes; its number is that of its letter, because an address names both."""
    made = make_referral(session, cast.service, cast.opeka, cast.own)
    made.files.append(
        ReferralFile(
            id=made.id,
            agency_id=cast.service.id,
            title="Справка",
            file_name="справка.pdf",
            media_type="application/pdf",
            size=10,
            sha256="ab" * 32,
            added_at=NOW,
        )
    )
    session.commit()
    return made.id


def _contacts(session: Session, cast: Cast) -> int:
    """A person whose contacts a letter of the service has opened to Boris."""
    made = make_referral(session, cast.service, cast.opeka, cast.own, status=ReferralStatus.ACCEPTED)
    session.add(
        AccessGrant(
            referral_id=made.id,
            graduate_id=cast.own.id,
            agency_id=cast.opeka.id,
            profile=AccessProfile.CONTACTS,
            starts_on=TODAY,
        )
    )
    session.commit()
    return made.people[0].id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's letter": _outgoing,
    "service's draft letter": _draft,
    "file of a letter": _file,
    "person of opened contacts": _contacts,
    "service's incoming letter": _incoming,
    "service's opened card": lambda session, cast: _grant(session, cast.service, cast.opeka, cast.own),
    "others' opened card": lambda session, cast: _grant(session, cast.opeka, cast.other_opeka, cast.local),
}
