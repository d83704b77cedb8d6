"""The category of support: what the rules propose, and the decision that people take."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_record
from models.dictionaries import SupportCategory
from models.graduates import Graduate
from models.support import CategoryDecision
from services.assessments.recording import check_day
from services.assessments.rules import Proposal
from services.assessments.rules import propose as judge
from services.assessments.situation import situation_of
from services.errors import need
from services.profiles import profile_of

DAY = timedelta(days=1)


def may_decide(viewer: Viewer, graduate: Graduate) -> bool:
    """The organisation responsible for the support; where none is, the administrator."""
    if graduate.agency_id is None:
        return viewer.is_administrator
    return may_record(viewer, graduate.agency_id)


def propose(session: Session, *, graduate: Graduate, on: date) -> Proposal:
    """What the records of a person ask for on a day, by the scale of the responsible organisation."""
    scale = profile_of(session, agency_id=graduate.agency_id or 0, on=on).monitoring
    return judge(situation_of(session, graduate=graduate, scale=scale, on=on))


def current(graduate: Graduate) -> CategoryDecision | None:
    """The decision in force; the newest of several."""
    standing = [decision for decision in graduate.category_decisions if decision.ends_on is None]
    return max(standing, key=_order, default=None)


def _order(decision: CategoryDecision) -> tuple[date, int]:
    return decision.starts_on, decision.id or 0


def decide(
    session: Session,
    *,
    graduate: Graduate,
    category_code: str | None,
    starts_on: date,
    ground: str,
    decided_by: str,
    by: Viewer,
) -> CategoryDecision:
    """A decision from a day on; the one before it ends the day before. The same category again is a review.

    Raises Refused.
    """
    need(may_decide(by, graduate), "Категорию меняет организация, ответственная за сопровождение.")
    category = session.get(SupportCategory, category_code) if category_code else None
    is_offered = category is not None and not category.is_retired
    need(is_offered, "Выберите категорию из списка.", field="category_code")
    check_day(graduate, starts_on, by=by, field="starts_on")
    need(ground.strip(), "Укажите основание решения.", field="ground")
    need(decided_by.strip(), "Укажите, кто решил.", field="decided_by")
    _check_order(graduate, starts_on)
    for earlier in graduate.category_decisions:
        if earlier.ends_on is None or earlier.ends_on >= starts_on:
            earlier.ends_on = starts_on - DAY
    made = CategoryDecision(
        graduate=graduate,
        category=category,
        starts_on=starts_on,
        ground=ground.strip(),
        decided_by=decided_by.strip(),
    )
    session.add(made)
    session.flush()
    return made


def _check_order(graduate: Graduate, starts_on: date) -> None:
    last = max(graduate.category_decisions, key=_order, default=None)
    if last is None:
        return
    told = f"{last.starts_on:%d.%m.%Y}"
    is_not_before = starts_on >= last.starts_on
    need(is_not_before, f"Раньше последнего решения ({told}): укажите дату после него.", field="starts_on")
    is_later = starts_on > last.starts_on
    need(is_later, f"От {told} решение уже есть. Ошибку в нём исправьте в карточке выпускника.", field="starts_on")
