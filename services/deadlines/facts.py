"""Facts from whose day terms run: read from the records, together with the events that people recorded by hand."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.circumstances import Address, AddressKind, Housing, Placement, Study
from models.deadlines import Occurrence
from models.dictionaries import PlacementForm
from models.graduates import Graduate
from models.people import IdentityDocument
from models.reckoning import years_later
from models.rule_terms import Trigger
from models.support import CategoryDecision, Consent, Problem, SectionCheck
from models.territory import Agreement, AgreementParty
from services.deadlines.fact import Fact, Reader, Rows
from services.deadlines.letter_facts import ABOUT_LETTERS, Days, about_nobody
from services.deadlines.meeting_facts import composed, decided
from services.deadlines.people import Scope
from services.deadlines.support_facts import ABOUT_SUPPORT

URGENT = 3  # Severity of a problem: critical.


def _placements(scope: Scope) -> Rows:
    """The last stay of a person: earlier ones were followed by another home."""
    later = aliased(Placement)
    followed = exists().where(
        later.graduate_id == Placement.graduate_id,
        or_(
            later.starts_on > Placement.starts_on,
            and_(later.starts_on == Placement.starts_on, later.id > Placement.id),
        ),
    )
    return (
        select(Placement.id, Placement.ends_on, Placement.graduate_id, Placement.agency_id, Graduate.birth_date)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .join(PlacementForm, PlacementForm.code == Placement.form_code)
        .where(scope.holds(Placement.graduate_id), ~followed, Placement.form_code.not_in(("none", "independent")))
    )


def _ended(session: Session, scope: Scope) -> Iterator[Fact]:
    for row in session.execute(_placements(scope).where(Placement.ends_on.is_not(None))):
        yield Fact(f"placement:{row.id}", row.ends_on, row.graduate_id, place_id=row.agency_id)


def _planned(session: Session, scope: Scope) -> Iterator[Fact]:
    """A stay that has no end yet ends with the 18th birthday."""
    for row in session.execute(_placements(scope)):
        ends_on = row.ends_on or years_later(row.birth_date, 18)
        yield Fact(f"placement:{row.id}", ends_on, row.graduate_id, place_id=row.agency_id)


def _birthdays(years: int) -> Reader:
    def read(session: Session, scope: Scope) -> Iterator[Fact]:
        people = select(Graduate.id, Graduate.birth_date).where(scope.holds(Graduate.id), Graduate.deleted_at.is_(None))
        for graduate_id, birth_date in session.execute(people):
            yield Fact(f"birthday{years}:{graduate_id}", years_later(birth_date, years), graduate_id)

    return read


def _column(source: str, column: Any, *conditions: Any) -> Reader:
    """A day that a child row of the card bears."""
    model = column.class_

    def read(session: Session, scope: Scope) -> Iterator[Fact]:
        owner = model.id if model is Graduate else model.graduate_id
        query = select(model.id, column, owner).where(scope.holds(owner), column.is_not(None), *conditions)
        for row_id, on, graduate_id in session.execute(query):
            yield Fact(f"{source}:{row_id}", on, graduate_id)

    return read


def _changed(session: Session, scope: Scope) -> Iterator[Fact]:
    """A new residence after an earlier one, or an expulsion."""
    yield from (fact for fact, _ in _moves(session, scope))
    expelled = _column("study", Study.starts_on, Study.status_code == "expelled", Study.is_start_known)
    yield from expelled(session, scope)


def _arrived(session: Session, scope: Scope) -> Iterator[Fact]:
    yield from (fact for fact, is_other_district in _moves(session, scope) if is_other_district)
    came = Graduate.exit_ground_code == "arrival"
    yield from _column("left", Graduate.left_on, came)(session, scope)


def _moves(session: Session, scope: Scope) -> Iterator[tuple[Fact, bool]]:
    """Residences after the first one of a person; whether the district is another."""
    before = func.lag(Address.id).over(partition_by=Address.graduate_id, order_by=(Address.starts_on, Address.id))
    district = func.lag(Address.district_id).over(
        partition_by=Address.graduate_id, order_by=(Address.starts_on, Address.id)
    )
    query = select(
        Address.id,
        Address.starts_on,
        Address.graduate_id,
        Address.district_id,
        Address.is_start_known,
        before.label("before"),
        district.label("district_before"),
    ).where(scope.holds(Address.graduate_id), Address.kind == AddressKind.RESIDENCE)
    for row in session.execute(query):
        if row.before is not None and row.is_start_known:
            is_other = row.district_id is not None and row.district_id != row.district_before
            yield Fact(f"address:{row.id}", row.starts_on, row.graduate_id), is_other


def _freshness(session: Session, scope: Scope) -> Iterator[Fact]:
    """The section that was checked longest ago; a card never checked counts from its making."""
    oldest = (
        select(SectionCheck.graduate_id, func.min(SectionCheck.checked_on).label("on"))
        .where(scope.holds(SectionCheck.graduate_id))
        .group_by(SectionCheck.graduate_id)
        .subquery()
    )
    query = (
        select(Graduate.id, oldest.c.on, Graduate.created_at)
        .outerjoin(oldest, oldest.c.graduate_id == Graduate.id)
        .where(scope.holds(Graduate.id), Graduate.deleted_at.is_(None))
    )
    for graduate_id, checked_on, created_at in session.execute(query):
        yield Fact(f"fresh:{graduate_id}", checked_on or created_at.date(), graduate_id, is_rolling=True)


def _leaves(session: Session, scope: Scope) -> Iterator[Fact]:
    """The day of the order where it is noted («№ 45 от 27.02.2026»), else the first day of the leave."""
    query = select(Study.id, Study.starts_on, Study.graduate_id, Study.order, Study.agency_id).where(
        scope.holds(Study.graduate_id), Study.leave_code.is_not(None)
    )
    for study_id, starts_on, graduate_id, order, agency_id in session.execute(query):
        yield Fact(f"study:{study_id}", _day_in(order) or starts_on, graduate_id, place_id=agency_id)


def _day_in(text: str) -> date | None:
    found = re.search(r"\b(\d{2})\.(\d{2})\.(\d{4})\b", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _consents_end(session: Session, scope: Scope) -> Iterator[Fact]:
    """Consents of a person that end on one day are asked for in one talk; a renewed one is not asked for."""
    newer = aliased(Consent)
    renewed = exists().where(
        newer.graduate_id == Consent.graduate_id,
        newer.purpose_code == Consent.purpose_code,
        newer.given_on > Consent.given_on,
    )
    query = (
        select(func.min(Consent.id), Consent.valid_until, Consent.graduate_id)
        .where(scope.holds(Consent.graduate_id), Consent.withdrawn_on.is_(None))
        .where(~renewed)
        .group_by(Consent.graduate_id, Consent.valid_until)
    )
    for consent_id, valid_until, graduate_id in session.execute(query):
        if valid_until:
            yield Fact(f"consent:{consent_id}", valid_until, graduate_id)


NOTED = Problem.source_code.is_not(None)  # How it was found is noted (vologda 4.3): a need, not a line of a form.

ABOUT_PEOPLE: dict[Trigger, Reader] = {
    Trigger.PLACEMENT_ENDED: _ended,
    Trigger.PLACEMENT_ENDS: _planned,
    Trigger.LEFT: _column("left", Graduate.left_on),
    Trigger.BIRTHDAY_16: _birthdays(16),
    Trigger.BIRTHDAY_18: _birthdays(18),
    Trigger.BIRTHDAY_23: _birthdays(23),
    Trigger.CRISIS: _column("category", CategoryDecision.starts_on, CategoryDecision.category_code == "crisis"),
    Trigger.ACTIVE: _column("category", CategoryDecision.starts_on, CategoryDecision.category_code == "active"),
    Trigger.STABLE: _column("category", CategoryDecision.starts_on, CategoryDecision.category_code == "stable"),
    Trigger.CATEGORY: _column("category", CategoryDecision.starts_on),
    Trigger.PROBLEM: _column("problem", Problem.found_on, NOTED, func.coalesce(Problem.severity, 1) < URGENT),
    Trigger.URGENT_PROBLEM: _column("problem", Problem.found_on, NOTED, Problem.severity == URGENT),
    Trigger.ADMITTED: _column(
        "study",
        Study.starts_on,
        Study.status_code == "studying",
        func.coalesce(Study.course, 1) == 1,
        Study.is_start_known,
    ),
    Trigger.STUDY_ENDED: _column("study", Study.starts_on, Study.status_code == "completed", Study.is_start_known),
    Trigger.LEAVE_STARTED: _leaves,
    Trigger.LEAVE_ENDS: _column("study", Study.leave_ends_on),
    Trigger.CHANGED: _changed,
    Trigger.ARRIVED: _arrived,
    Trigger.LEASE_ENDS: _column("housing", Housing.contract_ends_on),
    Trigger.SECTION_CHECKED: _freshness,
    Trigger.CONSENT_ENDS: _consents_end,
    Trigger.DOCUMENT_EXPIRES: _column("document", IdentityDocument.expires_on),
    **ABOUT_SUPPORT,
    **ABOUT_LETTERS,
}


def about_people(session: Session, trigger: Trigger, scope: Scope) -> Iterator[Fact]:
    """Facts of a kind that the cards of a scope tell."""
    if trigger in ABOUT_PEOPLE:
        yield from ABOUT_PEOPLE[trigger](session, scope)


def about_agencies(
    session: Session, trigger: Trigger, letters: Collection[int] | None = None, days: Days | None = None
) -> Iterator[Fact]:
    """Facts of a kind that are about no person, and that other records tell.

    `letters`: only those of some letters; `days`: letters of no other days than from the first to the last.
    """
    yield from about_nobody(session, trigger, letters, days)
    if letters is not None:
        return
    if trigger is Trigger.DECISION:
        yield from decided(session)
    if trigger is Trigger.COUNCIL_CHANGED:
        yield from composed(session)
    if trigger is Trigger.AGREEMENT_ENDS:
        query = select(Agreement.id, Agreement.ends_on, AgreementParty.agency_id).join(AgreementParty.agreement)
        for row in session.execute(query.where(Agreement.ends_on.is_not(None))):
            yield Fact(f"agreement:{row.id}", row.ends_on, agency_id=row.agency_id)


def recorded(session: Session, scope: Scope | None) -> dict[Trigger, list[Fact]]:
    """Events recorded by hand about the people of a scope; no scope: those about nobody. One statement."""
    o = Occurrence
    whose = o.graduate_id.is_(None) if scope is None else scope.holds(o.graduate_id)
    query = select(o.trigger, o.id, o.happened_on, o.graduate_id, o.agency_id, o.other_id).where(
        o.annulled_on.is_(None), whose
    )
    found: dict[Trigger, list[Fact]] = defaultdict(list)
    for row in session.execute(query.order_by(o.id)):
        source = f"occurrence:{row.id}"
        fact = Fact(source, row.happened_on, row.graduate_id, row.agency_id, other_id=row.other_id)
        found[row.trigger].append(fact)
    return found


def without_doubles(read: Iterable[Fact], by_hand: list[Fact]) -> Iterator[Fact]:
    """What a record tells is no second fact beside the same event noted by hand: its duty stands already."""
    noted = Counter(_day(fact) for fact in by_hand)
    others = {_day(fact): fact.other_id for fact in by_hand}
    for fact in read:
        is_same = noted[_day(fact)] > 0 and (not fact.kind or others[_day(fact)] in (None, fact.other_id))
        if not is_same:
            yield fact
        elif fact.kind:  # Of several letters of a day an event stands for one.
            noted[_day(fact)] -= 1
    yield from by_hand


def shared_days(read: Iterable[Fact], by_hand: Iterable[Fact]) -> Days | None:
    """The first and the last day on which an event by hand may stand for a fact; None: there is no such day."""
    noted = {_day(fact) for fact in by_hand}
    days = [fact.on for fact in read if _day(fact) in noted]
    return (min(days), max(days)) if days else None


def _day(fact: Fact) -> tuple[object, ...]:
    return fact.graduate_id, fact.agency_id, fact.on


def latest_of_interest(until: date) -> date:
    """Facts planned for later than this make no obligation yet; a duty may precede its fact by half a year."""
    return until + timedelta(days=200)
