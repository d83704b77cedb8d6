"""How the organisations of a territory keep their terms: organisation by clause, on time, late, missed; causes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadline_access import serving_with
from models.deadlines import Deadline
from models.regulations import DeadlineRule, Regulation
from models.territory import Agency, AgencyDistrict, AgencyKind
from models.users import Role
from reports.terms_kept import Cause, Fate, fate_of, outcome_on

OVERSEEING = frozenset({AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT})
CAUSES = frozenset(cause.value for cause in Cause)
OVER = (Fate.IN_TIME, Fate.LATE, Fate.MISSED)


def oversees(viewer: Viewer) -> bool:
    """Coordinators, the department and administrators compare organisations; others see their own."""
    return viewer.reads_everybody or viewer.role is Role.COORDINATOR or viewer.agency_kind in OVERSEEING


@dataclass(frozen=True)
class Asked:
    """Whose obligations that are due from `first` to `last`, as they stand on a day."""

    viewer: Viewer
    on: date
    first: date
    last: date
    district_id: int | None = None
    kind: AgencyKind | None = None
    regulation_id: int | None = None


@dataclass(slots=True)
class Tally:
    """Obligations by what became of them."""

    fates: Counter[Fate] = field(default_factory=Counter)

    def __getitem__(self, fate: Fate) -> int:
        return self.fates[fate]

    @property
    def total(self) -> int:
        return sum(self.fates.values())

    @property
    def over(self) -> int:
        """Those whose term is over or that are done: a share is taken of them."""
        return sum(self.fates[fate] for fate in OVER)


@dataclass(frozen=True)
class Line:
    """An organisation; `by_rule` holds the rules, by key, of which it had obligations."""

    agency: Agency
    total: Tally
    by_rule: Mapping[str, Tally]

    def of(self, keys: Iterable[str]) -> Tally:
        """Several rules together."""
        found = Tally()
        for key in keys:
            if key in self.by_rule:
                found.fates.update(self.by_rule[key].fates)
        return found


@dataclass(frozen=True)
class Territory:
    """`rules` are those of which anybody had obligations, in the order of regulations and clauses."""

    lines: tuple[Line, ...]
    rules: tuple[DeadlineRule, ...]
    total: Tally
    causes: Mapping[Cause, int]


def territory(session: Session, asked: Asked) -> Territory:
    """Three statements, however many organisations and obligations there are."""
    agencies = agencies_of(session, asked)
    by_agency: dict[int, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    total, causes = Tally(), Counter(dict.fromkeys(Cause, 0))
    for agency_id, key, outcome, count in session.execute(_counted(asked)):
        fate = fate_of(outcome)
        by_agency[agency_id][key].fates[fate] += count
        total.fates[fate] += count
        if outcome in CAUSES:
            causes[Cause(outcome)] += count
    keys = {key for rules in by_agency.values() for key in rules}
    lines = tuple(_line(agency, by_agency.get(agency.id, {})) for agency in agencies)
    return Territory(lines, tuple(_rules(session, keys)), total, causes)


def _line(agency: Agency, by_rule: Mapping[str, Tally]) -> Line:
    total = Tally()
    for tally in by_rule.values():
        total.fates.update(tally.fates)
    return Line(agency, total, by_rule)


def agencies_of(session: Session, asked: Asked) -> Sequence[Agency]:
    """Working organisations of the choice, and those that had obligations although they work no more; by name."""
    had = select(Deadline.agency_id).where(*_due(asked))
    query = select(Agency).where(*_chosen(asked), or_(Agency.is_active.is_(True), Agency.id.in_(had)))
    return session.scalars(query.order_by(Agency.short_name, Agency.id)).all()


def _chosen(asked: Asked) -> list[ColumnElement[bool]]:
    viewer = asked.viewer
    found: list[ColumnElement[bool]] = []
    if not viewer.reads_everybody:
        served = Agency.id.in_(serving_with(viewer)) if viewer.agency_kind in OVERSEEING else false()
        found.append(or_(Agency.id == viewer.agency_id, served))
    if asked.kind is not None:
        found.append(Agency.kind == asked.kind)
    if asked.district_id is not None:
        found.append(Agency.id.in_(serving_in([asked.district_id], asked.on)))
    return found


def serving_in(district_ids: Sequence[int], on: date) -> Any:
    """Organisations that serve any of the districts on a day."""
    return select(AgencyDistrict.agency_id).where(
        AgencyDistrict.district_id.in_(district_ids),
        AgencyDistrict.starts_on <= on,
        or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= on),
    )


def _due(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Deadline.due_on.between(asked.first, asked.last)]
    if asked.regulation_id is not None:
        rules = select(DeadlineRule.id).where(DeadlineRule.regulation_id == asked.regulation_id)
        found.append(Deadline.rule_id.in_(rules))
    return found


def _where(asked: Asked) -> list[ColumnElement[bool]]:
    chosen = _chosen(asked)
    return [*_due(asked), *([Deadline.agency_id.in_(select(Agency.id).where(*chosen))] if chosen else [])]


def _counted(asked: Asked) -> Any:
    """What became of an obligation is reckoned once; what is grouped are the three values."""
    outcome = outcome_on(asked.on).label("outcome")
    r = select(Deadline.agency_id, Deadline.rule_key, outcome).where(*_where(asked)).subquery().c
    return select(r.agency_id, r.rule_key, r.outcome, func.count()).group_by(r.agency_id, r.rule_key, r.outcome)


def _rules(session: Session, keys: set[str]) -> list[DeadlineRule]:
    """The newest version of each rule."""
    rows = session.scalars(
        select(DeadlineRule)
        .join(Regulation, Regulation.id == DeadlineRule.regulation_id)
        .where(DeadlineRule.key.in_(keys))
        .order_by(Regulation.short_title, DeadlineRule.id)
    ).all()
    newest: dict[str, DeadlineRule] = {}
    for rule in rows:
        known = newest.get(rule.key)
        if known is None or known.version < rule.version:
            newest[rule.key] = rule
    return list(newest.values())


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """By what was missed, then by what was late."""
    return sorted(lines, key=lambda line: (-line.total[Fate.MISSED], -line.total[Fate.LATE], line.agency.short_name))
