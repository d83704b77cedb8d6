"""However many people and records there are, every report of the catalogue makes as many statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

from models.territory import Agency, AgencyKind
from models.users import Role
from reports.base import Desk, ListReport, Report
from reports.catalogue import REPORTS
from reports.figures import FiguresReport
from reports.period import Period
from services import reporting
from tests.bench import great_region
from tests.factories import make_agency, make_user
from tests.reports.statements import statements

DAY = date(2026, 11, 1)
FEW, MANY = 500, 1_000  # People; three of ten are on support, and each of all has ten services.


@pytest.fixture
def agencies(session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch) -> list[Agency]:
    """One of each kind; the great region's people are theirs."""
    made = [make_agency(session(), kind.value, kind) for kind in AgencyKind]
    for agency in made:
        make_user(session(), f"of-{agency.id}", "Ольга Первая", Role.CLERK, agency)
    session.flush()
    monkeypatch.setattr(great_region, "AGENCIES", len(made))
    return made


@contextmanager
def region(session: Session, people: int, agencies: list[Agency], patch: pytest.MonkeyPatch) -> Iterator[None]:
    """So many people and their records, for a while."""
    for name, count in (("PEOPLE", people), ("SERVICES", people * 10), ("SUPPORTED", people * 3 // 10)):
        patch.setattr(great_region, name, count)
    with session.begin_nested() as attempt:
        filler = great_region.Filler(session.connection(), agencies[0].id)
        for fill in (great_region._people, great_region._papers, great_region._facts, great_region._work):
            fill(filler)
        great_region._monitoring(filler)
        session.expire_all()
        yield
        attempt.rollback()
    session.expire_all()


def desk_of(session: Session, report: Report, agency: Agency | None) -> Desk:
    made = reporting.parameters_for(report, agency=agency, on=DAY, period=Period.parse("2026"))
    if report.is_of_specialist and agency is not None:
        made = reporting.with_specialist(made, reporting.specialists_of(session, agency_id=agency.id)[0])
    if agency is None:
        return Desk(session, reporting.system_viewer(today=DAY), made)
    return Desk(session, reporting.agency_viewer(session, agency=agency, today=DAY), made)


def made_by(session: Session, report: Report, agency: Agency | None) -> list[str]:
    desk = desk_of(session, report, agency)
    with statements() as made:
        if isinstance(report, FiguresReport):
            report.parts(desk)
            report.trends(desk)
        else:
            assert isinstance(report, ListReport)
            list(report.rows(session, desk.viewer, desk.parameters))
            report.count(session, desk.viewer, desk.parameters)
            report.left_out(session, desk.viewer, desk.parameters)
    return made


def test_no_row_costs_a_statement(
    session: scoped_session[Session], agencies: list[Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: dict[tuple[str, str], list[int]] = {}
    for people in (FEW, MANY):
        with region(session(), people, agencies, monkeypatch):
            for code, report in REPORTS.items():
                own = next(one for one in agencies if report.is_made_by(one.kind))
                for agency in [own] if report.is_of_one_agency else [own, None]:
                    made = made_by(session(), report, agency)
                    counted.setdefault((code, agency.code if agency else "all"), []).append(len(made))
    grown = {whose: numbers for whose, numbers in counted.items() if numbers[1] > numbers[0]}
    assert grown == {}
    assert len(counted) > len(REPORTS)


def test_long_statements_are_not_compiled(session: scoped_session[Session]) -> None:
    """Which takes PostgreSQL longer than running them."""
    if session().get_bind().dialect.name == "postgresql":
        assert session.scalar(text("SHOW jit")) == "off"
