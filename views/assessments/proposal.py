"""What the rules propose about the category of support, in words: on cards, on the tab, on the page that decides."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from models.graduates import Graduate
from services.assessments import categories
from services.assessments.rules import Proposal
from views import edge, labels
from views.assessments import cells
from views.extensions import db
from views.formats import ru_date

TOO_LITTLE = "Сведений мало: заполните карту мониторинга."


def block(graduate: Graduate) -> dict[str, Any]:
    """A block of a page: the category in force, the proposed one and why."""
    found = categories.propose(db.session(), graduate=graduate, on=edge.today())
    return {
        "title": "Категория сопровождения",
        "id": "category",
        "items": [("Сейчас", in_force(graduate)), *told(graduate, found)],
        "action": ("Изменить категорию", category_url(graduate)) if may_decide(graduate) else None,
    }


def told(graduate: Graduate, found: Proposal) -> list[tuple[str, Any]]:
    from views.graduates import category_chip

    if found.category is None:
        return [("Предлагается", TOO_LITTLE)]
    return [("Предлагается", category_chip(found.category)), ("Потому что", why(graduate, found))]


def why(graduate: Graduate, found: Proposal) -> str:
    """The reasons that the user may read, one after another."""
    return "; ".join(found.told_to(cells.groups_of(graduate)))


def in_force(graduate: Graduate) -> str | Markup:
    from views.graduates import category_chip

    decision = categories.current(graduate)
    if decision is None:
        return "категория не определена"
    return Markup("{} с {}").format(category_chip(decision.category_code), ru_date(decision.starts_on))


def sentence(graduate: Graduate, found: Proposal) -> str:
    """«Предлагается категория: активное, потому что …»."""
    if found.category is None:
        return TOO_LITTLE
    label = labels.label("support_category", found.category).lower()
    return f"Предлагается категория: {label}, потому что {why(graduate, found)}."


def may_decide(graduate: Graduate) -> bool:
    return categories.may_decide(edge.viewer(), graduate)


def category_url(graduate: Graduate) -> str:
    return url_for("category.decide", graduate_id=graduate.id)
