"""Templates of papers: which prints each, its fields, the administrator's own one."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.files import PaperTemplate
from reports.document import FILTERS, MEDIA_TYPE
from reports.templates import LARGEST, Field
from services.errors import Refused
from services.papers import templates
from services.papers.catalogue import PAPERS
from services.papers.paper import Paper
from views import edge
from views.constraints import message_for
from views.extensions import db
from views.formats import ru_datetime
from views.papers.downloads import file_name

pages = Blueprint("paper_template", __name__, url_prefix="/paper_template")
TITLE = "Шаблоны документов"


@pages.before_request
def only_administrators() -> None:
    if not edge.viewer().is_administrator:
        edge.log_access(AccessKind.REFUSED, subject=PaperTemplate.__tablename__)
        abort(403)


@pages.get("/")
def index() -> str:
    query = select(PaperTemplate).options(joinedload(PaperTemplate.uploaded_by))
    own = {record.paper: record for record in db.session.scalars(query)}
    listed = [(paper, own.get(paper.code)) for paper in PAPERS.values()]
    return render_template("papers/index.html", page_title=TITLE, listed=listed)


@pages.get("/<code>")
def show(code: str) -> str:
    return _page(_paper(code))


def _page(paper: Paper, error: str = "") -> str:
    return render_template(
        "papers/template.html",
        page_title=f"Шаблон: {paper.title[:1].lower()}{paper.title[1:]}",
        breadcrumbs=[(TITLE, url_for(".index")), (paper.title, None)],
        paper=paper,
        own=templates.own(db.session(), code=paper.code),
        fields=list(_listed(paper.fields)),
        filters=", ".join(sorted(FILTERS)),
        megabytes=LARGEST // 1024 // 1024,
        error=error,
    )


def _listed(fields: tuple[Field, ...], prefix: str = "") -> Any:
    """(how it is written in a template, what it prints); the columns of a list stand below it."""
    for field in fields:
        if not field.columns:
            yield f"{{{{ {prefix}{field.name} }}}}", field.says
            continue
        yield f"{{%tr for row in {prefix}{field.name} %}} … {{%tr endfor %}}", f"{field.says} (список)"
        yield from _listed(field.columns, "row.")


@pages.get("/<code>.docx")
def download(code: str) -> Response:
    """The template that prints the paper now; `?shipped=1`: ours."""
    paper = _paper(code)
    edge.log_access(AccessKind.DOWNLOADED, PaperTemplate.__tablename__, payload={"paper": code})
    is_shipped = request.args.get("shipped") == "1"
    data = templates.shipped(code) if is_shipped else templates.current(db.session(), code=code)
    name = file_name(f"Шаблон {paper.title}")
    return send_file(io.BytesIO(data), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@pages.post("/<code>")
def upload(code: str) -> Response | tuple[str, int]:
    paper = _paper(code)
    file = request.files.get("file")
    data = file.stream.read(LARGEST + 1) if file is not None else b""
    try:
        templates.replace(
            db.session(),
            paper=paper,
            file_name=_printable(file.filename if file is not None else ""),
            content=data,
            version=_version(),
            by=edge.viewer(),
            now=edge.now(),
        )
        db.session.commit()
    except (Refused, StaleDataError, IntegrityError) as reason:
        db.session.rollback()
        return _page(paper, _told(reason)), 422
    flash(f"Шаблон загружен {ru_datetime(edge.now())}: документ печатается по нему.", "success")
    return redirect(url_for(".show", code=code))


@pages.post("/<code>/reset")
def reset(code: str) -> Response | tuple[str, int]:
    paper = _paper(code)
    try:
        templates.reset(db.session(), paper=paper, version=_version(), by=edge.viewer())
        db.session.commit()
    except (Refused, StaleDataError) as reason:
        db.session.rollback()
        return _page(paper, _told(reason)), 422
    flash("Документ снова печатается по встроенному шаблону.", "success")
    return redirect(url_for(".show", code=code))


def _told(reason: Exception) -> str:
    if isinstance(reason, IntegrityError):
        return message_for(reason)[1]
    return str(reason) if isinstance(reason, Refused) else templates.CHANGED


def _paper(code: str) -> Paper:
    return PAPERS.get(code) or abort(404)


def _version() -> int | None:
    """Of the own template that the page showed."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _printable(name: str | None) -> str:
    return "".join(filter(str.isprintable, name or "")).strip()
