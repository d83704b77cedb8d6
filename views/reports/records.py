"""The records behind a figure of a report: who and what was counted, as far as the user may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import aliased

from models.access import Viewer, agencies_in_reach, visible_to
from models.audit import AccessKind
from models.case_access import sessions_visible_to
from models.deadline_access import deadlines_visible_to
from models.deadlines import Deadline
from models.exchange import Referral
from models.exchange_access import referrals_visible_to
from models.graduates import Graduate
from models.journals import Numbered
from models.meeting_access import meetings_visible_to
from models.meetings import Meeting
from models.territory import Agency
from models.work import GroupParticipant, GroupSession
from reports.base import Desk
from reports.figures import Drilled, FiguresReport, Records
from views import edge
from views.extensions import db
from views.formats import counted, plural, ru_date
from views.reports.asked import asked

pages = Blueprint("report_records", __name__, url_prefix="/reports")
SIZE = 100
MOST_PAGES = 10_000
# Columns that say in a line what a record is; the first one that it has.
TELLING = ("title", "topic", "purpose", "kind_title", "subject", "name", "short_title")
# Records that are about nobody are seen by their own rules; all others with the person they are about.
RULES: dict[type[Any], Callable[[Viewer], ColumnElement[bool]]] = {
    Deadline: deadlines_visible_to,
    Referral: referrals_visible_to,
    GroupSession: sessions_visible_to,
    Meeting: meetings_visible_to,
}


@pages.get("/<code>/records")
def show(code: str) -> str:
    found = asked(code)
    if found.parameters is None or not isinstance(found.report, FiguresReport):
        abort(404)
    desk = found.desk()
    drilled = _of_people(found.report.drill(desk, request.args.get("figure", "")) or abort(404))
    page = _page_number()
    total, seen = _totals(desk, drilled)
    rows = _rows(drilled, page)
    found.log(AccessKind.LISTED, {"total": seen, "ids": [row["person_id"] for row in rows if row["person_id"]]})
    back = url_for("reports.show", code=code, **found.address)
    words = ("человек", "человека", "человек") if drilled.of_people else ("запись", "записи", "записей")
    return render_template(
        "reports/records.html",
        page_title=drilled.title,
        breadcrumbs=[("Отчёты", url_for("reports.index")), (found.report.short_title, back), (drilled.title, None)],
        subtitle=found.report.subtitle(found.parameters),
        total_text=counted(total, *words),
        hidden_text=_hidden_text(total - seen),
        is_of_people=drilled.of_people,
        has_people=drilled.records.person is not None,
        rows=rows,
        back=back,
        pages=_pages(code, found.address, page, seen),
    )


def _of_people(drilled: Drilled) -> Drilled:
    """Cards are people, whatever the figure was called."""
    return replace(drilled, of_people=True) if drilled.records.model is Graduate else drilled


def _page_number() -> int:
    text = request.args.get("page", "1")
    number = int(text) if text.isdecimal() and len(text) < 7 else 0
    return number if 1 <= number <= MOST_PAGES else abort(404)


def _hidden_text(hidden: int) -> str:
    if hidden <= 0:
        return ""
    return f"Ещё {hidden} {plural(hidden, 'строка', 'строки', 'строк')} вам не видны: их люди вам не доступны."


def _visible(records: Records, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What of the records the signed-in user may see."""
    rule = RULES.get(records.model)
    if rule is not None:
        return (rule(viewer),)
    if records.model is Graduate:
        return (visible_to(viewer),)
    if records.model is GroupParticipant or records.person is not None:
        card = aliased(Graduate)
        seen = select(Graduate.id).where(visible_to(viewer))
        return (records.person.in_(seen), select(card.id).where(card.id == records.person).exists())
    if records.model is Agency or hasattr(records.model, "agency_id"):
        return _of_agencies(records, viewer)
    return ()


def _of_agencies(records: Records, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Records about nobody: those of organisations whose reports the user may make."""
    if records.model is Agency:
        return (agencies_in_reach(viewer),)
    return (records.model.agency_id.in_(select(Agency.id).where(agencies_in_reach(viewer))),)


def _totals(desk: Desk, drilled: Drilled) -> tuple[int, int]:
    """How many there are, and how many of them the user may see."""
    records = drilled.records
    what = func.count(records.person.distinct()) if drilled.of_people else func.count()
    total = desk.session.scalar(records.select(what)) or 0
    seen = desk.session.scalar(records.narrowed(*_visible(records, edge.viewer())).select(what)) or 0
    return total, seen


def _rows(drilled: Drilled, page: int) -> list[dict[str, Any]]:
    records = drilled.records.narrowed(*_visible(drilled.records, edge.viewer()))
    if drilled.of_people:
        return _people(records, page)
    key = inspect(records.model).primary_key[0]
    day = records.day if records.day is not None else key
    person = records.person if records.person is not None else key
    telling = next((getattr(records.model, name) for name in TELLING if _is_column(records.model, name)), key)
    number = (records.model.number, records.model.year) if issubclass(records.model, Numbered) else (key, key)
    query = records.select(key, day, person, telling, *number).order_by(day.desc(), key.desc())
    found = db.session.execute(_paged(query, page)).all()
    names = _names([row[2] for row in found]) if records.person is not None else {}
    return [_row(records, row, names) for row in found]


def _paged(query: Any, page: int) -> Any:
    return query.limit(SIZE).offset((page - 1) * SIZE)


def _is_column(model: type[Any], name: str) -> bool:
    return name in inspect(model).columns


def _people(records: Records, page: int) -> list[dict[str, Any]]:
    ids = records.select(records.person)
    query = select(Graduate.id, Graduate.birth_date).where(Graduate.id.in_(ids))
    found = db.session.execute(_paged(query.order_by(Graduate.name_key, Graduate.id), page)).all()
    names = _names([row.id for row in found])
    return [
        {
            "person_id": row.id,
            "person": names.get(row.id, ""),
            "person_url": url_for("graduate.details_view", id=row.id),
            "day": ru_date(row.birth_date),
            "text": "",
            "url": None,
        }
        for row in found
    ]


def _row(records: Records, row: Any, names: dict[int, str]) -> dict[str, Any]:
    key, day, person, telling, number, year = row
    text = "" if isinstance(telling, int) else str(telling)
    if issubclass(records.model, Numbered) and number:
        text = " · ".join(part for part in (f"№ {number}/{year}", text) if part)
    is_seen = records.person is not None and person in names
    return {
        "person_id": person if is_seen else None,
        "person": names[person] if is_seen else "",
        "person_url": url_for("graduate.details_view", id=person) if is_seen else None,
        "day": ru_date(day) if isinstance(day, date | datetime) else "",
        "text": text or f"№ {key}",
        "url": _record_url(records.model, key),
    }


def _record_url(model: type[Any], key: int) -> str | None:
    """The record's own page, where its register has one."""
    endpoint = f"{model.__tablename__}.details_view"
    return url_for(endpoint, id=key) if endpoint in current_app.view_functions else None


def _names(ids: list[int]) -> dict[int, str]:
    """Of those whom the user sees: a record that is seen by a rule of its own may be about somebody else."""
    query = select(Graduate.id, Graduate.last_name, Graduate.first_name, Graduate.patronymic).where(
        Graduate.id.in_(ids), visible_to(edge.viewer())
    )
    return {row[0]: " ".join(part for part in row[1:] if part) for row in db.session.execute(query)}


def _pages(code: str, address: dict[str, Any], page: int, total: int) -> dict[str, Any]:
    def url(number: int) -> str:
        return url_for("report_records.show", code=code, figure=request.args["figure"], page=number, **address)

    last = max((total - 1) // SIZE + 1, 1)
    return {
        "text": f"{page} из {last}",
        "previous": url(page - 1) if page > 1 else None,
        "next": url(page + 1) if page < last else None,
    }
