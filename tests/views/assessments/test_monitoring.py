"""Monitoring cards in the panel: the form, the page, what is closed to whom, two people at once."""

from datetime import date
from io import BytesIO

import html5lib
import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.assessments import MonitoringCard
from models.audit import AccessEvent, AccessKind
from models.support import FieldGroup, FieldGroupMember
from models.users import Role
from services.assessments.monitoring import total_of
from tests.assessments_factories import EIGHTEEN, MONITORING, TWELVE, fill_card, marks
from tests.clock import load_law
from tests.conftest import TODAY
from tests.factories import Cast, make_user
from tests.signing import sign_in
from tests.views.forms import fields_of, open_form
from views.extensions import db

MASK = "•••"


@pytest.fixture(autouse=True)
def _law(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    session.commit()


def typed(values: tuple[int | None, ...]) -> dict[str, str]:
    told = ("na" if value is None else str(value) for value in values)
    return {f"score-{item.code}": value for item, value in zip(MONITORING.items, told, strict=True)}


def card_of(session: scoped_session[Session], cast: Cast, **more: object) -> MonitoringCard:
    made = fill_card(session(), cast.anna, cast.own, TODAY, **more)  # type: ignore[arg-type]
    session.commit()
    return made


def rows_of(page: str) -> list[list[str]]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [[" ".join("".join(cell.itertext()).split()) for cell in row.findall("td")] for row in tree.iter("tr")]


def law_row(page: str) -> list[str]:
    return next(row for row in rows_of(page) if len(row) > 1 and row[1] == "Закон и вредные привычки")


def test_a_card_is_filled_in_with_the_words_of_every_step(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    page = client.get(f"/monitoring_card/new/?graduate={cast.own.id}").text
    assert page.count("<fieldset") == 7
    for item in MONITORING.items:
        for _, words in item.steps:
            assert words in page
    form = fields_of(page)
    assert (form["graduate_id"], form["filled_on"]) == (str(cast.own.id), "01.10.2026")
    saved = client.post(
        "/monitoring_card/new/",
        data={**form, **typed(TWELVE), "note-housing": "долг три месяца", "conclusion": "Помочь с долгом."},
        follow_redirects=True,
    )
    assert "Карта сохранена: 12 из 21, уровень средний." in saved.text
    for told in ("12 из 21", "долг три месяца", "Помочь с долгом."):
        assert told in saved.text
    assert "деньги приходят не каждый месяц или есть долги" in saved.text
    made = session.scalars(select(MonitoringCard)).one()
    assert (made.graduate_id, made.created_by_id, total_of(made).points) == (cast.own.id, cast.anna.id, 12)
    assert "Предлагается" in saved.text
    assert f"/category/{cast.own.id}" in saved.text


def test_an_indicator_that_was_passed_over_is_told_and_nothing_typed_is_lost(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/monitoring_card/new/?graduate={cast.own.id}")
    told = {**form, **typed(TWELVE), "conclusion": "Черновик вывода"}
    del told["score-kin"]
    page = client.post("/monitoring_card/new/", data=told)
    assert "Выберите оценку или «н/д»." in page.text
    assert "Черновик вывода" in page.text
    again = fields_of(page.text)
    assert again["score-housing"] == "1"
    assert "score-kin" not in again
    assert session.scalars(select(MonitoringCard)).all() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"filled_on": "02.10.2026"}, "Этот день ещё не наступил."),
        ({"filled_on": "13.08.2005"}, "Этот день раньше дня рождения."),
        ({"filled_on": "31.02.2026"}, "Введите дату в виде 23.05.1998."),
        ({"filled_on": ""}, "Заполните это поле."),
        ({"graduate_id": ""}, "Заполните это поле."),
        ({"score-kin": "7"}, "Такой оценки в шкале нет."),
        (typed((None,) * 7), "Оцените хотя бы один показатель"),
        ({"note-kin": "а" * 501}, "Не длиннее 500 знаков."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, changed: dict[str, str], told: str
) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/monitoring_card/new/?graduate={cast.own.id}")
    assert told in client.post("/monitoring_card/new/", data={**form, **typed(TWELVE), **changed}).text
    assert session.scalars(select(MonitoringCard)).all() == []


def test_a_stranger_cannot_be_chosen(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, "/monitoring_card/new/")
    page = client.post("/monitoring_card/new/", data={**form, **typed(TWELVE), "graduate_id": str(cast.foreign.id)})
    assert "Выберите человека из списка." in page.text
    assert session.scalars(select(MonitoringCard)).all() == []


def test_two_clicks_make_one_card(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = open_form(client, f"/monitoring_card/new/?graduate={cast.own.id}") | typed(TWELVE)
    first = client.post("/monitoring_card/new/", data=form)
    second = client.post("/monitoring_card/new/", data=form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(session.scalars(select(MonitoringCard)).all()) == 1
    fresh = open_form(client, f"/monitoring_card/new/?graduate={cast.own.id}") | typed(EIGHTEEN)
    assert "На этот день карта уже заполнена" in client.post("/monitoring_card/new/", data=fresh).text


def test_the_administrator_fills_in_for_an_organisation(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.root)
    form = open_form(client, f"/monitoring_card/new/?graduate={cast.own.id}")
    form |= typed(TWELVE) | {"agency_id": str(cast.service.id)}
    assert client.post("/monitoring_card/new/", data=form).status_code == 302
    assert session.scalars(select(MonitoringCard)).one().agency_id == cast.service.id


# -- What is closed ----------------------------------------------------------------------------------------------------


def test_the_law_indicator_is_for_those_named_and_the_total_stays(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    told = {**marks(TWELVE), "law-abidingness": marks(TWELVE)["law-abidingness"]._replace(note="кража")}
    card = card_of(session, cast, marks=told)
    olga = make_user(session(), "olga", "Ольга Вторая", Role.CLERK, cast.service)
    session.commit()
    url = f"/monitoring_card/details/?id={card.id}"
    for who in (cast.kira, cast.root, olga):
        sign_in(client, who)
        page = client.get(url).text
        assert law_row(page)[2:] == [MASK, MASK, MASK]
        assert "кража" not in page
        assert "12 из 21" in page
    for who in (cast.anna, cast.galina):
        sign_in(client, who)
        assert law_row(client.get(url).text)[2:] == ["2", "одно административное нарушение", "кража"]
    session.add(FieldGroupMember(user=cast.kira, field_group=FieldGroup.OFFENCES))
    session.commit()
    sign_in(client, cast.kira)
    assert "кража" in client.get(url).text


def test_a_card_that_follows_shows_the_one_before_beside_it_masked_too(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    fill_card(session(), cast.anna, cast.own, date(2026, 4, 20), EIGHTEEN)
    card = card_of(session, cast)
    sign_in(client, cast.galina)
    page = client.get(f"/monitoring_card/details/?id={card.id}").text
    assert "Было 20.04.2026" in page
    assert law_row(page)[2:5] == ["2", "одно административное нарушение", "3"]
    assert "18 баллов, 20.04.2026" in page
    sign_in(client, cast.kira)
    assert law_row(client.get(f"/monitoring_card/details/?id={card.id}").text)[2:5] == [MASK, MASK, MASK]


def test_a_correction_by_somebody_not_named_leaves_the_closed_indicator_alone(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast)
    olga = make_user(session(), "olga", "Ольга Вторая", Role.CLERK, cast.service)
    session.commit()
    sign_in(client, olga)
    form = open_form(client, f"/monitoring_card/edit/?id={card.id}")
    assert "score-law-abidingness" not in form
    assert form["score-housing"] == "1"
    forged = {**form, "score-housing": "3", "score-law-abidingness": "0", "note-law-abidingness": "выдумка"}
    saved = client.post(f"/monitoring_card/edit/?id={card.id}", data=forged, follow_redirects=True)
    assert "Изменения сохранены." in saved.text
    session.expire_all()
    assert [one.value for one in card.scores] == [2, 1, 3, 2, 3, 2, 1]
    assert [one.note for one in card.scores] == [""] * 7


def test_the_history_of_a_card_tells_of_closed_marks_to_those_named(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast)
    sign_in(client, cast.galina)
    form = open_form(client, f"/monitoring_card/edit/?id={card.id}")
    form |= {"score-law-abidingness": "0", "note-law-abidingness": "кража", "score-kin": "3"}
    assert client.post(f"/monitoring_card/edit/?id={card.id}", data=form).status_code == 302
    url = f"/monitoring_card/details/?id={card.id}"
    page = client.get(url).text
    assert "«Закон и вредные привычки»: изменение" in page
    assert "кража" in page
    sign_in(client, cast.kira)
    page = client.get(url).text
    assert "«Закон и вредные привычки»: изменение" in page
    assert "«Отношения с родными»: изменение" in page
    assert "кража" not in page
    assert "кража" not in client.get(f"/graduate/details/?id={cast.own.id}&tab=history").text
    sign_in(client, cast.root)
    for event in range(1, 60):
        assert "кража" not in client.get(f"/change_log/details/?id={event}").text


def test_a_reason_out_of_a_closed_indicator_is_not_told_to_everybody(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast, values=(3, 3, 3, 0, 3, 3, 3))
    reason = "показатель «Закон и вредные привычки» – 0 баллов"
    for who, is_told in ((cast.galina, True), (cast.kira, False), (cast.root, False)):
        sign_in(client, who)
        for url in (f"/monitoring_card/details/?id={card.id}", f"/graduate/details/?id={cast.own.id}&tab=assessments"):
            page = client.get(url).text
            assert (reason in page) is is_told
            assert ("есть закрытые сведения" in page) is not is_told
    assert reason not in client.get(f"/category/{cast.own.id}").text  # Root decides without knowing it.


# -- Others ------------------------------------------------------------------------------------------------------------


def test_of_two_who_correct_one_card_the_second_sees_what_the_first_changed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast)
    url = f"/monitoring_card/edit/?id={card.id}"
    sign_in(client, cast.galina)
    mine = open_form(client, url) | {"score-kin": "0", "conclusion": "Мой вывод"}
    sign_in(client, cast.anna)
    theirs = open_form(client, url) | {"score-housing": "3", "conclusion": "Чужой вывод"}
    assert client.post(url, data=theirs).status_code == 302
    sign_in(client, cast.galina)
    page = client.post(url, data=mine)
    assert page.status_code == 409
    for told in ("Пока вы правили", "Чужой вывод", "Мой вывод", "Жильё и быт"):
        assert told in page.text
    session.expire_all()
    assert total_of(card).points == 14
    again = fields_of(page.text) | {"score-housing": "3"}
    assert client.post(url, data=again).status_code == 302
    session.expire_all()
    assert [one.value for one in card.scores] == [2, 1, 3, 2, 3, 0, 1]


def test_an_annulled_card_stays_with_its_reason_and_speaks_no_more(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast)
    sign_in(client, cast.anna)
    url = f"/monitoring_card/act/annul/?id={card.id}"
    assert "Заполните это поле." in client.post(url, data={"version": card.version, "annul-reason": " "}).text
    stale = client.post(url, data={"version": card.version + 7, "annul-reason": "ошибка"})
    assert "запись изменилась" in stale.text
    data = {"version": card.version, "annul-reason": "не тот человек"}
    page = client.post(url, data=data, follow_redirects=True)
    assert "Аннулировано 01.10.2026: не тот человек." in page.text
    assert "Предлагается" not in page.text
    assert client.get(f"/monitoring_card/edit/?id={card.id}").status_code == 403
    assert "аннулировано 01.10.2026" in client.get("/monitoring_card/").text
    assert "Карт мониторинга ещё нет." in client.get(f"/graduate/details/?id={cast.own.id}&tab=assessments").text


def test_the_register_shows_sums_and_bands_and_exports_them(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    fill_card(session(), cast.anna, cast.own, date(2026, 4, 20), (None, 2, 2, 2, 2, 2, 2))
    fill_card(session(), cast.anna, cast.own, date(2026, 9, 19), EIGHTEEN)
    session.commit()
    sign_in(client, cast.anna)
    page = client.get("/monitoring_card/").text
    for told in ("14 баллов, с пропусками", "18 баллов", "высокий", "средний", "Ёлкина Дарья Игоревна"):
        assert told in page
    assert "20.04.2026" not in client.get("/monitoring_card/?f.band=high").text
    assert "19.09.2026" not in client.get("/monitoring_card/?f.band=middle&f.band=low").text
    assert client.get("/monitoring_card/?f.band=nonsense&sort=points").status_code == 200
    assert "20.04.2026" in client.get("/monitoring_card/?q=елк&sort=-points").text
    assert "Ничего не найдено" in client.get("/monitoring_card/?q=сизов").text
    answer = client.get("/monitoring_card/export/xlsx/")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    answer.close()
    cells = [cell.value for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {"14 баллов, с пропусками", "18 баллов", "высокий", "Служба «Перекрёсток»"} <= set(cells)


def test_an_old_indicator_stays_readable_and_can_be_corrected(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    card = card_of(session, cast)
    card.scores[0].indicator, card.scores[0].title = "gone", "Прежний показатель"
    session.commit()
    sign_in(client, cast.anna)
    assert "Прежний показатель" in client.get(f"/monitoring_card/details/?id={card.id}").text
    form = open_form(client, f"/monitoring_card/edit/?id={card.id}")
    assert form["score-gone"] == "2"
    assert client.post(f"/monitoring_card/edit/?id={card.id}", data=form).status_code == 302


def test_opening_a_card_is_noted(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    card = card_of(session, cast)
    sign_in(client, cast.anna)
    client.get(f"/monitoring_card/details/?id={card.id}")
    opened = select(AccessEvent).where(AccessEvent.subject == "monitoring_card", AccessEvent.subject_id == card.id)
    found = session.scalars(opened, bind_arguments={"bind": db.engines["access"]})
    assert [one.kind for one in found] == [AccessKind.OPENED.value]
