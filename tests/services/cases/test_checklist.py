"""What each stage consists of, and what of it is done, is read from the records."""

from datetime import date

from sqlalchemy.orm import Session, scoped_session

from models.cases import Application
from models.plans import Measure, MeasureStatus, Plan, PlanKind, PlanState
from models.support import Consent
from models.work import Visit
from services import numbering
from services.cases.checklist import TASKS, checklist
from tests.conftest import NOW
from tests.factories import Cast


def done(session: scoped_session[Session], cast: Cast) -> dict[str, date]:
    return {task.title: task.done_on for task in checklist(session(), graduate_id=cast.own.id) if task.done_on}


def test_of_somebody_new_nothing_is_done(session: scoped_session[Session], cast: Cast) -> None:
    assert [task.done_on for task in checklist(session(), graduate_id=cast.own.id)] == [None] * len(TASKS)


def test_records_show_what_is_done(session: scoped_session[Session], cast: Cast) -> None:
    about = {"agency_id": cast.service.id, "graduate_id": cast.own.id, "created_at": NOW}
    session.add(Consent(graduate=cast.own, purpose_code="support", given_on=date(2026, 4, 24)))
    application = Application(**about, received_on=date(2026, 4, 23), registered_on=date(2026, 4, 24))
    plan = Plan(**about, kind=PlanKind.INDIVIDUAL, starts_on=date(2026, 5, 12), ends_on=date(2027, 5, 11))
    plan.state, plan.approved_on = PlanState.APPROVED, date(2026, 5, 12)
    done_measure = {"status": MeasureStatus.DONE, "done_on": date(2026, 6, 1)}
    plan.measures = [Measure(direction_code="legal", title="Паспорт", **done_measure)]
    shut = Visit(**about, visited_on=date(2026, 6, 2), purpose="патронаж", is_opened=False)
    for record, on in ((application, application.registered_on), (plan, plan.approved_on), (shut, shut.visited_on)):
        with session.no_autoflush:
            numbering.assign(session(), record=record, on=on)
            session.add(record)
    session.commit()
    assert done(session, cast) == {
        "Согласие на обработку данных получено": date(2026, 4, 24),
        "Заявление зарегистрировано": date(2026, 4, 24),
        "План утверждён": date(2026, 5, 12),
        "Мероприятия плана выполняются": date(2026, 6, 1),
    }
    application.annulled_on, application.annulled_reason = date(2026, 6, 3), "ошибка"
    session.commit()
    assert "Заявление зарегистрировано" not in done(session, cast)
