"""The recipe «a report in twenty lines»: what it shows is a report."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.work import Visit
from reports import scope
from reports.base import Desk, Timing
from reports.figures import CountLine, FiguresReport, LineTable, Table
from reports.period import Period
from services import reporting
from tests.conftest import TODAY
from tests.factories import Cast
from tests.journals_factories import make_visit

RECIPE = Path(__file__).parents[2] / "docs" / "adding-a-report.md"


def test_the_report_of_the_recipe_counts(session: Session, cast: Cast) -> None:
    block = re.search(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert block[1].count("\n") <= 20
    known: dict[str, Any] = {
        "CountLine": CountLine,
        "Desk": Desk,
        "FiguresReport": FiguresReport,
        "LineTable": LineTable,
        "Sequence": Sequence,
        "Table": Table,
        "Timing": Timing,
        "Visit": Visit,
        "scope": scope,
    }
    exec(compile(block[1], RECIPE.name, "exec"), known)
    report: FiguresReport = known["VisitsCount"]()
    for _ in range(2):
        make_visit(session, cast.service, cast.own)
    period = Period.parse("2026")
    parameters = reporting.parameters_for(report, agency=cast.service, on=date(2027, 1, 1), period=period)
    viewer = reporting.agency_viewer(session, agency=cast.service, today=TODAY)
    (part,) = report.parts(Desk(session, viewer, parameters))
    assert [line.figures[0].value for line in part.lines] == [2, 2, 1]
