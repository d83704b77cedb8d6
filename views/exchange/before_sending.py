"""«Перед отправкой»: what exactly will travel, to whom, by which right, until when an answer is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from models.exchange import Referral
from services.errors import Refused
from services.exchange import drafting, workflow
from services.exchange.common import has_accounts, kind_as_written
from views import edge
from views.deadline_look import log_people
from views.exchange.addresses import desk_crumb
from views.exchange.letter_page import opening
from views.extensions import db
from views.formats import ru_date

NAMED = 50  # People shown with their fields; of the others only the number.


def context(letters: Sequence[Referral], error: str = "") -> dict[str, Any]:
    first = letters[0]
    log_people([one.graduate_id for one in first.people if one.graduate_id is not None], page="exchange")
    return {
        "page_title": "Перед отправкой",
        "breadcrumbs": [
            desk_crumb(),
            (str(first), url_for("referral.details_view", id=first.id)),
            ("Перед отправкой", None),
        ],
        "error": error,
        "letters": [(letter, lines(letter), refusal_of(letter)) for letter in letters],
        "first": first,
        "people": first.people[:NAMED],
        "hidden": max(len(first.people) - NAMED, 0),
        "edit_url": url_for("referral.edit_view", id=first.id),
        "may_send": not any(refusal_of(letter) for letter in letters),
    }


def lines(letter: Referral) -> list[tuple[str, str]]:
    """To whom, how, by which right, until when; also for the card of a draft."""
    kind = kind_as_written(letter)
    reaches = has_accounts(db.session(), letter.recipient_id)
    files = [one.title for one in letter.files if one.removed_on is None]
    return [
        ("Кому", letter.recipient_name),
        ("Как уйдёт", "через «Маршрут»" if reaches else "на бумаге: у получателя нет входа, письмо нужно напечатать"),
        ("О ком", letter.about_text or "не о людях"),
        ("Основание", _ground(letter)),
        ("Ответ ждём до", _answer(letter)),
        ("Что откроется", opening(kind) if letter.people else "ничего"),
        ("Файлы", ", ".join(files) or "нет"),
    ]


def refusal_of(letter: Referral) -> str:
    """Why the letter cannot be sent now; empty: it can."""
    try:
        workflow.need_sendable(db.session(), letter, by=edge.viewer())
    except Refused as refusal:
        return str(refusal)
    return ""


def _ground(letter: Referral) -> str:
    try:
        return drafting.ground_of(db.session(), letter, on=edge.today())
    except Refused:
        return "не указано"


def _answer(letter: Referral) -> str:
    try:
        due_on = drafting.due_if_sent(db.session(), letter, on=edge.today())
    except Refused:
        return "не посчитать"  # `refusal_of` says why.
    return ru_date(due_on) if due_on else "ответа не просим"
