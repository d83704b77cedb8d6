"""A report of figures of everybody over very many people is made in the background; others open at once."""

import re

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.graduates import Graduate
from models.jobs import Job, JobState
from reports.catalogue import REPORTS
from reports.figures import FiguresReport
from tests.factories import Cast
from tests.jobs_factories import file_of
from tests.reports.statements import statements
from tests.signing import sign_in
from views.jobs.worker import run_job
from views.reports import waiting

LONG = "Отчёт по всему региону считается дольше обычного"
PERIOD = "2026-Q3"
OF_EVERYBODY = [code for code, one in REPORTS.items() if isinstance(one, FiguresReport) and not one.is_of_one_agency]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """The few people of the cast are more than one waits for."""
    monkeypatch.setattr(waiting, "MANY", 1)


def test_many_are_more_than_the_limit(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    people = session.scalar(select(func.count()).select_from(Graduate)) or 0
    monkeypatch.setattr(waiting, "MANY", people)
    assert not waiting.has_many_people()
    monkeypatch.setattr(waiting, "MANY", people - 1)
    assert waiting.has_many_people()


@pytest.mark.parametrize("code", OF_EVERYBODY)
def test_figures_of_everybody_are_offered_as_a_file(client: FlaskClient, cast: Cast, many: None, code: str) -> None:
    sign_in(client, cast.kira)
    with statements() as asked:
        page = client.get(f"/reports/{code}?period={PERIOD}")
    assert page.status_code == 200
    assert LONG in page.text
    assert 'id="report-agency"' in page.text  # The parameters are there.
    assert 'action="/jobs/"' in page.text
    assert "data-table" not in page.text
    assert not [one for one in asked if "count(" in one.lower() and "graduate" in one]


def test_one_organisation_and_lists_are_shown_at_once(client: FlaskClient, cast: Cast, many: None) -> None:
    sign_in(client, cast.kira)
    assert LONG not in client.get(f"/reports/kpi?period={PERIOD}&agency={cast.service.code}").text
    assert LONG not in client.get("/reports/registry").text


def test_whoever_insists_sees_the_page(client: FlaskClient, cast: Cast, many: None) -> None:
    sign_in(client, cast.kira)
    page = client.get(f"/reports/kpi?period={PERIOD}").text
    link = re.search(r'href="([^"]*anyway=1[^"]*)"', page)
    assert link is not None
    shown = client.get(link[1].replace("&amp;", "&")).text
    assert LONG not in shown
    assert "data-table" in shown


def test_few_people_are_counted_on_the_page(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.kira)
    assert LONG not in client.get(f"/reports/kpi?period={PERIOD}").text


@pytest.mark.parametrize("kind", ["xlsx", "docx", "csv"])
def test_its_file_is_asked_for_too(client: FlaskClient, cast: Cast, many: None, kind: str) -> None:
    sign_in(client, cast.kira)
    answer = client.get(f"/reports/kpi.{kind}?period={PERIOD}")
    assert answer.status_code == 302
    assert answer.location.startswith("/jobs/new?kind=report")
    assert client.get(answer.location).status_code == 200
    with client.get(f"/reports/kpi.{kind}?period={PERIOD}&agency={cast.service.code}") as file:
        assert file.status_code == 200
        assert file.data


def test_the_button_makes_the_file_in_the_background(
    app: Flask, session: scoped_session[Session], client: FlaskClient, cast: Cast, many: None
) -> None:
    sign_in(client, cast.kira)
    page = client.get(f"/reports/kpi?period={PERIOD}&graduates=aged").text
    form = page[page.index('action="/jobs/"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    sent = {name: value.replace("&amp;", "&") for name, value in fields.items() if name != "csrf_token"}
    assert client.post("/jobs/", data={**sent, "type": "xlsx"}).status_code == 303
    job = session.scalars(select(Job)).one()
    assert run_job(job.id)
    session.expire_all()
    assert (job.state, job.message) == (JobState.DONE, "")
    title = openpyxl.load_workbook(file_of(app, job)).worksheets[0]["A1"].value
    assert title == REPORTS["kpi"].title
    assert "2026" in job.title
