"""Conclusions count the plan, tell the dynamics, are approved, signed and handed over in that order."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.assessments import MonitoringCard, MonitoringScore
from models.cases import ConclusionOutcome, Contract
from models.graduates import SupportStage
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import CategoryDecision
from models.users import Role
from services.cases import conclusions, contract_changes, proposals
from services.cases.states import ConclusionState, conclusion_state
from services.errors import Refused
from tests.cases_factories import by, make_conclusion, make_contract, make_draft
from tests.clock import at
from tests.services.cases.conftest import Centre

START, END = date(2025, 10, 15), date(2026, 10, 15)


@pytest.fixture
def contract(session: scoped_session[Session], centre: Centre) -> Contract:
    return make_contract(session(), centre.denis, centre.agency, START, END, curator="Котова Н. П.")


def add_plan(session: scoped_session[Session], contract: Contract, statuses: list[MeasureStatus]) -> Plan:
    plan = Plan(graduate=contract.graduate, agency_id=contract.agency_id, contract=contract, kind=PlanKind.INDIVIDUAL)
    plan.state, plan.starts_on, plan.ends_on, plan.approved_on = PlanState.APPROVED, START, END, START
    plan.year, plan.number, plan.created_at = 2025, 3, at(START)
    for status in statuses:
        is_done = status in (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY)
        measure = Measure(direction_code="legal", title="Мера", status=status, done_on=START if is_done else None)
        if status is MeasureStatus.REFUSED:
            measure.refused_on, measure.is_refusal_signed = START, True
        plan.measures.append(measure)
    session.add(plan)
    session.flush()
    return plan


def add_card(session: scoped_session[Session], contract: Contract, on: date, values: list[int | None]) -> None:
    card = MonitoringCard(graduate=contract.graduate, agency_id=contract.agency_id, filled_on=on, created_at=at(on))
    card.scores = [
        MonitoringScore(indicator=f"i{place}", title="Показатель", position=place, value=value)
        for place, value in enumerate(values)
    ]
    session.add(card)
    session.flush()


def test_it_counts_measures_points_and_categories(session: scoped_session[Session], contract: Contract) -> None:
    done = [MeasureStatus.DONE] * 9
    rest = [MeasureStatus.DONE_PARTLY, MeasureStatus.NOT_DONE, MeasureStatus.REFUSED, MeasureStatus.EXCLUDED]
    plan = add_plan(session, contract, [*done, *rest])
    add_card(session, contract, date(2026, 4, 30), [2, 2, 2, 2, 2, 1, 1])
    add_card(session, contract, date(2026, 9, 30), [3, 3, 3, 3, 2, 2, 2])
    add_card(session, contract, date(2025, 1, 1), [0] * 7)
    for code, starts_on, ends_on in (("active", START, date(2026, 9, 29)), ("stable", date(2026, 9, 30), None)):
        decision = CategoryDecision(category_code=code, starts_on=starts_on, ends_on=ends_on)
        contract.graduate.category_decisions.append(decision)
    session.flush()
    made = make_conclusion(session(), contract, END, is_approved=True, outcome=ConclusionOutcome.EXTEND)
    session.commit()
    counted = (made.total, made.done, made.done_partly, made.not_done, made.refused)
    assert (made.plan_id, counted) == (plan.id, (12, 9, 1, 1, 1))
    assert (made.score_from, made.score_to) == (12, 18)
    assert (made.category_from_code, made.category_to_code) == ("active", "stable")
    assert made.number_text == "1/2026"
    assert contract.graduate.stage is SupportStage.CONCLUSION


def test_what_the_records_do_not_say_is_told(session: scoped_session[Session], contract: Contract) -> None:
    made = make_conclusion(session(), contract, END)
    assert conclusions.warnings_of(made) == [
        "Утверждённого плана по договору нет: мероприятия не посчитаны.",
        "Карт мониторинга за период нет: баллы не указаны.",
    ]
    assert (made.total, made.score_from, made.category_from_code) == (0, None, None)


def test_the_steps_stand_in_order(session: scoped_session[Session], contract: Contract) -> None:
    made = make_conclusion(session(), contract, END)
    clerk, head = by(contract.agency, END), by(contract.agency, END, Role.HEAD)
    assert conclusion_state(made) is ConclusionState.DRAFT
    for step, who, told in (
        (lambda: conclusions.note_signature(session(), conclusion=made, signed_on=END, by=clerk), clerk, "не утвержд"),
        (lambda: conclusions.hand_over(session(), conclusion=made, handed_on=END, by=clerk), clerk, "не утвержд"),
        (lambda: conclusions.approve(session(), conclusion=made, approved_on=END, by=clerk), clerk, "руководитель"),
    ):
        with pytest.raises(Refused, match=told):
            step()
        assert who is clerk
    with pytest.raises(Refused, match="Этот день ещё не наступил"):
        conclusions.approve(session(), conclusion=made, approved_on=date(2026, 10, 16), by=head)
    with pytest.raises(Refused, match=r"Это раньше начала периода \(15.10.2025\)"):
        conclusions.approve(session(), conclusion=made, approved_on=date(2025, 10, 1), by=head)
    conclusions.approve(session(), conclusion=made, approved_on=END, by=head)
    with pytest.raises(Refused, match="Заключение уже утверждено: № 1/2026"):
        conclusions.approve(session(), conclusion=made, approved_on=END, by=head)
    with pytest.raises(Refused, match=r"Это раньше утверждения заключения \(15.10.2026\)"):
        conclusions.note_signature(session(), conclusion=made, signed_on=date(2026, 10, 14), by=clerk)
    conclusions.note_signature(session(), conclusion=made, signed_on=END, by=clerk)
    with pytest.raises(Refused, match="Подпись выпускника уже отмечена"):
        conclusions.note_signature(session(), conclusion=made, signed_on=END, by=clerk)
    conclusions.hand_over(session(), conclusion=made, handed_on=END, by=clerk)
    with pytest.raises(Refused, match="Экземпляр уже вручён"):
        conclusions.hand_over(session(), conclusion=made, handed_on=END, by=clerk)
    assert conclusion_state(made) is ConclusionState.SIGNED


def test_an_empty_conclusion_is_not_approved(session: scoped_session[Session], contract: Contract) -> None:
    with pytest.raises(Refused, match="Напишите в заключении результаты по направлениям"):
        make_conclusion(session(), contract, END, is_approved=True, results="")


def test_one_draft_at_a_time_over_a_signed_contract(
    session: scoped_session[Session], centre: Centre, contract: Contract
) -> None:
    make_conclusion(session(), contract, END)
    session.refresh(contract)
    with pytest.raises(Refused, match="По этому договору уже есть проект заключения"):
        make_conclusion(session(), contract, END)
    unsigned = make_draft(session(), centre.alina, centre.agency, END)
    with pytest.raises(Refused, match="Заключение составляют по подписанному договору"):
        conclusions.need_for_conclusion(unsigned)
    for start, stop, told in (
        (END, START, "Последний день не может быть раньше первого."),
        (date(2025, 10, 1), END, r"Это раньше подписания договора \(15.10.2025\)."),
    ):
        with pytest.raises(Refused, match=told):
            conclusions.need_period(contract, start, stop)


def test_the_conclusion_that_closed_a_contract_is_not_annulled(
    session: scoped_session[Session], contract: Contract
) -> None:
    made = make_conclusion(session(), contract, END, is_signed=True)
    session.refresh(contract)
    contract_changes.end(
        session(), contract=contract, ended_on=END, ground_code="term_expired", by=by(contract.agency, END)
    )
    head = by(contract.agency, END, Role.HEAD)
    with pytest.raises(Refused, match="По этому заключению закрыт договор № 1/2025: аннулировать его нельзя"):
        conclusions.annul(session(), conclusion=made, reason="ошибка", by=head)


def test_scenario_6_goes_on_with_a_capped_contract(session: scoped_session[Session], contract: Contract) -> None:
    made = make_conclusion(session(), contract, END, is_signed=True, outcome=ConclusionOutcome.EXTEND)
    session.refresh(contract)
    contract_changes.end(
        session(), contract=contract, ended_on=END, ground_code="term_expired", by=by(contract.agency, END)
    )
    assert proposals.for_conclusion(contract, on=END)["period_from"] == date(2026, 10, 16)
    found = proposals.for_contract(
        session(), graduate=contract.graduate, agency=contract.agency, previous=contract, on=END
    )
    assert (found["starts_on"], found["ends_on"]) == (date(2026, 10, 16), date(2027, 2, 3))
    assert (found["curator"], found["signatory"]) == ("Котова Н. П.", "директора")
    assert made.is_signed
