"""«Успешность»: what the rule says of a person and why, and a specialist's own word with its reason."""

from __future__ import annotations

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, InputRequired

from models.access import visible_to
from models.aid import SuccessVerdict
from models.audit import AccessKind
from models.graduates import Graduate
from services.assessments import verdicts
from services.errors import Refused
from views import doing, edge
from views.assessments.base import tab_url
from views.assessments.success_words import BLOCK, TITLE, explained, facts
from views.doing import LINE, OnceField
from views.extensions import db
from views.fields import REQUIRED, LongField

pages = Blueprint("success", __name__, url_prefix="/success")


class VerdictForm(wtforms.Form):
    is_successful = wtforms.SelectField(
        "Живёт успешно",
        choices=[("", "выберите"), ("yes", "да"), ("no", "нет")],
        validators=[InputRequired(REQUIRED)],
    )
    reason = LongField(
        "Почему", validators=[DataRequired(REQUIRED), LINE], description="Что видно по встречам и бумагам"
    )
    form_token = OnceField()


def _may(graduate: Graduate) -> bool:
    return verdicts.may_give(edge.viewer(), graduate)


@pages.route("/<int:graduate_id>", methods=("GET", "POST"))
def decide(graduate_id: int) -> str | Response | tuple[str, int]:
    graduate = _graduate_or_404(graduate_id)
    form = VerdictForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        edge.log_access(AccessKind.OPENED, subject="graduate", subject_id=graduate.id)
        return _page(graduate, form)
    if not form.validate():
        return _page(graduate, form), 422
    try:
        doing.once(SuccessVerdict, form.form_token.data or "", lambda: _given(graduate, form))
    except Refused as refusal:
        return _page(_graduate_or_404(graduate_id), form, doing.told_at_field(form, refusal)), 422
    flash("Решение записано.", "success")
    return redirect(tab_url(graduate_id))


def _given(graduate: Graduate, form: VerdictForm) -> SuccessVerdict:
    return verdicts.give(
        db.session(),
        graduate=graduate,
        is_successful=form.is_successful.data == "yes",
        reason=" ".join((form.reason.data or "").split()),
        by=edge.viewer(),
        now=edge.now(),
    )


def _graduate_or_404(graduate_id: int) -> Graduate:
    """A person whom the user sees (404) and of whom the user may decide (403)."""
    viewer = edge.viewer()
    wanted = select(Graduate).where(Graduate.id == graduate_id, visible_to(viewer))
    graduate = db.session.scalars(wanted).one_or_none() if graduate_id < 2**31 else None
    if graduate is None or not _may(graduate):
        edge.log_access(AccessKind.REFUSED, subject="graduate", subject_id=graduate.id if graduate else None)
        abort(404 if graduate is None else 403)
    return graduate


def _page(graduate: Graduate, form: VerdictForm, error: str = "") -> str:
    errors = [(field.label.text, str(message), field.id) for field in form for message in field.errors]
    return render_template(
        "assessments/success.html",
        page_title=f"{BLOCK}: {graduate.full_name}",
        breadcrumbs=[
            ("Выпускники", url_for("graduate.index_view")),
            (graduate.full_name, tab_url(graduate.id)),
            (TITLE, None),
        ],
        form=form,
        errors=errors or ([("", error, "")] if error else []),
        facts=facts(explained(graduate)),
        cancel_url=tab_url(graduate.id),
    )
