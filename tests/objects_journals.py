"""Records of journals and their counters, made as a test asks for them by name."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.exchange import IncomingLetter, OutgoingLetter
from models.files import FileIndex
from models.territory import Agency
from services import numbering
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast


def _line(session: Session, agency: Agency) -> int:
    found = session.scalars(select(FileIndex).where(FileIndex.agency_id == agency.id)).first()
    if found is None:
        found = FileIndex(agency_id=agency.id, code="05-12", title="Журнал обращений")
        session.add(found)
        session.commit()
    return found.id


def outgoing_line(session: Session, cast: Cast, **letter: Any) -> OutgoingLetter:
    """Of a letter of the service to the guardianship body of Sokol."""
    sent = make_referral(session, cast.service, cast.opeka, cast.own, **letter)
    line = OutgoingLetter(referral_id=sent.id, agency_id=cast.service.id, sent_on=TODAY, created_at=NOW)
    numbering.assign(session, record=line, on=TODAY)
    session.add(line)
    session.commit()
    return line


def incoming_line(session: Session, cast: Cast, **letter: Any) -> IncomingLetter:
    """Of the guardianship body of Sokol, which received a letter of the service."""
    came = make_referral(session, cast.service, cast.opeka, cast.own, **letter)
    line = IncomingLetter(referral_id=came.id, agency_id=cast.opeka.id, received_on=TODAY, created_at=NOW)
    numbering.assign(session, record=line, on=TODAY)
    session.add(line)
    session.commit()
    return line


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's file index": lambda session, cast: _line(session, cast.service),
    "service's outgoing line": lambda session, cast: outgoing_line(session, cast).id,
    "opeka's incoming line": lambda session, cast: incoming_line(session, cast).id,
}
