"""What the regulations of an organisation say that reports count by: scales, indicators, criteria of ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from models.base import LabelledEnum
from models.regulations import COMMON, AgencyRegulation, Regulation, RegulationVersion
from models.territory import AgencyKind
from reports.scales import Scale, scale_of

Section = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A section of the packs: as the organisation's own regulations have it, and as the common one has."""

    own: tuple[Any, ...] = ()
    common: tuple[Any, ...] = ()

    @property
    def first(self) -> Any:
        """What holds: the first own word, or else the common one; None where nobody says anything."""
        return next(iter((*self.own, *self.common)), None)


def said(session: Session, section: str, *, agency_id: int | None, on: date) -> Said:
    """A section of the newest versions of what an organisation follows on a day; without one, the common pack's."""
    version, later = RegulationVersion, aliased(RegulationVersion)
    is_newest = ~exists().where(later.regulation_id == version.regulation_id, later.number > version.number)
    followed = select(AgencyRegulation.regulation_id).where(
        AgencyRegulation.agency_id == agency_id,
        AgencyRegulation.starts_on <= on,
        or_(AgencyRegulation.ends_on.is_(None), AgencyRegulation.ends_on >= on),
    )
    query = select(Regulation.code, version.content[section]).join(version.regulation)
    query = query.where(is_newest, or_(Regulation.code == COMMON, Regulation.id.in_(followed)))
    rows = [(code, content) for code, content in session.execute(query.order_by(Regulation.code)) if content]
    own = tuple(content for code, content in rows if code != COMMON)
    return Said(own, tuple(content for code, content in rows if code == COMMON))


def monitoring_scale(session: Session, *, agency_id: int | None, on: date) -> Scale:
    found = said(session, "monitoring", agency_id=agency_id, on=on)
    return scale_of("indicators", found.own, found.common)


def readiness_scale(session: Session, *, agency_id: int | None, on: date) -> Scale:
    found = said(session, "readiness", agency_id=agency_id, on=on)
    return scale_of("spheres", found.own, found.common)


# -- The indicators of a programme -----------------------------------------------------------------------------------


class Whole(LabelledEnum):
    """Of whom the share on support is taken (domain §6.4)."""

    ALL = "all", "все выпускники"
    AGED = "aged", "выпускники подходящего возраста"
    IN_NEED = "in-need", "выпускники подходящего возраста, которым нужно сопровождение"


class Supported(LabelledEnum):
    ON_DAY = "on-day", "на последний день периода"
    DURING = "during", "хотя бы один день в периоде"


class Criterion(LabelledEnum):
    """A sign of a successful life (domain §6.4); all that a regulation names must hold."""

    OCCUPATION = "occupation", "учится, работает, служит или в отпуске по уходу"
    HOUSING = "housing", "есть где жить и регистрация"
    LAW = "law", "нет судимости, лишения свободы и правонарушений"
    ADDICTION = "addiction", "нет зависимости"
    INCOME = "income", "есть законный доход, долг за жильё меньше трёх месяцев"
    CHILDREN = "children", "не лишён и не ограничен в родительских правах"
    STABLE = "stable", "категория стабильная или высокий балл мониторинга"


CLOSED = frozenset({Criterion.LAW, Criterion.ADDICTION})  # They tell of offences: how many, never who (access.md).


@dataclass(frozen=True)
class KpiNorms:
    """How the indicators of a programme are counted."""

    whole: Whole = Whole.ALL
    supported: Supported = Supported.DURING
    success: tuple[Criterion, ...] = tuple(Criterion)
    ages: tuple[int, int] = (18, 23)


def kpi_norms(profiles: Said) -> KpiNorms:
    """From the profiles of the packs; the first that speaks of indicators is heard, ages are the widest."""
    spoken = [profile["kpi"] for profile in (*profiles.own, *profiles.common) if "kpi" in profile]
    kpi: Section = next(iter(spoken), {})
    ages = [profile["ages"] for profile in profiles.own if "ages" in profile]
    usual = KpiNorms()
    return KpiNorms(
        Whole(kpi.get("graduates", usual.whole)),
        Supported(kpi.get("supported", usual.supported)),
        tuple(Criterion(code) for code in kpi.get("success", usual.success)),
        (min(one["from"] for one in ages), max(one["to"] for one in ages)) if ages else usual.ages,
    )


def kpi_norms_of(session: Session, *, agency_id: int | None, on: date) -> KpiNorms:
    return kpi_norms(said(session, "profile", agency_id=agency_id, on=on))


# -- Criteria of a rating --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RatingCriterion:
    """What services are compared by: a measure of reports.rating_measures, its weight, the ends of its scale."""

    code: str
    title: str
    measure: str
    weight: int
    is_more_better: bool
    lowest: int
    highest: int


@dataclass(frozen=True)
class RatingNorms:
    """Whom a regulation compares and by what; grades are (title, points from which on), the best first."""

    kinds: tuple[AgencyKind, ...] = ()
    criteria: tuple[RatingCriterion, ...] = ()
    grades: tuple[tuple[str, int], ...] = ()

    def grade_of(self, total: Decimal) -> str:
        return next((title for title, first in self.grades if total >= first), "")


def rating_norms(found: Said) -> RatingNorms:
    section: Section | None = found.first
    if section is None:
        return RatingNorms()
    grades = sorted(((one["title"], one["from"]) for one in section.get("grades", ())), key=lambda one: -one[1])
    kinds = tuple(AgencyKind(kind) for kind in section["kinds"])
    return RatingNorms(kinds, tuple(_criterion(entry) for entry in section["criteria"]), tuple(grades))


def _criterion(entry: Section) -> RatingCriterion:
    scale = entry.get("scale", {"from": 0, "to": 100})
    is_more_better = entry.get("better", "more") == "more"
    return RatingCriterion(
        entry["code"], entry["title"], entry["measure"], entry["weight"], is_more_better, scale["from"], scale["to"]
    )
