"""Editions of a plan: a new one takes over what is unfinished; two of them side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_register
from models.plans import UNFINISHED, Measure, MeasureStatus, Plan, PlanPartner, PlanSphere, PlanState
from models.reckoning import years_later
from services.errors import need
from services.plans import drafts
from services.plans.holding import hold, touch

PLAN_FIELDS = ("starts_on", "ends_on", "curator", "goals", "resources", "review_on")
SPHERE_FIELDS = ("situation", "problem", "resources", "need")
MEASURE_FIELDS = (
    *("direction_code", "title", "expected", "service_kind_code", "volume", "starts_on", "due_on", "periodicity"),
    *("executor", "partners", "status"),
)
KEPT = ("direction_code", "title", "expected", "service_kind_code", "volume", "periodicity", "executor", "partners")


# -- A new edition ---------------------------------------------------------------------------------------------------


def proposed_period(plan: Plan, on: date) -> tuple[date, date]:
    """The year after the plan, or from today where it is over or still runs long."""
    following = plan.ends_on + timedelta(days=1)
    starts_on = following if on <= following <= on + timedelta(days=60) else max(on, plan.starts_on + timedelta(days=1))
    return starts_on, year_from(starts_on)


def year_from(day: date) -> date:
    """The last day of a year that begins on a day."""
    return years_later(day, 1) - timedelta(days=1)


def renew(
    session: Session,
    *,
    plan: Plan,
    starts_on: date,
    ends_on: date,
    reason: str,
    analysis: str = "",
    by: Viewer,
    now: datetime,
) -> Plan:
    """A draft of the next edition with what is unfinished; `analysis` of this one is kept with it. Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    need(plan.state in (PlanState.APPROVED, PlanState.CLOSED), "Новую редакцию делают из утверждённого плана.")
    need(plan.following is None, "Новая редакция этого плана уже есть: откройте её.")
    need(reason.strip(), "Укажите, почему нужна новая редакция.", field="reason")
    source = plan if plan.annulled_on is None else plan.before or plan  # Its lines say how far the work has come.
    with session.no_autoflush:
        draft = _next_draft(plan, starts_on, ends_on, reason)
        draft.measures = [_carried(measure) for measure in source.measures if measure.status in UNFINISHED]
    drafts.begin(session, plan=draft, by=by, now=now)
    _set_terms(draft, source)
    if analysis.strip():
        plan.closing_note = analysis.strip()
    touch(session, plan=plan)
    return draft


def _next_draft(plan: Plan, starts_on: date, ends_on: date, reason: str) -> Plan:
    draft = Plan(
        graduate_id=plan.graduate_id,
        agency_id=plan.agency_id,
        kind=plan.kind,
        starts_on=starts_on,
        ends_on=ends_on,
        edition=plan.edition + 1,
        edition_reason=reason.strip()[:500],
        goals=plan.goals,
        resources=plan.resources,
        curator=plan.curator,
        foreign_number=plan.foreign_number,
        foreign_issuer=plan.foreign_issuer,
    )
    draft.previous = plan
    draft.spheres = [_copied(PlanSphere, sphere, ("position", "sphere", *SPHERE_FIELDS)) for sphere in plan.spheres]
    draft.partners = [PlanPartner(agency_id=partner.agency_id) for partner in plan.partners]
    return draft


def _carried(measure: Measure) -> Measure:
    """The line anew; its term is set when the period of the new edition is settled."""
    copy: Measure = _copied(Measure, measure, ("position", "template_code", *KEPT))
    copy.status = MeasureStatus.IN_WORK if measure.status is MeasureStatus.IN_WORK else MeasureStatus.PLANNED
    copy.carried_from_id = measure.id
    return copy


def _set_terms(draft: Plan, source: Plan) -> None:
    """An old term stays where it lies inside the new period, else the new period's end is the term."""
    terms = {measure.id: measure.due_on for measure in source.measures}
    for measure in draft.measures:
        old = terms.get(measure.carried_from_id or 0)
        measure.due_on = old if old is not None and draft.starts_on <= old <= draft.ends_on else draft.ends_on


def _copied(model: type[Any], row: Any, names: Sequence[str]) -> Any:
    return model(**{name: getattr(row, name) for name in names})


# -- The chain -------------------------------------------------------------------------------------------------------


def chain(plan: Plan) -> list[Plan]:
    """All editions, the first one first."""
    first = plan
    while first.previous is not None:
        first = first.previous
    found = [first]
    while (following := found[-1].following) is not None:
        found.append(following)
    return found


# -- Two editions side by side ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FieldChange:
    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Pair:
    """A row in both editions, and what became of it."""

    old: Any
    new: Any
    changes: tuple[FieldChange, ...]


@dataclass
class Rows:
    added: list[Any] = field(default_factory=list)
    dropped: list[Any] = field(default_factory=list)
    changed: list[Pair] = field(default_factory=list)
    same: int = 0

    @property
    def is_same(self) -> bool:
        return not (self.added or self.dropped or self.changed)


@dataclass(frozen=True)
class Difference:
    old: Plan
    new: Plan
    plan: tuple[FieldChange, ...]
    spheres: Rows
    measures: Rows

    @property
    def is_empty(self) -> bool:
        return not self.plan and self.spheres.is_same and self.measures.is_same


def difference(session: Session, *, old: Plan, new: Plan) -> Difference:
    """What the later of two editions of one plan says otherwise, field by field."""
    spheres = {sphere.sphere: sphere for sphere in old.spheres}
    origins = _origins(session, old, new)
    return Difference(
        old,
        new,
        tuple(_changes(old, new, PLAN_FIELDS)),
        _compared(old.spheres, [(spheres.get(row.sphere), row) for row in new.spheres], SPHERE_FIELDS),
        _compared(old.measures, [(origins.get(row.id), row) for row in new.measures], MEASURE_FIELDS),
    )


def _origins(session: Session, old: Plan, new: Plan) -> dict[int, Measure]:
    """{line of the new edition: the line of the old one that it goes back to}."""
    editions = [plan.id for plan in chain(new) if old.edition <= plan.edition <= new.edition]
    known = {row.id: row for row in session.scalars(select(Measure).where(Measure.plan_id.in_(editions)))}
    found = {}
    for row in new.measures:
        before: Measure | None = row
        while before is not None and before.plan_id != old.id:
            before = known.get(before.carried_from_id or 0)
        if before is not None:
            found[row.id] = before
    return found


def _compared(old: Sequence[Any], pairs: Sequence[tuple[Any, Any]], names: Sequence[str]) -> Rows:
    rows = Rows()
    met = set()
    for before, after in pairs:
        if before is None or before.id in met:
            rows.added.append(after)
            continue
        met.add(before.id)
        changes = tuple(_changes(before, after, names))
        if changes:
            rows.changed.append(Pair(before, after, changes))
        else:
            rows.same += 1
    rows.dropped = [row for row in old if row.id not in met]
    return rows


def _changes(old: Any, new: Any, names: Sequence[str]) -> Iterator[FieldChange]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if (before or None) != (after or None):
            yield FieldChange(name, before, after)
