"""Whether a person lives successfully, in words: a block of the tab, and the facts that the page of the word shows."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from models.aid import SuccessVerdict
from models.graduates import Graduate
from services.assessments import verdicts
from views import edge
from views.assessments import cells
from views.extensions import db
from views.formats import chip, ru_date
from views.history import MASK

TITLE = "Решить самому"
BLOCK = "Успешно ли живёт"


def explained(graduate: Graduate) -> verdicts.Explained:
    return verdicts.explain(db.session(), graduate=graduate, groups=cells.groups_of(graduate), by=edge.viewer())


def block(graduate: Graduate) -> dict[str, Any]:
    """A block of the tab: the outcome, each criterion, the words of specialists."""
    found = explained(graduate)
    may_give = verdicts.may_give(edge.viewer(), graduate)
    block: dict[str, Any] = {
        "title": BLOCK,
        "id": "success",
        "items": facts(found),
        "action": (TITLE, url_for("success.decide", graduate_id=graduate.id)) if may_give else None,
    }
    if found.words:
        rows = [_row(word) for word in found.words]
        block["table"] = {"columns": ["Дата", "Живёт успешно", "Почему", "Кто решил"], "rows": rows}
    return block


def facts(found: verdicts.Explained) -> list[tuple[str, Any]]:
    items: list[tuple[str, Any]] = [("Сейчас", _outcome(found))]
    items.append((f"Карта мониторинга с {ru_date(found.since)}", _yes(found.has_card)))
    for criterion, is_met in found.criteria:
        label = criterion.label[:1].upper() + criterion.label[1:]
        items.append((label, MASK if is_met is None else _yes(is_met)))
    return items


def _outcome(found: verdicts.Explained) -> Markup:
    state = chip("успешен", "green", "check") if found.holds else chip("пока не успешен", "grey", "clock")
    if found.verdict is None:
        return Markup("{} {}").format(state, "по признакам ниже")
    return Markup("{} {}").format(state, f"по решению специалиста от {ru_date(found.verdict.decided_on)}")


def _yes(is_so: bool) -> Markup:
    return chip("да", "green", "check") if is_so else chip("нет", "grey", "x")


def _row(verdict: SuccessVerdict) -> list[Any]:
    who = verdict.created_by.name if verdict.created_by else ""
    return [ru_date(verdict.decided_on), "да" if verdict.is_successful else "нет", verdict.reason, who]
