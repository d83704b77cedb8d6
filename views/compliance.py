"""How an organisation keeps a regulation: clauses by the quarters of a year, as of a day; also as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.deadlines import State
from models.regulations import Regulation
from models.territory import Agency
from reports.base import Column
from reports.rounding import comma, percent
from reports.workbook import write_workbook
from services.deadlines import compliance as duties
from services.deadlines.compliance import Compliance, Row
from services.deadlines.territory import oversees
from services.regulations.loading import pack_of
from services.regulations.wording import marks, when
from views import compliance_cells as cells
from views import compliance_territory, edge
from views.compliance_links import record_link
from views.extensions import db
from views.fields import parse_date
from views.files_made import sent_file
from views.formats import ru_date

pages = Blueprint("compliance", __name__, url_prefix="/compliance")
TITLE = "Соответствие регламенту"
BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."
ON_PAPER = "ведётся на бумаге: в системе этих записей пока нет"
QUARTERS = tuple(f"{number} квартал" for number in cells.QUARTERS)
# How the summary counts: label, states, colour, icon.
SUMMARY = (
    ("Исполнено в срок", (State.DONE,), "green", "circle-check"),
    ("С опозданием", (State.DONE_LATE,), "amber", "clock-exclamation"),
    ("Просрочено", (State.OVERDUE,), "red", "alert-circle"),
    ("В срок ещё возможно", (State.OPEN, State.DUE_SOON, State.UPCOMING, State.PAUSED), "blue", "circle-dot"),
    ("Не требуется", (State.WAIVED, State.NOT_APPLICABLE), "grey", "ban"),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `regulation` is None where the organisation follows none."""

    agency: Agency
    agencies: Sequence[Agency]
    regulation: Regulation | None
    regulations: Sequence[Regulation]
    on: date
    error: str = ""

    def url(self, endpoint: str = "compliance.index", **changes: Any) -> str:
        code = self.regulation.code if self.regulation else None
        args = {"agency": self.agency.code, "regulation": code, "on": self.on.isoformat(), **changes}
        return url_for(endpoint, **args)


# -- Pages -----------------------------------------------------------------------------------------------------------


@pages.get("/")
def index() -> tuple[str, int]:
    asked = _asked()
    context: dict[str, Any] = {"page_title": TITLE, "asked": asked, "quarters": QUARTERS, "days": _days(asked)}
    context["territory_url"] = url_for("territory.index") if oversees(edge.viewer()) else ""
    context["typed_day"] = request.args.get("on", "").strip()[:20] if asked.error else ru_date(asked.on)
    found = _found(asked)
    if found is not None:
        _log(AccessKind.LISTED, asked)
        context |= _table(asked, found)
    return render_template("compliance/index.html", **context), 400 if asked.error else 200


@pages.get("/table.xlsx")
def download() -> Response:
    asked = _asked()
    found = _found(asked)
    if found is None or asked.error:
        abort(400)
    _log(AccessKind.EXPORTED, asked)
    return sent_file(_file_name(asked), lambda path: _write(path, asked, found))


# -- What the address asks for ---------------------------------------------------------------------------------------


def _asked() -> Asked:
    session, viewer = db.session(), edge.viewer()
    agencies = duties.agencies_for(session, viewer=viewer)
    code = request.args.get("agency", "").strip()
    own = next((one for one in agencies if one.id == viewer.agency_id), None)
    agency = next((one for one in agencies if one.code == code), None) if code else own
    if agency is None:
        edge.log_access(AccessKind.REFUSED, subject="agency")
        abort(404)
    on, error = _day(request.args.get("on", "").strip())
    regulations = duties.followed(session, agency_id=agency.id, on=on)
    wanted = request.args.get("regulation", "").strip()
    regulation = next((one for one in regulations if one.code == wanted), regulations[0] if regulations else None)
    if wanted and (regulation is None or regulation.code != wanted) and pack_of(session, wanted) is None:
        abort(404)  # One that exists was chosen for another organisation, which follows it.
    return Asked(agency, agencies, regulation, regulations, on, error)


def _day(text: str) -> tuple[date, str]:
    if not text:
        return edge.today(), ""
    try:
        return parse_date(text), ""
    except ValueError:
        return edge.today(), BAD_DAY


def _found(asked: Asked) -> Compliance | None:
    if asked.regulation is None:
        return None
    ends_at = datetime.combine(asked.on + timedelta(days=1), time(), tzinfo=edge.zone())
    return duties.compliance(
        db.session(), agency_id=asked.agency.id, regulation=asked.regulation, on=asked.on, ends_at=ends_at
    )


def _log(kind: AccessKind, asked: Asked) -> None:
    assert asked.regulation
    payload = {"agency": asked.agency.code, "regulation": asked.regulation.code, "on": asked.on.isoformat()}
    edge.log_access(kind, subject="compliance", payload=payload)


# -- The page --------------------------------------------------------------------------------------------------------


def _days(asked: Asked) -> list[tuple[str, str]]:
    """Days that one looks at most often: today, the end of the year before."""
    today = edge.today()
    days = [("Сегодня", today), (f"Итоги {asked.on.year - 1} года", date(asked.on.year - 1, 12, 31))]
    if asked.on.year < today.year:
        days.append((f"Итоги {asked.on.year} года", date(asked.on.year, 12, 31)))
    return [(label, asked.url(on=day.isoformat())) for label, day in days if day != asked.on]


def _table(asked: Asked, found: Compliance) -> dict[str, Any]:
    today = edge.today()
    pack = pack_of(db.session(), asked.regulation.code) if asked.regulation else None
    lines = [_line(asked, row) for row in found.rows]
    standing = [
        {
            "rule": one.rule,
            "shown_by": one.rule.terms.shown_by,
            "planned": ON_PAPER if one.is_planned else "",
            "link": None if one.is_planned else record_link(pack, one.rows, asked.agency.id),
        }
        for one in found.standing
    ]
    return {
        "found": found,
        "lines": lines,
        "standing": standing,
        "summary": _summary(asked, found),
        "share": _share(found),
        "file_url": asked.url("compliance.download"),
        "is_past": asked.on < today,
        "is_future": asked.on > today,
        "card_url": url_for("regulation.details_view", id=asked.regulation.id, tab="clauses")
        if asked.regulation
        else "",
    }


def _line(asked: Asked, row: Row) -> dict[str, Any]:
    links = cells.Links(asked.agency.id, row.rule.key, asked.on, asked.on == edge.today())
    return {
        "rule": row.rule,
        "when": when(row.rule.terms),
        "marks": marks(row.rule.terms),
        "off": f"не применяется с {ru_date(row.off_since)}: {row.off_reason}" if row.off_since else "",
        "is_empty": row.is_empty,
        "cells": [cells.shown(cell, links) for cell in row.cells],
    }


def _summary(asked: Asked, found: Compliance) -> list[dict[str, Any]]:
    """Counts, each with the list of the obligations behind it; of a past day there is no list."""
    shown = []
    for label, states, colour, icon in SUMMARY:
        count = sum(found.totals[state] for state in states)
        url = cells.year_url(asked.agency.id, asked.regulation, asked.on.year, states) if count else ""
        is_linked = asked.on == edge.today()
        shown.append({"label": label, "count": count, "colour": colour, "icon": icon, "url": url if is_linked else ""})
    return shown


def _share(found: Compliance) -> str:
    """«Из 84 сроков, которые уже прошли, в срок исполнено 72 (86 %).»"""
    done, late, missed = (found.totals[state] for state in (State.DONE, State.DONE_LATE, State.OVERDUE))
    whole = done + late + missed
    return f"Исполнено в срок: {done} из {whole} ({comma(percent(done, whole))} %)" if whole else ""


# -- The file --------------------------------------------------------------------------------------------------------


def _write(path: Path, asked: Asked, found: Compliance) -> None:
    assert asked.regulation
    columns = (
        Column("Пункт", "clause", 16),
        Column("Обязанность", "title", 40),
        Column("Когда", "when", 28),
        *(Column(name, f"q{number}", 20) for number, name in enumerate(QUARTERS)),
    )
    write_workbook(
        path,
        title=f"{TITLE}: {asked.regulation.short_title}",
        subtitle=f"{asked.agency.name}, на {ru_date(asked.on)}",
        columns=columns,
        rows=_file_rows(found),
        sheet_name="Исполнение",
        on=asked.on,
    )


def _file_rows(found: Compliance) -> Iterator[tuple[str, ...]]:
    for row in found.rows:
        quarters = [""] * len(QUARTERS)
        for cell in row.cells:
            quarters[cell.last] = "\n".join(cells.words(part) for part in cells.ordered(cell.parts))
        if row.is_empty:
            quarters[0] = f"не применяется: {row.off_reason}" if row.off_since else cells.NOTHING
        yield (row.rule.clause_text, row.rule.title, when(row.rule.terms), *quarters)
    for one in found.standing:
        quarters = [ON_PAPER if one.is_planned else one.rule.terms.shown_by, "", "", ""]
        yield (one.rule.clause_text, one.rule.title, "постоянно", *quarters)


def _file_name(asked: Asked) -> str:
    assert asked.regulation
    return f"{TITLE}, {asked.agency.short_name}, {asked.regulation.short_title}, {asked.on.isoformat()}.xlsx"


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    compliance_territory.init_app(app)
