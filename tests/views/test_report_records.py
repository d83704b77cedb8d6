"""A report of figures in the browser: its period, its numbers, and the records behind each."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AccessEvent
from models.users import User
from models.work import ServiceRecord
from reports import catalogue, scope
from reports.base import Desk, Option, Timing
from reports.figures import Count, CountLine, FiguresReport, LineTable, SplitTable, Table
from tests.factories import Cast, make_graduate
from tests.signing import sign_in
from views.database import ACCESS
from views.extensions import db


class Tried(FiguresReport):
    code = "tried"
    title = "Отчёт для пробы страниц"
    short_title = "Проба"
    timing = Timing.PERIOD
    months = 3
    options = (Option("by", "Чем считать", (("records", "записями"), ("people", "людьми"))),)

    def tables(self, desk: Desk) -> Sequence[Table]:
        services = scope.services(desk)
        of_people = desk.parameters.chosen["by"] == "people"
        counts = (Count("n", "Сколько", of_people=of_people),)
        sessions = scope.group_sessions(desk)
        return (
            SplitTable("kinds", "Услуги", "Вид", services, ServiceRecord.kind_code, (("legal", "Правовые"),), counts),
            LineTable("work", "Работа", "Что", (CountLine("sessions", "Занятия", sessions),)),
        )


class OfSpecialist(Tried):
    code = "tried-month"
    short_title = "Проба специалиста"
    months = 1
    is_of_specialist = True


@pytest.fixture(autouse=True)
def tried(monkeypatch: pytest.MonkeyPatch) -> None:
    for report in (Tried(), OfSpecialist()):
        monkeypatch.setitem(catalogue.REPORTS, report.code, report)


@pytest.fixture
def helped(session: Session, cast: Cast) -> int:
    """Three services of the service in the third quarter, one of them for somebody who is no longer theirs."""
    stranger = make_graduate(session, "Чужих Пётр Ильич")
    for person, day in ((cast.own, 1), (cast.own, 2), (stranger, 3)):
        session.add(
            ServiceRecord(
                agency_id=cast.service.id,
                graduate_id=person.id,
                provided_on=date(2026, 8, day),
                kind_code="legal",
                title="Помощь с заявлением",
                specialist_id=cast.anna.id,
                specialist=cast.anna.name,
            )
        )
    session.commit()
    return stranger.id


def page(client: FlaskClient, user: User, path: str, status: int = 200) -> str:
    sign_in(client, user)
    answer = client.get(path)
    assert answer.status_code == status
    return answer.text.replace("\xa0", " ")


def link(text: str, figure: str) -> str:
    found = re.search(rf'href="([^"]*figure={re.escape(figure)}[^"]*)"', text)
    assert found is not None
    return unescape(found[1])


def test_a_number_leads_to_its_records(client: FlaskClient, cast: Cast, helped: int) -> None:
    text = page(client, cast.anna, "/reports/tried?period=2026-Q3")
    assert "III квартал 2026 года" in text
    behind = client.get(link(text, "kinds.legal.n")).text.replace("\xa0", " ")
    assert "Всего: <strong>3 записи</strong>" in behind
    assert behind.count("Помощь с заявлением") == 2
    assert "Ещё 1 строка вам не видны" in behind
    assert "Чужих" not in behind
    assert f"/graduate/details/?id={helped}" not in behind


def test_people_are_counted_once(client: FlaskClient, cast: Cast, helped: int) -> None:
    text = page(client, cast.anna, "/reports/tried?period=2026-Q3&by=people")
    behind = client.get(link(text, "kinds.total.n")).text.replace("\xa0", " ")
    assert "Всего: <strong>2 человека</strong>" in behind
    assert cast.own.full_name in behind


def test_looking_is_logged_with_those_who_were_seen(client: FlaskClient, cast: Cast, helped: int) -> None:
    text = page(client, cast.anna, "/reports/tried?period=2026-Q3")
    client.get(link(text, "kinds.legal.n"))
    with Session(db.engines[ACCESS], join_transaction_mode="create_savepoint") as log:
        payload = log.scalars(select(AccessEvent).order_by(AccessEvent.seq.desc())).first().payload  # type: ignore[union-attr]
    assert (payload["report"], payload["total"]) == ("tried", 2)
    assert set(payload["ids"]) == {cast.own.id}


def test_zero_leads_nowhere(client: FlaskClient, cast: Cast, helped: int) -> None:
    text = page(client, cast.anna, "/reports/tried?period=2026-Q2")
    assert "figure=" not in text


@pytest.mark.parametrize("figure", ["", "nothing", "kinds.legal.x", "work.sessions", "other.legal.n"])
def test_what_is_no_figure_is_not_found(client: FlaskClient, cast: Cast, figure: str) -> None:
    page(client, cast.anna, f"/reports/tried/records?period=2026-Q3&figure={figure}", 404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999", "²"])
def test_a_page_that_cannot_be_is_not_found(client: FlaskClient, cast: Cast, number: str) -> None:
    page(client, cast.anna, f"/reports/tried/records?period=2026-Q3&figure=kinds.legal.n&page={number}", 404)


def test_a_list_has_no_figures(client: FlaskClient, cast: Cast) -> None:
    page(client, cast.anna, "/reports/registry/records?figure=a.b.c", 404)


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("2031", "Период «2031 год» ещё не начался"),
        ("вчера", "Период не читается"),
        ("2026-11-15..2026-09-01", "кончается раньше, чем начинается"),
    ],
)
def test_a_wrong_period_is_said_in_a_sentence(client: FlaskClient, cast: Cast, period: str, sentence: str) -> None:
    assert sentence in page(client, cast.anna, f"/reports/tried?period={period}", 400)
    page(client, cast.anna, f"/reports/tried.xlsx?period={period}", 400)


def test_an_unknown_choice_is_said_in_a_sentence(client: FlaskClient, cast: Cast) -> None:
    assert "«Чем считать»: нет значения «dogs»" in page(client, cast.anna, "/reports/tried?by=dogs", 400)


def test_a_specialist_makes_the_own_report_and_the_head_of_each(client: FlaskClient, cast: Cast, helped: int) -> None:
    own = page(client, cast.anna, "/reports/tried-month?period=2026-08")
    assert cast.anna.name in own
    assert 'name="specialist"' not in own
    head = page(client, cast.galina, "/reports/tried-month?period=2026-08")
    assert 'name="specialist"' in head
    page(client, cast.anna, f"/reports/tried-month?period=2026-08&specialist={cast.galina.id}", 404)
    page(client, cast.galina, f"/reports/tried-month?period=2026-08&specialist={cast.vera.id}", 404)
    of_anna = page(client, cast.galina, f"/reports/tried-month?period=2026-08&specialist={cast.anna.id}")
    assert "figure=kinds.legal.n" in of_anna


@pytest.mark.parametrize("kind", ["xlsx", "csv", "docx"])
def test_figures_are_files_too(client: FlaskClient, cast: Cast, helped: int, kind: str) -> None:
    sign_in(client, cast.anna)
    with client.get(f"/reports/tried.{kind}?period=2026-Q3") as answer:
        assert answer.status_code == 200
        assert len(answer.data) > 100
        assert "2026-Q3" in unescape(answer.headers["Content-Disposition"])
