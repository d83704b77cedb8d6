"""What becomes of a measure: dates, services it rests on, refusals, moved terms, the lines of section V, figures."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.plans import Measure, MeasureStatus, Plan, PlanChange
from models.users import Role
from models.work import ServiceRecord
from services.errors import Refused
from services.plans import approval, measures, progress
from services.plans.holding import CHANGED
from services.plans.measures import Rendered
from tests.clock import viewer_of
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.plans_factories import make_approved, make_plan, make_service, seen_by

Sessions = scoped_session[Session]
DAY = date(2026, 9, 15)


@pytest.fixture
def plan(session: Sessions, cast: Cast) -> Plan:
    made = make_approved(session(), cast.own, cast.service, "Учёт в центре занятости", "Документы на жильё", "Резюме")
    session.commit()
    return made


@pytest.fixture
def anna(session: Sessions, cast: Cast) -> Viewer:
    return seen_by(session(), cast.anna)


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(change.what, change.ground) for change in plan.changes]


def test_a_measure_is_done_by_a_service(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    service = make_service(session(), plan, date(2026, 9, 14))
    assert measures.choosable(session(), measure=first) == [service]
    with pytest.raises(Refused, match="Выберите услугу") as refusal:
        measures.finish(session(), measure=first, done_on=DAY, by=anna, now=NOW)
    assert refusal.value.field == "services"
    measures.finish(
        session(), measure=first, done_on=DAY, result="стоит на учёте", service_ids=[service.id], by=anna, now=NOW
    )
    session.commit()
    assert (first.status, first.done_on, first.result) == (MeasureStatus.DONE, DAY, "стоит на учёте")
    assert (service.measure_id, measures.choosable(session(), measure=first)) == (first.id, [])
    assert measures.linked(session(), measure=first) == [service]
    assert told(plan) == [("запланировано → выполнено", "стоит на учёте")]


def test_a_service_may_be_recorded_on_the_spot(session: Sessions, cast: Cast, plan: Plan, anna: Viewer) -> None:
    rendered = Rendered("labour", "Помощь с постановкой на учёт")
    measures.finish(session(), measure=plan.measures[0], done_on=DAY, rendered=rendered, by=anna, now=NOW)
    session.commit()
    service = session.scalars(select(ServiceRecord)).one()
    assert (service.provided_on, service.kind_code, service.measure_id) == (DAY, "labour", plan.measures[0].id)
    assert (service.graduate_id, service.agency_id, service.specialist_id) == (
        cast.own.id,
        cast.service.id,
        cast.anna.id,
    )
    for broken, field in ((Rendered("", "x"), "kind_code"), (Rendered("labour", " "), "title")):
        with pytest.raises(Refused) as refusal:
            measures.finish(session(), measure=plan.measures[1], done_on=DAY, rendered=broken, by=anna, now=NOW)
        assert refusal.value.field == field


def test_foreign_annulled_and_early_services_do_not_count(
    session: Sessions, cast: Cast, plan: Plan, anna: Viewer
) -> None:
    first = plan.measures[0]
    others = [
        make_service(session(), plan, DAY, graduate_id=cast.local.id),
        make_service(session(), plan, DAY, agency_id=cast.opeka.id),
        make_service(session(), plan, date(2026, 8, 31)),
        make_service(session(), plan, DAY, annulled_on=DAY, annulled_reason="ошибка"),
        make_service(session(), plan, DAY, measure_id=plan.measures[1].id),
    ]
    assert measures.choosable(session(), measure=first) == []
    for service in others:
        with pytest.raises(Refused, match="среди услуг выпускника нет"):
            measures.finish(session(), measure=first, done_on=DAY, service_ids=[service.id], by=anna, now=NOW)
    late = make_service(session(), plan, date(2026, 9, 20))
    with pytest.raises(Refused, match="позже дня выполнения"):
        measures.finish(session(), measure=first, done_on=DAY, service_ids=[late.id], by=anna, now=NOW)
    assert first.status is MeasureStatus.PLANNED


def test_done_partly_says_what_is_left(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    with pytest.raises(Refused, match="что осталось"):
        measures.finish(session(), measure=first, done_on=DAY, is_partly=True, by=anna, now=NOW)
    measures.finish(session(), measure=first, done_on=DAY, is_partly=True, result="собрана половина", by=anna, now=NOW)
    assert (first.status, first.done_on) == (MeasureStatus.DONE_PARTLY, DAY)


def test_a_refusal_is_signed_and_dated(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    refusal: dict[str, Any] = {"refused_on": DAY, "reason_code": "no_need", "reason_note": "нашёл работу сам"}
    with pytest.raises(Refused, match="подписал") as refused:
        measures.refuse(session(), measure=first, is_signed=False, by=anna, **refusal)
    assert refused.value.field == "is_signed"
    with pytest.raises(Refused, match="причину отказа"):
        measures.refuse(session(), measure=first, refused_on=DAY, reason_code=None, is_signed=True, by=anna)
    measures.refuse(session(), measure=first, is_signed=True, by=anna, **refusal)
    session.commit()
    assert (first.status, first.refused_on, first.is_refusal_signed) == (MeasureStatus.REFUSED, DAY, True)
    assert told(plan)[-1] == ("запланировано → отказ выпускника", "нашёл работу сам")


def test_a_moved_term_keeps_its_history(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    later = date(2027, 3, 1)
    for fields, fault in (
        ({"due_on": later, "ground": ""}, "основание"),
        ({"due_on": first.due_on, "ground": "болезнь"}, "совпадает"),
        ({"due_on": date(2026, 9, 14), "ground": "болезнь"}, "раньше дня переноса"),
        ({"due_on": date(2027, 9, 1), "ground": "болезнь"}, "сделайте новую редакцию"),
    ):
        with pytest.raises(Refused, match=fault):
            measures.move(session(), measure=first, on=DAY, by=anna, **fields)  # type: ignore[arg-type]
    measures.move(session(), measure=first, due_on=later, ground="болезнь", on=DAY, by=anna)
    assert (first.status, first.due_on) == (MeasureStatus.MOVED, later)
    assert told(plan) == [("срок перенесён с 31.12.2026 на 01.03.2027", "болезнь")]
    measures.start(session(), measure=first, on=DAY, by=anna)  # What is moved is still to be done.
    assert first.status is MeasureStatus.IN_WORK


def test_a_mark_is_taken_back_with_its_ground(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    with pytest.raises(Refused, match="ещё не завершено"):
        measures.resume(session(), measure=first, on=DAY, ground="ошибка", by=anna)
    measures.refuse(session(), measure=first, refused_on=DAY, reason_code="no_need", is_signed=True, by=anna)
    with pytest.raises(Refused, match="уже отмечено: отказ выпускника"):
        measures.fail(session(), measure=first, on=DAY, reason="x", by=anna)
    measures.resume(session(), measure=first, on=DAY, ground="передумал", by=anna)
    session.commit()
    assert (first.status, first.refused_on, first.is_refusal_signed) == (MeasureStatus.IN_WORK, None, False)
    assert len(plan.changes) == 2


def test_every_mark_leaves_a_line(session: Sessions, plan: Plan, anna: Viewer) -> None:
    one, two, three = plan.measures
    measures.start(session(), measure=one, on=DAY, by=anna)
    measures.fail(session(), measure=two, on=DAY, reason="нет справки", by=anna)
    measures.exclude(session(), measure=three, on=DAY, ground="уже работает", by=anna)
    assert [what for what, _ in told(plan)] == [
        "запланировано → в работе",
        "запланировано → не выполнено",
        "запланировано → исключено",
    ]
    assert {change.measure_id for change in session.scalars(select(PlanChange))} == {one.id, two.id, three.id}


VERBS: dict[str, Any] = {
    "start": lambda s, m, on, by: measures.start(s, measure=m, on=on, by=by),
    "finish": lambda s, m, on, by: measures.finish(
        s, measure=m, done_on=on, result="x", is_partly=True, by=by, now=NOW
    ),
    "fail": lambda s, m, on, by: measures.fail(s, measure=m, on=on, reason="x", by=by),
    "refuse": lambda s, m, on, by: measures.refuse(
        s, measure=m, refused_on=on, reason_code="leaving", is_signed=True, by=by
    ),
    "move": lambda s, m, on, by: measures.move(s, measure=m, due_on=date(2027, 5, 1), ground="x", on=on, by=by),
    "exclude": lambda s, m, on, by: measures.exclude(s, measure=m, on=on, ground="x", by=by),
    "resume": lambda s, m, on, by: measures.resume(s, measure=m, on=on, ground="x", by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_marked_before_the_plan_ahead_of_time_or_by_others(
    session: Sessions, cast: Cast, plan: Plan, anna: Viewer, verb: str
) -> None:
    first, act = plan.measures[0], VERBS[verb]
    with pytest.raises(Refused, match="Мероприятие раньше плана"):
        act(session(), first, date(2026, 8, 31), anna)
    with pytest.raises(Refused, match="ещё не наступила"):
        act(session(), first, date(2026, 10, 2), anna)
    for by in (seen_by(session(), cast.boris), viewer_of(cast.service, TODAY, role=Role.COORDINATOR)):
        with pytest.raises(Refused, match="сама организация"):
            act(session(), first, DAY, by)
    approval.annul(session(), plan=plan, reason="ошибка", by=seen_by(session(), cast.galina))
    with pytest.raises(Refused, match="пока план действует"):
        act(session(), first, DAY, anna)


def test_a_draft_has_nothing_to_mark(session: Sessions, cast: Cast, anna: Viewer) -> None:
    draft = make_plan(session(), cast.own, cast.service)
    with pytest.raises(Refused, match="пока план действует"):
        measures.start(session(), measure=draft.measures[0], on=DAY, by=anna)


def test_a_measure_changed_meanwhile_is_not_marked_blindly(session: Sessions, plan: Plan, anna: Viewer) -> None:
    first = plan.measures[0]
    assert first.version == 1
    session().connection().execute(Measure.__table__.update().values(version=2))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=CHANGED):
        measures.start(session(), measure=first, on=DAY, by=anna)


# -- Figures ---------------------------------------------------------------------------------------------------------


def test_a_refusal_is_no_failure_in_the_figures(session: Sessions, cast: Cast, anna: Viewer) -> None:
    plan = make_approved(session(), cast.own, cast.service, *(f"Мероприятие {n}" for n in range(1, 13)))
    assert progress.counts(session(), plan.id) == progress.Progress(total=12, open=12)
    for measure in plan.measures[:9]:
        measures.finish(session(), measure=measure, done_on=DAY, rendered=Rendered("legal", "Услуга"), by=anna, now=NOW)
    measures.finish(
        session(), measure=plan.measures[9], done_on=DAY, is_partly=True, result="половина", by=anna, now=NOW
    )
    measures.fail(session(), measure=plan.measures[10], on=DAY, reason="нет справки", by=anna)
    before = progress.counts(session(), plan.id)
    measures.refuse(
        session(), measure=plan.measures[11], refused_on=DAY, reason_code="no_need", is_signed=True, by=anna
    )
    found = progress.counts(session(), plan.id)
    assert found == progress.Progress(12, done=9, done_partly=1, not_done=1, refused=1)
    assert (before.share, found.share) == (9 / 12, 9 / 11)
    assert progress.counts(session(), 0) == progress.Progress()
    assert progress.Progress().share is None
