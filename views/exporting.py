"""What a list page shows, and the export of exactly that: the same filter, columns and order."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request, send_file, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.graduates import Graduate
from reports.base import Column as ReportColumn
from reports.csvfile import write_csv
from reports.workbook import write_workbook
from services.jobs.packages import papers_for
from services.reporting import export_limit
from views import edge, listing
from views.extensions import db
from views.formats import counted, shown
from views.listing import SIZES, Found, Page
from views.sending import forget_when_sent

if TYPE_CHECKING:
    from views.base import RegistryView

TYPES = {"xlsx": "Excel (.xlsx)", "csv": "Текст (.csv)"}
CHUNK = 2000
MOST_AT_ONCE = 5_000  # Rows for which somebody may be kept waiting; more are a job.


def page_context(view: RegistryView, found: Found, page: Page) -> dict[str, Any]:
    """The table, chips, filters, pager and export links of one page."""
    args, state = request.args, found.state
    return {
        "columns": [_heading(column, found) for column in found.columns],
        "rows": [_row(view, found, row) for row in page.rows],
        "q": state.q,
        "chips": [
            {"label": item.label, "value": item.shown(value), "remove_url": listing.without_value(args, item, value)}
            for item, values in state.filters
            for value in values
        ],
        "filters": [_filter(item, found) for item in found.filters],
        "clear_url": listing.address(args, q=None, **{key: None for key in args if key.startswith("f.")}),
        "hidden_args": [
            (key, value) for key in ("sort", "size") if (value := args.get(key, "")).isprintable() and value
        ],
        "pager": _pager(found, page),
        "exports": _exports(view, page.total),
        "job_exports": _job_exports(view, page.total),
        "actions": [],
        "action_url": "",
    }


def _heading(column: listing.Column, found: Found) -> dict[str, Any]:
    is_sorted = found.state.sort is not None and found.state.sort.key == column.key
    present = ("desc" if found.state.is_descending else "asc") if is_sorted else None
    wanted = f"-{column.key}" if present == "asc" else column.key
    url = listing.address(request.args, sort=wanted) if column.sort is not None else None
    return {"key": column.key, "label": column.label, "sort": present, "sort_url": url, "css": column.css}


def _row(view: RegistryView, found: Found, row: Any) -> dict[str, Any]:
    key, *values = row
    cells = [column.show(value) for column, value in zip(found.columns, values, strict=True)]
    url = f"{request.path}details/?id={key}"
    return {"id": key, "url": url if view.can_view_details else None, "cells": cells, "css": ""}


def _filter(item: listing.Filter, found: Found) -> dict[str, Any]:
    values = next((chosen for other, chosen in found.state.filters if other is item), [])
    return {
        "key": item.key,
        "label": item.label,
        "kind": item.kind,
        "options": item.options() if item.kind in ("choice", "bool") else [],
        "values": values,
        "lookup_url": item.lookup_url,
        "help": item.help,
    }


def _pager(found: Found, page: Page) -> dict[str, Any]:
    args, shown_rows = request.args, len(page.rows)
    end = page.position + shown_rows
    following = previous = last = None
    if page.has_after and shown_rows:
        following = listing.address(args, after=f"{page.rows[-1][0]}-{end}-{page.total}")
        last = listing.address(args, last=1)
    if page.has_before and shown_rows:
        previous = listing.address(args, before=f"{page.rows[0][0]}-{page.position}-{page.total}")
    return {
        "first_url": listing.address(args) if page.has_before else None,
        "prev_url": previous,
        "next_url": following,
        "last_url": last,
        "from_": page.position + 1 if shown_rows else 0,
        "to": end,
        "total": page.total,
        "sizes": [(size, listing.address(args, size=size), size == found.state.size) for size in SIZES],
    }


def _exports(view: RegistryView, total: int) -> list[tuple[str, str]]:
    if not view.may(view.exporters) or total > MOST_AT_ONCE:
        return []
    query = listing.address(request.args, size=None)
    return [(label, f"{request.path}export/{kind}/{query}") for kind, label in TYPES.items()]


def _job_exports(view: RegistryView, total: int) -> list[tuple[str, str, dict[str, str]]]:
    """What is made in the background: label, icon, what the button sends."""
    if not view.may(view.exporters):
        return []
    same = {"path": request.path, "query": listing.address(request.args, size=None)[1:]}
    found = []
    if total > MOST_AT_ONCE:
        tables = [(label, {"kind": "register", "type": kind}) for kind, label in TYPES.items()]
        found += [(label, "file-spreadsheet", same | fields) for label, fields in tables]
    if view.model is Graduate and total:
        fields = {"kind": "depersonalised", "type": "xlsx"}
        found.append(("Обезличенные сведения (.xlsx)", "eye-off", same | fields))
    for paper in papers_for(view.model) if total else ():
        found.append((f"Архив документов: {paper.title}", "files", same | {"kind": "papers", "paper": paper.code}))
    return found


# -- Files -----------------------------------------------------------------------------------------------------------


def send(view: RegistryView, found: Found, kind: str) -> Response:
    """The whole list as a file, written in constant memory and sent only when it is complete."""
    total = view.count(found)
    limit = export_limit(edge.viewer())
    if limit is not None and total > limit:
        flash(
            f"Найдено {counted(total, 'строка', 'строки', 'строк')}, а вашей роли можно выгрузить не больше "
            f"{counted(limit, 'строки', 'строк', 'строк')}. Сузьте отбор и повторите.",
            "error",
        )
        return redirect(f"{view.get_url('.index_view')}{listing.address(request.args)}")
    if kind not in TYPES:
        abort(404)
    if total > MOST_AT_ONCE:
        shown_at, query = request.path.partition("export/")[0], listing.address(request.args)[1:]
        asked: dict[str, Any] = {"path": shown_at, "query": query}
        return redirect(url_for("jobs.new", kind="register", type=kind, **asked))
    payload = {"rows": total, "type": kind, "address": request.query_string.decode("utf-8", "replace")[:1000]}
    edge.log_access(AccessKind.EXPORTED, subject=view.model.__tablename__, payload=payload)
    now: datetime = edge.now()
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    path = folder / f"export.{kind}"
    columns = [ReportColumn(heading=c.label, key=c.key, width=c.width) for c in found.columns]
    rows = export_rows(found)
    try:
        if kind == "xlsx":
            write_workbook(path, title=view.title, columns=columns, rows=rows)
        else:
            write_csv(path, columns=columns, rows=rows)
        response = send_file(path, as_attachment=True, download_name=f"{view.title} {now:%Y-%m-%d}.{kind}", max_age=0)
    except BaseException:
        _remove(folder)
        raise
    return forget_when_sent(response, lambda: _remove(folder))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def ordered(found: Found) -> Select[Any]:
    """The list's query in the list's order."""
    sort = found.state.sort
    keys: list[listing.Expr] = [found.key]
    if sort is not None and sort.sort is not None and sort.sort is not found.key:
        keys = [sort.sort, found.key]
    return found.query.order_by(*(key.desc() if found.state.is_descending else key for key in keys))


def export_rows(found: Found) -> Any:
    """Rows of cells, streamed from the database."""
    writers = [column.export or shown for column in found.columns]
    for row in db.session.execute(ordered(found).execution_options(yield_per=CHUNK)):
        yield [write(value) for write, value in zip(writers, row[1:], strict=True)]
