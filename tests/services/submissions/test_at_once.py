"""Several people at one submission at once: one draft, one approval, one sending, one decision."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models.access import Viewer
from models.context import Actor, act_as
from models.exchange import OutgoingLetter
from models.submissions import Submission, SubmissionRecipient, SubmissionStatus
from models.users import Role, User
from reports.catalogue import REPORTS
from services.errors import Refused
from services.submissions import approving, drawing, receiving, sending
from services.submissions.drawing import Wanted
from tests.clock import at, run
from tests.factories import make_user
from tests.fresh import fresh_app
from tests.submissions_factories import APPENDIX_1, SIGNED, Handing
from views.extensions import db

PEOPLE = 5


@dataclass(frozen=True)
class Race:
    app: Flask
    folder: Path
    heads: tuple[int, ...]
    readers: tuple[int, ...]
    operator: int


@pytest.fixture(params=["sqlite", "postgresql"])
def race(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Race]:
    folder = tmp_path_factory.mktemp("submissions")
    with fresh_app(request.param, folder, f"{worker_id}_submissions") as app:
        session = db.session()
        hand = Handing(session, folder)
        run(session, date(2026, 9, 1))
        region = hand.region
        heads = [make_user(session, f"h{n}", f"Глава {n}", Role.HEAD, region.opeka) for n in range(PEOPLE)]
        readers = [make_user(session, f"r{n}", f"Читатель {n}", Role.CLERK, region.operator) for n in range(PEOPLE)]
        ids = tuple(one.id for one in heads), tuple(one.id for one in readers), region.operator.id
        session.commit()
        db.session.remove()
        yield Race(app, folder, *ids)


def at_once(race: Race, users: tuple[int, ...], work: Callable[[Session, Viewer], object]) -> Counter[str]:
    """Each user at the same moment, on a connection of his or her own; how it ended for them."""
    start, ended = threading.Barrier(len(users)), []

    def go(number: int) -> None:
        with race.app.app_context():
            session = db.session()
            act_as(session, Actor(at(SIGNED)))
            by = Viewer.of(session, session.get_one(User, number), SIGNED)
            session.rollback()
            start.wait()
            try:
                work(session, by)
                session.commit()
                ended.append("done")
            except (Refused, StaleDataError, IntegrityError) as error:
                session.rollback()
                ended.append(type(error).__name__ if not isinstance(error, Refused) else "refused")
            except OperationalError as error:  # pragma: no cover – would be a fault
                ended.append(repr(error.orig))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ended)


def test_each_step_is_done_once(race: Race) -> None:
    with race.app.app_context():
        opeka_id = db.session.get_one(User, race.heads[0]).agency_id
    now = at(SIGNED)

    def draw(session: Session, by: Viewer) -> object:
        return drawing.draw_up(session, wanted=Wanted(REPORTS[APPENDIX_1], opeka_id, SIGNED), by=by, now=now)

    def the(session: Session) -> Submission:
        return session.scalars(select(Submission)).one()

    drawn = at_once(race, race.heads, draw)
    assert sum(drawn.values()) == PEOPLE
    assert set(drawn) <= {"done", "refused"}

    approved = at_once(race, race.heads, lambda s, by: approving.approve(s, submission=the(s), by=by, now=now))
    assert approved == {"done": 1, "refused": PEOPLE - 1}

    def send(session: Session, by: Viewer) -> object:
        ids = [race.operator]
        return sending.send(session, submission=the(session), recipient_ids=ids, folder=race.folder, by=by, now=now)

    assert at_once(race, race.heads, send) == {"done": 1, "refused": PEOPLE - 1}

    def decide(session: Session, by: Viewer) -> object:
        recipient = session.scalars(select(SubmissionRecipient)).one()
        if by.user_id % 2:
            return receiving.accept(session, recipient=recipient, by=by, now=now)
        return receiving.give_back(session, recipient=recipient, reason="не то", by=by, now=now)

    assert at_once(race, race.readers, decide) == {"done": 1, "refused": PEOPLE - 1}
    with race.app.app_context():
        made = the(db.session())
        assert made.status in (SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED)
        assert db.session.scalar(select(func.count(OutgoingLetter.id))) == 1
