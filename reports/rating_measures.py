"""Shares that organisations are compared by: whole and part as records, each of which can be listed.

Every measure counts the records of each organisation in the period of the report: those of its journals, the people
whom it has on support at least a day, the obligations that fell due and are over. The packs say which of them count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_

from models.assessments import MonitoringCard
from models.cases import SupportEpisode
from models.deadlines import Deadline
from models.graduates import Graduate
from models.plans import Measure as PlanMeasure
from models.plans import MeasureStatus, Plan
from models.support import CategoryDecision
from models.work import Appeal, ServiceRecord
from reports import scope
from reports.base import Desk
from reports.figures import Records
from reports.norms import kpi_norms_of, monitoring_scale
from reports.success import Success
from reports.terms_kept import Fate, conditions


@dataclass(frozen=True)
class Measure:
    """`part` of `whole`, told apart by the column of their organisation; people are counted once."""

    whole: Records
    part: ColumnElement[bool]
    agency_id: Any
    of_people: bool = False

    def counted(self, desk: Desk) -> dict[int, tuple[int, int]]:
        """(part, whole) of each organisation that has any; one statement."""
        person = self.whole.person
        whole = func.count(person.distinct()) if self.of_people else func.count()
        hit = case((self.part, person if self.of_people else 1))
        part = func.count(hit.distinct()) if self.of_people else func.count(hit)
        query = self.whole.select(self.agency_id, part, whole).group_by(self.agency_id)
        return {agency_id: (int(part), int(whole)) for agency_id, part, whole in desk.session.execute(query)}

    def records(self, agency_id: int, *, is_part: bool) -> Records:
        own = self.whole.narrowed(self.agency_id == agency_id)
        return own.narrowed(self.part) if is_part else own


def _supported(desk: Desk) -> Records:
    """Episodes of the period with the card of each person beside them."""
    found = scope.supported_during(desk, desk.parameters.span).narrowed(Graduate.deleted_at.is_(None))
    return replace(found, joins=((Graduate, Graduate.id == SupportEpisode.graduate_id),))


def _of_supported(desk: Desk, part: ColumnElement[bool]) -> Measure:
    return Measure(_supported(desk), part, SupportEpisode.agency_id, of_people=True)


def _helped(desk: Desk) -> Measure:
    s, e = ServiceRecord, SupportEpisode
    own = and_(s.graduate_id == e.graduate_id, s.agency_id == e.agency_id, s.annulled_on.is_(None))
    return _of_supported(desk, exists().where(own, scope.during(s.provided_on, desk.parameters.span)).correlate(e))


def _monitored(desk: Desk) -> Measure:
    c, e = MonitoringCard, SupportEpisode
    own = and_(c.graduate_id == e.graduate_id, c.agency_id == e.agency_id, c.annulled_on.is_(None))
    return _of_supported(desk, exists().where(own, scope.during(c.filled_on, desk.parameters.span)).correlate(e))


def _successful(desk: Desk) -> Measure:
    agency_id, on = desk.parameters.agency_id, desk.parameters.on
    scale = monitoring_scale(desk.session, agency_id=agency_id, on=on)
    criteria = kpi_norms_of(desk.session, agency_id=agency_id, on=on).success
    episodes = scope.supported_during(desk, desk.parameters.span)
    success = Success(desk, scale, criteria, episodes.select(episodes.person))
    found = _of_supported(desk, success.holds)
    beside = (success.judged, success.judged.c.graduate_id == Graduate.id)
    return replace(found, whole=replace(found.whole, joins=(*found.whole.joins, beside)))


def _in_category(code: str) -> Callable[[Desk], Measure]:
    def measure(desk: Desk) -> Measure:
        category = scope.fact(CategoryDecision, desk.parameters.on, "category_code")
        return _of_supported(desk, func.coalesce(category, "") == code)

    return measure


def _measures_done(desk: Desk) -> Measure:
    due = scope.measures(desk).narrowed(PlanMeasure.due_on <= desk.parameters.on)
    return Measure(due, PlanMeasure.status == MeasureStatus.DONE, Plan.agency_id)


def _appeals_in_time(desk: Desk) -> Measure:
    a, on = Appeal, desk.parameters.on
    in_time = and_(a.done_on <= on, or_(a.due_on.is_(None), a.done_on <= a.due_on))
    is_over = or_(a.done_on <= on, a.due_on < on)
    return Measure(scope.appeals(desk).narrowed(is_over), in_time, a.agency_id)


def _deadlines_in_time(desk: Desk) -> Measure:
    d, fates = Deadline, conditions(desk.parameters.on)
    is_over = or_(fates[Fate.IN_TIME], fates[Fate.LATE], fates[Fate.MISSED])
    where = (scope.within(desk, d.agency_id), scope.during(d.due_on, desk.parameters.span), is_over)
    return Measure(Records(d, where, day=d.due_on), fates[Fate.IN_TIME], d.agency_id)


MEASURES: Mapping[str, Callable[[Desk], Measure]] = {
    "helped": _helped,
    "successful": _successful,
    "monitored": _monitored,
    "stable": _in_category("stable"),
    "crisis": _in_category("crisis"),
    "measures-done": _measures_done,
    "appeals-in-time": _appeals_in_time,
    "deadlines-in-time": _deadlines_in_time,
}

# What the part and the whole of a measure are called in a table.
TITLES: Mapping[str, tuple[str, str]] = {
    "helped": ("получили услуги", "на сопровождении"),
    "successful": ("успешны", "на сопровождении"),
    "monitored": ("с картой мониторинга", "на сопровождении"),
    "stable": ("в стабильной категории", "на сопровождении"),
    "crisis": ("в кризисной категории", "на сопровождении"),
    "measures-done": ("мероприятий выполнено", "мероприятий со сроком в периоде"),
    "appeals-in-time": ("обращений исполнено в срок", "обращений, срок которых наступил"),
    "deadlines-in-time": ("сроков выдержано", "сроков наступило"),
}
