"""All journals of an organisation, and one of them a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app, render_template, request, url_for
from sqlalchemy import select

from models.audit import AccessKind
from reports.base import Cell, Kind
from reports.journals import PAPERS
from reports.journals.base import Entry, JournalColumn, JournalPaper
from services import journals as services
from views import edge, listing
from views.extensions import db
from views.formats import shown
from views.journals import asked as asking
from views.journals.asked import Asked
from views.journals.blueprint import journals
from views.listing import DEFAULT_SIZE, SIZES, Page

WIDTHS = ((9, "journal-narrow"), (13, ""), (18, "journal-medium"))  # Up to so many characters, else wide.


@journals.get("/")
def index() -> str:
    whose = asking.whose()
    found = services.summaries(db.session(), agency_id=whose.agency.id, year=whose.year)
    edge.log_access(AccessKind.LISTED, "journal", payload={"agency": whose.agency.code, "year": whose.year})
    return render_template(
        "journals/index.html",
        page_title="Журналы",
        whose=whose,
        journals=[(paper, found[paper.journal]) for paper in PAPERS],
        series=[found[journal] for journal in services.SERIES],
        may_start=whose.may_start,
    )


@journals.get("/<code>/")
def show(code: str) -> str | tuple[str, int]:
    one = asking.asked(code)
    page, entries = (None, []) if one.errors else _page(one)
    context = _context(one, page, entries)
    return (render_template("journals/journal.html", **context), 422 if one.errors else 200)


def _page(one: Asked) -> tuple[Page, list[Entry]]:
    """A page of the journal: first which records, then what they say."""
    viewer, book, paper = edge.viewer(), one.found, one.paper
    query = select(paper.model.id).where(*paper.belongs(viewer, book))
    page = listing.fetch(
        query,
        count=lambda: listing.count_of(query, paper.model.id),
        key=paper.model.id,
        sort=paper.order[0],
        is_descending=_is_newest_first(),
        size=_size(),
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
        is_last=bool(request.args.get("last")),
    )
    entries = list(paper.entries(db.session(), viewer, replace(book, ids=[row[0] for row in page.rows])))
    if _is_newest_first():
        entries.reverse()
    people = sorted({number for entry in entries for number in entry.people})
    asking.log(AccessKind.SEARCHED if one.person else AccessKind.LISTED, one, {"total": page.total, "ids": people})
    return page, entries


def _is_newest_first() -> bool:
    return request.args.get("order") == "new"


def _size() -> int:
    text = request.args.get("size", "")
    return int(text) if text in map(str, SIZES) else DEFAULT_SIZE


# -- What the template shows -----------------------------------------------------------------------------------------


def _context(one: Asked, page: Page | None, entries: list[Entry]) -> dict[str, Any]:
    whose, paper = one.whose, one.paper
    summary = services.summary_of(db.session(), agency_id=whose.agency.id, year=whose.year, journal=paper.journal)
    index_url = url_for("journals.index", **whose.query)
    return {
        "page_title": f"{paper.short_title}, {whose.year} год",
        "breadcrumbs": [("Журналы", index_url), (paper.short_title, None)],
        "asked": one,
        "whose": whose,
        "paper": paper,
        "summary": summary,
        "columns": [(column.heading, css_of(column)) for column in paper.columns],
        "rows": [_row(paper, entry) for entry in entries],
        "pager": _pager(page) if page else None,
        "is_newest_first": _is_newest_first(),
        "order_url": listing.address(request.args, order=None if _is_newest_first() else "new"),
        "clear_url": url_for("journals.show", code=paper.code, **whose.query),
        "print_url": url_for("journals.print_volume", code=paper.code, **whose.query),
        "file_url": url_for("journals.download", code=paper.code, **whose.query),
        "start_url": url_for("journals.start", code=paper.code, **whose.query) if _may_start(one, summary) else None,
    }


def _may_start(one: Asked, summary: services.Summary) -> bool:
    """The head, until the first number is given; not where rows have no numbers of their own."""
    return one.paper.journal.has_numbers and summary.last_number == summary.starts_after and one.whose.may_start


def css_of(column: JournalColumn) -> str:
    if column.kind is Kind.NUMBER:
        return "cell-number"
    if column.kind is Kind.DATE:
        return "date"
    return next((css for most, css in WIDTHS if column.width <= most), "journal-wide")


def _row(paper: JournalPaper, entry: Entry) -> dict[str, Any]:
    return {
        "cells": [shown(cell) for cell in entry.cells],
        "annulment": entry.annulment,
        "mark": _seen_first(paper),
        "url": record_url(paper, entry),
        "label": name_of(paper, entry.cells),
    }


def _seen_first(paper: JournalPaper) -> int:
    """The column that tells of an annulment on the screen, where the last ones may be out of sight."""
    keys = [column.key for column in paper.columns]
    return next((keys.index(key) for key in ("person", "topic") if key in keys), paper.mark_index)


def record_url(paper: JournalPaper, entry: Entry) -> str | None:
    """The page of the record, where the user may open it."""
    endpoint = f"{paper.model.__tablename__}.details_view"
    if not entry.is_readable or endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, id=entry.id)


def name_of(paper: JournalPaper, cells: Sequence[Cell]) -> str:
    """What the link of a row is called for those who hear it."""
    keys = [column.key for column in paper.columns]
    person = cells[keys.index("person")] if "person" in keys else ""
    return f"{shown(cells[0])} {person}".strip()


def _pager(page: Page) -> dict[str, Any]:
    args, end = request.args, page.position + len(page.rows)
    following = previous = last = None
    if page.has_after and page.rows:
        following = listing.address(args, after=f"{page.rows[-1][0]}-{end}-{page.total}")
        last = listing.address(args, last=1)
    if page.has_before and page.rows:
        previous = listing.address(args, before=f"{page.rows[0][0]}-{page.position}-{page.total}")
    return {
        "first_url": listing.address(args) if page.has_before else None,
        "prev_url": previous,
        "next_url": following,
        "last_url": last,
        "from_": page.position + 1 if page.rows else 0,
        "to": end,
        "total": page.total,
        "sizes": [(size, listing.address(args, size=size), size == _size()) for size in SIZES],
    }
