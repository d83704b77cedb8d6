"""Events recorded by hand: who records which, what arises from them, how one is annulled."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.deadlines import Closing, Deadline, Occurrence
from models.regulations import AgencyRegulation
from models.rule_terms import Trigger
from services.production_calendar import load_years
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.obligations import REGISTER, make_rule
from tests.signing import sign_in
from tests.views.forms import open_form


@pytest.fixture
def rule(session: scoped_session[Session], cast: Cast) -> int:
    """An application is registered within 2 working days; the service follows the regulation."""
    load_years(session())
    made = make_rule(session(), "T20", "Зарегистрировать заявление", **REGISTER)
    follows = AgencyRegulation(
        agency_id=cast.service.id, regulation_id=made.regulation_id, starts_on=made.in_force_from
    )
    session.add(follows)
    session.commit()
    return made.id


def test_an_event_is_recorded_and_the_terms_that_arose_are_told(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    sign_in(client, cast.anna)
    typed = open_form(client, f"/occurrence/new/?graduate={cast.own.id}")
    assert typed["graduate_id"] == str(cast.own.id)
    assert typed["happened_on"] == "01.10.2026"
    typed |= {"trigger": "request.received", "number": "вх-12", "note": "лично", "happened_on": "30.09.2026"}
    saved = client.post("/occurrence/new/", data=typed, follow_redirects=True)
    assert "Событие записано." in saved.text
    assert "Срок: Зарегистрировать заявление – до 02.10.2026." in saved.text
    made = session.scalars(select(Occurrence)).one()
    assert (made.trigger, made.agency_id, made.graduate_id) == (
        Trigger.REQUEST_RECEIVED,
        cast.service.id,
        cast.own.id,
    )
    assert (made.number, made.created_by_id) == ("вх-12", cast.anna.id)
    due = session.scalars(select(Deadline)).one()
    assert f"/deadline/details/?id={due.id}" in saved.text
    assert "Ёлкина Дарья Игоревна" in client.get("/occurrence/").text


def test_only_events_that_a_current_rule_counts_from_are_offered(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    make_rule(session(), "T21", "По дню рождения", **{**REGISTER, "triggers": ["birthday.18"]})
    session.commit()
    sign_in(client, cast.anna)
    form = client.get("/occurrence/new/").text
    assert 'value="request.received"' in form
    assert 'value="birthday.18"' not in form
    assert 'value="council.changed"' not in form
    typed = {"trigger": "council.changed", "happened_on": "01.10.2026"}
    assert "От этого события срок не считается" in client.post("/occurrence/new/", data=typed).text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"happened_on": "02.10.2026"}, "Дата события ещё не наступила."),
        ({"happened_on": ""}, "Заполните это поле."),
        ({"trigger": ""}, "Заполните это поле."),
        ({"trigger": "nonsense"}, "Выберите значение из списка."),
    ],
)
def test_a_refused_event_keeps_what_was_typed(
    client: FlaskClient,
    session: scoped_session[Session],
    cast: Cast,
    rule: int,
    changed: dict[str, str],
    told: str,
) -> None:
    sign_in(client, cast.anna)
    typed = {"trigger": "request.received", "happened_on": "01.10.2026", "number": "вх-12", **changed}
    page = client.post("/occurrence/new/", data={**typed, "graduate_id": str(cast.own.id)})
    assert told in page.text
    assert 'value="вх-12"' in page.text
    assert "Ёлкина Дарья Игоревна" in page.text
    assert session.scalars(select(Occurrence)).all() == []


def test_a_person_out_of_sight_cannot_be_chosen(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    sign_in(client, cast.anna)
    typed = {"trigger": "request.received", "happened_on": "01.10.2026", "graduate_id": str(cast.foreign.id)}
    page = client.post("/occurrence/new/", data=typed)
    assert "Выберите человека из списка." in page.text
    assert "Тихонов" not in page.text + client.get(f"/occurrence/new/?graduate={cast.foreign.id}").text
    assert session.scalars(select(Occurrence)).all() == []


def test_people_are_found_by_a_part_of_the_name_among_the_visible(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert client.get("/people?query=елк").json == [[cast.own.id, "Ёлкина Дарья Игоревна, 14.08.2005"]]
    assert client.get("/people?query=").json == [[cast.own.id, "Ёлкина Дарья Игоревна, 14.08.2005"]]
    assert client.get("/people?query=тихон").json == []


def record(session: scoped_session[Session], cast: Cast) -> Occurrence:
    made = Occurrence(trigger=Trigger.REQUEST_RECEIVED, agency_id=cast.service.id, happened_on=TODAY)
    made.graduate_id, made.created_at, made.created_by_id = cast.own.id, NOW, cast.anna.id
    session.add(made)
    session.commit()
    return made


def test_an_annulled_event_stays_with_its_reason_and_its_terms_are_asked_for_no_more(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    made = record(session, cast)
    sign_in(client, cast.anna)
    url = f"/occurrence/annul/?id={made.id}"
    assert "Заполните это поле." in client.post(url, data={"reason": " "}).text
    page = client.post(url, data={"reason": "записано дважды"}, follow_redirects=True)
    assert "Аннулировано 01.10.2026: записано дважды." in page.text
    assert session.scalars(select(Deadline)).one().closing is Closing.NOT_APPLICABLE
    again = client.post(url, data={"reason": "ещё раз"})
    assert again.status_code == 422
    assert "Событие уже аннулировано." in again.text
    assert "аннулировано" in client.get("/occurrence/").text


def test_others_events_are_not_found_and_overseers_do_not_annul(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    made = record(session, cast)
    for who, opened, annulled in (("boris", 404, 404), ("vera", 404, 404), ("kira", 200, 403), ("galina", 200, 302)):
        sign_in(client, getattr(cast, who))
        assert client.get(f"/occurrence/details/?id={made.id}").status_code == opened
        assert client.post(f"/occurrence/annul/?id={made.id}", data={"reason": "ошибка"}).status_code == annulled


def test_the_administrator_records_for_any_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, rule: int
) -> None:
    sign_in(client, cast.root)
    typed = open_form(client, "/occurrence/new/") | {
        "trigger": "request.received",
        "agency_id": str(cast.service.id),
    }
    assert client.post("/occurrence/new/", data=typed).status_code == 302
    assert session.scalars(select(Occurrence)).one().agency_id == cast.service.id
    sign_in(client, cast.anna)
    forged = {"trigger": "request.received", "happened_on": "01.10.2026", "agency_id": str(cast.opeka.id)}
    client.post("/occurrence/new/", data=forged)
    assert {one.agency_id for one in session.scalars(select(Occurrence))} == {cast.service.id}
