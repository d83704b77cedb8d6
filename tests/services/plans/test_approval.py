"""Rounds of approval: who may, in which order, and what two heads at once bring about."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from models.context import Actor, act_as
from models.graduates import Graduate
from models.plans import Plan, PlanKind, PlanState
from models.territory import Agency
from models.users import Role
from services.errors import Refused
from services.plans import approval
from services.plans.holding import CHANGED
from tests.clock import viewer_of
from tests.conftest import NOW, TODAY
from tests.factories import Cast, build_cast
from tests.fresh import fresh_app
from tests.plans_factories import approved, make_approved, make_contract, make_plan, seen_by
from views.extensions import db

Sessions = scoped_session[Session]
DAY = date(2026, 9, 10)


def test_an_approved_plan_has_a_number_and_a_day(session: Sessions, cast: Cast) -> None:
    make_contract(session(), cast.own, cast.service)
    plan = make_plan(session(), cast.own, cast.service)
    anna, galina = seen_by(session(), cast.anna), seen_by(session(), cast.galina)
    approval.submit(session(), plan=plan, by=anna)
    assert (plan.state, plan.submitted_on) == (PlanState.REVIEW, TODAY)
    approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=date(2026, 9, 11), by=galina)
    session.commit()
    assert (plan.number_text, plan.approved_on, plan.approved_by) == ("1/2026", date(2026, 9, 11), cast.galina)
    assert plan.is_in_force


def test_the_number_is_of_the_year_of_approval(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, starts_on=date(2025, 12, 1))
    assert approved(session(), plan, day=date(2025, 12, 30)).number_text == "1/2025"


def test_a_plan_goes_back_with_a_remark_and_round_again(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    anna, galina = seen_by(session(), cast.anna), seen_by(session(), cast.galina)
    for text in ("Добавьте помощь с жильём.", "Уточните сроки."):
        approval.submit(session(), plan=plan, by=anna)
        with pytest.raises(Refused, match="Напишите замечание"):
            approval.send_back(session(), plan=plan, text=" ", by=galina, now=NOW)
        plan.state = PlanState.REVIEW  # What the page would have undone with its transaction.
        approval.send_back(session(), plan=plan, text=text, by=galina, now=NOW)
        approval.comment(session(), plan=plan, text="Исправлено.", by=anna, now=NOW)
        assert plan.state is PlanState.DRAFT
    assert [(one.is_return, one.author_id == cast.galina.id) for one in plan.comments] == [
        (True, True),
        (False, False),
        (True, True),
        (False, False),
    ]


@pytest.mark.parametrize("who", ["anna", "boris", "kira", "vera"])
def test_only_the_head_approves(session: Sessions, cast: Cast, who: str) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    approval.submit(session(), plan=plan, by=seen_by(session(), cast.anna))
    by = seen_by(session(), getattr(cast, who))
    with pytest.raises(Refused, match="руководитель"):
        approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=DAY, by=by)
    with pytest.raises(Refused, match="руководитель"):
        approval.send_back(session(), plan=plan, text="нет", by=by, now=NOW)
    assert plan.number is None


@pytest.mark.parametrize(
    ("days", "told", "field"),
    [
        ({"approved_on": DAY}, "Укажите, когда выпускник согласился", "agreed_on"),
        ({"approved_on": DAY, "agreed_on": date(2026, 9, 11)}, "не раньше согласия выпускника", "approved_on"),
        ({"approved_on": date(2026, 10, 2), "agreed_on": DAY}, "ещё не наступила", "approved_on"),
        ({"approved_on": DAY, "agreed_on": date(2026, 10, 2)}, "ещё не наступила", "agreed_on"),
    ],
)
def test_days_of_approval_are_in_order(
    session: Sessions, cast: Cast, days: dict[str, Any], told: str, field: str
) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    approval.submit(session(), plan=plan, by=seen_by(session(), cast.anna))
    with pytest.raises(Refused, match=told) as refusal:
        approval.approve(session(), plan=plan, by=seen_by(session(), cast.galina), **days)
    assert refusal.value.field == field


def test_a_plan_that_is_over_is_not_approved(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, ends_on=date(2026, 12, 31), on=date(2027, 2, 1))
    head = viewer_of(cast.service, date(2027, 2, 1), role=Role.HEAD)
    approval.submit(session(), plan=plan, by=head)
    with pytest.raises(Refused, match="уже закончился"):
        approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=date(2027, 2, 1), by=head)


def test_an_empty_plan_is_not_submitted_and_only_a_submitted_one_is_approved(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    anna, galina = seen_by(session(), cast.anna), seen_by(session(), cast.galina)
    with pytest.raises(Refused, match="План не на утверждении"):
        approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=DAY, by=galina)
    plan.measures = []
    session.flush()
    with pytest.raises(Refused, match="ни одного мероприятия"):
        approval.submit(session(), plan=plan, by=anna)


def test_a_joint_plan_waits_for_its_partners(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, kind=PlanKind.JOINT, partners=[cast.opeka])
    anna, galina = seen_by(session(), cast.anna), seen_by(session(), cast.galina)
    approval.submit(session(), plan=plan, by=anna)
    with pytest.raises(Refused, match="Партнёр ещё не согласовал план: Опека Сокольского округа"):
        approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=DAY, by=galina)
    partner = plan.partners[0].id
    with pytest.raises(Refused, match="ещё не наступила"):
        approval.agree(session(), plan=plan, partner_id=partner, agreed_on=date(2026, 10, 2), by=anna)
    with pytest.raises(Refused, match="Такого партнёра"):
        approval.agree(session(), plan=plan, partner_id=0, agreed_on=DAY, by=anna)
    approval.agree(session(), plan=plan, partner_id=partner, agreed_on=date(2026, 9, 12), by=anna)
    with pytest.raises(Refused, match="не раньше согласия партнёра"):
        approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=DAY, by=galina)
    approval.approve(session(), plan=plan, agreed_on=DAY, approved_on=date(2026, 9, 12), by=galina)
    assert plan.is_in_force


def test_a_joint_plan_has_a_partner(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service, kind=PlanKind.JOINT)
    with pytest.raises(Refused, match="хотя бы одного партнёра"):
        approval.submit(session(), plan=plan, by=seen_by(session(), cast.anna))


def test_a_contract_signed_meanwhile_takes_the_plan_in(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    contract = make_contract(session(), cast.own, cast.service)
    assert approved(session(), plan).contract is contract


def test_a_plan_is_closed_with_an_analysis(session: Sessions, cast: Cast) -> None:
    plan = make_approved(session(), cast.own, cast.service)
    by = seen_by(session(), cast.anna)
    for fields, told in (
        ({"closed_on": TODAY, "closing_note": " "}, "что удалось"),
        ({"closed_on": date(2026, 10, 2), "closing_note": "x"}, "ещё не наступила"),
        ({"closed_on": date(2026, 8, 31), "closing_note": "x"}, "раньше 01.09.2026"),
    ):
        with pytest.raises(Refused, match=told):
            approval.close(session(), plan=plan, by=by, **fields)  # type: ignore[arg-type]
    approval.close(session(), plan=plan, closed_on=TODAY, closing_note="Устроился на работу.", by=by)
    assert (plan.state, plan.closed_on, plan.closing_note) == (PlanState.CLOSED, TODAY, "Устроился на работу.")
    assert plan.changes[-1].what == "План завершён."
    with pytest.raises(Refused, match="только утверждённый"):
        approval.close(session(), plan=plan, closed_on=TODAY, closing_note="ещё раз", by=by)


def test_only_a_numbered_plan_is_annulled(session: Sessions, cast: Cast) -> None:
    plan = make_plan(session(), cast.own, cast.service)
    galina = seen_by(session(), cast.galina)
    with pytest.raises(Refused, match="Номера у плана нет"):
        approval.annul(session(), plan=plan, reason="ошибка", by=galina)
    approved(session(), plan)
    with pytest.raises(Refused, match="руководитель"):
        approval.annul(session(), plan=plan, reason="ошибка", by=seen_by(session(), cast.anna))
    approval.annul(session(), plan=plan, reason="не тот человек", by=galina)
    assert (plan.number, plan.annulled_on, plan.is_in_force) == (1, TODAY, False)


# -- At once ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp("plans"), f"{worker_id}_plans") as app:
        build_cast(db.session())
        db.session.commit()
        yield app


def test_of_two_heads_who_approve_at_once_one_gives_the_number(own_app: Flask) -> None:
    person = db.session.scalars(select(Graduate).where(Graduate.last_name == "Ёлкина")).one()
    agency = db.session.scalars(select(Agency).where(Agency.code == "service")).one()
    plan = make_plan(db.session(), person, agency)
    head = viewer_of(agency, TODAY, role=Role.HEAD)
    approval.submit(db.session(), plan=plan, by=head)
    key, told = plan.id, []
    db.session.commit()
    start = threading.Barrier(2)

    def approve() -> None:
        with own_app.app_context():
            act_as(db.session(), Actor(NOW))
            start.wait()
            try:
                found = db.session.get_one(Plan, key)
                approval.approve(db.session(), plan=found, agreed_on=DAY, approved_on=DAY, by=head)
                db.session.commit()
                told.append("утверждён")
            except Refused as refusal:
                db.session.rollback()
                told.append(str(refusal))

    threads = [threading.Thread(target=approve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(told)[-1] == "утверждён"
    assert sorted(told)[0] in (CHANGED, "План не на утверждении.")
    assert db.session.scalars(select(func.max(Plan.number))).one() == 1
