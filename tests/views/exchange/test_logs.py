"""What the logs of changes tell of letters: no internal note of others, nothing of a letter that is not theirs."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.audit import AuditEvent
from models.exchange import ReferralStatus
from models.territory import AgencyKind
from services.exchange import drafting
from services.exchange.drafting import Told
from services.production_calendar import load_years
from tests.conftest import TODAY
from tests.exchange_factories import PLAIN
from tests.factories import Cast, make_agency
from tests.letters import act, letter
from tests.signing import sign_in

Page = scoped_session[Session]


def test_an_administrator_reads_no_internal_note_in_the_log_of_changes(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own)
    assert act(client, cast.anna, made, "note", text="тайная заметка").status_code == 302
    number = session.scalars(select(AuditEvent.id).where(AuditEvent.subject == "referral_note")).one()
    url = f"/change_log/details/?id={number}"
    shown = sign_in(client, cast.root).get(url)
    assert shown.status_code == 200
    assert "тайная заметка" not in shown.text
    for user in (cast.anna, cast.galina):
        assert "тайная заметка" in sign_in(client, user).get(url).text


def test_the_history_of_a_card_tells_nothing_of_letters_of_others(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    """Changed people of a draft, and what a recipient answers of them, are read with the letter only."""
    load_years(session())
    college = make_agency(session(), "college", AgencyKind.COLLEGE)
    made = letter(session(), cast.opeka, college, cast.local, status=ReferralStatus.DRAFT, terms=PLAIN)
    by = Viewer.of(session(), cast.boris, TODAY)
    for words in ("первая тайна", "вторая тайна"):
        facts = {cast.local.id: {"ФИО": words}}
        told = Told(college.id, text="Как учится?", graduate_ids=[cast.local.id], person_facts=facts)
        drafting.edit(session(), referral=made, told=told, by=by)
        session.commit()
    shown = sign_in(client, cast.kira).get(f"/graduate/details/?id={cast.local.id}&tab=history")
    assert shown.status_code == 200
    assert "тайна" not in shown.text
