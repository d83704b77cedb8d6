"""Chips, links and words of plans and measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from models.plans import OPEN_MEASURES, Measure, MeasureStatus, Plan, PlanState
from services.plans.progress import Progress
from views.formats import chip, counted, ru_date

STATES = {
    PlanState.DRAFT: ("grey", "pencil"),
    PlanState.REVIEW: ("amber", "clock"),
    PlanState.APPROVED: ("green", "circle-check"),
    PlanState.CLOSED: ("grey", "archive"),
}
STATUSES = {
    MeasureStatus.PLANNED: ("grey", "circle"),
    MeasureStatus.IN_WORK: ("blue", "progress"),
    MeasureStatus.DONE: ("green", "circle-check"),
    MeasureStatus.DONE_PARTLY: ("amber", "circle-dot"),
    MeasureStatus.NOT_DONE: ("red", "circle-x"),
    MeasureStatus.REFUSED: ("grey", "hand-stop"),
    MeasureStatus.MOVED: ("amber", "clock"),
    MeasureStatus.EXCLUDED: ("grey", "ban"),
}
ANNULLED = "annulled"


def state_chip(value: str) -> Markup:
    """Of a list's column: a state of a plan, or «annulled»."""
    if value == ANNULLED:
        return chip("аннулирован", "grey", "ban")
    state = PlanState(value)
    return chip(state.label, *STATES[state])


def state_text(value: str) -> str:
    return "аннулирован" if value == ANNULLED else PlanState(value).label


def plan_chips(plan: Plan, on: date) -> list[Markup]:
    chips = [state_chip(ANNULLED if plan.annulled_on else plan.state)]
    if plan.is_in_force and plan.ends_on < on:
        chips.append(chip("срок истёк", "red", "clock-exclamation"))
    if plan.edition > 1:
        chips.append(chip(f"редакция {plan.edition}", "blue", "history"))
    return chips


def is_overdue(measure: Measure, on: date) -> bool:
    return measure.status in OPEN_MEASURES and measure.due_on is not None and measure.due_on < on


def status_chip(value: str) -> Markup:
    status = MeasureStatus(value)
    return chip(status.label, *STATUSES[status])


def measure_chips(measure: Measure, on: date) -> Markup:
    """What became of it; beside an open one whose term is over, that it is late."""
    late = (
        chip("просрочено", "red", "clock-exclamation") if measure.plan.is_in_force and is_overdue(measure, on) else ""
    )
    return Markup(" ").join(part for part in (status_chip(measure.status), late) if part)


def plan_name(plan: Plan) -> str:
    """«План № 7/2026», «ИППСУ, черновик»."""
    kind = {"individual": "План", "social_services": "ИППСУ", "joint": "Совместный план"}[plan.kind]
    return f"{kind} № {plan.number_text}" if plan.number else f"{kind}, {plan.state.label}"


def plan_link(plan: Plan) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for("plan.details_view", id=plan.id), plan_name(plan))


def measure_link(measure: Measure) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for("measure.details_view", id=measure.id), measure.title)


def term_text(measure: Measure) -> str:
    if measure.starts_on and measure.due_on:
        return f"{ru_date(measure.starts_on)} – {ru_date(measure.due_on)}"
    return f"до {ru_date(measure.due_on)}" if measure.due_on else ""


def progress_text(found: Progress) -> str:
    """«выполнено 9 из 11, частично 1, не выполнено 1; отказов 1»."""
    if not found.total:
        return "мероприятий нет"
    parts = [f"выполнено {found.done} из {found.expected}"]
    parts += [f"частично {found.done_partly}"] if found.done_partly else []
    parts += [f"не выполнено {found.not_done}"] if found.not_done else []
    parts += [f"ещё {found.open}"] if found.open else []
    apart = [counted(found.refused, "отказ", "отказа", "отказов")] if found.refused else []
    apart += [f"исключено {found.excluded}"] if found.excluded else []
    return ", ".join(parts) + (f"; {', '.join(apart)}" if apart else "")


def lines(*parts: Any) -> Markup:
    """A cell of several lines: the first one, quiet ones under it."""
    told = [part for part in parts if part]
    rest = [Markup('<span class="line-note">{}</span>').format(part) for part in told[1:]]
    return Markup("{}{}").format(told[0] if told else "", Markup("").join(rest))
