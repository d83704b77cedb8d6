"""Recognition of somebody as needy and the state assistance that followed (vologda 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.access import Viewer
from models.aid import Benefit
from models.case_access import may_approve
from services.errors import need
from services.library.common import held, need_days
from services.work import entry

MOST = 100_000_000


@dataclass(frozen=True)
class Course:
    """How far it has come: applied, recognised, granted or refused."""

    measure: str
    applied_on: date | None = None
    recognised_on: date | None = None
    decision: str = ""
    granted_on: date | None = None
    amount: int | None = None
    ends_on: date | None = None
    refused_on: date | None = None
    refusal: str = ""
    note: str = ""


def record(session: Session, *, agency_id: int, graduate_id: int, course: Course, by: Viewer, now: datetime) -> Benefit:
    """Raises Refused."""
    entry.check_right(by, agency_id)
    graduate = entry.person(session, graduate_id=graduate_id, on=by.on, by=by, day_field="applied_on")
    benefit = Benefit(agency_id=agency_id, graduate=graduate, created_at=now, created_by_id=by.user_id)
    _write(benefit, course, by)
    session.add(benefit)
    session.flush()
    return benefit


def change(session: Session, *, benefit: Benefit, course: Course, by: Viewer) -> None:
    """Raises Refused."""
    entry.check_right(by, benefit.agency_id)
    benefit = held(session, benefit)
    need(benefit.annulled_on is None, "Запись аннулирована: менять её нельзя.")
    _write(benefit, course, by)
    session.flush()


def _write(benefit: Benefit, course: Course, by: Viewer) -> None:
    need(course.measure.strip(), "Укажите, какая помощь.", field="measure")
    decision, refusal = course.decision.strip(), course.refusal.strip()
    for name in ("applied_on", "recognised_on", "granted_on", "refused_on"):
        day = getattr(course, name)
        need(day is None or day <= by.on, "Этот день ещё не наступил.", field=name)
        need(day is None or day >= benefit.graduate.birth_date, "Этот день раньше дня рождения.", field=name)
    need_days(by.on, ends_on=course.ends_on)
    need(course.recognised_on is None or decision, "Укажите номер решения и кто его принял.", field="decision")
    need(not decision or course.recognised_on, "Укажите день решения.", field="recognised_on")
    _check_outcome(course, refusal)
    benefit.measure, benefit.decision, benefit.refusal = course.measure.strip(), decision, refusal
    benefit.note = course.note.strip()
    for name in ("applied_on", "recognised_on", "granted_on", "amount", "ends_on", "refused_on"):
        setattr(benefit, name, getattr(course, name))


def _check_outcome(course: Course, refusal: str) -> None:
    applied, granted, refused = course.applied_on, course.granted_on, course.refused_on
    need(granted is None or refused is None, "Либо назначено, либо отказано.", field="refused_on")
    for name, day in (("granted_on", granted), ("refused_on", refused), ("recognised_on", course.recognised_on)):
        need(day is None or applied is None or day >= applied, "Это раньше обращения за помощью.", field=name)
    need(refused is None or refusal, "Укажите, почему отказано.", field="refusal")
    need(not refusal or refused, "Укажите день отказа.", field="refused_on")
    need(course.amount is None or 1 <= course.amount <= MOST, "Сумма: от 1 до 100 000 000 рублей.", field="amount")
    need(course.ends_on is None or granted, "Срок выплаты есть у назначенной помощи.", field="ends_on")
    is_right = course.ends_on is None or granted is None or course.ends_on >= granted
    need(is_right, "Последний день выплаты раньше назначения.", field="ends_on")


def annul(session: Session, *, benefit: Benefit, reason: str, by: Viewer) -> None:
    """Raises Refused."""
    need(may_approve(by, benefit.agency_id), "Аннулировать запись может только руководитель организации.")
    benefit = held(session, benefit)
    need(benefit.annulled_on is None, "Запись уже аннулирована.")
    need(reason.strip(), "Укажите причину.", field="reason")
    benefit.annulled_on, benefit.annulled_reason = by.on, reason.strip()
    session.flush()
