"""Appeals of graduates (Ж-7): recorded, decided, closed with an outcome."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from models.access import Viewer
from models.reckoning import Unit, term
from models.work import Appeal, Urgency
from models.working_calendar import OutsideCalendar
from services.errors import Refused, need
from services.production_calendar import load_calendar
from services.work import entry

URGENT_DAYS = 3  # vologda 4.4; calendar days, the last one rolls to a working day (domain §7.1).


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    received_on: date,
    received_time: time | None = None,
    channel_code: str | None = None,
    content: str,
    wanted_kind_code: str | None = None,
    urgency: Urgency = Urgency.ORDINARY,
    decision: str = "",
    outcome_code: str | None = None,
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> Appeal:
    """Register an appeal on the day it came; with an outcome it is closed on that day already. Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(received_on, by=by, field="received_on")
    need(content.strip(), "Кратко запишите содержание обращения.", field="content")
    graduate = entry.person(session, graduate_id=graduate_id, on=received_on, by=by, day_field="received_on")
    appeal = Appeal(
        agency_id=agency_id,
        graduate=graduate,
        received_on=received_on,
        received_time=received_time,
        channel_code=channel_code,
        content=content.strip(),
        wanted_kind_code=wanted_kind_code,
        urgency=urgency,
        decision=decision.strip(),
        due_on=due(session, received_on=received_on, urgency=urgency),
        done_on=received_on if outcome_code else None,
        outcome_code=outcome_code,
    )
    entry.keep(session, appeal, on=received_on, specialist=specialist, by=by, now=now)
    return appeal


def due(session: Session, *, received_on: date, urgency: Urgency) -> date | None:
    """Until when help is due: an ordinary appeal has no term, an urgent one three days, another the same day."""
    if urgency is Urgency.ORDINARY:
        return None
    if urgency is Urgency.AT_ONCE:
        return received_on
    try:
        return term(load_calendar(session), received_on, URGENT_DAYS, Unit.CALENDAR).due_on
    except OutsideCalendar as error:
        raise Refused(f"Срок не посчитать. {error}", field="urgency") from None


def decide(session: Session, *, appeal: Appeal, decision: str, by: Viewer) -> None:
    """Write down what was decided or done about an appeal that is still open. Raises Refused."""
    _check_open(appeal, by)
    need(decision.strip(), "Запишите принятое решение.", field="decision")
    appeal.decision = decision.strip()
    session.flush()


def close(
    session: Session, *, appeal: Appeal, done_on: date, outcome_code: str | None, decision: str = "", by: Viewer
) -> None:
    """The day on which the appeal was dealt with, and how it ended. Raises Refused."""
    _check_open(appeal, by)
    entry.check_day(done_on, by=by, field="done_on")
    need(done_on >= appeal.received_on, "Исполнить раньше, чем поступило обращение, нельзя.", field="done_on")
    need(outcome_code, "Укажите результат.", field="outcome_code")
    appeal.decision = decision.strip() or appeal.decision
    need(appeal.decision, "Запишите принятое решение, оказанную помощь.", field="decision")
    appeal.done_on, appeal.outcome_code = done_on, outcome_code
    session.flush()


def _check_open(appeal: Appeal, by: Viewer) -> None:
    entry.check_right(by, appeal.agency_id)
    need(appeal.annulled_on is None, "Обращение аннулировано.")
    need(appeal.done_on is None, "Обращение уже исполнено.")
