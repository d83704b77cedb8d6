"""The tabs and sheets of a card take as many statements for many records as for few."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from tests.assessments_factories import fill_card
from tests.cases_factories import make_application
from tests.factories import Cast
from tests.plans_factories import TO, make_approved
from tests.signing import sign_in

DAY = date(2026, 9, 1)


def statements(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("page", ["tab=support", "support-card", "plan"])
def test_more_records_take_no_more_statements(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, page: str
) -> None:
    plan = make_approved(session(), cast.own, cast.service, starts_on=DAY, ends_on=TO)
    person = f"/graduate/{cast.own.id}"
    address = {
        "tab=support": f"/graduate/details/?id={cast.own.id}&tab=support",
        "support-card": f"{person}/support-card",
        "plan": f"/plan/details/?id={plan.id}",
    }[page]

    def record(start: int, stop: int) -> None:
        for number in range(start, stop):
            on = DAY + timedelta(days=number)
            make_application(session(), cast.own, cast.service, on, registered_on=on)
            fill_card(session(), cast.anna, cast.own, on)
        session.commit()

    def taken() -> int:
        session.expunge_all()  # As a request finds it.
        statements(client, address)  # What is read once and kept.
        session.expunge_all()
        return statements(client, address)

    client = sign_in(client, cast.galina)
    record(0, 2)
    few = taken()
    cast.own, cast.service, cast.anna = (session.merge(one) for one in (cast.own, cast.service, cast.anna))
    record(2, 6)
    assert taken() <= few
