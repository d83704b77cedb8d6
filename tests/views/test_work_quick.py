"""«Записать работу»: one page, one transaction, for one person or several."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.base import Model
from models.circumstances import Housing
from models.plans import Measure, Plan, PlanKind, PlanState
from models.work import Appeal, Consultation, ConsultationKind, ServiceRecord, Visit
from services.production_calendar import load_years
from tests import work_factories as make
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from tests.views.forms import open_form

Db = scoped_session[Session]


def entered(client: FlaskClient, *people: int, **fields: str) -> dict[str, Any]:
    """The page as it is opened, with what is typed into it."""
    typed: dict[str, Any] = open_form(client, "/work/")
    return typed | {"people": [str(number) for number in people], "topic": "Оплата жилья", **fields}


def count(session: Db, model: type[Model]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_talk_is_recorded_and_the_page_is_ready_for_the_next(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = entered(client, cast.own.id, what="talk", kind="legal", content="Показала, где платить")
    assert (typed["on"], typed["what"]) == ("01.10.2026", "talk")
    answer = client.post("/work/", data=typed | {"on": "30.09.2026", "channel_code": "visit"}, follow_redirects=True)
    made = session.scalars(select(Consultation)).one()
    assert (made.graduate_id, made.held_on, made.kind) == (cast.own.id, date(2026, 9, 30), ConsultationKind.LEGAL)
    assert (made.topic, made.content, made.channel_code) == ("Оплата жилья", "Показала, где платить", "visit")
    assert f'Записано: <a href="/consultation/details/?id={made.id}">беседа № 1/2026</a>.' in answer.text
    assert f'href="/consultation_minutes/new/?consultation={made.id}">Составить протокол</a>' in answer.text
    assert answer.request.path == "/work/"
    again = open_form(client, f"/work/?{answer.request.query_string.decode()}")
    kept = {name: again[name] for name in ("on", "what", "kind", "channel_code", "topic")}
    assert kept == {"on": "30.09.2026", "what": "talk", "kind": "legal", "channel_code": "visit", "topic": ""}
    assert again["form_token"] != typed["form_token"]
    assert count(session, ServiceRecord) == 0


@pytest.mark.parametrize(
    ("what", "model", "told"),
    [
        ("call", Consultation, "беседа № 1/2026"),
        ("appeal", Appeal, "обращение № 1/2026"),
        ("visit", Visit, "выезд № 1/2026"),
        ("service", ServiceRecord, "Оплата жилья"),
    ],
)
def test_every_kind_of_work_is_recorded(
    client: FlaskClient, session: Db, cast: Cast, what: str, model: type[Any], told: str
) -> None:
    sign_in(client, cast.anna)
    typed = entered(client, cast.own.id, what=what, content="Помогли", service_kind="legal", outcome_code="solved")
    answer = client.post("/work/", data=typed, follow_redirects=True)
    made = session.scalars(select(model)).one()
    assert f">{told}</a>" in answer.text
    if what == "call":
        assert made.channel_code == "phone"
    elif what == "appeal":
        assert (made.content, made.decision, made.done_on) == ("Оплата жилья", "Помогли", TODAY)
    elif what == "visit":
        assert (made.purpose, made.result, made.is_opened) == ("Оплата жилья", "Помогли", True)
    service = session.scalars(select(ServiceRecord)).one()
    assert (service.title, service.kind_code) == ("Оплата жилья", "legal")
    assert service.result == ("Помогли" if what == "service" else "")
    links = {"call": "consultation_id", "appeal": "appeal_id", "visit": "visit_id"}
    if what in links:
        assert getattr(service, links[what]) == made.id
    assert "Услуга без действующего договора." in answer.text


def test_an_urgent_appeal_tells_its_term_on_its_page(client: FlaskClient, session: Db, cast: Cast) -> None:
    load_years(session())
    session.commit()
    sign_in(client, cast.anna)
    client.post("/work/", data=entered(client, cast.own.id, what="appeal", urgency="urgent", on="28.09.2026"))
    made = session.scalars(select(Appeal)).one()
    assert made.due_on == date(2026, 10, 1)
    assert "в работе, срок 01.10.2026" in client.get(f"/appeal/details/?id={made.id}").text


def test_the_same_is_written_down_for_several(client: FlaskClient, session: Db, cast: Cast) -> None:
    others = [make_graduate(session(), f"Другой{n} Пётр Ильич", agency_id=cast.service.id).id for n in range(2)]
    session.commit()
    sign_in(client, cast.anna)
    typed = entered(client, cast.own.id, *others, cast.own.id, what="talk", service_kind="legal")
    answer = client.post("/work/", data=typed, follow_redirects=True)
    made = session.scalars(select(Consultation).order_by(Consultation.number)).all()
    assert [(one.graduate_id, one.number) for one in made] == [(cast.own.id, 1), (others[0], 2), (others[1], 3)]
    assert count(session, ServiceRecord) == 3
    assert "Записано на 3 человека: " in answer.text
    assert answer.text.count("Услуга без действующего договора.") == 1


def test_one_who_cannot_be_recorded_leaves_nothing_of_the_others(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = client.post("/work/", data=entered(client, cast.own.id, cast.foreign.id, what="talk"))
    assert page.status_code == 422
    assert "Такой карточки нет среди тех, кого вы видите." in page.text
    assert "Тихонов" not in page.text
    assert count(session, Consultation) == 0
    retried = client.post("/work/", data=entered(client, cast.own.id, what="talk"), follow_redirects=True)
    assert "беседа № 1/2026" in retried.text


def test_without_a_script_numbers_of_cards_are_typed(client: FlaskClient, session: Db, cast: Cast) -> None:
    other = make_graduate(session(), "Другой Пётр Ильич", agency_id=cast.service.id).id
    session.commit()
    sign_in(client, cast.anna)
    assert 'id="people-numbers" name="people"' in client.get("/work/").text
    typed = entered(client, what="talk") | {"people": ["", f"№ {cast.own.id}, {other}\r\n{cast.own.id}"]}
    assert client.post("/work/", data=typed).status_code == 302
    assert {one.graduate_id for one in session.scalars(select(Consultation))} == {cast.own.id, other}
    refused = client.post("/work/", data=typed | {"people": "Ёлкина"})
    assert "Номера карточек – это числа через запятую." in refused.text


def test_a_second_click_makes_no_second_entry(client: FlaskClient, session: Db, cast: Cast) -> None:
    other = make_graduate(session(), "Другой Пётр Ильич", agency_id=cast.service.id).id
    session.commit()
    sign_in(client, cast.anna)
    typed = entered(client, cast.own.id, other, what="visit", service_kind="legal")
    first = client.post("/work/", data=typed, follow_redirects=True)
    second = client.post("/work/", data=typed, follow_redirects=True)
    assert "Записано на 2 человека" in first.text
    assert "Записано на 2 человека" in second.text
    assert (count(session, Visit), count(session, ServiceRecord)) == (2, 2)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"people": []}, "Выберите, с кем проведена работа."),
        ({"topic": " "}, "Укажите тему."),
        ({"topic": ""}, "Заполните это поле."),
        ({"topic": "я" * 501}, "Не длиннее 500 знаков."),
        ({"on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"on": "31.02.2026"}, "Введите дату в виде 23.05.1998."),
        ({"on": ""}, "Заполните это поле."),
        ({"what": "service"}, "Выберите вид услуги."),
        ({"what": "nonsense"}, "Выберите значение из списка."),
        ({"service_kind": "legal", "quantity": "0"}, "Количество: от 1 до 1000."),
        ({"service_kind": "legal", "measure_id": "77"}, "Выберите мероприятие действующего плана этого человека."),
        ({"service_kind": "nonsense"}, "Выберите значение из списка."),
    ],
)
def test_a_refused_entry_keeps_what_was_typed(
    client: FlaskClient, session: Db, cast: Cast, changed: dict[str, Any], told: str
) -> None:
    sign_in(client, cast.anna)
    page = client.post("/work/", data=entered(client, cast.own.id, what="talk", content="Набрано") | changed)
    assert page.status_code == 422
    assert told in page.text
    assert ">Набрано</textarea>" in page.text.replace("\r\n", "").replace("\n", "")
    assert "Ёлкина Дарья Игоревна" in page.text or not changed.get("people", True)
    assert (count(session, Consultation), count(session, ServiceRecord)) == (0, 0)


def test_minutes_may_follow_at_once(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.anna)
    answer = client.post("/work/", data=entered(client, cast.own.id, what="talk", _minutes="1"))
    talk = session.scalars(select(Consultation)).one()
    assert answer.location == f"/consultation_minutes/new/?consultation={talk.id}"


def test_what_follows_from_the_person_is_proposed(client: FlaskClient, session: Db, cast: Cast) -> None:
    load_law(session())
    follow(session(), cast.service, "syzran-2022")
    session.add(Housing(graduate=cast.own, status_code="dormitory", starts_on=date(2026, 1, 1)))
    plan = Plan(agency_id=cast.service.id, graduate=cast.own, kind=PlanKind.INDIVIDUAL, created_at=NOW)
    plan.starts_on, plan.ends_on, plan.approved_on = date(2026, 9, 1), date(2027, 8, 31), date(2026, 9, 1)
    plan.state, plan.number, plan.year = PlanState.APPROVED, 1, 2026
    plan.measures = [Measure(direction_code="legal", title="Паспорт", due_on=date(2026, 12, 1))]
    session.add(plan)
    session.commit()
    sign_in(client, cast.anna)
    measure = plan.measures[0].id
    assert client.get(f"/work/proposal?graduate={cast.own.id}").json == {
        "form": "semi_stationary",
        "note": "По жилью «общежитие»: полустационарная.",
        "measures": [[measure, "Паспорт (до 01.12.2026)"]],
    }
    typed = open_form(client, f"/work/?graduate={cast.own.id}")
    assert (typed["people"], typed["service_form"]) == ("", "semi_stationary")  # The box for numbers is blank.
    page = client.get(f"/work/?graduate={cast.own.id}").text
    assert f'<option selected value="{cast.own.id}">' in page
    assert "По жилью «общежитие»: полустационарная." in page
    typed = entered(client, cast.own.id, what="service", service_kind="legal", measure_id=str(measure))
    client.post("/work/", data=typed)
    assert session.scalars(select(ServiceRecord)).one().measure_id == measure


def test_an_address_with_nonsense_opens_a_blank_page(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = open_form(client, f"/work/?on=nonsense&what=x&kind=%00&channel=x&graduate={cast.foreign.id}")
    assert (page["on"], page["what"], page["kind"], page["channel_code"]) == ("01.10.2026", "talk", "talk", "")
    assert "Тихонов" not in client.get(f"/work/?graduate={cast.foreign.id}").text


def test_an_administrator_names_the_organisation(client: FlaskClient, session: Db, cast: Cast) -> None:
    sign_in(client, cast.root)
    typed = entered(client, cast.own.id, what="talk", agency_id=str(cast.service.id))
    assert client.post("/work/", data=typed).status_code == 302
    assert session.scalars(select(Consultation)).one().agency_id == cast.service.id
    sign_in(client, cast.anna)
    forged = entered(client, cast.own.id, what="talk", agency_id=str(cast.opeka.id))
    client.post("/work/", data=forged)
    assert {one.agency_id for one in session.scalars(select(Consultation))} == {cast.service.id}


def test_a_late_day_is_warned_of(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    typed = entered(client, cast.own.id, what="talk", on=f"{make.days_ago(40):%d.%m.%Y}")
    answer = client.post("/work/", data=typed, follow_redirects=True)
    assert "Запись внесена через 40 дней после события: проверьте дату." in answer.text
