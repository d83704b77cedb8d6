"""Personal files opened by many at once: numbers without gap or double, one file for a person; real commits."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.access import Viewer
from models.context import Actor, act_as
from models.files import Attachment, AttachmentKind, PersonalFile
from models.graduates import Graduate
from models.territory import Agency
from models.users import User
from services.files import attachments, personal
from services.files.attachments import Description, Upload, examine
from tests import files
from tests.conftest import NOW, TODAY
from tests.factories import build_cast, make_graduate
from tests.fresh import fresh_app
from views.extensions import db

WRITERS = 8


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("files"), f"{worker_id}_files") as app:
        cast = build_cast(db.session())
        for number in range(WRITERS * 3):
            make_graduate(db.session(), f"Иванов{number} Иван", agency_id=cast.service.id)
        db.session.commit()
        yield app


def together(app: Flask, work: Callable[[int], None]) -> list[BaseException]:
    faults: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def one(number: int) -> None:
        try:
            with app.app_context():
                act_as(db.session(), Actor(NOW))
                start.wait()
                work(number)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return faults


def test_numbers_have_no_gap_and_no_double(own_app: Flask) -> None:
    people = db.session.scalars(select(Graduate.id).where(Graduate.last_name.startswith("Иванов"))).all()
    agency_id = db.session.scalars(select(Agency.id).where(Agency.code == "service")).one()
    db.session.rollback()

    def work(number: int) -> None:
        for person in people[number::WRITERS]:
            personal.ensure(db.session(), graduate_id=person, agency_id=agency_id, on=TODAY)
            db.session.commit()

    assert together(own_app, work) == []
    numbers = db.session.scalars(select(PersonalFile.number).where(PersonalFile.agency_id == agency_id)).all()
    assert sorted(numbers) == list(range(1, len(people) + 1))


def test_one_person_gets_one_file_and_every_paper_is_kept(own_app: Flask, tmp_path: Path) -> None:
    anna = db.session.scalars(select(User).where(User.login == "anna")).one()
    person = db.session.scalars(select(Graduate.id).where(Graduate.last_name == "Ёлкина")).one()
    by, agency_id = Viewer.of(db.session(), anna, TODAY), anna.agency_id
    file = examine(Upload("a.png", files.picture()), max_bytes=files.LIMIT)
    db.session.rollback()

    def work(number: int) -> None:
        attachments.attach(
            db.session(),
            graduate_id=person,
            agency_id=agency_id,
            file=file,
            description=Description(AttachmentKind.OTHER, f"Лист {number}"),
            folder=tmp_path,
            by=by,
            now=NOW,
        )
        db.session.commit()

    assert together(own_app, work) == []
    assert len(db.session.scalars(select(PersonalFile).where(PersonalFile.graduate_id == person)).all()) == 1
    assert len(db.session.scalars(select(Attachment).where(Attachment.graduate_id == person)).all()) == WRITERS
