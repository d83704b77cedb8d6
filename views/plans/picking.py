"""«Добавить из перечня»: measures of the followed regulations by direction, with check boxes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import request

from models.plans import Plan
from services.errors import need
from services.plans import templates
from services.plans.templates import Template
from views import edge, labels
from views.doing import CHANGED
from views.extensions import db
from views.formats import ru_date
from views.plans.look import plan_name

if TYPE_CHECKING:
    from views.plans.plan_register import PlanView

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)


def add(plan: Plan) -> int:
    """Take over what is ticked, and commit. Raises Refused."""
    need(request.form.get("version") == str(plan.version), CHANGED)
    chosen = [code.replace("\x00", "")[:200] for code in request.form.getlist("code")][:500]
    added = templates.add(db.session(), plan=plan, codes=chosen, by=edge.viewer())
    db.session.commit()
    return len(added)


def context(view: PlanView, plan: Plan, error: str) -> dict[str, Any]:
    offered = templates.offered(db.session(), agency_id=plan.agency_id, on=edge.today())
    standing = {measure.template_code for measure in plan.measures}
    chosen = set(request.form.getlist("code"))
    back = view.get_url(".details_view", id=plan.id)
    return {
        "page_title": "Добавить мероприятия из перечня",
        "breadcrumbs": [(view.title, view.get_url(".index_view")), (plan_name(plan), back), ("Из перечня", None)],
        "plan": plan,
        "error": error,
        "cancel_url": back,
        "groups": [
            (_capital(labels.label("direction", code)), [_line(one, plan, standing, chosen) for one in group])
            for code, group in groupby(offered, key=lambda one: one.direction)
        ],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _line(template: Template, plan: Plan, standing: set[str], chosen: set[str]) -> dict[str, Any]:
    term = templates.term_of(template.months, starts_on=plan.starts_on, ends_on=plan.ends_on, on=edge.today())
    return {
        "code": template.code,
        "id": f"pick-{template.code.replace('/', '-').replace('.', '-')}",
        "title": template.title,
        "is_taken": template.code in standing,
        "is_chosen": template.code in chosen,
        "when": months_text(template),
        "term": _term_text(term),
        "source": f"{template.source}, {template.clause}" if template.clause else template.source,
    }


def months_text(template: Template) -> str:
    if not template.months or template.months == templates.ALL_MONTHS:
        return templates.periodicity_of(template) or "в любое время"
    return ", ".join(MONTHS[month - 1] for month in template.months)


def _term_text(term: templates.Term) -> str:
    if term.due_on is None:
        return "в период плана не попадает, срок впишите сами"
    return f"{ru_date(term.starts_on)} – {ru_date(term.due_on)}" if term.starts_on else f"до {ru_date(term.due_on)}"
