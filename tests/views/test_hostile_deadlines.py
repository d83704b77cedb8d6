"""Obligations in hostile hands: what is noted of reading, what foreign numbers and odd values get."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent
from models.deadlines import Deadline, DeadlineEvidence, Occurrence
from models.rule_terms import EvidenceKind, Trigger
from models.territory import AgencyDistrict, AgencyKind
from models.users import Role
from services.production_calendar import load_years
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_agency, make_user
from tests.obligations import REGISTER, make_deadline, make_rule
from tests.signing import sign_in
from tests.views.forms import open_form
from views.extensions import db

Db = scoped_session[Session]


@pytest.fixture
def duty(session: Db, cast: Cast) -> Deadline:
    """About Yolkina; the service's, for the guardianship body that does not see her."""
    load_years(session())
    made = make_deadline(session(), cast.service, recipient_id=cast.opeka.id, graduate_id=cast.own.id)
    session.commit()
    return made


@pytest.fixture
def event(session: Db, cast: Cast) -> Occurrence:
    made = Occurrence(trigger=Trigger.REQUEST_RECEIVED, agency_id=cast.service.id, graduate_id=cast.own.id)
    made.happened_on, made.created_at = TODAY, NOW
    session.add(made)
    session.commit()
    return made


def named(session: Db, start: int = 0) -> set[int]:
    """Whose names were noted as read."""
    query = select(AccessEvent).where(AccessEvent.subject == "graduate", AccessEvent.id > start)
    found = session.scalars(query, bind_arguments={"bind": db.engines["access"]})
    return {number for line in found for number in (line.payload or {}).get("ids", ())}


def test_whose_names_a_register_shows_is_noted(
    client: FlaskClient, session: Db, cast: Cast, duty: Deadline, event: Occurrence
) -> None:
    urls = ("/deadline/", f"/deadline/details/?id={duty.id}", "/occurrence/", f"/occurrence/details/?id={event.id}")
    asked = (f"/deadline/?f.person={cast.own.id}", f"/calendar/?graduate={cast.own.id}&on=2029-01-01")
    for url in (*urls, *asked):
        sign_in(client, cast.anna)
        newest = session.scalars(
            select(AccessEvent.id).order_by(AccessEvent.id.desc()).limit(1),
            bind_arguments={"bind": db.engines["access"]},
        ).first()
        assert "лкина" in client.get(url).text, url
        assert named(session, newest or 0) == {cast.own.id}, url


def test_who_is_out_of_sight_is_not_noted_as_read(client: FlaskClient, session: Db, cast: Cast, duty: Deadline) -> None:
    sign_in(client, cast.boris)
    for url in ("/deadline/", f"/deadline/details/?id={duty.id}", f"/deadline/?f.person={cast.own.id}"):
        assert "лкина" not in client.get(url).text
    assert named(session) == set()


def test_evidence_of_another_obligation_is_not_taken_back(
    client: FlaskClient, session: Db, cast: Cast, duty: Deadline
) -> None:
    other = make_deadline(session(), cast.opeka, achieved=1, done_on=TODAY)
    kept = DeadlineEvidence(deadline_id=other.id, kind=EvidenceKind.NOTICE, reference="mark:1", happened_on=TODAY)
    kept.noted_at = NOW
    session.add(kept)
    session.commit()
    sign_in(client, cast.anna)
    answer = client.post(
        f"/deadline/unmark/?id={duty.id}", data={"version": str(duty.version), "evidence": str(kept.id)}
    )
    assert answer.status_code == 422
    assert session.get(DeadlineEvidence, kept.id) is not None


def test_that_an_examination_is_missing_is_not_told_to_whom_it_does_not_concern(
    client: FlaskClient, session: Db, cast: Cast
) -> None:
    terms = {"kind": "event", "triggers": ["birthday.18"], "per": "graduate", "condition": "no_valid_examination"}
    rule = make_rule(session(), "T46", "Организовать обследование", **terms, obliged={"kind": "care_centre"})
    make_deadline(session(), cast.service, rule, graduate_id=cast.local.id, period="")
    session.commit()
    sign_in(client, cast.boris)
    assert "Организовать обследование" not in client.get(f"/graduate/details/?id={cast.local.id}&tab=deadlines").text
    sign_in(client, cast.kira)
    assert "Организовать обследование" in client.get(f"/graduate/details/?id={cast.local.id}&tab=deadlines").text


@pytest.mark.parametrize("address", ["{}/open", "{}/read", "settings/feed/{}/revoke"])
def test_a_number_beyond_all_numbers_is_not_found(client: FlaskClient, cast: Cast, address: str) -> None:
    sign_in(client, cast.anna)
    assert client.post("/notifications/" + address.format(10**22)).status_code == 404


def test_a_double_click_records_an_event_once(client: FlaskClient, session: Db, cast: Cast, duty: Deadline) -> None:
    make_rule(session(), "T20", "Зарегистрировать заявление", **REGISTER)
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, f"/occurrence/new/?graduate={cast.own.id}")
    typed |= {"trigger": "request.received", "number": "вх-12"}
    places = {client.post("/occurrence/new/", data=typed).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert len(session.scalars(select(Occurrence)).all()) == 1
    client.post("/occurrence/new/", data=typed | {"number": "вх-13"})
    assert len(session.scalars(select(Occurrence)).all()) == 2


def test_a_cell_that_looks_like_a_formula_stays_text(client: FlaskClient, session: Db, cast: Cast) -> None:
    made = Occurrence(trigger=Trigger.REQUEST_RECEIVED, agency_id=cast.service.id, number="=HYPERLINK(1)")
    made.happened_on, made.created_at = TODAY, NOW
    session.add(made)
    session.commit()
    sign_in(client, cast.anna)
    with client.get("/occurrence/export/xlsx/") as answer:
        cells = [cell for row in openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if "HYPERLINK" in str(cell.value)} == {"s"}
    with client.get("/occurrence/export/csv/") as answer:
        assert not any(part.strip('"').startswith("=") for part in answer.text.replace("\n", ";").split(";"))


def test_a_centre_of_some_districts_oversees_those_who_serve_them_now(
    client: FlaskClient, session: Db, cast: Cast, duty: Deadline
) -> None:
    part = make_agency(session(), "part", AgencyKind.COORDINATION_CENTRE, districts=(cast.sokol,))
    user = make_user(session(), "part", "Павел Частный", Role.COORDINATOR, part)
    served = AgencyDistrict(agency_id=cast.service.id, district_id=cast.sokol.id, starts_on=date(2022, 1, 1))
    session.add(served)
    session.commit()
    sign_in(client, user)
    url = f"/deadline/details/?id={duty.id}"
    assert client.get(url).status_code == 200
    served.ends_on = date(2026, 8, 31)
    session.commit()
    assert client.get(url).status_code == 404
    assert cast.service.short_name not in client.get("/calendar/").text
