"""Several letters at once: each in its own transaction, told in a sentence or two; nothing of others is touched."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.exchange import IncomingLetter, Referral, ReferralEvent, ReferralStatus, ReferralStep
from services.exchange import workflow
from tests.conftest import NOW, TODAY
from tests.exchange_factories import PLAIN, make_referral
from tests.factories import Cast
from tests.signing import sign_in
from views.exchange import bulk

S = ReferralStatus
BULK = "/exchange/inbox/bulk/"


def incoming(session: Session, cast: Cast, count: int, **fields: Any) -> list[int]:
    made = [make_referral(session, cast.opeka, cast.service, **fields) for _ in range(count)]
    session.commit()
    return [letter.id for letter in made]


def status_of(session: Session, number: int) -> ReferralStatus:
    session.expire_all()
    return session.get_one(Referral, number).status


def told(client: FlaskClient, data: dict[str, Any], address: str = BULK) -> str:
    answer = client.post(address, data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_marked_letters_are_accepted_each_with_its_number(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    numbers = incoming(session(), cast, 3)
    page = told(sign_in(client, cast.anna), {"action": "accept", "rowid": numbers[:2]})
    assert "Принято: 2 письма." in page
    assert [status_of(session(), number) for number in numbers] == [S.ACCEPTED, S.ACCEPTED, S.SENT]
    given = select(IncomingLetter.number).where(IncomingLetter.agency_id == cast.service.id)
    assert sorted(session.scalars(given)) == [1, 2]


def test_what_somebody_else_was_faster_with_is_told_with_the_name(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    numbers = incoming(session(), cast, 3)
    by = Viewer.of(session(), cast.galina, TODAY)
    workflow.accept(session(), referral=session.get_one(Referral, numbers[1]), by=by, now=NOW)
    session.commit()
    page = told(sign_in(client, cast.anna), {"action": "accept", "rowid": numbers})
    assert "Принято: 2 письма." in page
    assert "Не принято 1: «Запрос» вх. № 1/2026 уже принял(а) Галина Главная" in page
    accepted = select(func.count()).where(ReferralEvent.step == ReferralStep.ACCEPTED)
    assert session.scalar(accepted) == 3


def test_letters_are_registered_and_get_an_executor(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    numbers = incoming(session(), cast, 2)
    client = sign_in(client, cast.anna)
    assert "Зарегистрировано: 2 письма." in told(client, {"action": "receive", "rowid": numbers})
    assert status_of(session(), numbers[0]) is S.RECEIVED
    page = told(client, {"action": "assign", "rowid": numbers, "executor_id": cast.galina.id})
    assert "Исполнитель назначен: 2 письма." in page
    assert {session.get_one(Referral, number).executor_id for number in numbers} == {cast.galina.id}


@pytest.mark.parametrize("who", ["", "boris"])
def test_an_executor_is_somebody_of_the_own_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, who: str
) -> None:
    numbers = incoming(session(), cast, 1)
    executor = cast.boris.id if who else ""
    page = told(sign_in(client, cast.anna), {"action": "assign", "rowid": numbers, "executor_id": executor})
    assert ("Исполнителем может быть только сотрудник" if who else "Выберите исполнителя.") in page
    assert session.get_one(Referral, numbers[0]).executor_id is None
    assert status_of(session(), numbers[0]) is S.SENT  # The registration that goes before is undone too.


def test_letters_of_others_are_as_if_they_did_not_exist(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    foreign = make_referral(session(), cast.opeka, cast.other_opeka).id
    ours = make_referral(session(), cast.service, cast.opeka).id  # It is for its recipient to accept.
    draft = make_referral(session(), cast.opeka, cast.service, status=S.DRAFT).id
    session.commit()
    for who in (cast.anna, cast.root):
        page = told(sign_in(client, who), {"action": "accept", "rowid": [foreign, ours, draft, 999999999, "x", "²"]})
        assert bulk.NOTHING in page
    assert [status_of(session(), number) for number in (foreign, ours, draft)] == [S.SENT, S.SENT, S.DRAFT]


def test_a_transfer_is_not_accepted_among_others(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    transfer = PLAIN | {"code": "transfer", "title": "Передача выпускника", "accepting": ["transfer"]}
    numbers = [*incoming(session(), cast, 1, terms=transfer), *incoming(session(), cast, 1)]
    page = told(sign_in(client, cast.galina), {"action": "accept", "rowid": numbers})
    assert "Принято: 1 письмо." in page
    assert "«Передача выпускника» от 01.09.2026 – Передачу принимает руководитель, с назначением куратора" in page
    assert status_of(session(), numbers[0]) is S.SENT


def test_all_of_a_filter_are_found_again_on_the_server(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    wanted = incoming(session(), cast, 25, about_key="елкина дарья")
    others = incoming(session(), cast, 2, about_key="сизов петр")
    client = sign_in(client, cast.anna)
    shown = client.get("/exchange/inbox/?f.name=Ёлкина&size=20").text
    assert "все по этому отбору (25)" in shown
    page = told(client, {"action": "accept", "all": "1", "rowid": others}, BULK + "?f.name=Ёлкина&size=20")
    assert "Принято: 25 писем." in page
    assert 'value="Ёлкина"' in page  # Back to the same filter.
    assert {status_of(session(), number) for number in wanted} == {S.ACCEPTED}
    assert {status_of(session(), number) for number in others} == {S.SENT}


def test_no_more_than_the_limit_at_once(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LIMIT", 2)
    numbers = incoming(session(), cast, 3)
    client = sign_in(client, cast.anna)
    for data in ({"all": "1"}, {"rowid": numbers}):
        assert "не больше 2 писем" in told(client, {"action": "accept", **data})
    assert {status_of(session(), number) for number in numbers} == {S.SENT}


def test_an_unknown_action_is_refused(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    numbers = incoming(session(), cast, 1)
    answer = sign_in(client, cast.anna).post(BULK, data={"action": "delete", "rowid": numbers})
    assert answer.status_code == 400
    assert status_of(session(), numbers[0]) is S.SENT


def test_the_numbers_of_the_tabs_follow_at_once(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    numbers = incoming(session(), cast, 2)
    client = sign_in(client, cast.anna)
    badge = '<span class="badge-count">2<span class="visually-hidden"> требуют внимания'
    assert badge in client.get("/exchange/inbox/").text
    assert badge not in told(client, {"action": "accept", "rowid": numbers})
