"""A draft that several send and edit at once goes once, and as one of them had it before the eyes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models.access import Viewer
from models.context import Actor, act_as
from models.exchange import OutgoingLetter, Referral, ReferralStatus
from models.journals import JournalCounter
from models.notifications import Notification
from models.territory import Agency
from models.users import User
from services.errors import Refused
from services.exchange import drafting, workflow
from services.exchange.common import StaleReferral
from services.exchange.drafting import Told
from services.exchange.workflow import sending
from services.production_calendar import load_years
from tests.conftest import NOW
from tests.exchange_factories import PLAIN, make_referral
from tests.services.exchange.test_acceptance_at_once import Race, at_once, race
from views.extensions import db

__all__ = ["race"]
SILENT = {name: value for name, value in PLAIN.items() if name != "answer_days"} | {"about": "none"}
S = ReferralStatus


@pytest.fixture
def draft(race: Race) -> int:
    """Of the guardianship body, in which all who race work."""
    act_as(db.session(), Actor(NOW))
    load_years(db.session())
    sender, recipient = (db.session.scalars(select(Agency).where(Agency.code == code)).one()
                         for code in ("opeka-sokol", "service"))  # fmt: skip
    made = make_referral(db.session(), sender, recipient, status=S.DRAFT, terms=SILENT, text="Просим")
    number = made.id
    db.session.commit()
    db.session.remove()
    return number


def _numbers() -> list[int]:
    return list(db.session.scalars(select(OutgoingLetter.number).order_by(OutgoingLetter.number)))


def test_a_draft_that_eight_send_goes_once(race: Race, draft: int) -> None:
    sent: list[int] = []

    def send(session: Session, by: Viewer, place: int) -> None:
        letter = session.get_one(Referral, draft)
        try:
            workflow.send(session, referral=letter, by=by, now=NOW)
            session.commit()
            sent.append(place)
        except StaleReferral:
            session.rollback()

    at_once(race, send)
    assert (len(sent), _numbers()) == (1, [1])
    letter = db.session.get_one(Referral, draft)
    assert [event.user_id for event in letter.events] == [race.clerks[sent[0]]]
    told = select(func.count()).select_from(Notification).where(Notification.referral_id == draft)
    assert db.session.scalar(told) == 1  # Anna's.


def test_what_is_sent_is_what_its_sender_saw(race: Race, draft: int) -> None:
    """Half of them turn the draft to another recipient, half send it: the names, the text and the place agree."""
    other = db.session.scalars(select(Agency).where(Agency.code == "opeka-totma")).one().id
    db.session.remove()
    seen: list[tuple[str, int | None]] = []

    def fight(session: Session, by: Viewer, place: int) -> None:
        letter = session.get_one(Referral, draft)
        before = letter.text, letter.recipient_id
        try:
            if place % 2:
                drafting.edit(session, referral=letter, told=Told(other, text=f"Иначе {place}"), by=by)
                session.commit()
            else:
                workflow.send(session, referral=letter, by=by, now=NOW)
                session.commit()
                seen.append(before)
        except (Refused, StaleDataError):  # Somebody was faster.
            session.rollback()

    at_once(race, fight)
    letter = db.session.get_one(Referral, draft)
    assert seen in ([], [(letter.text, letter.recipient_id)])
    assert letter.recipient is not None
    assert letter.recipient_name == letter.recipient.name
    assert _numbers() == [1] * len(seen)


def test_a_verb_that_fails_in_the_middle_leaves_no_number(
    race: Race, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **said: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(sending, "tell_of_arrival", fail)
    by = Viewer.of(db.session(), db.session.get_one(User, race.clerks[0]), NOW.date())
    act_as(db.session(), Actor(NOW))
    with pytest.raises(RuntimeError, match="killed"):
        workflow.send(db.session(), referral=db.session.get_one(Referral, draft), by=by, now=NOW)
    db.session.rollback()
    assert _numbers() == []
    assert db.session.scalars(select(JournalCounter)).all() == []
    monkeypatch.undo()
    workflow.send(db.session(), referral=db.session.get_one(Referral, draft), by=by, now=NOW)
    db.session.commit()
    assert _numbers() == [1]
