"""Decisions on the category of support: their order, their right, what the records propose."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.circumstances import Employment, Housing
from models.graduates import Graduate
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import CategoryDecision, Problem
from services.assessments import categories
from services.errors import Refused
from tests.assessments_factories import EIGHTEEN, TWELVE, fill_card, viewer
from tests.clock import at, duties, follow, load_law
from tests.conftest import TODAY
from tests.factories import Cast, make_graduate

CALL, REVIEW = date(2026, 3, 6), date(2026, 4, 3)


def decide(session: Session, cast: Cast, graduate: Graduate, on: date, code: str, **more: Any) -> CategoryDecision:
    fields = {"ground": "нет жилья", "decided_by": "консилиум", "by": viewer(session, cast.anna, max(on, CALL))} | more
    return categories.decide(session, graduate=graduate, category_code=code, starts_on=on, **fields)


def test_the_crisis_of_scenario_2_and_its_review(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session(), CALL)
    follow(session(), cast.service, "vologda-2022")
    artem = make_graduate(
        session(), "Морозов Артём Сергеевич", birth_date=date(2005, 11, 21), agency_id=cast.service.id
    )
    decide(session(), cast, artem, date(2025, 10, 1), "stable", ground="сумма 18")
    found = {"description": "Выселен", "kind_code": "housing", "severity": 3, "found_on": CALL}
    artem.problems += [
        Problem(**found),
        Problem(description="Утрачен паспорт", kind_code="documents", severity=2, found_on=CALL),
        Problem(description="Нет денег", kind_code="income", severity=3, found_on=CALL),
    ]
    proposal = categories.propose(session(), graduate=artem, on=CALL)
    assert (proposal.category, proposal.reasons[0].text) == ("crisis", "нет жилья")
    decide(session(), cast, artem, CALL, "crisis")
    session.commit()
    assert artem.category_code == "crisis"
    review = next(duty for duty in duties(session(), "C04", artem) if duty.event_on == CALL)
    assert review.control_on == REVIEW  # the 30th day is a Sunday

    housing, _, income = artem.problems
    housing.severity, income.severity = 2, 1  # housed for a while, some money
    fill_card(session(), cast.anna, artem, REVIEW, (2, 1, 2, 2, 1, 2, 1))
    proposal = categories.propose(session(), graduate=artem, on=REVIEW)
    assert proposal.category == "active"
    assert "сумма мониторинга средняя: 11 баллов (03.04.2026)" in [reason.text for reason in proposal.reasons]
    decide(session(), cast, artem, REVIEW, "active", ground="жильё временно, паспорт подан, сумма 11")
    session.commit()
    told = [(one.category_code, one.starts_on, one.ends_on) for one in artem.category_decisions]
    assert told == [
        ("stable", date(2025, 10, 1), date(2026, 3, 5)),
        ("crisis", CALL, date(2026, 4, 2)),
        ("active", REVIEW, None),
    ]
    assert artem.category_code == "active"
    assert review.done_on == REVIEW


def test_the_sums_of_scenario_6_lead_from_active_to_stable(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session(), date(2026, 4, 30))
    follow(session(), cast.service, "kizil-programme")
    denis = make_graduate(session(), "Тимофеев Денис Андреевич", birth_date=date(2004, 2, 3), agency_id=cast.service.id)
    fill_card(session(), cast.anna, denis, date(2026, 4, 30), TWELVE)
    assert categories.propose(session(), graduate=denis, on=date(2026, 4, 30)).category == "active"
    fill_card(session(), cast.anna, denis, date(2026, 9, 30), EIGHTEEN)
    proposal = categories.propose(session(), graduate=denis, on=date(2026, 9, 30))
    assert proposal.category == "stable"
    assert [one.text for one in proposal.reasons] == ["сумма мониторинга высокая: 18 баллов (30.09.2026)"]


def test_what_the_records_say_is_read_as_of_the_day(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    own = cast.own
    own.housings = [
        Housing(status_code="homeless", starts_on=date(2026, 1, 1), ends_on=date(2026, 5, 31)),
        Housing(status_code="dormitory", starts_on=date(2026, 6, 1)),
    ]
    own.employments = [Employment(status_code="none", starts_on=date(2026, 2, 1))]
    session.commit()
    seen = {day: categories.propose(session(), graduate=own, on=day) for day in (date(2026, 5, 1), TODAY)}
    assert [one.text for one in seen[date(2026, 5, 1)].reasons] == ["нет жилья"]
    assert [one.text for one in seen[TODAY].reasons] == ["не решён вопрос с работой"]


def test_an_old_card_proposes_nothing(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    fill_card(session(), cast.anna, cast.own, TODAY - timedelta(days=366), EIGHTEEN)
    assert categories.propose(session(), graduate=cast.own, on=TODAY).category == "stable"
    assert categories.propose(session(), graduate=cast.own, on=TODAY + timedelta(days=1)).category is None


def test_open_measures_of_a_plan_in_force_keep_somebody_active(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    fill_card(session(), cast.anna, cast.own, TODAY, EIGHTEEN)
    plan = Plan(
        graduate=cast.own,
        agency_id=cast.service.id,
        kind=PlanKind.INDIVIDUAL,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        created_at=at(TODAY),
    )
    plan.measures = [
        Measure(title="Паспорт", direction_code="legal"),
        Measure(title="Учёба", direction_code="education", status=MeasureStatus.DONE, done_on=TODAY),
    ]
    session.add(plan)
    session.commit()
    assert categories.propose(session(), graduate=cast.own, on=TODAY).category == "stable"
    plan.state, plan.number, plan.year, plan.approved_on = PlanState.APPROVED, 1, 2026, TODAY
    session.commit()
    (reason,) = categories.propose(session(), graduate=cast.own, on=TODAY).reasons
    assert reason.text == "не выполнено 1 мероприятие плана"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"category_code": None}, "category_code", "Выберите категорию из списка."),
        ({"category_code": "nothing"}, "category_code", "Выберите категорию из списка."),
        ({"starts_on": date(2026, 10, 2)}, "starts_on", "Этот день ещё не наступил."),
        ({"starts_on": date(2005, 8, 13)}, "starts_on", "Этот день раньше дня рождения."),
        ({"starts_on": date(2026, 8, 31)}, "starts_on", "Раньше последнего решения (01.09.2026)"),
        ({"starts_on": date(2026, 9, 1)}, "starts_on", "От 01.09.2026 решение уже есть."),
        ({"ground": "  "}, "ground", "Укажите основание решения."),
        ({"decided_by": ""}, "decided_by", "Укажите, кто решил."),
    ],
)
def test_a_wrong_decision_is_refused_and_nothing_changes(
    session: scoped_session[Session], cast: Cast, said: dict[str, Any], field: str, sentence: str
) -> None:
    first = decide(session(), cast, cast.own, date(2026, 9, 1), "active")
    session.commit()
    fields = {"category_code": "stable", "starts_on": TODAY, "ground": "сумма 18", "decided_by": "консилиум"} | said
    with pytest.raises(Refused) as refused:
        categories.decide(session(), graduate=cast.own, by=viewer(session(), cast.anna, TODAY), **fields)
    assert str(refused.value).startswith(sentence)
    assert refused.value.field == field
    session.rollback()
    assert [(one.id, one.ends_on) for one in cast.own.category_decisions] == [(first.id, None)]


def test_the_same_category_again_is_a_review(session: scoped_session[Session], cast: Cast) -> None:
    decide(session(), cast, cast.own, date(2026, 9, 1), "crisis")
    decide(session(), cast, cast.own, date(2026, 9, 30), "crisis", ground="жильё не найдено")
    session.commit()
    assert [one.ends_on for one in cast.own.category_decisions] == [date(2026, 9, 29), None]
    assert categories.current(cast.own).starts_on == date(2026, 9, 30)  # type: ignore[union-attr]


def test_a_decision_after_support_had_ended_begins_anew(session: scoped_session[Session], cast: Cast) -> None:
    ended = CategoryDecision(category_code="stable", starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    cast.own.category_decisions = [ended]
    session.commit()
    assert cast.own.category_code is None
    decide(session(), cast, cast.own, TODAY, "active")
    session.commit()
    assert (ended.ends_on, cast.own.category_code) == (date(2025, 1, 1), "active")


@pytest.mark.parametrize(
    ("who", "may"), [("anna", True), ("galina", True), ("root", True), ("boris", False), ("kira", False)]
)
def test_the_responsible_organisation_decides(
    session: scoped_session[Session], cast: Cast, who: str, may: bool
) -> None:
    by = viewer(session(), getattr(cast, who), TODAY)
    assert categories.may_decide(by, cast.own) is may
    if not may:
        with pytest.raises(Refused, match="ответственная за сопровождение"):
            decide(session(), cast, cast.own, TODAY, "active", by=by)


def test_where_nobody_is_responsible_the_administrator_decides(session: scoped_session[Session], cast: Cast) -> None:
    may = {who: categories.may_decide(viewer(session(), getattr(cast, who), TODAY), cast.local) for who in ROLES}
    assert may == {"anna": False, "boris": False, "galina": False, "root": True}


ROLES = ("anna", "boris", "galina", "root")
