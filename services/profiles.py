"""What an organisation takes over from the regulations that it follows on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import LabelledEnum
from models.regulations import COMMON, AgencyRegulation, Regulation
from reports import eligibility
from reports.norms import KpiNorms, Said, kpi_norms
from reports.scales import NO_SCALE, Scale, scale_of
from services.regulations.loading import pack_of
from services.regulations.pack import Pack

YOUNGEST, OLDEST = 14, 23  # Where no regulation of the organisation sets ages.


class LastDay(LabelledEnum):
    """Which day ends the support of somebody who reaches the highest age."""

    BIRTHDAY = "birthday", "день рождения"
    EVE = "eve", "день перед днём рождения"


@dataclass(frozen=True)
class CategoryNorm:
    """How often somebody of a category is contacted and the category looked at anew, in days; None: no norm."""

    code: str
    title: str
    contact_days: int | None
    review_days: int | None


@dataclass(frozen=True)
class Profile:
    regulations: tuple[str, ...]  # short titles, the common one left out
    age_from: int = YOUNGEST
    age_to: int = OLDEST
    last_day: LastDay = LastDay.BIRTHDAY
    voluntary_from: int | None = None  # from this age the person may refuse
    guardian_consent_below: int | None = None
    programme_ages: tuple[int, int] | None = None  # of the programme of preparation
    categories: tuple[CategoryNorm, ...] = ()
    monitoring_times: int | None = None  # a year
    monitoring_scale: tuple[tuple[int, str], ...] = ()  # value, title
    monitoring: Scale = NO_SCALE
    readiness: Scale = NO_SCALE
    kpi: KpiNorms | None = None  # where a regulation says how the indicators are counted

    def category(self, code: str) -> CategoryNorm | None:
        return next((norm for norm in self.categories if norm.code == code), None)


def profile_of(session: Session, *, agency_id: int, on: date) -> Profile:
    """The rules of all regulations that the organisation follows on the day, together with the common ones.

    Ages are the widest of the regulations; norms are the strictest; the common ones stand where no other says anything.
    """
    return merged(own_packs(session, agency_id=agency_id, on=on), pack_of(session, COMMON))


def own_packs(session: Session, *, agency_id: int, on: date) -> list[Pack]:
    """What the regulations say that the organisation follows on a day, without the common one."""
    return [pack for code in _followed(session, agency_id, on) if (pack := pack_of(session, code))]


def merged(own: Sequence[Pack], common: Pack | None) -> Profile:
    """One profile of several packs."""
    shared = [common] if common else []
    ages, last_day = _ages(_said("ages", own, shared))
    programme = _said("programme_ages", own, shared)
    monitoring = _section("monitoring", own, shared)
    return Profile(
        regulations=tuple(pack.regulation["short_title"] for pack in own),
        age_from=ages[0],
        age_to=ages[1],
        last_day=last_day,
        voluntary_from=min(_said("voluntary_from", own, shared), default=None),
        guardian_consent_below=max(_said("guardian_consent_below", own, shared), default=None),
        programme_ages=_widest(programme) if programme else None,
        categories=_categories(own, shared),
        monitoring_times=max((part["times_per_year"] for part in monitoring if "times_per_year" in part), default=None),
        monitoring_scale=tuple((step["value"], step["title"]) for step in monitoring[0]["scale"]) if monitoring else (),
        monitoring=_scale("monitoring", "indicators", own, shared),
        readiness=_scale("readiness", "spheres", own, shared),
        kpi=_kpi(own, shared),
    )


def last_eligible_day(birth_date: date, profile: Profile) -> date:
    """The last day on which the organisation supports the person."""
    birthday = eligibility.last_eligible_day(birth_date, profile.age_to)
    return birthday if profile.last_day is LastDay.BIRTHDAY else birthday - timedelta(days=1)


def _followed(session: Session, agency_id: int, on: date) -> list[str]:
    """Codes of the organisation's regulations on a day, without the common one."""
    query = select(Regulation.code).join(AgencyRegulation, AgencyRegulation.regulation_id == Regulation.id)
    query = query.where(
        AgencyRegulation.agency_id == agency_id,
        AgencyRegulation.starts_on <= on,
        or_(AgencyRegulation.ends_on.is_(None), AgencyRegulation.ends_on >= on),
        Regulation.code != COMMON,
    )
    return sorted(set(session.scalars(query)))


def _said(key: str, own: Sequence[Pack], shared: Sequence[Pack]) -> list[Any]:
    """What the profiles say under a key: the organisation's own regulations, or else the common one."""
    return _first([pack.profile[key] for pack in packs if key in pack.profile] for packs in (own, shared))


def _section(name: str, own: Sequence[Pack], shared: Sequence[Pack]) -> list[Mapping[str, Any]]:
    return _first([pack.content[name] for pack in packs if name in pack.content] for packs in (own, shared))


def _scale(section: str, items: str, own: Sequence[Pack], shared: Sequence[Pack]) -> Scale:
    def told(packs: Sequence[Pack]) -> list[Mapping[str, Any]]:
        return [pack.content[section] for pack in packs if section in pack.content]

    return scale_of(items, told(own), told(shared))


def _kpi(own: Sequence[Pack], shared: Sequence[Pack]) -> KpiNorms | None:
    profiles = Said(tuple(pack.profile for pack in own), tuple(pack.profile for pack in shared))
    return kpi_norms(profiles) if _said("kpi", own, shared) else None


def _ages(ages: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int], LastDay]:
    """The widest ages; the later last day among those who go to the highest age."""
    if not ages:
        return (YOUNGEST, OLDEST), LastDay.BIRTHDAY
    widest = _widest(ages)
    ends = {LastDay(one.get("last_day", LastDay.BIRTHDAY)) for one in ages if one["to"] == widest[1]}
    return widest, LastDay.BIRTHDAY if LastDay.BIRTHDAY in ends else LastDay.EVE


def _widest(ages: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    return min(one["from"] for one in ages), max(one["to"] for one in ages)


def _categories(own: Sequence[Pack], shared: Sequence[Pack]) -> tuple[CategoryNorm, ...]:
    """Each category by its code, in the order of the packs."""
    packs = (*own, *shared)
    codes = dict.fromkeys(entry["code"] for pack in packs for entry in pack.section("categories"))
    return tuple(_norm(code, own, shared) for code in codes)


def _norm(code: str, own: Sequence[Pack], shared: Sequence[Pack]) -> CategoryNorm:
    entries = [
        [entry for pack in packs for entry in pack.section("categories") if entry["code"] == code]
        for packs in (own, shared)
    ]
    title = next(entry["title"] for group in entries for entry in group)

    def strictest(key: str) -> int | None:
        return min(_first([entry[key] for entry in group if key in entry] for group in entries), default=None)

    return CategoryNorm(code, title, strictest("contact_days"), strictest("review_days"))


def _first(groups: Iterable[list[Any]]) -> list[Any]:
    """The first group that is not empty."""
    return next((group for group in groups if group), [])
