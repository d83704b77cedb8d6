"""The page of a body: who sits in it, its sittings by half-years and the obligation to hold them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from models.access import Viewer
from models.deadline_access import deadlines_visible_to
from models.deadlines import Deadline
from models.meeting_access import may_keep, meetings_visible_to
from models.meetings import Body, BodyMember, Meeting, MeetingStatus
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleKind
from services.meetings import bodies
from views import edge, labels
from views.cases.cells import block
from views.deadline_look import state_chip
from views.extensions import db
from views.formats import chip, counted, ru_date
from views.meetings.look import letter_chip, letter_links, lines, linked, meeting_link, status_chip

Block = dict[str, Any]
HALVES = 6  # The present half-year, the next one and those before.
HALF = timedelta(days=184)


def header(body: Body, viewer: Viewer) -> dict[str, Any]:
    today = edge.today()
    members = body.members_on(today)
    found: list[tuple[str, Any]] = [
        ("В составе сегодня", counted(len(members), "член", "члена", "членов")),
        ("Кворум", f"{body.quorum_part}/{body.quorum_of} членов"),
        ("Создан", ru_date(body.starts_on)),
    ]
    known = bodies.known_body(db.session(), body, on=today)
    if known is not None and known.clause:
        found.append(("Основание", known.clause))
    needs = bodies.needs_agreement(db.session(), body, on=today)
    if needs or body.approved_on:
        found.append(("Состав согласован", ru_date(body.approved_on) or "ещё нет"))
    if body.ends_on:
        found.append(("Упразднён", ru_date(body.ends_on)))
    if body.note:
        found.append(("Примечание", Markup("<br>").join(body.note.splitlines())))
    alerts: list[tuple[str, str]] = []
    if needs and body.approved_on is None and members:
        alerts.append(("warning", "Состав не согласован или изменён после согласования: отправьте его ещё раз."))
    if not members and body.ends_on is None:
        alerts.append(("warning", "В составе никого нет: заседание без членов не проведут."))
    actions = []
    if may_keep(viewer, body.agency_id):
        if body.ends_on is None:
            actions.append(("Назначить заседание", url_for("meeting.create_view", body=body.id), "primary"))
        actions.append(("Изменить", url_for("body.edit_view", id=body.id), ""))
    return {
        "subtitle": labels.label("agency", body.agency_id),
        "chips": [chip("упразднён", "grey", "archive")] if body.ends_on and body.ends_on < today else [],
        "alerts": alerts,
        "facts": found,
        "actions": actions,
    }


def blocks(body: Body, viewer: Viewer) -> list[Block]:
    today = edge.today()
    present = body.members_on(today)
    others = [one for one in body.members if one not in present]
    found = [_members("Состав", "members", present, "В составе пока никого нет.")]
    if others:
        found.append(_members("Выбывшие и будущие члены", "former", others, ""))
    found.append(_calendar(body, viewer))
    if letters := bodies.composition_letters(db.session(), body):
        links = letter_links(letters)
        rows = [[ru_date(one.sent_on), links[one.id], one.recipient_name, letter_chip(one.status)] for one in letters]
        columns = ["Дата", "Письмо", "Кому", "Состояние"]
        table = {"columns": columns, "rows": rows}
        found.append(block("Согласование состава", "composition", [], table=table))
    return found


def _members(title: str, id: str, members: list[BodyMember], empty: str) -> Block:
    rows = [
        [
            number,
            lines(one.name, one.role.label if one.role.value != "member" else ""),
            lines(one.position, one.agency.short_name if one.agency else ""),
            one.category,
            _period(one),
        ]
        for number, one in enumerate(members, start=1)
    ]
    columns = ["№", "Член", "Должность и организация", "Кого представляет", "В составе"]
    return block(title, id, [], table={"columns": columns, "rows": rows} if rows else None, empty=empty)


def _period(member: BodyMember) -> str:
    end = ru_date(member.ends_on)
    return f"{ru_date(member.starts_on)} – {end}" if end else f"с {ru_date(member.starts_on)}"


# -- Sittings by half-years ------------------------------------------------------------------------------------------


def _calendar(body: Body, viewer: Viewer) -> Block:
    """Planned and held sittings of each half-year, how many the quota asks for, and the obligation."""
    query = select(Meeting).where(Meeting.body_id == body.id, meetings_visible_to(viewer))
    meetings = list(db.session.scalars(query.order_by(Meeting.held_on)))
    duties = _duties(body, viewer)
    now, ahead = half_of(edge.today()), half_of(edge.today() + HALF)
    planned = {half_of(one.held_on) for one in meetings}
    shown = sorted({now, ahead, *planned, *(name for name in duties if name <= ahead)}, reverse=True)[:HALVES]
    rows = [[_half_text(name), _told(meetings, name), _quota(meetings, name, duties)] for name in shown]
    columns = ["Полугодие", "Заседания", "Проведено и норма"]
    return block("Заседания по полугодиям", "halves", [], table={"columns": columns, "rows": rows})


def half_of(day: date) -> str:
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def _half_text(name: str) -> str:
    year, _, half = name.partition("-H")
    return f"{'I' if half == '1' else 'II'} полугодие {year}"


def _of_half(meetings: list[Meeting], name: str) -> list[Meeting]:
    return [one for one in meetings if half_of(one.held_on) == name and one.annulled_on is None]


def _told(meetings: list[Meeting], name: str) -> Any:
    parts = [Markup("{} {}").format(meeting_link(one), status_chip(one.status)) for one in _of_half(meetings, name)]
    return Markup("<br>").join(parts) if parts else Markup('<span class="absent">нет</span>')


def _quota(meetings: list[Meeting], name: str, duties: dict[str, list[Deadline]]) -> Any:
    """«1 из 1» by each obligation, with its state; without any, how many were held."""
    held = sum(one.status is MeetingStatus.HELD for one in _of_half(meetings, name))
    today = edge.today()
    told = [Markup("{} {}").format(_duty_link(one), state_chip(one.state_on(today))) for one in duties.get(name, ())]
    return Markup("<br>").join(told) if told else f"проведено: {held}"


def _duty_link(one: Deadline) -> Markup:
    return linked("deadline.details_view", one.id, f"{one.achieved} из {one.required}")


def _duties(body: Body, viewer: Viewer) -> dict[str, list[Deadline]]:
    """half-year → obligations of the body's organisation to hold meetings."""
    query = select(Deadline).join(DeadlineRule, DeadlineRule.id == Deadline.rule_id)
    query = query.where(Deadline.agency_id == body.agency_id, DeadlineRule.kind == RuleKind.QUOTA)
    query = query.where(Deadline.period.like("%-H_"), Deadline.graduate_id.is_(None), deadlines_visible_to(viewer))
    found: dict[str, list[Deadline]] = {}
    for one in db.session.scalars(query.order_by(Deadline.due_on, Deadline.id)):
        if one.rule.terms_data.get("evidence") == EvidenceKind.MEETING:
            found.setdefault(one.period, []).append(one)
    return found
