"""Letters that propose themselves: the page, one click, the form filled in, the card and the day."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.deadlines import Deadline
from models.exchange import Referral, ReferralStatus
from models.regulations import DeadlineRule
from models.territory import AgencyKind
from tests.exchange_kinds import follow_kinds
from tests.factories import Cast, make_agency
from tests.obligations import make_deadline
from tests.signing import sign_in
from tests.views.forms import fields_of

PAGE, SEND = "/exchange/proposals/", "/exchange/proposals/send"


@pytest.fixture
def duty(session: scoped_session[Session], cast: Cast) -> Deadline:
    """The service has to tell the social centre of a need."""
    social = make_agency(session(), "kcson-sokol", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,), name="КЦСОН")
    follow_kinds(session(), cast.service, cast.opeka)
    rule = session.scalars(select(DeadlineRule).where(DeadlineRule.key == "small/A10")).one()
    about = {"recipient_id": social.id, "graduate_id": cast.own.id, "subject": "problem:5"}
    made = make_deadline(session(), cast.service, rule, **about)
    session.commit()
    return made


def letters(session) -> list[Referral]:
    session.expire_all()
    return list(session.scalars(select(Referral)))


def test_what_about_whom_to_whom_why_and_until_when_is_told(client, cast, duty) -> None:
    page = sign_in(client, cast.anna).get(PAGE).text
    for told in ("Извещение о нуждаемости", "Ёлкина Дарья Игоревна", "КЦСОН", "05.10.2026", "п. 3"):
        assert told in page


def test_one_click_sends_it_and_a_second_does_not_send_again(session, client, cast, duty) -> None:
    sign_in(client, cast.anna)
    assert client.post(SEND, data={"deadline": str(duty.id)}).status_code == 302
    (letter,) = letters(session)
    assert (letter.status, letter.deadline_id, letter.subject) == (ReferralStatus.SENT, duty.id, "problem:5")
    again = client.post(SEND, data={"deadline": str(duty.id)})
    assert again.status_code == 422
    assert "уже отправлено" in again.text
    assert len(letters(session)) == 1


def test_an_obligation_of_others_is_not_sent_for(session, client, cast, duty) -> None:
    for user in (cast.boris, cast.vera, cast.kira):
        assert sign_in(client, user).post(SEND, data={"deadline": str(duty.id)}).status_code == 404
    for number in ("", "0", "x", "99999999999"):
        assert sign_in(client, cast.anna).post(SEND, data={"deadline": number}).status_code == 404
    assert letters(session) == []


def test_the_form_opens_filled_in(client, cast, duty) -> None:
    form = fields_of(sign_in(client, cast.anna).get(f"/referral/new/?deadline={duty.id}").text)
    assert form["person"] == str(cast.own.id)
    assert form["recipients"] == str(duty.recipient_id)
    assert (form["deadline"], form["subject"]) == (str(duty.id), "problem:5")


def test_the_card_and_the_day_show_it_and_others_do_not_see_it(client, cast, duty) -> None:
    sign_in(client, cast.anna)
    assert "Предлагаем отправить" in client.get(f"/graduate/details/?id={cast.own.id}&tab=exchange").text
    day = client.get("/").text
    assert "Предлагаем отправить" in day
    assert f"deadline={duty.id}" in day
    sign_in(client, cast.boris)
    assert "Предлагаем отправить" not in client.get("/").text
    assert "Предлагать нечего" in client.get(PAGE).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999999", "%00", "2"])
def test_no_number_of_a_page_breaks_it(client, cast, duty, page: str) -> None:
    assert sign_in(client, cast.anna).get(f"{PAGE}?page={page}").status_code == 200
