"""The reports: what can be made, a look at it, and the same as a file at the same address."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.territory import Agency
from reports.base import Cell, Kind, Parameters, Report, Row
from reports.catalogue import find_report
from reports.registry import Registry, RegistryParameters
from services import reporting
from services.reporting import ReportRefused
from views import edge
from views.extensions import db
from views.fields import parse_date
from views.formats import counted, ru_date

pages = Blueprint("reports", __name__, url_prefix="/reports")
PREVIEW = 100
TYPES = {"xlsx": "Excel (.xlsx)", "csv": "Текст (.csv)"}
BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."


@dataclass
class Asked:
    """What the address asks for: the report, whose and of which day; what is wrong with it."""

    report: Report
    agencies: list[Agency]
    agency: Agency | None
    on: date
    error: str = ""

    @property
    def is_complete(self) -> bool:
        return not self.error and (self.agency is not None or not self.report.is_of_one_agency)

    @property
    def viewer(self) -> Viewer:
        """The agency's own right bounds the rows of its paper, whoever asks for it."""
        if self.agency is None:
            return edge.viewer()
        return reporting.agency_viewer(db.session(), agency=self.agency, today=edge.today())

    @property
    def parameters(self) -> Parameters:
        if isinstance(self.report, Registry):
            base = Parameters.of(self.agency, self.on)
            own = (reporting.exportable_by(edge.viewer()),)
            return RegistryParameters(self.on, base.agency_id, base.agency_name, filters=own)
        return Parameters.of(self.agency, self.on)


# -- Pages -----------------------------------------------------------------------------------------------------------


@pages.get("/")
def index() -> str:
    offered = reporting.reports_for(db.session(), viewer=edge.viewer())
    return render_template("reports/index.html", page_title="Отчёты", reports=offered)


@pages.get("/<code>")
def show(code: str) -> str | tuple[str, int]:
    asked = _asked(code)
    if not asked.is_complete:
        return render_template("reports/report.html", **_context(asked)), 400 if asked.error else 200
    session, viewer, parameters = db.session(), asked.viewer, asked.parameters
    total = asked.report.count(session, viewer, parameters)
    rows = list(asked.report.rows(session, viewer, parameters, limit=PREVIEW))
    left_out = asked.report.left_out(session, viewer, parameters)
    seen = [row.graduate_id for row in rows] + [left.graduate_id for left in left_out]
    _log(AccessKind.LISTED, asked, {"total": total, "ids": seen})
    return render_template("reports/report.html", **_context(asked), **_preview(asked, rows, total), left_out=left_out)


@pages.get("/<code>.<any(xlsx, csv):kind>")
def download(code: str, kind: str) -> Response | tuple[str, int]:
    asked = _asked(code)
    if not asked.is_complete:
        abort(400)
    viewer, parameters = asked.viewer, asked.parameters
    total = asked.report.count(db.session(), viewer, parameters)
    if not asked.report.is_of_one_agency:
        try:
            reporting.refuse_too_many(viewer=edge.viewer(), rows=total)
        except ReportRefused as refusal:
            asked.error = str(refusal)
            return render_template("reports/report.html", **_context(asked)), 403
    _log(AccessKind.EXPORTED, asked, {"total": total, "type": kind})
    return _file(asked, viewer, parameters, kind)


def _file(asked: Asked, viewer: Viewer, parameters: Parameters, kind: str) -> Response:
    """Made whole before the first byte is sent, so that a fault never looks like a short list."""
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    path = folder / f"report.{kind}"
    try:
        reporting.write_report(
            db.session(), report=asked.report, viewer=viewer, parameters=parameters, path=path, file_format=kind
        )
        name = reporting.file_name(asked.report, parameters, kind)
        response = send_file(path, as_attachment=True, download_name=name, max_age=0)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    response.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
    return response


# -- What the address asks for ---------------------------------------------------------------------------------------


def _asked(code: str) -> Asked:
    report = find_report(code) or abort(404)
    agencies = reporting.agencies_for(db.session(), viewer=edge.viewer(), report=report)
    if report.is_of_one_agency and not agencies:
        abort(403)
    on, error = _day(request.args.get("on", "").strip())
    return Asked(report, agencies, _agency(report, agencies), on, error)


def _day(text: str) -> tuple[date, str]:
    if not text:
        return edge.today(), ""
    try:
        return parse_date(text), ""
    except ValueError:
        return edge.today(), BAD_DAY


def _agency(report: Report, agencies: list[Agency]) -> Agency | None:
    """The agency that is asked for; of a form, the only possible one, or the own one."""
    code = request.args.get("agency", "").strip()
    if code:
        return next((agency for agency in agencies if agency.code == code), None) or abort(404)
    if not report.is_of_one_agency:
        return None
    own = edge.viewer().agency_id
    return agencies[0] if len(agencies) == 1 else next((agency for agency in agencies if agency.id == own), None)


def _log(kind: AccessKind, asked: Asked, payload: dict[str, Any]) -> None:
    whose = asked.agency.code if asked.agency else None
    edge.log_access(
        kind,
        subject="report",
        payload={"report": asked.report.code, "on": asked.on.isoformat(), "agency": whose, **payload},
    )


# -- What the template shows -----------------------------------------------------------------------------------------


def _context(asked: Asked) -> dict[str, Any]:
    query: dict[str, Any] = {"on": asked.on.isoformat(), **({"agency": asked.agency.code} if asked.agency else {})}
    files = [
        (label, url_for("reports.download", code=asked.report.code, kind=kind, **query))
        for kind, label in TYPES.items()
    ]
    is_choice = len(asked.agencies) > 1 if asked.report.is_of_one_agency else edge.viewer().reads_everybody
    return {
        "page_title": asked.report.short_title,
        "breadcrumbs": [("Отчёты", url_for("reports.index")), (asked.report.short_title, None)],
        "report": asked.report,
        "asked": asked,
        "typed_day": "".join(filter(str.isprintable, request.args.get("on", ""))).strip()
        if asked.error == BAD_DAY
        else ru_date(asked.on),
        "agencies": asked.agencies if is_choice else [],
        "files": files if asked.is_complete else [],
        "bad_day": asked.error == BAD_DAY,
    }


def _preview(asked: Asked, rows: list[Row], total: int) -> dict[str, Any]:
    return {
        "total_text": counted(total, "человек", "человека", "человек"),
        "total": total,
        "shown": len(rows),
        "subtitle": asked.report.subtitle(asked.parameters),
        "rows": [
            {
                "url": url_for("graduate.details_view", id=row.graduate_id),
                "cells": [_text(cell) for cell in row.cells],
            }
            for row in rows
        ],
        "css": ["number" if column.kind is Kind.NUMBER else "" for column in asked.report.columns],
    }


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return ru_date(cell)
    return "" if cell is None else str(cell)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
