"""A number of a letter typed into the search of the top bar."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from services.exchange import letters
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast
from tests.signing import sign_in


@pytest.mark.parametrize("typed", ["вх. 1", "Вх № 1/2026", "входящее 1"])
def test_a_number_leads_to_the_letter(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, typed: str
) -> None:
    letter = make_referral(session(), cast.opeka, cast.service)
    by = Viewer.of(session(), cast.anna, TODAY)
    letters.register_incoming(session(), referral=letter, agency_id=cast.service.id, on=TODAY, by=by, now=NOW)
    session.commit()
    address = {"q": typed}
    assert (
        sign_in(client, cast.anna).get("/search", query_string=address).location == f"/referral/details/?id={letter.id}"
    )
    elsewhere = sign_in(client, cast.boris).get("/search", query_string=address).location
    assert elsewhere.startswith("/exchange/inbox/?q=1")  # Numbers of others find nothing.


def test_whatever_else_leads_to_people(client: FlaskClient, cast: Cast) -> None:
    for text in ("Исхакова", "вход", "вх. 1/2", "12345678901"):
        assert sign_in(client, cast.anna).get("/search", query_string={"q": text}).location.startswith("/graduate/?q=")
