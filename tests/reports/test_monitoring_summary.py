"""«Сводка мониторинга»: marks by indicator, bands, dynamics, who was not looked at, what stands in the way."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.assessments import ReadinessAssessment, ReadinessScore
from models.graduates import Graduate
from models.support import Problem
from models.territory import Agency, AgencyKind
from reports.base import Desk
from reports.monitoring_summary import MonitoringSummary
from reports.period import Period
from tests.clock import at, load_law
from tests.factories import Cast, make_agency
from tests.kpi_factories import desk_of, follow, left, monitor, support
from tests.reports.figures import behind, check_drills, parts_of, shown, statements, texts_of

REPORT = MonitoringSummary()
HALF = Period.parse("2026-H2")
SPRING, AUTUMN = date(2026, 4, 30), date(2026, 9, 30)
SPHERES = 10


@pytest.fixture
def centre(session: Session, cast: Cast) -> Agency:
    load_law(session)
    made = make_agency(session, "kizil", AgencyKind.CARE_CENTRE)
    follow(session, made, "kizil-programme")
    return made


def asked(session: Session, centre: Agency, period: Period = HALF) -> Desk:
    return desk_of(session, centre, period)


def supported(session: Session, centre: Agency, count: int) -> list[Graduate]:
    people = [left(session, centre, number) for number in range(count)]
    for person in people:
        support(session, person, centre)
    return people


def assess(session: Session, person: Graduate, agency: Agency, on: date, value: int) -> None:
    made = ReadinessAssessment(graduate=person, agency_id=agency.id, assessed_on=on, created_at=at(on))
    made.scores = [ReadinessScore(sphere=f"s{place}", position=place, value=value) for place in range(SPHERES)]
    session.add(made)
    session.flush()


def test_marks_are_spread_by_indicator(session: Session, centre: Agency) -> None:
    first, second, third = supported(session, centre, 3)
    monitor(session, first, centre, date(2026, 7, 5), value=0)  # an older card of the period counts no more
    monitor(session, first, centre, AUTUMN, value=3)
    monitor(session, second, centre, AUTUMN, value=2, housing=1)
    monitor(session, third, centre, AUTUMN, value=2, housing=None)
    part = parts_of(REPORT, asked(session, centre))["indicators"]
    assert part.headings == ("3", "2", "1", "0", "н/д", "Оценено", "0–1", "Средний балл", "Доля 0–1, %")
    assert shown(part, "housing") == ["1", "0", "1", "0", "1", "2", "1", "2,0", "50,0 %"]
    assert shown(part, "kin") == ["1", "2", "0", "0", "0", "3", "0", "2,3", "0,0 %"]
    assert behind(REPORT, asked(session, centre), "indicators.housing.low") == {second.id}


def test_of_the_law_only_numbers_are_told(session: Session, centre: Agency) -> None:
    (person,) = supported(session, centre, 1)
    monitor(session, person, centre, AUTUMN, law_abidingness=0)
    session.add(Problem(graduate=person, kind_code="offence", description="кража", found_on=AUTUMN))
    session.flush()
    desk = asked(session, centre)
    parts = parts_of(REPORT, desk)
    assert shown(parts["indicators"], "law-abidingness")[3] == "1"
    assert shown(parts["closed-problems"], "offence")[0] == "1"
    assert shown(parts["problems"], "total")[0] == "0"
    closed = [line for line in parts["indicators"].lines if line.code == "law-abidingness"]
    assert {figure.key for line in (*closed, *parts["closed-problems"].lines) for figure in line.figures} == {""}
    assert REPORT.drill(desk, "indicators.law-abidingness.v0") is None
    assert REPORT.drill(desk, "closed-problems.offence.people") is None


def test_whoever_was_not_looked_at_is_listed(session: Session, centre: Agency) -> None:
    seen, unseen, annulled = supported(session, centre, 3)
    monitor(session, seen, centre, AUTUMN)
    monitor(session, unseen, centre, SPRING)
    card = monitor(session, annulled, centre, AUTUMN)
    card.annulled_on, card.annulled_reason = AUTUMN, "ошибка"
    session.flush()
    desk = asked(session, centre)
    assert texts_of(parts_of(REPORT, desk)["completeness"]) == {
        "supported": "3", "monitored": "1", "unmonitored": "2", "enough": "1", "assessed": "0", "unassessed": "3",
        "share": "33,3 %", "assessed-share": "0,0 %",
    }  # fmt: skip
    assert behind(REPORT, desk, "completeness.unmonitored.n") == {unseen.id, annulled.id}


def test_a_year_asks_for_two_cards(session: Session, centre: Agency) -> None:
    twice, once = supported(session, centre, 2)
    for day in (SPRING, AUTUMN):
        monitor(session, twice, centre, day)
    monitor(session, once, centre, AUTUMN)
    found = texts_of(parts_of(REPORT, asked(session, centre, Period.parse("2026")))["completeness"])
    assert (found["monitored"], found["enough"]) == ("2", "1")


def test_bands_and_the_mean(session: Session, centre: Agency) -> None:
    high, middle, low = supported(session, centre, 3)
    for person, value in ((high, 3), (middle, 2), (low, 1)):
        monitor(session, person, centre, AUTUMN, value=value)
    parts = parts_of(REPORT, asked(session, centre))
    assert shown(parts["monitoring"], "mean") == ["14,0"]
    assert texts_of(parts["monitoring-bands"]) == {"high": "1", "middle": "1", "low": "1", "total": "3"}


def test_the_first_sheet_is_compared_with_the_last(session: Session, centre: Agency) -> None:
    grown, same, fallen, single = supported(session, centre, 4)
    for person, before, after in ((grown, 1, 3), (same, 2, 2), (fallen, 3, 1)):
        monitor(session, person, centre, SPRING, value=before)
        monitor(session, person, centre, AUTUMN, value=after)
        assess(session, person, centre, SPRING, value=min(before, 2))
        assess(session, person, centre, AUTUMN, value=min(after, 2))
    monitor(session, single, centre, AUTUMN)
    parts = parts_of(REPORT, asked(session, centre))
    assert texts_of(parts["dynamics"]) == {"grown": "1", "same": "1", "fallen": "1", "single": "1", "total": "4"}
    found = texts_of(parts["readiness-dynamics"])
    assert (found["grown"], found["same"], found["fallen"]) == ("1", "1", "1")
    assert texts_of(parts["readiness-bands"])["ready"] == "2"
    assert behind(REPORT, asked(session, centre), "dynamics.grown.people") == {grown.id}


def test_an_organisation_without_records(session: Session, centre: Agency) -> None:
    parts = parts_of(REPORT, asked(session, centre))
    texts = {figure.text for part in parts.values() for line in part.lines for figure in line.figures}
    assert texts == {"0", "—"}


def test_behind_every_figure_stand_its_records(session: Session, centre: Agency) -> None:
    first, second = supported(session, centre, 2)
    monitor(session, first, centre, SPRING, value=1)
    monitor(session, first, centre, AUTUMN, value=3, kin=None)
    monitor(session, second, centre, AUTUMN, value=1)
    assess(session, second, centre, AUTUMN, value=1)
    session.add(Problem(graduate=second, description="Не с кем поговорить", severity=3, found_on=AUTUMN))
    session.flush()
    assert check_drills(REPORT, asked(session, centre)) > 60


def test_the_number_of_statements_is_constant(session: Session, centre: Agency) -> None:
    few = statements(session, lambda: REPORT.parts(asked(session, centre)))
    for person in supported(session, centre, 6):
        monitor(session, person, centre, AUTUMN)
    many = statements(session, lambda: REPORT.parts(asked(session, centre)))
    assert many == few < 30
