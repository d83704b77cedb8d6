"""What becomes of a measure of a plan in force; every change leaves a line of section V (domain §2.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_register
from models.plans import OPEN_MEASURES, Measure, MeasureStatus, Plan
from models.work import ServiceRecord
from services.errors import Refused, need
from services.plans import drafts
from services.plans.holding import CHANGED, hold, note, ru
from services.work import service_records

NOT_IN_FORCE = "Отмечать исполнение можно, пока план действует."
CLOSED_STATUSES = frozenset(MeasureStatus) - OPEN_MEASURES


@dataclass(frozen=True)
class Rendered:
    """A service recorded together with the mark that rests on it."""

    kind_code: str | None
    title: str
    specialist: str = ""  # empty: the user


# -- Verbs -----------------------------------------------------------------------------------------------------------


def start(session: Session, *, measure: Measure, on: date, by: Viewer) -> None:
    """The work has begun. Raises Refused."""
    _begin(session, measure, by, on, "on")
    need(measure.status in (MeasureStatus.PLANNED, MeasureStatus.MOVED), "Мероприятие уже в работе или завершено.")
    _become(session, measure, MeasureStatus.IN_WORK, "", on, by)


def finish(
    session: Session,
    *,
    measure: Measure,
    done_on: date,
    result: str = "",
    service_ids: Collection[int] = (),
    rendered: Rendered | None = None,
    is_partly: bool = False,
    by: Viewer,
    now: datetime,
) -> None:
    """Done, wholly or partly. «Выполнено» rests on a service: linked, chosen, or recorded now. Raises Refused."""
    _begin(session, measure, by, done_on, "done_on")
    _need_open(measure)
    need(result.strip() or not is_partly, "Напишите, что сделано и что осталось.", field="result")
    _link(session, measure, service_ids, done_on)
    if rendered is not None:
        _record(session, measure, rendered, done_on, by, now)
    session.flush()
    rests = rests_on(session, measure=measure, until=done_on)
    need(is_partly or rests, "Выберите услугу, которой выполнено мероприятие, или запишите её.", field="services")
    measure.done_on, measure.result = done_on, result.strip()
    status = MeasureStatus.DONE_PARTLY if is_partly else MeasureStatus.DONE
    _become(session, measure, status, result, done_on, by)


def fail(session: Session, *, measure: Measure, on: date, reason: str, by: Viewer) -> None:
    """Not done, and why. Raises Refused."""
    _begin(session, measure, by, on, "on")
    _need_open(measure)
    need(reason.strip(), "Укажите причину.", field="reason")
    measure.result = reason.strip()
    _become(session, measure, MeasureStatus.NOT_DONE, reason, on, by)


def refuse(
    session: Session,
    *,
    measure: Measure,
    refused_on: date,
    reason_code: str | None,
    reason_note: str = "",
    is_signed: bool,
    by: Viewer,
) -> None:
    """The graduate refuses the measure (aistenok, cl. 11): with a day, a reason and a signature. Raises Refused."""
    _begin(session, measure, by, refused_on, "refused_on")
    _need_open(measure)
    need(reason_code or reason_note.strip(), "Укажите причину отказа.", field="reason_code")
    need(is_signed, "Отказ отмечают, когда выпускник подписал отметку.", field="is_signed")
    measure.refused_on, measure.refusal_reason_code = refused_on, reason_code
    measure.refusal_note, measure.is_refusal_signed = reason_note.strip(), True
    _become(session, measure, MeasureStatus.REFUSED, reason_note, refused_on, by)


def move(session: Session, *, measure: Measure, due_on: date, ground: str, on: date, by: Viewer) -> None:
    """A new term with its ground; the old one stays in section V. Raises Refused."""
    _begin(session, measure, by, on, "on")
    _need_open(measure)
    need(ground.strip(), "Укажите основание переноса.", field="ground")
    need(due_on != measure.due_on, "Новый срок совпадает с прежним.", field="due_on")
    need(due_on >= on, "Новый срок раньше дня переноса.", field="due_on")
    fault = drafts.outside(measure.plan.starts_on, measure.plan.ends_on, measure.starts_on, due_on)
    if fault is not None:
        is_late = due_on > measure.plan.ends_on
        hint = " Чтобы перенести дальше, сделайте новую редакцию плана." if is_late else ""
        raise Refused(fault[1] + hint, field="due_on")
    old, measure.due_on = measure.due_on, due_on
    was = f"с {ru(old)} " if old else ""
    measure.status = MeasureStatus.MOVED
    what = f"срок перенесён {was}на {ru(due_on)}"
    note(session, plan=measure.plan, what=what, ground=ground, on=on, by=by, measure=measure)
    session.flush()


def exclude(session: Session, *, measure: Measure, on: date, ground: str, by: Viewer) -> None:
    """The measure is needed no more. Raises Refused."""
    _begin(session, measure, by, on, "on")
    _need_open(measure)
    need(ground.strip(), "Укажите основание.", field="ground")
    _become(session, measure, MeasureStatus.EXCLUDED, ground, on, by)


def resume(session: Session, *, measure: Measure, on: date, ground: str, by: Viewer) -> None:
    """Take a mark back: the measure is in work again, what was marked stays in section V. Raises Refused."""
    _begin(session, measure, by, on, "on")
    need(measure.status in CLOSED_STATUSES, "Мероприятие ещё не завершено.")
    need(ground.strip(), "Укажите, почему отметка снимается.", field="ground")
    measure.done_on = measure.refused_on = measure.refusal_reason_code = None
    measure.result, measure.refusal_note, measure.is_refusal_signed = "", "", False
    _become(session, measure, MeasureStatus.IN_WORK, ground, on, by)


def reopen_unserved(session: Session, *, measure_ids: Collection[int], by: Viewer) -> list[Measure]:
    """Services were annulled: what is done by none that stands is in work again, while its plan is in force."""
    query = select(Measure).where(Measure.id.in_(measure_ids), Measure.status == MeasureStatus.DONE)
    reopened = []
    for measure in session.scalars(query.order_by(Measure.plan_id, Measure.id)).all():
        hold(session, plan=measure.plan, as_seen=False)
        session.refresh(measure)
        if measure.status is not MeasureStatus.DONE or not measure.plan.is_in_force:
            continue
        if measure.done_on is not None and not rests_on(session, measure=measure, until=measure.done_on):
            measure.done_on, measure.result = None, ""
            _become(session, measure, MeasureStatus.IN_WORK, "аннулирована услуга", by.on, by)
            reopened.append(measure)
    return reopened


# -- Services that a measure rests on --------------------------------------------------------------------------------


def choosable(session: Session, *, measure: Measure) -> list[ServiceRecord]:
    """Services to the person during the plan that no measure rests on yet, the newest first."""
    query = select(ServiceRecord).where(_may_serve(measure.plan), ServiceRecord.measure_id.is_(None))
    return list(session.scalars(query.order_by(ServiceRecord.provided_on.desc(), ServiceRecord.id.desc()).limit(200)))


def linked(session: Session, *, measure: Measure) -> list[ServiceRecord]:
    """Services that the measure rests on."""
    query = select(ServiceRecord).where(ServiceRecord.measure_id == measure.id, ServiceRecord.annulled_on.is_(None))
    return list(session.scalars(query.order_by(ServiceRecord.provided_on, ServiceRecord.id)))


def rests_on(session: Session, *, measure: Measure, until: date) -> int:
    """How many services of a measure were rendered up to a day."""
    query = select(func.count(ServiceRecord.id)).where(
        ServiceRecord.measure_id == measure.id,
        ServiceRecord.annulled_on.is_(None),
        ServiceRecord.provided_on <= until,
    )
    return session.scalar(query) or 0


def _may_serve(plan: Plan) -> ColumnElement[bool]:
    """Services of the organisation and its partners to the person since the plan began."""
    agencies = [plan.agency_id, *(partner.agency_id for partner in plan.partners)]
    return and_(
        ServiceRecord.graduate_id == plan.graduate_id,
        ServiceRecord.agency_id.in_(agencies),
        ServiceRecord.annulled_on.is_(None),
        ServiceRecord.provided_on >= plan.starts_on,
    )


def _link(session: Session, measure: Measure, ids: Collection[int], until: date) -> None:
    if not ids:
        return
    own = or_(ServiceRecord.measure_id.is_(None), ServiceRecord.measure_id == measure.id)
    query = select(ServiceRecord).where(ServiceRecord.id.in_(ids), _may_serve(measure.plan), own)
    found = list(session.scalars(query.with_for_update()))
    need(
        len(found) == len(set(ids)), "Выбранной услуги среди услуг выпускника нет: обновите страницу.", field="services"
    )
    for service in found:
        late = f"Услуга оказана {ru(service.provided_on)}, позже дня выполнения."
        need(service.provided_on <= until, late, field="done_on")
        service.measure_id = measure.id


def _record(session: Session, measure: Measure, rendered: Rendered, on: date, by: Viewer, now: datetime) -> None:
    plan = measure.plan
    service_records.record(
        session,
        agency_id=plan.agency_id,
        graduate_id=plan.graduate_id,
        provided_on=on,
        kind_code=rendered.kind_code,
        title=rendered.title[:500],
        specialist=rendered.specialist[:500],
        measure_id=measure.id,
        by=by,
        now=now,
    )


# -- Rules of all verbs ----------------------------------------------------------------------------------------------


def _begin(session: Session, measure: Measure, by: Viewer, on: date, name: str) -> None:
    """The right, the plan in force and held, a day inside it that has come."""
    plan, seen = measure.plan, measure.version
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan, as_seen=False)
    session.refresh(measure)
    need(measure.version == seen, CHANGED)
    need(plan.is_in_force, NOT_IN_FORCE)
    need(on >= plan.starts_on, f"Мероприятие раньше плана: план начинается {ru(plan.starts_on)}.", field=name)
    need(on <= by.on, "Эта дата ещё не наступила.", field=name)


def _need_open(measure: Measure) -> None:
    sentence = f"Мероприятие уже отмечено: {measure.status.label}. Сначала верните его в работу."
    need(measure.status in OPEN_MEASURES, sentence)


def _become(session: Session, measure: Measure, status: MeasureStatus, ground: str, on: date, by: Viewer) -> None:
    what = f"{measure.status.label} → {status.label}"
    measure.status = status
    note(session, plan=measure.plan, what=what, ground=ground, on=on, by=by, measure=measure)
    session.flush()
