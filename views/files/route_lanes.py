"""The picture of a route: a lane for each side of a life, years from left to right, and the gaps between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.route.kinds import Event

DAY = timedelta(days=1)
LEAST = 0.5  # Per cent: what lasts a day can still be seen.
LETTER, MARGIN, FEWEST = 0.7, 1.3, 5  # Per cent that a letter and the edges take; fewer letters say nothing.
GAP = timedelta(days=30)  # A month without study or work is a gap.
IDLE = frozenset({"none", "unknown", "expelled", "completed"})  # Codes that say: neither studies nor works.
# (name of the lane, its class, events that lie in it)
LANES = (
    ("Пребывание", "stay", ("placement",)),
    ("Учёба", "study", ("study",)),
    ("Занятость", "work", ("employment",)),
    ("Жильё", "housing", ("housing",)),
    ("Категория", "category", ("category",)),
    ("Договор", "contract", ("contract",)),
)
NOTHING = "ни учёбы, ни работы"


@dataclass(frozen=True)
class Band:
    """`x` and `width` in per cent of the picture."""

    x: float
    width: float
    css: str
    text: str
    since: date
    until: date | None  # None: to this day.

    @property
    def words(self) -> str:
        """As much of the text as there is room for."""
        room = int((self.width - MARGIN) / LETTER)
        if len(self.text) <= room:
            return self.text
        return f"{self.text[: room - 1].rstrip(' ,(')}…" if room >= FEWEST else ""


@dataclass(frozen=True)
class Lane:
    title: str
    bands: list[Band] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    lanes: list[Lane]
    years: list[tuple[float, str]]  # Where a year begins; its number, where there is room for it.
    now: float
    first: date
    last: date


@dataclass(frozen=True)
class _Span:
    since: date
    until: date
    css: str
    text: str
    is_open: bool


def picture(events: Sequence[Event], today: date) -> Picture | None:
    """The lanes of a whole route, the oldest event first; None where nothing of it lasts."""
    found = {css: _spans(events, css, whats, today) for _, css, whats in LANES}
    drawn = [(title, found[css]) for title, css, _ in LANES]
    lanes = [(title, spans) for title, spans in [*drawn, ("Пробелы", list(_gaps(events, found, today)))] if spans]
    if not lanes:
        return None
    first = min(span.since for _, spans in lanes for span in spans)
    last = max(today, *(span.until for _, spans in lanes for span in spans)) + DAY
    days = max((last - first).days, 1)

    def place(day: date) -> float:
        return round((day - first).days * 100 / days, 2)

    made = [Lane(title, [_band(span, place) for span in spans]) for title, spans in lanes]
    return Picture(made, _years(first, last, place), place(today), first, last - DAY)


def _spans(events: Sequence[Event], css: str, whats: tuple[str, ...], today: date) -> list[_Span]:
    """A fact without an end holds until the next of its kind, else to this day."""
    own = [event for event in events if event.what in whats and not event.is_annulled]
    spans = []
    for number, event in enumerate(own):
        following = own[number + 1].on if number + 1 < len(own) else None
        until = event.until or (max(following - DAY, event.on) if following else max(today, event.on))
        look = f"{css}-{event.code}" if css == "category" else "idle" if event.code in IDLE else css
        text = event.title.partition(": ")[2] if css == "category" else event.title
        is_open = event.until is None and following is None
        spans.append(_Span(event.on, until, look, text, is_open))
    return spans


def _gaps(events: Sequence[Event], lanes: dict[str, list[_Span]], today: date) -> Iterable[_Span]:
    """Times after leaving the institution in which nothing is known of study or work."""
    left = [event.on for event in events if event.what == "left"]
    stays = [span.until for span in lanes["stay"] if span.until < today]
    start = max(left, default=None) or max(stays, default=None)
    if start is None:
        return
    busy = sorted(
        (span.since, span.until)
        for lane in ("study", "work")
        for span in lanes[lane]
        if span.css != "idle" and span.until > start
    )
    free = start + DAY
    for since, until in [*busy, (today + DAY, today + DAY)]:
        if since - free >= GAP:
            yield _Span(free, since - DAY, "gap", NOTHING, since > today)
        free = max(free, until + DAY)


def _band(span: _Span, place: Callable[[date], float]) -> Band:
    x = place(span.since)
    width = max(round(place(span.until + DAY) - x, 2), LEAST)
    return Band(x, width, span.css, span.text, span.since, None if span.is_open else span.until)


def _years(first: date, last: date, place: Callable[[date], float]) -> list[tuple[float, str]]:
    numbers = range(first.year + 1, (last - DAY).year + 1)
    step = 1 if len(numbers) <= 12 else 2 if len(numbers) <= 24 else 5
    return [
        (place(date(year, 1, 1)), str(year) if (year - first.year) % step == 0 or step == 1 else "") for year in numbers
    ]
