"""Actions and rights that every register of cases has."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from models.access import Viewer
from models.case_access import may_register
from services.cases import drafts
from views import edge
from views.doing import Action, ReasonForm
from views.extensions import db


def may(viewer: Viewer, record: Any) -> bool:
    return may_register(viewer, record.agency_id)


def signature() -> str:
    """The name and position of the user, as papers print them."""
    return ", ".join(part for part in (current_user.name, current_user.position) if part)


def _discard(record: Any, form: Any) -> str:
    drafts.discard(db.session(), record=record, reason=form.reason.data or "", by=edge.viewer())
    return "Запись убрана. Номера у неё не было."


def discarding(title: str) -> Action:
    """What has no number yet is put away by those who keep it."""
    return Action(
        "discard",
        title,
        _discard,
        may,
        lambda record: record.annulled_on is None and record.number is None,
        ReasonForm,
        button="Убрать",
        kind="danger",
        hint="Запись останется в списке с причиной. Номер не занимается.",
    )
