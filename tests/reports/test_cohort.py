"""«Выпуски по годам»: who left when, and how they live on the day."""

from datetime import date

import pytest
from sqlalchemy import func
from sqlalchemy.orm import Session

from models.aid import SuccessVerdict
from models.circumstances import Employment, FamilyStatus, Housing
from models.territory import Agency, AgencyKind
from reports.base import Desk, Parameters
from reports.cohort import Cohort
from reports.figures import Part
from services.reporting import agency_viewer
from tests.clock import at, load_law
from tests.factories import Cast, make_agency
from tests.kpi_factories import follow, left, monitor, settle, support
from tests.reports.statements import statements

ON = date(2018, 12, 31)
REPORT = Cohort()
COLUMNS = ("left", "supported", "studies", "works", "serves", "housed", "family", "parents", "successful")


@pytest.fixture
def centre(session: Session, cast: Cast) -> Agency:
    load_law(session)
    made = make_agency(session, "kizil", AgencyKind.CARE_CENTRE)
    follow(session, made, "kizil-programme")
    return made


def desk_of(session: Session, agency: Agency, on: date = ON, **chosen: str) -> Desk:
    viewer = agency_viewer(session, agency=agency, today=on)
    return Desk(session, viewer, Parameters(on, agency.id, agency.name, chosen=chosen))


def part_of(desk: Desk) -> Part:
    """The table; each of its figures is the number of records behind it."""
    (part,) = REPORT.parts(desk)
    for line in part.lines:
        for figure in line.figures:
            drilled = REPORT.drill(desk, figure.key)
            assert drilled is not None
            assert desk.session.scalar(drilled.records.select(func.count())) == figure.value
    return part


def line_of(part: Part, code: str) -> dict[str, object]:
    return {key: part.figure(code, place).value for place, key in enumerate(COLUMNS)}


def test_the_years_of_the_explanatory_note(session: Session, centre: Agency) -> None:
    number = 0
    for year, people in ((2015, 5), (2016, 6), (2017, 8), (2018, 1)):
        for _ in range(people):
            left(session, centre, number, left_on=date(year, 6, 30), birth_date=date(year - 18, 3, 8))
            number += 1
    part = part_of(desk_of(session, centre))
    assert [(line.label, line.figures[0].value) for line in part.lines] == [
        ("2014", 0),
        ("2015", 5),
        ("2016", 6),
        ("2017", 8),
        ("2018", 1),
        ("Всего", 20),
    ]


def test_how_they_live_is_told_of_the_day(session: Session, centre: Agency) -> None:
    people = [
        left(session, centre, number, left_on=date(2017, 6, 30), birth_date=date(1999, 3, 8)) for number in range(4)
    ]
    since = date(2018, 1, 15)
    support(session, people[0], centre, since)
    support(session, people[1], centre, since, until=date(2018, 6, 30))
    facts = [
        (0, Employment(status_code="studying", starts_on=since)),
        (1, Employment(status_code="employed", starts_on=since, ends_on=date(2018, 5, 1))),
        (1, Employment(status_code="military", starts_on=date(2018, 6, 1))),
        (2, Employment(status_code="self_employed", starts_on=since)),
        (2, Housing(status_code="owned", starts_on=since)),
        (3, Housing(status_code="dormitory", starts_on=since)),
        (2, FamilyStatus(status_code="married", children=1, starts_on=since)),
    ]
    for number, fact in facts:
        fact.graduate = people[number]
        session.add(fact)
    session.flush()
    assert line_of(part_of(desk_of(session, centre)), "2017") == {
        "left": 4,
        "supported": 1,
        "studies": 1,
        "works": 1,
        "serves": 1,
        "housed": 1,
        "family": 1,
        "parents": 1,
        "successful": 0,
    }
    earlier = line_of(part_of(desk_of(session, centre, date(2018, 4, 1))), "2017")
    assert (earlier["supported"], earlier["works"], earlier["serves"]) == (2, 2, 0)


def test_success_is_by_the_latest_outcome_however_long_ago(session: Session, centre: Agency) -> None:
    thriving, said, withdrawn = (
        left(session, centre, number, left_on=date(2015, 6, 30), birth_date=date(1997, 3, 8)) for number in range(3)
    )
    settle(session, thriving, date(2016, 1, 15))
    monitor(session, thriving, centre, date(2016, 9, 30))
    for person, day, is_successful in (
        (said, date(2016, 5, 1), True),
        (withdrawn, date(2016, 5, 1), True),
        (withdrawn, date(2017, 5, 1), False),
    ):
        word = SuccessVerdict(agency_id=centre.id, decided_on=day, is_successful=is_successful, reason="беседа")
        word.graduate, word.created_at = person, at(day)
        session.add(word)
    session.flush()
    assert line_of(part_of(desk_of(session, centre)), "2015")["successful"] == 2


def test_more_years_and_an_empty_centre(session: Session, centre: Agency) -> None:
    part = part_of(desk_of(session, centre, years="10"))
    assert [line.label for line in part.lines] == [*map(str, range(2009, 2019)), "Всего"]
    assert {figure.value for line in part.lines for figure in line.figures} == {0}
    (trend,) = REPORT.trends(desk_of(session, centre))
    assert trend.periods == ("2014", "2015", "2016", "2017", "2018")


def test_others_graduates_are_not_counted(session: Session, cast: Cast, centre: Agency) -> None:
    left(session, cast.service, 0, left_on=date(2017, 6, 30), birth_date=date(1999, 3, 8))
    assert part_of(desk_of(session, centre)).figure("total").value == 0


def test_a_cohort_takes_no_statement_a_person(session: Session, centre: Agency) -> None:
    def made(people: int, since: int) -> int:
        for number in range(since, since + people):
            left(session, centre, number, left_on=date(2017, 6, 30), birth_date=date(1999, 3, 8))
        desk = desk_of(session, centre)
        with statements() as texts:
            REPORT.parts(desk)
        return len(texts)

    assert made(1, 0) == made(12, 1) <= 8
