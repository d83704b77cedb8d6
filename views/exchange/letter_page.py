"""What the page of a letter's form shows: recipients with reasons, people with their fields, the right, the clauses."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from markupsafe import Markup

from models.exchange import Referral
from services.exchange import writing
from services.exchange.drafting import UNSEEN
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind
from services.regulations.loading import pack_of
from views.exchange.addresses import desk_crumb
from views.exchange.kind_choice import answer_term, chips_of
from views.exchange.letter_form import DETAILED, Composed
from views.extensions import db
from views.formats import ru_date
from views.saving import error_list


def context(made: Composed, message: str, notice: str, theirs: Any) -> dict[str, Any]:
    kind, record = made.kind, made.record
    title = kind.title if record is None else f"{kind.title}: правка"
    field_errors = error_list(made.form, "referral")
    errors = [("", message, "")] if message and message != UNSEEN else []
    return {
        "page_title": title,
        "breadcrumbs": _crumbs(made, title),
        "made": made,
        "form": made.form,
        "kind": kind,
        "chips": chips_of(kind),
        "answer_term": answer_term(kind) if kind.answer_days else "",
        "errors": errors + field_errors,
        "notice": notice,
        "theirs": theirs,
        "reasons": {one.agency.id: one.reason for one in made.routing.proposals},
        "is_about_person": kind.about == ABOUT_PERSON,
        "is_about_nobody": kind.about == ABOUT_NONE,
        "detailed": DETAILED,
        "clauses": clauses_of(kind),
        "under_way": _under_way(made),
        "opens": opening(kind),
        "cancel_url": url_for("referral.details_view", id=record.id) if record else url_for("referral.create_view"),
        "is_returned": record is not None and record.sent_at is not None,
        "returned_reason": record.reason if record is not None and record.sent_at is not None else "",
        "sender": made.sender,
        "action": request.full_path.rstrip("?"),
    }


def _crumbs(made: Composed, title: str) -> list[tuple[str, str | None]]:
    desk = desk_crumb()
    if made.record is None:
        return [desk, ("Новое письмо", url_for("referral.create_view")), (title, None)]
    return [desk, (str(made.record), url_for("referral.details_view", id=made.record.id)), ("Правка", None)]


def clauses_of(kind: ReferralKind) -> list[tuple[str, str]]:
    """What the regulation says of such letters: the clauses whose requirements the kind serves, its own first."""
    pack = pack_of(db.session(), kind.key.partition("/")[0])
    served = set(kind.terms.get("serves", ()))
    if pack is None or not served:
        return []
    return [(f"п. {one.ref}", one.summary) for one in pack.clauses if served.intersection(one.rows)]


def opening(kind: ReferralKind) -> str:
    """What accepting opens, in a sentence."""
    if kind.profile is None:
        return "Карточка человека получателю не открывается: он узнает только то, что написано в письме."
    return (
        f"Когда получатель примет письмо, ему откроется: {kind.profile.label}. Доступ закончится через 30 дней после "
        "закрытия письма, а при отзыве или отказе – сразу."
    )


def _under_way(made: Composed) -> list[Markup]:
    """The same was sent about the person already and is not over."""
    if made.kind.about == ABOUT_NONE or len(made.people) != 1 or made.record is not None:
        return []
    found = writing.under_way(
        db.session(), kind_key=made.kind.key, sender_id=made.sender.id, graduate_id=made.people[0].id
    )
    return [_link(letter) for letter in found]


def _link(letter: Referral) -> Markup:
    text = f"{ru_date(letter.sent_on)}, {letter.recipient_name} ({letter.status.label})"
    return Markup('<a href="{}">{}</a>').format(url_for("referral.details_view", id=letter.id), text)


def differences(made: Composed) -> dict[str, Any]:
    """What the letter says now where the form says something else, and who saved it last."""
    record, form = made.record, made.form
    assert record
    pairs = [
        ("О чём", record.summary, form.summary.data or ""),
        ("Текст письма", record.text, form.text.data or ""),
        ("Кому", record.recipient_name, _recipient_in_form(made)),
    ]
    return {"rows": [pair for pair in pairs if pair[1] != pair[2]], "status": record.status.label}


def _recipient_in_form(made: Composed) -> str:
    numbers = {one.id: one.name for one in [*made.form.recipients.offered, *made.form.others.offered]}
    return "; ".join(numbers.get(one.agency_id or 0, one.text) for one in made.to())
