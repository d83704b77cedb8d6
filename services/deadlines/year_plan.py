"""The terms of a year that an organisation knows beforehand: windows, periods and quotas of its rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.working_calendar import OutsideCalendar, WorkingCalendar
from services.deadlines.dates import of_span, spans
from services.deadlines.listing import rules_of
from services.deadlines.world import Body, Rule, World
from services.deadlines.world_loading import load_world

PLANNED = frozenset({RuleKind.WINDOW, RuleKind.PERIOD, RuleKind.QUOTA})


@dataclass(frozen=True, slots=True)
class PlannedTerm:
    opens_on: date
    due_on: date
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule with its terms of a year, in their order."""

    rule: DeadlineRule
    terms: tuple[PlannedTerm, ...]


def year_plan(session: Session, *, agency_id: int, year: int, calendar: WorkingCalendar, on: date) -> list[PlannedRule]:
    """Rules that bind the organisation in a year, by their first due date, as organisations are on a day.

    Terms that reach a year whose days off are not known are left out.
    """
    world = load_world(session, on=on)
    body = world.bodies.get(agency_id)
    if body is None:
        return []
    found = {
        rule.id: terms
        for rule in world.rules
        if rule.terms.kind in PLANNED and world.binds(rule, body)
        if (terms := _terms(world, rule, body, year, calendar))
    }
    rules = rules_of(session, found)
    planned = [PlannedRule(rules[number], terms) for number, terms in found.items()]
    return sorted(planned, key=lambda one: (one.terms[0].due_on, one.rule.key))


def _terms(world: World, rule: Rule, body: Body, year: int, calendar: WorkingCalendar) -> tuple[PlannedTerm, ...]:
    """The terms that are due in the year, or open in it."""
    force = world.in_force(rule, body)
    if force is None:
        return ()
    first, last = max(force[0], date(year, 1, 1)), min(force[1], date(year, 12, 31))
    terms = []
    # A term of the old year may end in this one.
    for span in spans(rule.terms, max(force[0], date(year - 1, 10, 1)), last) if first <= last else ():
        try:
            dates = of_span(calendar, rule.terms, span, max(span.first, force[0]))
        except OutsideCalendar:
            continue
        if dates.due_on >= first and dates.opens_on <= last:
            terms.append(PlannedTerm(dates.opens_on, dates.due_on, dates.is_provisional))
    return tuple(terms)
