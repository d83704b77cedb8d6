"""«Контроль участников»: who has handed in what was due in a window, who has not, who was late."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select

from models.access import Viewer
from models.audit import AccessKind
from models.deadline_access import deadlines_visible_to
from models.deadlines import Deadline, State
from models.submission_access import submissions_visible_to
from models.submissions import Submission
from reports.period import BadPeriod, Period
from services.submissions import obligations
from views import edge
from views.deadline_look import deadline_url, state_chip
from views.extensions import db
from views.formats import ru_date
from views.submissions.lists import TITLE, pages
from views.submissions.look import status_chip, submission_url


@pages.get("/control")
def control() -> str:
    """By half-years: windows that end in it, each organisation a line."""
    session, viewer, today = db.session(), edge.viewer(), edge.today()
    half = _half(request.args.get("period", ""), today)
    edge.log_access(AccessKind.LISTED, subject="submission", payload={"control": half.key})
    windows = obligations.windows_between(session, first=half.starts_on, last=half.ends_on, agency_ids=None)
    seen = _seen(viewer, windows)
    groups: dict[tuple[str, str, date, date], list[dict[str, Any]]] = {}
    sent = _submissions(viewer, windows)
    for window in windows:
        for deadline in window.deadlines:
            if deadline.id in seen:
                key = (window.first.rule.title, window.report, window.opens_on, window.due_on)
                groups.setdefault(key, []).append(_line(deadline, sent, today))
    return render_template(
        "submissions/control.html",
        page_title="Контроль участников",
        breadcrumbs=[(TITLE, url_for(".index")), ("Контроль участников", None)],
        half=half,
        halves=[(one.title, url_for(".control", period=one.key), one == half) for one in _halves(today)],
        groups=[_group(*key, lines) for key, lines in groups.items()],
    )


def _half(text: str, today: date) -> Period:
    try:
        asked = Period.parse(text) if text else None
    except BadPeriod:
        asked = None
    return asked if asked is not None and asked.months == 6 else Period.around(today, 6)


def _halves(today: date) -> list[Period]:
    return list(reversed(Period.around(today, 6).last(4)))


def _seen(viewer: Viewer, windows: list[obligations.Window]) -> set[int]:
    """Obligations that the viewer may see: the own ones, those that are owed to us, those of the territory."""
    ids = [deadline.id for window in windows for deadline in window.deadlines]
    query = select(Deadline.id).where(Deadline.id.in_(ids), deadlines_visible_to(viewer))
    return set(db.session.scalars(query)) if ids else set()


def _submissions(viewer: Viewer, windows: list[obligations.Window]) -> dict[tuple[int, str, date], Submission]:
    """The last edition by organisation, report and opening day of the window; one statement."""
    s = Submission
    agencies = {window.agency_id for window in windows}
    if not agencies:
        return {}
    query = select(s, Deadline.opens_on).join(Deadline, Deadline.id == s.deadline_id)
    query = query.where(s.agency_id.in_(agencies), submissions_visible_to(viewer)).order_by(s.edition)
    return {(one.agency_id, one.report, opens_on): one for one, opens_on in db.session.execute(query)}


def _line(deadline: Deadline, sent: dict[tuple[int, str, date], Submission], today: date) -> dict[str, Any]:
    submission = sent.get((deadline.agency_id, deadline.rule.terms.report, deadline.opens_on))
    state = deadline.state_on(today)
    return {
        "agency": deadline.agency.short_name,
        "to": deadline.recipient.short_name if deadline.recipient else deadline.recipient_text,
        "state": state_chip(state),
        "is_missing": state is State.OVERDUE,
        "done": ru_date(deadline.done_on) if deadline.done_on else "",
        "url": deadline_url(deadline.id),
        "submission": {"url": submission_url(submission.id), "chip": status_chip(submission.status)}
        if submission
        else None,
    }


def _group(title: str, report: str, opens_on: date, due_on: date, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": title,
        "when": f"с {ru_date(opens_on)} по {ru_date(due_on)}",
        "lines": sorted(lines, key=lambda line: (bool(line["done"]), line["agency"])),
        "done": sum(bool(line["done"]) for line in lines),
        "total": len(lines),
    }
