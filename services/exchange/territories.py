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
class Coverage:
    """Who of a kind serves a district on a day; where nobody does: since when, and when somebody will again."""

    district: District
    kind: AgencyKind
    serving: tuple[AgencyDistrict, ...]
    since: date | None = None  # The last day of whoever served it; None: nobody ever did.
    until: date | None = None

    @property
    def is_gap(self) -> bool:
        return not self.serving

    @property
    def count(self) -> int:
        """Of organisations: several are an overlap."""
        return len({one.agency_id for one in self.serving})


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


def coverage(session: Session, *, kinds: Sequence[AgencyKind], on: date) -> list[Coverage]:
    """Every district with each of the kinds, in the order of the districts' names."""
    s = AgencyDistrict
    query = select(s).join(s.agency).options(contains_eager(s.agency)).where(Agency.kind.in_(kinds), Agency.is_active)
    terms: dict[tuple[int, AgencyKind], list[AgencyDistrict]] = defaultdict(list)
    for one in session.scalars(query.order_by(s.starts_on, s.id)):
        terms[one.district_id, one.agency.kind].append(one)
    districts = session.scalars(select(District).order_by(District.short_name, District.id))
    return [_covered(district, kind, terms[district.id, kind], on) for district in districts for kind in kinds]


def _covered(district: District, kind: AgencyKind, terms: Sequence[AgencyDistrict], on: date) -> Coverage:
    now = tuple(one for one in terms if is_served_on(one, on))
    ended = [one.ends_on for one in terms if one.ends_on is not None and one.ends_on < on]
    begins = [one.starts_on for one in terms if one.starts_on > on]
    return Coverage(district, kind, now, max(ended, default=None), min(begins, default=None))
