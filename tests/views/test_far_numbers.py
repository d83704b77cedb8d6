"""Numbers past what a column or the log holds: there is no such page, and the refusal is logged."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind
from tests.factories import Cast
from tests.signing import sign_in
from views.database import ACCESS
from views.extensions import db

PLACES = (
    *("/application/details/?id={}", "/plan/details/?id={}", "/field_group/details/?id={}"),
    *("/calendar_year/details/?id={}", "/imports/{}", "/attachment/{}/file", "/papers/contract/{}.docx"),
    *("/graduate/{}/route", "/graduate/{}/support-card"),
)


def refusals() -> int:
    with Session(db.engines[ACCESS]) as log:
        query = select(func.count()).select_from(AccessEvent).where(AccessEvent.kind == AccessKind.REFUSED)
        return log.scalar(query) or 0


@pytest.mark.parametrize("number", [2**31, 2**62, 2**63 - 1, 2**63, 10**30])
def test_a_number_past_all_is_no_page(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, number: int
) -> None:
    sign_in(client, cast.root)
    assert {place: client.get(place.format(number)).status_code for place in PLACES} == dict.fromkeys(PLACES, 404)


def test_the_refusal_is_logged_though_the_number_is_not(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    before = refusals()
    for place in ("/application/details/?id={}", "/imports/{}", "/graduate/{}/route"):
        assert client.get(place.format(2**31)).status_code == 404
    assert refusals() == before + 3
