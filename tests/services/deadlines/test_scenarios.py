"""The dates of the acceptance scenarios, from facts saved as users save them; 3 and 6 stand in `test_support`."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Placement, Study
from models.deadlines import State
from models.graduates import Graduate
from models.people import Dependant
from models.support import CategoryDecision, Problem
from services.deadlines.dates import recommended_days, spans
from services.deadlines.verbs import mark
from services.production_calendar import load_calendar
from tests.clock import at, duties, duty, follow, happen, run, viewer_of
from tests.services.deadlines.region import SYZRAN, VOLOGDA, Region, person, today


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


# -- 1. A graduate of a foster family enters a college ---------------------------------------------------------------


def _daria(session: Session, region: Region) -> Graduate:
    today(session, date(2025, 8, 14))
    daria = person(session, region, "Кузнецова Дарья Игоревна", date(2007, 8, 14), region.service)
    daria.placements.append(
        Placement(form_code="foster_family", starts_on=date(2015, 4, 23), ends_on=date(2025, 8, 14), place="Лебедевы")
    )
    session.commit()
    return daria


def test_the_end_of_guardianship_is_told_in_ten_days(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    told = duty(session, "T17", _daria(session, region))
    assert (told.nominal_on, told.due_on, told.control_on) == (date(2025, 8, 24), date(2025, 8, 25), date(2025, 8, 22))
    assert (told.agency_id, told.recipient_id) == (region.opeka.id, region.operator.id)
    assert told.state_on(date(2025, 8, 25)) is State.DUE_SOON
    assert told.state_on(date(2025, 8, 26)) is State.OVERDUE
    sender = viewer_of(region.opeka, date(2025, 8, 21))
    mark(session, deadline=told, happened_on=date(2025, 8, 21), number="17", by=sender, now=at(date(2025, 8, 21)))
    assert told.state_on(date(2025, 8, 26)) is State.DONE


def test_lists_of_those_enrolled_go_to_two_recipients(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    run(session, date(2025, 9, 1))
    lists = [one for one in (*duties(session, "T01"), *duties(session, "T02")) if one.due_on.year == 2025]
    assert [(one.opens_on, one.due_on) for one in lists] == [(date(2025, 9, 1), date(2025, 9, 15))] * 2
    assert {one.agency_id for one in lists} == {region.opeka.id}
    assert region.service.id in {one.recipient_id for one in lists}


def test_half_year_changes_requests_and_the_23rd_birthday(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    daria = _daria(session, region)
    run(session, date(2025, 9, 20))
    autumn = [one for one in duties(session, "T05") if one.due_on.year == 2025]
    assert [(one.due_on, one.control_on) for one in autumn] == [(date(2025, 10, 6), date(2025, 10, 3))]
    october = [one for one in duties(session, "T03") if one.due_on.year == 2025]
    assert [(one.due_on, one.agency_id, one.recipient_id) for one in october] == [
        (date(2025, 10, 31), region.service.id, region.opeka.id)
    ]
    run(session, date(2030, 1, 1))
    assert duty(session, "C08", daria).nominal_on == date(2030, 2, 14)
    assert duty(session, "C09", daria).due_on == date(2030, 8, 14)


def test_requests_to_colleges_have_recommended_days(session: Session, region: Region) -> None:
    """Twice a year: control days 15.05.2026 and 15.12.2025."""
    region.follow(session, VOLOGDA)
    today(session, date(2025, 9, 1))
    pupil = person(session, region, "Кузнецова Дарья Игоревна", date(2007, 8, 14), region.centre)
    pupil.graduating_agency_id = region.centre.id
    pupil.studies.append(
        Study(status_code="studying", agency_id=region.college.id, starts_on=date(2025, 9, 1), course=1)
    )
    session.commit()
    run(session, date(2025, 9, 20))
    asked = {one.period: one for one in duties(session, "T26", pupil)}
    assert asked["2025"].control_on == date(2025, 12, 15)
    assert (asked["2025"].required, asked["2025"].due_on) == (2, date(2025, 12, 31))
    terms = asked["2026"].rule.terms
    (year,) = [span for span in spans(terms, date(2026, 1, 1), date(2026, 12, 31)) if span.code == "2026"]
    calendar = load_calendar(session)
    assert calendar.previous_working(recommended_days(terms, year)[0]) == date(2026, 5, 15)


# -- 2. Crisis, three-day notice -------------------------------------------------------------------------------------

CALL = date(2026, 3, 6)


def _artem(session: Session, region: Region, severity: int) -> Graduate:
    today(session, CALL)
    artem = person(session, region, "Морозов Артём Сергеевич", date(2005, 11, 21), region.service)
    artem.problems.append(
        Problem(description="Выселен", kind_code="housing", severity=severity, found_on=CALL, source_code="message")
    )
    artem.category_decisions.append(CategoryDecision(category_code="crisis", starts_on=CALL))
    session.commit()
    return artem


def test_a_need_is_told_in_three_days(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    artem = _artem(session, region, severity=2)
    notice = duty(session, "T18", artem)
    assert (notice.nominal_on, notice.due_on) == (date(2026, 3, 9), date(2026, 3, 10))
    assert notice.recipient_id == region.social.id
    assert notice.state_on(date(2026, 3, 10)) is not State.OVERDUE
    assert notice.state_on(date(2026, 3, 11)) is State.OVERDUE


def test_an_urgent_need_is_told_on_the_same_day(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    artem = _artem(session, region, severity=3)
    assert duty(session, "T20", artem).due_on == CALL
    assert duties(session, "T18", artem) == []


def test_the_social_centre_examines_decides_and_plans(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    artem = _artem(session, region, severity=2)
    happen(session, "intake.received", region.social, artem, CALL)
    assert duty(session, "T54", artem).due_on == date(2026, 3, 12)
    happen(session, "service.applied", region.social, artem, date(2026, 3, 10))
    assert duty(session, "C01", artem).due_on == date(2026, 3, 17)
    assert duty(session, "C02", artem).due_on == date(2026, 3, 24)


def test_weekly_contacts_follow_one_another_until_the_crisis_is_over(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    artem = _artem(session, region, severity=2)
    for day in (date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 27)):
        happen(session, "contact.made", region.service, artem, day)
    weekly = duties(session, "C07", artem)
    expected = [date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 27), date(2026, 4, 3)]
    assert [one.due_on for one in weekly] == expected
    assert [one.done_on for one in weekly] == [*expected[:3], None]
    today(session, date(2026, 4, 3))
    artem.category_decisions.append(CategoryDecision(category_code="active", starts_on=date(2026, 4, 3)))
    session.commit()
    assert duties(session, "C07", artem)[-1].state_on(date(2026, 4, 3)) is State.NOT_APPLICABLE


def test_the_level_is_reviewed_in_thirty_days(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    artem = _artem(session, region, severity=2)
    review = duty(session, "C04", artem)
    assert (review.nominal_on, review.control_on) == (date(2026, 4, 5), date(2026, 4, 3))
    today(session, date(2026, 4, 3))
    artem.category_decisions.append(CategoryDecision(category_code="active", starts_on=date(2026, 4, 3)))
    session.commit()
    assert duty(session, "C04", artem).done_on == date(2026, 4, 3)


# -- 4. Leave with a baby --------------------------------------------------------------------------------------------


def test_a_leave_with_a_child_is_told_answered_and_ends(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    today(session, date(2026, 2, 27))
    kristina = person(session, region, "Белова Кристина Олеговна", date(2006, 6, 30), region.service)
    kristina.dependants.append(Dependant(name="Дочь", birth_date=date(2026, 1, 12)))
    kristina.studies.append(
        Study(
            status_code="leave",
            agency_id=region.college.id,
            starts_on=date(2026, 3, 2),
            leave_code="academic",
            leave_ends_on=date(2027, 3, 1),
            order="№ 45 от 27.02.2026",
        )
    )
    session.commit()
    notice = duty(session, "T51d", kristina)
    assert (notice.agency_id, notice.recipient_id) == (region.college.id, region.social.id)
    assert notice.due_on == date(2026, 3, 4)
    happen(session, "referral.sent", region.college, kristina, date(2026, 3, 4))
    assert duty(session, "N01", kristina).due_on == date(2026, 4, 3)
    reminder = duty(session, "C18", kristina)
    assert (reminder.nominal_on, reminder.control_on) == (date(2027, 1, 30), date(2027, 1, 29))


# -- 5. The half-year list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "opens", "due"),
    [
        ("T05", date(2024, 9, 25), date(2024, 10, 7)),
        ("T05", date(2025, 9, 25), date(2025, 10, 6)),
        ("T05", date(2026, 9, 25), date(2026, 10, 5)),
        ("T04", date(2026, 2, 1), date(2026, 2, 10)),
        ("T04", date(2027, 2, 1), date(2027, 2, 10)),
    ],
)
def test_half_year_windows(session: Session, region: Region, code: str, opens: date, due: date) -> None:
    for agency in region.agencies:
        follow(session, agency, VOLOGDA, since=date(2023, 1, 1))
    run(session, date(2026, 9, 1))
    one = next(found for found in duties(session, code) if found.due_on.year == due.year)
    assert (one.opens_on, one.due_on) == (opens, due)
    assert (one.agency_id, one.recipient_id) == (region.opeka.id, region.operator.id)
    assert one.state_on(date.fromordinal(due.toordinal() + 1)) is State.OVERDUE
    social = {"T05": "T07", "T04": "T06"}[code]
    assert due in {found.due_on for found in duties(session, social) if found.agency_id == region.social.id}
