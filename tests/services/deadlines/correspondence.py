"""Letters that go through their verbs on given days, for tests of the clock."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import Referral, ReplyOutcome
from models.graduates import Graduate
from models.territory import Agency
from models.users import Role
from services.exchange import drafting, workflow
from services.exchange.drafting import Told
from tests.clock import at, viewer_of
from tests.services.deadlines.region import today


def by(agency: Agency, on: date) -> Viewer:
    return viewer_of(agency, on, role=Role.ADMINISTRATOR)


def sent(
    session: Session, key: str, sender: Agency, recipient: Agency, *people: Graduate, on: date, **fields: Any
) -> Referral:
    """A letter of a kind, drafted and sent on a day."""
    today(session, on)
    told = Told(recipient.id, text="Текст письма.", graduate_ids=[one.id for one in people], ground="ст. 6", **fields)
    letter = drafting.draft(session, kind_key=key, told=told, agency_id=sender.id, by=by(sender, on), now=at(on))
    workflow.send(session, referral=letter, by=by(sender, on), now=at(on))
    session.commit()
    return letter


def did(session: Session, letter: Referral, verb: str, on: date, **fields: Any) -> Any:
    """A verb of the recipient (or, as an administrator may, of the sender)."""
    today(session, on)
    assert letter.recipient
    done = getattr(workflow, verb)(session, referral=letter, by=by(letter.recipient, on), now=at(on), **fields)
    session.commit()
    return done


def answered(session: Session, letter: Referral, on: date) -> None:
    did(session, letter, "answer", on, text="Сведения сообщаем.", outcome=ReplyOutcome.RESOLVED)
