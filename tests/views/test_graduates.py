"""The card of a graduate: made, corrected, kept from being overwritten, and shown to nobody else."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AuditEvent
from models.circumstances import Employment
from models.context import Actor, act_as
from models.graduates import Graduate
from models.people import Contact
from models.support import HealthRecord
from models.work import Consultation
from services import numbering
from tests.conftest import NOW
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form

Db = scoped_session[Session]


def edit_url(graduate: Graduate) -> str:
    return f"/graduate/edit/?id={graduate.id}"


def test_a_clerk_makes_a_card_and_it_belongs_to_her_agency(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/graduate/new/")
    form |= {"last_name": " Берёзкин ", "first_name": "Ян", "patronymic": "Юрьевич", "birth_date": "230406"}
    form |= {"contacts-0-kind_code": "phone", "contacts-0-value": "8 911 123-45-67"}
    form |= {
        "addresses-0-kind": "residence",
        "addresses-0-text": "Вологодская обл., г. Сокол, ул. Лесная, д. 1",
        "addresses-0-starts_on": "01.09.2026",
    }
    response = client.post("/graduate/new/", data=form)
    assert response.status_code == 302, response.text
    made = session.scalar(select(Graduate).where(Graduate.last_name == "Берёзкин"))
    assert made is not None
    assert made.agency_id == cast.service.id
    assert made.birth_date == date(2006, 4, 23)
    assert made.district_id == cast.sokol.id
    assert made.sex.value == "male"
    assert made.current_phone == "8 911 123-45-67"
    assert "89111234567" in made.search_text
    assert [r.agency_id for r in made.responsibilities] == [cast.service.id]
    assert made.created_by_id == cast.anna.id


def test_a_wrong_form_keeps_what_was_typed_and_says_what_is_wrong(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/graduate/new/")
    form |= {"last_name": "Сизов", "birth_date": "31.02.2004", "snils": "112-233-445 96", "note": "Важная мысль"}
    form |= {"studies-0-course": "двадцать", "studies-0-starts_on": "01.09.2024"}
    page = client.post("/graduate/new/", data=form)
    assert page.status_code == 200
    for text in (
        "Введите дату в виде 23.05.1998.",
        "Заполните это поле.",
        "СНИЛС записан с ошибкой",
        "Важная мысль",
        "двадцать",
        "Введите целое число.",
    ):
        assert text in page.text
    assert fields_of(page.text)["birth_date"] == "31.02.2004"


def test_saving_an_untouched_form_changes_nothing(client: FlaskClient, cast: Cast, session: Db) -> None:
    card = cast.own
    card.employments.append(
        Employment(
            status_code="employed", organisation="ООО «Лес»", wording="ООО «Лес», рабочий", starts_on=date(2026, 3, 1)
        )
    )
    card.contacts.append(Contact(kind_code="phone", value="8 911 000-00-00"))
    session.commit()
    sign_in(client, cast.anna)
    assert client.post(edit_url(card), data=open_form(client, edit_url(card))).status_code == 302  # completes the card
    before = session.scalar(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).limit(1))
    assert client.post(edit_url(card), data=open_form(client, edit_url(card))).status_code == 302
    assert session.scalar(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).limit(1)) == before


def test_a_changed_structured_field_drops_the_offices_stale_wording(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    card = cast.own
    card.employments.append(
        Employment(
            status_code="employed", organisation="ООО «Лес»", wording="ООО «Лес», рабочий", starts_on=date(2026, 3, 1)
        )
    )
    session.commit()
    sign_in(client, cast.anna)
    form = open_form(client, edit_url(card)) | {"employments-0-organisation": "ООО «Поле»"}
    assert client.post(edit_url(card), data=form).status_code == 302
    session.refresh(card)
    assert (card.employments[0].organisation, card.employments[0].wording) == ("ООО «Поле»", "")


def _leave(client: FlaskClient, card: Graduate, code: str, ends_on: str = "") -> str:
    form = open_form(client, edit_url(card)) | {"studies-0-status_code": "leave", "studies-0-leave_code": code}
    form |= {"studies-0-starts_on": "02.03.2026", "studies-0-leave_ends_on": ends_on}
    form |= {"dependants-0-name": "Анна", "dependants-0-birth_date": "12.01.2026"} if not card.dependants else {}
    return client.post(edit_url(card), data=form).text


def test_a_leave_to_care_for_a_child_lasts_until_the_child_is_three(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    sign_in(client, cast.anna)
    _leave(client, cast.own, "childcare_3")
    session.expire_all()
    assert [one.leave_ends_on for one in cast.own.studies] == [date(2029, 1, 12)]


def test_an_academic_leave_lasts_no_longer_than_a_year(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    for ends_on in ("02.03.2027", "01.03.2028"):
        page = _leave(client, cast.own, "academic", ends_on)
        assert page.count('href="#studies-0-leave_ends_on"') == 1
        assert "не больше 12 месяцев" in page
        assert '<details class="form-section" id="education" open>' in page
    session.expire_all()
    assert cast.own.studies == []
    _leave(client, cast.own, "academic", "01.03.2027")
    session.expire_all()
    assert [one.leave_ends_on for one in cast.own.studies] == [date(2027, 3, 1)]


def test_the_second_of_two_savers_is_told_and_keeps_what_she_typed(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    sign_in(client, cast.anna)
    anna = open_form(client, edit_url(cast.own))
    galina = dict(anna) | {"first_name": "Дарина", "citizenship": "Россия"}
    sign_in(client, cast.galina)
    assert client.post(edit_url(cast.own), data=galina).status_code == 302
    sign_in(client, cast.anna)
    anna |= {"first_name": "Дарья-Мария", "note": "Переехала"}
    conflict = client.post(edit_url(cast.own), data=anna)
    assert conflict.status_code == 409
    assert "Галина Главная" in conflict.text
    kept = fields_of(conflict.text)
    assert kept["first_name"] == "Дарья-Мария"  # both changed: hers stays in the form
    assert kept["citizenship"] == "Россия"  # she had not touched it: the other's value is taken
    assert kept["note"] == "Переехала"
    session.expire_all()
    assert session.get(Graduate, cast.own.id).first_name == "Дарина"  # type: ignore[union-attr]
    assert client.post(edit_url(cast.own), data=kept).status_code == 302
    session.expire_all()
    saved = session.get(Graduate, cast.own.id)
    assert saved is not None
    assert (saved.first_name, saved.citizenship, saved.note) == ("Дарья-Мария", "Россия", "Переехала")


def test_a_child_row_saved_meanwhile_is_a_conflict_too(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.own.contacts.append(Contact(kind_code="phone", value="111"))
    session.commit()
    sign_in(client, cast.anna)
    anna = open_form(client, edit_url(cast.own))
    galina = dict(anna) | {"contacts-0-value": "222"}
    sign_in(client, cast.galina)
    assert client.post(edit_url(cast.own), data=galina).status_code == 302
    sign_in(client, cast.anna)
    conflict = client.post(edit_url(cast.own), data=anna | {"note": "моё"})
    assert conflict.status_code == 409
    kept = fields_of(conflict.text)
    assert (kept["contacts-0-value"], kept["note"]) == ("222", "моё")


def test_a_form_without_its_version_is_refused(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, edit_url(cast.own))
    del form["version"]
    page = client.post(edit_url(cast.own), data=form)
    assert "Форма устарела" in page.text


@pytest.mark.parametrize(("who", "whom", "status"), [
    ("anna", "own", 200), ("anna", "local", 404), ("anna", "foreign", 404),
    ("boris", "own", 404), ("boris", "local", 200), ("boris", "foreign", 404),
    ("vera", "own", 404), ("vera", "local", 404), ("vera", "foreign", 200),
    ("kira", "own", 200), ("kira", "foreign", 200), ("root", "local", 200),
])  # fmt: skip
def test_a_stranger_gets_404_from_every_door_of_a_card(
    client: FlaskClient, cast: Cast, who: str, whom: str, status: int
) -> None:
    sign_in(client, getattr(cast, who))
    card = getattr(cast, whom)
    assert client.get(f"/graduate/details/?id={card.id}").status_code == status
    listed = client.get("/graduate/").text
    assert (card.full_name in listed) == (status == 200)
    if status == 404:
        for method, path in (("get", "edit"), ("post", "edit")):
            assert getattr(client, method)(f"/graduate/{path}/?id={card.id}", data={}).status_code == 404
        assert client.post(f"/graduate/check/?id={card.id}&section=identity").status_code == 404


def test_a_reader_without_the_right_to_change_gets_403(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.kira)
    assert client.get(edit_url(cast.own)).status_code == 403
    assert client.post(edit_url(cast.own), data={}).status_code == 403
    assert client.get("/graduate/new/").status_code == 403


@pytest.mark.parametrize("wanted", ["abc", "-1", "0", "999999999999999999999999", "1;drop", ""])
def test_an_impossible_id_is_404(client: FlaskClient, cast: Cast, wanted: str) -> None:
    sign_in(client, cast.root)
    assert client.get(f"/graduate/details/?id={wanted}").status_code == 404


def test_opening_and_refusing_are_logged(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.vera)
    client.get(f"/graduate/details/?id={cast.foreign.id}")
    client.get(f"/graduate/details/?id={cast.own.id}")
    from views.database import access_connection

    with access_connection() as connection:
        rows = connection.execute(select(AccessEvent.kind, AccessEvent.subject_id).order_by(AccessEvent.seq)).all()
    assert ("opened", cast.foreign.id) in rows
    assert ("refused", cast.own.id) in rows


def test_a_possible_duplicate_is_shown_before_saving(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/graduate/new/")
    form |= {"last_name": "елкина", "first_name": "ДАРЬЯ", "patronymic": "Игоревна", "birth_date": "14.08.2005"}
    page = client.post("/graduate/new/", data=form)
    assert page.status_code == 200
    assert "совпали ФИО и дата рождения" in page.text
    assert client.post("/graduate/new/", data=form | {"confirm_duplicate": str(cast.own.id)}).status_code == 302


def test_closed_fields_are_seen_only_by_those_who_may(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.own.health_records.append(HealthRecord(recorded_on=date(2026, 5, 1), text="Тайный диагноз"))
    cast.own.agency_id = cast.service.id
    session.commit()
    url = f"/graduate/details/?id={cast.own.id}"
    sign_in(client, cast.galina)
    assert "Тайный диагноз" in client.get(url).text
    for who in (cast.root, cast.kira, cast.anna):
        sign_in(client, who)
        page = client.get(url).text
        assert "Тайный диагноз" not in page
        assert "•••" in page
        history = client.get(f"{url}&tab=history").text
        assert "Тайный диагноз" not in history


def test_a_new_card_that_its_author_could_not_see_is_refused(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.opeka.served.clear()
    session.commit()
    sign_in(client, cast.boris)
    form = open_form(client, "/graduate/new/")
    form |= {"last_name": "Мухин", "first_name": "Марк", "birth_date": "31.01.2006"}
    assert client.post("/graduate/new/", data=form).status_code == 302  # his agency is responsible, so he sees it


def test_a_section_is_confirmed_as_fresh(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    answer = client.post(f"/graduate/check/?id={cast.own.id}&section=housing", follow_redirects=True)
    assert "проверено 01.10.2026" in answer.text
    assert client.post(f"/graduate/check/?id={cast.own.id}&section=nonsense").status_code == 404


def test_the_administrator_removes_and_restores(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    assert client.post(f"/graduate/remove/?id={cast.own.id}").status_code == 403
    sign_in(client, cast.root)
    assert client.post(f"/graduate/remove/?id={cast.own.id}").status_code == 302
    assert client.get(f"/graduate/details/?id={cast.own.id}").status_code == 404
    assert cast.own.full_name in client.get("/removed/").text
    assert "Вернуть карточку" in client.get(f"/removed/details/?id={cast.own.id}").text
    assert client.post(f"/graduate/restore/?id={cast.own.id}").status_code == 302
    assert client.get(f"/graduate/details/?id={cast.own.id}").status_code == 200


def test_derived_columns_follow_their_facts(session: Db, cast: Cast) -> None:
    act_as(session(), Actor(NOW))
    card = make_graduate(session(), "Ким Яна Ринатовна")
    first = Employment(status_code="studying", starts_on=date(2024, 9, 1))
    card.employments += [first, Employment(status_code="employed", starts_on=date(2026, 7, 1))]
    session.commit()
    assert card.current_employment_code == "employed"
    version = card.version
    session.delete(card.employments[1])
    session.commit()
    session.refresh(card)
    assert card.current_employment_code == "studying"
    assert card.version > version


def test_a_card_of_which_a_journal_speaks_is_not_removed(
    client: FlaskClient, cast: Cast, session: scoped_session
) -> None:
    talk = Consultation(agency_id=cast.service.id, graduate_id=cast.own.id, held_on=date(2026, 9, 1), topic="Учёба")
    talk.created_at = NOW
    numbering.assign(session(), record=talk, on=talk.held_on)
    session.add(talk)
    session.commit()
    sign_in(client, cast.root)
    answer = client.post(f"/graduate/remove/?id={cast.own.id}", follow_redirects=True)
    assert "есть записи сопровождения" in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Graduate, cast.own.id).deleted_at is None
