"""«Маршрут»: everything about a person as one line of time, with a picture of the years (kizil 1.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, abort, render_template, url_for

from models.audit import AccessKind
from models.graduates import Graduate
from services.route.events import chosen, events
from services.route.kinds import Event, Kind
from views import edge, graduate_card, graduate_deadlines, labels
from views.extensions import db
from views.files.links import page_prefix
from views.files.route_asked import SIZE, Asked
from views.files.route_lanes import picture
from views.files.serving import person_or_none
from views.formats import counted, grouped

pages = Blueprint("route", __name__, url_prefix="/graduate")


class Line(NamedTuple):
    """A row of the table, as text."""

    day: str  # «01.02.2026», «01.02.2026 – 31.03.2026»
    kind: str
    url: str
    title: str
    detail: str
    agency: str
    is_annulled: bool


@pages.get("/<int:graduate_id>/route")
def show(graduate_id: int) -> str:
    graduate = person_or_404(graduate_id)
    edge.log_access(AccessKind.OPENED, "graduate", graduate.id, {"page": "route"})
    asked, today = Asked.read(graduate.id), edge.today()
    found = events(db.session(), viewer=edge.viewer(), graduate=graduate)
    wanted = chosen(found, kinds=asked.kinds, since=asked.since, until=asked.until)
    if not asked.is_oldest_first:
        wanted.reverse()
    shown, pager = _page(wanted, asked)
    urgent = graduate_deadlines.urgent(graduate, today)
    return render_template(
        "files/route.html",
        page_title=f"Маршрут: {graduate.full_name}",
        breadcrumbs=_trail(graduate, "Маршрут"),
        header=graduate_card.title_block(graduate, today),
        tabs=graduate_card.tabs(graduate, "route", sum(urgent)),
        picture=picture(found, today),
        asked=asked,
        kinds=_kinds(found, asked),
        years=sorted({event.on.year for event in found}),
        groups=_groups(shown),
        total=counted(len(wanted), "событие", "события", "событий"),
        pager=pager,
        card_url=url_for("support_card.show", graduate_id=graduate.id),
    )


def person_or_404(graduate_id: int) -> Graduate:
    """A stranger is told that there is no such person."""
    graduate = person_or_none(graduate_id) if graduate_id < 2**31 else None
    if graduate is None:
        number = graduate_id if graduate_id < 2**31 else None
        edge.log_access(AccessKind.REFUSED, subject="graduate", subject_id=number)
        abort(404)
    return graduate


def _trail(graduate: Graduate, here: str) -> list[tuple[str, str | None]]:
    card = url_for("graduate.details_view", id=graduate.id)
    return [("Выпускники", url_for("graduate.index_view")), (graduate.full_name, card), (here, None)]


def _kinds(found: Sequence[Event], asked: Asked) -> list[tuple[str, str, str, bool]]:
    """(name, how many in these years, address, whether chosen) of the kinds that occur."""
    counts = Counter(event.kind for event in chosen(found, since=asked.since, until=asked.until))
    return [
        (kind.label, grouped(counts[kind]), asked.with_kind(kind), kind in asked.kinds)
        for kind in Kind
        if counts[kind] or kind in asked.kinds
    ]


def _page(wanted: list[Event], asked: Asked) -> tuple[list[Event], dict[str, Any] | None]:
    """The events of one page, and the way to the others where there are any."""
    total = len(wanted)
    if total <= SIZE:
        return wanted, None
    if asked.is_whole:
        return wanted, {"told": "", "pages_url": asked.url(is_whole=False)}
    page = min(asked.page, -(-total // SIZE))
    start = (page - 1) * SIZE
    shown = wanted[start : start + SIZE]
    end = start + len(shown)
    return shown, {
        "told": f"{grouped(start + 1)}–{grouped(end)} из {grouped(total)}",
        "before_url": asked.url(page=page - 1) if page > 1 else None,
        "after_url": asked.url(page=page + 1) if end < total else None,
        "whole_url": asked.url(is_whole=True),
    }


def _groups(shown: Sequence[Event]) -> list[tuple[int, list[Line]]]:
    """Lines under their years."""
    groups: list[tuple[int, list[Line]]] = []
    prefixes: dict[str, str | None] = {}
    agencies: dict[int | None, str] = {}
    year, lines = 0, list[Line]()
    for on, until, kind, _, title, detail, agency_id, subject, number, _, is_annulled, _ in shown:
        if on.year != year:
            year, lines = on.year, []
            groups.append((year, lines))
        if subject not in prefixes:
            prefixes[subject] = page_prefix(subject) if subject else None
        if agency_id not in agencies:
            agencies[agency_id] = labels.label("agency", agency_id)
        prefix = prefixes[subject]
        url = f"{prefix}{number}" if prefix else ""
        lasted = f" – {_day(until)}" if until and until != on else ""
        lines.append(Line(f"{_day(on)}{lasted}", kind.label, url, title, detail, agencies[agency_id], is_annulled))
    return groups


def _day(value: date) -> str:
    """The same as formats.ru_date, in a fourth of the time."""
    return f"{value.day:02}.{value.month:02}.{value.year}"
