"""A specialist's work of a month, line by line (domain §6.1, table B)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from models.exchange import Referral, ReferralStatus
from models.plans import OPEN_MEASURES, Measure, MeasureStatus, Plan, PlanState
from models.support import Assignment
from models.work import Appeal, Consultation, ConsultationKind, HousingSurvey, ServiceRecord
from reports import scope
from reports.base import Desk
from reports.figures import CountLine, LineTable, Records, Table

DONE = (MeasureStatus.DONE, MeasureStatus.DONE_PARTLY)
ACCOMPANIMENT = "accompaniment"
NOTE = (
    "Обращения в работе и просроченные – на последний день; мероприятия – из утверждённых планов людей, за которыми "
    "закреплён специалист. Перешедшее в новую редакцию плана мероприятие сочтено один раз."
)


def work(desk: Desk) -> Table:
    lines = (*_talks(desk), *_meetings(desk), *_appeals(desk), *_letters(desk), *_escorts(desk), *_measures(desk))
    return LineTable("work", "Б. Работа", "Показатель", lines, note=NOTE)


def _talks(desk: Desk) -> Iterator[CountLine]:
    held = scope.consultations(desk)
    for kind in ConsultationKind:
        yield CountLine(f"talks-{kind.value}", kind.label.capitalize(), held.narrowed(Consultation.kind == kind))
    yield CountLine("talks", "Бесед и консультаций всего", held)


def _meetings(desk: Desk) -> Iterator[CountLine]:
    yield CountLine("sessions", "Групповых занятий", scope.group_sessions(desk))
    yield CountLine("participants", "Участников групповых занятий", scope.participants(desk))
    yield CountLine("visits", "Выездов", scope.visits(desk))
    surveys = scope.work(desk, HousingSurvey, HousingSurvey.surveyed_on)
    yield CountLine("surveys", "Актов обследования жилья", surveys)


def _appeals(desk: Desk) -> Iterator[CountLine]:
    on = desk.parameters.on
    is_open = and_(Appeal.received_on <= on, or_(Appeal.done_on.is_(None), Appeal.done_on > on))
    standing = _standing(desk, Appeal).narrowed(is_open)
    yield CountLine("appeals", "Обращений поступило", scope.appeals(desk))
    yield CountLine("appeals-done", "Обращений исполнено", scope.work(desk, Appeal, Appeal.done_on))
    yield CountLine("appeals-open", "Обращений в работе", standing)
    yield CountLine("appeals-overdue", "Из них просрочено", standing.narrowed(Appeal.due_on < on))


def _standing(desk: Desk, model: Any) -> Records:
    """Entries of all times that are not annulled."""
    own = scope.of_specialist(desk, model.specialist_id)
    found = Records(model, (scope.within(desk, model.agency_id),), person=model.graduate_id, day=model.received_on)
    return found.narrowed(model.annulled_on.is_(None), own)


def _letters(desk: Desk) -> Iterator[CountLine]:
    """Whoever wrote a letter sent it; an answer to it is the writer's too."""
    span, r = desk.parameters.span, Referral
    own = (scope.within(desk, r.sender_id), scope.of_specialist(desk, r.author_id))
    letters = Records(r, day=r.sent_on).narrowed(*own, r.status != ReferralStatus.REVOKED)
    yield CountLine("letters", "Запросов, ходатайств отправлено", letters.narrowed(scope.during(r.sent_on, span)))
    yield CountLine("answers", "Ответов на них получено", letters.narrowed(scope.during(r.answered_on, span)))


def _escorts(desk: Desk) -> Iterator[CountLine]:
    rendered = scope.services(desk).narrowed(ServiceRecord.kind_code == ACCOMPANIMENT)
    yield CountLine("escorts", "Сопровождений в учреждения", rendered)


def _measures(desk: Desk) -> Iterator[CountLine]:
    m, on = Measure, desk.parameters.on
    due = measures(desk)
    is_late = or_(m.status == MeasureStatus.NOT_DONE, and_(m.status.in_(OPEN_MEASURES), m.due_on < on))
    yield CountLine("measures", "Мероприятий плана со сроком в периоде", due)
    yield CountLine("measures-done", "Из них выполнено", due.narrowed(m.status.in_(DONE)))
    yield CountLine("measures-refused", "Из них отказ выпускника", due.narrowed(m.status == MeasureStatus.REFUSED))
    yield CountLine("measures-late", "Из них просрочено или не выполнено", due.narrowed(is_late))


def measures(desk: Desk) -> Records:
    """Lines of plans in force or carried through; of a line taken over by a new edition, the newest one."""
    later, plan = aliased(Measure), aliased(Plan)
    taken_over = exists().where(
        later.carried_from_id == Measure.id,
        plan.id == later.plan_id,
        plan.number.is_not(None),
        plan.annulled_on.is_(None),
    )
    found = scope.measures(desk).narrowed(
        Plan.state.in_((PlanState.APPROVED, PlanState.CLOSED)),
        Measure.status != MeasureStatus.EXCLUDED,
        ~taken_over.correlate(Measure),
    )
    return found.narrowed(of_ward(desk, Plan.graduate_id))


def of_ward(desk: Desk, graduate_id: Any) -> ColumnElement[bool] | None:
    """The person was assigned to the report's specialist at some time of the period; None where it is nobody's."""
    wanted, span, a = desk.parameters.specialist_id, desk.parameters.span, Assignment
    if wanted is None:
        return None
    held = select(a.graduate_id).where(
        a.user_id == wanted, a.starts_on <= span.ends_on, or_(a.ends_on.is_(None), a.ends_on >= span.starts_on)
    )
    condition: ColumnElement[bool] = graduate_id.in_(held)
    return condition
