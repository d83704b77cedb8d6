"""Two colleagues and many clicks at the same moment, on databases where commits are real."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.context import Actor, act_as
from models.exchange import Referral, ReferralEvent, ReferralMessage, ReferralStep
from models.territory import Agency
from models.users import User
from tests.conftest import NOW
from tests.exchange_factories import make_referral
from tests.factories import build_cast
from tests.fresh import fresh_app
from tests.signing import sign_in
from views.extensions import db

CLICKS = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("letters"), f"{worker_id}_letters") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


@pytest.fixture
def letter(own_app: Flask) -> Referral:
    """From Boris's guardianship body to the service of Anna and Galina."""
    act_as(db.session(), Actor(NOW))
    opeka, service = (
        db.session.scalars(select(Agency).filter_by(code=code)).one() for code in ("opeka-sokol", "service")
    )
    made = make_referral(db.session(), opeka, service)
    db.session.commit()
    return made


def click(app: Flask, letter: Referral, verb: str, logins: list[str], **typed: str) -> list[tuple[str, int, str]]:
    """(login, status, page) of every click of the same page, all at one moment."""
    url, sent = f"/referral/act/{verb}/?id={letter.id}", {"version": str(letter.version), **typed}
    users = {login: db.session.scalars(select(User).filter_by(login=login)).one() for login in set(logins)}
    clients = [(login, sign_in(app.test_client(), users[login])) for login in logins]
    db.session.remove()
    start, answers = threading.Barrier(len(clients)), []

    def run(number: int) -> None:
        login, client = clients[number]
        start.wait()
        answer = client.post(url, data=sent)
        answers.append((login, answer.status_code, answer.text))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return answers


def test_of_acceptances_at_once_one_is_done_and_the_others_read_who_did_it(own_app: Flask, letter: Referral) -> None:
    number = letter.id
    answers = click(own_app, letter, "accept", ["anna", "galina"] * (CLICKS // 2))
    accepted = select(ReferralEvent).filter_by(referral_id=number, step=ReferralStep.ACCEPTED)
    event = db.session.scalars(accepted).one()
    winner = db.session.get_one(User, event.user_id)
    for login, code, page in answers:
        if login == winner.login:
            assert code == 302  # The first click, or one after it that finds it done.
        else:
            assert code == 422
            assert f"принято ({winner.name}" in page


def test_six_clicks_of_one_message_say_it_once(own_app: Flask, letter: Referral) -> None:
    number = letter.id
    typed = {"message-text": "Когда ждать?", "message-form_token": "sameform"}
    codes = {code for _, code, _ in click(own_app, letter, "message", ["anna"] * CLICKS, **typed)}
    assert codes <= {302, 422}
    assert db.session.scalar(select(func.count()).select_from(ReferralMessage).filter_by(referral_id=number)) == 1
