"""Scenarios 3 and 6 whole, from applications, contracts, plans and what else is kept; by hand too."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard
from models.cases import Application, Conclusion, ConclusionOutcome, Contract, RefusalKind
from models.deadlines import Closing, Deadline, State
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus
from models.rule_terms import EvidenceKind
from services.deadlines.verbs import mark
from services.profiles import last_eligible_day, profile_of
from tests.clock import at, duties, duty, happen, run, viewer_of
from tests.journals_factories import AT, amend, make_application, make_contract, make_episode, make_plan, make_refusal
from tests.services.deadlines.region import (
    AISTENOK,
    KIZIL,
    Region,
    annulled,
    changed,
    kept,
    person,
    today,
)

ALINA = ("Ахметова Алина Ринатовна", date(2008, 2, 2))


@pytest.fixture
def region(session: Session) -> Region:
    return Region(session)


@pytest.fixture
def alina(session: Session, region: Region) -> Graduate:
    region.follow(session, AISTENOK)
    return person(session, region, *ALINA, region.service)


def _received(session: Session, region: Region, graduate: Graduate, on: date) -> Application:
    today(session, on)
    return kept(
        session,
        Application(agency_id=region.service.id, graduate_id=graduate.id, received_on=on, created_at=AT),
        on,
    )


def _all(session: Session, graduate: Graduate) -> list[Deadline]:
    return list(session.scalars(select(Deadline).filter_by(graduate_id=graduate.id).order_by(Deadline.id)))


# -- 3. Application, contract and plan -------------------------------------------------------------------------------


def test_from_the_application_to_contract_and_plan(session: Session, region: Region, alina: Graduate) -> None:
    application = _received(session, region, alina, date(2026, 4, 23))
    registration = duty(session, "T13", alina)
    assert (registration.due_on, registration.done_on) == (date(2026, 4, 27), None)
    assert duties(session, "T14", alina) == []

    register(session, application, date(2026, 4, 24), number=12)
    assert registration.state_on(date(2026, 4, 24)) is State.DONE
    assert [(piece.kind, piece.number, piece.reference) for piece in registration.evidence] == [
        (EvidenceKind.REGISTRATION, "12/2026", f"application:{application.id}")
    ]
    contract_due, plan_due, refusal = (duty(session, code, alina) for code in ("T14", "T15", "T16"))
    assert (contract_due.nominal_on, contract_due.due_on) == (date(2026, 5, 9), date(2026, 5, 12))
    assert (contract_due.control_on, plan_due.due_on) == (date(2026, 5, 8), date(2026, 5, 12))

    signed = date(2026, 5, 12)
    today(session, signed)
    contract = make_contract(
        session, region.service, alina, signed, ends_on=date(2027, 5, 11), application_id=application.id
    )
    make_episode(session, contract)
    session.commit()
    assert contract_due.state_on(signed) is State.DONE
    assert refusal.state_on(signed) is State.NOT_APPLICABLE
    assert plan_due.state_on(date(2026, 5, 13)) is State.OVERDUE
    plan = make_plan(session, contract, signed)
    session.commit()
    assert plan_due.state_on(date(2026, 5, 13)) is State.DONE
    assert [piece.reference for piece in plan_due.evidence] == [f"plan:{plan.id}"]
    assert duty(session, "T23", alina).due_on == date(2027, 5, 11)
    assert duty(session, "C10", alina).nominal_on == date(2027, 4, 11)


def register(session: Session, application: Application, on: date, number: int) -> None:
    changed(session, application, on, registered_on=on, number=number, year=on.year)


def test_a_refused_measure_asks_for_nothing_and_counts_as_no_service(
    session: Session, region: Region, alina: Graduate
) -> None:
    """15.06.2026: she does not want to be registered at the employment centre."""
    today(session, date(2026, 5, 12))
    contract = make_contract(session, region.service, alina)
    plan = make_plan(session, contract)
    plan.measures.append(Measure(direction_code="employment", title="Постановка на учёт в ЦЗН"))
    session.commit()
    before = [(one.id, one.done_on, one.closing) for one in _all(session, alina)]
    refused = {"status": MeasureStatus.REFUSED, "refused_on": date(2026, 6, 15), "is_refusal_signed": True}
    changed(session, plan.measures[0], date(2026, 6, 15), **refused)
    assert [(one.id, one.done_on, one.closing) for one in _all(session, alina)] == before


@pytest.mark.parametrize("kind", list(RefusalKind))
def test_a_refusal_of_either_side_asks_for_no_contract_and_plan(
    session: Session, region: Region, kind: RefusalKind
) -> None:
    """3b: born on 10.01.2003, 23 since 10.01.2026, no right on 23.04.2026. 3c: the graduate declines himself."""
    region.follow(session, AISTENOK)
    pavel = person(session, region, "Гришин Павел Андреевич", date(2003, 1, 10), region.service)
    profile = profile_of(session, agency_id=region.service.id, on=date(2026, 4, 23))
    assert last_eligible_day(pavel.birth_date, profile) == date(2026, 1, 10)
    application = _received(session, region, pavel, date(2026, 4, 23))
    register(session, application, date(2026, 4, 23), number=13)
    today(session, date(2026, 4, 24))
    refusal = make_refusal(session, region.service, pavel, kind, application_id=application.id)
    session.commit()
    day = date(2026, 4, 24)
    assert duty(session, "T16", pavel).state_on(day) is State.DONE
    assert [duty(session, code, pavel).state_on(day) for code in ("T14", "T15")] == [State.NOT_APPLICABLE] * 2
    annulled(session, refusal, date(2026, 4, 27))
    assert [duty(session, code, pavel).closing for code in ("T14", "T15", "T16")] == [None] * 3


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 4, 23), date(2026, 4, 27)),
        (date(2026, 12, 29), date(2027, 1, 11)),
        (date(2027, 2, 18), date(2027, 2, 20)),
    ],
)
def test_an_application_is_registered_in_two_working_days(
    session: Session, region: Region, alina: Graduate, received: date, due: date
) -> None:
    application = _received(session, region, alina, received)
    assert duty(session, "T13", alina).due_on == due
    register(session, application, due, number=1)
    assert duty(session, "T13", alina).state_on(due) is State.DONE


@pytest.mark.parametrize(
    ("registered", "due"),
    [
        (date(2026, 4, 24), date(2026, 5, 12)),
        (date(2026, 12, 30), date(2027, 1, 14)),
        (date(2025, 10, 17), date(2025, 11, 1)),
    ],
)
def test_contract_and_plan_take_fifteen_days(
    session: Session, region: Region, alina: Graduate, registered: date, due: date
) -> None:
    today(session, registered)
    application = make_application(session, region.service, alina, registered)
    session.commit()
    assert [duty(session, code, alina).due_on for code in ("T14", "T15")] == [due, due]
    today(session, due)
    contract = make_contract(session, region.service, alina, due, application_id=application.id)
    make_plan(session, contract, due)
    session.commit()
    assert [duty(session, code, alina).state_on(due) for code in ("T14", "T15")] == [State.DONE] * 2


def test_an_application_taken_back_asks_for_nothing_more(session: Session, region: Region, alina: Graduate) -> None:
    today(session, date(2026, 4, 24))
    application = make_application(session, region.service, alina)
    session.commit()
    changed(session, application, date(2026, 4, 30), withdrawn_on=date(2026, 4, 30))
    assert duty(session, "T14", alina).closing is Closing.NOT_APPLICABLE
    changed(session, application, date(2026, 4, 30), withdrawn_on=date(2026, 5, 13))
    assert duty(session, "T14", alina).state_on(date(2026, 5, 13)) is State.OVERDUE


def test_events_noted_by_hand_close_one_another_as_before(session: Session, region: Region, alina: Graduate) -> None:
    happen(session, "application.received", region.service, alina, date(2026, 4, 23), number="12/2026")
    happen(session, "application.registered", region.service, alina, date(2026, 4, 24), number="12/2026")
    registration = duty(session, "T13", alina)
    assert [(piece.kind, piece.number) for piece in registration.evidence] == [(EvidenceKind.REGISTRATION, "12/2026")]
    happen(session, "contract.started", region.service, alina, date(2026, 5, 12), number="7/2026")
    assert duty(session, "T14", alina).state_on(date(2026, 5, 12)) is State.DONE
    clerk = viewer_of(region.service, date(2026, 5, 12))
    mark(session, deadline=duty(session, "T15", alina), happened_on=clerk.on, by=clerk, now=at(clerk.on))
    assert duty(session, "T16", alina).state_on(date(2026, 5, 12)) is State.NOT_APPLICABLE


def test_an_event_by_hand_and_its_record_are_one_fact(session: Session, region: Region, alina: Graduate) -> None:
    """Noted before the registers were kept, entered there later: the duty, done or not, is not made again."""
    happen(session, "application.received", region.service, alina, date(2026, 4, 23))
    event = happen(session, "application.registered", region.service, alina, date(2026, 4, 24))
    today(session, date(2026, 4, 28))
    application = make_application(session, region.service, alina, date(2026, 4, 24), received_on=date(2026, 4, 23))
    session.commit()
    assert duty(session, "T13", alina).done_on == date(2026, 4, 24)
    assert [piece.reference for piece in duty(session, "T13", alina).evidence] == [f"application:{application.id}"]
    assert duty(session, "T14", alina).subject == f"occurrence:{event.id}"
    annulled(session, event, date(2026, 4, 28))
    gone, stands = sorted(duties(session, "T14", alina), key=lambda one: one.closing is None)
    assert (gone.subject, stands.subject) == (f"occurrence:{event.id}", f"application:{application.id}")
    assert gone.closing is Closing.NOT_APPLICABLE


# -- 6. The yearly review of a plan ----------------------------------------------------------------------------------

START, END = date(2025, 10, 15), date(2026, 10, 15)


@pytest.fixture
def denis(session: Session, region: Region) -> Graduate:
    region.follow(session, KIZIL)
    today(session, START)
    made = person(session, region, "Тимофеев Денис Андреевич", date(2004, 2, 3), region.service)
    session.commit()
    return made


def _monitoring(region: Region, graduate: Graduate, on: date) -> MonitoringCard:
    return MonitoringCard(agency_id=region.service.id, graduate_id=graduate.id, filled_on=on, created_at=AT)


def test_a_year_of_support_is_reviewed_and_ends_with_a_conclusion(
    session: Session, region: Region, denis: Graduate
) -> None:
    contract = make_contract(session, region.service, denis, START, ends_on=END)
    episode = make_episode(session, contract)
    plan = make_plan(session, contract, START)
    session.commit()
    run(session, START)

    # 1. Quarters, monitoring twice a year.
    quarters = {one.period: one for one in duties(session, "T34", denis)}
    assert [quarters[code].control_on for code in ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")] == [
        date(2025, 12, 30),
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
    ]
    monitoring = next(one for one in duties(session, "T36", denis) if one.period == "2026")
    assert (monitoring.required, monitoring.achieved) == (2, 0)
    kept(session, _monitoring(region, denis, date(2026, 4, 30)), date(2026, 4, 30))
    assert (monitoring.achieved, monitoring.done_on) == (1, None)
    assert quarters["2026-Q2"].done_on == date(2026, 4, 30)
    kept(session, _monitoring(region, denis, date(2026, 9, 30)), date(2026, 9, 30))
    assert monitoring.done_on == date(2026, 9, 30)
    assert quarters["2026-Q3"].done_on == date(2026, 9, 30)
    assert quarters["2026-Q1"].done_on is None

    # 2. A month ahead: analysis and conclusion.
    reminder = duty(session, "C10", denis)
    assert reminder.due_on == date(2026, 9, 15)
    review, conclusion_due = duty(session, "T24", denis), duty(session, "T24a", denis)
    assert (review.due_on, conclusion_due.due_on) == (END, END)
    assert duty(session, "K02", denis).done_on == START
    assert duty(session, "T24c", denis).done_on is None  # The first plan is not the new one.

    # 3. The conclusion, approved and signed by both; the contract ends, its term has expired.
    said = {"period_from": START, "period_to": END, "outcome": ConclusionOutcome.STOP, "created_at": AT}
    numbers = {"number": 3, "year": 2026, "approved_on": date(2026, 10, 14)}
    conclusion = Conclusion(
        agency_id=region.service.id, graduate_id=denis.id, contract_id=contract.id, **said, **numbers
    )
    kept(session, conclusion, date(2026, 10, 14))
    assert (review.done_on, conclusion_due.done_on) == (date(2026, 10, 14), None)
    assert duty(session, "C12", denis).done_on == date(2026, 10, 14)
    changed(session, conclusion, END, graduate_signed_on=END)
    assert conclusion_due.state_on(END) is State.DONE
    changed(session, plan, END, closed_on=END, state="closed", closing_note="Выполнено 9 из 12")
    changed(session, contract, END, ended_on=END, termination_ground_code="term_expired")
    changed(session, episode, END, removed_on=END, removal_ground_code="term_expired")
    assert conclusion_due.state_on(END) is State.DONE
    assert duty(session, "T24c", denis).state_on(END) is State.NOT_APPLICABLE

    # 4. A new contract until the last eligible day, a new plan.
    profile = profile_of(session, agency_id=region.service.id, on=date(2026, 10, 16))
    last_day = last_eligible_day(denis.birth_date, profile)
    assert last_day == date(2027, 2, 3)
    today(session, date(2026, 10, 16))
    renewed = make_contract(session, region.service, denis, date(2026, 10, 16), ends_on=last_day)
    session.commit()
    plan_due = next(one for one in duties(session, "K02", denis) if one.subject == f"contract:{renewed.id}")
    assert (plan_due.nominal_on, plan_due.due_on) == (date(2026, 10, 31), date(2026, 11, 2))
    make_plan(session, renewed, date(2026, 10, 16))
    session.commit()
    assert plan_due.done_on == date(2026, 10, 16)
    assert duties(session, "T24a", denis)[-1].due_on == last_day


def test_an_amendment_moves_the_open_duties(session: Session, region: Region, denis: Graduate) -> None:
    contract = make_contract(session, region.service, denis, START, ends_on=END)
    session.commit()
    number = duty(session, "T24a", denis).id
    extend(session, contract, date(2026, 9, 1), date(2026, 12, 15))
    moved = duty(session, "T24a", denis)
    assert (moved.id, moved.due_on) == (number, date(2026, 12, 15))
    assert duty(session, "C10", denis).due_on == date(2026, 11, 13)


def test_a_contract_extended_after_its_conclusion_ends_once_more(
    session: Session, region: Region, denis: Graduate
) -> None:
    contract = make_contract(session, region.service, denis, START, ends_on=END)
    said = {"period_from": START, "period_to": END, "outcome": ConclusionOutcome.EXTEND, "created_at": AT}
    dates = {"approved_on": date(2026, 10, 1), "graduate_signed_on": date(2026, 10, 1), "number": 1, "year": 2026}
    first = Conclusion(agency_id=region.service.id, graduate_id=denis.id, contract_id=contract.id, **said, **dates)
    kept(session, first, date(2026, 10, 1))
    assert duty(session, "T24a", denis).done_on == date(2026, 10, 1)
    extend(session, contract, date(2026, 10, 1), date(2026, 12, 15))
    done, again = duties(session, "T24a", denis)
    assert (done.done_on, again.done_on) == (date(2026, 10, 1), None)
    assert (again.subject, again.due_on) == (f"contract:{contract.id}/2", date(2026, 12, 15))
    dates |= {"approved_on": date(2026, 12, 15), "graduate_signed_on": date(2026, 12, 15), "number": 2}
    second = Conclusion(agency_id=region.service.id, graduate_id=denis.id, contract_id=contract.id, **said, **dates)
    kept(session, second, date(2026, 12, 15))
    assert [one.done_on for one in duties(session, "T24a", denis)] == [date(2026, 10, 1), date(2026, 12, 15)]


def extend(session: Session, contract: Contract, on: date, until: date) -> None:
    today(session, on)
    amend(session, contract, on, until)
    session.commit()


def test_a_contract_ended_early_leaves_only_what_was_missed(session: Session, region: Region, denis: Graduate) -> None:
    contract = make_contract(session, region.service, denis, START, ends_on=END)
    session.commit()
    changed(session, contract, date(2026, 6, 1), ended_on=date(2026, 6, 1), termination_ground_code="graduate_request")
    day = date(2026, 6, 1)
    assert duty(session, "K02", denis).state_on(day) is State.OVERDUE
    assert {duty(session, code, denis).state_on(day) for code in ("C10", "T24", "T24a", "T24c")} == {
        State.NOT_APPLICABLE
    }


def test_an_annulled_contract_asks_for_nothing(session: Session, region: Region, denis: Graduate) -> None:
    contract = make_contract(session, region.service, denis, START, ends_on=END)
    session.commit()
    annulled(session, contract, date(2025, 10, 20))
    assert {one.closing for one in _all(session, denis) if "contract" in one.subject} == {Closing.NOT_APPLICABLE}
