"""New editions: what is carried over, the chain, two editions side by side."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.plans import MeasureStatus, Plan, PlanKind, PlanSphere, PlanState
from services.errors import Refused
from services.plans import approval, drafts, editions, measures
from services.plans.measures import Rendered
from tests.clock import at
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.plans_factories import approved, make_approved, make_contract, make_measure, make_plan, seen_by

Sessions = scoped_session[Session]
DAY = date(2026, 9, 15)
NEXT, NEXT_TO = date(2026, 9, 20), date(2027, 9, 19)


@pytest.fixture
def anna(session: Sessions, cast: Cast) -> Viewer:
    return seen_by(session(), cast.anna)


@pytest.fixture
def plan(session: Sessions, cast: Cast, anna: Viewer) -> Plan:
    """In force; of its measures one is done, one refused, one in work, one failed, one untouched."""
    made = make_plan(session(), cast.own, cast.service, "Сделано", "Отказ", "В работе", "Не вышло", "Впереди")
    made.spheres = [PlanSphere(sphere="жильё", situation="общежитие", position=1)]
    approved(session(), made)
    done, refused, started, failed, _ = made.measures
    measures.finish(session(), measure=done, done_on=DAY, rendered=Rendered("legal", "Услуга"), by=anna, now=NOW)
    measures.refuse(session(), measure=refused, refused_on=DAY, reason_code="no_need", is_signed=True, by=anna)
    measures.start(session(), measure=started, on=DAY, by=anna)
    measures.fail(session(), measure=failed, on=DAY, reason="нет справки", by=anna)
    session.commit()
    return made


def renew(session: Sessions, plan: Plan, by: Viewer, reason: str = "прошёл год") -> Plan:
    return editions.renew(session(), plan=plan, starts_on=NEXT, ends_on=NEXT_TO, reason=reason, by=by, now=NOW)


def test_a_new_edition_takes_over_what_is_unfinished(session: Sessions, plan: Plan, anna: Viewer) -> None:
    draft = editions.renew(
        session(),
        plan=plan,
        starts_on=NEXT,
        ends_on=NEXT_TO,
        reason="прошёл год",
        analysis="Жильё получено.",
        by=anna,
        now=NOW,
    )
    session.commit()
    assert (draft.edition, draft.previous, draft.state, draft.number) == (2, plan, PlanState.DRAFT, None)
    assert [(one.title, one.status.value, one.carried_from_id) for one in draft.measures] == [
        ("В работе", "in_work", plan.measures[2].id),
        ("Не вышло", "planned", plan.measures[3].id),
        ("Впереди", "planned", plan.measures[4].id),
    ]
    assert [(one.sphere, one.situation) for one in draft.spheres] == [("жильё", "общежитие")]
    assert (plan.closing_note, plan.state) == ("Жильё получено.", PlanState.APPROVED)


def test_approving_an_edition_closes_the_one_before(session: Sessions, cast: Cast, plan: Plan, anna: Viewer) -> None:
    draft = approved(session(), renew(session, plan, anna), day=NEXT)
    assert (draft.number_text, draft.is_in_force) == ("2/2026", True)
    assert (plan.state, plan.closed_on) == (PlanState.CLOSED, NEXT)
    assert plan.changes[-1].ground == approval.NEXT_APPROVED
    approval.annul(session(), plan=draft, reason="не тот срок", by=seen_by(session(), cast.galina))
    assert (plan.state, plan.closed_on) == (PlanState.APPROVED, None)
    third = renew(session, draft, anna, "вместо ошибочной")  # The chain goes on; the lines are of the last valid one.
    assert (third.edition, len(third.measures)) == (3, 3)
    assert {one.carried_from_id for one in third.measures} == {one.id for one in plan.measures[2:]}
    approved(session(), third, day=NEXT)
    assert third.is_in_force
    assert not plan.is_in_force


def test_a_plan_has_one_next_edition(session: Sessions, cast: Cast, plan: Plan, anna: Viewer) -> None:
    with pytest.raises(Refused, match="почему нужна"):
        renew(session, plan, anna, " ")
    with pytest.raises(Refused, match="начинается позже прежней"):
        editions.renew(
            session(), plan=plan, starts_on=plan.starts_on, ends_on=NEXT_TO, reason="x", by=anna, now=at(TODAY)
        )
    session.rollback()
    draft = renew(session, plan, anna)
    with pytest.raises(Refused, match="уже есть"):
        renew(session, plan, anna)
    with pytest.raises(Refused, match="из утверждённого"):
        renew(session, draft, anna)
    drafts.discard(session(), plan=draft, by=anna)
    session.commit()
    assert plan.following is None
    assert renew(session, plan, anna).edition == 2


def test_the_new_edition_ends_with_the_contract(session: Sessions, cast: Cast, plan: Plan, anna: Viewer) -> None:
    make_contract(session(), cast.own, cast.service, starts_on=DAY, signed_on=DAY, ends_on=date(2027, 2, 3))
    draft = renew(session, plan, anna)
    assert draft.ends_on == date(2027, 2, 3)
    assert [one.due_on for one in draft.measures] == [date(2026, 12, 31)] * 3


def test_a_term_past_the_new_period_ends_with_it(session: Sessions, cast: Cast, plan: Plan, anna: Viewer) -> None:
    plan.measures[4].due_on = date(2027, 8, 31)
    make_contract(session(), cast.own, cast.service, starts_on=DAY, signed_on=DAY, ends_on=date(2027, 2, 3))
    draft = renew(session, plan, anna)
    assert [one.due_on for one in draft.measures] == [date(2026, 12, 31), date(2026, 12, 31), date(2027, 2, 3)]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 8, 1), (date(2027, 9, 1), date(2028, 8, 31))),
        (date(2027, 9, 20), (date(2027, 9, 20), date(2028, 9, 19))),
        (date(2026, 10, 1), (date(2026, 10, 1), date(2027, 9, 30))),
    ],
)
def test_a_period_is_proposed(session: Sessions, cast: Cast, today: date, expected: tuple[date, date]) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    assert editions.proposed_period(plan, today) == expected


def test_two_editions_are_compared_field_by_field(session: Sessions, plan: Plan, anna: Viewer) -> None:
    draft = renew(session, plan, anna)
    draft.goals = "получить профессию"
    draft.measures[2].due_on = date(2027, 6, 30)
    draft.measures.append(make_measure("Новое", plan_id=draft.id))
    draft.spheres[0].situation = "своя комната"
    draft.spheres.append(PlanSphere(sphere="учёба"))
    session.flush()
    found = editions.difference(session(), old=plan, new=draft)
    assert [change.name for change in found.plan] == ["starts_on", "ends_on", "goals"]
    assert [row.title for row in found.measures.added] == ["Новое"]
    assert [row.title for row in found.measures.dropped] == ["Сделано", "Отказ"]
    assert {pair.new.title: [change.name for change in pair.changes] for pair in found.measures.changed} == {
        "Не вышло": ["status"],
        "Впереди": ["due_on"],
    }
    assert found.measures.same == 1
    assert [row.sphere for row in found.spheres.added] == ["учёба"]
    (pair,) = found.spheres.changed
    assert (pair.changes[0].old, pair.changes[0].new) == ("общежитие", "своя комната")
    same = editions.difference(session(), old=plan, new=plan)
    assert same.is_empty


def test_lines_are_followed_through_editions_between(session: Sessions, plan: Plan, anna: Viewer) -> None:
    second = approved(session(), renew(session, plan, anna), day=NEXT)
    third = editions.renew(
        session(), plan=second, starts_on=date(2026, 9, 25), ends_on=NEXT_TO, reason="срок", by=anna, now=NOW
    )
    session.flush()
    assert editions.chain(second) == [plan, second, third]
    found = editions.difference(session(), old=plan, new=third)
    assert [row.title for row in found.measures.dropped] == ["Сделано", "Отказ"]
    assert found.measures.added == []
    assert third.measures[0].status is MeasureStatus.IN_WORK
    assert third.kind is PlanKind.INDIVIDUAL
