"""Which letters open duties and which close them: recipients, revocation, quotas, answers, pauses."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.assessments import ReadinessAssessment
from models.circumstances import Address, Study
from models.deadlines import Closing, Deadline, State
from models.graduates import Graduate
from models.people import Dependant
from models.rule_terms import Trigger
from models.support import CategoryDecision, Problem
from models.territory import AgencyKind
from models.users import Role
from services.deadlines.explaining import explain
from services.deadlines.fact import Fact
from services.deadlines.facts import about_agencies, shared_days
from services.deadlines.occurrences import annul as annul_event
from services.production_calendar import load_calendar
from tests.clock import at, dues, duties, duty, follow, happen, make_regulation, make_rule, run
from tests.exchange_factories import make_referral
from tests.factories import make_agency, make_district, make_user
from tests.services.deadlines.correspondence import answered, by, did, sent
from tests.services.deadlines.region import KIZIL, SYZRAN, VOLOGDA, Region, changed, kept, person, today

BORN = date(2006, 8, 14)
FRIDAY = date(2026, 3, 6)  # Before the days off of 7–9 March.


@pytest.fixture
def session(session: scoped_session[Session]) -> Session:
    return session()


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


def _need(session: Session, graduate: Graduate, severity: int | None = None) -> Problem:
    found = Problem(graduate=graduate, description="Выселен", found_on=FRIDAY, source_code="own_work")
    found.severity = severity
    return kept(session, found, FRIDAY)


def _morozov(session: Session, region: Region) -> Graduate:
    region.follow(session, VOLOGDA)
    today(session, date(2026, 1, 12))
    return person(session, region, "Морозов Артём Сергеевич", BORN, region.service)


# -- Letters that fulfil ---------------------------------------------------------------------------------------------


def test_a_notice_of_a_need_is_due_after_the_days_off_and_is_fulfilled_by_its_letter(
    session: Session, region: Region
) -> None:
    graduate = _morozov(session, region)
    problem = _need(session, graduate)
    owed = duty(session, "T18", graduate)
    assert (owed.due_on, owed.recipient_id) == (date(2026, 3, 10), region.social.id)
    about = f"problem:{problem.id}"
    letter = sent(
        session, "vologda-2022/need-notice", region.service, region.social, graduate, on=FRIDAY, subject=about
    )
    assert (owed.done_on, owed.state_on(FRIDAY)) == (FRIDAY, State.DONE)
    (evidence,) = owed.evidence
    assert (evidence.reference, evidence.number) == (f"referral:{letter.id}", "1/2026")


def test_without_a_letter_the_notice_is_overdue_on_the_next_day(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    _need(session, graduate)
    owed = duty(session, "T18", graduate)
    assert owed.state_on(date(2026, 3, 10)) is State.DUE_SOON
    assert owed.state_on(date(2026, 3, 11)) is State.OVERDUE


def test_an_urgent_notice_is_due_on_the_same_day(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    _need(session, graduate, severity=3)
    owed = duty(session, "T20", graduate)
    assert owed.due_on == FRIDAY
    sent(session, "vologda-2022/need-notice", region.service, region.social, graduate, on=FRIDAY)
    assert owed.done_on is None  # Not the urgent one.
    sent(session, "vologda-2022/urgent-need-notice", region.service, region.social, graduate, on=FRIDAY)
    assert owed.done_on == FRIDAY


def test_a_letter_about_another_need_fulfils_nothing(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    first, second = _need(session, graduate), _need(session, graduate)
    about = f"problem:{second.id}"
    sent(session, "vologda-2022/need-notice", region.service, region.social, graduate, on=FRIDAY, subject=about)
    done = {one.subject: one.done_on for one in duties(session, "T18", graduate)}
    assert done == {f"problem:{first.id}": None, about: FRIDAY}


def test_a_letter_to_another_recipient_does_not_fulfil(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    _need(session, graduate)
    other = make_agency(session, "other-kcson", region.social.kind)
    sent(session, "vologda-2022/need-notice", region.service, other, graduate, on=FRIDAY)
    assert duty(session, "T18", graduate).done_on is None


def test_two_recipients_make_two_clocks(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    away = make_district(session, "far", "Дальний")
    kept(session, Address(graduate=graduate, text="Дальнее", starts_on=date(2024, 1, 1), district_id=away.id), FRIDAY)
    here = Address(graduate=graduate, text="Новая, 2", starts_on=FRIDAY, district_id=region.district.id)
    kept(session, here, FRIDAY)
    owed = {one.recipient_id: one for one in duties(session, "T44", graduate)}
    assert owed.keys() == {region.service.id, region.social.id}
    about = f"address:{here.id}"
    for recipient, day in ((region.social, FRIDAY), (region.service, date(2026, 3, 11))):
        sent(session, "vologda-2022/arrival", region.opeka, recipient, graduate, on=day, subject=about)
        assert owed[recipient.id].done_on == day
    assert owed[region.service.id].state_on(date(2026, 3, 12)) is State.DONE_LATE
    assert owed[region.social.id].state_on(date(2026, 3, 12)) is State.DONE


def test_a_revoked_letter_opens_the_duty_again(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=FRIDAY), FRIDAY)
    letter = sent(session, "vologda-2022/crisis", region.service, region.social, graduate, on=FRIDAY)
    owed = duty(session, "T19", graduate)
    assert owed.done_on == FRIDAY
    did(session, letter, "revoke", date(2026, 3, 7), reason="ошибка")
    assert owed.done_on is None
    assert not owed.evidence


def test_a_declined_letter_was_sent_all_the_same(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=FRIDAY), FRIDAY)
    letter = sent(session, "vologda-2022/crisis", region.service, region.social, graduate, on=FRIDAY)
    did(session, letter, "decline", date(2026, 3, 10), reason="не наш район")
    assert duty(session, "T19", graduate).done_on == FRIDAY


def test_a_letter_about_several_people_counts_for_each_of_them(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    today(session, date(2026, 1, 12))
    people = []
    for name in ("Первый Иван Ильич", "Второй Иван Ильич", "Третий Иван Ильич"):
        one = person(session, region, name, BORN)
        one.graduating_agency_id = region.centre.id
        studies = Study(status_code="studying", starts_on=date(2025, 9, 1), agency_id=region.college.id)
        one.studies.append(studies)
        people.append(one)
    session.commit()
    run(session, date(2026, 1, 12))

    def done() -> list[tuple[int, date | None]]:
        owed = [one for one in duties(session, "T26") if one.period == "2026"]
        assert len(owed) == 3
        return [(one.achieved, one.done_on) for one in sorted(owed, key=lambda one: one.graduate_id or 0)]

    key = "vologda-2022/study-progress-request"
    first = sent(session, key, region.centre, region.college, *people[:2], on=date(2026, 5, 12))
    assert done() == [(1, None), (1, None), (0, None)]
    sent(session, key, region.centre, region.college, *people, on=date(2026, 12, 1))
    second = date(2026, 12, 1)
    assert done() == [(2, second), (2, second), (1, None)]
    did(session, first, "revoke", second, reason="ошибка")
    assert done() == [(1, None)] * 3


def test_the_october_request_is_due_after_the_window_and_each_district_gets_its_own(
    session: Session, region: Region
) -> None:
    region.follow(session, VOLOGDA)
    second = make_district(session, "hill", "Нагорный")
    make_agency(session, "opeka-2", region.opeka.kind, districts=(second,))
    served = region.service.served[0]
    region.service.served.append(type(served)(district=second, starts_on=date(2022, 1, 1)))
    session.commit()
    run(session, date(2026, 9, 1))
    owed = {one.recipient_id: one for one in duties(session, "T03") if one.period == "2026"}
    assert {one.due_on for one in owed.values()} == {date(2026, 11, 2)}
    assert len(owed) == 2
    letter = sent(session, "vologda-2022/district-request", region.service, region.opeka, on=date(2026, 10, 30))
    assert [one.done_on for one in owed.values()].count(None) == 1
    assert owed[region.opeka.id].done_on == date(2026, 10, 30)
    control = duty(session, "T03a")
    assert (control.due_on, control.subject) == (date(2026, 11, 30), f"referral:{letter.id}")


def test_a_letter_of_the_next_window_does_not_make_up_for_the_last(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    run(session, date(2026, 9, 1))
    sent(session, "vologda-2022/district-request", region.service, region.opeka, on=date(2026, 10, 5))
    done = {one.period: one.done_on for one in duties(session, "T03")}
    assert (done["2025"], done["2026"]) == (None, date(2026, 10, 5))


def test_a_request_that_names_one_person_is_a_request_all_the_same(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    run(session, date(2026, 9, 1))
    sent(session, "vologda-2022/district-request", region.service, region.opeka, graduate, on=date(2026, 10, 5))
    (owed,) = (one for one in duties(session, "T03") if one.period == "2026")
    assert owed.done_on == date(2026, 10, 5)
    assert duty(session, "T03a").graduate_id == graduate.id


def test_the_result_of_an_assessment_may_be_sent_as_a_letter_or_noted_on_it(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    today(session, FRIDAY)
    graduate = person(session, region, "Сизов Пётр Ильич", date(2008, 8, 14), region.centre)
    session.commit()
    made = []
    for day in (FRIDAY, date(2026, 4, 6)):
        assessment = ReadinessAssessment(graduate=graduate, agency=region.centre, assessed_on=day, created_at=at(day))
        made.append(kept(session, assessment, day))
    assert len(duties(session, "T50d", graduate)) == 2
    changed(session, made[0], date(2026, 3, 10), sent_on=date(2026, 3, 10), sent_to="Надежда")
    about = f"readiness:{made[1].id}"
    key = "syzran-2022/readiness-assessment"
    sent(session, key, region.centre, region.operator, graduate, on=date(2026, 4, 7), subject=about)
    assert [one.done_on for one in duties(session, "T50d", graduate)] == [date(2026, 3, 10), date(2026, 4, 7)]


# -- Letters that ask ------------------------------------------------------------------------------------------------


def test_a_leave_with_a_child_is_told_and_the_answer_awaited(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    today(session, date(2026, 2, 20))
    graduate = person(session, region, "Белова Кристина Олеговна", date(2006, 6, 30), region.college)
    graduate.dependants.append(Dependant(name="Белова Анна", birth_date=date(2026, 1, 12)))
    ordered = date(2026, 2, 27)
    leave = Study(graduate=graduate, status_code="leave", starts_on=date(2026, 3, 2), agency_id=region.college.id)
    leave.order, leave.leave_code, leave.leave_ends_on = "№ 45 от 27.02.2026", "academic", date(2027, 3, 1)
    kept(session, leave, ordered)
    owed = duty(session, "T51d", graduate)
    told_on = date(2026, 3, 4)
    assert (owed.due_on, owed.recipient_id) == (told_on, region.social.id)
    about = f"study:{leave.id}"
    key = "syzran-2022/young-parent"
    letter = sent(session, key, region.college, region.social, graduate, on=told_on, subject=about)
    assert owed.done_on == told_on
    waiting = duty(session, "N01", graduate)
    assert (waiting.agency_id, waiting.due_on) == (region.college.id, date(2026, 4, 3))
    assert not duties(session, "C19")  # Nobody has received it yet.
    did(session, letter, "accept", date(2026, 3, 5))
    answer = duty(session, "C19", graduate)
    assert (answer.agency_id, answer.recipient_id) == (region.social.id, region.college.id)
    assert (answer.due_on, answer.event_on) == (date(2026, 4, 3), date(2026, 3, 5))
    answered(session, letter, date(2026, 3, 26))
    assert waiting.done_on == answer.done_on == date(2026, 3, 26)
    did(session, letter, "reopen", date(2026, 3, 27), reason="нет ответа о пособиях")
    assert waiting.done_on is answer.done_on is None


def test_a_request_with_a_rule_of_its_own_stands_once(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    today(session, FRIDAY)
    graduate = person(session, region, "Сизов Пётр Ильич", BORN, region.service)
    key = "syzran-2022/information-request"
    letter = sent(session, key, region.service, region.opeka, graduate, on=FRIDAY, answer_due_on=date(2026, 3, 25))
    did(session, letter, "receive", date(2026, 3, 10))
    owed = duty(session, "T42a", graduate)
    assert (owed.due_on, owed.recipient_id) == (date(2026, 3, 25), region.service.id)  # The day that it names itself.
    assert not duties(session, "C19")
    steps = explain(session, deadline=owed, calendar=load_calendar(session))
    assert steps[0] == "Последний день назван в письме: 25.03.2026"
    answered(session, letter, date(2026, 3, 11))
    assert owed.done_on == date(2026, 3, 11)


def test_an_event_recorded_by_hand_still_asks_in_the_days_of_the_rule(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    session.commit()
    happen(session, "request.received", region.opeka, None, FRIDAY)
    assert duty(session, "T42a").due_on == date(2026, 3, 16)
    assert not duties(session, "C19")


def test_an_event_by_hand_stands_for_one_letter_of_its_day(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    session.commit()
    noted = happen(session, "referral.sent", region.service, None, date(2026, 10, 5))
    key = "vologda-2022/district-request"
    first = sent(session, key, region.service, region.opeka, on=date(2026, 10, 5))
    second = sent(session, key, region.service, region.opeka, on=date(2026, 10, 5))
    asked = {one.subject for one in duties(session, "T03a") if one.closing is None}
    assert asked == {f"occurrence:{noted.id}", f"referral:{second.id}"}
    run(session, date(2026, 10, 6))
    asked = {one.subject for one in duties(session, "T03a") if one.closing is None}
    assert asked == {f"occurrence:{noted.id}", f"referral:{second.id}"}
    today(session, date(2026, 10, 7))
    annul_event(session, occurrence=noted, reason="двойная запись", by=by(region.service, date(2026, 10, 7)))
    session.commit()
    asked = {one.subject for one in duties(session, "T03a") if one.closing is None}
    assert asked == {f"referral:{first.id}", f"referral:{second.id}"}


def test_letters_of_other_days_are_not_read(session: Session, region: Region) -> None:
    region.follow(session, VOLOGDA)
    session.commit()
    key, days = "vologda-2022/district-request", (date(2026, 10, 5), date(2026, 10, 6))
    letters = [sent(session, key, region.service, region.opeka, on=on) for on in (date(2026, 9, 30), *days)]
    found = about_agencies(session, Trigger.REFERRAL_SENT, days=days)
    assert [fact.source for fact in found] == [f"referral:{one.id}" for one in letters[1:]]
    by_hand = [Fact("occurrence:1", day, agency_id=region.service.id) for day in (date(2026, 9, 1), days[1])]
    read = list(about_agencies(session, Trigger.REFERRAL_SENT))
    assert shared_days(read, by_hand) == (days[1], days[1])
    assert shared_days(read, by_hand[:1]) is None


def test_letters_that_nobody_has_to_answer_ask_for_nothing(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    letter = sent(session, "vologda-2022/arrival", region.opeka, region.social, graduate, on=FRIDAY)
    did(session, letter, "accept", FRIDAY)
    assert not duties(session, "C19")


def test_a_letter_given_back_asks_again_once_it_is_received_again(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    make_user(session, "nina", "Нина Смирнова", Role.CLERK, region.social)  # Paper is not given back.
    letter = sent(session, "vologda-2022/crisis", region.service, region.social, graduate, on=FRIDAY)
    did(session, letter, "receive", date(2026, 3, 10))
    owed = duty(session, "C19", graduate)
    did(session, letter, "give_back", date(2026, 3, 10), reason="нет адреса")
    assert owed.closing is Closing.NOT_APPLICABLE
    did(session, letter, "send", date(2026, 3, 11))
    assert owed.closing is Closing.NOT_APPLICABLE
    did(session, letter, "receive", date(2026, 3, 12))
    assert (owed.closing, owed.event_on) == (None, date(2026, 3, 12))


def test_declining_is_an_answer_and_passing_on_ends_the_waiting(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    other = make_agency(session, "other-kcson", region.social.kind, districts=(region.district,))
    follow(session, other, VOLOGDA)
    key = "vologda-2022/crisis"
    declined = sent(session, key, region.service, region.social, graduate, on=FRIDAY)
    did(session, declined, "receive", FRIDAY)
    did(session, declined, "decline", date(2026, 3, 10), reason="не наш район")
    owed = duty(session, "C19", graduate)
    assert owed.done_on == date(2026, 3, 10)
    passed = sent(session, key, region.service, region.social, graduate, on=date(2026, 3, 11))
    did(session, passed, "receive", date(2026, 3, 11))
    copy = did(session, passed, "forward", date(2026, 3, 12), recipient_id=other.id, reason="живёт у них")
    did(session, copy, "receive", date(2026, 3, 13))
    asked = {(one.agency_id, one.subject) for one in duties(session, "C19") if not one.is_settled}
    assert asked == {(other.id, f"referral:{copy.id}")}


def test_a_message_about_somebody_in_need_starts_the_survey(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    hospital = make_agency(session, "hospital", AgencyKind.HEALTHCARE)
    follow(session, hospital, VOLOGDA)
    letter = sent(session, "vologda-2022/need-message", hospital, region.social, graduate, on=FRIDAY)
    assert not duties(session, "T54")
    did(session, letter, "receive", date(2026, 3, 10))
    owed = duty(session, "T54", graduate)
    assert (owed.agency_id, owed.due_on) == (region.social.id, date(2026, 3, 13))


def test_the_answer_to_a_petition_is_awaited(session: Session, region: Region) -> None:
    region.follow(session, KIZIL)
    today(session, FRIDAY)
    graduate = person(session, region, "Сизов Пётр Ильич", BORN, region.service)
    letter = sent(session, "kizil-programme/petition", region.service, region.college, graduate, on=FRIDAY)
    owed = duty(session, "K04", graduate)
    did(session, letter, "receive", date(2026, 3, 10))
    answered(session, letter, date(2026, 3, 20))
    assert owed.done_on == date(2026, 3, 20)


# -- Pauses ----------------------------------------------------------------------------------------------------------


def test_a_paused_letter_pauses_the_answer_and_not_its_date(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    letter = sent(session, "vologda-2022/crisis", region.service, region.social, graduate, on=FRIDAY)
    did(session, letter, "receive", FRIDAY)
    owed = duty(session, "C19", graduate)
    before = owed.due_on
    did(session, letter, "pause", date(2026, 3, 10), reason="где он живёт?")
    assert (owed.state_on(date(2026, 3, 10)), owed.due_on) == (State.PAUSED, before)
    assert owed.pause_reason == "Ждём уточнения по письму: где он живёт?"
    did(session, letter, "resume", date(2026, 3, 11))
    assert (owed.paused_on, owed.pause_reason, owed.due_on) == (None, "", before)


# -- The engine ------------------------------------------------------------------------------------------------------


def test_the_daily_run_finds_nothing_to_do_after_letters(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    run(session, date(2026, 10, 1))
    letters = [
        sent(session, "vologda-2022/district-request", region.service, region.opeka, on=date(2026, 10, 5)),
        sent(session, "vologda-2022/crisis", region.service, region.social, graduate, on=date(2026, 10, 5)),
    ]
    for letter in letters:
        did(session, letter, "receive", date(2026, 10, 6))
    answered(session, letters[0], date(2026, 10, 7))
    before = _seen(session)
    made = run(session, date(2026, 10, 7))
    assert (made.added, made.moved, made.closed, made.reopened, made.done) == (0, 0, 0, 0, 0)
    assert _seen(session) == before


def test_the_daily_run_finds_letters_that_came_unnoticed(session: Session, region: Region) -> None:
    graduate = _morozov(session, region)
    run(session, FRIDAY)
    kept(session, CategoryDecision(graduate=graduate, category_code="crisis", starts_on=FRIDAY), FRIDAY)
    run(session, FRIDAY)
    terms = {"regulation": "vologda-2022", "regulation_title": "", "code": "crisis", "title": "Направление"}
    letter = make_referral(
        session, region.service, region.social, graduate, sent_on=FRIDAY, terms={**terms, "about": "person"}
    )
    session.info.clear()  # As if another program had written it.
    session.commit()
    assert duty(session, "T19", graduate).done_on is None
    run(session, FRIDAY)
    assert duty(session, "T19", graduate).done_on == letter.sent_on


def test_a_rule_that_names_no_kind_hears_the_letters_that_no_other_names(session: Session, region: Region) -> None:
    regulation = make_regulation(session)
    waits = {"kind": "event", "triggers": ["referral.sent"], "amount": 5, "per": "record", "evidence": "reply"}
    waits["obliged"] = {"kind": "support_service", "by": "recorder"}
    make_rule(session, regulation, "E01", waits)
    make_rule(session, regulation, "E02", waits | {"trigger_of": ["common/request"], "amount": 9})
    follow(session, region.service, "test-region")
    sent(session, "common/request", region.service, region.college, on=FRIDAY)
    assert dues(duties(session, "E02")) == [date(2026, 3, 16)]
    assert not duties(session, "E01")
    sent(session, "common/invitation", region.service, region.college, on=FRIDAY)
    assert len(duties(session, "E01")) == 1
    assert len(duties(session, "E02")) == 1


def _seen(session: Session) -> list[tuple[object, ...]]:
    d = Deadline
    return sorted(tuple(row) for row in session.query(d.id, d.due_on, d.achieved, d.agency_id, d.subject).all())
