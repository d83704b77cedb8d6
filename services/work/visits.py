"""Visits to where a person lives (патронаж, Ж-11), and surveys of housing and living conditions (акт ЖБУ)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.support import CategoryDecision
from models.work import HousingSurvey, SurveyOutcome, Visit
from services.cases.common import hold
from services.errors import need
from services.work import entry


def record(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    visited_on: date,
    address: str = "",
    purpose: str,
    is_opened: bool = True,
    result: str = "",
    next_on: date | None = None,
    companions: str = "",
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> Visit:
    """Register a visit; the category of that day and the address of the card are filled in. Raises Refused."""
    entry.check_right(by, agency_id)
    entry.check_day(visited_on, by=by, field="visited_on")
    need(purpose.strip(), "Укажите цель.", field="purpose")
    need(next_on is None or next_on > visited_on, "Следующий выезд – после этого.", field="next_on")
    graduate = entry.person(session, graduate_id=graduate_id, on=visited_on, by=by, day_field="visited_on")
    visit = Visit(
        agency_id=agency_id,
        graduate=graduate,
        visited_on=visited_on,
        address=(address.strip() or graduate.current_address)[:500],
        purpose=purpose.strip(),
        category_code=category_on(session, graduate_id=graduate.id, on=visited_on),
        is_opened=is_opened,
        result=result.strip(),
        next_on=next_on,
        companions=companions.strip(),
    )
    entry.keep(session, visit, on=visited_on, specialist=specialist, by=by, now=now)
    return visit


def category_on(session: Session, *, graduate_id: int, on: date) -> str | None:
    """The category of support that was decided for the day."""
    query = select(CategoryDecision.category_code).where(
        CategoryDecision.graduate_id == graduate_id,
        CategoryDecision.starts_on <= on,
        or_(CategoryDecision.ends_on.is_(None), CategoryDecision.ends_on >= on),
    )
    newest = query.order_by(CategoryDecision.starts_on.desc(), CategoryDecision.id.desc()).limit(1)
    return session.scalars(newest).first()


def survey(
    session: Session,
    *,
    agency_id: int,
    graduate_id: int,
    surveyed_on: date,
    visit: Visit | None = None,
    address: str = "",
    outcome: SurveyOutcome = SurveyOutcome.FIT,
    recommended_until: date | None = None,
    seen: dict[str, Any],
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> HousingSurvey:
    """Draw up an act of a survey, also on the ground of a visit. Raises Refused.

    `seen`: the rest of the act by the names of its columns: commission, cohabitants, sanitary …
    """
    entry.check_right(by, agency_id)
    entry.check_day(surveyed_on, by=by, field="surveyed_on")
    graduate = entry.person(session, graduate_id=graduate_id, on=surveyed_on, by=by, day_field="surveyed_on")
    if visit is not None:
        hold(session, visit)
        is_about = visit.graduate_id == graduate.id and visit.agency_id == agency_id
        need(is_about, "Этот выезд был к другому человеку.", field="visit_id")
        need(visit.annulled_on is None, "Выезд аннулирован.", field="visit_id")
        need(surveyed_on >= visit.visited_on, "Обследование не может быть раньше выезда.", field="surveyed_on")
    check_areas(seen.get("area_total"), seen.get("area_living"))
    is_ahead = recommended_until is None or recommended_until >= surveyed_on
    need(is_ahead, "Срок рекомендаций не может быть раньше обследования.", field="recommended_until")
    act = HousingSurvey(
        agency_id=agency_id,
        graduate=graduate,
        visit_id=visit.id if visit else None,
        surveyed_on=surveyed_on,
        address=(address.strip() or (visit.address if visit else "") or graduate.current_address)[:500],
        outcome=outcome,
        recommended_until=recommended_until,
        **seen,
    )
    entry.keep(session, act, on=surveyed_on, specialist=specialist, by=by, now=now)
    return act


def check_areas(total: int | None, living: int | None) -> None:
    is_part = total is None or living is None or living <= total
    need(is_part, "Жилая площадь не может быть больше общей.", field="area_living")
