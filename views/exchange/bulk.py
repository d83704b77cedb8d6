"""Several letters of the inbox at once: each claimed in a transaction of its own; what became of them is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.exchange import Referral, ReferralStatus, ReferralStep
from services.errors import Refused
from services.exchange import workflow
from services.exchange.common import StaleReferral, what_happened
from services.exchange.letters import is_registered
from views import edge, listing, totals
from views.exchange import box_filters
from views.extensions import db
from views.formats import counted, ru_date
from views.listing import Page

if TYPE_CHECKING:
    from views.exchange.boxes import BoxView

LIMIT = 500  # Letters of one request.
TOLD = 3  # Failures told one by one.
NOTHING = "Отметьте письма, с которыми это сделать."
# What is done with a letter: the button, the words for what was done and what was not.
ACTIONS = {
    "accept": ("Принять", "Принято", "Не принято"),
    "receive": ("Зарегистрировать", "Зарегистрировано", "Не зарегистрировано"),
    "assign": ("Назначить", "Исполнитель назначен", "Исполнитель не назначен"),
}
S = ReferralStatus
POSSIBLE = {
    "accept": (S.SENT, S.RECEIVED),
    "receive": (S.SENT,),
    "assign": (S.SENT, S.RECEIVED, S.ACCEPTED, S.IN_WORK),
}
ALREADY = {
    ReferralStep.ACCEPTED: "уже принял(а)",
    ReferralStep.RECEIVED: "уже зарегистрировал(а)",
    ReferralStep.ACKNOWLEDGED: "уже зарегистрировал(а)",
    ReferralStep.STARTED: "уже взял(а) в работу",
    ReferralStep.ANSWERED: "уже ответил(а)",
    ReferralStep.RETURNED: "вернул(а) на доработку",
    ReferralStep.DECLINED: "отклонил(а)",
    ReferralStep.REVOKED: "отозвал(а)",
    ReferralStep.FORWARDED: "переадресовал(а)",
}


@dataclass
class Done:
    """How many letters it was done with, with how many it was not, and why of the first of these."""

    count: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)


def context(view: BoxView, page: Page) -> dict[str, Any]:
    """What the list shows below its rows. The filter travels in the address of the form."""
    return {
        "actions": [(name, ACTIONS[name][0], "") for name in ("accept", "receive")],  # assign: beside its executor.
        "action_url": view.get_url(".bulk") + listing.address(request.args).rstrip("?"),
        "bulk_executors": box_filters.colleagues(),
        "bulk_all": page.total if page.total > len(page.rows) else 0,
    }


def perform(view: BoxView) -> Response:
    name = request.form.get("action", "")
    if name not in ACTIONS:
        abort(400)
    back = redirect(view.get_url(".index_view") + listing.address(request.args).rstrip("?"))
    numbers = _of_filter(view) if request.form.get("all") == "1" else _marked()
    if len(numbers) > LIMIT:
        flash(f"За один раз – не больше {LIMIT} писем. Сузьте отбор и повторите.", "error")
        return back
    executor_id = _number(request.form.get("executor_id", ""))
    if name == "assign" and executor_id is None:
        flash("Выберите исполнителя.", "error")
        return back
    done = do(name, numbers, find=view.get_one, executor_id=executor_id)
    totals.forget()
    _tell(name, done)
    return back


def _marked() -> list[int]:
    found = {number for text in request.form.getlist("rowid") if (number := _number(text)) is not None}
    return sorted(found)


def _of_filter(view: BoxView) -> list[int]:
    """What the filter of the address finds now, one more than may be done at once at most."""
    found = view.find()
    query = found.query.with_only_columns(found.key).order_by(found.key).limit(LIMIT + 1)
    return list(db.session.scalars(query))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def do(
    name: str, numbers: Sequence[int], *, find: Callable[[int], Referral | None], executor_id: int | None = None
) -> Done:
    """The verb for each letter, in the order of their numbers; what is not there for the user is passed over."""
    done = Done()
    session = db.session()
    for number in numbers:
        referral = find(number)
        if referral is None:
            session.rollback()
            continue
        try:
            if referral.status not in POSSIBLE[name]:  # Seen without a claim.
                raise StaleReferral(what_happened(referral))
            _verb(session, name, referral, executor_id)
            session.commit()
        except Refused as refusal:
            session.rollback()
            done.failed += 1
            if len(done.reasons) < TOLD:
                done.reasons.append(_failure(number, refusal, find))
        else:
            done.count += 1
    return done


def _verb(session: Session, name: str, referral: Referral, executor_id: int | None) -> None:
    by, now = edge.viewer(), edge.now()
    if name == "accept":
        workflow.accept(session, referral=referral, by=by, now=now)
    elif name == "receive":
        workflow.receive(session, referral=referral, by=by, now=now)
    else:
        workflow.assign(session, referral=referral, executor_id=executor_id, by=by, now=now)


def _failure(number: int, refusal: Refused, find: Callable[[int], Referral | None]) -> str:
    """Which letter, and who was faster."""
    referral = find(number)
    if referral is None:  # Meanwhile it is over: its own page tells how.
        return "письмо уже закончено"
    last = referral.events[-1] if referral.events else None
    if isinstance(refusal, StaleReferral):
        done = ALREADY.get(last.step) if last else None
        return (
            f"{_name(referral)} {done} {last.who}" if last and done else f"{_name(referral)} – {referral.status.label}"
        )
    return f"{_name(referral)} – {str(refusal).rstrip('.')}"


def _name(referral: Referral) -> str:
    own = referral.recipient_id
    if is_registered(referral, own):
        letter = next(one for one in referral.incoming if one.agency_id == own and one.message_id is None)
        return f"«{referral.kind_title}» вх. № {letter.number_text}"
    return f"«{referral.kind_title}» от {ru_date(referral.sent_on)}"


def _tell(name: str, done: Done) -> None:
    _, was_done, was_not = ACTIONS[name]
    if done.count:
        flash(f"{was_done}: {counted(done.count, 'письмо', 'письма', 'писем')}.", "success")
    if done.failed:
        rest = done.failed - len(done.reasons)
        told = "; ".join([*done.reasons, *([f"и ещё {rest}"] if rest else [])])
        flash(f"{was_not} {done.failed}: {told}.", "warning")
    if not done.count and not done.failed:
        flash(NOTHING, "warning")
