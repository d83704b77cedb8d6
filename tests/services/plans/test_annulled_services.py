"""«Выполнено» rests on a service: when the last of them is annulled the measure is in work again."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.plans import Measure, MeasureStatus, Plan
from models.work import GroupSession, ServiceRecord
from services.plans import approval, measures
from services.plans.measures import Rendered
from services.work import annulment, sessions
from tests.conftest import NOW, TODAY
from tests.factories import Cast, make_graduate
from tests.plans_factories import make_approved, make_service, seen_by

Sessions = scoped_session[Session]
DAY = date(2026, 9, 15)


def done(session: Sessions, cast: Cast, **how: object) -> Measure:
    plan = make_approved(session(), cast.own, cast.service)
    (measure,) = plan.measures
    anna = seen_by(session(), cast.anna)
    how = how or {"rendered": Rendered("legal", "Подано заявление")}
    measures.finish(session(), measure=measure, done_on=DAY, result="Сделано", by=anna, now=NOW, **how)  # type: ignore[arg-type]
    session.commit()
    return measure


def annul(session: Sessions, cast: Cast, record: object) -> list[Measure]:
    galina = seen_by(session(), cast.galina)
    found = annulment.annul(session(), record=record, reason="записано по ошибке", by=galina).measures
    session.commit()
    return found


def test_a_measure_is_in_work_again(session: Sessions, cast: Cast) -> None:
    measure = done(session, cast)
    assert annul(session, cast, session.scalars(select(ServiceRecord)).one()) == [measure]
    assert (measure.status, measure.done_on, measure.result) == (MeasureStatus.IN_WORK, None, "")
    told = measure.plan.changes[-1]
    assert (told.what, told.ground, told.changed_on) == ("выполнено → в работе", "аннулирована услуга", TODAY)


def test_a_measure_with_another_service_stays_done(session: Sessions, cast: Cast) -> None:
    measure = done(session, cast)
    make_service(session(), measure.plan, DAY, measure_id=measure.id)
    first = session.scalars(select(ServiceRecord).order_by(ServiceRecord.id)).first()
    assert annul(session, cast, first) == []
    assert measure.status is MeasureStatus.DONE


def test_a_closed_plan_keeps_its_marks(session: Sessions, cast: Cast) -> None:
    measure = done(session, cast)
    anna = seen_by(session(), cast.anna)
    approval.close(session(), plan=measure.plan, closed_on=TODAY, closing_note="Всё сделано.", by=anna)
    assert annul(session, cast, session.scalars(select(ServiceRecord)).one()) == []
    assert measure.status is MeasureStatus.DONE


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_session_that_is_annulled_or_left_fulfils_nothing(session: Sessions, cast: Cast, is_whole: bool) -> None:
    anna = seen_by(session(), cast.anna)
    other = make_graduate(session(), "Другая Дарья", agency_id=cast.service.id)
    group: GroupSession = sessions.record(
        session(),
        agency_id=cast.service.id,
        graduate_ids=[cast.own.id, other.id],
        held_on=DAY,
        topic="Бюджет",
        service_kind_code="legal",
        by=anna,
        now=NOW,
    )
    own = session.scalars(select(ServiceRecord).where(ServiceRecord.graduate_id == cast.own.id)).one()
    measure = done(session, cast, service_ids=[own.id])
    if is_whole:
        assert annul(session, cast, group) == [measure]
    else:
        sessions.remove_participants(session(), group=group, graduate_ids=[cast.own.id], by=anna)
        session.commit()
    assert measure.status is MeasureStatus.IN_WORK
    assert session.scalars(select(Plan)).one().is_in_force
