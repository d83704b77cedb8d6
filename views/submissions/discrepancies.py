"""«Расхождения»: what guardianship and the social centre say differently about the same people: a work list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.submission_access import discrepancies_visible_to, may_resolve
from models.submissions import Discrepancy, DiscrepancyKind
from reports.period import Period
from services.errors import Refused
from services.submissions import reconciling
from views import edge, totals
from views.deadline_look import log_people
from views.extensions import db
from views.fields import printable
from views.formats import chip, counted, ru_date, ru_datetime
from views.people_lookup import names_of
from views.submissions.lists import TITLE
from views.submissions.look import submission_url

pages = Blueprint("discrepancies", __name__, url_prefix="/discrepancies")
PAGE = 50
KINDS = {
    DiscrepancyKind.ONLY_FIRST: ("amber", "user"),
    DiscrepancyKind.ONLY_SECOND: ("amber", "user"),
    DiscrepancyKind.DIFFERS: ("blue", "arrows-exchange"),
}


@pages.get("/")
def index() -> str:
    return _page()


@pages.get("/details")
def show() -> Response:
    """Where a line of the report leads: the list, at this line."""
    text = request.args.get("id", "")
    found = _found_or_404(int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0)
    shown = "settled" if found.resolved_at else None
    return redirect(url_for(".index", show=shown, at=found.id, _anchor=f"line-{found.id}"))


@pages.post("/find")
def find() -> Response | tuple[str, int]:
    if not may_resolve(edge.viewer()):
        abort(403)
    half = Period.around(edge.today(), 6)
    reconciling.reconcile_half(db.session(), half=half, now=edge.now())
    db.session.commit()
    seen = discrepancies_visible_to(edge.viewer()), Discrepancy.resolved_at.is_(None)
    count = db.session.scalar(select(func.count()).where(*seen)) or 0  # Of others one learns nothing, not how many.
    totals.forget()
    flash(
        f"Сверено за {half.title}, не разобрано: {counted(count, 'расхождение', 'расхождения', 'расхождений')}.",
        "success",
    )
    return redirect(url_for(".index"))


@pages.post("/<int:number>/resolve")
def resolve(number: int) -> Response | tuple[str, int]:
    found, text = _to_be_settled(number), printable(request.form.get("resolution", ""))[:2000]
    try:
        reconciling.resolve(db.session(), discrepancy=found, resolution=text, by=edge.viewer(), now=edge.now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return _page(error=str(refusal), broken=number, typed=text), 422
    flash("Расхождение разобрано.", "success")
    return redirect(url_for(".index"))


@pages.post("/<int:number>/reopen")
def reopen(number: int) -> Response | tuple[str, int]:
    try:
        reconciling.reopen(db.session(), discrepancy=_to_be_settled(number), by=edge.viewer())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return _page(error=str(refusal)), 422
    flash("Расхождение снова в работе.", "success")
    return redirect(url_for(".index"))


def _found_or_404(number: int) -> Discrepancy:
    query = select(Discrepancy).where(Discrepancy.id == number, discrepancies_visible_to(edge.viewer()))
    found = db.session.scalars(query).one_or_none() if number < 2**31 else None
    if found is None:
        edge.log_access(AccessKind.REFUSED, subject="discrepancy", subject_id=number)
        abort(404)
    return found


def _to_be_settled(number: int) -> Discrepancy:
    found = _found_or_404(number)
    if not may_resolve(edge.viewer()):
        abort(403)
    return found


def _page(*, error: str = "", broken: int | None = None, typed: str = "") -> str:
    viewer, d = edge.viewer(), Discrepancy
    is_settled = request.args.get("show") == "settled"
    page = request.args.get("page", "1")
    place = int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) > 0 else 1
    seen = discrepancies_visible_to(viewer)
    query = select(d).where(seen, d.resolved_at.is_not(None) if is_settled else d.resolved_at.is_(None))
    order = (d.resolved_at.desc(), d.id) if is_settled else (d.name, d.birth_date, d.id)
    query = query.options(joinedload(d.first), joinedload(d.second)).order_by(*order)
    found = list(db.session.scalars(query.offset((place - 1) * PAGE).limit(PAGE + 1)))
    lines = found[:PAGE]
    log_people([one.graduate_id for one in lines if one.graduate_id is not None], page="discrepancies")
    open_count = db.session.scalar(select(func.count()).where(seen, d.resolved_at.is_(None))) or 0
    names = names_of(one.graduate_id for one in lines if one.graduate_id is not None)
    shown = "settled" if is_settled else None
    return render_template(
        "submissions/discrepancies.html",
        page_title="Расхождения опеки и КЦСОН",
        breadcrumbs=[(TITLE, url_for("submissions.index")), ("Расхождения", None)],
        error=error,
        lines=[_line(one, names, broken, typed) for one in lines],
        is_settled=is_settled,
        open_count=open_count,
        may_resolve=may_resolve(viewer),
        newer_url=url_for(".index", show=shown, page=place - 1) if place > 1 else "",
        older_url=url_for(".index", show=shown, page=place + 1) if len(found) > PAGE else "",
        report_url=url_for("reports.show", code="reconciliation"),
    )


def _line(one: Discrepancy, names: dict[int, str], broken: int | None, typed: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "url": url_for("graduate.details_view", id=one.graduate_id) if one.graduate_id in names else "",
        "born": ru_date(one.birth_date),
        "chip": chip(one.kind.label, *KINDS[one.kind]),
        "column": one.column_title,
        "first": (one.first.agency_name, submission_url(one.first_id), one.first_value),
        "second": (one.second.agency_name, submission_url(one.second_id), one.second_value),
        "resolution": one.resolution,
        "resolved": ru_datetime(one.resolved_at) if one.resolved_at else "",
        "is_broken": one.id == broken,
        "typed": typed if one.id == broken else "",
    }
