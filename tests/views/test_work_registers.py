"""The registers of daily work: lists, forms, pages with actions, closed bodies of minutes, the card's tab."""

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AuditEvent
from models.base import Model
from models.context import Actor, act_as
from models.support import FieldGroup, FieldGroupMember
from models.users import Role
from models.work import (
    Appeal,
    Consultation,
    ConsultationMinutes,
    GroupSession,
    HousingSurvey,
    ServiceRecord,
    UrgentAct,
    Visit,
)
from services.production_calendar import load_years
from tests import work_factories as make
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate, make_user
from tests.signing import sign_in
from tests.views.forms import open_form
from views.captions import caption

Db = scoped_session[Session]
# Register → model, what is typed into its form beside the person, what is told.
FORMS: dict[str, tuple[type[Any], dict[str, str], str]] = {
    "appeal": (
        Appeal,
        {"content": "Просит помочь", "urgency": "at_once", "received_time": "1120"},
        "обращение № 1/2026",
    ),
    "consultation": (Consultation, {"topic": "Паспорт", "kind": "legal"}, "беседа № 1/2026"),
    "visit": (Visit, {"purpose": "Проверить жильё", "next_on": "08.10.2026"}, "выезд № 1/2026"),
    "housing_survey": (HousingSurvey, {"sanitary": "Чисто", "outcome": "needs_work", "rooms": "1"}, "акт ЖБУ № 1/2026"),
    "urgent_act": (UrgentAct, {"reason": "Нет еды", "services": "хлеб × 2\nодежда"}, "акт срочных услуг № 1/2026"),
    "service_record": (ServiceRecord, {"kind_code": "legal", "title": "Иск"}, "Услуга записана: Иск."),
}  # fmt: skip
MODELS = [*(model for model, _, _ in FORMS.values()), ConsultationMinutes, GroupSession]


def count(session: Db, model: type[Model]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def fetched(client: FlaskClient, address: str) -> bytes:
    """A file, its source closed."""
    answer = client.get(address)
    data = answer.data
    answer.close()
    return data


def act(client: FlaskClient, register: str, record: Any, verb: str, **typed: Any) -> Any:
    data = {f"{verb}-{name}": value for name, value in typed.items()} | {"version": str(record.version)}
    return client.post(f"/{register}/act/{verb}/?id={record.id}", data=data, follow_redirects=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_field_has_a_russian_caption(model: type[Model]) -> None:
    names = [column.key for column in model.__mapper__.column_attrs if column.key not in ("id", "version")]
    assert [name for name in names if caption(model.__tablename__, name)[0] == name] == []


# -- Forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", FORMS)
def test_an_entry_is_made_by_its_form_once(client: FlaskClient, session: Db, cast: Cast, register: str) -> None:
    model, typed, told = FORMS[register]
    sign_in(client, cast.anna)
    form = open_form(client, f"/{register}/new/?graduate={cast.own.id}") | typed
    first = client.post(f"/{register}/new/", data=form, follow_redirects=True)
    again = client.post(f"/{register}/new/", data=form, follow_redirects=True)
    made = session.scalars(select(model)).one()
    assert told in first.text
    assert again.request.path == first.request.path == f"/{register}/details/"
    assert (made.graduate_id, made.agency_id, made.created_by_id) == (cast.own.id, cast.service.id, cast.anna.id)
    listed = client.get(f"/{register}/?q=елкин").text
    assert "Ёлкина Дарья Игоревна" in listed
    assert "Записей не найдено" not in listed
    assert fetched(client, f"/{register}/export/xlsx/?f.person={cast.own.id}").startswith(b"PK")


@pytest.mark.parametrize("register", FORMS)
def test_a_refused_form_keeps_what_was_typed(client: FlaskClient, session: Db, cast: Cast, register: str) -> None:
    model, typed, _ = FORMS[register]
    sign_in(client, cast.anna)
    form = open_form(client, f"/{register}/new/?graduate={cast.own.id}") | typed
    day = next(name for name, value in form.items() if value == "01.10.2026")
    page = client.post(f"/{register}/new/", data=form | {day: "02.10.2026", "specialist": "Набрано"})
    assert "Этот день ещё не наступил." in page.text
    assert 'value="Набрано"' in page.text
    assert count(session, model) == 0
    foreign = client.post(f"/{register}/new/", data=form | {"graduate_id": str(cast.foreign.id)})
    assert "Выберите человека из списка." in foreign.text
    assert count(session, model) == 0


@pytest.mark.parametrize("register", FORMS)
def test_who_and_when_are_not_edited(client: FlaskClient, session: Db, cast: Cast, register: str) -> None:
    model, typed, _ = FORMS[register]
    sign_in(client, cast.anna)
    client.post(f"/{register}/new/", data=open_form(client, f"/{register}/new/?graduate={cast.own.id}") | typed)
    made = session.scalars(select(model)).one()
    form = open_form(client, f"/{register}/edit/?id={made.id}")
    assert not {"graduate_id", "agency_id", "specialist"} & form.keys()
    assert (
        not {"received_on", "held_on", "visited_on", "surveyed_on", "provided_on", "kind_code", "urgency"} & form.keys()
    )
    text = {"appeal": "content", "consultation": "topic", "visit": "purpose", "housing_survey": "sanitary"}
    text |= {"urgent_act": "reason", "service_record": "title"}
    saved = client.post(
        f"/{register}/edit/?id={made.id}", data=form | {text[register]: "Исправлено"}, follow_redirects=True
    )
    assert "Изменения сохранены." in saved.text
    session.expire_all()
    assert getattr(session.scalars(select(model)).one(), text[register]) == "Исправлено"
    assert "Исправлено" in client.get(f"/{register}/details/?id={made.id}").text


def test_an_unreadable_time_is_told(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/appeal/new/?graduate={cast.own.id}") | {"content": "Просит"}
    for text in ("25:00", "обед", "9:7"):
        assert "Введите время в виде 11:20." in client.post("/appeal/new/", data=form | {"received_time": text}).text


# -- Appeals ---------------------------------------------------------------------------------------------------------


def test_an_appeal_goes_its_way_by_actions(client: FlaskClient, session: Db, cast: Cast) -> None:
    load_years(session())
    made = make.appeal(session(), cast.anna, cast.own, received_on=make.days_ago(2))
    session.commit()
    sign_in(client, cast.anna)
    assert "в работе" in client.get(f"/appeal/details/?id={made.id}").text
    assert "Решение записано." in act(client, "appeal", made, "decide", decision="Дали адрес приюта").text
    session.refresh(made)
    early = act(client, "appeal", made, "close", done_on="28.09.2026", outcome_code="solved", decision="Дали адрес")
    assert early.status_code == 422
    assert "Исполнить раньше, чем поступило обращение, нельзя." in early.text
    done = act(client, "appeal", made, "close", done_on="01.10.2026", outcome_code="solved", decision="Дали адрес")
    assert "Обращение исполнено." in done.text
    assert "Отметить исполнение" not in done.text
    typed = {"close-done_on": "01.10.2026", "close-outcome_code": "partly", "version": "1"}
    assert "запись изменилась" in client.post(f"/appeal/act/close/?id={made.id}", data=typed).text
    assert client.get("/appeal/?f.done=1").text.count("Просит помочь с временным жильём") == 1
    assert "Просит помочь" not in client.get("/appeal/?f.done=0&f.urgency=urgent").text


# -- Minutes ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def minutes(session: Db, cast: Cast) -> ConsultationMinutes:
    """Anna's; Olga is another clerk of the same service."""
    act_as(session(), Actor.of(cast.anna, NOW))
    made = make.minutes(session(), cast.anna, make.talk(session(), cast.anna, cast.own), place="кабинет 5")
    session.commit()
    return made


@pytest.fixture
def olga(session: Db, cast: Cast) -> Any:
    made = make_user(session(), "olga", "Ольга Коллега", Role.CLERK, cast.service)
    session.commit()
    return made


def pages_of(client: FlaskClient, cast: Cast, made: ConsultationMinutes) -> dict[str, str]:
    exported = fetched(client, "/consultation_minutes/export/xlsx/")
    cells = CalamineWorkbook.from_filelike(io.BytesIO(exported)).get_sheet_by_index(0).to_python()
    return {
        "details": client.get(f"/consultation_minutes/details/?id={made.id}").text,
        "list": client.get("/consultation_minutes/").text,
        "export": str(cells),
        "csv": fetched(client, "/consultation_minutes/export/csv/").decode("utf-8-sig"),
        "card's history": client.get(f"/graduate/details/?id={cast.own.id}&tab=history").text,
        "card": client.get(f"/graduate/details/?id={cast.own.id}&tab=work").text,
        "talk": client.get(f"/consultation/details/?id={made.consultation_id}").text,
    }


@pytest.mark.parametrize(
    ("who", "reads"), [("anna", True), ("galina", True), ("olga", False), ("kira", False), ("root", False)]
)
def test_the_body_of_minutes_is_masked_for_all_but_the_author_and_the_head(
    client: FlaskClient, session: Db, cast: Cast, olga: Any, minutes: ConsultationMinutes, who: str, reads: bool
) -> None:
    sign_in(client, olga if who == "olga" else getattr(cast, who))
    shown = pages_of(client, cast, minutes)
    assert (make.SECRET in shown["details"]) == reads  # With the history of the record.
    assert (make.SECRET in shown["card's history"]) == reads
    for place in ("list", "export", "csv"):
        assert ("Долг за жильё" in shown[place]) == reads, place
    assert reads or all("•••" in shown[place] for place in ("details", "list", "export", "csv", "card's history"))
    assert not any(make.SECRET in shown[place] for place in ("card", "talk"))
    assert "кабинет 5" in shown["details"]
    may_edit = client.get(f"/consultation_minutes/edit/?id={minutes.id}").status_code
    assert may_edit == (200 if reads else 403)


def test_whoever_is_named_on_the_group_reads(
    client: FlaskClient, session: Db, cast: Cast, olga: Any, minutes: ConsultationMinutes
) -> None:
    session.add(FieldGroupMember(user=olga, field_group=FieldGroup.PSYCHOLOGY))
    session.commit()
    sign_in(client, olga)
    shown = pages_of(client, cast, minutes)
    assert all(make.SECRET in shown[place] for place in ("details", "card's history"))
    assert "Долг за жильё" in shown["list"]


def test_the_log_of_changes_masks_the_body(
    client: FlaskClient, session: Db, cast: Cast, minutes: ConsultationMinutes
) -> None:
    found = select(AuditEvent.id).where(AuditEvent.subject == "consultation_minutes")
    number = session.scalars(found).one()
    for who, reads in (("anna", True), ("galina", False), ("root", False)):
        sign_in(client, getattr(cast, who))
        assert (make.SECRET in client.get(f"/change_log/details/?id={number}").text) == reads, who


def test_minutes_are_drawn_up_from_a_talk_once(client: FlaskClient, session: Db, cast: Cast) -> None:
    talk = make.talk(session(), cast.anna, cast.own, held_on=make.days_ago(1))
    session.commit()
    sign_in(client, cast.anna)
    address = f"/consultation_minutes/new/?consultation={talk.id}"
    assert address in client.get(f"/consultation/details/?id={talk.id}").text
    form = open_form(client, address)
    assert form["consultation_id"] == str(talk.id)
    typed = form | {"time_from": "10:00", "time_to": "9:00", "course": "Рассказал"}
    assert "Беседа не может закончиться раньше, чем началась." in client.post(address, data=typed).text
    saved = client.post(address, data=typed | {"time_to": "1040"}, follow_redirects=True)
    assert "Записано: протокол № 1/2026." in saved.text
    made = session.scalars(select(ConsultationMinutes)).one()
    assert (made.consultation_id, made.course, f"{made.time_to:%H:%M}") == (talk.id, "Рассказал", "10:40")
    twice = client.post(address, data=open_form(client, address) | {"course": "Ещё раз"})
    assert "Протокол этой беседы уже есть: № 1/2026." in twice.text
    edit = open_form(client, f"/consultation_minutes/edit/?id={made.id}") | {"next_on": "30.09.2026"}
    refused = client.post(f"/consultation_minutes/edit/?id={made.id}", data=edit)
    assert "Следующая встреча – после этой беседы." in refused.text


def test_a_talk_out_of_sight_has_no_minutes_of_ours(client: FlaskClient, session: Db, cast: Cast) -> None:
    talk = make.talk(session(), cast.vera, cast.foreign)
    session.commit()
    sign_in(client, cast.anna)
    address = f"/consultation_minutes/new/?consultation={talk.id}"
    form = open_form(client, address)
    assert form["consultation_id"] == ""
    page = client.post(address, data=form | {"consultation_id": str(talk.id)})
    assert "Выберите беседу из списка." in page.text
    assert "Тихонов" not in page.text


# -- Group sessions --------------------------------------------------------------------------------------------------


def test_a_session_is_recorded_for_many_and_stands_on_every_card(client: FlaskClient, session: Db, cast: Cast) -> None:
    other = make_graduate(session(), "Другой Пётр Ильич", agency_id=cast.service.id)
    session.commit()
    sign_in(client, cast.anna)
    typed: dict[str, Any] = open_form(client, "/group_session/new/")
    assert typed["service_kind_code"] == "pedagogical"
    typed |= {"topic": "Бюджет", "starts_at": "15:00", "participants": [str(cast.own.id), str(other.id)]}
    saved = client.post("/group_session/new/", data=typed, follow_redirects=True)
    assert "Записано: занятие № 1/2026, 2 участника." in saved.text
    assert client.post("/group_session/new/", data=typed).status_code == 302
    made = session.scalars(select(GroupSession)).one()
    assert count(session, ServiceRecord) == 2
    for person in (cast.own, other):
        assert f"/group_session/details/?id={made.id}" in client.get(f"/graduate/details/?id={person.id}&tab=work").text
    assert "Бюджет" in client.get(f"/group_session/?f.person={other.id}&q=другой").text
    removed = act(client, "group_session", made, "remove", participants=[str(other.id)])
    assert "Убрано: 1 участник. Их услуги аннулированы." in removed.text
    session.refresh(made)
    added = act(client, "group_session", made, "add", participants=[str(other.id)])
    assert "Добавлено: 1 участник." in added.text
    assert count(session, ServiceRecord) == 3
    session.refresh(made)
    nobody = act(client, "group_session", made, "remove")
    assert "Выберите, кого убрать из участников." in nobody.text


def test_participants_out_of_sight_are_numbers_of_cards(client: FlaskClient, session: Db, cast: Cast) -> None:
    by = make.seeing(session(), cast.root)
    made = make.group(session(), cast.root, [cast.own, cast.local], by=by)
    session.commit()
    sign_in(client, cast.boris)
    page = client.get(f"/group_session/details/?id={made.id}").text
    assert "Сизов Пётр Ильич" in page
    assert f"карточка № {cast.own.id}" in page
    assert "Ёлкина" not in page
    assert "Убрать участников" not in page
    assert act(client, "group_session", made, "add", participants=[str(cast.local.id)]).status_code == 403
    assert "Бюджет на месяц" not in client.get("/group_session/?q=елкина").text
    assert "Бюджет на месяц" not in client.get(f"/group_session/?f.person={cast.own.id}").text


# -- Visits, services ------------------------------------------------------------------------------------------------


def test_an_act_and_a_service_follow_from_a_visit(client: FlaskClient, session: Db, cast: Cast) -> None:
    visit = make.visit(session(), cast.anna, cast.own, visited_on=make.days_ago(1), address="ул. Мира, 1")
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/visit/details/?id={visit.id}").text.replace("&amp;", "&")
    address = f"/housing_survey/new/?graduate={cast.own.id}&visit={visit.id}"
    assert address in page
    form = open_form(client, address)
    assert (form["surveyed_on"], form["address"]) == ("30.09.2026", "ул. Мира, 1")
    wrong = client.post(address, data=form | {"area_total": "20", "area_living": "30"})
    assert "Жилая площадь не может быть больше общей." in wrong.text
    client.post(address, data=form)
    assert session.scalars(select(HousingSurvey)).one().visit_id == visit.id
    assert "акт ЖБУ № 1/2026" in client.get(f"/visit/details/?id={visit.id}").text
    service = f"/service_record/new/?graduate={cast.own.id}&visit={visit.id}"
    form = open_form(client, service)
    assert form["provided_on"] == "30.09.2026"
    client.post(service, data=form | {"kind_code": "household", "title": "Продукты"})
    made = session.scalars(select(ServiceRecord)).one()
    assert made.visit_id == visit.id
    assert "выезд № 1/2026" in client.get("/service_record/").text
    assert "выезд № 1/2026" in client.get(f"/service_record/details/?id={made.id}").text


def test_lines_of_an_act_are_services(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/urgent_act/new/?graduate={cast.own.id}") | {"reason": "Нет еды"}
    assert "Назовите хотя бы одну услугу." in client.post("/urgent_act/new/", data=form | {"services": " \n"}).text
    wrong = client.post("/urgent_act/new/", data=form | {"services": "хлеб × 0"})
    assert "Количество: от 1 до 1000." in wrong.text
    assert "хлеб × 0</textarea>" in wrong.text
    client.post("/urgent_act/new/", data=form | {"services": "набор продуктов × 2\r\n\r\nодежда"})
    made = session.scalars(select(UrgentAct)).one()
    assert [(one.title, one.quantity) for one in made.services] == [("набор продуктов", 2), ("одежда", 1)]
    page = client.get(f"/urgent_act/details/?id={made.id}").text
    assert "набор продуктов" in page
    sign_in(client, cast.galina)
    told = act(client, "urgent_act", made, "annul", reason="Записано не тому").text
    assert "Услуги по ней аннулированы тоже." in told
    session.expire_all()
    assert {one.annulled_on for one in made.services} == {TODAY}


# -- The list and the card -------------------------------------------------------------------------------------------


def test_lists_are_narrowed(client: FlaskClient, session: Db, cast: Cast) -> None:
    make.talk(session(), cast.anna, cast.own, topic="Сентябрьская", held_on=date(2026, 9, 15))
    make.talk(session(), cast.galina, cast.own, topic="Октябрьская")
    make.talk(session(), cast.vera, cast.foreign, topic="Посторонняя")
    session.commit()
    sign_in(client, cast.kira)

    def listed(query: str) -> set[str]:
        page = client.get(f"/consultation/?{query}").text
        return {topic for topic in ("Сентябрьская", "Октябрьская", "Посторонняя") if topic in page}

    assert listed("") == {"Сентябрьская", "Октябрьская", "Посторонняя"}
    assert listed("f.day=2026-09-01..2026-09-30") == {"Сентябрьская"}
    assert listed(f"f.specialist={cast.galina.id}") == {"Октябрьская"}
    assert listed(f"f.agency={cast.other_opeka.id}") == {"Посторонняя"}
    assert listed("q=ОКТЯБРЬ") == {"Октябрьская"}
    assert listed("q=1/2026") == {"Сентябрьская", "Посторонняя"}
    assert listed("q=тихон") == {"Посторонняя"}
    assert listed("f.kind=legal") == set()
    sign_in(client, cast.anna)
    assert listed("") == {"Сентябрьская", "Октябрьская"}
    assert listed(f"f.agency={cast.other_opeka.id}") == {"Сентябрьская", "Октябрьская"}


def test_the_card_shows_the_last_work_and_leads_to_the_quick_page(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/graduate/details/?id={cast.own.id}&tab=work").text
    assert "Записей нет." in page
    assert f'href="/work/?graduate={cast.own.id}"' in page
    for number in range(6):
        make.talk(session(), cast.anna, cast.own, topic=f"Тема {number}")
    for entry in (make.appeal, make.visit, make.survey, make.act, make.service):
        entry(session(), cast.anna, cast.own)
    make.group(session(), cast.anna, [cast.own])
    session.commit()
    page = client.get(f"/graduate/details/?id={cast.own.id}&tab=work").text
    assert "Тема 5" in page
    assert "Тема 0" not in page
    assert f'href="/consultation/?f.person={cast.own.id}">все записи</a>' in page
    sign_in(client, cast.kira)
    assert "Записать работу" not in client.get(f"/graduate/details/?id={cast.own.id}&tab=work").text
