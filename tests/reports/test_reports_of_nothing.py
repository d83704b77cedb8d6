"""Reports of nothing: of a period to come, of a region where nobody is."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from reports.base import Desk, ListReport
from reports.catalogue import REPORTS
from reports.figures import FiguresReport, Unit
from reports.period import Period
from services import reporting
from tests.conftest import TODAY

FUTURE = Period.parse("2031")


def test_a_period_that_has_not_begun_is_refused(session: Session) -> None:
    for report in REPORTS.values():
        if report.timing.value == "period":
            with pytest.raises(reporting.ReportRefused, match="ещё не начался"):
                reporting.parameters_for(report, agency=None, on=TODAY, period=FUTURE)


def test_an_empty_region_gives_an_empty_paper(session: Session, tmp_path: Path) -> None:
    """No people, no records, no dictionary but those of the migrations."""
    viewer = reporting.system_viewer(today=TODAY)
    for code, report in REPORTS.items():
        if report.is_of_one_agency:
            continue
        made = reporting.parameters_for(report, agency=None, on=date(2026, 11, 1), period=None)
        desk = Desk(session, viewer, made)
        rows = list(report.rows(session, viewer, made)) if isinstance(report, ListReport) else []
        if isinstance(report, FiguresReport):
            counts = [f for part in report.parts(desk) for line in part.lines for f in line.figures]
            assert {f.value for f in counts if f.unit is Unit.COUNT} <= {0}, code
            assert {f.text for f in counts if f.unit is Unit.PERCENT} <= {"—"}, code
        assert rows == [], code
        reporting.write_report(
            session, report=report, viewer=viewer, parameters=made, path=tmp_path / "e.xlsx", file_format="xlsx"
        )
