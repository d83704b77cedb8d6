"""The deadlines of «Мой день»: which block, in which order, for whom."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.reckoning import Unit
from models.rule_terms import RuleKind
from models.users import User
from tests.conftest import TODAY
from tests.duties import make_curator, make_duty, make_title
from tests.factories import Cast, make_graduate
from tests.signing import sign_in

DAY = timedelta(days=1)


def block(client: FlaskClient, user: User, name: str) -> str:
    sign_in(client, user)
    found = re.search(rf'<section class="block due-block" id="{name}".*?</section>', client.get("/").text, re.DOTALL)
    assert found
    return found[0]


def lines(text: str) -> list[str]:
    return re.findall(r'<div class="due-what"><a [^>]*>([^<]+)</a>', text)


def test_every_obligation_stands_in_the_block_of_its_day(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    for title, day in (
        ("Вчера", TODAY - DAY),
        ("Сейчас", TODAY),
        ("Завтра", TODAY + DAY),
        ("Через неделю", TODAY + 7 * DAY),
        ("Позже", TODAY + 8 * DAY),
    ):
        make_duty(session(), cast.service, min(day, TODAY), day, title=title)
    make_duty(session(), cast.service, TODAY, TODAY, title="Сделано", done_on=TODAY, achieved=1)
    make_duty(session(), cast.service, TODAY, TODAY, title="Ждёт", paused_on=TODAY, pause_reason="ждём ответа")
    make_duty(session(), cast.opeka, TODAY, TODAY, title="Чужое")
    make_duty(session(), cast.opeka, TODAY, TODAY + DAY, title="Нам", recipient_id=cast.service.id)
    session.commit()
    found = {name: lines(block(client, cast.galina, name)) for name in ("overdue", "today", "week", "awaited")}
    assert found == {
        "overdue": ["Вчера"],
        "today": ["Сейчас"],
        "week": ["Завтра", "Через неделю"],
        "awaited": ["Нам"],
    }
    assert "1 день" in block(client, cast.galina, "overdue")
    assert "Опека Сокольского округа" in block(client, cast.galina, "awaited")


def test_a_block_shows_eight_lines_and_counts_the_rest(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    for number in range(10):
        for _ in range(2):
            make_duty(session(), cast.service, TODAY, TODAY, title=f"Обязанность {number}")
    session.commit()
    found = block(client, cast.galina, "today")
    assert lines(found) == [f"Обязанность {number} · 2" for number in range(8)]
    assert "ещё 4</a>" in found
    assert ">20</span>" in found
    address = re.search(r'<p class="due-more"><a href="([^"]+)"', found)
    assert address
    assert "1–20 из <strong>20</strong>" in client.get(address[1].replace("&amp;", "&")).text


def test_those_who_have_people_see_theirs_first(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    other = make_graduate(session(), "Белов Олег", agency_id=cast.service.id)
    make_curator(session(), cast.anna, cast.own)
    session.commit()  # A fact settles what hangs on it.
    make_duty(session(), cast.service, TODAY, TODAY, title="О чужом", graduate_id=other.id)
    make_duty(session(), cast.service, TODAY, TODAY, title="О моём", graduate_id=cast.own.id)
    session.commit()
    mine = block(client, cast.anna, "today")
    assert lines(mine) == ["О моём", "О чужом"]
    assert mine.count("моё</span>") == 1
    assert "Ёлкина Д. И." in mine
    head = block(client, cast.galina, "today")
    assert lines(head) == ["О чужом", "О моём"]
    assert "моё</span>" not in head


def test_a_person_out_of_sight_is_a_number(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    make_duty(session(), cast.opeka, TODAY, TODAY, recipient_id=cast.service.id, graduate_id=cast.local.id)
    session.commit()
    found = block(client, cast.anna, "awaited")
    assert f"карточка № {cast.local.id}" in found
    assert "Сизов" not in found


def test_a_paper_that_the_panel_makes_is_a_button_away(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    rule = make_title(session(), "Сведения", RuleKind.EVENT, Unit.CALENDAR)
    rule.terms_data = {**rule.terms_data, "report": "vologda-appendix-1"}
    make_duty(session(), cast.opeka, TODAY, TODAY, title="Сведения")
    session.commit()
    assert 'href="/reports/vologda-appendix-1?agency=opeka-sokol"' in block(client, cast.boris, "today")


def test_overseers_see_who_is_late(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    late = TODAY - DAY
    for agency, number in ((cast.opeka, 2), (cast.service, 1)):
        for _ in range(number):
            make_duty(session(), agency, late, late)
    session.commit()
    sign_in(client, cast.kira)
    page = client.get("/").text
    found = page.partition('id="overdue-agencies"')[2].partition("</section>")[0]
    assert found.index("Опека Сокольского округа") < found.index("Служба «Перекрёсток»")
    address = re.search(r'href="([^"]*agency=opeka-sokol[^"]*)"', found)
    assert address
    assert "1–2 из <strong>2</strong>" in client.get(address[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("who", ["anna", "boris", "galina"])
def test_others_do_not(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, getattr(cast, who))
    assert "overdue-agencies" not in client.get("/").text
