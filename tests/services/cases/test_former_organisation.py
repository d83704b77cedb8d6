"""A former organisation reads a card for the years of keeping: it ends what it had begun and begins nothing new."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.graduates import Graduate
from models.support import Responsibility
from models.users import Role
from services.cases import conclusions, contract_changes, contracts, refusals
from services.errors import Refused
from tests.cases_factories import by, make_application, make_conclusion, make_contract, make_draft, make_refusal
from tests.clock import at
from tests.conftest import TODAY
from tests.factories import Cast, make_agency
from tests.plans_factories import make_plan, seen_by

Sessions = scoped_session[Session]
BEFORE = date(2026, 9, 1)


def pass_on(session: Session, cast: Cast) -> Graduate:
    """The person is in the care of another organisation now."""
    person = cast.own
    session.add(
        Responsibility(
            graduate_id=person.id, agency_id=cast.service.id, starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 30)
        )
    )
    person.agency_id = make_agency(session, "another", cast.service.kind).id
    session.commit()
    return person


NEW: dict[str, Callable[[Session, Graduate, Cast], object]] = {
    "application": lambda session, person, cast: make_application(session, person, cast.service, TODAY),
    "contract": lambda session, person, cast: make_draft(session, person, cast.service, TODAY),
    "refusal": lambda session, person, cast: make_refusal(session, person, cast.service, TODAY),
}


@pytest.mark.parametrize("what", NEW)
def test_it_begins_nothing_new(session: Sessions, cast: Cast, what: str) -> None:
    person = pass_on(session(), cast)
    with pytest.raises(Refused, match="только для чтения") as refusal:
        NEW[what](session(), person, cast)
    assert refusal.value.field == "graduate_id"


def test_it_makes_no_plan(session: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    person = pass_on(session(), cast)
    anna = seen_by(session(), cast.anna)
    monkeypatch.setattr("tests.plans_factories.viewer_of", lambda *_, **__: anna)
    with pytest.raises(Refused, match="только для чтения"):
        make_plan(session(), person, cast.service)


def test_it_does_not_sign_what_it_had_drafted(session: Sessions, cast: Cast) -> None:
    draft = make_draft(session(), cast.own, cast.service, TODAY)
    pass_on(session(), cast)
    with pytest.raises(Refused, match="только для чтения"):
        contracts.sign(session(), contract=draft, signed_on=TODAY, by=by(cast.service, TODAY), now=at(TODAY))


def test_it_ends_what_it_had_begun(session: Sessions, cast: Cast) -> None:
    application = make_application(session(), cast.own, cast.service, BEFORE, registered_on=BEFORE)
    contract = make_contract(session(), cast.own, cast.service, BEFORE, TODAY)
    pass_on(session(), cast)
    clerk: Viewer = by(cast.service, TODAY)
    why = {"reason_code": "not_category", "refused_on": TODAY}
    refusals.refuse(session(), application=application, by=clerk, now=at(TODAY), **why)  # type: ignore[arg-type]
    make_conclusion(session(), contract, TODAY, is_signed=True)
    contract_changes.end(session(), contract=contract, ended_on=TODAY, ground_code="term_expired", by=clerk)
    assert contract.ended_on == TODAY


def test_no_conclusion_is_approved_under_an_annulled_contract(session: Sessions, cast: Cast) -> None:
    contract = make_contract(session(), cast.own, cast.service, BEFORE)
    conclusion = make_conclusion(session(), contract, TODAY)
    head = by(cast.service, TODAY, Role.HEAD)
    contract_changes.annul(session(), contract=contract, reason="ошибка", is_certain=True, by=head)
    session.commit()
    with pytest.raises(Refused, match="Договор аннулирован"):
        conclusions.approve(session(), conclusion=conclusion, approved_on=TODAY, by=head)
    assert conclusion.number is None
