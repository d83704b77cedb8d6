"""Submissions before those who were not meant: what an earlier edition said, and numbers of rows that cannot be."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from sqlalchemy.orm import Session, scoped_session

from models.deadlines import Deadline
from models.territory import AgencyKind
from models.users import Role
from services.submissions import drawing
from tests.clock import run
from tests.factories import make_agency, make_district, make_user
from tests.reports.statements import statements
from tests.signing import sign_in
from tests.submissions_factories import APPENDIX_2, RECEIVED, Handing


@pytest.fixture
def hand(app: Flask, session: scoped_session[Session]) -> Handing:
    made = Handing(session(), Path(app.config["DATA_DIR"]))
    run(session(), date(2026, 9, 1))
    return made


@pytest.mark.parametrize("is_first_sent", [True, False])
def test_whoever_did_not_get_the_edition_before_does_not_learn_what_it_said(
    client: FlaskClient, session: scoped_session[Session], hand: Handing, is_first_sent: bool
) -> None:
    first = hand.sent()
    gone, other = hand.people[:2]
    gone.birth_date = date(2003, 9, 18)
    other.last_name = "Белоснежная"
    session.commit()
    second = drawing.next_edition(session(), submission=first, **hand.told(hand.olga, RECEIVED))
    session.commit()
    hand.approve(second, on=RECEIVED)
    to = hand.region.operator if is_first_sent else hand.region.social
    hand.send(second, to, on=RECEIVED)
    page = sign_in(client, hand.pavel if is_first_sent else hand.sergey).get(f"/submissions/{second.id}").text
    assert "Белоснежная" in page
    assert (gone.last_name in page) == is_first_sent
    assert ("Белова" in page) == is_first_sent


@pytest.mark.parametrize("number", ["9" * 12, "9" * 40, "9" * 5000, "²", "٣", "-1", "0"], ids=lambda text: text[:12])
def test_a_row_that_cannot_be_is_not_returned(
    client: FlaskClient, session: scoped_session[Session], hand: Handing, number: str
) -> None:
    sent = hand.sent()
    typed = {"version": str(sent.version), f"row-{number}": "исправить"}
    answer = sign_in(client, hand.pavel).post(f"/submissions/{sent.id}/partly", data=typed)
    assert answer.status_code == 422


def test_a_coordinator_of_another_part_does_not_learn_how_many_differences_there_are(
    client: FlaskClient, session: scoped_session[Session], hand: Handing
) -> None:
    hand.in_care_of_centre(*hand.people[:1])
    hand.sent()
    hand.sent(code=APPENDIX_2)
    elsewhere = make_district(session(), "far", "Дальний")
    part = make_agency(session(), "part", AgencyKind.COORDINATION_CENTRE, districts=(elsewhere,))
    polina = make_user(session(), "polina", "Полина Частная", Role.COORDINATOR, part)
    session.commit()
    page = sign_in(client, hand.pavel).post("/discrepancies/find", follow_redirects=True).text.replace("\xa0", " ")
    assert "не разобрано: 3 расхождения" in page
    page = sign_in(client, polina).post("/discrepancies/find", follow_redirects=True).text.replace("\xa0", " ")
    assert "не разобрано: 0 расхождений" in page


def test_the_control_of_a_window_takes_no_statement_for_each_recipient(
    client: FlaskClient, session: scoped_session[Session], hand: Handing
) -> None:
    window = hand.window("T05")

    def made() -> int:
        with statements() as found:
            assert client.get("/submissions/control?period=2026-H2").status_code == 200
        return len(found)

    sign_in(client, hand.pavel)
    made()
    few = made()
    for number in range(8):
        to = make_agency(session(), f"to-{number}", AgencyKind.OTHER)
        values = {one.key: getattr(window, one.key) for one in inspect(Deadline).column_attrs if one.key != "id"}
        session.add(Deadline(**values | {"recipient_id": to.id, "recipient_text": "", "subject": f"to-{number}"}))
    session.commit()
    made()
    assert made() <= few
