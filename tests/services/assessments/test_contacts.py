"""The last contact of whatever kind, the norm of the category, the risk of the first months."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.base import Model
from models.deadlines import Occurrence
from models.graduates import Graduate
from models.rule_terms import Trigger
from models.support import CategoryDecision
from models.work import Appeal, Consultation, GroupParticipant, GroupSession, Visit
from services.assessments import contacts
from services.assessments.contacts import Overdue
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate

Maker = Callable[[Cast, date], Model]


def _numbered(cast: Cast, record: Model, number: int = 1) -> Model:
    record.agency_id, record.year, record.number, record.created_at = cast.service.id, 2026, number, NOW  # type: ignore[attr-defined]
    return record


def talk(cast: Cast, on: date) -> Model:
    return _numbered(cast, Consultation(graduate=cast.own, held_on=on, topic="Звонок"))


def visit(cast: Cast, on: date) -> Model:
    return _numbered(cast, Visit(graduate=cast.own, visited_on=on, purpose="Патронаж"))


def appeal(cast: Cast, on: date) -> Model:
    return _numbered(cast, Appeal(graduate=cast.own, received_on=on, content="Нужна справка"))


def session_of(cast: Cast, on: date) -> Model:
    made = _numbered(cast, GroupSession(held_on=on, topic="Бюджет"))
    made.participants = [GroupParticipant(graduate=cast.own)]  # type: ignore[attr-defined]
    return made


def event(cast: Cast, on: date) -> Model:
    made = Occurrence(trigger=Trigger.CONTACT, agency_id=cast.service.id, graduate_id=cast.own.id, happened_on=on)
    made.created_at = NOW
    return made


SORTS: list[Maker] = [talk, visit, appeal, event]


def test_a_group_session_is_no_word_with_the_person(session: scoped_session[Session], cast: Cast) -> None:
    session.add(session_of(cast, TODAY))
    session.commit()
    assert contacts.last_contact(session(), graduate_ids=[cast.own.id], on=TODAY) == {}


def in_crisis(session: Session, graduate: Graduate, since: date = date(2026, 3, 6), code: str = "crisis") -> None:
    graduate.category_decisions = [CategoryDecision(category_code=code, starts_on=since)]
    session.commit()


def late(session: Session, on: date, *people: Graduate) -> dict[int, Overdue]:
    """By the two ways, which have to agree."""
    found = contacts.overdue(session, graduate_ids=[one.id for one in people], on=on)
    listed = set(session.scalars(select(Graduate.id).where(contacts.is_overdue(session, on=on))))
    assert listed & {one.id for one in people} == found.keys()
    return found


@pytest.mark.parametrize("make", SORTS, ids=lambda make: make.__name__)
def test_a_contact_of_every_kind_counts(session: scoped_session[Session], cast: Cast, make: Maker) -> None:
    load_law(session())
    in_crisis(session(), cast.own)
    made = make(cast, TODAY - timedelta(days=12))
    session.add(made)
    session.commit()
    ids = [cast.own.id, cast.local.id]
    assert contacts.last_contact(session(), graduate_ids=ids, on=TODAY) == {cast.own.id: date(2026, 9, 19)}
    assert late(session(), TODAY, cast.own) == {cast.own.id: Overdue(12, 7)}
    assert Overdue(12, 7).told == "контакта не было дольше нормы: 12 дней при норме 7"
    made.annulled_on, made.annulled_reason = TODAY, "ошибка"  # type: ignore[attr-defined]
    session.commit()
    assert late(session(), TODAY, cast.own) == {cast.own.id: Overdue(None, 7)}
    assert Overdue(None, 7).told == "контактов ещё не было при норме 7 дней"


def test_a_closed_door_is_no_contact(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    in_crisis(session(), cast.own)
    made = visit(cast, TODAY)
    made.is_opened = False  # type: ignore[attr-defined]
    session.add_all([made, talk(cast, TODAY - timedelta(days=9))])
    session.commit()
    assert late(session(), TODAY, cast.own) == {cast.own.id: Overdue(9, 7)}


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (6, False), (7, False), (8, True)])
def test_the_norm_is_exceeded_the_day_after(
    session: scoped_session[Session], cast: Cast, days: int, is_late: bool
) -> None:
    load_law(session())
    in_crisis(session(), cast.own)
    session.add(talk(cast, TODAY - timedelta(days=days)))
    session.commit()
    assert bool(late(session(), TODAY, cast.own)) is is_late


def test_the_norm_runs_from_the_decision(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    in_crisis(session(), cast.own, since=TODAY - timedelta(days=7))
    session.add(talk(cast, TODAY - timedelta(days=40)))
    session.commit()
    assert late(session(), TODAY, cast.own) == {}
    assert late(session(), TODAY + timedelta(days=1), cast.own) == {cast.own.id: Overdue(41, 7)}


def test_each_category_has_its_norm_and_who_has_none_is_not_late(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    names = {"crisis": 7, "active": 15, "stable": 30}
    people = {code: make_graduate(session(), f"Иванов {code.title()}", agency_id=cast.service.id) for code in names}
    for code, person in people.items():
        in_crisis(session(), person, since=TODAY - timedelta(days=31), code=code)
    unplaced = make_graduate(session(), "Иванов Ничей")
    in_crisis(session(), unplaced, since=TODAY - timedelta(days=31))
    found = late(session(), TODAY, *people.values(), unplaced, cast.own)
    assert found == {people[code].id: Overdue(None, norm) for code, norm in names.items()}


def test_an_organisation_with_a_stricter_regulation_has_its_own_norms(
    session: scoped_session[Session], cast: Cast
) -> None:
    load_law(session())
    follow(session(), cast.service, "kizil-programme")
    session.commit()
    assert contacts.norms_by_agency(session(), on=TODAY) == {None: {"crisis": 7, "active": 15, "stable": 30}}


def test_without_any_regulation_nobody_is_late(session: scoped_session[Session], cast: Cast) -> None:
    in_crisis(session(), cast.own)
    assert late(session(), TODAY, cast.own) == {}


@pytest.mark.parametrize(("days", "is_risky"), [(89, False), (90, True), (120, True), (121, False), (-1, False)])
def test_the_risk_is_highest_three_to_four_months_after_leaving(
    session: scoped_session[Session], cast: Cast, days: int, is_risky: bool
) -> None:
    cast.own.left_on = TODAY - timedelta(days=days)
    session.commit()
    assert contacts.at_peak(cast.own, TODAY) is is_risky
    found = session.scalars(select(Graduate.id).where(contacts.is_at_peak(TODAY))).all()
    assert (cast.own.id in found) is is_risky
    assert contacts.at_peak(cast.local, TODAY) is False
