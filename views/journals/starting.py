"""Going on from a paper journal: the first number of a year is the one after its last."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired

from models.audit import AccessKind
from models.journals import Journal
from reports.journals import JOURNALS
from services import numbering
from services.errors import Refused
from views import edge
from views.doing import told_at_field
from views.extensions import db
from views.fields import REQUIRED, NumberField
from views.journals import asked as asking
from views.journals.asked import Whose
from views.journals.blueprint import journals


class StartForm(wtforms.Form):
    year = NumberField("Год", validators=[InputRequired(REQUIRED)])
    last_number = NumberField(
        "Последний номер бумажного журнала",
        validators=[InputRequired(REQUIRED)],
        description="Первая запись в системе получит следующий номер. 0 – нумерация начинается с 1.",
    )


@journals.route("/<code>/start", methods=("GET", "POST"))
def start(code: str) -> str | Response | tuple[str, int]:
    journal = asking.journal(code)
    if not journal.has_numbers:
        abort(404)
    whose = asking.whose()
    if not whose.may_start:
        edge.log_access(AccessKind.REFUSED, subject="journal_counter", subject_id=whose.agency.id)
        abort(403)
    form = StartForm(request.form if request.method == "POST" else None, year=whose.year)
    if request.method != "POST":
        return _page(journal, whose, form)
    error = ""
    if form.validate():
        error = _begin(journal, whose, form)
        if not error:
            year, following = form.year.data or whose.year, (form.last_number.data or 0) + 1
            flash(f"Следующая запись за {year} год получит № {following}.", "success")
            return redirect(_after(journal, whose, year))
    return _page(journal, whose, form, error), 422


def _begin(journal: Journal, whose: Whose, form: Any) -> str:
    """Empty where it is done; else what was wrong."""
    year, last_number = form.year.data, form.last_number.data
    try:
        numbering.begin_after(
            db.session(),
            agency_id=whose.agency.id,
            journal=journal,
            year=year,
            last_number=last_number,
            by=edge.viewer(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return told_at_field(form, refusal)
    return ""


def _page(journal: Journal, whose: Whose, form: StartForm, error: str = "") -> str:
    back = _after(journal, whose, whose.year)
    title = JOURNALS[journal.value].short_title if journal.value in JOURNALS else journal.label
    return render_template(
        "journals/start.html",
        page_title=f"Начальный номер: {title}",
        breadcrumbs=[("Журналы", url_for(".index", **whose.query)), (title, back), ("Начальный номер", None)],
        form=form,
        error=error,
        journal=journal,
        whose=whose,
        back_url=back,
    )


def _after(journal: Journal, whose: Whose, year: int) -> str:
    query = {**whose.query, "year": year}
    if journal.value in JOURNALS:
        return url_for(".show", code=journal.value, **query)
    return url_for(".index", **query)
