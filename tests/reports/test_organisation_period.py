"""Report of an organisation for a period: ten sections, each figure with its records, people counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.cases import Application
from models.dictionaries import EmploymentStatus
from models.graduates import Graduate, full_years
from models.support import OffenceRecord
from models.work import ServiceRecord
from reports.base import Desk
from reports.figures import Figure
from reports.movement import on_last_day
from reports.organisation_period import OrganisationPeriod
from reports.period import Period
from tests.cases_factories import make_application, make_contract
from tests.clock import follow, load_law, run
from tests.factories import Cast, make_graduate
from tests.kpi_factories import desk_of
from tests.kpi_factories import support as take_on
from tests.period_factories import Year
from tests.reports.figures_checked import check_every_figure, counts, part
from tests.reports.statements import statements

REPORT = OrganisationPeriod()
QUARTER = Period.parse("2026-Q3")
SECTIONS = {
    1: ("movement", "removals", "levels", "sexes", "ages", "care"),
    2: ("employment", "education", "study"),
    3: ("housing",),
    4: ("family",),
    5: ("law",),
    6: ("kinds", "forms"),
    7: ("papers",),
    8: ("letters-out", "letters-in"),
    9: ("monitoring", "monitoring-bands"),
    10: ("kpi",),
}


@pytest.fixture
def year(session: Session, cast: Cast) -> Year:
    """A year of the service, and one of another organisation whose records must not be counted."""
    load_law(session)
    follow(session, cast.service, "aistenok")
    Year(session, cast.opeka, cast.service, [cast.boris], seed=5).live(8)
    made = Year(session, cast.service, cast.opeka, [cast.anna, cast.galina], seed=7)
    made.live(14)
    return made


def test_its_ten_sections_stand_in_their_order(session: Session, cast: Cast) -> None:
    load_law(session)
    parts = REPORT.parts(desk_of(session, cast.service, QUARTER))
    found: dict[int, tuple[str, ...]] = {}
    for one in parts:
        number = int(one.title.split(".")[0])
        found[number] = (*found.get(number, ()), one.key)
    assert found == SECTIONS


def test_every_figure_is_the_number_of_records_behind_it(session: Session, cast: Cast, year: Year) -> None:
    for key in ("2026-Q3", "2026", "2026-11"):
        check_every_figure(REPORT, desk_of(session, cast.service, Period.parse(key)))


def test_every_figure_of_the_whole_region_too(session: Session, cast: Cast, year: Year) -> None:
    desk = desk_of(session, cast.department, Period.parse("2026"))
    region = replace(desk, parameters=replace(desk.parameters, agency_id=None, agency_name=""))
    region = replace(region, viewer=replace(region.viewer, sees_whole_region=True, role=cast.root.role))
    whole = check_every_figure(REPORT, region)
    own = REPORT.parts(desk_of(session, cast.service, Period.parse("2026")))
    assert _value(whole, "kinds", "total", 1) > _value(own, "kinds", "total", 1)  # type: ignore[operator]


def test_entries_of_the_movement_add_up(session: Session, cast: Cast, year: Year) -> None:
    for key in ("2026-Q1", "2026-Q2", "2026-H2", "2026"):
        movement = part(REPORT.parts(desk_of(session, cast.service, Period.parse(key))), "movement")
        start, taken_on, removed, end = (movement.figure(code, 1).value or 0 for code in _MOVES)
        assert start + taken_on - removed == end, key


_MOVES = ("start", "accepted", "removed", "end")


def test_people_of_a_year_are_counted_anew_and_not_added(session: Session, cast: Cast) -> None:
    """Removed and taken on again: two entries of one person; the quarters see her twice, the year once."""
    load_law(session)
    first = take_on(session, cast.own, cast.service, date(2026, 2, 1), date(2026, 5, 1))
    first.number = first.contract.number = 901
    first.contract.ended_on, first.contract.termination_ground_code = first.removed_on, "term_expired"
    session.flush()
    take_on(session, cast.own, cast.service, date(2026, 8, 1), date(2026, 8, 20))
    quarters = [_accepted(session, cast, f"2026-Q{number}") for number in (1, 2, 3, 4)]
    assert [people for people, _ in quarters] == [1, 0, 1, 0]
    assert _accepted(session, cast, "2026") == (1, 2)


def _accepted(session: Session, cast: Cast, key: str) -> tuple[object, object]:
    movement = part(REPORT.parts(desk_of(session, cast.service, Period.parse(key))), "movement")
    return movement.figure("accepted", 0).value, movement.figure("accepted", 1).value


def test_a_removal_counts_on_its_day_and_the_person_is_gone_when_the_day_is_over(session: Session, cast: Cast) -> None:
    load_law(session)
    take_on(session, cast.own, cast.service, date(2026, 7, 1), date(2026, 9, 30))
    movement = part(REPORT.parts(desk_of(session, cast.service, QUARTER)), "movement")
    found = {code: movement.figure(code).value for code in (*_MOVES, "during")}
    assert found == {"start": 0, "accepted": 1, "removed": 1, "end": 0, "during": 1}


def test_ages_are_full_years_on_the_last_day(session: Session, cast: Cast, year: Year) -> None:
    desk = desk_of(session, cast.service, QUARTER)
    ages = part(REPORT.parts(desk), "ages")
    people = [row.birth_date for row in session.execute(on_last_day(desk).select(on_last_day(desk).day))]
    reckoned = [min(max(full_years(born, QUARTER.ends_on), 17), 23) for born in people]
    assert people
    assert {code: ages.figure(str(code)).value for code in range(17, 24)} == {
        code: reckoned.count(code) for code in range(17, 24)
    }


def test_each_split_of_people_adds_up_to_those_on_support(session: Session, cast: Cast, year: Year) -> None:
    parts = REPORT.parts(desk_of(session, cast.service, QUARTER))
    on_support = part(parts, "movement").figure("end").value
    for key in ("levels", "sexes", "ages", "care", "employment", "education", "study", "housing"):
        assert part(parts, key).figure("total").value == on_support, key


def test_offences_are_counted_and_never_shown(session: Session, cast: Cast) -> None:
    load_law(session)
    take_on(session, cast.own, cast.service, date(2026, 7, 1))
    for day in (date(2026, 7, 2), date(2026, 8, 2), date(2026, 12, 2)):
        session.add(OffenceRecord(graduate_id=cast.own.id, recorded_on=day, text="кража"))
    session.flush()
    desk = desk_of(session, cast.service, QUARTER)
    law = part(REPORT.parts(desk), "law")
    assert (law.figure("offences").value, law.figure("offenders").value) == (2, 1)
    assert not any(figure.key for line in law.lines for figure in line.figures)
    assert all(REPORT.drill(desk, f"law.{line.code}.n") is None for line in law.lines)


def test_contracts_are_in_time_by_the_regulations_deadlines(session: Session, cast: Cast) -> None:
    """Fifteen calendar days from registration (aistenok 9.1): one in time, one late, one without a contract."""
    load_law(session)
    follow(session, cast.service, "aistenok")
    people = [make_graduate(session, f"Иванов Иван {n}", agency_id=cast.service.id) for n in ("А", "Б", "В")]

    def apply(person: Graduate) -> Application:
        return make_application(session, person, cast.service, date(2026, 7, 1), registered_on=date(2026, 7, 1))

    papers = [apply(person) for person in people]
    make_contract(session, people[0], cast.service, date(2026, 7, 11), application=papers[0])
    make_contract(session, people[1], cast.service, date(2026, 7, 26), application=papers[1])
    session.commit()
    run(session, date(2026, 9, 30))
    found = part(REPORT.parts(desk_of(session, cast.service, QUARTER)), "papers")
    told = {code: found.figure(code).text for code in ("contracts", "days", "due", "in-time", "in-time-share")}
    assert told == {"contracts": "2", "days": "17,5", "due": "3", "in-time": "1", "in-time-share": "33,3 %"}


def test_an_empty_organisation_gives_zeros_and_dashes(session: Session, cast: Cast) -> None:
    load_law(session)
    parts = REPORT.parts(desk_of(session, cast.other_opeka, QUARTER))
    assert {figure.value for figure in counts(parts)} == {0}
    dashes = {f.text for one in parts for line in one.lines for f in line.figures if f.value != 0}
    assert dashes == {"—"}


def test_a_retired_value_is_still_printed_with_its_label(session: Session, cast: Cast, year: Year) -> None:
    session.get_one(EmploymentStatus, "studying").is_retired = True
    session.get_one(EmploymentStatus, "disabled").is_retired = True
    session.flush()
    table = part(REPORT.parts(desk_of(session, cast.service, Period.parse("2026"))), "employment")
    assert table.figure("studying").value
    assert next(line.label for line in table.lines if line.code == "studying") == "обучается"
    assert not [line for line in table.lines if line.code == "disabled"]


def test_more_records_take_no_more_statements(session: Session, cast: Cast, year: Year) -> None:
    desk = desk_of(session, cast.service, QUARTER)
    year.live(10)
    few = _statements(desk)
    year.live(15)
    assert _statements(desk) == few <= 60


def _statements(desk: Desk) -> int:
    with statements() as made:
        REPORT.parts(desk)
    return len(made)


def test_the_sum_of_services_is_of_their_numbers(session: Session, cast: Cast) -> None:
    load_law(session)
    for quantity, kind in ((3, "legal"), (4, "legal"), (5, "urgent")):
        session.add(
            ServiceRecord(
                graduate_id=cast.own.id, agency_id=cast.service.id, provided_on=date(2026, 8, 1), title="Помощь",
                kind_code=kind, quantity=quantity, specialist="Анна",
            )
        )  # fmt: skip
    session.flush()
    kinds = part(REPORT.parts(desk_of(session, cast.service, QUARTER)), "kinds")
    assert [figure.value for figure in _line(kinds, "legal")] == [7, 2, 1]
    assert [figure.value for figure in _line(kinds, "total")] == [12, 3, 1]


def _line(found: object, code: str) -> tuple[Figure, ...]:
    return next(line.figures for line in found.lines if line.code == code)  # type: ignore[attr-defined]


def _value(parts: object, key: str, line: str, column: int) -> object:
    return part(parts, key).figure(line, column).value  # type: ignore[arg-type]


def test_the_trend_tells_six_periods(session: Session, cast: Cast, year: Year) -> None:
    desk = desk_of(session, cast.service, QUARTER)
    people, services = REPORT.trends(desk)
    assert len(people.periods) == 6
    assert people.periods[-1] == "III квартал 2026 года"
    parts = REPORT.parts(desk)
    assert people.series[0][1][-1] == _value(parts, "movement", "end", 0)
    assert services.series[0][1][-1] == _value(parts, "kinds", "total", 0)
