"""Readiness and conclusions of the commission in the panel."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.assessments import Examination, ReadinessAssessment
from models.support import FieldGroup, FieldGroupMember
from models.users import Role
from services.assessments.readiness import total_of
from tests.assessments_factories import READINESS, assess, examine
from tests.clock import load_law
from tests.conftest import TODAY
from tests.factories import Cast, make_user
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form


@pytest.fixture(autouse=True)
def _law(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    session.commit()


ALL_WELL = {f"score-{item.code}": "2" for item in READINESS.items}


def test_ten_spheres_are_judged_and_the_result_is_sent(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    examine(session(), cast.anna, cast.own, TODAY - timedelta(days=9), number="77-К")
    session.commit()
    sign_in(client, cast.anna)
    form = open_form(client, f"/readiness_assessment/new/?graduate={cast.own.id}")
    assert form["examination"] == "№ 77-К от 22.09.2026"
    told = form | ALL_WELL | {"score-money": "1", "is_final": "y", "recommendations": "Учиться планировать траты"}
    page = client.post("/readiness_assessment/new/", data=told, follow_redirects=True).text
    assert "Оценка сохранена: 19 из 20, готов." in page
    for text in ("Учиться планировать траты", "справляется с помощью", "№ 77-К от 22.09.2026", "21 год"):
        assert text in page
    made = session.scalars(select(ReadinessAssessment)).one()
    assert (total_of(made), made.is_final, made.specialist) == (19, True, "Анна Клерк")
    url = f"/readiness_assessment/act/send/?id={made.id}"
    data = {"version": made.version, "send-sent_to": "Центр «Надежда», исх. 15", "send-sent_on": "02.10.2026"}
    refused = client.post(url, data=data)
    assert refused.status_code == 422
    assert "Этот день ещё не наступил." in refused.text
    sent = client.post(url, data={**data, "send-sent_on": "01.10.2026"}, follow_redirects=True).text
    assert "Центр «Надежда», исх. 15" in sent
    assert client.get(f"/readiness_assessment/edit/?id={made.id}").status_code == 403
    assert client.post(url, data=data).status_code == 422
    assert "исх. 15" in client.get("/readiness_assessment/?f.sent=1&f.final=1&f.band=ready&sort=-points").text
    assert "исх. 15" not in client.get("/readiness_assessment/?f.sent=0").text


def test_a_sphere_passed_over_is_told(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/readiness_assessment/new/?graduate={cast.own.id}") | ALL_WELL
    del form["score-leisure"]
    page = client.post("/readiness_assessment/new/", data=form).text
    assert "Выберите оценку." in page
    assert "н/д" not in page
    forged = client.post("/readiness_assessment/new/", data={**form, "score-leisure": "na"}).text
    assert "Такой оценки в шкале нет." in forged
    assert session.scalars(select(ReadinessAssessment)).all() == []


def test_two_clicks_make_one_assessment(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/readiness_assessment/new/?graduate={cast.own.id}") | ALL_WELL
    for _ in range(2):
        assert client.post("/readiness_assessment/new/", data=form).status_code == 302
    assert len(session.scalars(select(ReadinessAssessment)).all()) == 1


def test_what_the_commission_said_is_closed_in_an_assessment_too(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    made = assess(session(), cast.anna, cast.own, TODAY, examination="№ 77-К")
    olga = make_user(session(), "olga", "Ольга Вторая", Role.CLERK, cast.service)
    session.commit()
    url = f"/readiness_assessment/details/?id={made.id}"
    for who, is_told in ((cast.anna, True), (cast.galina, True), (olga, False), (cast.kira, False), (cast.root, False)):
        sign_in(client, who)
        page = client.get(url).text
        assert ("77-К" in page) is is_told
        assert "20 из 20" in page
        history = client.get(f"/graduate/details/?id={cast.own.id}&tab=history").text
        assert ("77-К" in history) is is_told
    sign_in(client, olga)
    form = open_form(client, f"/readiness_assessment/edit/?id={made.id}")
    assert "examination" not in form
    forged = form | {"examination": "выдумка", "score-money": "0"}
    assert client.post(f"/readiness_assessment/edit/?id={made.id}", data=forged).status_code == 302
    session.expire_all()
    assert (made.examination, total_of(made)) == ("№ 77-К", 18)


def test_a_conclusion_is_recorded_corrected_and_annulled(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/examination/new/?graduate={cast.own.id}")
    form |= {"held_on": "01.09.2026", "number": "77-К", "commission": "ПМПК округа", "conclusion": "Вариант 7.1"}
    for changed, told in (
        ({"held_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"number": ""}, "Заполните номер."),
        ({"valid_until": "31.08.2026"}, "Заключение не может истечь раньше, чем выдано."),
    ):
        assert told in client.post("/examination/new/", data=form | changed).text
    saved = client.post("/examination/new/", data=form | {"valid_until": "30.09.2026"}, follow_redirects=True).text
    assert "истекло 30.09.2026" in saved
    made = session.scalars(select(Examination)).one()
    assert "Записей" not in client.get("/examination/?f.in_force=0").text
    assert "77-К" not in client.get("/examination/?f.in_force=1").text
    edit = open_form(client, f"/examination/edit/?id={made.id}") | {"valid_until": ""}
    assert "срок не указан" in client.post(f"/examination/edit/?id={made.id}", data=edit, follow_redirects=True).text
    wrong = open_form(client, f"/examination/edit/?id={made.id}") | {"held_on": "02.10.2026"}
    page = client.post(f"/examination/edit/?id={made.id}", data=wrong)
    assert "Этот день ещё не наступил." in page.text
    assert fields_of(page.text)["held_on"] == "02.10.2026"
    assert "77-К" in client.get("/examination/?f.in_force=1&q=77").text
    session.expire_all()
    data = {"version": made.version, "annul-reason": "чужое заключение"}
    assert "Аннулировано" in client.post(f"/examination/act/annul/?id={made.id}", data=data, follow_redirects=True).text


def test_conclusions_are_listed_and_exported_to_those_named_only(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    made = examine(session(), cast.anna, cast.own, TODAY, number="77-К", conclusion="Вариант 7.1")
    session.commit()
    made.conclusion = "Вариант 7.2"
    session.commit()
    for who, is_told in (("anna", True), ("galina", True), ("kira", False), ("root", False)):
        sign_in(client, getattr(cast, who))
        answer = client.get("/examination/export/csv/")
        assert ("77-К" in answer.text) is is_told
        answer.close()
        assert ("77-К" in client.get("/examination/?q=77").text) is is_told
        assert (client.get(f"/examination/details/?id={made.id}").status_code == 200) is is_told
        history = client.get(f"/graduate/details/?id={cast.own.id}&tab=history").text
        assert ("Вариант 7.2" in history) is (who == "galina")  # The card's history is masked for an author too.
    sign_in(client, cast.root)
    assert "Вариант 7" not in "".join(client.get(f"/change_log/details/?id={number}").text for number in range(1, 40))
    session.add(FieldGroupMember(user=cast.kira, field_group=FieldGroup.HEALTH))
    session.commit()
    sign_in(client, cast.kira)
    assert "Вариант 7.2" in client.get(f"/examination/details/?id={made.id}").text
    assert client.get(f"/examination/edit/?id={made.id}").status_code == 403
