"""Who serves which district on a day, and where nobody does or several do (vologda 4.10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from models.territory import Agency, AgencyDistrict, AgencyKind, District


@dataclass(frozen=True)
class Gap:
    """A district without an organisation of a kind: since when nobody serves it, and when somebody will again."""

    district: District
    since: date | None  # None: nobody ever did.
    until: date | None


@dataclass(frozen=True)
class Overlap:
    """A district with several organisations of a kind."""

    district: District
    serving: tuple[AgencyDistrict, ...]


@dataclass(frozen=True)
class Uncovered:
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]


def is_served_on(one: AgencyDistrict, day: date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)


def serving(
    session: Session, *, kinds: Collection[AgencyKind], district_ids: Collection[int], on: date
) -> list[AgencyDistrict]:
    """Organisations of the kinds that serve any of the districts on a day, the longest first; each district of each."""
    s = AgencyDistrict
    query = (
        select(s)
        .join(s.agency)
        .options(contains_eager(s.agency))
        .where(s.district_id.in_(district_ids), Agency.kind.in_(kinds), Agency.is_active)
        .where(s.starts_on <= on, or_(s.ends_on.is_(None), s.ends_on >= on))
        .order_by(s.starts_on, s.id)
    )
    return list(session.scalars(query))


def uncovered(session: Session, *, kind: AgencyKind, on: date) -> Uncovered:
    """Districts that no organisation of a kind serves on a day, and those that several do."""
    s = AgencyDistrict
    query = select(s).join(s.agency).options(contains_eager(s.agency)).where(Agency.kind == kind, Agency.is_active)
    terms: dict[int, list[AgencyDistrict]] = defaultdict(list)
    for one in session.scalars(query.order_by(s.starts_on, s.id)):
        terms[one.district_id].append(one)
    gaps, overlaps = [], []
    for district in session.scalars(select(District).order_by(District.name)):
        now = tuple(one for one in terms[district.id] if is_served_on(one, on))
        if not now:
            gaps.append(_gap(district, terms[district.id], on))
        elif len({one.agency_id for one in now}) > 1:
            overlaps.append(Overlap(district, now))
    return Uncovered(tuple(gaps), tuple(overlaps))


def _gap(district: District, terms: Sequence[AgencyDistrict], on: date) -> Gap:
    ended = [one.ends_on for one in terms if one.ends_on is not None and one.ends_on < on]
    begins = [one.starts_on for one in terms if one.starts_on > on]
    return Gap(district, max(ended, default=None), min(begins, default=None))
