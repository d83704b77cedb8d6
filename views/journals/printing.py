"""A journal on paper: a volume with its cover and its last sheet, and the same as a workbook. Every print is logged."""

from __future__ import annotations

import math
import shutil
import tempfile
from pathlib import Path

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.text import fold_spaces
from reports.journals.base import Book
from services import journals as services
from services.reporting import FORBIDDEN_SIGNS
from views import edge
from views.exporting import MOST_AT_ONCE
from views.extensions import db
from views.formats import shown
from views.journals import asked as asking
from views.journals.asked import Asked
from views.journals.blueprint import journals
from views.sending import forget_when_sent


@journals.get("/<code>/print")
def print_volume(code: str) -> str:
    """One volume; the last one where none is asked for."""
    one = asking.asked(code)
    rows, session, viewer = asking.volume_rows(), db.session(), edge.viewer()
    volumes = _volumes(one, rows)
    number = asking.volume(most=volumes) or volumes
    book = services.volume_of(one.whole, volume=number, rows=rows)
    line = services.file_lines(session, agency_id=book.agency_id).get(one.paper.journal)
    cover = services.cover_of(session, paper=one.paper, viewer=viewer, book=book, volume=number, line=line)
    entries = list(one.paper.entries(session, viewer, book))
    people = sorted({person for entry in entries for person in entry.people})
    asking.log(AccessKind.PRINTED, one, {"volume": number, "total": len(entries), "ids": people})
    whole = sum(column.width for column in one.paper.columns)
    return render_template(
        "journals/print.html",
        page_title=f"{one.paper.title}, {one.whose.year} год, том № {number}",
        paper=one.paper,
        cover=cover,
        volume=number,
        rows_of_volume=rows,
        volumes=[(n, _address(one, n, rows)) for n in range(1, volumes + 1)],
        widths=[round(column.width / whole * 100, 2) for column in one.paper.columns],
        rows=[
            {"cells": [shown(cell) for cell in e.cells], "annulment": e.annulment, "mark": one.paper.mark_index}
            for e in entries
        ],
        back_url=url_for(".show", code=code, **one.whose.query),
        file_url=url_for(".download", code=code, volume=number, rows=rows, **one.whose.query),
        head_name=one.whose.agency.head_name,
        head_position=one.whose.agency.head_position,
    )


def _address(one: Asked, volume: int, rows: int) -> str:
    return url_for(".print_volume", code=one.paper.code, volume=volume, rows=rows, **one.whose.query)


def _volumes(one: Asked, rows: int) -> int:
    """How many volumes the year's rows fill; an empty journal has one."""
    span = one.paper.span(db.session(), edge.viewer(), one.whole)
    return max(1, math.ceil(span.rows / rows))


@journals.get("/<code>.xlsx")
def download(code: str) -> Response:
    """The whole year, or one volume of it."""
    one = asking.asked(code)
    rows, book = asking.volume_rows(), one.whole
    volume = asking.volume(most=_volumes(one, rows))
    if volume is not None:
        book = services.volume_of(book, volume=volume, rows=rows)
    elif one.paper.span(db.session(), edge.viewer(), book).rows > MOST_AT_ONCE:
        page = f"{request.path.removesuffix('.xlsx')}/"
        query = request.query_string.decode("utf-8", "replace")
        return redirect(url_for("jobs.new", kind="journal", type="xlsx", path=page, query=query))
    asking.log(AccessKind.EXPORTED, one, {"volume": volume, "type": "xlsx"})
    return _file(one, book, volume)


def _file(one: Asked, book: Book, volume: int | None) -> Response:
    """Made whole before the first byte is sent, so that a fault never looks like a short journal."""
    folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
    path = folder / "journal.xlsx"
    try:
        services.write_journal(db.session(), paper=one.paper, viewer=edge.viewer(), book=book, volume=volume, path=path)
        response = send_file(path, as_attachment=True, download_name=file_name(one, volume), max_age=0)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return forget_when_sent(response, lambda: shutil.rmtree(folder, ignore_errors=True))


def file_name(one: Asked, volume: int | None) -> str:
    """«Договоры, Служба Перекрёсток, 2026, том 1.xlsx», without signs that file systems refuse."""
    parts = [one.paper.short_title, one.whose.agency.short_name[:80], str(one.whose.year)]
    parts += [f"том {volume}"] if volume else []
    stem = "".join(" " if sign in FORBIDDEN_SIGNS else sign for sign in ", ".join(parts))
    return f"{fold_spaces(stem).strip('.')}.xlsx"
