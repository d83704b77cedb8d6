"""Secretaries at the same moment, on databases where commits are real."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.context import Actor, act_as
from models.meetings import Meeting, MeetingAttendee, MeetingStatus
from models.users import User
from tests.conftest import NOW
from tests.factories import build_cast
from tests.fresh import fresh_app
from tests.meetings_factories import make_body, make_meeting
from tests.signing import sign_in
from views.extensions import db

HANDS = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("meetings"), f"{worker_id}_meetings") as app:
        cast = build_cast(db.session())
        act_as(db.session(), Actor(NOW))
        body = make_body(db.session(), cast.anna, *(f"Член {number}" for number in range(HANDS)))
        make_meeting(db.session(), cast.anna, body)
        db.session.commit()
        yield app


def at_once(work: Callable[[int], None]) -> None:
    start = threading.Barrier(HANDS)

    def run(number: int) -> None:
        start.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()


def test_nobody_loses_a_mark_of_another_and_one_of_six_holds_the_meeting(own_app: Flask) -> None:
    meeting = db.session.scalars(select(Meeting)).one()
    number, version = meeting.id, meeting.version
    ids = [one.id for one in meeting.attendees]
    anna = db.session.scalars(select(User).filter_by(login="anna")).one()
    clients = [sign_in(own_app.test_client(), anna) for _ in range(HANDS)]
    db.session.remove()
    answers: list[int] = []

    def mark(place: int) -> None:
        url, data = f"/meeting/attendance/?id={number}", {"present": str(ids[place])}
        answers.append(clients[place].post(url, data=data).status_code)

    def hold(place: int) -> None:
        data = {"hold-chair": "Член 1", "version": str(version)}
        answers.append(clients[place].post(f"/meeting/act/hold/?id={number}", data=data).status_code)

    at_once(mark)
    assert answers == [302] * HANDS
    assert db.session.scalar(select(func.count()).where(MeetingAttendee.is_present)) == HANDS
    answers.clear()
    db.session.remove()  # Its reading would hold the turn of the writers.
    at_once(hold)
    assert sorted(answers) == [302] + [422] * (HANDS - 1)
    held = db.session.get_one(Meeting, number)
    assert (held.status, held.number) == (MeetingStatus.HELD, 1)
