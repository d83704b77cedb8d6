"""A paper about a record, as a file."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Blueprint, abort, request, send_file
from werkzeug.wrappers import Response

from models.audit import AccessKind
from reports.document import MEDIA_TYPE, BadTemplate, render
from services.errors import Refused
from services.papers import access, declension, templates
from services.papers.catalogue import PAPERS
from services.papers.paper import Paper
from views import edge, errors
from views.database import reading_only
from views.extensions import db

pages = Blueprint("papers", __name__, url_prefix="/papers")
NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
LARGEST_ID = 2**31 - 1  # that the log of reading can name


@pages.get("/<code>/<int:record_id>.docx")
def download(code: str, record_id: int) -> Response:
    paper = PAPERS.get(code)
    if paper is None or record_id > LARGEST_ID:
        abort(404)
    record = _record(paper, record_id)
    try:
        facts, made = paper.context(db.session(), edge.viewer(), record, request.args.to_dict())
    except Refused:  # The address asks for something that is not there.
        abort(404)
    try:
        data = render(templates.current(db.session(), code=code), facts)
    except BadTemplate as reason:
        return errors.page(409, "Документ не напечатан", f"{reason} Сообщите администратору: он проверит шаблон.")
    name = file_name(paper.name(record))
    edge.log_access(AccessKind.PRINTED, paper.model.__tablename__, record_id, {"paper": code})
    _keep(made)
    return send_file(io.BytesIO(data), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _record(paper: Paper, record_id: int) -> Any:
    """A stranger gets 404, a reader of another organisation 403."""
    table = paper.model.__tablename__
    record = access.subject(db.session(), paper=paper, record_id=record_id, viewer=edge.viewer())
    if record is None:
        edge.log_access(AccessKind.REFUSED, subject=table, subject_id=record_id)
        abort(404)
    if not access.may_print(db.session(), viewer=edge.viewer(), record=record):
        edge.log_access(AccessKind.REFUSED, subject=table, subject_id=record_id)
        abort(403)
    return record


def _keep(made: dict[declension.Key, declension.Forms]) -> None:
    """The forms of names that this paper had to make are kept, in a transaction of their own that writes."""
    if not made:
        return
    db.session.rollback()
    reading_only(False)
    declension.keep(db.session(), made)
    db.session.commit()


def file_name(title: str) -> str:
    """A name that every system can keep."""
    clean = " ".join(NOT_IN_NAMES.sub(" ", title).split()).strip(". ")
    return f"{clean[:150] or 'документ'}.docx"
