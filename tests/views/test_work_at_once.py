"""Clicks and changes of the same moment, on databases where commits are real."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.context import Actor, act_as
from models.graduates import Graduate
from models.users import User
from models.work import Consultation, GroupSession, ServiceRecord
from tests import work_factories as make
from tests.conftest import NOW
from tests.factories import build_cast, make_graduate
from tests.fresh import fresh_app
from tests.signing import sign_in
from tests.views.forms import open_form
from views.extensions import db

CLICKS = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("work"), f"{worker_id}_work") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def at_once(work: Callable[[int], None]) -> None:
    start = threading.Barrier(CLICKS)

    def run(number: int) -> None:
        start.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()


def anna() -> User:
    return db.session.scalars(select(User).filter_by(login="anna")).one()


def test_six_clicks_of_one_moment_make_one_entry(own_app: Flask) -> None:
    person = db.session.scalars(select(Graduate.id).where(Graduate.last_name == "Ёлкина")).one()
    clients = [sign_in(own_app.test_client(), anna()) for _ in range(CLICKS)]
    typed = open_form(clients[0], "/work/") | {"people": str(person), "topic": "Паспорт", "service_kind": "legal"}
    db.session.remove()
    answers: list[int] = []
    at_once(lambda number: answers.append(clients[number].post("/work/", data=typed).status_code))
    assert answers == [302] * CLICKS
    assert db.session.scalars(select(Consultation.number)).all() == [1]
    assert db.session.scalar(select(func.count()).select_from(ServiceRecord)) == 1


def test_of_those_who_change_the_participants_at_once_one_is_first(own_app: Flask) -> None:
    """The others are told that the list has changed; nobody stands in it twice."""
    session = db.session()
    act_as(session, Actor(NOW))
    user = anna()
    people = [make_graduate(session, f"Участник{n} Иван Ильич", agency_id=user.agency_id) for n in range(2)]
    group = make.group(session, user, people[:1])
    session.commit()
    clients = [sign_in(own_app.test_client(), user) for _ in range(CLICKS)]
    typed = {"add-participants": str(people[1].id), "version": str(group.version)}
    address = f"/group_session/act/add/?id={group.id}"
    db.session.remove()
    answers: list[int] = []
    at_once(lambda number: answers.append(clients[number].post(address, data=typed).status_code))
    assert sorted(answers) == [302] + [422] * (CLICKS - 1)
    made = db.session.scalars(select(GroupSession)).one()
    assert len(made.participants) == 2
    services = select(func.count()).where(ServiceRecord.session_id == made.id)
    assert db.session.scalar(services) == 2
