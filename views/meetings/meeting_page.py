"""The page of a meeting: when and where, its agenda with what was decided, who came, the letters."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.access import Viewer
from models.exchange import Referral
from models.meeting_access import may_keep, may_settle
from models.meetings import AgendaItem, Decision, Meeting, MeetingAttendee, MeetingStatus
from services.meetings import decisions, invitations
from services.meetings.holding import Quorum, quorum_of
from views import edge, labels
from views.cases.cells import block, filled
from views.extensions import db
from views.formats import chip, ru_date, shown
from views.meetings.look import (
    ANNULLED,
    body_link,
    decision_link,
    decision_state_chip,
    item_link,
    letter_chip,
    letter_links,
    lines,
    quorum_chip,
    status_chip,
)
from views.people_lookup import card_number, names_of

Block = dict[str, Any]


def header(meeting: Meeting, viewer: Viewer) -> dict[str, Any]:
    chips = [status_chip(ANNULLED if meeting.annulled_on else meeting.status)]
    if meeting.agency_id != viewer.agency_id and not viewer.reads_everybody:
        chips.append(chip("вы приглашены", "blue", "mail"))
    alerts = []
    if meeting.status is MeetingStatus.CANCELLED:
        alerts.append(("warning", f"Отменено: {meeting.cancelled_reason.rstrip('.')}."))
    if meeting.status is MeetingStatus.PLANNED and meeting.held_on < edge.today():
        alerts.append(("warning", f"День встречи прошёл ({ru_date(meeting.held_on)}): проведите её или отмените."))
    facts: list[tuple[str, Any]] = [("Тема", meeting.topic)]
    if meeting.body is not None:
        facts.append(("Орган", body_link(meeting.body)))
    facts += [("День", _when(meeting)), ("Место", meeting.place)]
    facts += [(label, value) for label, value in filled(meeting, "chair", "secretary")]
    return {"subtitle": labels.label("agency", meeting.agency_id), "chips": chips, "alerts": alerts, "facts": facts}


def _when(meeting: Meeting) -> str:
    hour = f", {shown(meeting.starts_at)}" if meeting.starts_at else ""
    return f"{ru_date(meeting.held_on)}{hour}"


def may_write(meeting: Meeting, viewer: Viewer) -> bool:
    """Whether the user may write the minutes now: after the meeting only the head."""
    if meeting.annulled_on is not None or meeting.status is MeetingStatus.CANCELLED:
        return False
    is_planned = meeting.status is MeetingStatus.PLANNED
    return (may_keep if is_planned else may_settle)(viewer, meeting.agency_id)


def blocks(meeting: Meeting, viewer: Viewer) -> list[Block]:
    found = [_agenda(meeting, viewer), _decisions(meeting, viewer)]
    if meeting.summary:
        found.append(block("Итог встречи", "summary", filled(meeting, "summary")))
    found += _letters(meeting)
    return found


# -- The agenda ------------------------------------------------------------------------------------------------------


def _agenda(meeting: Meeting, viewer: Viewer) -> Block:
    action = None
    if may_write(meeting, viewer):
        action = ("Добавить вопрос", url_for("agenda_item.create_view", meeting=meeting.id))
    people = names_of(one.graduate_id for one in meeting.agenda if one.graduate_id is not None)
    letters = letter_links([one.referral for one in meeting.agenda if one.referral is not None])
    rows = [
        [number, lines(item_link(one), one.kind.label), about(one, people, letters), one.speaker, _votes(one)]
        for number, one in enumerate(meeting.agenda, start=1)
    ]
    columns = ["№", "Вопрос", "О чём", "Докладывает", "Голоса"]
    empty = "Повестка пуста."
    table = {"columns": columns, "rows": rows} if rows else None
    return block("Повестка", "agenda", [], table=table, action=action, empty=empty)


def about(item: AgendaItem, people: dict[int, str], letters: dict[int, Any]) -> Markup:
    """The person – the card's number for whoever may not see it – the organisation heard, the letter."""
    parts: list[Any] = []
    if item.graduate_id is not None:
        parts.append(person(item.graduate_id, people))
    if item.agency_id is not None:
        parts.append(labels.label("agency", item.agency_id))
    if item.referral_id is not None:
        parts.append(letters[item.referral_id])
    return lines(*parts)


def person(graduate_id: int, people: dict[int, str]) -> str | Markup:
    if graduate_id not in people:
        return card_number(graduate_id)
    url = url_for("graduate.details_view", id=graduate_id)
    return Markup('<a href="{}">{}</a>').format(url, people[graduate_id])


def _votes(item: AgendaItem) -> str:
    return f"за {item.votes_for}, против {item.votes_against}" if item.votes_for or item.votes_against else ""


# -- Decisions -------------------------------------------------------------------------------------------------------


def _decisions(meeting: Meeting, viewer: Viewer) -> Block:
    action = None
    if may_write(meeting, viewer) and meeting.agenda:
        action = ("Записать решение", url_for("decision.create_view", meeting=meeting.id))
    query = select(Decision).join(AgendaItem, AgendaItem.id == Decision.item_id)
    query = query.where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position, Decision.id)
    query = query.options(selectinload(Decision.referral).selectinload(Referral.outgoing))
    found = list(db.session.scalars(query))
    carried = [one.referral for one in found if one.referral is not None]
    links = letter_links(carried)
    read = decisions.read_receipts(db.session(), [one.id for one in carried])
    today = edge.today()
    rows = [
        [
            lines(decision_link(one), one.kind.label),
            addressee(one),
            ru_date(one.due_on),
            lines(decision_state_chip(one, today), _done(one)),
            letter_cell(one, links, read),
        ]
        for one in found
    ]
    columns = ["Решение", "Кому", "Срок", "Исполнение", "Письмо"]
    empty = "Решений нет." if meeting.agenda else "Решения записывают по вопросам повестки: сначала добавьте вопрос."
    table = {"columns": columns, "rows": rows} if rows else None
    return block("Решения", "decisions", [], table=table, action=action, empty=empty)


def addressee(decision: Decision) -> str:
    return labels.label("agency", decision.addressee_id) if decision.addressee_id else decision.addressee


def _done(decision: Decision) -> str:
    return f"{ru_date(decision.done_on)}: {decision.result}" if decision.done_on else ""


def letter_cell(decision: Decision, links: dict[int, Any], read: dict[int, Any]) -> Any:
    """The letter, its status, when it was first opened by the addressee."""
    letter = decision.referral
    if letter is None:
        is_own = decision.addressee_id is not None and decision.addressee_id == decision.item.meeting.agency_id
        return "письмо не нужно" if is_own else ""
    seen = f"прочитано {ru_date(read[letter.id])}" if letter.id in read else "ещё не прочитано"
    return lines(links[letter.id], letter_chip(letter.status), "" if letter.is_on_paper else seen)


# -- Letters ---------------------------------------------------------------------------------------------------------


def _letters(meeting: Meeting) -> list[Block]:
    letters = invitations.letters_of(db.session(), meeting)
    if not letters:
        return []
    links = letter_links(letters)
    read = decisions.read_receipts(db.session(), [one.id for one in letters])
    rows = [
        [one.recipient_name, links[one.id], letter_chip(one.status), ru_date(read.get(one.id)) or "ещё нет"]
        for one in letters
    ]
    columns = ["Кому", "Письмо", "Состояние", "Прочитано"]
    return [block("Приглашения", "invitations", [], table={"columns": columns, "rows": rows})]


# -- Attendance ------------------------------------------------------------------------------------------------------


def attendance(meeting: Meeting, viewer: Viewer) -> dict[str, Any]:
    """Who is on the list, for the form that marks who came."""
    query = select(MeetingAttendee).where(MeetingAttendee.meeting_id == meeting.id)
    query = query.options(selectinload(MeetingAttendee.member)).order_by(MeetingAttendee.position)
    people = list(db.session.scalars(query))
    quorum: Quorum | None = quorum_of(meeting)
    return {
        "members": [one for one in people if one.member_id is not None],
        "guests": [one for one in people if one.member_id is None],
        "may_mark": may_write(meeting, viewer),
        "quorum": quorum,
        "quorum_text": _came_text(meeting, quorum, sum(one.is_present for one in people)),
    }


def _came_text(meeting: Meeting, quorum: Quorum | None, present: int) -> str | Markup:
    """Nothing of a meeting that was called off before anybody came."""
    if meeting.status is MeetingStatus.CANCELLED and not present:
        return ""
    return quorum_chip(quorum) if quorum else f"пришли: {present}"
