"""Services rendered in the period, by whatever they are told apart: how many, to how many people (aistenok 13.3).

A record of the journal of services may stand for several services of one kind on one day (`quantity`), so that there
are two numbers: services, and the journal's lines from which they are added up.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from models.dictionaries import Direction, ServiceForm, ServiceKind
from models.plans import Measure
from models.support import CategoryDecision
from models.work import GroupSession, ServiceRecord
from reports import scope
from reports.base import Desk
from reports.classifiers import Lines, of_dictionary, of_employees
from reports.figures import Count, Records, SplitTable

CRISIS = "crisis"
SERVICES = Count("services", "Услуг", summed=ServiceRecord.quantity)
ENTRIES = Count("entries", "Строк журнала")
PEOPLE = Count("people", "Получателей", of_people=True)
APPEALED = Count("appealed", "Строк по обращениям", ServiceRecord.appeal_id.is_not(None))
USUAL = (SERVICES, ENTRIES, PEOPLE)
NOTE = "Услуги сложены из строк журнала услуг; получатель сочтён один раз в строке и один раз в итоге."


def by_kind(desk: Desk, counts: tuple[Count, ...] = USUAL, note: str = NOTE) -> SplitTable:
    lines = of_dictionary(desk.session, ServiceKind)
    records, by = scope.services(desk), ServiceRecord.kind_code
    return _split(records, "kinds", "Услуги по видам", "Вид услуги", by, lines, counts, note)


def by_form(desk: Desk, counts: tuple[Count, ...] = USUAL) -> SplitTable:
    lines = of_dictionary(desk.session, ServiceForm)
    records, by = scope.services(desk), ServiceRecord.form_code
    return _split(records, "forms", "Услуги по формам обслуживания", "Форма", by, lines, counts)


def by_specialist(desk: Desk, counts: tuple[Count, ...] = USUAL) -> SplitTable:
    records, by, lines = scope.services(desk), ServiceRecord.specialist_id, of_employees(desk)
    unknown = "без учётной записи"
    return _split(records, "specialists", "Услуги по специалистам", "Специалист", by, lines, counts, unknown=unknown)


def by_direction(desk: Desk, counts: tuple[Count, ...] = USUAL) -> SplitTable:
    """Of the plan's measure that a service belongs to."""
    lines = of_dictionary(desk.session, Direction)
    records = _joined(scope.services(desk), Measure, Measure.id == ServiceRecord.measure_id)
    unknown, by = "вне плана", Measure.direction_code
    return _split(
        *(records, "directions", "Услуги по направлениям плана", "Направление", by, lines, counts), unknown=unknown
    )


def by_programme(desk: Desk, counts: tuple[Count, ...] = USUAL) -> SplitTable:
    """Of the group session at which a service was rendered; programmes are called as the journal calls them."""
    held = and_(GroupSession.id == ServiceRecord.session_id, GroupSession.programme != "")
    records = _joined(scope.services(desk), GroupSession, held)
    unknown, by = "вне программ", GroupSession.programme
    return _split(
        *(records, "programmes", "Услуги по программам занятий", "Программа", by, Lines(()), counts), unknown=unknown
    )


def _joined(records: Records, table: Any, condition: ColumnElement[bool]) -> Records:
    return Records(records.model, records.where, records.person, records.day, ((table, condition),))


def _split(
    records: Records,
    key: str,
    title: str,
    heading: str,
    by: Any,
    lines: Lines,
    counts: tuple[Count, ...],
    note: str = "",
    unknown: str = "не указано",
) -> SplitTable:
    return SplitTable(
        key, title, heading, records, by, lines.labels, counts, unknown=unknown, note=note, rare=lines.rare
    )


# -- Of whom -------------------------------------------------------------------------------------------------------


def for_the_first_time(desk: Desk) -> Count:
    """Recipients whom the organisation had rendered nothing before the period."""
    earlier = aliased(ServiceRecord)
    before = exists().where(
        earlier.graduate_id == ServiceRecord.graduate_id,
        earlier.agency_id == ServiceRecord.agency_id,
        earlier.provided_on <= desk.parameters.span.starts_on - timedelta(days=1),
        earlier.annulled_on.is_(None),
    )
    return Count("first", "Из них впервые", ~before.correlate(ServiceRecord), of_people=True)


def in_crisis() -> Count:
    """Recipients who were of the crisis category on the day of a service."""
    held, day = aliased(CategoryDecision), ServiceRecord.provided_on
    query = select(held.category_code).where(
        held.graduate_id == ServiceRecord.graduate_id,
        held.starts_on <= day,
        or_(held.ends_on.is_(None), held.ends_on >= day),
    )
    query = query.order_by(held.starts_on.desc(), held.id.desc()).limit(1)
    code = query.correlate(ServiceRecord).scalar_subquery()
    return Count("crisis", "В кризисе", code == CRISIS, of_people=True)
