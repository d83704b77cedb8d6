"""With a removed card its records are out of sight for everybody: pages, lists, files, papers, pickers."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from tests.cases_factories import make_application, make_contract
from tests.conftest import NOW
from tests.factories import Cast
from tests.plans_factories import make_approved
from tests.signing import sign_in

DAY = date(2026, 9, 1)


@pytest.mark.parametrize("who", ["anna", "galina", "kira", "root"])
def test_records_of_a_removed_card_are_nobodys(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, who: str
) -> None:
    asked = "Просит помочь с общежитием"
    application = make_application(session(), cast.own, cast.service, DAY, registered_on=DAY, request=asked)
    contract = make_contract(session(), cast.own, cast.service, DAY)
    plan = make_approved(session(), cast.own, cast.service, "Встать на учёт")
    addresses = [
        f"/application/details/?id={application.id}",
        f"/contract/details/?id={contract.id}",
        f"/plan/details/?id={plan.id}",
        f"/measure/details/?id={plan.measures[0].id}",
        f"/papers/contract/{contract.id}.docx",
        f"/papers/application/{application.id}.docx",
        f"/papers/plan/{plan.id}.docx",
    ]
    session.commit()
    sign_in(client, getattr(cast, who))
    assert {client.get(address).status_code for address in addresses} == {200}
    cast.own.deleted_at = NOW
    session.commit()
    assert {client.get(address).status_code for address in addresses} == {404}
    for register in ("application", "contract", "plan", "measure"):
        assert f"/{register}/details/?id=" not in client.get(f"/{register}/").text
    assert "Ёлкина" not in client.get("/journals/contracts/?agency=service").text
