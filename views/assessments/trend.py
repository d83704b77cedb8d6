"""How a person fares from card to card: a table of indicators by dates, and a small line of the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from models.assessments import MonitoringCard
from reports.scales import Scale
from services.assessments.monitoring import Total, total_of, trend
from views.assessments import cells
from views.assessments.card import closed_to_user
from views.assessments.scoring import value_text
from views.formats import ru_date
from views.history import MASK

CARDS = 12  # Of the newest; the register has them all.
WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 360, 132, 22, 104, 18, 26
APART = 52  # Between two days written below the line.


def table(cards: Sequence[MonitoringCard], scale: Scale) -> dict[str, Any]:
    """Indicators × dates, the sums below; cards from the oldest to the newest."""
    closed = [closed_to_user(card) for card in cards]
    rows: list[list[Any]] = []
    for line in trend(cards):
        shown = (
            MASK if line.code in shut else value_text(value) for value, shut in zip(line.values, closed, strict=True)
        )
        rows.append([line.title, *shown])
    totals = [total_of(card) for card in cards]
    rows.append([Markup("<b>Сумма</b>"), *(Markup("<b>{}</b>").format(_sum(total)) for total in totals)])
    rows.append(["Уровень", *(cells.band_chip(scale.band_of(total.points)) for total in totals)])
    return {"columns": ["Показатель", *(_dated(card) for card in cards)], "rows": rows, "is_matrix": True}


def _dated(card: MonitoringCard) -> Markup:
    url = url_for("monitoring_card.details_view", id=card.id)
    return Markup('<a href="{}">{}</a>').format(url, ru_date(card.filled_on))


def _sum(total: Total) -> str:
    return "н/д" if total.points is None else f"{total.points}*" if total.is_flagged else str(total.points)


def line(cards: Sequence[MonitoringCard], scale: Scale) -> Markup:
    """The sums as a line, by their days; what it shows is said in words too."""
    known = [(card.filled_on, total.points) for card in cards if (total := total_of(card)).points is not None]
    if len(known) < 2 or not scale.best:
        return Markup("")
    first, span = known[0][0], max((known[-1][0] - known[0][0]).days, 1)
    places = [
        (
            LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span,
            ABOVE + (HEIGHT - ABOVE - BELOW) * (1 - (points or 0) / scale.best),
        )
        for day, points in known
    ]
    told = "; ".join(f"{ru_date(day)} – {points}" for day, points in known)
    drawn = [_bands(scale), _polyline(places), *_points(places, [points or 0 for _, points in known])]
    drawn += _days([x for x, _ in places], [day for day, _ in known])
    label = f"Сумма баллов по картам: {told}, из {scale.best}"
    return Markup('<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, label, Markup("").join(drawn)
    )


def _bands(scale: Scale) -> Markup:
    """A thin line where each band begins, its name beside the end of it."""
    lines = []
    for band in scale.bands:
        if band.first:
            y = ABOVE + (HEIGHT - ABOVE - BELOW) * (1 - band.first / scale.best)
            lines.append(
                Markup('<path d="M0 {:.1f}H{}" stroke="#c3ccd6" stroke-dasharray="3 4"/>').format(y, WIDTH - RIGHT + 18)
                + _text(WIDTH - RIGHT + 24, y + 4, f"{band.title} с {band.first}", "start")
            )
    return Markup("").join(lines)


def _polyline(places: Sequence[tuple[float, float]]) -> Markup:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return Markup('<polyline points="{}" fill="none" stroke="#0d52bf" stroke-width="2"/>').format(points)


def _points(places: Sequence[tuple[float, float]], points: Sequence[int]) -> Iterator[Markup]:
    for (x, y), value in zip(places, points, strict=True):
        dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="#0d52bf"/>').format(x, y)
        yield dot + _text(x, y - 9, str(value), "middle", "#16222f")


def _days(places: Sequence[float], days: Sequence[date]) -> Iterator[Markup]:
    """The last day always, of the others those that have room."""
    written = places[-1] + APART
    for x, day in zip(places[::-1], days[::-1], strict=True):
        if written - x >= APART:
            written = x
            yield _text(x, HEIGHT - 6, f"{day:%m.%Y}", "middle")


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#536071") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="12" text-anchor="{}" fill="{}">{}</text>').format(
        x, y, anchor, colour, text
    )
