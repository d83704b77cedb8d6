"""«Рейтинг служб»: scores by the packs' criteria, ties, organisations without data, the sheet of one organisation."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.access import Viewer
from models.territory import Agency, AgencyKind
from models.users import Role
from reports.base import Desk, Parameters
from reports.figures import Line
from reports.norms import RatingCriterion, RatingNorms
from reports.period import Period
from reports.rating import Rating, Standing, placed, score_of, total_of
from reports.rating_measures import MEASURES, TITLES
from services.regulations.schema import SCHEMA
from tests.clock import load_law, viewer_of
from tests.factories import Cast, make_agency
from tests.kpi_factories import desk_of, follow, help_with, left, monitor, put_in_category, support, thrive
from tests.reports.figures import behind, check_drills, parts_of, shown, statements, texts_of

REPORT = Rating()
HALF = Period.parse("2026-H2")
MORE = RatingCriterion("a", "А", "helped", 40, True, 0, 100)
LESS = RatingCriterion("b", "Б", "crisis", 60, False, 0, 50)


# -- The formula -----------------------------------------------------------------------------------------------------


def test_the_score_is_the_weight_times_the_way_along_the_scale() -> None:
    assert score_of(MORE, 1, 4) == 10
    assert score_of(LESS, 1, 4) == 30
    assert score_of(LESS, 3, 4) == 0  # past the end of the scale
    assert score_of(RatingCriterion("c", "В", "helped", 10, True, 50, 100), 1, 4) == 0
    assert score_of(MORE, 0, 0) is None


def test_the_total_is_out_of_the_weights_that_have_data() -> None:
    assert total_of((MORE, LESS), (Decimal(10), Decimal(30))) == Decimal("40.0")
    assert total_of((MORE, LESS), (Decimal(10), None)) == Decimal("25.0")
    assert total_of((MORE, LESS), (None, None)) is None


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_score_never_leaves_its_weight(part: int, more: int) -> None:
    for criterion in (MORE, LESS):
        score = score_of(criterion, part, part + more)
        assert score is not None
        assert 0 <= score <= criterion.weight


def test_equal_totals_share_a_place_and_no_data_have_none() -> None:
    totals = {"а": "50.0", "б": None, "в": "70.0", "г": "70.0", "д": "10.0"}
    standings = [
        Standing(number, name, (), Decimal(total) if total else None)
        for number, (name, total) in enumerate(totals.items())
    ]
    found = [(one.name, one.place) for one in placed(standings)]
    assert found == [("в", 1), ("г", 1), ("а", 3), ("д", 4), ("б", None)]


def test_a_grade_begins_at_its_points() -> None:
    norms = RatingNorms(grades=(("хорошо", 75), ("так себе", 50)))
    assert [norms.grade_of(Decimal(points)) for points in ("75", "74.9", "50", "49.9")] == [
        "хорошо", "так себе", "так себе", "",
    ]  # fmt: skip


def test_every_measure_of_the_schema_is_built() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    named = schema["properties"]["rating"]["properties"]["criteria"]["items"]["properties"]["measure"]["enum"]
    assert set(named) == set(MEASURES) == set(TITLES)


# -- Over records ----------------------------------------------------------------------------------------------------


@pytest.fixture
def services(session: Session, cast: Cast) -> list[Agency]:
    """Two services with people on support, one with nobody."""
    load_law(session)
    return [make_agency(session, f"home-{n}", AgencyKind.CARE_CENTRE, short_name=f"Дом {n}") for n in (1, 2, 3)]


def coordinator(session: Session, cast: Cast, period: Period = HALF) -> Desk:
    viewer: Viewer = viewer_of(cast.centre, period.ends_on, role=Role.COORDINATOR)
    return Desk(session, viewer, Parameters(period.ends_on, period=period))


def fill(session: Session, services: list[Agency]) -> None:
    first, second, _none = services
    for number in range(2):
        person = left(session, first, number)
        support(session, person, first)
        help_with(session, person, first)
        thrive(session, person, first)
    for number in range(2, 4):
        person = left(session, second, number)
        support(session, person, second)
        put_in_category(session, person, "crisis")
    help_with(session, person, second)
    help_with(session, person, first)  # another organisation's help is not its own


def line_of(lines: tuple[Line, ...], name: str) -> list[str]:
    return next([figure.text for figure in line.figures] for line in lines if line.label == name)


def test_services_are_compared(session: Session, cast: Cast, services: list[Agency]) -> None:
    follow(session, cast.centre, "krasnoyarsk-centre")
    fill(session, services)
    parts = parts_of(REPORT, coordinator(session, cast))
    places = parts["places"]
    assert [line.label for line in places.lines][:2] == ["Дом 1", "Дом 2"]
    # helped 20, successful 25, monitored 15, crisis 10; no measures, no deadlines
    assert line_of(places.lines, "Дом 1") == ["1", "100,0", "20,0", "25,0", "15,0", "10,0", "—", "—"]
    assert line_of(places.lines, "Дом 2") == ["2", "14,3", "10,0", "0,0", "0,0", "0,0", "—", "—"]
    assert line_of(places.lines, "Дом 3") == ["—"] * 8
    assert line_of(parts["base"].lines, "Дом 2")[:3] == ["1", "2", "50,0 %"]
    assert "Итог = сумма баллов × 100" in places.note
    assert texts_of(parts["criteria"])["helped"] == "20"


def test_each_score_leads_to_its_base_figures(session: Session, cast: Cast, services: list[Agency]) -> None:
    fill(session, services)
    desk = coordinator(session, cast)
    assert check_drills(REPORT, desk) >= 36
    score = next(line for line in parts_of(REPORT, desk)["places"].lines if line.label == "Дом 2").figures[2]
    assert len(behind(REPORT, desk, score.key)) == 1
    assert REPORT.drill(desk, f"base.{cast.opeka.id}.helped-part") is None  # no service
    assert REPORT.drill(desk, "base.x.helped-part") is None
    assert REPORT.drill(desk, "base.1.nothing-part") is None


def test_the_sheet_of_one_organisation(session: Session, cast: Cast, services: list[Agency]) -> None:
    fill(session, services)
    desk = desk_of(session, services[0], HALF)
    (part,) = REPORT.parts(desk)
    assert shown(part, "helped") == ["2", "2", "100,0 %", "20", "20,0"]
    assert shown(part, "total") == ["—", "—", "—", "100", "100,0"]
    assert part.note.startswith("Итог 100,0 из 100: хорошо.")
    assert check_drills(REPORT, desk) == 12
    (empty,) = REPORT.parts(desk_of(session, services[2], HALF))
    assert empty.note.startswith("Данных для оценки нет.")


def test_a_coordinator_of_a_part_compares_only_its_services(
    session: Session, cast: Cast, services: list[Agency]
) -> None:
    fill(session, services)
    viewer = viewer_of(cast.opeka, HALF.ends_on, role=Role.COORDINATOR)
    desk = Desk(session, viewer, Parameters(HALF.ends_on, period=HALF))
    assert {line.label for line in parts_of(REPORT, desk)["places"].lines}.isdisjoint({"Дом 1", "Дом 2", "Дом 3"})


def test_the_number_of_statements_is_constant(session: Session, cast: Cast, services: list[Agency]) -> None:
    few = statements(session, lambda: REPORT.parts(coordinator(session, cast)))
    fill(session, services)
    monitor(session, left(session, services[2], 9), services[2], date(2026, 8, 1))
    assert statements(session, lambda: REPORT.parts(coordinator(session, cast))) <= few <= 12
