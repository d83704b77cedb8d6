"""The first step of a letter: which kind, by regulation and clause."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import request, url_for

from models.access_grants import AccessProfile
from models.deadlines import Deadline
from models.exchange import ReferralUrgency
from models.territory import Agency
from models.text import normalise
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind, sendable
from services.exchange.routing import fulfils
from services.regulations.pack import ClauseRef
from views import edge
from views.case_base import wanted_number
from views.exchange.addresses import desk_crumb
from views.extensions import db
from views.fields import printable
from views.formats import chip, counted

KEPT = (
    "graduate",
    "recipient",
    "agency",
    "subject",
    "deadline",
)  # What the address says of the letter goes on to the form.
ABOUT = {ABOUT_PERSON: "об одном человеке", ABOUT_NONE: "не о людях"}
DAYS = {"calendar": ("день", "дня", "дней"), "working": ("рабочий день", "рабочих дня", "рабочих дней")}
DAYS["month"] = ("месяц", "месяца", "месяцев")


def page(sender: Agency, deadline: Deadline | None = None) -> dict[str, Any]:
    """The context of the page."""
    typed = printable(request.args.get("q", ""), " ").strip()[:200]
    kinds = offered(sender, deadline)
    words = normalise(typed).split()
    found = [kind for kind in kinds if all(word in _searched(kind) for word in words)]
    return {
        "page_title": "Новое письмо",
        "breadcrumbs": [desk_crumb(), ("Новое письмо", None)],
        "typed": typed,
        "kept": list(_kept().items()),
        "sender": sender,
        "total": len(kinds),
        "groups": [
            (title, [_line(kind) for kind in group])
            for title, group in groupby(found, key=lambda kind: kind.regulation_title)
        ],
    }


def offered(sender: Agency, deadline: Deadline | None = None) -> list[ReferralKind]:
    """Kinds that the organisation may send: to the one whom the address names, about people where it names a person."""
    on = edge.today()
    kinds = sendable(db.session(), agency_id=sender.id, agency_kind=sender.kind, on=on)
    if wanted_number("graduate") is not None:
        kinds = [kind for kind in kinds if kind.about != ABOUT_NONE]
    recipient_id = wanted_number("recipient")
    recipient = db.session.get(Agency, recipient_id) if recipient_id is not None else None
    kinds = [kind for kind in kinds if recipient is None or recipient.kind in kind.to_kinds]
    return (fulfilling(kinds, deadline) or kinds) if deadline is not None else kinds


def fulfilling(kinds: Sequence[ReferralKind], deadline: Deadline) -> list[ReferralKind]:
    """Those of the kinds by which the obligation is done; there may be several."""
    rule = deadline.rule
    clause = ClauseRef(rule.clause, rule.clause_occurrence)
    regulation = rule.key.partition("/")[0]
    return [kind for kind in kinds if fulfils(kind, rule.terms, regulation, clause)]


def _kept() -> dict[str, str]:
    return {name: printable(request.args[name], " ")[:80] for name in KEPT if name in request.args}


def _searched(kind: ReferralKind) -> str:
    return normalise(" ".join((kind.title, kind.ground, *(to.label for to in kind.to_kinds))))


def _line(kind: ReferralKind) -> dict[str, Any]:
    kept: dict[str, Any] = _kept()  # Typed for url_for, whose own arguments are others.
    return {
        "title": kind.title,
        "url": url_for("referral.create_view", kind=kind.key, **kept),
        "clause": kind.clause_text,
        "to": ", ".join(sorted(to.label for to in kind.to_kinds)) if len(kind.to_kinds) < 6 else "любому участнику",
        "about": ABOUT.get(kind.about, "о нескольких людях"),
        "chips": chips_of(kind),
    }


def chips_of(kind: ReferralKind) -> list[Any]:
    chips = []
    if kind.urgency is not ReferralUrgency.NORMAL:
        colour = "red" if kind.urgency is ReferralUrgency.IMMEDIATE else "amber"
        chips.append(chip(kind.urgency.label, colour, "urgent" if colour == "red" else "clock"))
    if kind.answer_days:
        chips.append(chip(f"ответ: {answer_term(kind)}", "grey", "clock"))
    if kind.profile is not None:
        what = "карточку" if kind.profile is AccessProfile.CARD else "контакты"
        chips.append(chip(f"открывает {what}", "blue", "key"))
    return chips


def answer_term(kind: ReferralKind) -> str:
    assert kind.answer_days is not None
    return counted(kind.answer_days, *DAYS[kind.answer_unit.value])
