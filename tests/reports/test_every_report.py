"""Every report of the catalogue over the demonstration region: it builds, and its numbers are those behind them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from argon2 import PasswordHasher
from docx import Document
from flask import Flask
from sqlalchemy import func
from sqlalchemy.orm import Session

from models.territory import Agency
from reports.base import Desk, ListReport, Report
from reports.catalogue import REPORTS
from reports.figures import Drilled, FiguresReport, Table, Unit
from reports.period import Period
from services import demo, reporting
from tests.conftest import NOW, TODAY, rolled_back

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = 40


@pytest.fixture(scope="module")
def region(app: Flask) -> Iterator[Session]:
    """Loaded once: the tests here only read it."""
    with rolled_back(app) as session:
        demo.load(session=session(), now=NOW, on=TODAY, graduates=PEOPLE, hasher=CHEAP)
        session.expire_all()
        yield session()


def desks(session: Session, report: Report) -> Iterator[tuple[Agency | None, Desk]]:
    """For the first organisation that makes the report, and for all together where that is allowed."""
    system = reporting.system_viewer(today=TODAY)
    agencies: list[Agency | None] = list(reporting.agencies_for(session, viewer=system, report=report)[:1])
    for agency in agencies if report.is_of_one_agency else [None, *agencies]:
        made = reporting.parameters_for(report, agency=agency, on=TODAY, period=Period.parse("2026"))
        if report.is_of_specialist and agency is not None:
            specialists = reporting.specialists_of(session, agency_id=agency.id)
            if not specialists:
                continue
            made = reporting.with_specialist(made, specialists[0])
        viewer = reporting.agency_viewer(session, agency=agency, today=TODAY) if agency else system
        yield agency, Desk(session, viewer, made)


def test_every_report_builds_in_every_format(region: Session, tmp_path: Path) -> None:
    built = set()
    for code, report in REPORTS.items():
        for agency, desk in desks(region, report):
            for kind in ("xlsx", "csv", "docx") if report.is_signed else ("xlsx", "csv"):
                path = tmp_path / f"{code}.{kind}"
                reporting.write_report(
                    region,
                    report=report,
                    viewer=desk.viewer,
                    parameters=desk.parameters,
                    path=path,
                    file_format=kind,
                    agency=agency,
                )
                assert path.stat().st_size > 20
                built.add(code)
        book = openpyxl.load_workbook(tmp_path / f"{code}.xlsx")
        assert report.title in {cell.value for cell in book.worksheets[0]["A"][:3]}
        if report.is_signed:
            assert report.title in [paragraph.text for paragraph in Document(str(tmp_path / f"{code}.docx")).paragraphs]
    assert built == set(REPORTS)


def drilled_by(tables: Mapping[str, Table], key: str) -> Drilled | None:
    """As FiguresReport.drill, which reads the dictionaries anew for each figure."""
    name, _, rest = key.partition(".")
    line, _, column = rest.rpartition(".")
    return tables[name].drill(line, column)


def test_every_figure_is_the_number_of_records_behind_it(region: Session) -> None:
    checked = 0
    for code, report in REPORTS.items():
        if not isinstance(report, FiguresReport):
            continue
        for _, desk in desks(region, report):
            tables = {table.key: table for table in report.tables(desk)}
            for part in report.parts(desk):
                for figure in (figure for line in part.lines for figure in line.figures):
                    if figure.key and figure.unit is Unit.COUNT:
                        drilled = drilled_by(tables, figure.key)
                        assert drilled is not None, (code, figure.key)
                        records = drilled.records
                        what = func.count(records.person.distinct()) if drilled.of_people else func.count()
                        behind = region.scalar(records.select(what)) or 0
                        assert behind == figure.value, (code, figure.key, behind, figure.value)
                        checked += 1
    if any(isinstance(report, FiguresReport) for report in REPORTS.values()):
        assert checked > 100


def test_a_list_counts_what_it_shows(region: Session) -> None:
    for code, report in REPORTS.items():
        if isinstance(report, ListReport):
            for _, desk in desks(region, report):
                rows = list(report.rows(region, desk.viewer, desk.parameters))
                assert report.count(region, desk.viewer, desk.parameters) == len(rows), code
                assert all(len(row.cells) == len(report.columns) for row in rows), code
