"""The page of a monitoring card: its indicators beside those of the card before, what is closed, what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select

from models.assessments import MonitoringCard
from models.audit import AuditEvent, ChangeKind
from models.support import FieldGroup
from reports.scales import Item, Scale
from services.assessments import monitoring
from services.assessments.monitoring import total_of
from views import details, edge, history, labels
from views.assessments import cells, proposal
from views.assessments.scoring import Mark, value_text
from views.extensions import db
from views.formats import ru_date
from views.history import MASK

BARE = tuple((value, "") for value in range(9, -1, -1))


def blocks(card: MonitoringCard) -> Iterable[dict[str, Any]]:
    previous = monitoring.previous_of(db.session(), card=card)
    yield _summary(card, previous)
    cards = monitoring.cards_of(db.session(), graduate_id=card.graduate_id)
    if cards and cards[0].id == card.id:  # An older card asks for nothing any more.
        yield proposal.block(card.graduate)
    yield {"title": "Показатели", "id": "scores", "items": [], "table": _table(card, previous)}


def marks_of(card: MonitoringCard) -> dict[str, Mark]:
    return {score.indicator: Mark(score.value, score.note) for score in card.scores}


def scale_of(card: MonitoringCard) -> Scale:
    """By which a card is corrected: its own indicators in the words of today, where there are any."""
    today = cells.profile(card.agency_id).monitoring
    items = (today.item(score.indicator) or Item(score.indicator, score.title, BARE) for score in card.scores)
    return Scale(tuple(items), today.bands)


def readable_scale(card: MonitoringCard) -> Scale:
    closed = closed_to_user(card)
    scale = scale_of(card)
    return Scale(tuple(item for item in scale.items if item.code not in closed), scale.bands)


def closed_to_user(card: MonitoringCard) -> frozenset[str]:
    """Indicators of a card that only those named on their field group read, and whoever filled it in."""
    if card.created_by_id == edge.viewer().user_id:
        return frozenset()
    groups = cells.groups_of(card.graduate)
    closed = cells.profile(card.agency_id).monitoring.groups
    return frozenset(code for code, group in closed.items() if group not in groups)


def history_of(card: MonitoringCard) -> list[dict[str, Any]]:
    """Changes of the card and of its marks, masked where the user may not read them."""
    e, closed = AuditEvent, closed_to_user(card)
    scores = {score.id: score for score in card.scores}
    of_card = and_(e.subject == "monitoring_card", e.subject_id == card.id)
    of_marks = and_(e.subject == "monitoring_score", e.subject_id.in_(scores), e.kind != ChangeKind.CREATED.value)
    events = db.session.scalars(select(e).where(or_(of_card, of_marks)).order_by(e.seq.desc()).limit(history.LIMIT))
    entries = []
    for event in events:
        score = scores.get(event.subject_id or 0) if event.subject == "monitoring_score" else None
        is_open = score is not None and score.indicator not in closed
        entry = history._entry(event, frozenset({FieldGroup.OFFENCES.value}) if is_open else frozenset())
        entries.append({**entry, "what": f"«{score.title}»: изменение"} if score is not None else entry)
    return entries


def _summary(card: MonitoringCard, previous: MonitoringCard | None) -> dict[str, Any]:
    scale, total = cells.profile(card.agency_id).monitoring, total_of(card)
    items: list[tuple[str, Any]] = [("Сумма", cells.points_text(total, scale.best))]
    if total.is_flagged:
        items.append(("Как посчитано", "среднее по оценённым показателям, умноженное на их число"))
    if previous is not None:
        before = total_of(previous)
        items.append(("Прошлая карта", f"{cells.points_text(before)}, {ru_date(previous.filled_on)}"))
    items += details.facts(card, ["specialist"])
    items.append(("Организация", labels.label("agency", card.agency_id)))
    items += [item for item in details.facts(card, ["conclusion"]) if item[1]]
    return {"title": "Итог", "id": "total", "items": items}


def _table(card: MonitoringCard, previous: MonitoringCard | None) -> dict[str, Any]:
    """Without a card before there is no column for it."""
    columns = ["№", "Показатель", "Оценка", "Что это значит"]
    columns += [f"Было {ru_date(previous.filled_on)}"] if previous else []
    closed, before = closed_to_user(card), _values_before(previous)
    rows = []
    for number, (score, item) in enumerate(zip(card.scores, scale_of(card).items, strict=True), start=1):
        is_closed = score.indicator in closed
        told = [MASK, MASK] if is_closed else [value_text(score.value), item.words(score.value)]
        was = [before.get(score.indicator, "")] if previous else []
        rows.append([number, score.title, *told, *was, MASK if is_closed else score.note])
    return {"columns": [*columns, "Примечание"], "rows": rows}


def _values_before(previous: MonitoringCard | None) -> dict[str, str]:
    if previous is None:
        return {}
    closed = closed_to_user(previous)
    return {one.indicator: MASK if one.indicator in closed else value_text(one.value) for one in previous.scores}
