"""Who lives successfully (kizil, indicator 3; domain §6.4): seven criteria, of which the regulation says which hold.

A person is successful on a day when the newest monitoring card of the time looked at exists and all criteria hold, or
when a specialist said so in writing within that time; the specialist's word is stronger. The time is the period, but
never less than the half-year that ends with it, since monitoring is done twice a year. All people at once, in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, false, func, or_, select

from models.aid import SuccessVerdict
from models.assessments import MonitoringCard, MonitoringScore
from models.circumstances import Address, AddressKind, Employment, Housing, Income, Study
from models.graduates import Graduate
from models.reckoning import months_later
from models.support import CategoryDecision, OffenceRecord, Problem
from reports import scope
from reports.base import Desk
from reports.figures import Records
from reports.norms import Criterion
from reports.scales import Scale

BUSY = ("studying", "employed", "self_employed", "military", "childcare_leave")
NO_HOME = ("homeless", "unknown")
LOOKED_BACK = 6  # months at least
INDICATORS = {"law": "law-abidingness", "means": "means-of-living", "housing": "housing", "family": "family"}


def looked_from(desk: Desk) -> date:
    """The first day of the time whose monitoring and whose words count."""
    half_a_year = months_later(desk.parameters.on, -LOOKED_BACK) + timedelta(days=1)
    return min(desk.parameters.span.starts_on, half_a_year)


@dataclass(frozen=True)
class Success:
    """The rule for a report: on its last day, for the cards of `people` (a statement of their ids)."""

    desk: Desk
    scale: Scale
    criteria: tuple[Criterion, ...]
    people: Any

    @property
    def on(self) -> date:
        return self.desk.parameters.on

    @cached_property
    def judged(self) -> Subquery:
        """The newest card of each person within the time: its points and the indicators that the criteria ask for."""
        c, s = MonitoringCard, MonitoringScore
        rank = func.row_number().over(partition_by=c.graduate_id, order_by=(c.filled_on.desc(), c.id.desc()))
        cards = (
            select(c.id, c.graduate_id, rank.label("place"))
            .where(c.annulled_on.is_(None), c.filled_on.between(looked_from(self.desk), self.on))
            .where(c.graduate_id.in_(self.people))
            .subquery()
        )
        marks = [func.max(case((s.indicator == code, s.value))).label(name) for name, code in INDICATORS.items()]
        query = select(
            cards.c.graduate_id,
            func.sum(s.value).label("points"),
            func.count(s.value).label("answered"),
            func.count().label("asked"),
            *marks,
        ).join(s, s.card_id == cards.c.id)
        return query.where(cards.c.place == 1).group_by(cards.c.graduate_id).subquery()

    def joined(self, people: Records) -> Records:
        """The same people with their cards beside them."""
        return Records(people.model, people.where, people.person, people.day, ((self.judged, self._is_of_person),))

    @cached_property
    def _is_of_person(self) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = self.judged.c.graduate_id == Graduate.id
        return condition

    # -- The criteria ------------------------------------------------------------------------------------------------

    @cached_property
    def has_card(self) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = self.judged.c.graduate_id.is_not(None)
        return condition

    @cached_property
    def met(self) -> dict[Criterion, ColumnElement[bool]]:
        """Each criterion as a condition that is true or false, never unknown."""
        judged = self.judged.c
        every = {
            Criterion.OCCUPATION: or_(
                self._held(Employment, "status_code").in_(BUSY), self._held(Study, "status_code") == "studying"
            ),
            Criterion.HOUSING: and_(self._held(Housing, "status_code").not_in(NO_HOME), self._is_registered),
            Criterion.LAW: and_(
                ~self._has_problem("offence", "released"),
                ~self._has_offence,
                func.coalesce(self._held(Employment, "status_code"), "") != "imprisoned",
                func.coalesce(judged.law, 3) >= 2,
            ),
            Criterion.ADDICTION: and_(~self._has_problem("addiction"), func.coalesce(judged.law, 3) >= 1),
            Criterion.INCOME: and_(or_(self._has_income, judged.means >= 2), func.coalesce(judged.housing, 3) >= 2),
            Criterion.CHILDREN: and_(~self._has_problem("children_at_risk"), func.coalesce(judged.family, 3) >= 1),
            Criterion.STABLE: or_(self._held(CategoryDecision, "category_code") == "stable", self._is_high),
        }
        return {code: func.coalesce(every[code], False) for code in self.criteria}

    @cached_property
    def verdict(self) -> Any:
        """The specialist's newest word of the time: true, false, or NULL where there is none."""
        v = SuccessVerdict
        query = select(v.is_successful).where(
            v.graduate_id == Graduate.id,
            v.decided_on.between(looked_from(self.desk), self.on),
            scope.within(self.desk, v.agency_id),
        )
        return query.order_by(v.decided_on.desc(), v.id.desc()).limit(1).correlate(Graduate).scalar_subquery()

    @cached_property
    def by_rule(self) -> ColumnElement[bool]:
        return and_(self.has_card, *self.met.values())

    @cached_property
    def holds(self) -> ColumnElement[bool]:
        return func.coalesce(self.verdict, self.by_rule)

    # -- What they rest on -------------------------------------------------------------------------------------------

    def _held(self, model: Any, column: str) -> Any:
        return scope.fact(model, self.on, column)

    def _holds_on(self, model: Any) -> ColumnElement[bool]:
        return and_(
            model.graduate_id == Graduate.id,
            model.starts_on <= self.on,
            or_(model.ends_on.is_(None), model.ends_on >= self.on),
        )

    @property
    def _is_registered(self) -> ColumnElement[bool]:
        kinds = (AddressKind.REGISTRATION, AddressKind.TEMPORARY)
        return exists().where(self._holds_on(Address), Address.kind.in_(kinds)).correlate(Graduate)

    @property
    def _has_income(self) -> ColumnElement[bool]:
        is_some = or_(Income.amount.is_(None), Income.amount > 0)
        return exists().where(self._holds_on(Income), is_some).correlate(Graduate)

    def _has_problem(self, *kinds: str) -> ColumnElement[bool]:
        return open_problem(self.on, Problem.kind_code.in_(kinds))

    @property
    def _has_offence(self) -> ColumnElement[bool]:
        o = OffenceRecord
        lately = o.recorded_on.between(looked_from(self.desk), self.on)
        return exists().where(o.graduate_id == Graduate.id, lately).correlate(Graduate)

    @property
    def _is_high(self) -> ColumnElement[bool]:
        """The sum of the card, gaps made up for as services.assessments.monitoring.total does, is in the best band."""
        judged = self.judged.c
        best = max((band.first for band in self.scale.bands), default=None)
        if best is None:
            return false()
        whole = (2 * judged.points * judged.asked + judged.answered) // (2 * func.nullif(judged.answered, 0))
        condition: ColumnElement[bool] = whole >= best
        return condition


def open_problem(on: date, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The person of the statement has a problem that is open on a day."""
    p = Problem
    is_open = and_(p.found_on <= on, or_(p.resolved_on.is_(None), p.resolved_on > on))
    return exists().where(p.graduate_id == Graduate.id, is_open, *conditions).correlate(Graduate)
