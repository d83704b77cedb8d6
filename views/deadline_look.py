"""How obligations look on every page: the chip of a state, a group's counts, the button that does the job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from markupsafe import Markup

from models.audit import AccessKind
from models.deadlines import State
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from reports.catalogue import REPORTS
from views import edge
from views.formats import chip

LOOKS = {
    State.OVERDUE: ("red", "alert-circle"),
    State.DUE_SOON: ("amber", "clock-exclamation"),
    State.OPEN: ("blue", "circle-dot"),
    State.UPCOMING: ("grey", "clock"),
    State.PAUSED: ("grey", "hand-stop"),
    State.DONE: ("green", "circle-check"),
    State.DONE_LATE: ("green", "check"),
    State.WAIVED: ("grey", "circle-x"),
    State.NOT_APPLICABLE: ("grey", "ban"),
}
# In this order one state stands for several of a day.
URGENCY = {state: place for place, state in enumerate(LOOKS)}


def state_chip(state: State) -> Markup:
    return chip(state.label, *LOOKS[state])


def deadline_url(deadline_id: int) -> str:
    return url_for("deadline.details_view", id=deadline_id)


def quota_text(rule: DeadlineRule, achieved: int, required: int) -> str:
    """«1/2» of a quota; of other rules nothing."""
    return f"{achieved}/{required}" if rule.kind is RuleKind.QUOTA else ""


@dataclass(frozen=True)
class Job:
    label: str
    url: str


def job_of(rule: DeadlineRule, agency_code: str, deadline_id: int | None = None) -> Job | None:
    """Where the paper that the rule asks for is made; None: nowhere in the panel.

    A letter is written for an obligation; of several (no `deadline_id`) the proposals are shown.
    """
    if asks_for_letter(rule):
        several = url_for("proposals.index")
        return Job("Отправить", url_for("referral.create_view", deadline=deadline_id) if deadline_id else several)
    code = rule.terms.report
    if code not in REPORTS:
        return None
    address: dict[str, Any] = {"code": code, **({"agency": agency_code} if agency_code else {})}
    return Job("Составить", url_for("reports.show", **address))


def asks_for_letter(rule: DeadlineRule) -> bool:
    """Whether letters of kinds that the rule names fulfil it."""
    terms = rule.terms
    return terms.is_by_letter and any("/" in word for word in terms.evidence_of)


def log_people(ids: list[int], page: str = "calendar") -> None:
    """Note that these people were named on a page of obligations; once for a request."""
    named: set[int] = g.setdefault("people_named", set())
    new = [number for number in dict.fromkeys(ids) if number not in named]
    if new:
        named.update(new)
        edge.log_access(AccessKind.LISTED, subject="graduate", payload={"total": len(new), "ids": new, "page": page})
