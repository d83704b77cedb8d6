"""Submissions before those who were not meant: what an earlier edition said, and numbers of rows that cannot be."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from services.submissions import drawing
from tests.clock import run
from tests.signing import sign_in
from tests.submissions_factories import RECEIVED, Handing


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
