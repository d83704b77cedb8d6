"""The tab «Сроки» of a card: what is to be done about the person, by whichever organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.deadline_access import deadlines_visible_to
from models.deadlines import Deadline, State
from models.graduates import Graduate
from models.regulations import DeadlineRule
from models.rule_terms import Condition
from views import edge, labels
from views.deadline_look import deadline_url, state_chip
from views.deadline_words import basis_text, recipient_text
from views.extensions import db
from views.formats import counted, ru_date

WEEK = timedelta(days=7)
OF_HEALTH = frozenset({Condition.NO_VALID_EXAMINATION})  # That such a duty stands tells what the group «health» hides.
COLUMNS = ["Исполнить до", "Состояние", "Что сделать", "Основание", "Кто исполняет", "Кому"]


def _pending(graduate: Graduate) -> Any:
    """Neither done nor closed nor waiting for somebody else."""
    return select(func.count()).where(
        Deadline.graduate_id == graduate.id,
        Deadline.done_on.is_(None),
        Deadline.closing.is_(None),
        Deadline.paused_on.is_(None),
    )


def urgent(graduate: Graduate, today: date) -> tuple[int, int]:
    """How many obligations about the person are overdue, and how many are due within a week."""
    overdue = _pending(graduate).where(Deadline.due_on < today)
    soon = _pending(graduate).where(Deadline.due_on.between(today, today + WEEK), Deadline.opens_on <= today)
    found = db.session.execute(select(overdue.scalar_subquery(), soon.scalar_subquery())).one()
    return found[0], found[1]


def alerts(graduate: Graduate, overdue: int, soon: int, today: date) -> Iterable[tuple[str, Markup]]:
    """For the header of the card."""
    url = url_for("graduate.details_view", id=graduate.id, tab="deadlines")
    if overdue:
        told = counted(overdue, "срок просрочен", "срока просрочено", "сроков просрочено")
        yield "error", _alert(told, url)
    if soon:
        told = counted(soon, "срок истекает", "срока истекают", "сроков истекают")
        yield "warning", _alert(f"{told} до {ru_date(today + WEEK)}", url)


def _alert(told: str, url: str) -> Markup:
    return Markup('{}. <a href="{}">Посмотреть сроки</a>').format(told, url)


def context(graduate: Graduate, today: date) -> dict[str, Any]:
    """What is still to be done, and what is settled; the newest settled first."""
    query = (
        select(Deadline, deadlines_visible_to(edge.viewer()))
        .options(joinedload(Deadline.rule).joinedload(DeadlineRule.regulation))
        .where(Deadline.graduate_id == graduate.id)
        .order_by(Deadline.due_on, Deadline.id)
    )
    pending: list[list[Any]] = []
    settled: list[list[Any]] = []
    for deadline, is_visible in db.session.execute(query):
        if not is_visible and deadline.rule.terms.condition in OF_HEALTH:
            continue
        (settled if deadline.is_settled else pending).append(_row(deadline, today, is_visible=bool(is_visible)))
    return {
        "columns": COLUMNS,
        "pending": pending,
        "settled": settled[::-1],
        "record_url": url_for("occurrence.create_view", graduate=graduate.id),
    }


def _row(deadline: Deadline, today: date, *, is_visible: bool) -> list[Any]:
    title = deadline.rule.title
    if is_visible:
        title = Markup('<a href="{}">{}</a>').format(deadline_url(deadline.id), title)
    if deadline.required > 1:
        title = Markup("{} ({} из {})").format(title, deadline.achieved, deadline.required)
    return [
        ru_date(deadline.due_on),
        _state(deadline.state_on(today), deadline),
        title,
        basis_text(deadline.rule),
        labels.label("agency", deadline.agency_id),
        recipient_text(deadline.recipient_id, deadline.recipient_text),
    ]


def _state(state: State, deadline: Deadline) -> Markup:
    day = f" {ru_date(deadline.done_on)}" if deadline.done_on else ""
    return Markup("{}{}").format(state_chip(state), day)
