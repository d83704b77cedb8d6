"""The list of reports, a report on a page, and the same at the same address as a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from reports.base import ListReport
from reports.figures import FiguresReport, Part
from services import reporting
from services.reporting import ReportRefused
from services.submissions import corrections, locked
from services.submissions.common import find, short_title
from views import edge
from views.exporting import MOST_AT_ONCE
from views.extensions import db
from views.reports import shown, waiting
from views.reports.asked import Asked, asked
from views.sending import forget_when_sent

pages = Blueprint("reports", __name__, url_prefix="/reports")
PREVIEW = 100


@pages.get("/")
def index() -> str:
    offered = reporting.reports_for(db.session(), viewer=edge.viewer())
    return render_template("reports/index.html", page_title="Отчёты", reports=offered)


@pages.get("/<code>")
def show(code: str) -> str | tuple[str, int]:
    found = asked(code)
    if found.parameters is None:
        return render_template("reports/report.html", **shown.context(found)), 400 if found.errors else 200
    if isinstance(found.report, FiguresReport):
        return _figures(found, found.report)
    assert isinstance(found.report, ListReport)
    return _list(found, found.report)


def _list(found: Asked, report: ListReport) -> str:
    desk = found.desk()
    total = report.count(desk.session, desk.viewer, desk.parameters)
    rows = list(report.rows(desk.session, desk.viewer, desk.parameters, limit=PREVIEW))
    left_out = report.left_out(desk.session, desk.viewer, desk.parameters)
    seen = [row.graduate_id for row in rows] + [left.graduate_id for left in left_out]
    found.log(AccessKind.LISTED, {"total": total, "ids": seen})
    preview = shown.preview(report, desk.parameters, rows, total)
    return render_template("reports/report.html", **shown.context(found), **preview, left_out=left_out)


def _figures(found: Asked, report: FiguresReport) -> str:
    if waiting.takes_long(found) and not waiting.is_wanted_anyway():
        return render_template("reports/long.html", **{**shown.context(found), **waiting.context(found)})
    desk = found.desk()
    parts, trends = report.parts(desk), report.trends(desk)
    found.log(AccessKind.LISTED, {"total": sum(len(part.lines) for part in parts), "ids": []})
    figures = shown.figures(found, parts, trends)
    return render_template("reports/figures.html", **shown.context(found), **figures, approved=_approved(found, parts))


def _approved(found: Asked, parts: Sequence[Part]) -> dict[str, Any] | None:
    """What was approved for the very period, where figures are others by now."""
    asked_for = found.parameters
    if asked_for is None or asked_for.agency_id is None or asked_for.period is None:
        return None
    submission = locked.approved_for(
        db.session(),
        report=found.report.code,
        agency_id=asked_for.agency_id,
        period=asked_for.period,
        specialist_id=asked_for.specialist_id,
    )
    if submission is None or find(db.session(), submission_id=submission.id, by=edge.viewer()) is None:
        return None
    moved = corrections.figures_moved(submission, parts)
    return {
        "url": url_for("submissions.show", submission_id=submission.id),
        "title": short_title(submission),
        "rows": [[one.where, one.was, one.now] for one in moved],
    }


@pages.get("/<code>.<any(xlsx, csv, docx):kind>")
def download(code: str, kind: str) -> Response | tuple[str, int]:
    found = asked(code)
    if kind == "docx" and not found.report.is_signed:
        abort(404)
    if found.parameters is None:
        abort(400)
    try:
        total = _counted(found)
        if waiting.takes_long(found) or (total > MOST_AT_ONCE and kind != "docx"):
            page, query = request.path.rpartition(".")[0], request.query_string.decode("utf-8", "replace")
            return redirect(url_for("jobs.new", kind="report", type=kind, path=page, query=query))
        found.log(AccessKind.EXPORTED, {"total": total, "type": kind})
        return _file(found, kind)
    except ReportRefused as refusal:
        found.errors["file"] = str(refusal)
        return render_template("reports/report.html", **shown.context(found)), 403


def _counted(found: Asked) -> int:
    """Rows of the list; raises ReportRefused where the user may not take away so many."""
    if not isinstance(found.report, ListReport):
        return 0
    desk = found.desk()
    total = found.report.count(desk.session, desk.viewer, desk.parameters)
    if not found.report.is_of_one_agency:
        reporting.refuse_too_many(viewer=edge.viewer(), rows=total)
    return total


def _file(found: Asked, kind: str) -> Response:
    """Made whole before the first byte is sent, so that a fault never looks like a short list."""
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    path, desk = folder / f"report.{kind}", found.desk()
    asked_for: dict[str, Any] = {"report": found.report, "viewer": desk.viewer, "parameters": desk.parameters}
    try:
        reporting.write_report(desk.session, **asked_for, path=path, file_format=kind, agency=found.agency)
        name = reporting.file_name(found.report, desk.parameters, kind)
        response = send_file(path, as_attachment=True, download_name=name, max_age=0)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return forget_when_sent(response, lambda: shutil.rmtree(folder, ignore_errors=True))
