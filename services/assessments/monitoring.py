"""Monitoring cards: indicators of success on a day, their sum and its band; the scale is data of the packs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from models.access import Viewer
from models.assessments import MonitoringCard, MonitoringScore
from models.graduates import Graduate
from reports.scales import Scale
from services.assessments import recording
from services.errors import need


class Mark(NamedTuple):
    """One indicator as a specialist judged it; no value: «н/д»."""

    value: int | None
    note: str = ""


class Total(NamedTuple):
    """The sum of a card; `is_flagged`: some indicators had no value, their share was reckoned from the others."""

    points: int | None
    is_flagged: bool = False


def total(values: Collection[int | None]) -> Total:
    """The sum; with gaps the average of what is known times the number of indicators, a half rounded up."""
    known = [value for value in values if value is not None]
    return reckoned(sum(known), len(known), len(values))


def reckoned(points: int, answered: int, asked: int) -> Total:
    """The same from a sum and two numbers, as a list reads them from the database."""
    if answered == 0:
        return Total(None, asked > 0)
    if answered == asked:
        return Total(points)
    return Total((2 * points * asked + answered) // (2 * answered), True)


def total_of(card: MonitoringCard) -> Total:
    return total([score.value for score in card.scores])


def fill(
    session: Session,
    *,
    graduate_id: int,
    agency_id: int,
    filled_on: date,
    marks: Mapping[str, Mark],
    scale: Scale,
    conclusion: str = "",
    specialist: str = "",
    by: Viewer,
    now: datetime,
) -> MonitoringCard:
    """A new card with a mark for each indicator of the organisation's scale. Raises Refused."""
    graduate = recording.begin(
        session, graduate_id=graduate_id, agency_id=agency_id, on=filled_on, by=by, field="filled_on"
    )
    _check_marks(scale, marks)
    _check_only_one(session, graduate, agency_id, filled_on)
    card = MonitoringCard(graduate=graduate, agency_id=agency_id, filled_on=filled_on, conclusion=conclusion.strip())
    card.scores = [
        MonitoringScore(indicator=item.code, title=item.title, position=place, value=mark.value, note=mark.note)
        for place, item in enumerate(scale.items)
        for mark in [marks[item.code]]
    ]
    recording.keep(session, card, specialist=specialist, by=by, now=now)
    return card


def correct(
    session: Session,
    *,
    card: MonitoringCard,
    filled_on: date,
    marks: Mapping[str, Mark],
    scale: Scale,
    conclusion: str = "",
    by: Viewer,
) -> None:
    """Change a card; indicators that `marks` leave out stay as they are. Raises Refused."""
    recording.check_change(card, on=filled_on, by=by, field="filled_on")
    kept = {score.indicator: Mark(score.value, score.note) for score in card.scores}
    _check_marks(scale, {**kept, **marks})
    if filled_on != card.filled_on:
        _check_only_one(session, card.graduate, card.agency_id, filled_on, besides=card.id)
    card.filled_on, card.conclusion = filled_on, conclusion.strip()
    flag_modified(card, "conclusion")  # The card's version rises with its marks, too.
    for score in card.scores:
        if score.indicator in marks:
            score.value, score.note = marks[score.indicator]
    session.flush()


def _check_marks(scale: Scale, marks: Mapping[str, Mark]) -> None:
    need(scale.items, "В регламентах организации нет показателей мониторинга: их добавляет администратор.")
    for item in scale.items:
        need(item.code in marks, f"Оцените показатель «{item.title}».")
        value = marks[item.code].value
        is_known = value is None or value in dict(item.steps)
        need(is_known, f"Показатель «{item.title}»: такой оценки в шкале нет.")
    is_empty = all(mark.value is None for mark in marks.values())
    need(not is_empty, "Оцените хотя бы один показатель: по карте из «н/д» ничего не решить.")


def _check_only_one(session: Session, graduate: Graduate, agency_id: int, day: date, besides: int = 0) -> None:
    there = select(MonitoringCard.id).where(
        MonitoringCard.graduate_id == graduate.id,
        MonitoringCard.agency_id == agency_id,
        MonitoringCard.filled_on == day,
        MonitoringCard.annulled_on.is_(None),
        MonitoringCard.id != besides,
    )
    is_free = session.scalars(there.limit(1)).one_or_none() is None
    need(is_free, "На этот день карта уже заполнена: откройте её и исправьте.", field="filled_on")


# -- Reading ---------------------------------------------------------------------------------------------------------


def cards_of(session: Session, *, graduate_id: int, until: date | None = None) -> list[MonitoringCard]:
    """The cards of a person that stand, the newest first."""
    query = select(MonitoringCard).options(selectinload(MonitoringCard.scores))
    query = query.where(MonitoringCard.graduate_id == graduate_id, MonitoringCard.annulled_on.is_(None))
    if until is not None:
        query = query.where(MonitoringCard.filled_on <= until)
    return list(session.scalars(query.order_by(MonitoringCard.filled_on.desc(), MonitoringCard.id.desc())))


def previous_of(session: Session, *, card: MonitoringCard) -> MonitoringCard | None:
    """The card before this one, by whichever organisation."""
    earlier = [one for one in cards_of(session, graduate_id=card.graduate_id) if _key(one) < _key(card)]
    return earlier[0] if earlier else None


def _key(card: MonitoringCard) -> tuple[date, int]:
    return card.filled_on, card.id


def latest(session: Session, *, graduate_ids: Iterable[int], since: date, until: date) -> dict[int, MonitoringCard]:
    """The newest card of each of some people within a period, for reports."""
    c = MonitoringCard
    rank = func.row_number().over(partition_by=c.graduate_id, order_by=(c.filled_on.desc(), c.id.desc()))
    ranked = (
        select(c.id, rank.label("rank"))
        .where(c.graduate_id.in_(list(graduate_ids)), c.annulled_on.is_(None), c.filled_on.between(since, until))
        .subquery()
    )
    newest = select(c).options(selectinload(c.scores)).where(c.id.in_(select(ranked.c.id).where(ranked.c.rank == 1)))
    return {card.graduate_id: card for card in session.scalars(newest)}


class Line(NamedTuple):
    """An indicator in a person's trend: its value in each card of the trend, in their order."""

    code: str
    title: str
    values: tuple[int | None, ...]


def trend(cards: Iterable[MonitoringCard]) -> list[Line]:
    """Indicators × cards; an indicator that a card did not ask has no value there."""
    told = list(cards)
    titles = {score.indicator: score.title for card in told for score in card.scores}
    by_card = [{score.indicator: score.value for score in card.scores} for card in told]
    return [Line(code, title, tuple(values.get(code) for values in by_card)) for code, title in titles.items()]
