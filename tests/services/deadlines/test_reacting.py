"""What a saved card costs: the clock looks at changes that it counts from, and at nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from models.base import Model
from models.cases import ContractAmendment
from models.deadlines import Occurrence
from models.dictionaries import PlacementForm
from models.graduates import Graduate
from models.plans import Measure
from models.territory import AgencyKind, Agreement, AgreementParty
from models.work import GroupSession
from services.deadlines import contract_rounds, facts, people, pieces, reacting, support_facts, support_pieces
from tests.clock import duty, follow, load_law
from tests.factories import make_agency, make_graduate


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
    modules = (facts, support_facts, contract_rounds, people, pieces, support_pieces)
    read: set[type] = set()
    for module in modules:
        read |= {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Model)}
    told = {*reacting.OF_PERSON, *reacting.EVIDENCE_ONLY}
    assert {one for one in read if hasattr(one, "graduate_id")} == told | {Occurrence}
    elsewhere = {Graduate, PlacementForm, ContractAmendment, Measure, GroupSession, Agreement, AgreementParty}
    assert read - told == elsewhere | {Occurrence}
    sources = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in modules)
    columns = {column.key for column in Graduate.__table__.columns if f"Graduate.{column.key}" in sources}
    assert columns - {"id", "created_at"} == set(reacting.OF_CARD)
