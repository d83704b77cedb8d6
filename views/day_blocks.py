"""The deadlines of «Мой день»: what is overdue, due today and in a week, and what others owe us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_login import current_user
from markupsafe import Markup

from models.deadlines import State
from models.regulations import DeadlineRule
from models.text import plural
from models.users import Role
from services.deadlines import listing, today
from services.deadlines.today import Block, DueBlock, DueLine
from views import edge, labels
from views.calendar_asked import SEES_ALL_FIRST
from views.deadline_look import Job, deadline_url, job_of, log_people, quota_text
from views.extensions import db
from views.formats import chip, grouped
from views.people_lookup import card_number

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
PENDING = (State.OVERDUE, State.DUE_SOON, State.OPEN)
HAVE_PEOPLE = frozenset({Role.CLERK, Role.OFFICER})
ICONS = {Block.OVERDUE: "alert-circle", Block.TODAY: "calendar-event", Block.WEEK: "calendar", Block.AWAITED: "mail"}
EMPTY = {
    Block.OVERDUE: "Просроченного нет.",
    Block.TODAY: "На сегодня сроков нет.",
    Block.WEEK: "В ближайшие 7 дней других сроков нет.",
    Block.AWAITED: "В ближайшие 7 дней ни от кого ничего не ждём.",
}


@dataclass
class Line:
    title: str
    note: str
    url: str
    when: str
    chips: list[Markup]
    job: Job | None


@dataclass
class Shown:
    """A block of the page: its lines, how many obligations it has in all and the list of them."""

    id: str
    title: str
    icon: str
    empty: str
    url: str
    total: int = 0
    hidden: int = 0
    lines: list[Line] = field(default_factory=list)


def blocks() -> list[Shown]:
    """The obligations of the user's organisation; those of the own people first for whoever has people."""
    session, viewer, on = db.session(), edge.viewer(), edge.today()
    found = today.due_now(session, viewer=viewer, on=on, mine_first=viewer.role in HAVE_PEOPLE)
    awaited = today.awaited(session, viewer=viewer, on=on)
    if awaited is not None:
        found[Block.AWAITED] = awaited
    lines = [line for block in found.values() for line in block.lines]
    rules = listing.rules_of(session, {line.rule_id for line in lines})
    people = {line.graduate_id for line in lines if line.graduate_id is not None}
    names = listing.names_of(session, viewer, people)
    log_people(list(names), page="start")
    return [_shown(block, found.get(block), rules, names) for block in Block]


def _shown(block: Block, found: DueBlock | None, rules: dict[int, DeadlineRule], names: dict[int, str]) -> Shown:
    shown = Shown(block.value, block.label, ICONS[block], EMPTY[block], _block_url(block))
    if found is not None:
        shown.lines = [_line(line, rules[line.rule_id], names) for line in found.lines]
        shown.total, shown.hidden = found.total, found.total - sum(line.count for line in found.lines)
    return shown


def _line(line: DueLine, rule: DeadlineRule, names: dict[int, str]) -> Line:
    whom = names.get(line.graduate_id, card_number(line.graduate_id)) if line.graduate_id is not None else ""
    owes = labels.label("agency", line.agency_id) if line.block is Block.AWAITED and line.agency_id else ""
    count = grouped(line.count) if line.count > 1 else ""
    quota = quota_text(rule, line.achieved, line.required)
    return Line(
        title=" · ".join(part for part in (rule.title, quota, count) if part),
        note=" · ".join(part for part in (whom, owes, f"{rule.clause_text}, {rule.regulation.short_title}") if part),
        url=_url(line, rule),
        when=_when(line),
        chips=_chips(line),
        job=None if line.block is Block.AWAITED else job_of(rule, current_user.agency.code, _only(line)),
    )


def _only(line: DueLine) -> int | None:
    """The one obligation that the line stands for."""
    return line.id if line.count == 1 else None


def _when(line: DueLine) -> str:
    return "" if line.block is Block.TODAY else f"{line.due_on:%d.%m}, {WEEKDAYS[line.due_on.weekday()]}"


def _chips(line: DueLine) -> list[Markup]:
    chips = []
    if line.is_mine:
        chips.append(chip("моё", "blue", "user"))
    days = (edge.today() - line.due_on).days
    if days > 0:
        chips.append(chip(f"{days} {plural(days, 'день', 'дня', 'дней')}", "red", "alert-circle"))
    return chips


# -- Addresses -------------------------------------------------------------------------------------------------------


def _block_url(block: Block) -> str:
    on = edge.today()
    end = today.week_end(on)
    days: dict[Block, tuple[date | None, date]] = {
        Block.OVERDUE: (None, on - timedelta(days=1)),
        Block.TODAY: (on, on),
        Block.WEEK: (min(on + timedelta(days=1), end), end),
        Block.AWAITED: (None, end),
    }
    return _list(block is Block.AWAITED, *days[block], PENDING)


def _url(line: DueLine, rule: DeadlineRule) -> str:
    if line.count == 1:
        return deadline_url(line.id)
    mine = {"mine": "1"} if line.is_mine else {}
    return _list(line.block is Block.AWAITED, line.due_on, line.due_on, PENDING, rule=rule.key, **mine)


def _list(is_awaited: bool, first: date | None, last: date, states: tuple[State, ...], **more: str) -> str:
    args: dict[str, Any] = {"view": "list", "to": last.isoformat(), "state": [state.value for state in states], **more}
    if first is not None:
        args["from"] = first.isoformat()
    if is_awaited:
        args["waiting"] = "1"
    elif edge.viewer().role in SEES_ALL_FIRST:
        args["agency"] = current_user.agency.code
    return url_for("calendar.index", **args)


# -- Those who oversee others ----------------------------------------------------------------------------------------


def overdue_of_others() -> dict[str, Any] | None:
    """Organisations by their overdue obligations, for coordinators and administrators."""
    viewer = edge.viewer()
    if viewer.role not in SEES_ALL_FIRST:
        return None
    state = State.OVERDUE.value
    rows = [
        {
            "url": url_for("calendar.index", view="list", agency=code, state=state, to=edge.today().isoformat()),
            "text": name,
            "note": "",
            "chip": chip(grouped(count), "red", "alert-circle"),
        }
        for code, name, count in today.overdue_of_agencies(db.session(), viewer=viewer, on=edge.today())
    ]
    return {
        "title": "Просрочено у организаций",
        "id": "overdue-agencies",
        "action": ("В календаре", url_for("calendar.index", view="list", state=state, to=edge.today().isoformat())),
        "rows": rows,
        "empty": "Просроченного нет ни у кого.",
    }
