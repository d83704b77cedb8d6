"""Two daily runs at once, one killed half-way, two people marking: nothing twice, nothing lost."""

import threading
from collections.abc import Container, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from models.assessments import MonitoringCard
from models.context import Actor, act_as
from models.deadlines import Deadline, DeadlineEvidence
from models.graduates import Graduate
from models.territory import AgencyKind
from services.deadlines import people
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.deadlines.run import Run
from services.deadlines.verbs import hold, mark
from services.errors import Refused
from services.production_calendar import load_calendar, load_years
from tests.clock import at, follow, make_regulation, make_rule, run, viewer_of
from tests.factories import make_agency, make_graduate
from tests.fresh import fresh_app
from views.extensions import db

ON = date(2026, 10, 1)
PEOPLE = 60
MONITORING = {
    "kind": "quota",
    "period": "year",
    "at_least": 2,
    "per": "graduate",
    "evidence": "monitoring",
    "obliged": {"kind": ["support_service"], "by": "responsible"},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("clock"), f"{worker_id}_clock") as app:
        session = db.session()
        act_as(session, Actor(at(ON)))
        load_years(session)
        regulation = make_regulation(session)
        service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
        follow(session, service, regulation.code)
        make_rule(session, regulation, "A01", MONITORING)
        for _ in range(PEOPLE):
            make_graduate(session, agency_id=service.id)
        session.commit()
        yield app


def _count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Deadline.id))) or 0


def test_two_runs_at_once_make_each_duty_once(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "CHUNK", 10)
    start, failures = threading.Barrier(4), []

    def daily() -> None:
        with own_app.app_context():
            start.wait()
            try:
                run(db.session(), ON)
            except Exception as error:  # A thread's failure would be lost.
                failures.append(error)

    threads = [threading.Thread(target=daily) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _count() == PEOPLE * 3  # 2026, 2027, 2028.
    assert run(db.session(), ON).added == 0


def test_a_run_killed_half_way_is_completed_by_the_next(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "CHUNK", 10)
    session = db.session()
    parts = generate(session, calendar=load_calendar(session), on=ON, until=horizon(ON), now=at(ON))
    for _ in range(4):  # The organisations, and thirty people.
        next(parts)
        session.commit()
    next(parts)
    parts.close()
    session.rollback()  # As the database does when the process dies.
    assert _count() == 30 * 3
    act_as(session, Actor(at(ON)))
    assert run(session, ON).added == (PEOPLE - 30) * 3
    assert _count() == PEOPLE * 3


def test_of_two_who_mark_at_once_the_second_is_told(own_app: Flask) -> None:
    session = db.session()
    graduate = session.scalars(select(Graduate).limit(1)).one()
    regulation = make_regulation(session, "other-region")
    follow(session, graduate.agency, "other-region")  # type: ignore[arg-type]
    terms = {"kind": "event", "triggers": ["graduate.left"], "amount": 10, "per": "record", "evidence": "notice"}
    make_rule(session, regulation, "A02", terms | {"obliged": MONITORING["obliged"]})
    graduate.left_on = date(2026, 9, 25)
    session.commit()
    one = session.scalars(select(Deadline).where(Deadline.rule_key == "other-region/A02")).one()
    clerk, number = viewer_of(one.agency, ON), one.id
    session.rollback()
    start, answers = threading.Barrier(6), []

    def press() -> None:
        with own_app.app_context():
            own = db.session()
            act_as(own, Actor(at(ON)))
            start.wait()
            try:
                mark(own, deadline=hold(own, deadline_id=number), happened_on=ON, by=clerk, now=at(ON))
                own.commit()
                answers.append("marked")
            except Refused as refusal:
                own.rollback()
                answers.append(str(refusal))

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["marked"] + ["Исполнение уже отмечено."] * 5
    assert db.session.scalar(select(func.count(DeadlineEvidence.id))) == 1


@pytest.mark.parametrize("own_app", ["postgresql"], indirect=True)  # SQLite has one writer: the others wait.
def test_a_run_sees_what_somebody_marks_meanwhile(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    session = db.session()
    graduate = session.scalars(select(Graduate).limit(1)).one()
    regulation = make_regulation(session, "other-region")
    follow(session, graduate.agency, "other-region")  # type: ignore[arg-type]
    terms = {"kind": "event", "triggers": ["graduate.left"], "amount": 10, "per": "record", "evidence": "notice"}
    make_rule(session, regulation, "A02", terms | {"obliged": MONITORING["obliged"]})
    graduate.left_on = date(2026, 9, 25)
    session.commit()
    one = session.scalars(select(Deadline).where(Deadline.rule_key == "other-region/A02")).one()
    clerk, number = viewer_of(one.agency, ON), one.id
    session.execute(update(Graduate).values(left_on=None))  # Unseen by the session's own reaction.
    session.commit()

    def press() -> None:
        with own_app.app_context():
            own = db.session()
            act_as(own, Actor(at(ON)))
            mark(own, deadline=hold(own, deadline_id=number), happened_on=ON, by=clerk, now=at(ON))
            own.commit()

    close_gone = Run._close_gone

    def meanwhile(self: Run, people: Container[int]) -> int:
        if self.standing:
            thread = threading.Thread(target=press)
            thread.start()
            thread.join()
        return close_gone(self, people)

    monkeypatch.setattr(Run, "_close_gone", meanwhile)
    assert run(session, ON).closed == 0
    assert session.get_one(Deadline, number).done_on == ON


def test_records_saved_at_once_each_count_once(own_app: Flask) -> None:
    session = db.session()
    run(session, ON)
    graduate = session.scalars(select(Graduate).limit(1)).one()
    said = {"graduate_id": graduate.id, "agency_id": graduate.agency_id, "created_at": at(ON)}
    session.rollback()
    start, failures = threading.Barrier(4), []

    def fill(day: date) -> None:
        with own_app.app_context():
            own = db.session()
            act_as(own, Actor(at(ON)))
            start.wait()
            try:
                own.add(MonitoringCard(filled_on=day, **said))
                own.commit()
            except Exception as error:  # A thread's failure would be lost.
                failures.append(error)

    days = [date(2026, 9, number) for number in (4, 3, 2, 1)]
    threads = [threading.Thread(target=fill, args=[day]) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.rollback()
    act_as(db.session(), Actor(at(ON)))
    run(db.session(), ON)
    evidence = select(DeadlineEvidence.happened_on).join(DeadlineEvidence.deadline)
    noted = db.session.scalars(evidence.where(Deadline.graduate_id == said["graduate_id"])).all()
    assert sorted(noted) == [date(2026, 9, 1), date(2026, 9, 2)]
