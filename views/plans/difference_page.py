"""Two editions of a plan side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from models.plans import Plan
from services.plans.editions import Difference, FieldChange, Pair
from views import details
from views.captions import label_of
from views.formats import ru_date
from views.plans.look import measure_link, plan_link, plan_name, status_chip, term_text

if TYPE_CHECKING:
    from views.plans.plan_register import PlanView


def context(view: PlanView, found: Difference, chain: Sequence[Plan]) -> dict[str, Any]:
    return {
        "page_title": f"Что изменилось: редакции {found.old.edition} и {found.new.edition}",
        "breadcrumbs": [
            (view.title, view.get_url(".index_view")),
            (plan_name(found.new), view.get_url(".details_view", id=found.new.id)),
            ("Сравнение редакций", None),
        ],
        "facts": [fact for plan in (found.old, found.new) for fact in _named(plan)],
        "others": [
            (f"редакция {plan.edition}", view.get_url(".difference", id=found.new.id, **{"with": plan.id}))
            for plan in chain
            if plan not in (found.old, found.new)
        ],
        "found": found,
        "plan_changes": list(_changes(found.old, found.new, found.plan)),
        "spheres_changed": [(pair.new.sphere, list(_of_pair(pair))) for pair in found.spheres.changed],
        "spheres_added": [_sphere(row) for row in found.spheres.added],
        "spheres_dropped": [_sphere(row) for row in found.spheres.dropped],
        "measures_changed": [(measure_link(pair.new), list(_of_pair(pair))) for pair in found.measures.changed],
        "measures_added": [_measure(row) for row in found.measures.added],
        "measures_dropped": [_measure(row) for row in found.measures.dropped],
    }


def _named(plan: Plan) -> list[tuple[str, Any]]:
    period = f"{ru_date(plan.starts_on)} – {ru_date(plan.ends_on)}"
    return [(f"Редакция {plan.edition}", plan_link(plan)), ("Период", period)]


def _of_pair(pair: Pair) -> Iterable[tuple[str, str, str]]:
    return _changes(pair.old, pair.new, pair.changes)


def _changes(old: Any, new: Any, changes: Sequence[FieldChange]) -> Iterable[tuple[str, str, str]]:
    """(caption, before, after)"""
    for change in changes:
        label = label_of(old.__tablename__, change.name)
        yield label, details.value_of(old, change.name), details.value_of(new, change.name)


def _sphere(row: Any) -> tuple[Any, str]:
    return row.sphere, "; ".join(part for part in (row.situation, row.problem, row.need) if part)


def _measure(row: Any) -> tuple[Any, Any, str]:
    return measure_link(row), status_chip(row.status), term_text(row)
