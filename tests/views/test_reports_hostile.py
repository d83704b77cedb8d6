"""Figures of reports asked for by names that no table has, of days that no calendar has, by people out of reach."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Cast
from tests.kpi_factories import monitor, support
from tests.signing import sign_in


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
