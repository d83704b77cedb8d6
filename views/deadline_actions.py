"""What a user does with an obligation: forms, rights, one verb of the service for each button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import request
from sqlalchemy.orm.exc import StaleDataError
from wtforms.validators import DataRequired, InputRequired, Length

from models.access import Viewer
from models.deadline_access import may_fulfil, may_waive
from models.deadlines import Closing, Deadline, DeadlineEvidence
from models.rule_terms import EvidenceKind
from services.deadlines import verbs
from services.errors import Refused
from views import edge
from views.extensions import db
from views.fields import REQUIRED, EnumField, RuDateField, TextField
from views.formats import ru_date

CHANGED = "Пока страница была открыта, срок изменился. Проверьте, что записано сейчас, и повторите, если это ещё нужно."
LONG = Length(max=500, message="Не длиннее 500 знаков.")
FULFILLING = frozenset({"mark", "unmark", "pause", "resume"})


class NotDone(Exception):
    """The action was not done; the message is one Russian sentence. Nothing is kept of it in the database."""


class MarkForm(wtforms.Form):
    happened_on = RuDateField("Дата исполнения", validators=[InputRequired(REQUIRED)])
    number = TextField("Исходящий номер", validators=[LONG], description="Номер письма, приказа или записи в журнале")
    note = TextField("Примечание", validators=[LONG])
    is_nil = wtforms.BooleanField("Нет сведений", description="Отправлено сообщение о том, что передавать нечего")


class PauseForm(wtforms.Form):
    reason = TextField(
        "Причина", validators=[DataRequired(REQUIRED), LONG], description="Чего ждём и от кого. Дата не сдвинется."
    )


class CloseForm(wtforms.Form):
    closing = EnumField(label="Как снять", enum=Closing, default=Closing.NOT_APPLICABLE)
    reason = TextField("Причина", validators=[DataRequired(REQUIRED), LONG])


@dataclass
class Forms:
    """The forms of the page; `posted`: the action of which the fields hold what was typed."""

    mark: MarkForm
    pause: PauseForm
    close: CloseForm
    posted: str = ""


def forms(deadline: Deadline, posted: str = "") -> Forms:
    def sent(name: str) -> Any:
        return request.form if name == posted else None

    made = Forms(
        mark=MarkForm(sent("mark"), prefix="mark-", happened_on=edge.today()),
        pause=PauseForm(sent("pause"), prefix="pause-"),
        close=CloseForm(sent("close"), prefix="close-"),
        posted=posted,
    )
    if deadline.rule.terms.evidence is not EvidenceKind.SUBMISSION:
        del made.mark.is_nil
    return made


def may(name: str, viewer: Viewer, deadline: Deadline) -> bool:
    rule = may_fulfil if name in FULFILLING else may_waive
    return rule(viewer, deadline.agency_id)


def act(name: str, deadline: Deadline, sent: Forms) -> str:
    """One verb in its own transaction; what was done, in words. Raises NotDone."""
    form = {"mark": sent.mark, "pause": sent.pause, "close": sent.close}.get(name)
    if form is not None and not form.validate():
        raise NotDone("Не сохранено: исправьте отмеченное поле.")
    number = deadline.id
    try:
        held = verbs.hold(db.session(), deadline_id=number)
        is_stale = request.form.get("version") != str(held.version)
        told = VERBS[name](held, sent)
        if is_stale:
            raise Refused(CHANGED)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        raise NotDone(str(refusal)) from None
    except StaleDataError:
        db.session.rollback()
        raise NotDone(CHANGED) from None
    return told


def _mark(deadline: Deadline, sent: Forms) -> str:
    form = sent.mark
    verbs.mark(
        db.session(),
        deadline=deadline,
        happened_on=form.happened_on.data,
        number=form.number.data or "",
        note=form.note.data or "",
        is_nil="is_nil" in form and bool(form.is_nil.data),
        by=edge.viewer(),
        now=edge.now(),
    )
    told = f"Исполнение отмечено: {ru_date(form.happened_on.data)}"
    return f"{told}, {deadline.achieved} из {deadline.required}." if deadline.required > 1 else f"{told}."


def _unmark(deadline: Deadline, _sent: Forms) -> str:
    wanted = request.form.get("evidence", "")
    evidence = next((piece for piece in deadline.evidence if str(piece.id) == wanted), None)
    if evidence is None:
        raise Refused("Этой отметки уже нет.")
    verbs.unmark(db.session(), evidence=evidence, by=edge.viewer())
    return "Отметка снята. Она осталась в истории."


def _pause(deadline: Deadline, sent: Forms) -> str:
    verbs.pause(db.session(), deadline=deadline, reason=sent.pause.reason.data or "", by=edge.viewer())
    return "Срок приостановлен. Дата исполнения прежняя."


def _resume(deadline: Deadline, _sent: Forms) -> str:
    verbs.resume(db.session(), deadline=deadline, by=edge.viewer())
    return "Срок возобновлён."


def _close(deadline: Deadline, sent: Forms) -> str:
    form = sent.close
    verbs.close(
        db.session(), deadline=deadline, closing=form.closing.data, reason=form.reason.data or "", by=edge.viewer()
    )
    return "Срок снят. Его можно вернуть."


def _reopen(deadline: Deadline, _sent: Forms) -> str:
    verbs.reopen(db.session(), deadline=deadline, by=edge.viewer())
    return "Срок возвращён."


VERBS: dict[str, Callable[[Deadline, Forms], str]] = {
    "mark": _mark,
    "unmark": _unmark,
    "pause": _pause,
    "resume": _resume,
    "close": _close,
    "reopen": _reopen,
}


def is_by_hand(evidence: DeadlineEvidence) -> bool:
    return evidence.reference.startswith(verbs.BY_HAND)


def offered(viewer: Viewer, deadline: Deadline) -> frozenset[str]:
    """The actions that make sense now and that the viewer may do."""
    open_ = {
        "mark": deadline.closing is None and (deadline.done_on is None or deadline.rule.terms.at_least > 1),
        "pause": not deadline.is_settled and deadline.paused_on is None,
        "resume": deadline.paused_on is not None,
        "close": not deadline.is_settled,
        "reopen": deadline.closing is not None and deadline.closed_by_id is not None,
        "unmark": True,
    }
    return frozenset(name for name, is_open in open_.items() if is_open and may(name, viewer, deadline))
