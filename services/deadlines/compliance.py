"""How an organisation keeps a regulation: its rules by the quarters of a year, as they stood on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from models.access import Viewer
from models.deadlines import State
from models.regulations import COMMON, AgencyRegulation, DeadlineRule, Regulation, RuleSwitch
from models.rule_terms import RuleKind
from models.territory import Agency, AgencyDistrict, AgencyKind
from models.users import Role
from services.deadlines.as_of import Part, parts_of
from services.deadlines.world import World
from services.deadlines.world_loading import load_world
from services.regulations.loading import pack_of
from services.regulations.pack import ClauseRef, Pack

QUARTERS = 4
CHOOSING = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
OVERSEEING = frozenset({AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT})


@dataclass(frozen=True, slots=True)
class Cell:
    """Quarters from `first` to `last` (0 to 3) of a row."""

    first: int
    last: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Row:
    rule: DeadlineRule
    cells: tuple[Cell, ...]
    off_since: date | None = None  # The rule was switched off for the organisation.
    off_reason: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(cell.parts for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty without a date."""

    rule: DeadlineRule
    is_planned: bool
    rows: tuple[str, ...]  # of the requirements that it serves


@dataclass(frozen=True)
class Compliance:
    on: date
    rows: tuple[Row, ...]
    standing: tuple[Standing, ...]
    others: int  # Rules of the regulation that bind other organisations.
    totals: Counter[State] = field(default_factory=Counter)


# -- Whose ------------------------------------------------------------------------------------------------------------


def agencies_for(session: Session, *, viewer: Viewer) -> Sequence[Agency]:
    """The own organisation; for coordinators and administrators also those whom they oversee. By name."""
    query = select(Agency).where(Agency.is_active.is_(True), _within_reach(viewer))
    return session.scalars(query.order_by(Agency.short_name, Agency.id)).all()


def _within_reach(viewer: Viewer) -> ColumnElement[bool]:
    own = Agency.id == viewer.agency_id
    if viewer.role not in CHOOSING:
        return own
    if viewer.reads_everybody:
        return or_(own, Agency.id.is_not(None))
    if viewer.agency_kind not in OVERSEEING:
        return own
    served = select(AgencyDistrict.agency_id).where(AgencyDistrict.district_id.in_(viewer.district_ids))
    return or_(own, Agency.id.in_(served))


def followed(session: Session, *, agency_id: int, on: date) -> Sequence[Regulation]:
    """The regulations that bind the organisation on a day, its own ones first."""
    rows = select(AgencyRegulation.regulation_id).where(
        AgencyRegulation.agency_id == agency_id,
        AgencyRegulation.starts_on <= on,
        or_(AgencyRegulation.ends_on.is_(None), AgencyRegulation.ends_on >= on),
    )
    common = and_(Regulation.code == COMMON, rows.exists())
    query = select(Regulation).where(or_(Regulation.id.in_(rows), common))
    return session.scalars(query.order_by(Regulation.code == COMMON, Regulation.short_title, Regulation.id)).all()


# -- The table --------------------------------------------------------------------------------------------------------


def compliance(session: Session, *, agency_id: int, regulation: Regulation, on: date, ends_at: datetime) -> Compliance:
    """The year of a day as it stood at its end (`ends_at`); a constant number of statements.

    What was waived or paused later counts as it was then, by the log of changes; evidence counts by its own date.
    """
    parts = parts_of(session, agency_id, regulation, on, ends_at)
    world = load_world(session, on=on)
    pack = pack_of(session, regulation.code)
    query = select(DeadlineRule).where(DeadlineRule.regulation_id == regulation.id, DeadlineRule.is_current)
    rules = session.scalars(query.options(joinedload(DeadlineRule.regulation))).all()
    switches = {
        row.rule_key: row for row in session.scalars(select(RuleSwitch).where(RuleSwitch.agency_id == agency_id))
    }
    bound = _bound(world, agency_id, on.year)
    ordered = sorted(rules, key=_place(pack))
    mine = [rule for rule in ordered if rule.key in bound or rule.key in parts or rule.key in switches]
    rows = tuple(
        _row(rule, parts.get(rule.key, {}), switches.get(rule.key), on)
        for rule in mine
        if rule.kind is not RuleKind.STANDING
    )
    totals: Counter[State] = Counter()
    for row in rows:
        for part in (part for cell in row.cells for part in cell.parts):
            totals[part.state] += part.count
    return Compliance(on, rows, _standing(mine, pack), len(rules) - len(mine), totals)


def _place(pack: Pack | None) -> Any:
    """Rules in the order of the pack's clauses, those that it has no more behind them."""
    clauses = {clause.ref: place for place, clause in enumerate(pack.clauses)} if pack else {}
    codes = {rule.code: place for place, rule in enumerate(pack.rules)} if pack else {}
    last = len(clauses) + len(codes)

    def key(rule: DeadlineRule) -> tuple[int, int, str]:
        ref = ClauseRef(rule.clause, rule.clause_occurrence)
        return clauses.get(ref, last), codes.get(rule.code, last), rule.code

    return key


def _bound(world: World, agency_id: int, year: int) -> set[str]:
    """Keys of the rules that may bind the organisation in a year."""
    body = world.bodies.get(agency_id)
    if body is None:
        return set()
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = set()
    for rule in world.rules:
        force = world.in_force(rule, body)
        if force and force[0] <= last and force[1] >= first and world.binds(rule, body):
            found.add(rule.key)
    return found


def _standing(rules: Iterable[DeadlineRule], pack: Pack | None) -> tuple[Standing, ...]:
    elements = {element.code: element for element in pack.elements if element.section == "rules"} if pack else {}
    found = []
    for rule in rules:
        if rule.kind is RuleKind.STANDING and rule.code in elements:
            element = elements[rule.code]
            found.append(Standing(rule, element.is_planned, element.serves))
    return tuple(found)


# -- Cells ------------------------------------------------------------------------------------------------------------


def _row(rule: DeadlineRule, by_month: Mapping[int, list[Part]], switch: RuleSwitch | None, on: date) -> Row:
    is_off = switch is not None and switch.starts_on <= on
    cells = tuple(
        Cell(
            first,
            last,
            _merged(part for month in range(first * 3 + 1, last * 3 + 4) for part in by_month.get(month, ())),
        )
        for first, last in _spans(rule)
    )
    return Row(rule, cells, switch.starts_on if switch and is_off else None, switch.reason if switch and is_off else "")


def _spans(rule: DeadlineRule) -> list[tuple[int, int]]:
    """A duty of a whole year or half-year stands across its quarters."""
    terms = rule.terms
    months = terms.period.months if terms.period and not terms.offset else 3
    width = max(months // 3, 1)
    return [(first, first + width - 1) for first in range(0, QUARTERS, width)]


def _merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts of several months in the same state as one."""
    found: dict[State, Part] = {}
    for part in parts:
        known = found.get(part.state)
        if known is None:
            found[part.state] = part
            continue
        known.count += part.count
        known.achieved += part.achieved
        known.required += part.required
        known.first_due, known.last_due = min(known.first_due, part.first_due), max(known.last_due, part.last_due)
        known.proof = None
    return tuple(found.values())
