"""Text pasted from elsewhere brings signs that no page may hold: they are left out, breaks stay breaks."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.cases import Application
from tests.factories import Cast
from tests.signing import sign_in
from tests.views.forms import open_form


def test_unprintable_signs_are_left_out(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/application/new/?graduate={cast.own.id}")
    typed |= {"request": "Общежитие\x0bи\x01 учёба\x00\ufffe\r\nсрочно\x7f", "received_by": "\x02Анна\x0cКлерк\x1f"}
    page = client.post("/application/new/", data=typed, follow_redirects=True)  # Every page is reviewed.
    assert page.status_code == 200
    made = session.scalars(select(Application)).one()
    assert (made.request, made.received_by) == ("Общежитие\nи учёба\nсрочно", "Анна Клерк")
