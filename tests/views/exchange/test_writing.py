"""Writing letters: a kind, recipients proposed, fields from the card, drafts, several letters at once, refusals."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.exchange import Referral, ReferralStatus
from models.regulations import DeadlineRule
from models.support import Consent
from models.territory import Agency, AgencyKind
from tests.conftest import TODAY
from tests.exchange_factories import make_referral
from tests.exchange_kinds import follow_kinds, pack_of_kinds
from tests.factories import Cast, make_agency, make_graduate
from tests.obligations import make_deadline
from tests.signing import sign_in
from tests.views.forms import fields_of

NEW = "/referral/new/?kind=small/{}"


@pytest.fixture
def social(session: scoped_session[Session], cast: Cast) -> Agency:
    """The social centre of Sokol; the service and the guardianship body follow the small regulation."""
    centre = make_agency(session(), "kcson-sokol", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,), name="КЦСОН")
    follow_kinds(session(), cast.service, cast.opeka)
    cast.own.origin_district_id = cast.sokol.id
    session.commit()
    return centre


def letters(session: Session) -> list[Referral]:
    session.expire_all()
    return list(session.scalars(select(Referral).order_by(Referral.id)))


def form_for(client: FlaskClient, kind: str, **args: object) -> tuple[str, dict[str, str]]:
    url = NEW.format(kind) + "".join(f"&{name}={value}" for name, value in args.items())
    return url, as_shown(client.get(url).text)


def as_shown(html: str) -> dict[str, str]:
    """What a browser posts; in pickers of several nothing is chosen by standing first."""
    form = fields_of(html)
    form.pop("others", None)
    form.pop("people", None)
    return form


# -- The choice of a kind --------------------------------------------------------------------------------------------


def test_only_kinds_that_the_organisation_may_send_are_offered_with_their_clauses(client, cast, social) -> None:
    page = sign_in(client, cast.boris).get("/referral/new/").text
    assert "Извещение о нуждаемости" in page
    assert "Разбор случая" in page
    assert "п. 3" in page
    assert "Список выпускников" not in page  # It is the services that send it.


def test_kinds_are_found_by_words_and_none_about_nobody_stands_beside_a_person(client, cast, social) -> None:
    sign_in(client, cast.anna)
    found = client.get("/referral/new/?q=разбор").text
    assert "Разбор случая" in found
    assert "Передача материалов" not in found
    about = client.get(f"/referral/new/?graduate={cast.own.id}").text
    assert "Передача материалов" not in about
    assert f"graduate={cast.own.id}" in about
    assert "Ничего не найдено" in client.get("/referral/new/?q=щщщ").text


def test_the_recipient_of_the_address_leaves_only_kinds_that_it_may_get(client, cast, social) -> None:
    page = sign_in(client, cast.anna).get(f"/referral/new/?recipient={cast.opeka.id}").text
    assert "Список выпускников" in page
    assert "Извещение о нуждаемости" not in page


# -- Writing ---------------------------------------------------------------------------------------------------------


def test_the_form_comes_filled_in_from_the_card_with_its_recipient_chosen(client, cast, social) -> None:
    _, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    assert form[f"fact-{cast.own.id}-0"] == "Ёлкина Дарья Игоревна"
    assert form["recipients"] == str(social.id)
    assert form["answer_due_on"] == "02.11.2026"  # Thirty days, and 31 October is a Saturday.
    assert form["summary"] == "Извещение о нуждаемости"


def test_a_letter_is_sent_from_the_form_with_what_was_corrected_in_it(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    form[f"fact-{cast.own.id}-1"] = "Сокол, Мира, 5"
    answer = client.post(url, data={**form, "_send": "1"})
    assert answer.status_code == 302
    (letter,) = letters(session)
    assert (letter.status, letter.recipient_id, letter.sender_id) == (ReferralStatus.SENT, social.id, cast.service.id)
    assert [fact["value"] for fact in letter.people[0].facts] == ["Ёлкина Дарья Игоревна", "Сокол, Мира, 5"]
    assert letter.outgoing[0].number == 1
    assert "исх. № 1/2026" in client.get(answer.location).text


def test_a_double_click_makes_one_letter(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    first, second = (client.post(url, data={**form, "_send": "1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(letters(session)) == 1


def test_two_recipients_are_two_letters_of_one_batch_with_two_numbers(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "case", graduate=cast.own.id)
    data = {**form, "recipients": [str(social.id), str(cast.opeka.id)], "_send": "1"}
    assert client.post(url, data=data).status_code == 302
    made = letters(session)
    assert {one.recipient_id for one in made} == {social.id, cast.opeka.id}
    assert [one.outgoing[0].number for one in made] == [1, 2]
    assert len({one.batch for one in made}) == 1
    assert made[0].batch


def test_of_several_letters_none_is_kept_where_one_may_not_go(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    data = {**form, "recipients": [str(social.id)], "others": [str(cast.opeka.id)], "_send": "1"}
    answer = client.post(url, data=data)
    assert answer.status_code == 422
    assert "не отправляют: орган опеки" in answer.text
    assert letters(session) == []


def test_a_correspondent_outside_the_directory_gets_a_letter_on_paper(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "materials")
    form.pop("recipients", None)
    data = {**form, "outside": "Музей кружева", "fact-0-0": "буклеты", "_send": "1"}
    assert client.post(url, data=data).status_code == 302
    (letter,) = letters(session)
    assert (letter.recipient_id, letter.recipient_name, letter.is_on_paper) == (None, "Музей кружева", True)
    assert letter.facts[0] == {"label": "перечень материалов", "value": "буклеты"}


def test_another_person_is_filled_in_before_anything_is_sent(session, client, cast, social) -> None:
    """Without a script the person is chosen, and the first send fills in the fields and recipients."""
    url, form = form_for(sign_in(client, cast.anna), "notice")
    form.pop("recipients", None)
    answer = client.post(url, data={**form, "person": str(cast.own.id), "_send": "1"})
    assert answer.status_code == 200
    assert letters(session) == []
    filled = as_shown(answer.text)
    assert filled[f"fact-{cast.own.id}-0"] == "Ёлкина Дарья Игоревна"
    assert filled["recipients"] == str(social.id)
    assert filled["form_token"] == form["form_token"]
    assert client.post(url, data={**filled, "_send": "1"}).status_code == 302
    assert len(letters(session)) == 1


def test_filling_in_keeps_what_was_typed(client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    typed = {**form, "text": "Просим помочь", f"fact-{cast.own.id}-1": "у тёти", "_fill": "1"}
    filled = as_shown(client.post(url, data=typed).text)
    assert (filled["text"], filled[f"fact-{cast.own.id}-1"]) == ("Просим помочь", "у тёти")


def test_somebody_without_a_card_is_named_where_accepting_begins_one(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.boris), "message")
    data = {**form, "recipients": str(cast.service.id), "unknown_name": "Безымянный Фёдор", "fact-0-1": "без жилья"}
    assert client.post(url, data={**data, "_send": "1"}).status_code == 302
    person = letters(session)[0].people[0]
    assert (person.name, person.graduate_id) == ("Безымянный Фёдор", None)
    assert {"label": "суть", "value": "без жилья"} in person.facts


# -- By which right --------------------------------------------------------------------------------------------------


def _list_form(client: FlaskClient, cast: Cast) -> tuple[str, dict[str, str]]:
    url, form = form_for(sign_in(client, cast.anna), "list", graduate=cast.own.id)
    return url, {**form, "recipients": str(cast.opeka.id), "people": str(cast.own.id)}


def test_without_a_ground_nothing_is_sent_but_a_draft_is_kept(session, client, cast, social) -> None:
    url, form = _list_form(client, cast)
    answer = client.post(url, data={**form, "_send": "1"})
    assert answer.status_code == 422
    assert "Укажите основание передачи" in answer.text
    assert letters(session) == []
    assert client.post(url, data={**form, "_draft": "1"}).status_code == 302
    assert [one.status for one in letters(session)] == [ReferralStatus.DRAFT]


def test_a_consent_of_the_person_is_offered_and_is_the_ground(session, client, cast, social) -> None:
    consent = _consent(session, cast.own)
    url, form = _list_form(client, cast)
    assert client.post(url, data={**form, "consent_id": str(consent.id), "_send": "1"}).status_code == 302
    assert letters(session)[0].ground.startswith("согласие от 01.02.2026")


def test_a_consent_of_somebody_else_is_refused(session, client, cast, social) -> None:
    foreign = _consent(session, cast.foreign)
    url, form = _list_form(client, cast)
    answer = client.post(url, data={**form, "consent_id": str(foreign.id), "_draft": "1"})
    assert answer.status_code == 422
    assert "Это согласие не действует, не о передаче сведений или другого человека" in answer.text
    assert letters(session) == []


def test_the_consent_of_one_does_not_tell_of_others(session, client, cast, social) -> None:
    consent = _consent(session, cast.own)
    other = make_graduate(session(), "Новиков Илья", agency_id=cast.service.id)
    session.commit()
    url, form = _list_form(client, cast)
    both = f"{cast.own.id},{other.id}"
    data = {**form, "people": [str(cast.own.id), str(other.id)], "routed_for": both, "consent_id": str(consent.id)}
    answer = client.post(url, data={**data, "_send": "1"})
    assert answer.status_code == 422
    assert "Согласие одного человека" in answer.text


def _consent(session: scoped_session[Session], graduate: object) -> Consent:
    made = Consent(purpose_code="transfer", given_on=date(2026, 2, 1), document="№ 4")
    graduate.consents.append(made)
    session.commit()
    return made


# -- Bad input -------------------------------------------------------------------------------------------------------


def test_a_person_out_of_sight_is_refused_and_told_nothing_of(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.foreign.id)
    assert f"fact-{cast.foreign.id}-0" not in form
    data = {**form, "person": str(cast.foreign.id), "routed_for": str(cast.foreign.id), "recipients": str(social.id)}
    answer = client.post(url, data={**data, "_send": "1"})
    assert answer.status_code == 422
    assert "Тихонов" not in answer.text
    assert letters(session) == []


def test_an_obligation_of_others_does_not_exist(session, client, cast, social) -> None:
    foreign = make_deadline(session(), cast.opeka)
    session.commit()
    sign_in(client, cast.anna)
    assert client.get(f"{NEW.format('notice')}&deadline={foreign.id}").status_code == 404
    url, form = form_for(client, "notice", graduate=cast.own.id)
    answer = client.post(url, data={**form, "deadline": str(foreign.id), "_send": "1"})
    assert answer.status_code == 422
    assert "не вашей организации" in answer.text


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("30.09.2026", "уже прошёл"),
        ("01.10.2031", "дальше двух лет"),
        ("31.12.2099", "дальше двух лет"),
        ("31.02.2027", "в виде"),
    ],
)
def test_a_day_for_the_answer_that_cannot_be_is_refused(session, client, cast, social, day: str, told: str) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    answer = client.post(url, data={**form, "answer_due_on": day, "_draft": "1"})
    assert answer.status_code == 422
    assert told in answer.text
    assert as_shown(answer.text)["answer_due_on"] == day
    assert letters(session) == []


def test_more_than_a_thousand_people_are_refused(session, client, cast, social) -> None:
    url, form = _list_form(client, cast)
    numbers = ",".join(map(str, range(1, 1002)))
    answer = client.post(url, data={**form, "people": numbers, "routed_for": numbers, "ground": "ст. 7", "_send": "1"})
    assert answer.status_code == 422
    assert "не больше 1000 человек" in answer.text


@pytest.mark.parametrize("kind", ["nothing", "list'", "../x", "%00"])
def test_a_kind_that_is_not_there_is_no_page(client, cast, social, kind: str) -> None:
    assert sign_in(client, cast.anna).get(NEW.format(kind)).status_code == 404


def test_a_kind_of_others_is_no_page(client, cast, social) -> None:
    assert sign_in(client, cast.boris).get(NEW.format("list")).status_code == 404


def test_signs_of_a_foreign_fact_are_not_kept(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id, subject="problem:7")
    assert form["subject"] == "problem:7"
    client.post(url, data={**form, "subject": "<b>:1", "_draft": "1"})
    assert letters(session)[0].subject == ""


def test_after_an_expired_session_one_returns_to_the_form(client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "notice", graduate=cast.own.id)
    client.post("/logout")
    answer = client.post(url, data={**form, "_send": "1"}, headers={"Referer": f"http://localhost{url}"})
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=/referral/new/")


# -- From an obligation ----------------------------------------------------------------------------------------------


def test_an_obligation_fills_in_the_kind_the_person_the_recipient_and_the_fact(session, client, cast, social) -> None:
    rule = session.scalars(select(DeadlineRule).where(DeadlineRule.key == "small/A10")).one()
    about = {"recipient_id": social.id, "graduate_id": cast.own.id, "subject": "problem:5>a1"}
    duty = make_deadline(session(), cast.service, rule, **about)
    session.commit()
    form = as_shown(sign_in(client, cast.anna).get(f"/referral/new/?deadline={duty.id}").text)
    assert (form["recipients"], form["subject"]) == (str(social.id), "problem:5")
    client.post(f"/referral/new/?deadline={duty.id}", data={**form, "_send": "1"})
    (letter,) = letters(session)
    assert (letter.deadline_id, letter.kind_key, letter.subject) == (duty.id, "small/notice", "problem:5")


# -- Drafts and what was returned ------------------------------------------------------------------------------------


def _draft(session: scoped_session[Session], cast: Cast, social: Agency, **fields: object) -> Referral:
    entry = next(one for one in pack_of_kinds().section("referrals") if one["code"] == "notice")
    terms = {**entry, "regulation": "small", "regulation_title": "Небольшой регламент"}
    fields = {"status": ReferralStatus.DRAFT, "terms": terms, **fields}
    made = make_referral(session(), cast.service, social, cast.own, author=cast.anna, **fields)
    session.commit()
    return made


def test_a_draft_is_corrected_and_sent(session, client, cast, social) -> None:
    draft = _draft(session, cast, social)
    url = f"/referral/edit/?id={draft.id}"
    form = as_shown(sign_in(client, cast.anna).get(url).text)
    assert client.post(url, data={**form, "summary": "Нужна помощь", "_draft": "1"}).status_code == 302
    assert letters(session)[0].summary == "Нужна помощь"
    form = as_shown(client.get(url).text)
    assert client.post(url, data={**form, "_send": "1"}).status_code == 302
    assert letters(session)[0].status is ReferralStatus.SENT


def test_what_was_returned_is_corrected_and_sent_again(session, client, cast, social) -> None:
    returned = _draft(session, cast, social, status=ReferralStatus.RETURNED, reason="Нет адреса")
    url = f"/referral/edit/?id={returned.id}"
    page = sign_in(client, cast.anna).get(url).text
    assert "Нет адреса" in page
    assert client.post(url, data={**as_shown(page), "_send": "1"}).status_code == 302
    assert letters(session)[0].status is ReferralStatus.SENT


def test_of_two_who_correct_a_draft_the_second_sees_what_the_first_has_saved(session, client, cast, social) -> None:
    draft = _draft(session, cast, social)
    url = f"/referral/edit/?id={draft.id}"
    mine = as_shown(sign_in(client, cast.anna).get(url).text)
    client.post(url, data={**mine, "summary": "Первая правка", "_draft": "1"})
    answer = client.post(url, data={**mine, "summary": "Вторая правка", "_draft": "1"})
    assert answer.status_code == 409
    assert "Первая правка" in answer.text
    again = as_shown(answer.text)
    assert again["summary"] == "Вторая правка"
    assert client.post(url, data={**again, "_draft": "1"}).status_code == 302
    assert letters(session)[0].summary == "Вторая правка"


def test_a_change_of_a_person_alone_is_noticed_too(session, client, cast, social) -> None:
    draft = _draft(session, cast, social)
    url = f"/referral/edit/?id={draft.id}"
    mine = as_shown(sign_in(client, cast.anna).get(url).text)
    fact = f"fact-{cast.own.id}-1"
    client.post(url, data={**mine, fact: "Сокол", "_draft": "1"})
    assert client.post(url, data={**mine, fact: "Тотьма", "_draft": "1"}).status_code == 409
    assert letters(session)[0].people[0].facts[1]["value"] == "Сокол"


def test_only_the_sender_corrects_a_letter_and_only_before_it_is_sent(session, client, cast, social) -> None:
    sent = _draft(session, cast, cast.opeka, status=ReferralStatus.SENT)
    url = f"/referral/edit/?id={sent.id}"
    assert sign_in(client, cast.boris).get(url).status_code == 403
    assert sign_in(client, cast.vera).get(url).status_code == 404
    assert sign_in(client, cast.anna).get(url).status_code == 302


# -- Before sending --------------------------------------------------------------------------------------------------


def test_before_sending_one_sees_what_travels_and_then_sends_all_of_the_batch(session, client, cast, social) -> None:
    url, form = form_for(sign_in(client, cast.anna), "case", graduate=cast.own.id)
    data = {**form, "recipients": [str(social.id), str(cast.opeka.id)], f"fact-{cast.own.id}-1": "жильё"}
    answer = client.post(url, data={**data, "_check": "1"})
    assert "/referral/before/" in answer.location
    page = client.get(answer.location).text
    for told in ("КЦСОН", "opeka-sokol", "жильё", "ответа не просим", "на бумаге"):
        assert told in page
    versions = {f"version-{one.id}": str(one.version) for one in letters(session)}
    assert client.post(answer.location, data=versions).status_code == 302
    assert {one.status for one in letters(session)} == {ReferralStatus.SENT}


def test_what_cannot_be_sent_is_told_before_sending_and_has_no_button(client, cast, session, social) -> None:
    draft = _draft(session, cast, social)
    page = sign_in(client, cast.anna).get(f"/referral/before/?id={draft.id}").text
    assert 'name="_send"' in page
    social.is_active = False
    session.commit()
    page = client.get(f"/referral/before/?id={draft.id}").text
    assert "Получатель больше не работает" in page
    assert 'name="_send"' not in page


def test_a_letter_changed_meanwhile_is_not_sent_unseen(session, client, cast, social) -> None:
    draft = _draft(session, cast, social)
    answer = sign_in(client, cast.anna).post(f"/referral/before/?id={draft.id}", data={f"version-{draft.id}": "99"})
    assert answer.status_code == 422
    assert letters(session)[0].status is ReferralStatus.DRAFT


def test_the_same_letter_under_way_is_told_of(session, client, cast, social) -> None:
    _draft(session, cast, social, status=ReferralStatus.SENT, sent_on=TODAY - timedelta(days=3))
    page = sign_in(client, cast.anna).get(NEW.format("notice") + f"&graduate={cast.own.id}").text
    assert "Такое письмо об этом человеке уже отправлено" in page


def test_the_card_of_a_draft_leads_to_what_will_travel(client, cast, session, social) -> None:
    draft = _draft(session, cast, social)
    page = sign_in(client, cast.anna).get(f"/referral/details/?id={draft.id}").text
    assert f"/referral/before/?id={draft.id}" in page
    assert f"/referral/edit/?id={draft.id}" in page


def test_the_boxes_of_the_desk_lead_to_a_new_letter(client, cast, social) -> None:
    sign_in(client, cast.anna)
    for box in ("inbox", "outbox", "drafts"):
        page = client.get(f"/exchange/{box}/").text
        assert 'href="/referral/new/"' in page
        assert "Написать письмо" in page
