"""When a person was last in touch, and whether that is longer ago than the norm of the category allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from models.deadlines import Occurrence
from models.graduates import Graduate
from models.regulations import COMMON, AgencyRegulation, Regulation
from models.rule_terms import Trigger
from models.support import CategoryDecision
from models.text import plural
from models.work import Appeal, Consultation, Visit
from services.profiles import merged
from services.regulations.loading import pack_of

PEAK = (timedelta(days=90), timedelta(days=120))  # after leaving: the first joy is over

Norms = dict[str, int]  # category → days


class Overdue(NamedTuple):
    """Nobody was in touch for `days`; None: never at all, as far as is known."""

    days: int | None
    norm: int

    @property
    def told(self) -> str:
        if self.days is None:
            return f"контактов ещё не было при норме {_days(self.norm)}"
        return f"контакта не было дольше нормы: {_days(self.days)} при норме {self.norm}"


def _days(number: int) -> str:
    return f"{number} {plural(number, 'день', 'дня', 'дней')}"


def _sources() -> tuple[tuple[Any, Any, ColumnElement[bool]], ...]:
    """(whose, day, which rows count) of everything that is a contact: a word with the person, not a group session."""
    return (
        (Consultation.graduate_id, Consultation.held_on, Consultation.annulled_on.is_(None)),
        (Visit.graduate_id, Visit.visited_on, and_(Visit.annulled_on.is_(None), Visit.is_opened)),
        (Appeal.graduate_id, Appeal.received_on, Appeal.annulled_on.is_(None)),
        (
            Occurrence.graduate_id,
            Occurrence.happened_on,
            and_(Occurrence.trigger == Trigger.CONTACT, Occurrence.annulled_on.is_(None)),
        ),
    )


def last_contact(session: Session, *, graduate_ids: Iterable[int], on: date) -> dict[int, date]:
    """The last day, up to a day, on which each of some people was in touch; those who never were are absent."""
    ids = sorted(set(graduate_ids))
    parts: list[Select[Any]] = [
        select(whose.label("graduate_id"), day.label("day")).where(whose.in_(ids), day <= on, counts)
        for whose, day, counts in _sources()
    ]
    found = union_all(*parts).subquery()
    query = select(found.c.graduate_id, func.max(found.c.day)).group_by(found.c.graduate_id)
    return {row[0]: row[1] for row in session.execute(query)}


def overdue(session: Session, *, graduate_ids: Iterable[int], on: date) -> dict[int, Overdue]:
    """Those of some people with whom nobody was in touch for longer than the norm of their category."""
    ids = sorted(set(graduate_ids))
    query = select(Graduate.id, Graduate.agency_id, Graduate.category_code, _decided_on())
    people = list(session.execute(query.where(Graduate.id.in_(ids), Graduate.agency_id.is_not(None))))
    people = [one for one in people if one.category_code and one[3] is not None]
    if not people:
        return {}
    norms = norms_by_agency(session, on=on, agency_ids={one.agency_id for one in people})
    seen = last_contact(session, graduate_ids=ids, on=on)
    late = {}
    for graduate_id, agency_id, category, decided_on in people:
        norm, last = norms.get(agency_id, norms[None]).get(category), seen.get(graduate_id)
        if norm is not None and (on - max(decided_on, last or decided_on)).days > norm:
            late[graduate_id] = Overdue((on - last).days if last else None, norm)
    return late


def _decided_on() -> Any:
    """The first day of the decision in force: the norm holds from then on."""
    day = func.max(CategoryDecision.starts_on)
    return select(day).where(_is_standing()).correlate(Graduate).scalar_subquery()


def _is_standing() -> ColumnElement[bool]:
    return and_(CategoryDecision.graduate_id == Graduate.id, CategoryDecision.ends_on.is_(None))


def is_overdue(session: Session, *, on: date) -> ColumnElement[bool]:
    """The same as a condition on graduates, for lists."""
    norms = norms_by_agency(session, on=on)
    known = [agency_id for agency_id in norms if agency_id is not None]
    parts = []
    for agency_id, by_category in norms.items():
        whose = Graduate.agency_id == agency_id if agency_id is not None else Graduate.agency_id.not_in(known)
        parts += [
            and_(whose, Graduate.category_code == category, _silent_since(on - timedelta(days=days), on))
            for category, days in by_category.items()
        ]
    return and_(Graduate.agency_id.is_not(None), Graduate.category_code.is_not(None), or_(false(), *parts))


def _silent_since(first: date, on: date) -> ColumnElement[bool]:
    """Neither a contact nor a decision on the category from a day on."""
    touched = [
        exists().where(whose == Graduate.id, day.between(first, on), counts) for whose, day, counts in _sources()
    ]
    decided = exists().where(_is_standing())
    lately = exists().where(_is_standing(), CategoryDecision.starts_on >= first)
    return and_(decided, not_(or_(lately, *touched)))


def norms_by_agency(
    session: Session, *, on: date, agency_ids: Collection[int] | None = None
) -> dict[int | None, Norms]:
    """Days between contacts by category: of organisations with norms of their own, and (None) of all others.

    `agency_ids`: only of these; None: of all.
    """
    query = (
        select(AgencyRegulation.agency_id, Regulation.code)
        .join(Regulation, Regulation.id == AgencyRegulation.regulation_id)
        .where(AgencyRegulation.starts_on <= on, Regulation.code != COMMON)
        .where(or_(AgencyRegulation.ends_on.is_(None), AgencyRegulation.ends_on >= on))
    )
    if agency_ids is not None:
        query = query.where(AgencyRegulation.agency_id.in_(agency_ids))
    followed: dict[int | None, set[str]] = defaultdict(set)
    for agency_id, code in session.execute(query):
        followed[agency_id].add(code)
    common = pack_of(session, COMMON)
    told: dict[frozenset[str], Norms] = {}
    for codes in {frozenset(), *map(frozenset, followed.values())}:
        own = [pack for code in sorted(codes) if (pack := pack_of(session, code))]
        told[codes] = {one.code: one.contact_days for one in merged(own, common).categories if one.contact_days}
    usual = told[frozenset()]
    special = {agency_id: told[frozenset(codes)] for agency_id, codes in followed.items()}
    return {None: usual, **{agency_id: norms for agency_id, norms in special.items() if norms != usual}}


# -- The risk of the first months --------------------------------------------------------------------------------------


def is_at_peak(on: date) -> ColumnElement[bool]:
    """Graduates who left three to four months ago."""
    return and_(Graduate.left_on.is_not(None), Graduate.left_on.between(on - PEAK[1], on - PEAK[0]))


def at_peak(graduate: Graduate, on: date) -> bool:
    return graduate.left_on is not None and PEAK[0] <= on - graduate.left_on <= PEAK[1]
