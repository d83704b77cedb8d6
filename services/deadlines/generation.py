"""Obligations from rules and facts: whatever is missing is made, what moved is moved, what fell away is closed.

The same for everybody in the daily run and for the few people whom a transaction touched. Running it twice, or in two
processes at once, makes nothing twice: a unique key stands behind it, and a losing INSERT does nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import chain

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline, DeadlineEvidence
from models.reckoning import years_later
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, Per, RuleKind, Trigger, Who
from models.working_calendar import WorkingCalendar
from services.deadlines import evidence, facts, fingerprints
from services.deadlines.dates import Dates
from services.deadlines.fact import Fact
from services.deadlines.letter_facts import Days
from services.deadlines.letters import Letters
from services.deadlines.people import Person, Scope, everybody, load_people
from services.deadlines.run import Made, Run
from services.deadlines.world import Body, Recipient, Rule
from services.deadlines.world_loading import load_world
from services.profiles import last_eligible_day

SPANS = (RuleKind.WINDOW, RuleKind.PERIOD, RuleKind.QUOTA)


def generate(session: Session, *, calendar: WorkingCalendar, on: date, until: date, now: datetime) -> Iterator[Made]:
    """All obligations up to a day, some thousand people at a time; the edge commits after each part.

    Raises OutsideCalendar where the days off of this very year are not known. Duties that would be due in a year beyond
    the calendar are made once it is loaded.
    """
    calendar.is_working(on)
    drop_outdated(session, on=on)
    run = Run(session, load_world(session, on=on), calendar, on, until, now)
    yield of_agencies(run)
    law = fingerprints.of_law(session, run.world, on=on, until=until)
    for scope in everybody(session):
        cards = fingerprints.of_cards(session, scope)
        if fingerprints.is_known(session, scope, law, cards):
            yield Made()
        else:
            made = of_people(run, scope)
            fingerprints.remember(session, scope, law, cards)
            yield made


def react(
    session: Session,
    *,
    calendar: WorkingCalendar,
    on: date,
    until: date,
    now: datetime,
    scope: Scope | None,
    triggers: frozenset[Trigger] = frozenset(Trigger),
    letters: Letters | None = None,
    kinds: frozenset[EvidenceKind] = frozenset(),
) -> Made:
    """What a transaction changed about some people (no scope: about nobody) makes and moves event obligations.

    `triggers`: the facts that may have changed; about nobody also the letters, and the kinds of evidence.
    """
    world = load_world(session, on=on, only_events=True)
    world.rules = [rule for rule in world.rules if not triggers.isdisjoint(rule.terms.triggers)]
    run = Run(session, world, calendar, on, until, now)
    if scope:
        return of_people(run, scope, only_events=True)
    asked = kinds.union(rule.terms.evidence for rule in world.rules if rule.terms.evidence)
    return of_agencies(run, only_events=True, letters=letters, kinds=asked)


def drop_outdated(session: Session, *, on: date) -> None:
    """Duties drawn ahead under an older version of their rule give way to those of the newest.

    What is open, or has any trace of work, keeps the version that it was made by.
    """
    newest = select(DeadlineRule.id).where(DeadlineRule.is_current)
    followed = exists().where(
        DeadlineRule.key == Deadline.rule_key, DeadlineRule.is_current, DeadlineRule.in_force_from <= Deadline.opens_on
    )
    worked_on = exists().where(DeadlineEvidence.deadline_id == Deadline.id)
    untouched = Deadline.closing.is_(None) & Deadline.paused_on.is_(None) & ~worked_on
    outdated = delete(Deadline).where(Deadline.rule_id.not_in(newest), followed, Deadline.opens_on > on, untouched)
    session.execute(outdated.execution_options(synchronize_session=False))


# -- Organisations ---------------------------------------------------------------------------------------------------


def of_agencies(
    run: Run, *, only_events: bool = False, letters: Letters | None = None, kinds: frozenset[EvidenceKind] | None = None
) -> Made:
    """Obligations about nobody; `letters`: only those that some letters tell or fulfil, `kinds`: by what evidence."""
    versions = run.world.versions()
    rules = [rule for rule in versions if rule.terms.per in (Per.AGENCY, Per.USER)]
    events = [rule for rule in versions if rule.terms.kind is RuleKind.EVENT]
    whose: ColumnElement[bool] = Deadline.graduate_id.is_(None)
    if letters is not None:
        whose &= letters.told(rule.key for rule in events)
    run.start(whose, [*(() if only_events else rules), *events])
    for rule in () if only_events else rules:
        if rule.terms.kind not in SPANS:
            continue
        for body in run.world.obliged(rule):
            for subject, user_id in _bearers(rule, body):
                _spans_of_agency(run, rule, body, subject, user_id)
    recorded = facts.recorded(run.session, None)
    for trigger, bound in _by_trigger(events):
        found = _of_interest(run, _about_nobody(run, trigger, recorded.get(trigger, []), letters))
        for rule in bound:
            for fact in found:
                if run.world.is_told_by(rule, trigger, fact):
                    _fact_of_agency(run, rule, fact)
    settle = partial(evidence.sync, run.session, scope=None, now=run.now, letters=letters, kinds=kinds)
    return run.finish(settle=settle)


def _about_nobody(run: Run, trigger: Trigger, by_hand: list[Fact], letters: Letters | None) -> Iterable[Fact]:
    """Which of the letters of a day an event by hand stands for, all of them together tell."""
    if letters is None:
        return facts.without_doubles(facts.about_agencies(run.session, trigger, days=_days_of_interest(run)), by_hand)
    read: Iterable[Fact] = list(facts.about_agencies(run.session, trigger, letters.ids))
    if days := facts.shared_days(read, by_hand):
        others = [fact for fact in read if not days[0] <= fact.on <= days[1]]
        read = chain(others, facts.about_agencies(run.session, trigger, days=days))
    return (fact for fact in facts.without_doubles(read, by_hand) if fact.source in letters.names)


def _bearers(rule: Rule, body: Body) -> list[tuple[str, int | None]]:
    if rule.terms.per is Per.USER:
        return [(f"u{user_id}", user_id) for user_id in body.specialists]
    return [("", None)]


def _spans_of_agency(run: Run, rule: Rule, body: Body, subject: str, user_id: int | None) -> None:
    force = run.world.in_force(rule, body)
    if force is None:
        return
    recipients = run.world.recipients(rule, body, None)
    for span in run.spans_of(rule, force[0], min(force[1], run.until)):
        dates = run.span_dates(rule, span, max(span.first, force[0]))
        for recipient in recipients if dates else ():
            assert dates
            run.want(rule, body, recipient, dates, subject=subject + recipient.mark, period=span.code, user_id=user_id)


def _fact_of_agency(run: Run, rule: Rule, fact: Fact) -> None:
    body = run.world.bodies.get(fact.agency_id or 0)
    if body is None or (rule.terms.obliged.kinds and body.kind not in rule.terms.obliged.kinds):
        return
    force = run.world.in_force(rule, body)
    dates = _fact_dates(run, rule, fact, *force) if force else None
    if dates is None or _never_asked(rule, fact, dates):
        return
    for recipient in _recipients(run, rule, body, fact, None):
        run.want(rule, body, recipient, dates, subject=fact.source + recipient.mark, event_on=fact.on)


# -- People ----------------------------------------------------------------------------------------------------------


def of_people(run: Run, scope: Scope, *, only_events: bool = False) -> Made:
    """Obligations about the people of a scope."""
    people = load_people(run.session, scope=scope, on=run.on)
    versions = run.world.versions()
    rules = [rule for rule in versions if rule.terms.per is Per.GRADUATE and not only_events]
    events = [rule for rule in versions if rule.terms.kind is RuleKind.EVENT]
    run.start(scope.holds(Deadline.graduate_id), [*rules, *events])
    for rule in rules:
        if rule.terms.kind in SPANS:
            for person in people.values():
                _spans_of_person(run, rule, person)
    recorded = facts.recorded(run.session, scope)
    for trigger, bound in _by_trigger(events):
        read = facts.about_people(run.session, trigger, scope)
        found = _of_interest(run, facts.without_doubles(read, recorded.get(trigger, [])))
        for rule in bound:
            for fact in found:
                if fact.graduate_id in people and run.world.is_told_by(rule, trigger, fact):
                    _fact_of_person(run, rule, fact, people[fact.graduate_id])
    return run.finish(people, lambda: evidence.sync(run.session, scope=scope, now=run.now))


def _of_interest(run: Run, found: Iterable[Fact]) -> list[Fact]:
    """Facts since the first day on which anybody follows anything, and not too far ahead."""
    first, last = _days_of_interest(run)
    return [fact for fact in found if fact.is_rolling or first <= fact.on <= last]


def _days_of_interest(run: Run) -> Days:
    return run.world.since, facts.latest_of_interest(run.until)


def _spans_of_person(run: Run, rule: Rule, person: Person) -> None:
    terms = rule.terms
    bound = run.world.obliged_for(rule, person)
    if bound is None or not person.is_among(terms.who, run.on) or not person.meets(terms.condition, run.on):
        return
    body, first, last = bound
    of_age = years_later(person.birth_date, body.profile.age_from)
    last_day = last_eligible_day(person.birth_date, body.profile)
    for span in run.spans_of(rule, first, min(last, run.until)):
        if span.last < of_age or span.first > last_day:
            continue
        dates = run.span_dates(rule, span, max(span.first, first))
        for recipient in run.world.recipients(rule, body, person) if dates else ():
            assert dates
            subject, is_over = f"g{person.id}{recipient.mark}", span.last < run.on  # Who was a student then is unknown.
            run.want(rule, body, recipient, dates, subject=subject, period=span.code, person=person, is_over=is_over)


def _fact_of_person(run: Run, rule: Rule, fact: Fact, person: Person) -> None:
    bound = run.world.obliged_for(rule, person, fact.agency_id, fact.place_id)
    if bound is None:
        return
    body, first, last = bound
    if fact.is_rolling and fact.on < first:  # What was fresh before the rule began is asked for from then on.
        first = run.world.began(rule, body)
        fact = replace(fact, on=max(fact.on, first))
    dates = _fact_dates(run, rule, fact, first, last)
    is_meant = person.is_among(rule.terms.who, run.on) and person.meets(rule.terms.condition, run.on)
    if dates is None or (not is_meant and dates.due_on >= run.on) or _never_asked(rule, fact, dates):
        return
    is_over = not is_meant or _is_of_others(rule, fact, body)  # What was missed while it was meant, stays.
    for recipient in _recipients(run, rule, body, fact, person):
        subject = fact.source + recipient.mark
        run.want(rule, body, recipient, dates, subject=subject, person=person, event_on=fact.on, is_over=is_over)


def _never_asked(rule: Rule, fact: Fact, dates: Dates) -> bool:
    """It would have fallen due when its ground was over, or on its day the person was in another category."""
    if fact.over_on is not None and dates.due_on >= fact.over_on:
        return True
    return rule.terms.who is Who.CRISIS and fact.category_code not in (None, "crisis")


def _is_of_others(rule: Rule, fact: Fact, body: Body) -> bool:
    """A contact asks its own organisation for the next one; what it asked for goes on with whoever has the person."""
    return rule.terms.is_repeating and fact.source.startswith("contact:") and fact.agency_id != body.id


def _fact_dates(run: Run, rule: Rule, fact: Fact, first: date, last: date) -> Dates | None:
    """None where the rule did not bind the organisation on the day, or its time is still too far."""
    if fact.on < first or (rule.is_earlier and (fact.on > last or fact.is_rolling)):
        return None
    dates = run.event_dates(rule, fact.on, fact.last_on)
    return dates if dates and dates.opens_on <= min(run.until, last) else None


def _recipients(run: Run, rule: Rule, body: Body, fact: Fact, person: Person | None) -> list[Recipient]:
    """Where the fact names the other side itself, and the rule has one recipient: that one."""
    if fact.other_id is not None and len(rule.terms.recipients) == 1:
        return [Recipient("", fact.other_id)]
    return run.world.recipients(rule, body, person, fact.place_id)


def _by_trigger(rules: Iterable[Rule]) -> list[tuple[Trigger, list[Rule]]]:
    bound: dict[Trigger, list[Rule]] = defaultdict(list)
    for rule in rules:
        for trigger in rule.terms.triggers:
            bound[trigger].append(rule)
    return list(bound.items())
