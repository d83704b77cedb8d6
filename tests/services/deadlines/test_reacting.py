"""What a saved card costs: the clock looks at changes that it counts from, and at nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard
from models.base import Model
from models.cases import Contract
from models.deadlines import Deadline, DeadlineEvidence, Occurrence
from models.dictionaries import PlacementForm
from models.exchange import OutgoingLetter, Referral, ReferralPerson
from models.graduates import Graduate
from models.meetings import AgendaItem
from models.plans import Measure, Plan, PlanKind
from models.territory import AgencyKind, Agreement, AgreementParty
from models.work import ServiceRecord
from services.deadlines import (
    contract_rounds,
    facts,
    fingerprints,
    letter_facts,
    letter_pieces,
    meeting_facts,
    meeting_pieces,
    people,
    pieces,
    reacting,
    support_facts,
    support_pieces,
)
from tests.clock import duty, follow, load_law
from tests.exchange_factories import make_referral
from tests.factories import make_agency, make_graduate
from tests.journals_factories import (
    AT,
    make_consultation,
    make_contract,
    make_plan,
    make_service,
    make_survey,
    make_visit,
)


@contextmanager
def statements() -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _card(session: Session) -> Graduate:
    load_law(session)
    service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
    follow(session, service, "krasnoyarsk-centre")
    graduate = make_graduate(session, agency_id=service.id)
    session.commit()
    return graduate


def test_a_note_on_the_card_costs_the_clock_nothing(session: Session) -> None:
    graduate = _card(session)
    graduate.note, graduate.citizenship = "Звонить вечером", "РФ"
    with statements() as told:
        session.commit()
    assert [one for one in told if "deadline" in one] == []


def test_a_change_that_terms_run_from_costs_a_bounded_number_of_statements(session: Session) -> None:
    graduate = _card(session)
    graduate.left_on = date(2026, 9, 25)
    with statements() as told:
        session.commit()
    assert duty(session, "T55b", graduate).event_on == date(2026, 9, 25)
    assert len(told) < 70


def test_all_that_facts_and_people_are_read_from_is_looked_at() -> None:
    """A table that a new fact is read from has to be named in `reacting` too."""
    of_support = (facts, support_facts, contract_rounds, people, pieces, support_pieces)
    modules = (*of_support, letter_facts, letter_pieces, meeting_facts, meeting_pieces)
    read: set[type] = set()
    for module in modules:
        read |= {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Model)}
    told = {*reacting.OF_PERSON, *reacting.TELLS, *reacting.OF_NOBODY, Referral, ReferralPerson}
    others = {Graduate, PlacementForm, Agreement, AgreementParty, Occurrence}
    written_with_them = {OutgoingLetter, AgendaItem, Deadline, DeadlineEvidence}
    assert read - told == others | written_with_them
    assert told <= read
    sources = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in modules)
    columns = {column.key for column in Graduate.__table__.columns if f"Graduate.{column.key}" in sources}
    assert columns - {"id", "created_at"} == set(reacting.OF_CARD)


@pytest.mark.parametrize("number", [2, 60])
def test_a_letter_costs_the_same_however_many_it_names(session: Session, number: int) -> None:
    service = _card(session).agency
    other = make_agency(session, "opeka-2", AgencyKind.GUARDIANSHIP)
    named = [make_graduate(session, f"Человек Номер{place}", agency_id=service.id) for place in range(number)]
    session.commit()
    make_referral(session, service, other, *named, terms=None, answer_due_on=date(2026, 10, 1))
    with statements() as told:
        session.commit()
    assert len(told) < 90


# -- Records of support ----------------------------------------------------------------------------------------------


def test_a_draft_costs_the_clock_nothing(session: Session) -> None:
    graduate = _card(session)
    contract = Contract(**_of(graduate), starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1), created_at=AT)
    plan = Plan(**_of(graduate), kind=PlanKind.INDIVIDUAL, starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1))
    plan.created_at = AT
    plan.measures.append(Measure(direction_code="legal", title="Паспорт"))
    session.add_all([contract, plan])
    with statements() as told:
        session.commit()
    assert [one for one in told if "deadline" in one] == []


def test_what_no_term_runs_from_only_looks_for_duties_to_close(session: Session) -> None:
    graduate = _card(session)
    service = {"kind_code": "legal", "title": "Консультация", "provided_on": date(2026, 9, 1)}
    session.add_all(
        [ServiceRecord(**_of(graduate), **service), MonitoringCard(**_of(graduate), filled_on=AT.date(), created_at=AT)]
    )
    with statements() as told:
        session.commit()
    assert len([one for one in told if "deadline" in one]) <= 5
    assert [one for one in told if "FROM consent" in one or "FROM agency" in one] == []


def test_a_talk_costs_a_bounded_number_of_statements(session: Session) -> None:
    graduate = _card(session)
    with statements() as told:
        make_consultation(session, graduate.agency, graduate)  # type: ignore[arg-type]
        session.commit()
    assert len(told) < 45


@pytest.mark.parametrize("record", ["service", "monitoring", "measure", "survey"])
def test_a_second_run_of_a_day_sees_what_records_changed_past_the_session(session: Session, record: str) -> None:
    graduate = _card(session)
    agency: Any = graduate.agency
    plan = make_plan(session, make_contract(session, agency, graduate))
    plan.measures.append(Measure(direction_code="legal", title="Паспорт"))
    made: dict[str, Any] = {
        "service": make_service(session, agency, graduate),
        "monitoring": MonitoringCard(**_of(graduate), filled_on=AT.date(), created_at=AT),
        "survey": make_survey(session, make_visit(session, agency, graduate)),
        "measure": plan.measures[0],
    }
    session.add_all(made.values())
    session.commit()
    scope = people.scope_of([graduate.id])
    before = fingerprints.of_cards(session, scope)
    assert fingerprints.of_cards(session, scope) == before
    table = type(made[record]).__table__
    session.execute(update(table).where(table.c.id == made[record].id).values(version=table.c.version + 1))
    assert fingerprints.of_cards(session, scope) != before


def _of(graduate: Graduate) -> dict[str, Any]:
    return {"agency_id": graduate.agency_id, "graduate_id": graduate.id}
