"""Making, moving and closing obligations: again, after corrections, with odd dates, under changed rules."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.circumstances import Address, Placement, Study
from models.context import Actor, act_as
from models.deadlines import Closing, Deadline, State, state_on
from models.graduates import Graduate
from models.notifications import NoticeKind, Notification
from models.production_calendar import CalendarDay, DaySource
from models.regulations import DeadlineRule, Regulation, RuleSwitch
from models.support import Assignment, AssignmentKind, CategoryDecision, Consent, Problem
from models.territory import Agency, AgencyKind
from models.users import Role
from models.working_calendar import OutsideCalendar
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.deadlines.occurrences import annul
from services.deadlines.verbs import mark
from services.production_calendar import load_calendar, load_years
from tests.clock import at, dues, duties, duty, follow, happen, make_regulation, make_rule, run, viewer_of
from tests.factories import make_agency, make_district, make_graduate, make_user

ON = date(2026, 10, 1)
WINDOW = {"kind": "window", "opens": "09-25", "closes": "10-05", "evidence": "submission"}
SERVICE: dict[str, Any] = {"obliged": {"kind": ["support_service"]}, "per": "agency"}
ABOUT: dict[str, Any] = {"obliged": {"kind": ["support_service"], "by": "responsible"}}
TEN_DAYS = ABOUT | {"kind": "event", "triggers": ["graduate.left"], "amount": 10, "per": "record", "evidence": "notice"}
STUDENTS = ABOUT | WINDOW | {"per": "graduate", "who": "students"}


@pytest.fixture
def regulation(session: Session) -> Regulation:
    load_years(session)
    return make_regulation(session)


@pytest.fixture
def service(session: Session, regulation: Regulation) -> Agency:
    agency = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
    follow(session, agency, regulation.code)
    return agency


def _left(session: Session, agency: Agency, day: date) -> Graduate:
    graduate = make_graduate(session, agency_id=agency.id, left_on=day)
    session.commit()
    return graduate


# -- Again and again -------------------------------------------------------------------------------------------------


def test_a_second_run_makes_nothing(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW)
    make_rule(session, regulation, "A02", TEN_DAYS)
    _left(session, service, date(2026, 9, 1))
    assert run(session, ON).added == 3  # The windows of 2025 to 2027; the event's came with its fact.
    before = session.scalar(select(func.count(Deadline.id)))
    made = run(session, ON)
    assert (made.added, made.moved, made.closed) == (0, 0, 0)
    assert session.scalar(select(func.count(Deadline.id))) == before


def test_a_shorter_horizon_closes_nothing(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW)
    run(session, ON)
    assert run(session, ON, until=date(2026, 12, 31)).closed == 0


def test_a_year_without_calendar_is_refused_not_guessed(session: Session) -> None:
    calendar = load_calendar(session)
    with pytest.raises(OutsideCalendar):
        list(generate(session, calendar=calendar, on=ON, until=horizon(ON), now=at(ON)))


def test_years_beyond_the_calendar_wait(session: Session, regulation: Regulation, service: Agency) -> None:
    """2031 is computed and marked; 2038 is beyond, and no date of it is made up."""
    make_rule(session, regulation, "A02", TEN_DAYS | {"amount": 5, "unit": "year"})
    graduate = _left(session, service, date(2026, 5, 1))
    made = duty(session, "A02", graduate)
    assert (made.due_on, made.is_provisional) == (date(2031, 5, 2), True)
    make_rule(session, regulation, "A03", TEN_DAYS | {"amount": 12, "unit": "year"})
    run(session, ON)
    assert duties(session, "A03") == []


# -- Odd dates -------------------------------------------------------------------------------------------------------


def test_the_birthday_of_the_29th_of_february(session: Session, regulation: Regulation, service: Agency) -> None:
    terms = ABOUT | {"kind": "event", "triggers": ["birthday.18"], "amount": 0, "roll": "none", "per": "record"}
    make_rule(session, regulation, "A01", terms | {"evidence": "consent"})
    graduate = make_graduate(session, birth_date=date(2008, 2, 29), agency_id=service.id)
    session.commit()
    assert duty(session, "A01", graduate).due_on == date(2026, 2, 28)


def test_an_event_on_a_day_off(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS | {"amount": 2, "unit": "working"})
    assert duty(session, "A01", _left(session, service, date(2026, 1, 8))).due_on == date(2026, 1, 13)


def test_a_window_across_the_end_of_the_year(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW | {"opens": "12-20", "closes": "01-10"})
    run(session, ON)
    found = duties(session, "A01")
    assert [(one.period, one.opens_on, one.due_on) for one in found[:3]] == [
        ("2024", date(2025, 1, 1), date(2025, 1, 10)),
        ("2025", date(2025, 12, 20), date(2026, 1, 12)),
        ("2026", date(2026, 12, 20), date(2027, 1, 11)),
    ]


def test_a_rule_in_force_from_the_middle_of_its_window(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW, in_force_from=date(2026, 10, 2))
    run(session, ON)
    first = duties(session, "A01")[0]
    assert (first.opens_on, first.due_on) == (date(2026, 10, 2), date(2026, 10, 5))


def test_a_quota_does_not_roll_and_is_soon_from_its_middle(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    terms = {"kind": "quota", "period": "half_year", "at_least": 2, "evidence": "meeting"}
    make_rule(session, regulation, "A01", SERVICE | terms)
    run(session, date(2026, 7, 1))
    half = next(one for one in duties(session, "A01") if one.period == "2027-H2")
    assert half.due_on == date(2027, 12, 31)  # A day off.
    first = next(one for one in duties(session, "A01") if one.period == "2026-H2")
    clerk = viewer_of(service, date(2026, 10, 1))
    assert first.state_on(clerk.on) is State.DUE_SOON
    for number, day in enumerate((date(2026, 8, 1), date(2026, 9, 30), date(2026, 10, 1)), start=1):
        mark(session, deadline=first, happened_on=day, by=clerk, now=at(clerk.on))
        assert first.achieved == number  # More than the minimum is welcome.
    assert first.done_on == date(2026, 9, 30)


# -- Corrections -----------------------------------------------------------------------------------------------------


def test_a_corrected_fact_moves_the_open_duty_and_leaves_a_trace(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    graduate = _left(session, service, date(2026, 9, 1))
    assert dues(duties(session, "A01")) == [date(2026, 9, 11)]
    graduate.left_on = date(2026, 9, 21)
    session.commit()
    moved = duty(session, "A01")
    assert (moved.event_on, moved.due_on) == (date(2026, 9, 21), date(2026, 10, 1))
    trace = session.scalars(select(AuditEvent).where(AuditEvent.subject == "deadline")).all()[-1]
    assert trace.payload["due_on"] == ["2026-09-11", "2026-10-01"]
    assert trace.graduate_id == graduate.id


def test_a_corrected_fact_leaves_a_fulfilled_duty_alone(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    graduate = _left(session, service, date(2026, 9, 1))
    clerk = viewer_of(service, date(2026, 9, 10))
    mark(session, deadline=duty(session, "A01"), happened_on=clerk.on, by=clerk, now=at(clerk.on))
    graduate.left_on = date(2026, 8, 1)
    session.commit()
    assert duty(session, "A01").due_on == date(2026, 9, 11)


def test_a_fact_that_is_gone_asks_for_nothing_and_comes_back(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    graduate = _left(session, service, date(2026, 9, 1))
    graduate.left_on = None
    session.commit()
    gone = duty(session, "A01")
    assert gone.closing is Closing.NOT_APPLICABLE
    assert gone.closed_by_id is None
    graduate.left_on = date(2026, 9, 1)
    session.commit()
    assert duty(session, "A01").closing is None


def test_an_annulled_event_asks_for_nothing(session: Session, regulation: Regulation, service: Agency) -> None:
    terms = {"kind": "event", "triggers": ["request.received"], "amount": 10, "per": "record", "evidence": "reply"}
    make_rule(session, regulation, "A01", {"obliged": {"kind": ["support_service"], "by": "recorder"}} | terms)
    event = happen(session, "request.received", service, None, date(2026, 9, 1))
    assert duty(session, "A01").due_on == date(2026, 9, 11)
    annul(session, occurrence=event, reason="Записано дважды", by=viewer_of(service, ON))
    session.commit()
    assert duty(session, "A01").state_on(ON) is State.NOT_APPLICABLE


def test_the_open_duty_follows_the_responsible_agency(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    other = make_agency(session, "other", AgencyKind.SUPPORT_SERVICE)
    follow(session, other, regulation.code)
    graduate = _left(session, service, date(2026, 9, 1))
    graduate.agency_id = other.id
    session.commit()
    assert duty(session, "A01").agency_id == other.id


def test_who_is_no_student_any_more_is_asked_for_nothing_but_what_was_missed_stays(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", STUDENTS)
    graduate = make_graduate(session, agency_id=service.id)
    graduate.studies.append(Study(status_code="studying", profession="Повар", starts_on=date(2025, 9, 1)))
    session.commit()
    run(session, date(2026, 9, 26))
    assert len(duties(session, "A01", graduate)) == 2
    graduate.studies.append(Study(status_code="expelled", starts_on=date(2026, 10, 20)))
    session.commit()
    run(session, date(2026, 10, 21))
    missed, next_year = duties(session, "A01", graduate)
    assert missed.state_on(date(2026, 10, 21)) is State.OVERDUE
    assert next_year.state_on(date(2026, 10, 21)) is State.NOT_APPLICABLE


def test_a_missed_duty_stays_missed_when_the_crisis_is_over(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS | {"triggers": ["category.crisis"], "amount": 7, "who": "crisis"})
    act_as(session, Actor(at(date(2026, 9, 1))))
    graduate = make_graduate(session, agency_id=service.id)
    graduate.category_decisions.append(CategoryDecision(category_code="crisis", starts_on=date(2026, 9, 1)))
    session.commit()
    act_as(session, Actor(at(date(2026, 9, 20))))
    graduate.category_decisions.append(CategoryDecision(category_code="active", starts_on=date(2026, 9, 20)))
    session.commit()
    assert duty(session, "A01", graduate).state_on(date(2026, 9, 20)) is State.OVERDUE


def test_a_second_run_of_the_day_sees_what_changed_since_the_first(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", STUDENTS)
    graduate = make_graduate(session, agency_id=service.id)
    session.commit()
    assert run(session, ON).added == 0
    graduate.studies.append(Study(status_code="studying", profession="Повар", starts_on=date(2026, 9, 1)))
    session.commit()
    assert run(session, ON).added == 2
    rule = session.scalars(select(DeadlineRule).where(DeadlineRule.code == "A01")).one()
    switch = {"starts_on": date(2025, 1, 1), "reason": "Нет", "created_at": at(ON)}
    session.add(RuleSwitch(rule_key=rule.key, agency_id=service.id, **switch))
    session.commit()
    assert run(session, ON).closed == 2


def test_a_mentor_closes_the_duty_and_reopens_it_when_gone(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS | {"evidence": "mentor"})
    graduate = _left(session, service, date(2026, 9, 1))
    graduate.assignments.append(
        Assignment(kind=AssignmentKind.MENTOR, name="Иван Иванович", starts_on=date(2026, 9, 5))
    )
    session.commit()
    assert duty(session, "A01").done_on == date(2026, 9, 5)
    graduate.assignments.clear()
    session.commit()
    assert duty(session, "A01").done_on is None


# -- Rules and calendar that change ----------------------------------------------------------------------------------


def _new_version(session: Session, rule: DeadlineRule, terms: dict[str, Any]) -> DeadlineRule:
    rule.is_current = False
    session.flush()
    return make_rule(session, rule.regulation, rule.code, terms, version=2)


def test_open_duties_keep_their_version_and_future_ones_are_redrawn(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    rule = make_rule(session, regulation, "A01", SERVICE | WINDOW)
    run(session, ON)
    newer = _new_version(session, rule, SERVICE | WINDOW | {"closes": "10-15"})
    run(session, ON)
    by_year = {one.opens_on.year: one for one in duties(session, "A01")}
    assert (by_year[2026].rule_id, by_year[2026].due_on) == (rule.id, date(2026, 10, 5))
    assert (by_year[2027].rule_id, by_year[2027].due_on) == (newer.id, date(2027, 10, 15))


def test_a_window_that_opens_on_another_day_is_the_same_window(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    rule = make_rule(session, regulation, "A01", SERVICE | WINDOW)
    run(session, ON)
    clerk = viewer_of(service, ON)
    kept = next(one for one in duties(session, "A01") if one.period == "2026")
    mark(session, deadline=kept, happened_on=ON, by=clerk, now=at(ON))
    _new_version(session, rule, SERVICE | WINDOW | {"opens": "09-20"})
    run(session, ON)
    by_year = {one.period: one for one in duties(session, "A01")}
    assert len(by_year) == len(duties(session, "A01")) == 3
    assert by_year["2026"].state_on(ON) is State.DONE
    assert by_year["2025"].state_on(ON) is State.OVERDUE
    assert by_year["2027"].opens_on == date(2027, 9, 20)


def test_a_rule_is_switched_off_for_one_organisation(session: Session, regulation: Regulation, service: Agency) -> None:
    other = make_agency(session, "other", AgencyKind.SUPPORT_SERVICE)
    follow(session, other, regulation.code)
    rule = make_rule(session, regulation, "A01", SERVICE | WINDOW)
    run(session, ON)
    session.add(
        RuleSwitch(rule_key=rule.key, agency_id=other.id, starts_on=date(2027, 1, 1), reason="Нет", created_at=at(ON))
    )
    run(session, ON)
    future = [one for one in duties(session, "A01") if one.due_on.year == 2027]
    assert {one.agency_id: one.state_on(ON) for one in future} == {
        service.id: State.UPCOMING,
        other.id: State.NOT_APPLICABLE,
    }
    assert {one.agency_id for one in duties(session, "A01") if one.due_on.year == 2026 and not one.closing} == {
        service.id,
        other.id,
    }


def test_a_common_rule_gives_way_to_the_regulations_own(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    common = make_regulation(session, "common")
    make_rule(session, common, "C01", TEN_DAYS)
    make_rule(session, common, "C02", TEN_DAYS)
    make_rule(session, regulation, "A01", TEN_DAYS | {"replaces": ["C01"]})
    _left(session, service, date(2026, 9, 1))
    assert {one.rule_key for one in session.scalars(select(Deadline))} == {"test-region/A01", "common/C02"}


def test_a_day_off_that_the_administrator_adds_moves_open_duties(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW)
    run(session, ON)
    session.add(
        CalendarDay(day=date(2026, 10, 5), source=DaySource.ADMINISTRATOR, reason="Указ", basis="нерабочий день")
    )
    session.flush()
    run(session, ON)
    assert next(one.due_on for one in duties(session, "A01") if one.opens_on.year == 2026) == date(2026, 10, 6)


def test_consents_that_end_together_are_asked_for_once_and_a_renewed_one_not_at_all(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    terms = TEN_DAYS | {"triggers": ["consent.ends"], "amount": -30, "roll": "previous", "evidence": "consent"}
    make_rule(session, regulation, "A01", terms)
    graduate = make_graduate(session, agency_id=service.id)
    ends = {"given_on": date(2024, 1, 1), "valid_until": date(2027, 3, 1)}
    graduate.consents = [Consent(purpose_code=purpose, **ends) for purpose in ("support", "transfer")]
    session.commit()
    assert dues(duties(session, "A01", graduate)) == [date(2027, 1, 29)]
    graduate.consents += [
        Consent(purpose_code=purpose, given_on=date(2026, 9, 1)) for purpose in ("support", "transfer")
    ]
    session.commit()
    assert duty(session, "A01", graduate).state_on(ON) is State.NOT_APPLICABLE


# -- To whom ---------------------------------------------------------------------------------------------------------


def test_an_arrival_is_told_to_both_by_the_district_of_the_new_home(session: Session, regulation: Regulation) -> None:
    home, away = make_district(session, "home", "Домашний"), make_district(session, "away", "Дальний")
    opeka = make_agency(session, "opeka", AgencyKind.GUARDIANSHIP, districts=(away,))
    service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE, districts=(home, away))
    social = make_agency(session, "kcson", AgencyKind.SOCIAL_CENTRE, districts=(away,))
    follow(session, opeka, regulation.code)
    terms = {
        "kind": "event",
        "triggers": ["graduate.arrived"],
        "amount": 3,
        "per": "record",
        "evidence": "notice",
        "obliged": {"kind": ["guardianship"], "by": "residence_district"},
        "recipients": [
            {"kind": ["support_service"], "by": "residence_district"},
            {"kind": ["social_centre"], "by": "residence_district"},
            {"text": "паспортный стол"},
        ],
    }
    make_rule(session, regulation, "A01", terms)
    graduate = make_graduate(session, origin_district_id=home.id)
    graduate.addresses.append(Address(text="г. Дом", district_id=home.id, starts_on=date(2025, 1, 1)))
    session.commit()
    graduate.addresses.append(Address(text="г. Даль", district_id=away.id, starts_on=date(2026, 9, 28)))
    session.commit()
    found = sorted(duties(session, "A01", graduate), key=lambda one: one.subject)
    assert [(one.agency_id, one.recipient_id, one.recipient_text) for one in found] == [
        (opeka.id, service.id, ""),
        (opeka.id, social.id, ""),
        (opeka.id, None, "паспортный стол"),
    ]
    assert {one.due_on for one in found} == {date(2026, 10, 1)}


def test_a_stay_followed_by_another_is_no_leaving(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS | {"triggers": ["placement.ended"]})
    graduate = make_graduate(session, agency_id=service.id)
    graduate.placements.append(
        Placement(form_code="foster_family", starts_on=date(2020, 1, 1), ends_on=date(2026, 3, 1))
    )
    graduate.placements.append(Placement(form_code="institution", starts_on=date(2026, 3, 2)))
    session.commit()
    assert duties(session, "A01", graduate) == []


def test_what_is_to_be_done_at_once_is_told_at_once(session: Session, regulation: Regulation, service: Agency) -> None:
    make_user(session, "head", "Глава", Role.HEAD, service)
    make_rule(session, regulation, "A01", TEN_DAYS | {"triggers": ["problem.urgent"], "unit": "instant", "amount": 0})
    act_as(session, Actor(at(ON)))
    graduate = make_graduate(session, agency_id=service.id)
    problem = Problem(description="Выселен", severity=3, found_on=ON, source_code="message")
    graduate.problems.append(problem)
    session.commit()
    assert duty(session, "A01", graduate).due_on == ON
    (told,) = session.scalars(select(Notification))
    assert told.kind is NoticeKind.URGENT
    assert "Ёлкина" not in told.text


# -- The same in SQL and in Python ------------------------------------------------------------------------------------


def test_states_are_the_same_in_sql_and_in_python(session: Session, regulation: Regulation, service: Agency) -> None:
    make_rule(session, regulation, "A01", SERVICE | WINDOW)
    make_rule(session, regulation, "A02", SERVICE | {"kind": "period", "period": "month", "evidence": "report"})
    run(session, date(2026, 9, 1))
    clerk = viewer_of(service, date(2026, 10, 7))
    done, late, waived, paused, *_ = duties(session, "A02")
    mark(session, deadline=done, happened_on=done.opens_on, by=clerk, now=at(clerk.on))
    mark(session, deadline=late, happened_on=date(2026, 10, 6), by=clerk, now=at(clerk.on))
    waived.closing, waived.closing_reason = Closing.WAIVED, "Причина"
    paused.paused_on, paused.pause_reason = date(2025, 6, 1), "Ждём"
    session.flush()
    seen = set()
    for ordinal in range(date(2024, 12, 25).toordinal(), date(2027, 11, 1).toordinal(), 3):
        day = date.fromordinal(ordinal)
        for deadline, state in session.execute(select(Deadline, state_on(day))):
            assert deadline.state_on(day) == state
            seen.add(State(state))
    assert seen == set(State) - {State.NOT_APPLICABLE}
