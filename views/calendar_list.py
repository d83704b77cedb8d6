"""The calendar as a list: obligations one by one under the days on which they are due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import select

from models.deadlines import Deadline, State
from models.reckoning import WEEKDAYS
from models.regulations import DeadlineRule
from models.text import plural
from models.working_calendar import WorkingCalendar, spoken
from services.deadlines import listing as obligations
from views import edge, labels, listing, totals
from views.calendar_asked import Asked
from views.deadline_look import deadline_url, log_people, quota_text, state_chip
from views.extensions import db
from views.listing import DEFAULT_SIZE, SIZES
from views.people_lookup import card_number


@dataclass
class DayRows:
    title: str
    note: str
    is_overdue: bool
    rows: list[dict[str, Any]] = field(default_factory=list)


def context(asked: Asked, calendar: WorkingCalendar) -> dict[str, Any]:
    query = obligations.list_query(asked.selection, first=asked.first, last=asked.last)
    size = _size()
    page = listing.fetch(
        query,
        count=lambda: totals.remembered(_key(asked), lambda: listing.count_of(query, Deadline.id)),
        key=Deadline.id,
        sort=Deadline.due_on,
        is_descending=False,
        size=size,
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
        is_last=bool(request.args.get("last")),
    )
    log_people([row.graduate_id for row in page.rows if row.last_name])
    days = _days(asked, page)
    return {
        "heading": "",
        "days": days,
        "pager": pager(page, size),
        "is_empty": not days,
        "has_people": any(row["person"] for day in days for row in day.rows),
        "overdue_url": _overdue_url(asked),
    }


def _key(asked: Asked) -> tuple[Any, ...]:
    return ("calendar", asked.selection, asked.first, asked.last)


def _overdue_url(asked: Asked) -> str:
    """The overdue ones, which a list that begins today leaves out."""
    if asked.states or asked.last or asked.first != edge.today():
        return ""
    return asked.list_url(None, edge.today(), state=[State.OVERDUE.value])


def _size() -> int:
    text = request.args.get("size", "")
    return int(text) if text in map(str, SIZES) else DEFAULT_SIZE


def _days(asked: Asked, page: listing.Page) -> list[DayRows]:
    rules = obligations.rules_of(db.session(), {row.rule_id for row in page.rows})
    found: dict[date, DayRows] = {}
    for row in page.rows:
        day = found.get(row.due_on)
        if day is None:
            day = found[row.due_on] = _day(row.due_on, edge.today())
        day.rows.append(_row(row, rules[row.rule_id]))
    return list(found.values())


def _day(day: date, today: date) -> DayRows:
    away = (day - today).days
    if away == 0:
        note = "сегодня"
    elif abs(away) > 60:
        note = ""
    else:
        number = f"{abs(away)} {plural(abs(away), 'день', 'дня', 'дней')}"
        note = f"через {number}" if away > 0 else f"{number} назад"
    return DayRows(f"{spoken(day)} {day.year}, {WEEKDAYS[day.weekday()]}", note, away < 0)


def _row(row: Any, rule: DeadlineRule) -> dict[str, Any]:
    recipient = labels.label("agency", row.recipient_id) if row.recipient_id else row.recipient_text
    return {
        "title": rule.title,
        "url": deadline_url(row.id),
        "quota": quota_text(rule, row.achieved, row.required),
        "is_provisional": row.is_provisional,
        "clause": rule.clause_text,
        "regulation": rule.regulation.short_title,
        "recipient": recipient,
        "agency": labels.label("agency", row.agency_id),
        "person": _person(row),
        "user": labels.label("user_account", row.user_id),
        "state": state_chip(State(row.state)),
    }


def _person(row: Any) -> str:
    if row.graduate_id is None:
        return ""
    if not row.last_name:
        return card_number(row.graduate_id)
    return " ".join(part for part in (row.last_name, row.first_name, row.patronymic) if part)


def pager(page: listing.Page, size: int) -> dict[str, Any]:
    args, number = request.args, len(page.rows)
    end = page.position + number
    before = f"{page.rows[0][0]}-{page.position}-{page.total}" if page.has_before and number else None
    after = f"{page.rows[-1][0]}-{end}-{page.total}" if page.has_after and number else None
    return {
        "first_url": listing.address(args) if page.has_before else None,
        "prev_url": listing.address(args, before=before) if before else None,
        "next_url": listing.address(args, after=after) if after else None,
        "last_url": listing.address(args, last=1) if after else None,
        "from_": page.position + 1 if number else 0,
        "to": end,
        "total": page.total,
        "sizes": [(one, listing.address(args, size=one), one == size) for one in SIZES],
    }


def rule_title(key: str) -> str:
    query = select(DeadlineRule.title).where(DeadlineRule.key == key).order_by(DeadlineRule.version.desc()).limit(1)
    return db.session.scalar(query) or key
