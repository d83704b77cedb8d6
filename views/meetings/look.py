"""Chips, links and words of councils, meetings and decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.exchange import Referral, ReferralStatus
from models.exchange_access import referrals_visible_to
from models.meetings import AgendaItem, Body, Decision, Meeting, MeetingStatus
from services.meetings.decisions import DecisionState, state_of
from services.meetings.holding import Quorum
from views import edge
from views.extensions import db
from views.formats import chip, ru_date

STATUSES = {
    MeetingStatus.PLANNED: ("blue", "calendar-event"),
    MeetingStatus.HELD: ("green", "circle-check"),
    MeetingStatus.CANCELLED: ("grey", "ban"),
}
DECISIONS = {
    DecisionState.DRAFT: ("grey", "pencil"),
    DecisionState.UNSENT: ("amber", "mail"),
    DecisionState.WAITING: ("blue", "progress"),
    DecisionState.LATE: ("red", "clock-exclamation"),
    DecisionState.DONE: ("green", "circle-check"),
    DecisionState.DONE_LATE: ("amber", "circle-check"),
}
LETTERS = {
    ReferralStatus.ANSWERED: ("green", "check"),
    ReferralStatus.CLOSED: ("green", "circle-check"),
    ReferralStatus.RETURNED: ("amber", "arrow-back-up"),
    ReferralStatus.DECLINED: ("red", "circle-x"),
    ReferralStatus.REVOKED: ("grey", "ban"),
}
ANNULLED = "annulled"
LONG = 90


def shortened(text: str, length: int = LONG) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def status_chip(value: str) -> Markup:
    """For a list's column: a status, or «annulled»."""
    if value == ANNULLED:
        return chip("аннулировано", "grey", "ban")
    status = MeetingStatus(value)
    return chip(status.label, *STATUSES[status])


def status_text(value: str) -> str:
    return "аннулировано" if value == ANNULLED else MeetingStatus(value).label


def decision_chip(value: str) -> Markup:
    state = DecisionState(value)
    return chip(state.label, *DECISIONS[state])


def decision_state_chip(decision: Decision, on: date) -> Markup:
    return decision_chip(state_of(decision, on))


def letter_chip(status: ReferralStatus) -> Markup:
    return chip(status.label, *LETTERS.get(status, ("blue", "mail")))


def meeting_name(meeting: Meeting) -> str:
    """«Заседание 12.10.2026», with the number of its minutes where there is one."""
    kind = meeting.kind.label
    number = f", протокол № {meeting.number_text}" if meeting.number else ""
    return f"{kind[:1].upper()}{kind[1:]} {ru_date(meeting.held_on)}{number}"


def meeting_link(meeting: Meeting) -> Markup:
    return linked("meeting.details_view", meeting.id, meeting_name(meeting))


def body_link(body: Body) -> Markup:
    return linked("body.details_view", body.id, body.name)


def item_link(item: AgendaItem, text: str = "") -> Markup:
    return linked("agenda_item.details_view", item.id, text or item.title)


def decision_link(decision: Decision) -> Markup:
    return linked("decision.details_view", decision.id, shortened(decision.text))


def linked(endpoint: str, number: int, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for(endpoint, id=number), text)


def letter_links(letters: Iterable[Referral]) -> dict[int, str | Markup]:
    """letter → its name, a link where the user may open it."""
    found = {one.id: one for one in letters}
    query = select(Referral.id).where(Referral.id.in_(found), referrals_visible_to(edge.viewer()))
    seen = set(db.session.scalars(query)) if found else set()
    return {
        number: linked("referral.details_view", number, letter_name(one)) if number in seen else letter_name(one)
        for number, one in found.items()
    }


def letter_name(letter: Referral) -> str:
    """«Приглашение, исх. № 5/2026» of the own journal, else the number of the letter."""
    own = [one for one in letter.outgoing if one.message_id is None and one.agency_id == letter.sender_id]
    return f"{letter.kind_title}, исх.\xa0№\xa0{own[0].number_text}" if own else f"{letter.kind_title} № {letter.id}"


def quorum_chip(quorum: Quorum) -> Markup:
    """«Пришли 4 из 7, нужно 4: кворум есть»."""
    if not quorum.total:
        return chip("в составе на этот день никого нет", "amber", "alert-triangle")
    told = f"пришли {quorum.present} из {quorum.total}, нужно {quorum.needed}"
    if quorum.is_there:
        return chip(f"{told}: кворум есть", "green", "circle-check")
    return chip(f"{told}: не хватает {quorum.missing}", "amber", "users")


def lines(*parts: Any) -> Markup:
    """Parts below one another; all but the first are small."""
    shown = [part for part in parts if part]
    rest = [Markup('<div class="line-note">{}</div>').format(part) for part in shown[1:]]
    return Markup("{}{}").format(shown[0] if shown else "", Markup("").join(rest))
