"""The page that decides on the category, the tab «Оценки», alerts of the card, filters of the list."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.support import CategoryDecision, Problem
from models.work import Consultation
from tests.assessments_factories import EIGHTEEN, TWELVE, examine, fill_card
from tests.clock import load_law
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form


@pytest.fixture(autouse=True)
def _law(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    session.commit()


def tab(client: FlaskClient, cast: Cast) -> str:
    answer = client.get(f"/graduate/details/?id={cast.own.id}&tab=assessments")
    assert answer.status_code == 200
    return answer.text


def in_crisis(session: scoped_session[Session], cast: Cast, since: date = date(2026, 3, 6)) -> None:
    cast.own.category_decisions = [
        CategoryDecision(category_code="crisis", starts_on=since, ground="нет жилья", decided_by="консилиум")
    ]
    session.commit()


def test_the_proposal_is_filled_into_the_form_and_people_decide(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    in_crisis(session, cast)
    fill_card(session(), cast.anna, cast.own, date(2026, 9, 30), TWELVE)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get(f"/category/{cast.own.id}").text
    assert "Предлагается категория: активное, потому что сумма мониторинга средняя: 12 баллов (30.09.2026)" in page
    assert "с 06.03.2026" in page
    form = fields_of(page)
    assert (form["decide-category_code"], form["decide-starts_on"]) == ("active", "01.10.2026")
    assert form["decide-decided_by"] == "Анна Клерк"
    assert form["decide-ground"].startswith("сумма мониторинга средняя")
    told = form | {"decide-ground": "жильё временно,\r\nпаспорт подан", "decide-decided_by": "консилиум № 4"}
    saved = client.post(f"/category/{cast.own.id}", data=told, follow_redirects=True)
    assert "Решение записано: активное с 01.10.2026." in saved.text
    assert "06.03.2026 – 30.09.2026" in saved.text
    assert "консилиум № 4" in saved.text
    session.expire_all()
    first, second = cast.own.category_decisions
    assert (first.ends_on, second.category_code, second.ground) == (
        date(2026, 9, 30),
        "active",
        "жильё временно, паспорт подан",
    )
    assert cast.own.category_code == "active"
    again = client.post(f"/category/{cast.own.id}", data=told)
    assert again.status_code == 422
    assert "запись изменилась" in again.text
    assert len(session.scalars(select(CategoryDecision)).all()) == 2


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"decide-starts_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"decide-starts_on": "05.03.2026"}, "Раньше последнего решения (06.03.2026)"),
        ({"decide-starts_on": "06.03.2026"}, "От 06.03.2026 решение уже есть."),
        ({"decide-starts_on": "завтра"}, "Введите дату в виде 23.05.1998."),
        ({"decide-starts_on": ""}, "Заполните это поле."),
        ({"decide-category_code": ""}, "Заполните это поле."),
        ({"decide-category_code": "nothing"}, "Выберите значение из списка."),
        ({"decide-ground": " "}, "Заполните это поле."),
        ({"decide-ground": "а" * 501}, "Не длиннее 500 знаков."),
        ({"decide-decided_by": ""}, "Заполните это поле."),
        ({"version": "1000"}, "запись изменилась"),
        ({"version": ""}, "запись изменилась"),
    ],
)
def test_a_wrong_decision_is_told_at_its_field_and_keeps_what_was_typed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, changed: dict[str, str], told: str
) -> None:
    in_crisis(session, cast)
    sign_in(client, cast.anna)
    form = open_form(client, f"/category/{cast.own.id}")
    filled = {"decide-category_code": "active", "decide-ground": "довод", "decide-decided_by": "протокол 9"}
    page = client.post(f"/category/{cast.own.id}", data={**form, **filled, **changed})
    assert page.status_code == 422
    assert told in page.text
    if "decide-decided_by" not in changed:
        assert "протокол 9" in page.text
    assert len(session.scalars(select(CategoryDecision)).all()) == 1


def test_without_records_the_page_says_what_is_missing(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/category/{cast.own.id}").text
    assert "Сведений мало: заполните карту мониторинга." in page
    assert "категория не определена" in page


# -- The tab -----------------------------------------------------------------------------------------------------------


def test_the_tab_shows_the_way_from_card_to_card(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    fill_card(session(), cast.anna, cast.own, date(2026, 4, 30), TWELVE)
    fill_card(session(), cast.anna, cast.own, date(2026, 9, 30), EIGHTEEN)
    session.commit()
    sign_in(client, cast.galina)
    page = tab(client, cast)
    assert 'aria-label="Сумма баллов по картам: 30.04.2026 – 12; 30.09.2026 – 18, из 21"' in page
    law = re.search(r"<tr><td>Закон и вредные привычки</td>(.+?)</tr>", page)
    assert law
    assert law[1] == "<td>2</td><td>3</td>"
    assert "сумма мониторинга высокая: 18 баллов (30.09.2026)" in page
    sign_in(client, cast.kira)
    page = tab(client, cast)
    assert "<tr><td>Закон и вредные привычки</td><td>•••</td><td>•••</td></tr>" in page
    assert "<b>12</b>" in page
    assert "Изменить категорию" not in page
    assert "Заполнить карту" not in page


def test_one_card_draws_no_line_and_a_gap_is_marked(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    fill_card(session(), cast.anna, cast.own, TODAY, (None, *EIGHTEEN[1:]))
    session.commit()
    sign_in(client, cast.anna)
    page = tab(client, cast)
    assert '<svg class="trend"' not in page
    assert "<b>18*</b>" in page
    assert "* сумма посчитана с пропусками" in page


def test_that_there_is_a_conclusion_is_masked_for_others(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.kira)
    assert "Заключений нет." in tab(client, cast)
    examine(session(), cast.anna, cast.own, TODAY, number="77-К")
    session.commit()
    assert "•••" in tab(client, cast)
    assert "77-К" not in tab(client, cast)
    sign_in(client, cast.galina)
    assert "№ 77-К" in tab(client, cast)


# -- Alerts and filters ------------------------------------------------------------------------------------------------


def test_silence_longer_than_the_norm_is_told_on_the_card_and_found_in_the_list(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    in_crisis(session, cast)
    talk = Consultation(graduate=cast.own, held_on=TODAY - timedelta(days=12), topic="Звонок", created_at=NOW)
    talk.agency_id, talk.year, talk.number = cast.service.id, 2026, 1
    session.add(talk)
    session.commit()
    sign_in(client, cast.anna)
    told = "Контакта не было дольше нормы: 12 дней при норме 7."
    card = f"/graduate/details/?id={cast.own.id}"
    assert told in client.get(card).text
    assert "контакта не было дольше нормы: 12 дней при норме 7" in client.get(f"/category/{cast.own.id}").text
    assert "Ёлкина" in client.get("/graduate/?f.silent=1").text
    assert "Ёлкина" not in client.get("/graduate/?f.silent=0").text
    talk.held_on = TODAY - timedelta(days=7)
    session.commit()
    assert told not in client.get(card).text
    assert "Ёлкина" not in client.get("/graduate/?f.silent=1").text
    assert "Ёлкина" in client.get("/graduate/?f.silent=0").text


def test_the_months_of_risk_are_told_on_the_card_and_found_in_the_list(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    cast.own.left_on = date(2026, 6, 25)
    session.commit()
    sign_in(client, cast.anna)
    told = "3–4-й месяц после выпуска (25.06.2026): время риска."
    assert told in client.get(f"/graduate/details/?id={cast.own.id}").text
    assert "Ёлкина" in client.get("/graduate/?f.peak=1").text
    cast.own.left_on = date(2026, 8, 1)
    session.commit()
    assert told not in client.get(f"/graduate/details/?id={cast.own.id}").text
    assert "Ёлкина" not in client.get("/graduate/?f.peak=1").text
    assert "Ёлкина" in client.get("/graduate/?f.peak=0").text


def test_an_eviction_leads_to_a_crisis_by_its_reason(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    cast.own.problems = [Problem(description="Выселен", kind_code="housing", severity=3, found_on=TODAY)]
    session.commit()
    sign_in(client, cast.anna)
    assert "Предлагается категория: кризисное, потому что нет жилья." in client.get(f"/category/{cast.own.id}").text
