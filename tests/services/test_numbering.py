"""Numbers of journals: no gap, no twin, whoever writes at once, rolls back or dies; nothing numbered is deleted."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from models import Model
from models.access import Viewer
from models.cases import Application, Contract, RefusalKind
from models.context import Actor, act_as
from models.exchange import IncomingLetter, OutgoingLetter
from models.journals import Journal, JournalCounter, Numbered
from models.meetings import Meeting, MeetingKind, MeetingStatus
from models.territory import Agency, AgencyKind
from models.users import Role
from models.work import Appeal, Consultation, UrgentAct
from services import numbering
from services.errors import Refused
from services.exchange import letters
from tests import journals_factories as make
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, build_cast
from tests.fresh import fresh_app
from tests.library_factories import make_order, make_publication
from tests.numbering_writer import ON, register
from views.extensions import db

WRITERS, EACH = 20, 10
ROOT = Path(__file__).resolve().parent.parent.parent


# -- Many at once, on a database of their own ------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("numbers"), f"{worker_id}_numbers") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def ours() -> tuple[int, int]:
    """The service and one of its people."""
    found = db.session.execute(text("SELECT agency_id, id FROM graduate WHERE agency_id IS NOT NULL ORDER BY id"))
    agency_id, person_id = found.first()  # type: ignore[misc]
    db.session.rollback()
    return agency_id, person_id


def numbers(model: type[Numbered] = Appeal, year: int = 2026) -> list[int]:
    db.session.rollback()
    query = select(model.number).where(model.year == year).order_by(model.number)  # type: ignore[attr-defined]
    return [number for number in db.session.scalars(query) if number is not None]


def counted(year: int = 2026, journal: Journal = Journal.APPEALS) -> int | None:
    db.session.rollback()
    counter = select(JournalCounter.last_number)
    return db.session.scalar(counter.where(JournalCounter.year == year, JournalCounter.journal == journal))


def at_once(app: Flask, work: Callable[[Session, int], None], writers: int = WRITERS) -> None:
    """Everybody begins at the same moment, each on a connection of his own."""
    start, failures = threading.Barrier(writers), []

    def run(place: int) -> None:
        with app.app_context():
            act_as(db.session(), Actor(NOW))
            start.wait()
            try:
                work(db.session(), place)
            except Exception as error:  # A thread's failure would be lost.
                failures.append(repr(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_twenty_writers_at_once_leave_no_gap_and_no_twin(own_app: Flask) -> None:
    agency_id, person_id = ours()

    def work(session: Session, place: int) -> None:
        for _ in range(EACH):
            register(session, agency_id, person_id)
            session.commit()

    at_once(own_app, work)
    assert numbers() == list(range(1, WRITERS * EACH + 1))
    assert counted() == WRITERS * EACH


def test_writers_that_roll_back_leave_no_gap(own_app: Flask) -> None:
    agency_id, person_id = ours()

    def work(session: Session, place: int) -> None:
        for turn in range(EACH):
            register(session, agency_id, person_id)
            if (turn + place) % 3:
                session.commit()
            else:
                session.rollback()

    at_once(own_app, work)
    kept = sum(1 for place in range(WRITERS) for turn in range(EACH) if (turn + place) % 3)
    assert numbers() == list(range(1, kept + 1))
    assert counted() == kept


def test_two_journals_and_two_years_at_once_do_not_disturb_each_other(own_app: Flask) -> None:
    agency_id, person_id = ours()

    def work(session: Session, place: int) -> None:
        for _ in range(EACH):
            if place % 2:
                register(session, agency_id, person_id, date(2025 + place % 4 // 2, 12, 31))
            else:
                talk = Consultation(agency_id=agency_id, graduate_id=person_id, held_on=ON, topic="Жильё")
                make.numbered(session, talk, ON)
            session.commit()

    at_once(own_app, work, writers=8)
    assert numbers(Consultation) == list(range(1, 4 * EACH + 1))
    for year in (2025, 2026):
        assert numbers(year=year) == list(range(1, 2 * EACH + 1))


def test_a_head_who_begins_while_others_write_is_told_or_comes_first(own_app: Flask) -> None:
    agency_id, person_id = ours()
    head = _head(agency_id)
    answers: list[str] = []

    def work(session: Session, place: int) -> None:
        if place:
            register(session, agency_id, person_id)
            session.commit()
            return
        try:
            numbering.begin_after(
                session, agency_id=agency_id, journal=Journal.APPEALS, year=2026, last_number=100, by=head
            )
            session.commit()
            answers.append("begun")
        except Refused as refusal:
            session.rollback()
            answers.append(str(refusal))

    at_once(own_app, work, writers=6)
    assert answers in (["begun"], ["В этом журнале за год уже есть номера: начальный номер не меняют."])
    first = 101 if answers == ["begun"] else 1
    assert numbers() == list(range(first, first + 5))


# -- Killed ----------------------------------------------------------------------------------------------------------


def _writer(app: Flask, count: int) -> "subprocess.Popen[str]":
    agency_id, person_id = ours()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    arguments = [url, app.config["DATA_DIR"], agency_id, person_id, count]
    command = [sys.executable, "-m", "tests.numbering_writer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_process_killed_between_number_and_commit_leaves_neither(own_app: Flask) -> None:
    agency_id, person_id = ours()
    register(db.session(), agency_id, person_id)
    db.session.commit()
    process = _writer(own_app, 0)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "2"
    _kill(process)
    assert (numbers(), counted()) == ([1], 1)
    assert register(db.session(), agency_id, person_id).number == 2
    db.session.commit()
    assert (numbers(), counted()) == ([1, 2], 2)


def test_a_process_killed_in_full_run_leaves_numbers_and_records_that_agree(own_app: Flask) -> None:
    agency_id, person_id = ours()
    process = _writer(own_app, 100_000)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    time.sleep(0.15)
    _kill(process)
    found = numbers()
    assert len(found) >= 4
    assert found == list(range(1, len(found) + 1))
    assert counted() == len(found)
    assert register(db.session(), agency_id, person_id).number == len(found) + 1
    db.session.commit()


# -- Kept for ever ---------------------------------------------------------------------------------------------------


def _urgent_act(session: Session, cast: Cast) -> UrgentAct:
    made = UrgentAct(agency_id=cast.service.id, graduate_id=cast.own.id, provided_on=ON, reason="Пожар")
    return make.numbered(session, made, ON)


def _contract(session: Session, cast: Cast) -> Contract:
    return make.make_contract(session, cast.service, cast.own)


def _outgoing(session: Session, cast: Cast) -> OutgoingLetter:
    letter = make_referral(session, cast.service, cast.opeka, cast.own)
    viewer = Viewer.of(session, cast.anna, ON)
    return letters.register_outgoing(session, referral=letter, agency_id=cast.service.id, on=ON, by=viewer, now=NOW)


def _incoming(session: Session, cast: Cast) -> IncomingLetter:
    letter = make_referral(session, cast.service, cast.opeka, cast.own)
    viewer = Viewer.of(session, cast.boris, ON)
    return letters.register_incoming(session, referral=letter, agency_id=cast.opeka.id, on=ON, by=viewer, now=NOW)


def _meeting(session: Session, cast: Cast) -> Meeting:
    made = Meeting(agency_id=cast.service.id, kind=MeetingKind.METHODICAL, topic="Лето", held_on=ON, created_at=NOW)
    made.status = MeetingStatus.HELD
    return make.numbered(session, made, ON)


MAKERS: dict[str, Callable[[Session, Cast], Numbered]] = {
    "application": lambda s, c: make.make_application(s, c.service, c.own),
    "contract": _contract,
    "refusal": lambda s, c: make.make_refusal(s, c.service, c.own, RefusalKind.GRADUATE),
    "support_episode": lambda s, c: make.make_episode(s, _contract(s, c)),
    "plan": lambda s, c: make.make_plan(s, _contract(s, c)),
    "conclusion": lambda s, c: make.make_conclusion(s, _contract(s, c), ON),
    "appeal": lambda s, c: make.make_appeal(s, c.service, c.own),
    "consultation": lambda s, c: make.make_consultation(s, c.service, c.own),
    "consultation_minutes": lambda s, c: make.make_minutes(s, make.make_consultation(s, c.service, c.own)),
    "group_session": lambda s, c: make.make_session(s, c.service),
    "visit": lambda s, c: make.make_visit(s, c.service, c.own),
    "housing_survey": lambda s, c: make.make_survey(s, make.make_visit(s, c.service, c.own)),
    "urgent_act": _urgent_act,
    "outgoing_letter": _outgoing,
    "incoming_letter": _incoming,
    "meeting": _meeting,
    "publication": lambda s, c: make_publication(s, c.anna),
    "curator_order": lambda s, c: make_order(s, c.galina, c.own),
}


def test_every_numbered_table_is_tried() -> None:
    tables = {mapper.local_table.name for mapper in Model.registry.mappers if issubclass(mapper.class_, Numbered)}
    assert set(MAKERS) == tables


@pytest.mark.parametrize("table", sorted(MAKERS))
def test_the_database_itself_refuses_to_delete_what_is_numbered(
    session: scoped_session[Session], cast: Cast, table: str
) -> None:
    record = MAKERS[table](session(), cast)
    model = type(record)
    with pytest.raises(IntegrityError, match="annulled, never deleted"), session.begin_nested():
        session.execute(delete(model).where(model.id == record.id))
    assert session.scalar(select(func.count()).select_from(model).where(model.id == record.id)) == 1


def test_a_draft_has_no_number_and_may_go(session: scoped_session[Session], cast: Cast) -> None:
    draft = Application(agency_id=cast.service.id, graduate_id=cast.own.id, received_on=ON, created_at=make.AT)
    session.add(draft)
    session.flush()
    session.delete(draft)
    session.flush()


def test_an_annulled_record_keeps_its_number_and_gives_it_to_nobody(
    session: scoped_session[Session], cast: Cast
) -> None:
    first = make.make_appeal(session(), cast.service, cast.own)
    with pytest.raises(Refused, match="только руководитель"):
        numbering.annul(session(), record=first, reason="ошибка", by=_viewer(cast.service.id, Role.CLERK))
    with pytest.raises(Refused, match="Укажите причину"):
        numbering.annul(session(), record=first, reason="  ", by=_head(cast.service.id))
    numbering.annul(session(), record=first, reason=" ошибка ", by=_head(cast.service.id))
    assert (first.number, first.annulled_on, first.annulled_reason) == (1, TODAY, "ошибка")
    with pytest.raises(Refused, match="уже аннулирована"):
        numbering.annul(session(), record=first, reason="ещё раз", by=_head(cast.service.id))
    assert make.make_appeal(session(), cast.service, cast.own).number == 2


# -- Years, organisations, beginnings --------------------------------------------------------------------------------


def test_numbers_begin_anew_with_the_year_and_are_each_organisations_own(
    session: scoped_session[Session], cast: Cast
) -> None:
    def number(agency: Agency, on: date) -> str:
        return make.make_appeal(session(), agency, cast.own, on).number_text

    assert [number(cast.service, day) for day in (date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 11))] == [
        "1/2026",
        "2/2026",
        "1/2027",
    ]
    assert number(cast.service, date(2026, 12, 31)) == "3/2026"  # Written down late: in the journal of its year.
    assert number(cast.opeka, date(2026, 12, 31)) == "1/2026"
    assert make.make_consultation(session(), cast.service, cast.own).number == 1


def test_a_journal_goes_on_from_paper_only_before_its_first_number(
    session: scoped_session[Session], cast: Cast
) -> None:
    def begin(last_number: int, by: Viewer, year: int = 2026) -> None:
        numbering.begin_after(
            session(), agency_id=cast.service.id, journal=Journal.APPEALS, year=year, last_number=last_number, by=by
        )

    head = _head(cast.service.id)
    for stranger in (_viewer(cast.service.id, Role.CLERK), _head(cast.opeka.id)):
        with pytest.raises(Refused, match="руководитель организации"):
            begin(5, stranger)
    for wrong in (-1, 100_001):
        with pytest.raises(Refused) as refusal:
            begin(wrong, head)
        assert refusal.value.field == "last_number"
    with pytest.raises(Refused) as refusal:
        begin(5, head, year=2028)
    assert refusal.value.field == "year"
    begin(34, head)
    begin(30, head)  # A slip of the pen, before anything has its number.
    assert make.make_appeal(session(), cast.service, cast.own).number == 31
    with pytest.raises(Refused, match="уже есть номера"):
        begin(50, head)
    assert make.make_appeal(session(), cast.service, cast.own).number == 32
    assert make.make_appeal(session(), cast.opeka, cast.local).number == 1


def _viewer(agency_id: int, role: Role) -> Viewer:
    return Viewer(None, role, agency_id, AgencyKind.SUPPORT_SERVICE, False, False, (), TODAY)  # type: ignore[arg-type]


def _head(agency_id: int) -> Viewer:
    return _viewer(agency_id, Role.HEAD)
