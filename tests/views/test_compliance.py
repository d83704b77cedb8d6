"""The compliance page: whose, of which day, what each cell says and where it leads; the file."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.audit import AccessEvent
from models.deadlines import Deadline
from models.journals import Journal
from models.regulations import Regulation
from services.deadlines import verbs
from services.regulations.parsing import shipped_packs
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.regulated import draw, duties, follow
from tests.signing import sign_in
from views.compliance_links import record_link
from views.element_links import REGISTERS
from views.extensions import db


@pytest.fixture
def regulation(session: scoped_session[Session], cast: Cast) -> Regulation:
    made = follow(session(), cast.service, cast.opeka)
    draw(session())
    session.commit()
    return made


@pytest.fixture
def sent(session: scoped_session[Session], cast: Cast, regulation: Regulation) -> Deadline:
    """Boris sent the autumn's information on 28.09.2026 under number 15."""
    (found, *_) = duties(session(), "A01", cast.opeka)
    boris = Viewer.of(session(), cast.boris, TODAY)
    verbs.mark(session(), deadline=found, happened_on=date(2026, 9, 28), number="15", by=boris, now=NOW)
    session.commit()
    return found


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(client: FlaskClient, address: str = "/compliance/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_cell_says_by_which_record_and_leads_to_the_duty(client: FlaskClient, cast: Cast, sent: Deadline) -> None:
    page = table(sign_in(client, cast.boris))
    assert "исполнено 28.09.2026, № 15" in words(page)
    assert f'href="/deadline/details/?id={sent.id}"' in page
    assert "Исполнено в срок: 1 из 1 (100,0 %)" in words(page)
    assert client.get(f"/deadline/details/?id={sent.id}").status_code == 200
    assert "Ещё 2 правила обязывают других участников" in words(page)


def test_a_past_day_shows_what_was_so_then(client: FlaskClient, cast: Cast, sent: Deadline) -> None:
    sign_in(client, cast.boris)
    before = words(table(client, "/compliance/?on=27.09.2026"))
    assert "как было на 27.09.2026" in before
    assert "в работе, до 05.10.2026" in before
    assert "исполнено 28.09.2026" not in before
    assert "предстоит, до 05.10.2026" in words(table(client, "/compliance/?on=2026-09-01"))


def test_late_missed_and_half_done_are_told_in_words(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    (quota, *_) = duties(session(), "A02", cast.service)
    galina = Viewer.of(session(), cast.galina, TODAY)
    verbs.mark(session(), deadline=quota, happened_on=date(2026, 3, 2), by=galina, now=NOW)
    session.commit()
    sign_in(client, cast.galina)
    assert "скоро срок, 1 из 2, до 31.12.2026" in words(table(client))
    assert "оснований не было" in words(table(client))
    quota.due_on = quota.nominal_on = quota.control_on = date(2026, 9, 1)
    session.commit()
    assert "просрочено, 1 из 2, срок был 01.09.2026" in words(table(client))
    verbs.mark(session(), deadline=quota, happened_on=date(2026, 9, 30), number="8", by=galina, now=NOW)
    session.commit()
    assert "с опозданием 30.09.2026, № 8" in words(table(client))


def test_several_duties_are_counted_and_listed(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    (pattern, *_) = duties(session(), "A01", cast.opeka)
    for number, done in enumerate((None, date(2026, 9, 30), date(2026, 9, 29))):
        made = Deadline(rule=pattern.rule, rule_key=pattern.rule_key, agency_id=cast.opeka.id, subject=f"g{number}")
        made.opens_on = made.nominal_on = made.control_on = made.soon_on = date(2026, 9, 25)
        made.due_on, made.created_at, made.done_on, made.achieved = date(2026, 10, 5), NOW, done, int(done is not None)
        session.add(made)
    session.commit()
    page = table(sign_in(client, cast.boris))
    assert "исполнено 2 из 4 скоро срок: 2 в срок: 2" in words(page)
    links = [unescape(found) for found in re.findall(r'class="cmp-part[^"]*" href="([^"]+)"', page)]
    shown = [words(client.get(link).text) for link in links]
    assert all("Найдено: 2" in text for text in shown)
    totals = [unescape(found) for found in re.findall(r'<li class="sum-\w+"><a href="([^"]+)"', page)]
    assert all("Найдено: 2" in words(client.get(link).text) for link in totals)
    assert len(totals) == 2
    root = table(sign_in(client, cast.root), "/compliance/?agency=opeka-sokol")
    listed = [unescape(found) for found in re.findall(r'class="cmp-part[^"]*" href="([^"]+)"', root)]
    assert all("Найдено: 2" in words(client.get(link).text) for link in listed)


def test_standing_duties_lead_to_their_records_or_say_that_they_are_on_paper(
    client: FlaskClient, cast: Cast, regulation: Regulation
) -> None:
    page = table(sign_in(client, cast.anna))
    assert re.search(r"Держать соглашения.*?действующие соглашения.*?href=\"/agreement/\"", page, re.DOTALL)
    assert re.search(r"Собирать практики.*?ведётся на бумаге", page, re.DOTALL)


def test_only_overseers_choose_whose_table_it_is(client: FlaskClient, cast: Cast, regulation: Regulation) -> None:
    for name in ("anna", "galina", "boris"):
        assert 'name="agency"' not in table(sign_in(client, getattr(cast, name)))
        other = "service" if name == "boris" else "opeka-sokol"
        assert client.get(f"/compliance/?agency={other}").status_code == 404
        assert client.get(f"/compliance/table.xlsx?agency={other}").status_code == 404
    for name in ("kira", "root"):
        page = table(sign_in(client, getattr(cast, name)), "/compliance/?agency=service")
        assert '<option value="service" selected>' in page
        assert "Собрать выпускников" in page


def test_who_follows_nothing_is_told_so(client: FlaskClient, cast: Cast, regulation: Regulation) -> None:
    page = table(sign_in(client, cast.vera))
    assert "не исполняет ни одного регламента" in page
    assert "/compliance/table.xlsx" not in page
    sign_in(client, cast.anna)
    assert "не исполняет ни одного регламента" in table(client, "/compliance/?on=31.12.2025&regulation=small")


def test_a_bad_day_is_kept_and_explained(client: FlaskClient, cast: Cast, regulation: Regulation) -> None:
    answer = sign_in(client, cast.anna).get("/compliance/?on=31.02.2026")
    assert answer.status_code == 400
    assert "Дата не читается." in answer.text
    assert 'value="31.02.2026"' in answer.text


def test_the_file_says_the_same(client: FlaskClient, cast: Cast, sent: Deadline) -> None:
    with sign_in(client, cast.boris).get("/compliance/table.xlsx?on=2026-10-01") as answer:
        assert answer.status_code == 200
        sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "Небольшой регламент" in str(rows[0][0])
    assert "на 01.10.2026" in str(rows[1][0])
    assert rows[3][:3] == ["п. 1", "Отправить сведения к осени", "ежегодно с 25 сентября по 5 октября"]
    assert rows[3][6] == "исполнено 28.09.2026, № 15"
    assert any("ведётся на бумаге" in str(row[3]) for row in rows)


def test_reading_is_noted(
    client: FlaskClient, session: scoped_session[Session], cast: Cast, regulation: Regulation
) -> None:
    table(sign_in(client, cast.kira), "/compliance/?agency=service")
    query = select(AccessEvent.payload).where(AccessEvent.subject == "compliance")
    assert session.scalars(query, bind_arguments={"bind": db.engines["access"]}).all() == [
        {"agency": "service", "regulation": "small", "on": "2026-10-01"}
    ]


def test_a_duty_without_a_date_leads_to_the_register_or_journal_that_shows_it(app: Flask) -> None:
    packs = {one.code: one for one in shipped_packs()}
    with app.test_request_context():
        led = {
            (code, row): link and (link.label, link.url)
            for code, row in (("aistenok", "AIS-28"), ("aistenok", "AIS-23"), ("kizil-programme", "KIZ-39"))
            for link in [record_link(packs[code], [row], 1)]
        }
        assert led == {
            ("aistenok", "AIS-28"): (Journal.ACCEPTED.label, "/journals/accepted/"),
            ("aistenok", "AIS-23"): ("Мероприятия планов", "/measure/"),
            ("kizil-programme", "KIZ-39"): ("Личные дела", "/personal_file/"),
        }
        assert {endpoint for endpoint, _ in REGISTERS.values()} <= set(app.view_functions)
