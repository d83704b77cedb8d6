"""Records that papers are about, templates and forms of names, made as a test asks for them by name."""

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from models.cases import Application
from models.exchange import OutgoingLetter, Referral
from models.files import DeclinedForm, DeclinedKind, PaperTemplate
from models.meetings import Meeting
from services.papers.templates import shipped
from tests import papers_factories
from tests.conftest import NOW
from tests.factories import Cast


def _application(session: Session, cast: Cast) -> int:
    """The service's, about its own graduate; made once in a test."""
    found = session.scalars(select(Application).where(Application.graduate_id == cast.own.id)).first()
    if found is None:
        found = papers_factories.application(session, cast, True)
        session.commit()
    return found.id


def _amendment(session: Session, cast: Cast) -> int:
    made = papers_factories.contract(session, cast, False)
    made.amendments = [papers_factories.ContractAmendment(number=1, signed_on=papers_factories.START, subject="срок")]
    session.commit()
    return made.amendments[0].id


def _letter(session: Session, cast: Cast, *, is_sent: bool) -> int:
    """From the service to the guardianship body of Sokol."""
    sent = Referral.sent_at.is_not(None) if is_sent else Referral.sent_at.is_(None)
    return _once(session, Referral, sent, lambda: papers_factories.referral(session, cast, is_sent))


def _meeting(session: Session, cast: Cast) -> int:
    """Of the service; the guardianship body of Sokol is invited."""

    def made() -> Meeting:
        meeting = papers_factories.meeting(session, cast, False)
        meeting.attendees = [papers_factories.MeetingAttendee(name="Борис", agency_id=cast.opeka.id)]
        return meeting

    return _once(session, Meeting, true(), made)


def _once(session: Session, model: Any, condition: Any, make: Callable[[], Any]) -> int:
    found = session.scalars(select(model).where(condition)).first()
    if found is None:
        found = make()
        session.commit()
    number: int = found.id
    return number


def _form(session: Session, kind: DeclinedKind, nominative: str) -> int:
    found = session.scalars(select(DeclinedForm).where(DeclinedForm.nominative == nominative)).first()
    if found is None:
        found = DeclinedForm(kind=kind, nominative=nominative)
        found.genitive = found.dative = found.accusative = found.instrumental = nominative
        session.add(found)
        session.commit()
    return found.id


def template(session: Session, code: str = "letter") -> PaperTemplate:
    """The administrator's own, here equal to the shipped one."""
    found = session.scalars(select(PaperTemplate).where(PaperTemplate.paper == code)).first()
    if found is None:
        found = PaperTemplate(paper=code, file_name="письмо.docx", content=shipped(code), uploaded_at=NOW)
        found.sha256 = hashlib.sha256(found.content).hexdigest()
        session.add(found)
        session.commit()
    return found


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "paper's application": _application,
    "paper's amendment": _amendment,
    "paper's letter": lambda session, cast: _letter(session, cast, is_sent=True),
    "paper's draft": lambda session, cast: _letter(session, cast, is_sent=False),
    "paper's answer": lambda session, cast: _once(
        session, OutgoingLetter, true(), lambda: papers_factories.answer(session, cast, False)
    ),
    "paper's meeting": _meeting,
    "service": lambda session, cast: cast.service.id,
    "form of a position": lambda session, cast: _form(session, DeclinedKind.POSITION, "директор"),
    "form of own graduate": lambda session, cast: _form(session, DeclinedKind.WOMAN, "Ёлкина Дарья Игоревна"),
    "form of a stranger": lambda session, cast: _form(session, DeclinedKind.MAN, "Тихонов Марк"),
}
