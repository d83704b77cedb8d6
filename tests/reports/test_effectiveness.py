"""«Что даёт помощь»: whose life changed after it, by kind, form and direction, and which plans were corrected."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.dictionaries import ServiceKind
from models.graduates import Graduate
from models.plans import MeasureStatus
from models.support import Problem
from models.territory import Agency, AgencyKind
from reports.base import Desk
from reports.effectiveness import Effectiveness
from reports.figures import NONE
from reports.period import Period
from tests.clock import load_law
from tests.factories import Cast, make_agency
from tests.kpi_factories import desk_of, follow, help_with, left, monitor, put_in_category, support
from tests.plans_factories import approved, make_approved, make_plan
from tests.reports.figures import behind, check_drills, parts_of, shown, statements

REPORT = Effectiveness()
QUARTER = Period.parse("2026-Q3")
HELPED = date(2026, 8, 3)
LATER = date(2026, 11, 20)  # within three months after the quarter


@pytest.fixture
def centre(session: Session, cast: Cast) -> Agency:
    load_law(session)
    made = make_agency(session, "kizil", AgencyKind.CARE_CENTRE)
    follow(session, made, "kizil-programme")
    return made


def asked(session: Session, centre: Agency, today: date = date(2027, 1, 15), **chosen: str) -> Desk:
    return desk_of(session, centre, QUARTER, today, **chosen)


def four(session: Session, centre: Agency) -> list[Graduate]:
    """On support, helped in the quarter by one legal service each; the first by two."""
    people = [left(session, centre, number) for number in range(4)]
    for person in people:
        support(session, person, centre)
        help_with(session, person, centre, HELPED)
    help_with(session, people[0], centre, HELPED, form_code="at_home")
    return people


def test_a_better_category_counts_once(session: Session, centre: Agency) -> None:
    better, same, worse, fresh = four(session, centre)
    for person, before, after in (
        (better, "crisis", "active"),
        (same, "active", "active"),
        (worse, "stable", "crisis"),
    ):
        put_in_category(session, person, before, date(2026, 3, 1))
        person.category_decisions[0].ends_on = date(2026, 8, 31)
        put_in_category(session, person, after, date(2026, 9, 1))
    put_in_category(session, fresh, "stable", date(2026, 9, 1))  # nothing to compare with
    kinds = parts_of(REPORT, asked(session, centre))["kinds"]
    assert shown(kinds, "legal") == ["4", "1", "0", "0", "0", "1"]
    assert behind(REPORT, asked(session, centre), "kinds.legal.category") == {better.id}
    assert behind(REPORT, asked(session, centre), "kinds.legal.worse") == {worse.id}


def test_a_grown_sum_a_solved_problem_a_measure_done(session: Session, centre: Agency) -> None:
    grown, fallen, solved, done = four(session, centre)
    monitor(session, grown, centre, date(2026, 4, 1), value=1)
    monitor(session, grown, centre, LATER, value=2)
    monitor(session, fallen, centre, date(2026, 7, 2), value=2)  # none before the quarter: the first one since
    monitor(session, fallen, centre, LATER, value=1)
    problem = Problem(graduate=solved, kind_code="work", description="Нет работы", found_on=date(2026, 1, 1))
    problem.resolved_on = LATER
    session.add(problem)
    plan = make_approved(session, done, centre, on=date(2026, 10, 1))
    plan.measures[0].status, plan.measures[0].done_on = MeasureStatus.DONE, date(2026, 9, 15)
    session.flush()
    desk = asked(session, centre)
    assert shown(parts_of(REPORT, desk)["kinds"], "legal") == ["4", "0", "1", "1", "1", "1"]
    assert behind(REPORT, desk, "kinds.legal.points") == {grown.id}
    assert behind(REPORT, desk, "kinds.legal.worse") == {fallen.id}
    assert behind(REPORT, desk, "directions.legal.people") == {done.id}


def test_how_long_one_looks_is_an_option_and_never_past_today(session: Session, centre: Agency) -> None:
    person = four(session, centre)[0]
    problem = Problem(graduate=person, kind_code="work", description="Нет работы", found_on=date(2026, 1, 1))
    problem.resolved_on = LATER
    session.add(problem)
    session.flush()

    def solved(desk: Desk) -> str:
        return shown(parts_of(REPORT, desk)["kinds"], "legal")[3]

    assert solved(asked(session, centre)) == "1"
    assert solved(asked(session, centre, after="0")) == "0"
    assert solved(asked(session, centre, date(2026, 10, 5))) == "0"
    assert "по 05.10.2026" in parts_of(REPORT, asked(session, centre, date(2026, 10, 5)))["forms"].note


def test_forms_of_work_and_of_service(session: Session, centre: Agency, cast: Cast) -> None:
    four(session, centre)
    parts = parts_of(REPORT, asked(session, centre))
    assert shown(parts["forms"], "services")[0] == "4"
    assert shown(parts["service-forms"], "at_home")[0] == "1"
    assert shown(parts["service-forms"], NONE)[0] == "4"
    assert shown(parts["service-forms"], "total")[0] == "4"
    assert shown(parts["forms"], "consultations")[0] == "0"


def test_a_new_edition_corrects_a_plan(session: Session, centre: Agency) -> None:
    corrected, left_alone, *_rest = four(session, centre)
    for person in (corrected, left_alone):
        put_in_category(session, person, "active", date(2026, 3, 1))
        person.category_decisions[0].ends_on = date(2026, 8, 31)
        put_in_category(session, person, "crisis", date(2026, 9, 1))
    first = make_approved(session, corrected, centre, on=date(2026, 9, 1))
    first.state, first.closed_on = "closed", date(2026, 9, 20)
    second = make_plan(
        session, corrected, centre, on=date(2026, 9, 21), edition=2, previous_id=first.id, starts_on=date(2026, 9, 21)
    )
    approved(session, second, date(2026, 9, 21), date(2026, 9, 21))
    desk = asked(session, centre)
    part = parts_of(REPORT, desk)["corrections"]
    assert [shown(part, code)[0] for code in ("editions", "worse", "worse-corrected", "worse-left", "share")] == [
        "1", "2", "1", "1", "50,0 %",
    ]  # fmt: skip
    assert behind(REPORT, desk, "corrections.worse-left.n") == {left_alone.id}


def test_a_retired_kind_keeps_its_name(session: Session, centre: Agency) -> None:
    four(session, centre)
    kind = session.get(ServiceKind, "legal")
    assert kind is not None
    kind.is_retired = True
    session.flush()
    part = parts_of(REPORT, asked(session, centre))["kinds"]
    assert next(line.label for line in part.lines if line.code == "legal") == kind.label


def test_nobody_was_helped(session: Session, centre: Agency) -> None:
    parts = parts_of(REPORT, asked(session, centre))
    assert {figure.text for part in parts.values() for line in part.lines for figure in line.figures} == {"0", "—"}


def test_behind_every_figure_stand_its_records(session: Session, centre: Agency) -> None:
    person, *_rest = four(session, centre)
    monitor(session, person, centre, date(2026, 4, 1), value=1)
    monitor(session, person, centre, LATER, value=2)
    assert check_drills(REPORT, asked(session, centre)) > 80


def test_the_number_of_statements_is_constant(session: Session, centre: Agency) -> None:
    few = statements(session, lambda: REPORT.parts(asked(session, centre)))
    four(session, centre)
    many = statements(session, lambda: REPORT.parts(asked(session, centre)))
    assert many <= few + 4  # totals of people over several lines
    assert many < 30
