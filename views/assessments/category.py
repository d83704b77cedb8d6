"""«Изменить категорию»: what the rules propose and why, and the decision."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired, InputRequired

from models.access import visible_to
from models.audit import AccessKind
from models.graduates import Graduate
from services.assessments import categories
from services.assessments.contacts import overdue
from services.profiles import profile_of
from services.work.entry import name_of
from views import doing, edge, labels, totals
from views.assessments import proposal
from views.assessments.base import tab_url
from views.doing import LINE, Action
from views.extensions import db
from views.fields import REQUIRED, CodeField, LongField, RuDateField, TextField
from views.formats import counted, ru_date

pages = Blueprint("category", __name__, url_prefix="/category")
TITLE = "Изменить категорию"


class DecisionForm(wtforms.Form):
    category_code = CodeField(
        label="Категория",
        table="support_category",
        validators=[InputRequired(REQUIRED)],
        description="Ту же категорию выбирают, когда её пересмотрели и оставили",
    )
    starts_on = RuDateField("С какого дня", validators=[InputRequired(REQUIRED)])
    ground = LongField(
        "Основание",
        validators=[DataRequired(REQUIRED), LINE],
        description="Предложено по записям системы; исправьте и дополните",
    )
    decided_by = TextField(
        "Кто решил", validators=[DataRequired(REQUIRED), LINE], description="Консилиум, номер и дата протокола"
    )


def _decide(graduate: Graduate, form: Any) -> str:
    decision = categories.decide(
        db.session(),
        graduate=graduate,
        category_code=form.category_code.data,
        starts_on=form.starts_on.data,
        ground=" ".join((form.ground.data or "").split()),
        decided_by=form.decided_by.data or "",
        by=edge.viewer(),
    )
    label = labels.label("support_category", decision.category.code)
    return f"Решение записано: {label.lower()} с {ru_date(decision.starts_on)}."


def _propose(form: Any, graduate: Graduate) -> None:
    found = categories.propose(db.session(), graduate=graduate, on=edge.today())
    form.starts_on.data = edge.today()
    form.decided_by.data = name_of(db.session(), edge.viewer())
    if found.category is not None:
        form.category_code.data = found.category
        form.ground.data = proposal.why(graduate, found)


DECIDE = Action(
    "decide", TITLE, _decide, may=categories.may_decide, form=DecisionForm, fill=_propose, button="Записать решение"
)


@pages.route("/<int:graduate_id>", methods=("GET", "POST"))
def decide(graduate_id: int) -> str | Response | tuple[str, int]:
    graduate = _graduate_or_404(graduate_id)
    if request.method == "GET":
        edge.log_access(AccessKind.OPENED, subject="graduate", subject_id=graduate.id)
        return _page(graduate, DECIDE.made_form(graduate))
    form = DECIDE.made_form(graduate, posted=DECIDE.name)
    try:
        told = doing.perform(DECIDE, graduate, form)
    except doing.NotDone as refusal:
        return _page(_graduate_or_404(graduate_id), form, str(refusal)), 422
    totals.forget()
    flash(told, "success")
    return redirect(tab_url(graduate_id))


def _graduate_or_404(graduate_id: int) -> Graduate:
    """A person whom the user sees (404) and whose category the user may decide on (403)."""
    viewer = edge.viewer()
    wanted = select(Graduate).where(Graduate.id == graduate_id, visible_to(viewer))
    graduate = db.session.scalars(wanted).one_or_none() if graduate_id < 2**31 else None
    if graduate is None or not DECIDE.may(viewer, graduate):
        edge.log_access(AccessKind.REFUSED, subject="graduate", subject_id=graduate.id if graduate else None)
        abort(404 if graduate is None else 403)
    return graduate


def _page(graduate: Graduate, form: Any, error: str = "") -> str:
    errors = [(field.label.text, str(message), field.id) for field in form for message in field.errors]
    if error and not errors:
        errors = [("", error, "")]
    found = categories.propose(db.session(), graduate=graduate, on=edge.today())
    return render_template(
        "assessments/category.html",
        page_title=f"Категория сопровождения: {graduate.full_name}",
        breadcrumbs=[
            ("Выпускники", url_for("graduate.index_view")),
            (graduate.full_name, tab_url(graduate.id)),
            (TITLE, None),
        ],
        graduate=graduate,
        form=form,
        errors=errors,
        sentence=proposal.sentence(graduate, found),
        facts=[("Сейчас", proposal.in_force(graduate)), *proposal.told(graduate, found), *_norms(graduate)],
        cancel_url=tab_url(graduate.id),
    )


def _norms(graduate: Graduate) -> list[tuple[str, Any]]:
    """What each category asks for, and what is overdue now."""
    profile = profile_of(db.session(), agency_id=graduate.agency_id or 0, on=edge.today())
    told = [
        f"{norm.title.split()[0].lower()} – раз в {counted(norm.contact_days, 'день', 'дня', 'дней')}"
        for norm in profile.categories
        if norm.contact_days
    ]
    items: list[tuple[str, Any]] = [("Связь по норме", "; ".join(told))] if told else []
    late = overdue(db.session(), graduate_ids=[graduate.id], on=edge.today()).get(graduate.id)
    return [*items, ("Последняя связь", late.told)] if late else items
