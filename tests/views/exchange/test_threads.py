"""The thread of a letter: one line of time, read by both sides and by nobody else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.exchange import ReferralStatus
from services.production_calendar import load_years
from tests.factories import Cast
from tests.letters import act, letter, page

Page = scoped_session[Session]
S = ReferralStatus


@pytest.fixture(autouse=True)
def _years(session: Page) -> None:
    load_years(session())


def test_a_question_makes_the_letter_wait_and_the_answer_of_the_sender_ends_it(
    client: FlaskClient, session: Page, cast: Cast
) -> None:
    made = letter(session(), cast.service, cast.opeka, cast.own, status=S.ACCEPTED)
    assert act(client, cast.boris, made, "pause", reason="Какая комната?").status_code == 302
    assert "Ждёт уточнения с 01.10.2026: Какая комната?" in page(client, cast.anna, made)
    assert act(client, cast.boris, made, "pause", reason="Ещё раз").status_code == 422
    assert act(client, cast.boris, made, "message", text="Напоминаем", form_token="m1").status_code == 302
    session.expire_all()
    assert made.paused_on is not None  # A word of the recipient makes nothing clear.
    assert act(client, cast.galina, made, "message", text="Комната 12", form_token="m2").status_code == 302
    text = page(client, cast.boris, made)
    assert "Ждёт уточнения" not in text
    order = [text.index(words) for words in ("Какая комната?", "Напоминаем", "Комната 12")]
    assert order == sorted(order)


@pytest.mark.parametrize("status", [S.DRAFT, S.REVOKED])
def test_nothing_is_said_before_the_sending_and_after_the_revocation(
    client: FlaskClient, session: Page, cast: Cast, status: S
) -> None:
    made = letter(session(), cast.service, cast.opeka, status=status)
    assert "Написать другой стороне" not in page(client, cast.anna, made)
    assert act(client, cast.anna, made, "message", text="Ау", form_token="m1").status_code == 422
    session.expire_all()
    assert made.messages == []


def test_a_reader_says_nothing_and_notes_nothing(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka)
    assert act(client, cast.kira, made, "message", text="Ау").status_code == 403
    assert act(client, cast.kira, made, "note", text="Ау").status_code == 403
    assert act(client, cast.vera, made, "message", text="Ау").status_code == 404
    session.expire_all()
    assert (made.messages, made.notes) == ([], [])


def test_what_is_said_is_text_and_no_markup(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka)
    assert act(client, cast.anna, made, "message", text="<b>Ау</b>\nвторая строка").status_code == 302
    assert "&lt;b&gt;Ау&lt;/b&gt;\nвторая строка" in page(client, cast.boris, made)


def test_an_empty_message_is_told_at_its_field(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka)
    answer = act(client, cast.anna, made, "message", text=" ")
    assert answer.status_code == 422
    assert "Напишите сообщение." in answer.text


def test_a_refused_answer_keeps_what_was_typed(client: FlaskClient, session: Page, cast: Cast) -> None:
    made = letter(session(), cast.service, cast.opeka, status=S.ACCEPTED)
    answer = act(client, cast.boris, made, "answer", text="Длинный ответ, который жаль потерять")
    assert answer.status_code == 422
    assert "Укажите результат." in answer.text
    assert "Длинный ответ, который жаль потерять" in answer.text
