"""What has happened with a letter and what was said about it, in one line of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from models.exchange import MessageKind, Referral, ReferralEvent, ReferralMessage, ReferralStep
from views import edge
from views.exchange.referral_links import file_links
from views.formats import chip, ru_date, ru_datetime

SAID_BY_MESSAGE = (ReferralStep.PAUSED, ReferralStep.ANSWERED)  # A message beside them says what.
LOOK = {MessageKind.ANSWER: ("green", "check"), MessageKind.QUESTION: ("amber", "help")}


@dataclass(frozen=True)
class Line:
    """A line of the thread: an event in a few words, or something said."""

    at: str
    who: str
    what: str
    note: str = ""
    is_said: bool = False
    is_own: bool = False
    chips: list[Markup] = field(default_factory=list)
    numbers: str = ""
    files: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


def thread_of(referral: Referral) -> list[Line]:
    """The oldest first; a message stands after the event that it came with."""
    dated: list[tuple[Any, int, int, Line]] = [(one.at, 0, one.id, _event(one)) for one in referral.events]
    dated += [(one.at, 1, one.id, _message(referral, one)) for one in referral.messages]
    return [line for *_, line in sorted(dated, key=lambda entry: entry[:3])]


def _event(event: ReferralEvent) -> Line:
    note = "" if event.step in SAID_BY_MESSAGE else event.note
    return Line(ru_datetime(event.at), event.who, event.step.label, note)


def _message(referral: Referral, message: ReferralMessage) -> Line:
    look = LOOK.get(message.kind)
    chips = [chip(message.kind.label, *look)] if look else []
    chips += [chip(message.outcome.label, "blue", "circle-dot")] if message.outcome else []
    there = [one for one in referral.files if one.message_id == message.id and one.removed_on is None]
    return Line(
        at=ru_datetime(message.at),
        who=message.who,
        what=message.kind.label,
        note=message.text,
        is_said=True,
        is_own=message.agency_id == edge.viewer().agency_id,
        chips=chips,
        numbers=_numbers(referral, message),
        files=[(one.title, file_links(one)) for one in there],
    )


def _numbers(referral: Referral, message: ReferralMessage) -> str:
    """Of an answer: the outgoing number of whoever answers, the incoming one of the own journal."""
    viewer = edge.viewer()
    told = [
        f"исх. № {one.number_text} от {ru_date(one.sent_on)}"
        for one in referral.outgoing
        if one.message_id == message.id
    ]
    if message.their_number:
        told.append(f"исх. № {message.their_number} от {ru_date(message.written_on)}")
    told += [
        f"вх. № {one.number_text} от {ru_date(one.received_on)}"
        for one in referral.incoming
        if one.message_id == message.id and (one.agency_id == viewer.agency_id or viewer.reads_everybody)
    ]
    return ", ".join(told)
