"""The plans of a person, for the tab «Сопровождение» of the card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from sqlalchemy import select

from models.case_access import WRITERS
from models.graduates import Graduate
from models.plans import OPEN_MEASURES, Plan
from models.users import Role
from services.plans import progress
from views import edge, labels
from views.extensions import db
from views.formats import counted, ru_date
from views.plans.look import lines, measure_chips, measure_link, plan_chips, plan_link, progress_text, term_text

NEXT = 5  # Measures that the card shows.


def blocks(graduate: Graduate) -> Iterable[dict[str, Any]]:
    """Blocks of templates/details.html: the plans, and what comes next by those in force."""
    query = select(Plan).where(Plan.graduate_id == graduate.id)
    found = db.session.scalars(query.order_by(Plan.starts_on.desc(), Plan.id.desc())).all()
    figures = progress.of_plans(db.session(), [plan.id for plan in found])
    rows = [
        [
            plan_link(plan),
            f"{ru_date(plan.starts_on)} – {ru_date(plan.ends_on)}",
            lines(*plan_chips(plan, edge.today())[:2]),
            _progress(plan, figures.get(plan.id, progress.Progress())),
            labels.label("agency", plan.agency_id),
        ]
        for plan in found
    ]
    viewer = edge.viewer()
    may_write = viewer.role in WRITERS or viewer.role is Role.ADMINISTRATOR
    columns = ["План", "Период", "Состояние", "Исполнение", "Организация"]
    yield {
        "title": "Планы",
        "id": "plans",
        "items": [],
        "table": {"columns": columns, "rows": rows} if rows else None,
        "action": ("Новый план", url_for("plan.create_view", graduate=graduate.id)) if may_write else None,
        "empty": "Планов нет.",
    }
    yield from _next([plan for plan in found if plan.is_in_force])


def _progress(plan: Plan, found: progress.Progress) -> str:
    """Of a plan that was never approved only how long it is."""
    if plan.number is None:
        return counted(found.total, "мероприятие", "мероприятия", "мероприятий")
    return progress_text(found)


def _next(plans: list[Plan]) -> Iterable[dict[str, Any]]:
    """The measures that are due first."""
    waiting = [one for plan in plans for one in plan.measures if one.status in OPEN_MEASURES]
    waiting.sort(key=lambda one: (one.due_on is None, one.due_on, one.position))
    if waiting:
        rows = [
            [measure_link(one), term_text(one), one.executor, measure_chips(one, edge.today())]
            for one in waiting[:NEXT]
        ]
        columns = ["Мероприятие", "Срок", "Исполнитель", "Состояние"]
        note = f"ещё {len(waiting) - NEXT}" if len(waiting) > NEXT else ""
        table = {"columns": columns, "rows": rows}
        yield {"title": "Что дальше по плану", "id": "next-measures", "items": [], "table": table, "note": note}
