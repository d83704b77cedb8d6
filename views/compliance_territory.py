"""How the whole territory keeps its terms: organisation by regulation or by clause, for those who oversee others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.base import LabelledEnum
from models.deadlines import State
from models.regulations import DeadlineRule
from models.territory import AgencyKind
from reports.base import Cell, Column, Kind
from reports.period import BadPeriod, Period
from reports.rounding import comma, percent
from reports.terms_kept import STATES, Fate
from reports.workbook import write_workbook
from services.deadlines import territory as duties
from services.deadlines.territory import Line, Tally, Territory
from views import edge, labels
from views.extensions import db
from views.files_made import sent_file
from views.formats import ru_date

pages = Blueprint("territory", __name__, url_prefix="/compliance")
TITLE = "Исполнение сроков по территории"
T = TypeVar("T", bound=LabelledEnum)
SIZE = 50  # Organisations of a page.
MONTHS = 3
SHOWN = (Fate.IN_TIME, Fate.LATE, Fate.MISSED)
LOOKS = {
    Fate.IN_TIME: ("green", "circle-check"),
    Fate.LATE: ("amber", "clock-exclamation"),
    Fate.MISSED: ("red", "alert-circle"),
    Fate.PAUSED: ("grey", "hand-stop"),
    Fate.PENDING: ("blue", "circle-dot"),
    Fate.CLOSED: ("grey", "ban"),
}


class Order(LabelledEnum):
    WORST = "worst", "сначала худшие"
    NAME = "name", "по названию"


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; `error` where its period is not understood."""

    asked: duties.Asked
    period: Period
    order: Order
    page: int
    error: str = ""

    @property
    def args(self) -> dict[str, Any]:
        asked = self.asked
        chosen = {"district": asked.district_id, "kind": asked.kind, "regulation": asked.regulation_id}
        order = {"sort": self.order.value} if self.order is not Order.WORST else {}
        return {"period": self.period.key, **{name: value for name, value in chosen.items() if value}, **order}

    def url(self, endpoint: str = "territory.index", **changes: Any) -> str:
        return url_for(endpoint, **{**self.args, **changes})


@dataclass(frozen=True)
class Head:
    """A column: a regulation, or a rule where one regulation is chosen."""

    label: str
    title: str
    url: str
    keys: tuple[str, ...]
    filter: dict[str, Any]


# -- Pages -----------------------------------------------------------------------------------------------------------


@pages.get("/territory")
def index() -> tuple[str, int]:
    wanted = _wanted()
    found = duties.territory(db.session(), wanted.asked)
    _log(AccessKind.LISTED, wanted)
    lines = _ordered(wanted, found)
    heads = _heads(wanted, found)
    last = max((len(lines) - 1) // SIZE + 1, 1)
    if wanted.page > last:
        abort(404)
    shown = lines[(wanted.page - 1) * SIZE : wanted.page * SIZE]
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("Соответствие регламенту", url_for("compliance.index")), (TITLE, None)],
        "wanted": wanted,
        "typed_period": request.args.get("period", "").strip()[:30] if wanted.error else wanted.period.key,
        "choices": _choices(),
        "periods": _periods(wanted),
        "summary": _summary(wanted, found),
        "share": _share(found.total),
        "causes": _causes(wanted, found),
        "heads": heads,
        "lines": [_shown(wanted, line, heads) for line in shown],
        "totals": _totals(wanted, found, heads),
        "whole": _parts(wanted, found.total, _whole(wanted), tuple(Fate)),
        "whole_share": _percent(found.total),
        "pages": _pages(wanted, last),
        "file_url": wanted.url("territory.download"),
    }
    return render_template("compliance/territory.html", **context), 400 if wanted.error else 200


@pages.get("/territory.xlsx")
def download() -> Response:
    wanted = _wanted()
    if wanted.error:
        abort(400)
    found = duties.territory(db.session(), wanted.asked)
    _log(AccessKind.EXPORTED, wanted)
    name = f"{TITLE}, {wanted.period.key}.xlsx"
    return sent_file(name, lambda path: _write(path, wanted, found))


def _log(kind: AccessKind, wanted: Wanted) -> None:
    edge.log_access(kind, subject="compliance", payload={"territory": True, **wanted.args})


# -- What the address asks for ---------------------------------------------------------------------------------------


def _wanted() -> Wanted:
    viewer = edge.viewer()
    if not duties.oversees(viewer):
        abort(403)
    period, error = Period.around(edge.today(), MONTHS), ""
    text = request.args.get("period", "").strip()
    try:
        period = Period.parse(text) if text else period
    except BadPeriod as fault:
        error = str(fault)
    asked = duties.Asked(
        viewer=viewer,
        on=edge.today(),
        first=period.starts_on,
        last=period.ends_on,
        district_id=_known("district"),
        kind=_one_of(AgencyKind, "kind"),
        regulation_id=_known("regulation"),
    )
    return Wanted(asked, period, _one_of(Order, "sort") or Order.WORST, _page(), error)


def _known(table: str) -> int | None:
    """The id that is asked for, of those in a dictionary of labels."""
    text = request.args.get(table, "").strip()
    if not text:
        return None
    return int(text) if text in labels.labels().get(table, {}) else abort(404)


def _one_of(kind: type[T], name: str) -> T | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    return kind(text) if text in {one.value for one in kind} else abort(404)


def _page() -> int:
    text = request.args.get("page", "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 5 and int(text) else abort(404)


def _choices() -> list[dict[str, Any]]:
    """The lists of the form: name, label, options."""
    return [
        {"name": "district", "label": "Район", "options": labels.options("district")},
        {"name": "kind", "label": "Вид организации", "options": AgencyKind.choices()},
        {"name": "regulation", "label": "Регламент", "options": labels.options("regulation")},
    ]


def _periods(wanted: Wanted) -> list[tuple[str, str]]:
    """Those that one looks at most often."""
    today = edge.today()
    quarter = Period.around(today, MONTHS)
    offered = (quarter, quarter.previous(), Period.around(today, 12))
    return [(one.title, wanted.url(period=one.key)) for one in offered if one != wanted.period]


# -- The page --------------------------------------------------------------------------------------------------------


def _ordered(wanted: Wanted, found: Territory) -> list[Line]:
    if wanted.order is Order.NAME:
        return list(found.lines)
    return duties.worst_first(found.lines)


def _heads(wanted: Wanted, found: Territory) -> list[Head]:
    if wanted.asked.regulation_id is not None:
        return [_of_rule(rule) for rule in found.rules]
    by_regulation: dict[int, list[DeadlineRule]] = {}
    for rule in found.rules:
        by_regulation.setdefault(rule.regulation_id, []).append(rule)
    return [_of_regulation(wanted, number, rules) for number, rules in by_regulation.items()]


def _of_rule(rule: DeadlineRule) -> Head:
    url = url_for("regulation.rule", id=rule.regulation_id, rule=rule.code)
    return Head(rule.clause_text, rule.title, url, (rule.key,), {"f.rule": rule.key})


def _of_regulation(wanted: Wanted, number: int, rules: list[DeadlineRule]) -> Head:
    label = labels.label("regulation", number)
    keys = tuple(rule.key for rule in rules)
    return Head(label, "по пунктам", wanted.url(regulation=number), keys, {"f.regulation": number})


def _shown(wanted: Wanted, line: Line, heads: list[Head]) -> dict[str, Any]:
    more = {"f.agency": line.agency.id}
    return {
        "name": line.agency.short_name,
        "url": url_for("compliance.index", agency=line.agency.code) if line.agency.is_active else "",
        "total": _parts(wanted, line.total, _own_regulation(wanted) | more, tuple(Fate)),
        "share": _percent(line.total),
        "cells": [(head, _parts(wanted, line.of(head.keys), head.filter | more)) for head in heads],
    }


def _totals(wanted: Wanted, found: Territory, heads: list[Head]) -> list[list[dict[str, Any]]]:
    more = _choice(wanted)
    return [_parts(wanted, _sum(found, head.keys), head.filter | more) for head in heads]


def _sum(found: Territory, keys: tuple[str, ...]) -> Tally:
    whole = Tally()
    for line in found.lines:
        whole.fates.update(line.of(keys).fates)
    return whole


def _parts(wanted: Wanted, tally: Tally, more: dict[str, Any], fates: tuple[Fate, ...] = SHOWN) -> list[dict[str, Any]]:
    """What a cell says: each number with its list."""
    found = []
    for fate in fates:
        if tally[fate]:
            colour, icon = LOOKS[fate]
            url = _list(wanted, STATES[fate], **more)
            found.append({"count": tally[fate], "label": fate.label, "colour": colour, "icon": icon, "url": url})
    return found


def _list(wanted: Wanted, states: tuple[State, ...], **more: Any) -> str:
    due = f"{wanted.asked.first}..{wanted.asked.last}"
    args: dict[str, Any] = {"show": "all", "f.due": due, "f.state": [state.value for state in states], **more}
    return url_for("deadline.index_view", **args)


def _choice(wanted: Wanted) -> dict[str, Any]:
    """The page's own choice of organisations as filters of the list; all within reach where none is made."""
    asked = wanted.asked
    found: dict[str, Any] = {} if asked.viewer.reads_everybody else {"f.reach": "1"}
    if asked.district_id is not None:
        found["f.serves"] = asked.district_id
    if asked.kind is not None:
        found["f.agency_kind"] = asked.kind.value
    return found


def _own_regulation(wanted: Wanted) -> dict[str, Any]:
    chosen = wanted.asked.regulation_id
    return {"f.regulation": chosen} if chosen is not None else {}


def _summary(wanted: Wanted, found: Territory) -> list[dict[str, Any]]:
    shown = {part["label"]: part for part in _parts(wanted, found.total, _whole(wanted), tuple(Fate))}
    empty = {"count": 0, "url": ""}
    looks = [(fate.label, *LOOKS[fate]) for fate in Fate]
    return [
        {"label": label, "colour": colour, "icon": icon, **shown.get(label, empty)} for label, colour, icon in looks
    ]


def _whole(wanted: Wanted) -> dict[str, Any]:
    return _own_regulation(wanted) | _choice(wanted)


def _causes(wanted: Wanted, found: Territory) -> list[dict[str, Any]]:
    due = f"{wanted.asked.first}..{wanted.asked.last}"
    args: dict[str, Any] = {"show": "all", "f.due": due, **_whole(wanted)}
    return [
        {
            "label": cause.label,
            "count": count,
            "url": url_for("deadline.index_view", **{**args, "f.cause": cause.value}) if count else "",
        }
        for cause, count in found.causes.items()
    ]


def _percent(tally: Tally) -> str:
    return f"{comma(percent(tally[Fate.IN_TIME], tally.over))}\u00a0%" if tally.over else "—"


def _share(tally: Tally) -> str:
    if not tally.over:
        return ""
    return f"Исполнено в срок: {tally[Fate.IN_TIME]} из {tally.over} ({_percent(tally)})"


def _pages(wanted: Wanted, last: int) -> dict[str, Any]:
    page = wanted.page
    return {
        "text": f"{page} из {last}",
        "previous": wanted.url(page=page - 1) if page > 1 else "",
        "next": wanted.url(page=page + 1) if page < last else "",
    }


# -- The file --------------------------------------------------------------------------------------------------------


def _write(path: Path, wanted: Wanted, found: Territory) -> int:
    columns = (
        Column("Организация", "agency", 34),
        Column("Регламент", "regulation", 28),
        Column("Пункт", "clause", 14),
        Column("Обязанность", "title", 44),
        Column("Всего", "total", 10, Kind.NUMBER),
        *(Column(fate.label, fate.value, 14, Kind.NUMBER) for fate in Fate),
    )
    return write_workbook(
        path,
        title=TITLE,
        subtitle=f"Сроки за {wanted.period.title}, на {ru_date(wanted.asked.on)}",
        columns=columns,
        rows=_file_rows(wanted, found),
        sheet_name="Организации и пункты",
        on=edge.today(),
    )


def _file_rows(wanted: Wanted, found: Territory) -> Iterator[tuple[Cell, ...]]:
    for line in _ordered(wanted, found):
        for rule in found.rules:
            tally = line.by_rule.get(rule.key)
            if tally is not None:
                regulation = labels.label("regulation", rule.regulation_id)
                numbers = (tally.total, *(tally[fate] for fate in Fate))
                yield (line.agency.short_name, regulation, rule.clause_text, rule.title, *numbers)
        if not line.by_rule:
            yield (line.agency.short_name, "", "", "сроков нет", 0, *(0 for _ in Fate))


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
