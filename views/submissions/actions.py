"""What is done with a submission from its page: each verb a POST, one transaction, one sentence about what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.submission_access import may_approve, may_draw
from models.submissions import Submission, SubmissionStatus
from services.errors import Refused, need
from services.submissions import approving, drawing, receiving, reconciling, sending, wording
from services.submissions.common import CHANGED
from views import edge, totals
from views.constraints import message_for
from views.extensions import db
from views.fields import printable
from views.submissions.lists import pages
from views.submissions.look import submission_url
from views.submissions.page import _acting, found_or_404, render

MANY = 1_000  # Rows returned at once.
LONG = 20_000


@dataclass(frozen=True)
class Verb:
    """`act` does it and says what was done; `may` is the right to it: without it 403."""

    act: Callable[[Submission, dict[str, str]], str | tuple[str, str]]
    may: Callable[[Submission], bool]
    anchor: str = ""


def _own(submission: Submission) -> bool:
    return may_draw(edge.viewer(), submission.agency_id)


def _head(submission: Submission) -> bool:
    return may_approve(edge.viewer(), submission.agency_id)


def _recipient(submission: Submission) -> bool:
    viewer = edge.viewer()
    return any(receiving.may_decide(db.session(), recipient=one, by=viewer) for one in submission.recipients)


@pages.post("/<int:submission_id>/<verb>")
def act(submission_id: int, verb: str) -> Response | tuple[str, int]:
    submission = found_or_404(submission_id)
    wanted = VERBS.get(verb)
    if wanted is None:
        abort(404)
    if not wanted.may(submission):
        edge.log_access(AccessKind.REFUSED, subject="submission", subject_id=submission.id)
        abort(403)
    typed = {name: printable(text)[:LONG] for name, text in request.form.items()}
    try:
        done = wanted.act(submission, typed)
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as error:
        db.session.rollback()
        return render(found_or_404(submission_id), error=_sentence(error), typed=typed), 422
    totals.forget()
    told, url = done if isinstance(done, tuple) else (done, _back(submission_id, wanted, typed))
    flash(told, "success")
    return redirect(url)


def _sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    return message_for(error)[1] if isinstance(error, IntegrityError) else CHANGED


def _back(submission_id: int, verb: Verb, typed: dict[str, str]) -> str:
    anchor = f"row-{typed['row']}" if typed.get("row", "").isdecimal() else verb.anchor
    here: dict[str, Any] = {name: request.args.get(name) or None for name in ("show", "page")}
    return submission_url(submission_id, _anchor=anchor or None, **here)


def _told() -> dict[str, Any]:
    return {"by": edge.viewer(), "now": edge.now()}


def _need_as_seen(submission: Submission, typed: dict[str, str]) -> None:
    need(typed.get("version") == str(submission.version), CHANGED)


def _row_id(typed: dict[str, str]) -> int:
    return _number_of(typed.get("row", ""))


def _number_of(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(wording.NO_ROW)
    return int(text)


# -- The organisation's own ------------------------------------------------------------------------------------------


def _refresh(submission: Submission, typed: dict[str, str]) -> str:
    drawing.refresh(db.session(), submission=submission, **_told())
    return "Черновик обновлён из карточек. Свои слова и исключённые вручную остались."


def _words(submission: Submission, typed: dict[str, str]) -> str:
    seen = {name.removeprefix("s-"): text.strip() for name, text in typed.items() if name.startswith("s-")}
    words = {name.removeprefix("w-"): _lines(text) for name, text in typed.items() if name.startswith("w-")}
    changed = {key: text for key, text in words.items() if text != _lines(seen.get(key, ""))}
    kept = {key: text for key, text in words.items() if f"confirm-{key}" in typed}
    if not changed and not kept:
        return "Слова не изменились."
    said = {**kept, **changed}
    row_id = _row_id(typed)
    wording.reword(
        db.session(),
        submission=submission,
        row_id=row_id,
        words=said,
        seen={key: seen.get(key, "") for key in said},
        **_told(),
    )
    return "Строка записана своими словами."


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _out(submission: Submission, typed: dict[str, str]) -> str:
    reason = typed.get("reason", "")
    wording.leave_out(db.session(), submission=submission, row_id=_row_id(typed), reason=reason, **_told())
    return "Строка не войдёт в отчёт."


def _take_back(submission: Submission, typed: dict[str, str]) -> str:
    wording.take_back(db.session(), submission=submission, row_id=_row_id(typed), **_told())
    return "Строка снова в отчёте."


def _texts(submission: Submission, typed: dict[str, str]) -> str:
    _need_as_seen(submission, typed)
    texts = {name.removeprefix("t-"): _lines(text) for name, text in typed.items() if name.startswith("t-")}
    wording.put_texts(db.session(), submission=submission, texts=texts, **_told())
    return "Текст сохранён."


def _ask(submission: Submission, typed: dict[str, str]) -> str:
    approving.ask(db.session(), submission=submission, **_told())
    return "Руководителю сообщено, что отчёт ждёт утверждения."


def _discard(submission: Submission, typed: dict[str, str]) -> tuple[str, str]:
    from flask import url_for

    drawing.discard(db.session(), submission=submission, by=edge.viewer())
    return "Черновик удалён.", url_for("submissions.index")


def _send(submission: Submission, typed: dict[str, str]) -> str:
    texts = request.form.getlist("recipients")
    chosen = [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]
    folder = Path(current_app.config["DATA_DIR"])
    letters = sending.send(db.session(), submission=submission, recipient_ids=chosen, folder=folder, **_told())
    reconciling.reconcile_with(db.session(), submission=submission, now=edge.now())
    names = ", ".join(letter.recipient_name for letter in letters)
    return f"Отчёт отправлен: {names}."


def _next(submission: Submission, typed: dict[str, str]) -> tuple[str, str]:
    made = drawing.next_edition(db.session(), submission=submission, **_told())
    return f"Составлена редакция {made.edition}: прежние слова и замечания перенесены.", submission_url(made.id)


# -- The head --------------------------------------------------------------------------------------------------------


def _approve(submission: Submission, typed: dict[str, str]) -> str:
    _need_as_seen(submission, typed)
    approving.approve(db.session(), submission=submission, **_told())
    return "Отчёт утверждён: больше он не изменится."


def _reopen(submission: Submission, typed: dict[str, str]) -> str:
    approving.reopen(db.session(), submission=submission, reason=typed.get("reason", ""), **_told())
    return "Утверждение снято: отчёт снова черновик."


# -- The recipient ---------------------------------------------------------------------------------------------------


def _mine(submission: Submission) -> Any:
    found = _acting(submission)
    if found is None:
        decided = [one for one in submission.recipients if one.status is not SubmissionStatus.SENT]
        told = f"{decided[0].status.label} ({decided[0].who})" if decided else submission.status.label
        raise Refused(f"Решение уже принято: {told}.")
    return found


def _accept(submission: Submission, typed: dict[str, str]) -> str:
    note = typed.get("note", "")[:500]
    receiving.accept(db.session(), recipient=_mine(submission), note=note, **_told())
    return "Отчёт принят."


def _partly(submission: Submission, typed: dict[str, str]) -> str:
    reasons = {
        _number_of(name.removeprefix("row-")): text
        for name, text in typed.items()
        if name.startswith("row-") and text.strip()
    }
    need(len(reasons) <= MANY, f"За один раз возвращают не больше {MANY} строк.")
    receiving.accept_partly(db.session(), recipient=_mine(submission), reasons=reasons, **_told())
    return f"Принято без строк: {len(reasons)}. Отправителю сообщено."


def _give_back(submission: Submission, typed: dict[str, str]) -> str:
    reason = typed.get("reason", "")[:2000]
    receiving.give_back(db.session(), recipient=_mine(submission), reason=reason, **_told())
    return "Отчёт возвращён. Отправителю сообщено."


VERBS = {
    "refresh": Verb(_refresh, _own, "rows"),
    "words": Verb(_words, _own),
    "out": Verb(_out, _own),
    "back": Verb(_take_back, _own),
    "texts": Verb(_texts, _own, "texts"),
    "ask": Verb(_ask, _own),
    "discard": Verb(_discard, _own),
    "send": Verb(_send, _own, "recipients"),
    "next": Verb(_next, _own),
    "approve": Verb(_approve, _head),
    "reopen": Verb(_reopen, _head),
    "accept": Verb(_accept, _recipient),
    "partly": Verb(_partly, _recipient),
    "return": Verb(_give_back, _recipient),
}
