"""Measures offered to a plan: those of the regulations that the organisation follows, and our own (common)."""

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.case_access import may_register
from models.dictionaries import Direction, ServiceKind
from models.plans import Measure, Plan
from models.regulations import COMMON
from models.text import normalise
from services.errors import need
from services.plans import drafts
from services.plans.holding import hold, need_draft, touch
from services.profiles import own_packs
from services.regulations.loading import pack_of
from services.regulations.pack import ClauseRef, Pack

ALL_MONTHS = tuple(range(1, 13))


@dataclass(frozen=True)
class Template:
    """A measure of a pack that concerns one person."""

    code: str  # regulation/code
    title: str
    direction: str
    service_kind: str | None
    months: tuple[int, ...]
    is_on_request: bool
    source: str  # short title of the regulation
    clause: str


@dataclass(frozen=True)
class Term:
    """When a measure is to be done inside a plan; no `due_on`: its months lie outside the plan."""

    starts_on: date | None
    due_on: date | None


def offered(session: Session, *, agency_id: int, on: date) -> list[Template]:
    """What a plan of the organisation may take over, by direction in the order of the dictionary.

    A measure of an own regulation stands instead of a common one with the same title.
    """
    packs = [*own_packs(session, agency_id=agency_id, on=on)]
    packs += [common] if (common := pack_of(session, COMMON)) else []
    known = select(Direction.code).where(Direction.is_retired.is_(False)).order_by(Direction.position, Direction.code)
    order = {code: place for place, code in enumerate(session.scalars(known))}
    kinds = set(session.scalars(select(ServiceKind.code)))
    found: dict[str, Template] = {}
    for template in (one for pack in packs for one in _of_pack(pack, kinds)):
        if template.direction in order:
            found.setdefault(normalise(template.title), template)
    return sorted(found.values(), key=lambda one: order[one.direction])


def _of_pack(pack: Pack, kinds: Collection[str]) -> Iterator[Template]:
    for entry in pack.section("measures"):
        if "direction" in entry:
            yield _template(pack, entry, kinds)


def _template(pack: Pack, entry: dict[str, Any], kinds: Collection[str]) -> Template:
    kind = entry.get("service_kind")
    return Template(
        code=f"{pack.code}/{entry['code']}",
        title=entry["title"],
        direction=entry["direction"],
        service_kind=kind if kind in kinds else None,
        months=tuple(sorted(entry["months"])),
        is_on_request=entry.get("on_request", False),
        source=pack.regulation["short_title"],
        clause=str(ClauseRef.of(entry["clause"])) if "clause" in entry else "",
    )


def term_of(months: Sequence[int], *, starts_on: date, ends_on: date, on: date) -> Term:
    """The next time of the year for a measure: the run of its months that ends first from today, inside the plan.

    Without months of its own it may be done at any time: its term is the plan's end.
    """
    if not months or tuple(months) == ALL_MONTHS:
        return Term(None, ends_on)
    day = max(starts_on, min(on, ends_on)).replace(day=1)
    while day <= ends_on and day.month not in months:
        day = _next_month(day)
    if day > ends_on:
        return Term(None, None)
    last = day
    while _next_month(last).month in months and _next_month(last) <= ends_on:
        last = _next_month(last)
    due = last.replace(day=monthrange(last.year, last.month)[1])
    return Term(max(day, starts_on), min(due, ends_on))


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def periodicity_of(template: Template) -> str:
    if template.is_on_request:
        return "по обращению"
    return "в течение года" if template.months == ALL_MONTHS else ""


def add(session: Session, *, plan: Plan, codes: Collection[str], by: Viewer, executor: str = "") -> list[Measure]:
    """Take measures over into a draft; those that it has already are left out. Raises Refused."""
    need(may_register(by, plan.agency_id), drafts.OWN_ONLY)
    hold(session, plan=plan)
    need_draft(plan)
    need(codes, "Отметьте хотя бы одно мероприятие.")
    known = {template.code: template for template in offered(session, agency_id=plan.agency_id, on=by.on)}
    need(set(codes) <= set(known), "Перечень мероприятий изменился: откройте его заново.")
    standing = {measure.template_code for measure in plan.measures}
    added = [
        _measure(plan, template, executor or plan.curator, by.on)
        for code, template in known.items()
        if code in codes and code not in standing
    ]
    last = max((measure.position for measure in plan.measures), default=0)
    for place, measure in enumerate(added, start=last + 1):
        measure.position = place
        measure.plan = plan
    session.add_all(added)
    touch(session, plan=plan)
    return added


def _measure(plan: Plan, template: Template, executor: str, on: date) -> Measure:
    term = term_of(template.months, starts_on=plan.starts_on, ends_on=plan.ends_on, on=on)
    return Measure(
        direction_code=template.direction,
        title=template.title,
        service_kind_code=template.service_kind,
        starts_on=term.starts_on,
        due_on=term.due_on,
        periodicity=periodicity_of(template),
        executor=executor[:500],
        template_code=template.code,
    )
