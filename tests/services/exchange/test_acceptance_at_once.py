"""Of several who accept one letter at once exactly one does; the others are told who."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.access_grants import AccessGrant
from models.context import Actor, act_as
from models.exchange import (
    IncomingLetter,
    OutgoingLetter,
    Referral,
    ReferralEvent,
    ReferralStatus,
    ReferralStep,
    ReplyOutcome,
)
from models.users import Role, User
from services.exchange import workflow
from services.exchange.common import StaleReferral
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import build_cast, make_user
from tests.fresh import fresh_app
from tests.services.exchange.letters import CASE
from views.extensions import db

CLERKS, LETTERS = 8, 20


@dataclass(frozen=True)
class Race:
    app: Flask
    letters: tuple[int, ...]
    clerks: tuple[int, ...]


@pytest.fixture(params=["sqlite", "postgresql"])
def race(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Race]:
    with fresh_app(request.param, tmp_path_factory.mktemp("letters"), f"{worker_id}_letters") as app:
        session = db.session()
        cast = build_cast(session)
        clerks = [
            make_user(session, f"clerk{place}", f"Сотрудник {place}", Role.OFFICER, cast.opeka)
            for place in range(CLERKS)
        ]
        letters = [
            make_referral(session, cast.service, cast.opeka, cast.own, author=cast.anna, terms=CASE)
            for _ in range(LETTERS)
        ]
        ids = tuple(one.id for one in letters), tuple(one.id for one in clerks)
        session.commit()
        db.session.remove()
        yield Race(app, *ids)


def at_once(race: Race, work: Callable[[Session, Viewer, int], None]) -> None:
    """Each clerk at the same moment, on a connection of his or her own."""
    start, failures = threading.Barrier(CLERKS), []

    def run(place: int) -> None:
        with race.app.app_context():
            act_as(db.session(), Actor(NOW))
            by = Viewer.of(db.session(), db.session.get_one(User, race.clerks[place]), TODAY)
            db.session.rollback()
            start.wait()
            try:
                work(db.session(), by, place)
            except Exception as error:  # A thread's failure would be lost.
                failures.append(repr(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_of_eight_at_once_exactly_one_accepts_and_the_others_are_told_who(race: Race) -> None:
    won: list[int] = []
    told: list[str] = []

    def accept(session: Session, by: Viewer, place: int) -> None:
        letter = session.get_one(Referral, race.letters[0])
        try:
            workflow.accept(session, referral=letter, by=by, now=NOW)
        except StaleReferral as stale:
            told.append(str(stale))
            session.rollback()
        else:
            session.commit()
            won.append(place)

    at_once(race, accept)
    (winner,) = won
    assert told == [
        f"Не выполнено: с письмом уже сделано другое – принято "
        f"(Сотрудник {winner}, Опека Сокольского округа, 01.10.2026). Сейчас оно «принято»."
    ] * (CLERKS - 1)
    letter = db.session.get_one(Referral, race.letters[0])
    assert letter.accepted_by_id == race.clerks[winner]
    for model, count in ((ReferralEvent, 1), (IncomingLetter, 1), (AccessGrant, 1)):
        query = select(func.count()).select_from(model).where(model.referral_id == letter.id)  # type: ignore[attr-defined]
        assert db.session.scalar(query) == count


def test_all_accept_all_and_each_letter_is_accepted_once(race: Race) -> None:
    """Every clerk walks through the whole inbox; numbers of the journal have neither gaps nor twins."""
    accepted: list[int] = []

    def walk(session: Session, by: Viewer, place: int) -> None:
        for number in race.letters[place:] + race.letters[:place]:
            try:
                workflow.accept(session, referral=session.get_one(Referral, number), by=by, now=NOW)
                session.commit()
                accepted.append(number)
            except StaleReferral:
                session.rollback()

    at_once(race, walk)
    assert sorted(accepted) == sorted(race.letters)
    numbers = db.session.scalars(select(IncomingLetter.number).order_by(IncomingLetter.number)).all()
    assert numbers == list(range(1, LETTERS + 1))
    events = select(func.count()).select_from(ReferralEvent).where(ReferralEvent.step == ReferralStep.ACCEPTED)
    assert db.session.scalar(events) == LETTERS


def test_an_answer_and_a_revocation_at_once_never_both_hold(race: Race) -> None:
    """Half of the clerks answer while the other half, as administrators would, revoke."""
    with race.app.app_context():
        act_as(db.session(), Actor(NOW))
        for number in race.letters:
            letter = db.session.get_one(Referral, number)
            by = Viewer.of(db.session(), db.session.get_one(User, race.clerks[0]), TODAY)
            workflow.accept(db.session(), referral=letter, by=by, now=NOW)
        root = Viewer.of(db.session(), db.session.scalars(select(User).where(User.login == "root")).one(), TODAY)
        db.session.commit()

    def fight(session: Session, by: Viewer, place: int) -> None:
        for number in race.letters:
            letter = session.get_one(Referral, number)
            try:
                if place % 2:
                    workflow.revoke(session, referral=letter, reason="ошибка", by=root, now=NOW)
                else:
                    outcome = ReplyOutcome.RESOLVED
                    workflow.answer(session, referral=letter, text="Да.", outcome=outcome, by=by, now=NOW)
                session.commit()
            except StaleReferral:
                session.rollback()

    at_once(race, fight)
    for number in race.letters:
        letter = db.session.get_one(Referral, number)
        answers = [message for message in letter.messages if message.outcome]
        if letter.status is ReferralStatus.ANSWERED:
            assert len(answers) == 1
        else:
            assert (letter.status, answers) == (ReferralStatus.REVOKED, [])
    answered = select(func.count()).select_from(Referral).where(Referral.status == ReferralStatus.ANSWERED)
    sent = db.session.scalars(select(OutgoingLetter.number).order_by(OutgoingLetter.number)).all()
    assert sent == list(range(1, (db.session.scalar(answered) or 0) + 1))
