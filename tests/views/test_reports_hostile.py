"""Figures of reports asked for by names that no table has, of days that no calendar has, by people out of reach."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.access import Viewer
from models.exchange import ReferralStatus
from models.rule_terms import EvidenceKind, Trigger
from models.territory import AgencyDistrict, AgencyKind
from models.users import Role
from reports.base import Desk, Parameters
from reports.catalogue import REPORTS
from reports.interaction import Interaction
from reports.period import Period
from services import reporting
from tests.clock import at
from tests.conftest import TODAY
from tests.duties import make_duty
from tests.exchange_factories import make_referral
from tests.factories import Cast, make_agency, make_graduate, make_user
from tests.kpi_factories import desk_of, help_with, monitor, support
from tests.signing import sign_in

SUMMER = Period.parse("2026-Q3")


@pytest.mark.parametrize(
    ("report", "table", "column"),
    [
        ("organisation-period", "ages", "people"),  # Codes are numbers.
        ("discipline", "agencies", "n"),
        ("interaction", "received", "n"),
        ("services-count", "kinds", "entries"),  # Codes are words.
        ("monitoring-summary", "indicators", "low"),
    ],
)
def test_no_name_of_a_line_breaks_a_page(
    client: FlaskClient, session: Session, cast: Cast, report: str, table: str, column: str
) -> None:
    sign_in(client, cast.root)
    for line in ("no such", "7", "9" * 20, "\x00", "'", "total", "unsaid", "²", "1.2.3", ""):
        figure = quote(f"{table}.{line}.{column}")
        answer = client.get(f"/reports/{report}/records?period=2026-Q3&figure={figure}")
        assert answer.status_code in (200, 404), line


@pytest.mark.parametrize("line", ["total", "unsaid", "law-abidingness"])
def test_who_breaks_the_law_is_behind_no_figure(client: FlaskClient, session: Session, cast: Cast, line: str) -> None:
    """Not behind that of all indicators together either, which is printed nowhere."""
    support(session, cast.own, cast.service)
    monitor(session, cast.own, cast.service, law_abidingness=0)
    session.commit()
    sign_in(client, cast.anna)
    answer = client.get(f"/reports/monitoring-summary/records?period=2026-H2&figure=indicators.{line}.low")
    assert cast.own.full_name not in answer.text


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_term_does_not_name_whom_one_may_not_see(
    client: FlaskClient, session: Session, cast: Cast, is_removed: bool
) -> None:
    """An organisation's own obligation may be about a card that has gone elsewhere, or that was removed."""
    gone = make_graduate(session, "Ушедший Иван Ильич", agency_id=cast.service.id if is_removed else cast.opeka.id)
    days = {"opens_on": date(2026, 7, 1), "due_on": date(2026, 8, 1), "done_on": date(2026, 7, 20)}
    duty = make_duty(session, cast.service, **days, achieved=1, graduate_id=gone.id)
    terms = {"evidence": EvidenceKind.CONTRACT.value, "triggers": [Trigger.APPLICATION_REGISTERED.value]}
    duty.rule.terms_data = {**duty.rule.terms_data, **terms}
    gone.deleted_at = at(date(2026, 9, 1)) if is_removed else None
    session.commit()
    sign_in(client, cast.anna)
    page = client.get("/reports/organisation-period/records?period=2026-Q3&figure=papers.due.n").text
    assert "Всего: <strong>1 запись</strong>" in page.replace("\xa0", " ")
    assert "Ушедший" not in page
    assert f"/graduate/details/?id={gone.id}" not in page


def test_a_part_of_the_region_reaches_only_those_who_serve_it_now(session: Session, cast: Cast) -> None:
    part = make_agency(session, "part", AgencyKind.COORDINATION_CENTRE, districts=(cast.sokol,))
    user = make_user(session, "part", "Павел Частный", Role.COORDINATOR, part)
    formerly = AgencyDistrict(agency_id=cast.other_opeka.id, district_id=cast.sokol.id, starts_on=date(2020, 1, 1))
    formerly.ends_on = TODAY - timedelta(days=1)
    session.add(formerly)
    session.flush()
    viewer = Viewer.of(session, user, TODAY)
    (form,) = (one for one in reporting.reports_for(session, viewer=viewer) if one.code == "vologda-appendix-1")
    reached = {one.code for one in reporting.agencies_for(session, viewer=viewer, report=form)}
    assert reached == {"opeka-sokol"}


def test_letters_from_outside_have_their_days_too(session: Session, cast: Cast) -> None:
    letter = make_referral(session, cast.service, cast.opeka, status=ReferralStatus.CLOSED, sent_on=date(2026, 8, 3))
    letter.answer_due_on, letter.answered_on = date(2026, 8, 30), date(2026, 8, 7)
    letter.recipient_id = None
    session.flush()
    parameters = Parameters(TODAY, cast.service.id, cast.service.name, SUMMER)
    desk = Desk(session, Viewer.of(session, cast.kira, TODAY), parameters)
    sent = next(one for one in Interaction().parts(desk) if one.key == "sent")
    assert [(line.label, line.figures[-1].text) for line in sent.lines] == [
        ("вне справочника", "4,0"),
        ("Всего", "4,0"),
    ]


def test_a_specialist_who_went_elsewhere_keeps_the_name(client: FlaskClient, session: Session, cast: Cast) -> None:
    help_with(session, cast.own, cast.service, date(2026, 8, 3), specialist_id=cast.anna.id, specialist="Анна Клерк")
    cast.anna.agency = cast.opeka
    session.commit()
    sign_in(client, cast.galina)
    page = client.get("/reports/services-count?period=2026-Q3&split=specialist").text
    assert "Анна Клерк" in page
    figure = f"split=specialist&figure=specialists.{cast.anna.id}.entries"
    assert "Анна Клерк" in client.get(f"/reports/services-count/records?period=2026-Q3&{figure}").text


@pytest.mark.parametrize("day", ["01.01.1900", "31.12.2100", "2026-02-29", "0001-01-01", "9999-12-31"])
def test_no_day_breaks_a_list(client: FlaskClient, cast: Cast, day: str) -> None:
    sign_in(client, cast.boris)
    for path in ("vologda-appendix-1", "enrolled-list", "registry", "data-bank?who=of-age", "cohort", "reconciliation"):
        mark = "&" if "?" in path else "?"
        assert client.get(f"/reports/{path}{mark}on={day}").status_code in (200, 400), path


@pytest.mark.parametrize(
    "period", ["2000", "2000-01-01..2100-12-31", "0001", "9999-12", "2031", "2026-02-29..2026-03-01", "٢٠٢٦"]
)
def test_no_period_breaks_figures(client: FlaskClient, cast: Cast, period: str) -> None:
    sign_in(client, cast.kira)
    for code in ("kpi", "organisation-period", "interaction", "effectiveness", "rating", "discipline"):
        assert client.get(f"/reports/{code}", query_string={"period": period}).status_code in (200, 400), code
    assert client.get("/compliance/territory", query_string={"period": period}).status_code in (200, 400)


def test_the_same_share_is_the_same_everywhere(client: FlaskClient, session: Session, cast: Cast) -> None:
    for done_on in (date(2026, 7, 20), date(2026, 7, 21), None):
        make_duty(
            session, cast.service, date(2026, 7, 1), date(2026, 8, 1), done_on=done_on, achieved=int(bool(done_on))
        )
    session.commit()
    sign_in(client, cast.kira)
    for path in ("/compliance/territory?period=2026-Q3", "/reports/discipline?period=2026-Q3"):
        assert "66,7 %" in client.get(path).text.replace("\xa0", " "), path


def test_removed_cards_are_counted_by_no_section(session: Session, cast: Cast) -> None:
    removed = make_graduate(session, "Удалённый Иван Ильич", agency_id=cast.service.id)
    for person in (cast.own, removed):
        support(session, person, cast.service)
    removed.deleted_at = at(date(2026, 9, 1))
    session.flush()
    parts = {part.key: part for part in REPORTS["organisation-period"].parts(desk_of(session, cast.service, SUMMER))}
    told = [parts["movement"].figure(code).value for code in ("start", "end", "during")]
    told += [parts[key].figure("total").value for key in ("levels", "ages")]
    assert (told, parts["kpi"].figure("supported").value) == ([1, 1, 1, 1, 1], 1)
