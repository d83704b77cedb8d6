"""States in lists (SQL) are the same as on pages (Python)."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.cases import Application, Conclusion, Contract
from models.users import Role
from services import numbering
from services.cases import applications, contract_changes, states
from tests.cases_factories import by, make_application, make_conclusion, make_contract, make_draft, make_refusal
from tests.services.cases.conftest import Centre

DAY = date(2026, 3, 2)


def test_applications_in_every_state(session: scoped_session[Session], centre: Centre) -> None:
    who, head = by(centre.agency, DAY), by(centre.agency, DAY, Role.HEAD)
    make_application(session(), centre.alina, centre.agency, DAY)
    registered = [make_application(session(), centre.alina, centre.agency, DAY, registered_on=DAY) for _ in range(5)]
    applications.withdraw(session(), application=registered[1], withdrawn_on=DAY, by=who)
    make_refusal(session(), centre.alina, centre.agency, DAY, application=registered[2])
    make_contract(session(), centre.alina, centre.agency, DAY, application=registered[3])
    applications.annul(session(), application=registered[4], reason="ошибка", by=head)
    session.commit()
    told = dict(session.execute(select(Application.id, states.state_of_applications())).all())
    seen = {one.id: states.application_state(one).value for one in session.scalars(select(Application))}
    assert told == seen
    assert set(seen.values()) == {state.value for state in states.ApplicationState}


def test_contracts_on_every_day_of_their_life(session: scoped_session[Session], centre: Centre) -> None:
    agency, head = centre.agency, by(centre.agency, DAY, Role.HEAD)
    for graduate in (centre.alina, centre.denis):
        wrong = make_contract(session(), graduate, agency, DAY)
        contract_changes.annul(session(), contract=wrong, reason="ошибка", is_certain=True, by=head)
        make_draft(session(), graduate, agency, DAY)
        contract = make_contract(session(), graduate, agency, DAY, DAY + timedelta(days=40))
        contract.starts_on = DAY + timedelta(days=2)
        on = DAY + timedelta(days=10)
        who = by(agency, on)
        contract_changes.suspend(session(), contract=contract, ground_code="military", starts_on=on, by=who)
        contract_changes.resume(session(), contract=contract, ends_on=on, by=who)
    contract_changes.amend(
        session(), contract=contract, signed_on=on, subject="Срок", new_ends_on=on + timedelta(days=20), by=who
    )
    later = by(agency, on + timedelta(days=5))
    contract_changes.end(session(), contract=contract, ended_on=later.on, ground_code="breach", by=later)
    session.commit()
    found = set()
    for day in (DAY + timedelta(days=shift) for shift in range(60)):
        told = dict(session.execute(select(Contract.id, states.status_of_contracts(day))).all())
        seen = {one.id: one.status_on(day).value for one in session.scalars(select(Contract))}
        assert told == seen
        found |= set(seen.values())
    assert found == {
        *("draft", "future", "active", "extended", "suspended"),
        *("expired", "terminated", "annulled"),
    }


def test_conclusions_in_every_state(session: scoped_session[Session], centre: Centre) -> None:
    contract = make_contract(session(), centre.alina, centre.agency, DAY)
    made = make_conclusion(session(), contract, DAY, is_signed=True)
    numbering.annul(session(), record=made, reason="ошибка", by=by(centre.agency, DAY, Role.HEAD))
    make_conclusion(session(), contract, DAY, is_signed=True)
    make_conclusion(session(), contract, DAY, is_approved=True)
    make_conclusion(session(), contract, DAY)
    session.commit()
    told = dict(session.execute(select(Conclusion.id, states.state_of_conclusions())).all())
    seen = {one.id: states.conclusion_state(one).value for one in session.scalars(select(Conclusion))}
    assert told == seen
    assert set(seen.values()) == {state.value for state in states.ConclusionState}
