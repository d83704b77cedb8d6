"""Councils and meetings on the screen: made, filled, held and sent as a browser does it; what nobody may see."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.meetings import AgendaItem, Body, BodyMember, Decision, Meeting, MeetingAttendee, MeetingStatus
from services.meetings import sittings
from services.production_calendar import load_years
from services.regulations.loading import load_shipped
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.meetings_factories import make_body, make_decision, make_held, make_item, make_meeting, seen_by
from tests.signing import sign_in
from tests.views.forms import open_form

Db = scoped_session[Session]


def act(client: FlaskClient, record: Body | Meeting | Decision, verb: str, **fields: str) -> str:
    data = {f"{verb}-{name}": value for name, value in fields.items()} | {"version": str(record.version)}
    url = f"/{record.__tablename__}/act/{verb}/?id={record.id}"
    return client.post(url, data=data, follow_redirects=True).text


def test_a_council_sits_and_its_decisions_are_sent(client: FlaskClient, session: Db, cast: Cast) -> None:
    load_years(session())
    load_shipped(session(), now=NOW, on=TODAY)
    session.commit()
    sign_in(client, cast.anna)
    typed = open_form(client, "/body/new/") | {"name": "Совет", "starts_on": "12.01.2026", "note": "приказ № 7"}
    assert "Создано: Совет." in client.post("/body/new/", data=typed, follow_redirects=True).text
    body = session.scalars(select(Body)).one()
    assert (body.quorum_part, body.quorum_of) == (1, 2)
    for name in ("Белов Олег", "Серова Инна"):
        assert f"В составе: {name}" in act(client, body, "seat", name=name, role="member", starts_on="12.01.2026")
    typed = open_form(client, f"/meeting/new/?body={body.id}")
    assert (typed["kind"], typed["body_id"]) == ("sitting", str(body.id))
    typed |= {"topic": "Итоги лета", "held_on": "01.10.2026", "starts_at": "11:00"}
    assert "Члены органа внесены в список" in client.post("/meeting/new/", data=typed, follow_redirects=True).text
    client.post("/meeting/new/", data=typed)  # The second click.
    meeting = session.scalars(select(Meeting)).one()
    typed = open_form(client, f"/agenda_item/new/?meeting={meeting.id}") | {"kind": "other", "title": "О жилье"}
    assert "О жилье" in client.post("/agenda_item/new/", data=typed, follow_redirects=True).text
    item = session.scalars(select(AgendaItem)).one()
    typed = open_form(client, f"/decision/new/?meeting={meeting.id}")
    assert typed["item_id"] == str(item.id)
    typed |= {"kind": "proposal", "text": "Сверить", "addressee_id": str(cast.opeka.id), "due_on": "02.11.2026"}
    assert "протокол не закончен" in client.post("/decision/new/", data=typed, follow_redirects=True).text
    assert "Кворума нет: не хватает 1 члена" in act(client, meeting, "hold", chair="Белов Олег")
    ids = list(session.scalars(select(MeetingAttendee.id).order_by(MeetingAttendee.position)))
    marks = {"present": [str(ids[0])], f"stand_in-{ids[1]}": "Орлов"}
    page = client.post(f"/meeting/attendance/?id={meeting.id}", data=marks, follow_redirects=True).text
    assert "пришли 1 из 2, нужно 1: кворум есть" in page
    assert "Проведено, протокол № 1/2026. Теперь отправьте решения." in act(client, meeting, "hold", chair="Белов Олег")
    page = act(client, session.get_one(Meeting, meeting.id), "send")
    assert "Решения отправлены: 1 письмо." in page
    assert "ещё не прочитано" in page
    page = client.get("/decision/?f.kind=proposal").text
    assert "Сверить" in page
    assert "исполняется" in page
    decision = session.scalars(select(Decision)).one()
    page = act(client, decision, "done", done_on="01.10.2026", result="Сверено")
    assert "Исполнение отмечено." in page
    assert "Сверено" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"held_on": "01.01.2031"}, "Так далеко вперёд не назначают"),
        ({"held_on": ""}, "Заполните это поле"),
        ({"topic": ""}, "Напишите, о чём встреча"),
        ({"kind": "sitting"}, "Выберите, чьё это заседание"),
        ({"body_id": "999"}, "Выберите значение из списка"),
        ({"starts_at": "25:70"}, "Введите время"),
    ],
)
def test_a_form_of_a_meeting_keeps_what_was_typed(
    client: FlaskClient, cast: Cast, typed: dict[str, str], told: str
) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/meeting/new/")
    form |= {"kind": "methodical", "topic": "О лете", "held_on": "05.10.2026", "place": "зал 7", **typed}
    page = client.post("/meeting/new/", data=form).text
    assert told in page
    assert "зал 7" in page


def test_a_stranger_sees_the_number_of_the_card_and_no_name(client: FlaskClient, session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna)
    item = make_item(session(), cast.anna, meeting, "О жилье", graduate_id=cast.own.id)
    sittings.invite(session(), meeting=meeting, agency_id=cast.other_opeka.id, by=seen_by(session(), cast.anna))
    session.commit()
    number = f"карточка № {cast.own.id}"
    for url in (f"/meeting/details/?id={meeting.id}", f"/agenda_item/details/?id={item.id}", "/agenda_item/"):
        sign_in(client, cast.anna)
        assert "Ёлкина" in client.get(url).text
        sign_in(client, cast.vera)
        page = client.get(url).text
        assert "Ёлкина" not in page
        assert number in page
    assert client.get(f"/meeting/edit/?id={meeting.id}").status_code == 403
    assert client.post(f"/meeting/attendance/?id={meeting.id}").status_code == 403


def test_the_list_is_narrowed_to_what_one_is_invited_to(client: FlaskClient, session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, topic="Приглашаем опеку")
    sittings.invite(session(), meeting=meeting, agency_id=cast.opeka.id, by=seen_by(session(), cast.anna))
    make_meeting(session(), cast.boris, topic="Своё совещание")
    session.commit()
    sign_in(client, cast.boris)
    for filters, shown in (("", 2), ("?f.invited=1", 1), ("?f.invited=0", 1), ("?f.kind=seminar", 0)):
        page = client.get(f"/meeting/{filters}").text
        assert ("Приглашаем опеку" in page) + ("Своё совещание" in page) == shown
    assert "вы приглашены" in client.get(f"/meeting/details/?id={meeting.id}").text


def test_what_is_late_is_found_by_its_addressee(client: FlaskClient, session: Db, cast: Cast) -> None:
    meeting = make_meeting(session(), cast.anna, held_on=date(2026, 9, 1))
    item = make_item(session(), cast.anna, meeting)
    make_decision(session(), cast.anna, item, cast.opeka, text="Опоздало", due_on=date(2026, 9, 30))
    make_decision(session(), cast.anna, item, cast.other_opeka, text="Не спешит", due_on=date(2026, 12, 1))
    meeting.status, meeting.number, meeting.year = MeetingStatus.HELD, 1, 2026
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/decision/?f.state=late&f.to={cast.opeka.id}").text
    assert "Опоздало" in page
    assert "Не спешит" not in page
    assert "Не спешит" in client.get("/decision/?f.state=unsent").text


def test_a_council_of_three_hundred_is_shown(client: FlaskClient, session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna)
    for number in range(300):
        body.members.append(BodyMember(name=f"Член {number}", starts_on=body.starts_on, position_in_list=number))
    session.flush()
    meeting = make_meeting(session(), cast.anna, body)
    session.commit()
    sign_in(client, cast.anna)
    assert "300 членов" in client.get(f"/body/details/?id={body.id}").text
    assert "пришли 0 из 300, нужно 150" in client.get(f"/meeting/details/?id={meeting.id}").text


def test_the_half_years_of_a_body_tell_its_sittings(client: FlaskClient, session: Db, cast: Cast) -> None:
    body = make_body(session(), cast.anna, "Белов Олег")
    make_held(session(), cast.anna, body)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/body/details/?id={body.id}").text
    assert "II полугодие 2026" in page
    assert "протокол № 1/2026" in page
    assert "проведено: 1" in page


def test_the_head_corrects_minutes_and_the_clerk_does_not(client: FlaskClient, session: Db, cast: Cast) -> None:
    meeting = make_held(session(), cast.anna)
    session.commit()
    sign_in(client, cast.anna)
    assert client.get(f"/meeting/edit/?id={meeting.id}").status_code == 403
    sign_in(client, cast.galina)
    typed = open_form(client, f"/meeting/edit/?id={meeting.id}") | {"summary": "Решили всё"}
    page = client.post(f"/meeting/edit/?id={meeting.id}", data=typed, follow_redirects=True).text
    assert "Решили всё" in page
    assert client.post(f"/meeting/edit/?id={meeting.id}", data=typed).status_code == 409
