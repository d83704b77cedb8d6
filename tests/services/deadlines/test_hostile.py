"""What a hostile reader of the clock would try: duties that vanish, move to the wrong one, or count twice."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.context import Actor, act_as
from models.deadlines import Closing, Deadline, State
from models.regulations import AgencyRegulation, DeadlineRule, Regulation
from models.support import Assignment, AssignmentKind, Section, SectionCheck
from models.territory import Agency, AgencyKind
from models.users import Role
from services.deadlines.verbs import close, mark, reopen
from services.errors import Refused
from services.production_calendar import load_years
from tests.clock import at, dues, duties, duty, follow, make_regulation, make_rule, run, viewer_of
from tests.factories import make_agency, make_district, make_graduate, make_user

ON = date(2026, 10, 1)
SERVICE: dict[str, Any] = {"obliged": {"kind": ["support_service"]}, "per": "agency"}
ABOUT: dict[str, Any] = {"obliged": {"kind": ["support_service"], "by": "responsible"}}
WINDOW = {"kind": "window", "opens": "09-25", "closes": "10-05", "evidence": "submission"}
MONTHLY = {"kind": "period", "period": "month", "evidence": "report"}
TEN_DAYS = ABOUT | {"kind": "event", "triggers": ["graduate.left"], "amount": 10, "per": "record", "evidence": "notice"}


@pytest.fixture
def regulation(session: Session) -> Regulation:
    load_years(session)
    return make_regulation(session)


@pytest.fixture
def service(session: Session, regulation: Regulation) -> Agency:
    agency = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
    follow(session, agency, regulation.code)
    return agency


def _newer(session: Session, rule: DeadlineRule, terms: dict[str, Any], since: date) -> DeadlineRule:
    """As the editor stores a change: a version that says from which day on it holds."""
    rule.is_current = False
    session.flush()
    return make_rule(session, rule.regulation, rule.code, terms, version=rule.version + 1, in_force_from=since)


# -- Rules that change -----------------------------------------------------------------------------------------------


def test_what_happened_before_a_new_version_keeps_its_duty(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    rule = make_rule(session, regulation, "A01", TEN_DAYS)
    before = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 25))
    session.commit()
    _newer(session, rule, TEN_DAYS | {"amount": 5}, ON)
    assert run(session, ON).closed == 0
    late = make_graduate(session, "Сизов Пётр", agency_id=service.id, left_on=date(2026, 9, 28))
    after = make_graduate(session, "Орлов Пётр", agency_id=service.id, left_on=ON)
    session.commit()
    assert (duty(session, "A01", before).closing, duty(session, "A01", before).due_on) == (None, date(2026, 10, 5))
    assert duty(session, "A01", late).due_on == date(2026, 10, 8)
    assert duty(session, "A01", after).due_on == date(2026, 10, 6)


def test_until_a_new_version_begins_the_old_one_goes_on(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    rule = make_rule(session, regulation, "A01", SERVICE | MONTHLY)
    run(session, ON)
    newer = _newer(session, rule, SERVICE | MONTHLY | {"offset": 5}, date(2027, 1, 1))
    assert run(session, ON).closed == 0
    found = {one.period: one for one in duties(session, "A01")}
    assert [found[period].rule_id for period in ("2026-10", "2026-11", "2026-12")] == [rule.id] * 3
    assert (found["2027-01"].rule_id, found["2027-01"].due_on) == (newer.id, date(2027, 2, 5))
    run(session, date(2026, 11, 2))
    assert found["2026-12"].closing is None


def test_a_new_version_does_not_put_off_what_was_not_checked_for_long(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    terms = TEN_DAYS | {"triggers": ["section.checked"], "amount": 6, "unit": "month"}
    rule = make_rule(session, regulation, "A01", terms)
    graduate = make_graduate(session, agency_id=service.id)
    graduate.section_checks.append(SectionCheck(section=Section.EDUCATION, checked_on=date(2026, 5, 12)))
    session.commit()
    assert dues(duties(session, "A01")) == [date(2026, 11, 12)]
    _newer(session, rule, terms | {"soon": 3}, ON)
    run(session, ON)
    assert dues(duties(session, "A01")) == [date(2026, 11, 12)]


# -- Organisations that begin and stop to follow ----------------------------------------------------------------------


def _common(session: Session, regulation: Regulation, service: Agency, **days: date) -> Regulation:
    """A common rule of every month, and a second regulation with a rule of its own instead."""
    common = make_regulation(session, "common")
    make_rule(session, common, "C01", SERVICE | MONTHLY)
    other = make_regulation(session, "other-region")
    make_rule(session, other, "B01", SERVICE | MONTHLY | {"replaces": ["C01"]})
    session.add(AgencyRegulation(agency_id=service.id, regulation_id=other.id, **days))
    session.flush()
    return other


def test_a_common_rule_holds_again_once_its_replacement_is_not_followed(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    _common(session, regulation, service, starts_on=date(2025, 1, 1), ends_on=date(2026, 10, 31))
    run(session, ON)
    assert duties(session, "common/C01")[0].period == "2026-11"
    assert duties(session, "other-region/B01")[-1].period == "2026-10"


def test_a_common_rule_holds_until_its_replacement_begins(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    _common(session, regulation, service, starts_on=date(2027, 1, 1))
    run(session, ON)
    assert duties(session, "common/C01")[-1].period == "2026-12"
    assert duties(session, "other-region/B01")[0].period == "2027-01"


def test_who_follows_nothing_any_more_is_bound_by_nothing(session: Session, service: Agency) -> None:
    make_rule(session, make_regulation(session, "common"), "C01", SERVICE | MONTHLY)
    session.scalars(select(AgencyRegulation)).one().ends_on = date(2026, 12, 31)
    session.flush()
    run(session, ON)
    assert duties(session, "C01")[-1].period == "2026-12"


# -- People who move, are removed and come back -----------------------------------------------------------------------


def test_who_missed_a_period_stays_the_one_who_missed_it(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", ABOUT | WINDOW | {"per": "graduate"})
    other = make_agency(session, "other", AgencyKind.SUPPORT_SERVICE)
    follow(session, other, regulation.code)
    graduate = make_graduate(session, agency_id=service.id)
    session.commit()
    run(session, ON)
    graduate.agency_id = other.id
    session.commit()
    run(session, date(2026, 10, 20))
    missed, coming = duties(session, "A01", graduate)
    assert (missed.agency_id, coming.agency_id) == (service.id, other.id)
    assert missed.state_on(date(2026, 10, 20)) is State.OVERDUE


def test_a_removed_card_is_owed_nothing_and_a_restored_one_is_again(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", ABOUT | WINDOW | {"per": "graduate"})
    make_rule(session, regulation, "A02", TEN_DAYS)
    graduate = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 28))
    session.commit()
    run(session, ON)
    later = date(2026, 10, 20)
    act_as(session, Actor(at(later)))
    graduate.deleted_at = at(later)
    session.commit()
    run(session, later)
    assert {one.closing for one in session.scalars(select(Deadline))} == {Closing.NOT_APPLICABLE}
    graduate.deleted_at = None
    session.commit()
    run(session, later)
    assert {one.closing for one in session.scalars(select(Deadline))} == {None}
    assert duties(session, "A01", graduate)[0].state_on(later) is State.OVERDUE


def test_the_same_duty_of_two_organisations_stops_no_run(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    """As two runs make it that saw the person at different organisations."""
    rule = make_rule(session, regulation, "A01", TEN_DAYS)
    other = make_agency(session, "other", AgencyKind.SUPPORT_SERVICE)
    follow(session, other, regulation.code)
    graduate = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 28))
    session.commit()
    first = duty(session, "A01", graduate)
    columns = {name: getattr(first, name) for name in ("opens_on", "nominal_on", "due_on", "control_on", "soon_on")}
    twin = Deadline(rule=rule, rule_key=rule.key, agency_id=other.id, graduate_id=graduate.id, **columns)
    twin.subject, twin.event_on, twin.created_at = first.subject, first.event_on, at(ON)
    session.add(twin)
    session.commit()
    run(session, ON)
    assert [one.agency_id for one in duties(session, "A01", graduate) if one.closing is None] == [service.id]


def test_a_recipient_that_is_no_organisation_is_named_in_words(session: Session, regulation: Regulation) -> None:
    home, away = make_district(session, "home", "Домашний"), make_district(session, "away", "Дальний")
    service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
    follow(session, service, regulation.code)
    make_agency(session, "opeka", AgencyKind.GUARDIANSHIP, districts=(home,))
    recipients = [{"kind": ["guardianship"], "by": "origin_district"}]
    make_rule(session, regulation, "A01", TEN_DAYS | {"recipients": recipients})
    graduate = make_graduate(session, agency_id=service.id, origin_district_id=home.id, left_on=date(2026, 9, 28))
    session.commit()
    assert duty(session, "A01").recipient_id is not None
    graduate.origin_district_id = away.id
    session.commit()
    assert (duty(session, "A01").recipient_id, duty(session, "A01").recipient_text != "") == (None, True)


# -- Evidence --------------------------------------------------------------------------------------------------------


def test_a_mentor_found_late_fulfils_late_and_does_not_undo_the_duty(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS | {"evidence": "mentor", "condition": "mentor_missing"})
    graduate = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 1))
    session.commit()
    graduate.assignments.append(Assignment(kind=AssignmentKind.MENTOR, name="Иван", starts_on=date(2026, 9, 20)))
    act_as(session, Actor(at(ON)))
    session.commit()
    assert duty(session, "A01", graduate).state_on(ON) is State.DONE_LATE
    run(session, ON)
    assert duty(session, "A01", graduate).state_on(ON) is State.DONE_LATE


def test_what_was_done_before_a_period_does_not_count_in_it(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    quota = {"kind": "quota", "period": "half_year", "at_least": 1, "evidence": "meeting"}
    make_rule(session, regulation, "A01", SERVICE | quota)
    run(session, ON)
    clerk = viewer_of(service, ON)
    second = next(one for one in duties(session, "A01") if one.period == "2026-H2")
    with pytest.raises(Refused, match="до начала периода"):
        mark(session, deadline=second, happened_on=date(2026, 6, 30), by=clerk, now=at(ON))


# -- Closing and opening again ----------------------------------------------------------------------------------------


def test_what_the_head_took_off_stays_off_however_the_reason_begins(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    graduate = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 28))
    session.commit()
    user = make_user(session, "head", "Глава", Role.HEAD, service)
    head = viewer_of(service, ON, role=Role.HEAD)
    object.__setattr__(head, "user_id", user.id)
    for reason in ("Основание отпало: выпускник выехал", "Исполнено иначе: по телефону"):
        off = duty(session, "A01", graduate)
        close(session, deadline=off, closing=Closing.WAIVED, reason=reason, by=head)
        session.commit()
        run(session, ON)
        assert duty(session, "A01", graduate).closing is Closing.WAIVED
        reopen(session, deadline=duty(session, "A01", graduate), by=head)


def test_what_the_system_closed_nobody_reopens_by_hand(
    session: Session, regulation: Regulation, service: Agency
) -> None:
    make_rule(session, regulation, "A01", TEN_DAYS)
    graduate = make_graduate(session, agency_id=service.id, left_on=date(2026, 9, 28))
    session.commit()
    graduate.left_on = None
    session.commit()
    with pytest.raises(Refused, match="снят системой"):
        reopen(session, deadline=duty(session, "A01", graduate), by=viewer_of(service, ON, role=Role.HEAD))
