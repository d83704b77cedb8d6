"""Services rendered (442-ФЗ, art. 20; Ж-12): by themselves, or on the ground of another entry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.plans import Measure
from models.work import Appeal, Consultation, GroupSession, ServiceRecord, UrgentAct, Visit
from services.cases.common import hold
from services.errors import Refused, need
from services.work import entry
from services.work.service_forms import FormsByHousing, forms_by_housing

URGENT = "urgent"  # The kind that needs neither contract nor «ИППСУ» nor form (442-ФЗ, art. 21).
MOST = 1000
# What a service may rest on, and the column that says so.
GROUNDS: dict[type[Any], str] = {
    Appeal: "appeal_id",
    Consultation: "consultation_id",
    GroupSession: "session_id",
    Visit: "visit_id",
    UrgentAct: "urgent_act_id",
}
Ground = Appeal | Consultation | GroupSession | Visit | UrgentAct


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    provided_on: date,
    kind_code: str | None,
    form_code: str | None = None,
    title: str,
    quantity: int = 1,
    result: str = "",
    measure_id: int | None = None,
    ground: Ground | None = None,
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> ServiceRecord:
    """Note a service; without a form of service the one that the person's dwelling allows is taken. Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(provided_on, by=by, field="provided_on")
    if not kind_code:
        raise Refused("Выберите вид услуги.", field="kind_code")
    need(title.strip(), "Назовите услугу.", field="title")
    need(1 <= quantity <= MOST, f"Количество: от 1 до {MOST}.", field="quantity")
    graduate = entry.person(session, graduate_id=graduate_id, on=provided_on, by=by, day_field="provided_on")
    check_measure(session, measure_id=measure_id, graduate=graduate, on=provided_on)
    forms = forms_by_housing(session, agency_id=agency_id, on=provided_on)
    made = build(graduate, agency_id=agency_id, on=provided_on, kind_code=kind_code, title=title, forms=forms)
    if form_code and kind_code != URGENT:
        made.form_code = form_code
    made.quantity, made.result, made.measure_id = quantity, result.strip(), measure_id
    if ground is not None:
        hold(session, ground)
        check_ground(ground, made)
        rest_on(made, ground)
    entry.sign(session, made, specialist=specialist, by=by)
    session.add(made)
    session.flush()
    return made


def build(
    graduate: Graduate, *, agency_id: int, on: date, kind_code: str, title: str, forms: FormsByHousing
) -> ServiceRecord:
    """A service not yet stored, in the form that the person's housing proposes; an urgent one has no form."""
    form = None if kind_code == URGENT else forms.proposed(graduate.current_housing_code)
    return ServiceRecord(
        agency_id=agency_id,
        graduate=graduate,
        provided_on=on,
        kind_code=kind_code,
        form_code=form,
        title=title.strip(),
        quantity=1,
    )


def rest_on(made: ServiceRecord, ground: Ground) -> None:
    setattr(made, GROUNDS[type(ground)], ground.id)


def check_ground(ground: Ground, made: ServiceRecord) -> None:
    """The entry that a service rests on is about the same person and of the same organisation, and stands."""
    is_about = isinstance(ground, GroupSession) or ground.graduate is made.graduate
    need(is_about and ground.agency_id == made.agency_id, "Запись-основание не об этом человеке.")
    need(ground.annulled_on is None, "Запись-основание аннулирована.")


def check_measure(session: Session, *, measure_id: int | None, graduate: Graduate, on: date) -> None:
    """A measure is fulfilled by services to its own person, in the time of its plan."""
    if measure_id is None:
        return
    measure = session.get(Measure, measure_id)
    is_own = measure is not None and measure.plan.graduate_id == graduate.id
    if measure is None or not is_own or not measure.plan.is_in_force:
        raise Refused("Выберите мероприятие действующего плана этого человека.", field="measure_id")
    need(on >= measure.plan.starts_on, "Услуга оказана раньше, чем начался план.", field="measure_id")
