"""Which record opens a duty of support and which closes it; what was corrected, entered late, or is of another case."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.assessments import Examination, MonitoringCard, ReadinessAssessment
from models.circumstances import Placement, Study
from models.deadlines import Closing, State
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus
from models.support import Assignment, AssignmentKind, CategoryDecision, Consent, Problem
from models.territory import Agency
from models.work import ConsultationKind, SessionKind, UrgentAct
from services.deadlines.occurrences import annul as annul_event
from services.deadlines.verbs import mark
from tests.clock import at, duties, duty, happen, run, viewer_of
from tests.journals_factories import (
    AT,
    make_appeal,
    make_application,
    make_consultation,
    make_contract,
    make_episode,
    make_plan,
    make_service,
    make_session,
    make_survey,
    make_visit,
    numbered,
)
from tests.services.deadlines.region import (
    AISTENOK,
    KIZIL,
    KRASNOYARSK,
    SYZRAN,
    VOLOGDA,
    Region,
    annulled,
    changed,
    kept,
    person,
    today,
)

BORN = date(2007, 8, 14)
DAY = timedelta(days=1)
Make = Callable[..., Any]


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


def _person(session: Session, region: Region, code: str, born: date = BORN, agency: Agency | None = None) -> Graduate:
    region.follow(session, code)
    today(session, date(2025, 6, 1))
    return person(session, region, "Сизов Пётр Ильич", born, agency or region.service)


def _in_family(session: Session, region: Region) -> Graduate:
    """Foster care ends on 14.08.2026, his 18th birthday."""
    graduate = _person(session, region, SYZRAN, date(2008, 8, 14))
    graduate.placements.append(Placement(form_code="foster_family", starts_on=date(2015, 4, 23), place="Лебедевы"))
    session.commit()
    return graduate


def _in_centre(session: Session, region: Region, code: str = SYZRAN) -> Graduate:
    graduate = _person(session, region, code, date(2008, 8, 14), region.centre)
    stay = Placement(form_code="institution", starts_on=date(2015, 4, 23), agency_id=region.centre.id)
    graduate.placements.append(stay)
    session.commit()
    return graduate


def _made(session: Session, make: Make, agency: Agency, graduate: Graduate, on: date, **fields: Any) -> Any:
    today(session, on)
    made = make(session, agency, graduate, on, **fields)
    session.commit()
    return made


def _decide(session: Session, graduate: Graduate, code: str, on: date) -> None:
    today(session, on)
    graduate.category_decisions.append(CategoryDecision(category_code=code, starts_on=on))
    session.commit()


# -- T25: the months after leaving -------------------------------------------------------------------------------------


def test_a_contact_three_months_after_leaving_counts_an_earlier_one_does_not(session: Session, region: Region) -> None:
    graduate = _person(session, region, KIZIL)
    changed(session, graduate, date(2026, 1, 12), left_on=date(2026, 1, 12))
    soft = duty(session, "T25", graduate)
    assert (soft.opens_on, soft.nominal_on) == (date(2026, 4, 12), date(2026, 5, 12))
    _made(session, make_consultation, region.service, graduate, date(2026, 2, 1))
    closed = _made(session, make_visit, region.service, graduate, date(2026, 4, 20), is_opened=False)
    assert soft.done_on is None
    changed(session, closed, date(2026, 4, 21), is_opened=True)
    assert soft.done_on == date(2026, 4, 20)
    annulled(session, closed, date(2026, 4, 22))
    assert soft.done_on is None
    _made(session, make_appeal, region.service, graduate, date(2026, 5, 12))
    assert soft.state_on(date(2026, 5, 12)) is State.DONE


# -- T45, T46, T50: before leaving a family or a centre ----------------------------------------------------------------


@pytest.mark.parametrize(("code", "whose"), [("T45a", "opeka"), ("T45b", "social")])
def test_a_talk_about_the_right_informs_before_leaving(session: Session, region: Region, code: str, whose: str) -> None:
    graduate = _in_family(session, region)
    run(session, date(2026, 6, 1))
    told, agency = duty(session, code, graduate), getattr(region, whose)
    assert (told.event_on, told.due_on, told.agency_id) == (date(2026, 8, 14), date(2026, 7, 15), agency.id)
    _made(session, make_consultation, agency, graduate, date(2026, 7, 1), kind=ConsultationKind.LEGAL)
    assert told.done_on is None
    _made(session, make_consultation, agency, graduate, date(2026, 7, 14), kind=ConsultationKind.INFORMING)
    assert told.state_on(date(2026, 7, 14)) is State.DONE


def test_an_examination_is_asked_for_unless_one_is_valid(session: Session, region: Region) -> None:
    graduate = _in_centre(session, region)
    run(session, date(2026, 4, 20))
    asked = duty(session, "T46", graduate)
    assert (asked.event_on, asked.state_on(date(2026, 4, 20))) == (date(2026, 8, 14), State.OPEN)
    said = {"agency_id": region.centre.id, "graduate_id": graduate.id, "created_at": AT, "number": "45"}
    held = kept(session, Examination(held_on=date(2026, 4, 24), **said), date(2026, 4, 24))
    assert asked.state_on(date(2026, 4, 24)) is State.DONE
    assert [piece.number for piece in asked.evidence] == ["45"]
    annulled(session, held, date(2026, 4, 27))
    assert asked.done_on is None
    earlier = {"held_on": date(2025, 9, 1), "valid_until": date(2026, 12, 31)}
    kept(session, Examination(**earlier, **said), date(2026, 4, 28))
    assert asked.state_on(date(2026, 4, 28)) is State.NOT_APPLICABLE


def _assessment(agency: Agency, graduate: Graduate, on: date) -> ReadinessAssessment:
    return ReadinessAssessment(agency_id=agency.id, graduate_id=graduate.id, assessed_on=on, created_at=AT)


def test_readiness_is_assessed_and_its_result_sent(session: Session, region: Region) -> None:
    graduate, day = _in_centre(session, region), date(2026, 6, 10)
    run(session, date(2026, 6, 1))
    assess = duty(session, "T50c", graduate)
    assert (assess.due_on, assess.agency_id) == (date(2026, 6, 15), region.centre.id)
    card = MonitoringCard(agency_id=region.centre.id, graduate_id=graduate.id, filled_on=day, created_at=AT)
    kept(session, card, day)
    assert assess.done_on is None
    made = kept(session, _assessment(region.centre, graduate, day), day)
    send = duty(session, "T50d", graduate)
    assert (assess.done_on, send.subject, send.due_on) == (day, f"readiness:{made.id}", date(2026, 6, 22))
    changed(session, made, date(2026, 6, 15), sent_on=date(2026, 6, 15), sent_to="ОЦ «Надежда», исх. 7")
    assert send.done_on == date(2026, 6, 15)
    annulled(session, made, date(2026, 6, 16))
    assert (assess.done_on, send.closing) == (None, Closing.NOT_APPLICABLE)


def test_the_result_for_two_recipients_is_marked_by_hand(session: Session, region: Region) -> None:
    graduate, day = _in_family(session, region), date(2026, 6, 10)
    run(session, date(2026, 6, 1))
    assert duty(session, "T50a", graduate).agency_id == region.social.id
    made = kept(session, _assessment(region.social, graduate, day), day)
    assert duty(session, "T50a", graduate).done_on == day
    changed(session, made, day, sent_on=day, sent_to="опека")
    sent = duties(session, "T50b", graduate)
    assert sent
    assert {one.done_on for one in sent} == {None}


# -- T47, T48, T49, T54, T55 -------------------------------------------------------------------------------------------


def test_at_eighteen_consent_is_got_and_the_right_told(session: Session, region: Region) -> None:
    graduate = _person(session, region, KRASNOYARSK)
    region.follow(session, AISTENOK)
    run(session, date(2025, 8, 14))
    consent, status, told = (duty(session, code, graduate) for code in ("T47", "T49b", "aistenok/T49a"))
    assert (consent.nominal_on, status.due_on) == (date(2025, 9, 13), date(2025, 8, 14))
    given = date(2025, 8, 20)
    said = {"purpose_code": "support", "given_on": given, "agency_id": region.service.id}
    today(session, given)
    graduate.consents.append(Consent(**said))
    session.commit()
    assert consent.done_on == given
    _made(session, make_consultation, region.service, graduate, given, kind=ConsultationKind.TALK)
    assert told.done_on is None
    _made(session, make_consultation, region.service, graduate, given, kind=ConsultationKind.INFORMING)
    assert told.done_on == given


def test_a_decision_by_hand_is_sent_by_hand(session: Session, region: Region) -> None:
    region.follow(session, KRASNOYARSK)
    kind = type(region.service.kind)("coordination_centre")
    changed(session, region.operator, date(2026, 3, 1), kind=kind)
    event = happen(session, "decision.adopted", region.operator, None, date(2026, 3, 2))
    sent = duty(session, "T48")
    assert sent.due_on == date(2026, 3, 10)
    clerk = viewer_of(region.operator, date(2026, 3, 5))
    mark(session, deadline=sent, happened_on=clerk.on, by=clerk, now=at(clerk.on))
    annul_event(session, occurrence=event, reason="ошибка", by=clerk)
    session.commit()
    assert sent.done_on == date(2026, 3, 5)


def test_an_act_of_survey_answers_the_message(session: Session, region: Region) -> None:
    graduate = _person(session, region, VOLOGDA)
    happen(session, "intake.received", region.social, graduate, date(2026, 3, 6))
    act = duty(session, "T54", graduate)
    assert act.due_on == date(2026, 3, 12)
    made = UrgentAct(agency_id=region.social.id, graduate_id=graduate.id, provided_on=date(2026, 3, 6), reason="беда")
    kept(session, numbered(session, made, made.provided_on), made.provided_on)
    assert act.done_on is None
    visit = _made(session, make_visit, region.social, graduate, date(2026, 3, 12))
    make_survey(session, visit)
    session.commit()
    assert act.state_on(date(2026, 3, 12)) is State.DONE


def test_one_survey_answers_every_message_before_it(session: Session, region: Region) -> None:
    graduate = _person(session, region, VOLOGDA)
    for day in (date(2026, 3, 6), date(2026, 3, 10), date(2026, 3, 13)):
        happen(session, "intake.received", region.social, graduate, day)
    visit = _made(session, make_visit, region.social, graduate, date(2026, 3, 12))
    make_survey(session, visit)
    session.commit()
    surveyed = date(2026, 3, 12)
    assert [one.done_on for one in duties(session, "T54", graduate)] == [surveyed, surveyed, None]


def test_a_mentor_is_there_before_leaving(session: Session, region: Region) -> None:
    graduate = _in_centre(session, region, KRASNOYARSK)
    run(session, date(2026, 5, 1))
    asked = duty(session, "T55a", graduate)
    assert asked.event_on == date(2026, 8, 14)
    today(session, date(2026, 5, 12))
    named = Assignment(kind=AssignmentKind.MENTOR, name="Иван Иванович", starts_on=date(2026, 5, 12))
    graduate.assignments.append(named)
    session.commit()
    assert asked.done_on == date(2026, 5, 12)


def test_taking_on_asks_for_the_order_of_a_curator(session: Session, region: Region) -> None:
    graduate, day = _person(session, region, VOLOGDA, agency=region.centre), date(2026, 5, 12)
    contract = _made(session, make_contract, region.centre, graduate, day)
    make_episode(session, contract)
    session.commit()
    order = duty(session, "V03", graduate)
    assert order.due_on == date(2026, 5, 19)
    graduate.assignments.append(
        Assignment(kind=AssignmentKind.CURATOR, name="Кира", starts_on=day + DAY, order_number="15")
    )
    session.commit()
    assert order.done_on == day + DAY


# -- Contacts ----------------------------------------------------------------------------------------------------------

CRISIS = date(2026, 3, 6)
WEEKS = [CRISIS + timedelta(days=7 * number) for number in range(1, 5)]


@pytest.fixture
def artem(session: Session, region: Region) -> Graduate:
    graduate = _person(session, region, VOLOGDA, date(2005, 11, 21))
    _made(session, make_consultation, region.service, graduate, date(2026, 2, 20))
    _decide(session, graduate, "crisis", CRISIS)
    return graduate


def _weekly(session: Session, graduate: Graduate) -> list[tuple[date, date | None]]:
    return [(one.due_on, one.done_on) for one in duties(session, "C07", graduate) if one.closing is None]


def test_each_contact_in_a_crisis_asks_for_the_next(session: Session, region: Region, artem: Graduate) -> None:
    assert _weekly(session, artem) == [(WEEKS[0], None)]  # The talk before the crisis asked for nothing.
    _made(session, make_visit, region.service, artem, WEEKS[0])
    _made(session, make_consultation, region.service, artem, WEEKS[0])  # The same day: one contact.
    _made(session, make_appeal, region.service, artem, WEEKS[1])
    assert _weekly(session, artem) == [(WEEKS[0], WEEKS[0]), (WEEKS[1], WEEKS[1]), (WEEKS[2], None)]


def test_contacts_entered_late_count_on_their_days(session: Session, region: Region, artem: Graduate) -> None:
    today(session, WEEKS[2])
    for day in (WEEKS[1], WEEKS[0]):
        make_consultation(session, region.service, artem, day)
        session.commit()
    assert _weekly(session, artem) == [(WEEKS[0], WEEKS[0]), (WEEKS[2], None)]


def test_an_annulled_contact_is_none(session: Session, region: Region, artem: Graduate) -> None:
    first = _made(session, make_consultation, region.service, artem, WEEKS[0])
    second = _made(session, make_consultation, region.service, artem, WEEKS[1])
    annulled(session, second, WEEKS[2])
    assert _weekly(session, artem) == [(WEEKS[0], WEEKS[0]), (WEEKS[1], None)]
    annulled(session, first, WEEKS[2])
    assert _weekly(session, artem) == [(WEEKS[0], None)]


def test_a_contact_of_another_organisation_asks_for_none_of_ours(
    session: Session, region: Region, artem: Graduate
) -> None:
    _made(session, make_visit, region.service, artem, WEEKS[0])
    _made(session, make_visit, region.social, artem, WEEKS[0] + DAY)
    make_session(session, region.service, artem, on=WEEKS[0] + DAY)
    session.commit()
    assert _weekly(session, artem) == [(WEEKS[0], WEEKS[0]), (WEEKS[1], None)]


def test_a_contact_by_hand_and_its_record_are_one(session: Session, region: Region, artem: Graduate) -> None:
    happen(session, "contact.made", region.service, artem, WEEKS[0])
    _made(session, make_consultation, region.service, artem, WEEKS[0])
    assert _weekly(session, artem) == [(WEEKS[0], WEEKS[0]), (WEEKS[1], None)]


def test_who_moves_on_takes_the_open_contact_along(session: Session, region: Region, artem: Graduate) -> None:
    _made(session, make_visit, region.service, artem, WEEKS[0])
    changed(session, artem, WEEKS[0] + DAY, agency_id=region.social.id)
    last = duties(session, "C07", artem)[-1]
    assert (last.agency_id, last.due_on, last.closing) == (region.social.id, WEEKS[1], None)
    _made(session, make_visit, region.social, artem, WEEKS[1])
    assert _weekly(session, artem)[-2:] == [(WEEKS[1], WEEKS[1]), (WEEKS[2], None)]


def test_a_crisis_asks_for_a_visit_not_for_a_call(session: Session, region: Region) -> None:
    graduate = _person(session, region, KIZIL)
    _decide(session, graduate, "crisis", CRISIS)
    visit = duty(session, "K03", graduate)
    _made(session, make_consultation, region.service, graduate, CRISIS)
    assert visit.done_on is None
    _made(session, make_visit, region.service, graduate, CRISIS)
    assert visit.done_on == CRISIS
    assert [piece.reference.partition(":")[0] for piece in visit.evidence] == ["consultation"]


# -- Services ----------------------------------------------------------------------------------------------------------


def test_the_measure_of_the_programme_closes_its_month(session: Session, region: Region) -> None:
    graduate = _person(session, region, KIZIL)
    graduate.studies.append(Study(status_code="studying", profession="Повар", starts_on=date(2025, 9, 1)))
    contract = make_contract(session, region.service, graduate, date(2026, 9, 1))
    plan = make_plan(session, contract, date(2026, 9, 1))
    said = {"direction_code": "education", "title": "Общежитие"}
    plan.measures.append(Measure(template_code="kizil-programme/2.1", **said))
    plan.measures.append(Measure(template_code="kizil-programme/2.2", **said))
    session.commit()
    run(session, date(2026, 9, 1))
    dormitory = next(one for one in duties(session, "T08", graduate) if one.period == "2026")
    support = next(one for one in duties(session, "T09", graduate) if one.period == "2026")
    _made(session, make_service, region.service, graduate, date(2026, 9, 2))
    assert (dormitory.done_on, support.done_on) == (None, None)
    changed(session, plan.measures[0], date(2026, 9, 10), status=MeasureStatus.DONE, done_on=date(2026, 9, 10))
    _made(session, make_service, region.service, graduate, date(2026, 10, 1), measure_id=plan.measures[1].id)
    assert (dormitory.done_on, support.done_on) == (date(2026, 9, 10), date(2026, 10, 1))


def test_an_act_of_urgent_services_answers_an_urgent_need(session: Session, region: Region) -> None:
    graduate = _person(session, region, SYZRAN, agency=region.social)
    today(session, CRISIS)
    need = {"description": "Выселен", "kind_code": "housing", "severity": 3, "source_code": "message"}
    graduate.problems.append(Problem(found_on=CRISIS, **need))
    session.commit()
    urgent = duty(session, "N08", graduate)
    _made(session, make_service, region.social, graduate, CRISIS)
    assert urgent.done_on is None
    act = UrgentAct(agency_id=region.social.id, graduate_id=graduate.id, provided_on=CRISIS, reason="Выселен")
    kept(session, numbered(session, act, CRISIS), CRISIS)
    assert urgent.state_on(CRISIS) is State.DONE


def test_a_programme_of_social_services_is_no_individual_plan(session: Session, region: Region) -> None:
    graduate = _person(session, region, AISTENOK, agency=region.social)
    happen(session, "service.applied", region.social, graduate, date(2026, 3, 10))
    contract = make_contract(session, region.social, graduate, date(2026, 3, 10))
    plan = make_plan(session, contract, date(2026, 3, 11))
    session.commit()
    programme = duty(session, "C02", graduate)
    assert programme.done_on is None
    changed(session, plan, date(2026, 3, 12), kind="social_services", contract_id=None)
    assert programme.done_on == date(2026, 3, 11)


# -- Organisations ---------------------------------------------------------------------------------------------------


def test_meetings_of_the_right_kind_count_for_the_organisation(session: Session, region: Region) -> None:
    region.follow(session, SYZRAN)
    run(session, date(2026, 6, 1))
    quarter = next(one for one in duties(session, "T28") if one.period == "2026-Q2")
    year = next(one for one in duties(session, "N07") if one.period == "2026")
    kinds = [(SessionKind.TRAINING, region.service), (SessionKind.THEMATIC, region.social)]
    kinds += [(SessionKind.THEMATIC, region.service), (SessionKind.EMPLOYMENT_CENTRE, region.college)]
    held, done = [], []
    for kind, agency in kinds:
        held.append(make_session(session, agency, on=date(2026, 6, 2), kind=kind))
        session.commit()
        done.append((quarter.done_on is not None, year.done_on is not None))
    assert done == [(False, False), (False, False), (True, False), (True, True)]
    annulled(session, held[2], date(2026, 6, 3))
    assert (quarter.done_on, year.done_on) == (None, date(2026, 6, 2))
    assert run(session, date(2026, 6, 3)).done == 0


# -- Of which case -----------------------------------------------------------------------------------------------------


def test_a_contract_closes_the_duty_of_its_own_application(session: Session, region: Region) -> None:
    graduate = _person(session, region, AISTENOK)
    first = _made(session, make_application, region.service, graduate, date(2026, 4, 1))
    second = _made(session, make_application, region.service, graduate, date(2026, 4, 10))
    contract = _made(session, make_contract, region.service, graduate, date(2026, 4, 14), application_id=second.id)
    done = {one.subject: one.done_on for one in duties(session, "T14", graduate)}
    assert done == {f"application:{first.id}": None, f"application:{second.id}": date(2026, 4, 14)}
    changed(session, contract, date(2026, 4, 15), application_id=first.id)
    done = {one.subject: one.done_on for one in duties(session, "T14", graduate)}
    assert done == {f"application:{first.id}": date(2026, 4, 14), f"application:{second.id}": None}


def test_a_mark_by_hand_is_left_alone(session: Session, region: Region) -> None:
    graduate, clerk = _person(session, region, AISTENOK), viewer_of(region.service, date(2026, 4, 14))
    application = _made(session, make_application, region.service, graduate, date(2026, 4, 1))
    contract_due = duty(session, "T14", graduate)
    mark(session, deadline=contract_due, happened_on=date(2026, 4, 10), by=clerk, now=at(clerk.on))
    session.commit()
    contract = _made(session, make_contract, region.service, graduate, date(2026, 4, 14), application_id=application.id)
    annulled(session, contract, date(2026, 4, 14))
    assert (contract_due.done_on, len(contract_due.evidence)) == (date(2026, 4, 10), 1)
    assert contract_due.evidence[0].reference.startswith("mark:")


def test_drafts_fulfil_nothing(session: Session, region: Region) -> None:
    graduate = _person(session, region, AISTENOK)
    _made(session, make_application, region.service, graduate, date(2026, 4, 1))
    contract = _made(session, make_contract, region.service, graduate, date(2026, 4, 2))
    assert duty(session, "T14", graduate).done_on is not None
    changed(session, contract, date(2026, 4, 2), signed_on=None, number=None, year=None)
    assert duty(session, "T14", graduate).done_on is None
    assert duties(session, "T23", graduate)[0].closing is Closing.NOT_APPLICABLE
