"""How sums and bands look in lists and on pages; the scales of the organisations."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_admin.helpers import get_form_data
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, String, cast, func, or_, select

from models.assessments import MonitoringCard, MonitoringScore, ReadinessAssessment, ReadinessScore
from models.graduates import Graduate
from reports.scales import Band, Scale
from services import field_groups
from services.assessments.monitoring import Total, reckoned
from services.profiles import Profile, profile_of
from views import edge
from views.extensions import db
from views.formats import chip, counted, ru_date
from views.listing import Column, Filter

LOOKS = {
    **dict.fromkeys(("high", "ready"), ("green", "circle-check")),
    **dict.fromkeys(("middle", "partly"), ("amber", "activity")),
    **dict.fromkeys(("low", "not-ready"), ("red", "alert-triangle")),
}


def profile(agency_id: int) -> Profile:
    """Of an organisation today; read once for a request."""
    known: dict[int, Profile] = g.setdefault("assessment_profiles", {})
    if agency_id not in known:
        known[agency_id] = profile_of(db.session(), agency_id=agency_id, on=edge.today())
    return known[agency_id]


def groups_of(graduate: Graduate) -> frozenset[str]:
    """Field groups of a person that the user may read; asked once for a request."""
    known: dict[int, frozenset[str]] = g.setdefault("assessment_groups", {})
    if graduate.id not in known:
        known[graduate.id] = field_groups.readable_groups(db.session(), viewer=edge.viewer(), graduate=graduate)
    return known[graduate.id]


def own_profile() -> Profile:
    """Of the organisation for which the user fills in a form; the administrator names it there."""
    data = get_form_data() or {}
    chosen = data.get("agency_id", "") if edge.viewer().is_administrator else ""
    return profile(int(chosen) if chosen.isdecimal() and len(chosen) < 10 else current_user.agency_id)


def points_text(total: Total, best: int | None = None) -> str:
    """«12 баллов», «12 из 21, с пропусками»."""
    if total.points is None:
        return "н/д"
    told = f"{total.points} из {best}" if best else counted(total.points, "балл", "балла", "баллов")
    return f"{told}, с пропусками" if total.is_flagged else told


def band_chip(band: Band | None) -> str | Markup:
    if band is None:
        return ""
    return chip(band.title, *LOOKS.get(band.code, ("grey", "")))


def band_column(points: Any, scale: Scale) -> Column:
    def told(value: int) -> str:
        band = scale.band_of(value)
        return band.title if band else ""

    return Column("band", "Уровень", points, show=lambda value: band_chip(scale.band_of(value)), export=told, width=18)


def band_filter(points: ColumnElement[int], scale: Scale) -> Filter:
    def condition(codes: list[str]) -> ColumnElement[bool]:
        bands = {band.code: band for band in scale.bands}
        if unknown := set(codes) - bands.keys():
            raise ValueError(unknown)
        return or_(*(points.between(bands[code].first, bands[code].last) for code in codes))

    return Filter("band", "Уровень", "choice", condition, lambda: [(band.code, band.title) for band in scale.bands])


def annulled(model: type[Any]) -> Column:
    def told(value: Any) -> str:
        return f"аннулировано {ru_date(value)}" if value else ""

    return Column("annulled", "Состояние", model.annulled_on, show=told, export=told, width=24)


# -- Monitoring: «sum answered asked» of a card, and the points themselves ---------------------------------------------


def _of_card(expression: Any) -> Any:
    return select(expression).where(MonitoringScore.card_id == MonitoringCard.id).correlate(MonitoringCard)


def parts_of_cards() -> ColumnElement[str]:
    value, space = MonitoringScore.value, " "
    points = cast(func.coalesce(func.sum(value), 0), String)
    told = points + space + cast(func.count(value), String) + space + cast(func.count(), String)
    return func.coalesce(_of_card(told).scalar_subquery(), "0 0 0")


def points_of_cards() -> ColumnElement[int]:
    """As services.assessments.monitoring.reckoned; −1: nothing is known."""
    points, known, asked = func.sum(MonitoringScore.value), func.count(MonitoringScore.value), func.count()
    sum_ = (2 * points * asked + known) // (2 * func.nullif(known, 0))
    return func.coalesce(_of_card(sum_).scalar_subquery(), -1)


def total_in(parts: str) -> Total:
    points, answered, asked = (int(part) for part in parts.split())
    return reckoned(points, answered, asked)


def points_of_assessments() -> ColumnElement[int]:
    points = select(func.coalesce(func.sum(ReadinessScore.value), 0))
    own = ReadinessScore.assessment_id == ReadinessAssessment.id
    return points.where(own).correlate(ReadinessAssessment).scalar_subquery()
