"""«Показатели программы»: the formulas of domain §6.4 over real records, and the records behind every figure."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.aid import SuccessVerdict
from models.cases import Refusal, RefusalKind
from models.circumstances import Employment
from models.graduates import Graduate
from models.support import OffenceRecord, Problem
from models.territory import Agency, AgencyKind
from reports.indicators import indicators_of
from reports.kpi import Kpi
from reports.norms import Criterion
from reports.period import Period
from tests.clock import at, load_law
from tests.factories import Cast, make_agency
from tests.kpi_factories import (
    LAST_DAY,
    MONITORED,
    YEAR,
    desk_of,
    follow,
    help_with,
    left,
    monitor,
    put_in_category,
    settle,
    support,
    thrive,
)
from tests.reports.figures import behind, check_drills, parts_of, statements, texts_of

REPORT = Kpi()


@pytest.fixture
def centre(session: Session, cast: Cast) -> Agency:
    load_law(session)
    made = make_agency(session, "kizil", AgencyKind.CARE_CENTRE)
    follow(session, made, "kizil-programme")
    return made


@pytest.fixture
def twenty(session: Session, centre: Agency) -> list[Graduate]:
    """N=20 graduates, S=16 on support, H=14 helped, U=11 successful (domain §6.4)."""
    people = [left(session, centre, number) for number in range(20)]
    for person in people[:16]:
        support(session, person, centre)
    for person in people[:14]:
        help_with(session, person, centre)
        help_with(session, person, centre)
    for person in people[:11]:
        thrive(session, person, centre)
    return people


def success_of(session: Session, centre: Agency) -> dict[str, str]:
    return texts_of(parts_of(REPORT, desk_of(session, centre))["success"])


def test_the_check_numbers(session: Session, centre: Agency, twenty: list[Graduate]) -> None:
    part = parts_of(REPORT, desk_of(session, centre))["kpi"]
    assert texts_of(part) == {
        "graduates": "20", "supported": "16", "helped": "14", "successful": "11",
        "k1": "80,0 %", "k2": "87,5 %", "k3": "68,8 %",
    }  # fmt: skip
    assert "от числа: все выпускники." in part.note
    assert "хотя бы один день в периоде" in part.note


def test_an_empty_organisation_has_dashes(session: Session, centre: Agency) -> None:
    parts = parts_of(REPORT, desk_of(session, centre))
    assert texts_of(parts["kpi"]) == {
        "graduates": "0", "supported": "0", "helped": "0", "successful": "0", "k1": "—", "k2": "—", "k3": "—",
    }  # fmt: skip
    assert texts_of(parts["coverage"])["share"] == "—"


def test_on_a_day_counts_who_is_on_support_then(session: Session, centre: Agency) -> None:
    removed, staying = left(session, centre, 0), left(session, centre, 1)
    support(session, removed, centre, until=LAST_DAY)
    support(session, staying, centre)
    during = desk_of(session, centre)
    assert texts_of(parts_of(REPORT, during)["kpi"])["supported"] == "2"
    on_day = parts_of(REPORT, desk_of(session, centre, supported="on-day"))["kpi"]
    assert texts_of(on_day)["supported"] == "1"
    assert "на последний день периода" in on_day.note


def test_the_whole_may_be_narrowed_to_ages_and_to_those_in_need(session: Session, centre: Agency) -> None:
    young = left(session, centre, 0, birth_date=date(2009, 1, 1))
    turning = left(session, centre, 1, birth_date=date(2003, 12, 31))  # 23 on the last day, which still counts
    left(session, centre, 2, birth_date=date(2003, 12, 30))
    needy = left(session, centre, 3)
    support(session, young, centre)
    support(session, turning, centre)
    session.add(Problem(graduate=needy, kind_code="housing", description="Негде жить", found_on=MONITORED))
    session.flush()
    everybody = texts_of(parts_of(REPORT, desk_of(session, centre, graduates="all"))["kpi"])
    assert (everybody["graduates"], everybody["k1"]) == ("4", "50,0 %")
    aged = texts_of(parts_of(REPORT, desk_of(session, centre, graduates="aged"))["kpi"])
    assert (aged["graduates"], aged["among"], aged["supported"], aged["k1"]) == ("2", "1", "2", "50,0 %")
    narrow = parts_of(REPORT, desk_of(session, centre, graduates="in-need"))["kpi"]
    assert texts_of(narrow)["k1"] == "50,0 %"
    assert "(18–23)" in narrow.note


def test_whoever_is_in_need_and_not_on_support_is_a_gap(session: Session, centre: Agency) -> None:
    covered, gone, fine, crisis = (left(session, centre, number) for number in range(4))
    support(session, covered, centre)
    put_in_category(session, crisis, "crisis")
    session.add(Problem(graduate=gone, kind_code="work", description="Нет работы", found_on=MONITORED))
    past = Problem(graduate=fine, kind_code="work", description="Была", found_on=MONITORED, resolved_on=LAST_DAY)
    refusal = Refusal(graduate=gone, agency_id=centre.id, kind=RefusalKind.GRADUATE, refused_on=MONITORED)
    refusal.year, refusal.number, refusal.created_at = 2026, 1, at(MONITORED)
    session.add_all([past, refusal])
    session.flush()
    desk = desk_of(session, centre)
    assert texts_of(parts_of(REPORT, desk)["coverage"]) == {
        "need": "3", "covered": "1", "uncovered": "2", "declined": "1", "share": "33,3 %",
    }  # fmt: skip
    assert behind(REPORT, desk, "coverage.uncovered.n") == {gone.id, crisis.id}
    assert behind(REPORT, desk, "coverage.declined.n") == {gone.id}


def test_behind_every_figure_stand_as_many_records(session: Session, centre: Agency, twenty: list[Graduate]) -> None:
    session.add(Problem(graduate=twenty[18], kind_code="work", description="Нет работы", found_on=MONITORED))
    session.flush()
    desk = desk_of(session, centre, graduates="in-need")
    assert check_drills(REPORT, desk) > 12


def test_of_offences_and_addiction_only_numbers_are_told(
    session: Session, centre: Agency, twenty: list[Graduate]
) -> None:
    desk = desk_of(session, centre)
    part = parts_of(REPORT, desk)["success"]
    for code in ("law", "addiction"):
        assert part.figure(code).value == 16
        assert part.figure(code).key == ""
        assert REPORT.drill(desk, f"success.{code}.n") is None


def test_the_same_statements_for_one_person_and_for_twenty(
    session: Session, centre: Agency, twenty: list[Graduate]
) -> None:
    few = statements(session, lambda: REPORT.parts(desk_of(session, centre, Period.parse("2020"))))
    many = statements(session, lambda: REPORT.parts(desk_of(session, centre)))
    assert many == few <= 16


def test_trends_go_over_the_last_eight_periods(session: Session, centre: Agency, twenty: list[Graduate]) -> None:
    (trend,) = REPORT.trends(desk_of(session, centre))
    assert len(trend.periods) == 8
    assert trend.periods[-1] == YEAR.title
    name, values = trend.series[2]
    assert name == "3. Успешны"
    assert str(values[-1]) == "68.8"
    assert values[0] is None


# -- What success is made of -----------------------------------------------------------------------------------------


def a_thriving(session: Session, centre: Agency) -> Graduate:
    person = left(session, centre, 0)
    support(session, person, centre)
    thrive(session, person, centre)
    return person


def test_all_criteria_hold_for_a_life_in_order(session: Session, centre: Agency) -> None:
    a_thriving(session, centre)
    found = success_of(session, centre)
    assert set(found.values()) == {"0", "1"}
    assert [code for code, text in found.items() if text == "0"] == ["no-card", "said-yes", "said-no"]


def test_a_lost_job_breaks_only_its_criterion(session: Session, centre: Agency) -> None:
    person = a_thriving(session, centre)
    session.add(Employment(graduate=person, status_code="none", starts_on=date(2026, 12, 1)))
    session.flush()
    assert broken(success_of(session, centre)) == {"occupation"}


@pytest.mark.parametrize(
    ("kind", "criterion"),
    [("offence", "law"), ("released", "law"), ("addiction", "addiction"), ("children_at_risk", "children")],
)
def test_an_open_problem_breaks_its_criterion(session: Session, centre: Agency, kind: str, criterion: str) -> None:
    person = a_thriving(session, centre)
    problem = Problem(graduate=person, kind_code=kind, description="беда", found_on=MONITORED)
    session.add(problem)
    session.flush()
    assert broken(success_of(session, centre)) == {criterion}
    problem.resolved_on = LAST_DAY
    session.flush()
    assert broken(success_of(session, centre)) == set()


def test_an_offence_of_the_period_breaks_the_law(session: Session, centre: Agency) -> None:
    person = a_thriving(session, centre)
    record = OffenceRecord(graduate=person, recorded_on=MONITORED, text="протокол")
    session.add(record)
    session.flush()
    assert broken(success_of(session, centre)) == {"law"}
    record.recorded_on = date(2025, 12, 31)
    session.flush()
    assert broken(success_of(session, centre)) == set()


@pytest.mark.parametrize(
    ("marks", "criteria"),
    [
        ({"law_abidingness": 1}, {"law"}),
        ({"law_abidingness": 0}, {"law", "addiction"}),
        ({"housing": 1}, {"income"}),
        ({"family": 0}, {"children"}),
        ({"kin": 0, "circle": 0}, {"stable"}),  # 15 of 21
    ],
)
def test_marks_of_the_newest_card_break_criteria(
    session: Session, centre: Agency, marks: dict[str, int], criteria: set[str]
) -> None:
    person = a_thriving(session, centre)
    monitor(session, person, centre, date(2026, 12, 1), **marks)
    assert broken(success_of(session, centre)) == criteria


def test_gaps_of_a_card_are_made_up_for(session: Session, centre: Agency) -> None:
    person = left(session, centre, 0)
    support(session, person, centre)
    settle(session, person)
    monitor(session, person, centre, value=3, kin=None, circle=None, family=2)  # 14 of 5 → 20 of 21
    assert broken(success_of(session, centre)) == set()


def test_a_stable_category_stands_for_points(session: Session, centre: Agency) -> None:
    person = left(session, centre, 0)
    support(session, person, centre)
    settle(session, person)
    monitor(session, person, centre, value=2)
    assert broken(success_of(session, centre)) == {"stable"}
    put_in_category(session, person, "stable")
    assert broken(success_of(session, centre)) == set()


def broken(found: dict[str, str]) -> set[str]:
    codes = {"occupation", "housing", "law", "addiction", "income", "children", "stable"}
    failed = {code for code in codes if found[code] == "0"}
    assert found["successful"] == ("0" if failed else "1")
    return failed


def test_without_monitoring_nobody_is_successful(session: Session, centre: Agency) -> None:
    person = left(session, centre, 0)
    support(session, person, centre)
    settle(session, person)
    put_in_category(session, person, "stable")
    found = success_of(session, centre)
    assert (found["stable"], found["no-card"], found["successful"]) == ("1", "1", "0")


def test_monitoring_of_the_half_year_counts_for_a_quarter(session: Session, centre: Agency) -> None:
    a_thriving(session, centre)
    quarter = desk_of(session, centre, Period.parse("2026-Q4"))
    assert texts_of(parts_of(REPORT, quarter)["kpi"])["successful"] == "1"
    next_half = desk_of(session, centre, Period.parse("2027-H1"))
    assert texts_of(parts_of(REPORT, next_half)["kpi"])["successful"] == "0"


def test_the_specialists_word_is_stronger_than_the_rule(session: Session, centre: Agency, cast: Cast) -> None:
    person = a_thriving(session, centre)
    say(session, person, centre, date(2026, 10, 1), is_successful=False)
    found = success_of(session, centre)
    assert (found["said-no"], found["successful"]) == ("1", "0")
    say(session, person, centre, date(2026, 11, 1), is_successful=True)
    found = success_of(session, centre)
    assert (found["said-yes"], found["said-no"], found["successful"]) == ("1", "0", "1")


def test_another_organisations_word_is_not_ours(session: Session, centre: Agency, cast: Cast) -> None:
    person = a_thriving(session, centre)
    say(session, person, cast.service, MONITORED, is_successful=False)
    assert success_of(session, centre)["successful"] == "1"


def say(session: Session, person: Graduate, agency: Agency, on: date, *, is_successful: bool) -> None:
    verdict = SuccessVerdict(graduate=person, agency_id=agency.id, decided_on=on, is_successful=is_successful)
    verdict.reason, verdict.created_at = "Видно по встречам", at(on)
    session.add(verdict)
    session.flush()


def test_only_the_criteria_of_the_regulation_apply(session: Session, centre: Agency) -> None:
    person = left(session, centre, 0)
    support(session, person, centre)
    monitor(session, person, centre, value=3)
    found = indicators_of(desk_of(session, centre))
    only = replace(found, norms=replace(found.norms, success=(Criterion.STABLE, Criterion.LAW)))
    assert session.scalar(only.successful.select(func.count())) == 1
    assert session.scalar(found.successful.select(func.count())) == 0
    assert session.scalar(select(func.count()).select_from(Graduate)) > 1
