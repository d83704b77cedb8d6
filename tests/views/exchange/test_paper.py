"""Paper letters are registered by whoever received them: once, with the next number, and answered on paper."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.exchange import Referral, ReferralStatus
from models.territory import Agency, AgencyKind
from services.regulations.loading import load_shipped
from tests.conftest import NOW, TODAY
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_agency
from tests.letters import act, page
from tests.signing import sign_in
from tests.views.forms import open_form

Page = scoped_session[Session]
TYPED = {
    "kind_key": "common/letter",
    "written_on": "28.09.2026",
    "received_on": "01.10.2026",
    "sender_text": "Администрация села",
    "summary": "О двух выпускниках",
}


@pytest.fixture(autouse=True)
def college(session: Page, cast: Cast) -> Agency:
    """An organisation of the directory where nobody can sign in; the common kinds are known."""
    load_shipped(session(), now=NOW, on=TODAY)
    made = make_agency(session(), "college", AgencyKind.COLLEGE, short_name="Колледж ремёсел")
    session.commit()
    return made


def form_of(client: FlaskClient, cast: Cast) -> dict[str, str]:
    form = open_form(sign_in(client, cast.anna), "/exchange/paper/")
    form.pop("graduate_ids", None)
    return form


def test_a_paper_letter_gets_its_number_once(client: FlaskClient, session: Page, cast: Cast) -> None:
    typed = form_of(client, cast) | TYPED | {"person_names": "Ёлкина Дарья\nПетров Пётр", "their_number": "17"}
    answers = [client.post("/exchange/paper/", data=typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    made = session.scalars(select(Referral)).one()
    assert answers[0].location == answers[1].location == f"/referral/details/?id={made.id}"
    assert (made.status, made.is_on_paper, made.recipient_id) == (ReferralStatus.RECEIVED, True, cast.service.id)
    assert [one.name for one in made.people] == ["Ёлкина Дарья", "Петров Пётр"]
    text = page(client, cast.anna, made)
    assert "№ 17 от 28.09.2026" in text
    assert "№ 1/2026 от 01.10.2026" in text


def test_only_senders_without_accounts_are_offered(client: FlaskClient, cast: Cast, college: Agency) -> None:
    text = sign_in(client, cast.anna).get("/exchange/paper/").text
    assert f'<option value="{college.id}">Колледж ремёсел' in text
    assert f'<option value="{cast.opeka.id}">' not in text
    typed = form_of(client, cast) | TYPED | {"sender_id": str(cast.opeka.id)}
    refused = client.post("/exchange/paper/", data=typed)
    assert refused.status_code == 422
    assert "её письма приходят сами" in refused.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"written_on": ""}, "Укажите дату письма."),
        ({"written_on": "02.10.2026"}, "Письмо не может прийти раньше своей даты."),
        ({"received_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"sender_text": ""}, "Укажите, от кого письмо."),
        ({"summary": ""}, "Кратко запишите содержание."),
        ({"sheets": "0"}, "Укажите число листов."),
        ({"kind_key": "common/nothing"}, "Выберите вид письма."),
        ({"answer_due_on": "30.09.2026"}, "Срок ответа раньше письма."),
    ],
)
def test_what_cannot_be_so_is_refused_with_one_sentence(
    client: FlaskClient, session: Page, cast: Cast, changed: dict[str, str], told: str
) -> None:
    refused = client.post("/exchange/paper/", data=form_of(client, cast) | TYPED | changed)
    assert refused.status_code == 422
    assert told in refused.text
    assert session.scalars(select(Referral)).all() == []


def test_nobody_out_of_sight_is_named(client: FlaskClient, session: Page, cast: Cast) -> None:
    typed = form_of(client, cast) | TYPED | {"graduate_ids": str(cast.local.id)}
    assert client.post("/exchange/paper/", data=typed).status_code == 422
    assert session.scalars(select(Referral)).all() == []


def test_a_paper_letter_is_answered_from_its_page(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = make_referral(
        session(), cast.centre, cast.service, cast.own, is_on_paper=True, status=ReferralStatus.RECEIVED
    )
    made.answer_due_on = TODAY
    session.commit()
    assert act(client, cast.anna, made, "answer", text="Учится", outcome="resolved").status_code == 302
    session.expire_all()
    assert [one.agency_id for one in made.outgoing] == [cast.service.id]
