"""Pages of what is handed in: drawn up by a clerk, approved by the head, accepted by the data bank; who sees what."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from models.circumstances import Housing
from models.notifications import Notification
from models.submissions import RowState, Submission, SubmissionStatus
from models.users import Role, User
from tests.clock import run
from tests.factories import Cast, make_agency, make_user
from tests.reports.people import known_facts
from tests.signing import sign_in
from tests.submissions_factories import Handing

S = SubmissionStatus


@pytest.fixture
def hand(app: Flask, session: scoped_session[Session]) -> Handing:
    made = Handing(session(), Path(app.config["DATA_DIR"]))
    run(session(), date(2026, 9, 1))
    return made


def page(client: FlaskClient, user: User, submission: Submission, query: str = "") -> str:
    answer = sign_in(client, user).get(f"/submissions/{submission.id}{query}")
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def post(client: FlaskClient, user: User, submission: Submission, verb: str, **typed: str) -> TestResponse:
    sent = {"version": str(submission.version), **{name.replace("__", "-"): text for name, text in typed.items()}}
    return sign_in(client, user).post(f"/submissions/{submission.id}/{verb}", data=sent)


def test_three_people_hand_in_a_list(client: FlaskClient, session: scoped_session[Session], hand: Handing) -> None:
    lacking = hand.person("Ершова Яна Юрьевна", facts=[one for one in known_facts() if not isinstance(one, Housing)])
    session.commit()
    start = sign_in(client, hand.olga).get("/submissions/").text
    assert "к сдаче до 05.10.2026" in start
    form = sign_in(client, hand.olga).get(f"/submissions/new?deadline={hand.window('T05').id}")
    assert "Составить черновик" in form.text
    token = re.search(r'name="form_token" value="(\w+)"', form.text)
    assert token
    sent = {"deadline": str(hand.window("T05").id), "form_token": token[1]}
    first = client.post("/submissions/new", data=sent)
    again = client.post("/submissions/new", data=sent)
    assert first.status_code == again.status_code == 302
    assert first.location == again.location
    draft = session.scalars(select(Submission)).one()

    text = page(client, hand.olga, draft)
    assert "Не заполнено: Обеспеченность жильем" in text
    refused = post(client, hand.grigory, draft, "approve")
    assert refused.status_code == 422
    assert "не хватает сведений" in refused.text
    row = hand.rows(draft)[lacking.full_name]
    assert 'name="w-housing"' in page(client, hand.olga, draft, f"?row={row.id}")
    words = {"row": str(row.id), "w-housing": "живёт у родных", "s-housing": ""}
    assert post(client, hand.olga, draft, "words", **words).status_code == 302
    session.refresh(row)
    assert (row.state, row.printed("housing")) == (RowState.INCLUDED, "живёт у родных")

    session.refresh(draft)
    assert post(client, hand.olga, draft, "ask").status_code == 302
    assert "ждёт утверждения" in page(client, hand.grigory, draft)
    told = session.scalars(select(Notification).where(Notification.user_id == hand.grigory.id)).all()
    assert any("ждёт вашего утверждения" in one.text and one.submission_id == draft.id for one in told)
    assert post(client, hand.olga, draft, "approve").status_code == 403
    session.refresh(draft)
    assert post(client, hand.grigory, draft, "approve").status_code == 302
    session.refresh(draft)
    assert draft.sha256 in page(client, hand.olga, draft)

    assert "Выберите, кому отправить" in post(client, hand.olga, draft, "send").text
    done = post(client, hand.olga, draft, "send", recipients=str(hand.region.operator.id))
    assert done.status_code == 302
    session.refresh(draft)
    assert draft.status is S.SENT
    double = post(client, hand.olga, draft, "send", recipients=str(hand.region.operator.id))
    assert double.status_code == 422
    assert "уже сделано другое" in double.text

    theirs = page(client, hand.pavel, draft)
    assert "Принять отчёт" in theirs
    assert "живёт у родных" in theirs
    assert "Возвращать" not in theirs
    assert hand.recipient(draft).received_at is not None
    assert post(client, hand.pavel, draft, "accept").status_code == 302
    session.refresh(draft)
    assert draft.status is S.ACCEPTED
    assert "Решение уже принято" in post(client, hand.pavel, draft, "return", reason="поздно").text
    control = sign_in(client, hand.pavel).get("/submissions/control").text
    assert "сдано: 1 из 1" in control


def test_files_are_the_same_bytes_whatever_happens_to_the_cards(
    client: FlaskClient, session: scoped_session[Session], hand: Handing
) -> None:
    draft = hand.draw()
    assert sign_in(client, hand.olga).get(f"/submissions/{draft.id}.xlsx").status_code == 422
    hand.approve(draft)
    before = {kind: client.get(f"/submissions/{draft.id}.{kind}").data for kind in ("xlsx", "csv", "docx")}
    hand.people[0].last_name = "Совсемдругая"
    hand.people[1].deleted_at = draft.approved_at
    session.commit()
    after = {kind: client.get(f"/submissions/{draft.id}.{kind}").data for kind in ("xlsx", "csv", "docx")}
    assert before == after
    assert hand.people[1].last_name in before["csv"].decode("utf-8-sig")
    moved = page(client, hand.olga, draft, "?compare=1")
    assert "Совсемдругая" in moved
    assert "выбыл" in moved


def test_strangers_learn_nothing_and_recipients_not_who_was_left_out(
    client: FlaskClient, session: scoped_session[Session], hand: Handing
) -> None:
    hand.person("Дымов Олег Олегович", born=date(2003, 9, 18))
    session.commit()
    stranger = make_user(
        session(), "zina", "Зина Чужая", Role.HEAD, make_agency(session(), "far", hand.region.opeka.kind)
    )
    draft = hand.draw()
    for user, code in ((hand.sergey, 404), (stranger, 404), (hand.pavel, 404), (hand.olga, 200)):
        assert sign_in(client, user).get(f"/submissions/{draft.id}").status_code == code
    assert sign_in(client, stranger).post(f"/submissions/{draft.id}/refresh").status_code == 404
    hand.approve(draft)
    hand.send(draft)
    assert sign_in(client, stranger).get(f"/submissions/{draft.id}.csv").status_code == 404
    assert "Дымов" in page(client, hand.olga, draft)
    assert "Дымов" not in page(client, hand.pavel, draft)
    assert post(client, hand.pavel, draft, "next").status_code == 403
    assert post(client, hand.olga, draft, "accept").status_code == 403


def test_rows_are_returned_from_the_page(client: FlaskClient, session: scoped_session[Session], hand: Handing) -> None:
    sent = hand.sent()
    row = hand.rows(sent)[hand.people[2].full_name]
    assert f'name="row-{row.id}"' in page(client, hand.pavel, sent, "?partly=1")
    assert post(client, hand.pavel, sent, "partly").status_code == 422
    done = post(client, hand.pavel, sent, "partly", **{f"row-{row.id}": "нет дома"})
    assert done.status_code == 302
    assert "нет дома" in page(client, hand.olga, sent)
    assert post(client, hand.olga, sent, "next").status_code == 302
    again = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
    assert again is not None
    assert "Замечание к прошлой редакции: нет дома" in page(client, hand.olga, again)


def test_two_people_word_one_row(client: FlaskClient, session: scoped_session[Session], hand: Handing) -> None:
    draft = hand.draw()
    row = hand.rows(draft)[hand.people[0].full_name]
    seen = str(row.cells["address"])
    first = {"row": str(row.id), "w-address": "у тёти", "s-address": seen}
    assert post(client, hand.olga, draft, "words", **first).status_code == 302
    second = post(client, hand.grigory, draft, "words", **{**first, "w-address": "у дяди"})
    assert second.status_code == 422
    assert "тем временем изменил" in second.text
    assert "у дяди" in second.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"report": "vologda-appendix-1", "on": "32.13.2026"}, "Дата не читается"),
        ({"report": "vologda-appendix-1", "on": "01.01.2031"}, "ещё не наступил"),
        ({"report": "vologda-appendix-2"}, "не составляет"),
        ({"report": "nothing"}, "Выберите отчёт"),
        ({"report": "specialist-month", "period": "2031-01"}, "ещё не начался"),
        ({"report": "organisation-period", "period": "вчера"}, "Период не читается"),
    ],
)
def test_bad_input_gets_one_sentence(
    client: FlaskClient, session: scoped_session[Session], hand: Handing, typed: dict[str, str], sentence: str
) -> None:
    user = hand.olga
    if typed["report"] in ("specialist-month", "organisation-period"):
        user = make_user(session(), "sveta", "Света Служебная", Role.CLERK, hand.region.service)
    answer = sign_in(client, user).post("/submissions/new", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not session.scalars(select(Submission)).all()


def test_a_clerk_draws_up_no_month_of_a_colleague(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    asked = {"report": "specialist-month", "period": "2026-08", "specialist": str(cast.galina.id)}
    refused = client.post("/submissions/new", data=asked)
    assert refused.status_code == 422
    assert "составляет руководитель" in refused.text
    assert client.post("/submissions/new", data={**asked, "specialist": str(cast.anna.id)}).status_code in (302, 303)
