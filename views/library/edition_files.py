"""Texts of documents on their way out: with their document and in no other way, never as a page, every time logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from flask import Blueprint, abort, current_app, flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.library import DocumentEdition
from services.files import storage
from services.library import documents
from views import edge
from views.extensions import db
from views.files import previews
from views.files.serving import LOST

pages = Blueprint("library_files", __name__, url_prefix="/library/<int:document_id>/editions")
SUBJECT = "document_edition"
LARGEST = 2**31


def _opened(document_id: int, number: int) -> DocumentEdition:
    """The text of this very document; 404 for a stranger, and for what was withdrawn."""
    is_number = document_id < LARGEST and number < LARGEST
    session = db.session()
    found = (
        documents.edition_of(session, document_id=document_id, number=number, by=edge.viewer()) if is_number else None
    )
    if found is None:
        _refuse(document_id)
    return found


def _refuse(document_id: int) -> NoReturn:
    subject_id = document_id if document_id < LARGEST else None
    edge.log_access(AccessKind.REFUSED, subject="library_document", subject_id=subject_id)
    abort(404)


def _path(edition: DocumentEdition) -> Path | None:
    path = storage.path_of(Path(current_app.config["DATA_DIR"]), edition.sha256)
    if path.is_file():
        return path
    current_app.logger.error("edition %s of a document: its bytes are lost", edition.id)
    return None


def _lost(edition: DocumentEdition) -> Response:
    flash(LOST, "error")
    return redirect(url_for("library_document.details_view", id=edition.document_id, _anchor="editions"))


@pages.get("/<int:number>")
def download(document_id: int, number: int) -> Response:
    edition = _opened(document_id, number)
    path = _path(edition)
    if path is None:
        return _lost(edition)
    edge.log_access(AccessKind.DOWNLOADED, subject=SUBJECT, subject_id=edition.id, payload={"document": document_id})
    answer = send_file(
        path, mimetype=edition.media_type, as_attachment=True, download_name=edition.file_name, etag=False, max_age=0
    )
    answer.headers["Content-Security-Policy"] = previews.POLICY
    return answer


@pages.get("/<int:number>/preview/")
def preview(document_id: int, number: int) -> str | Response:
    """A page with the pages as pictures, or the plain text as text: nothing of the file runs."""
    edition = _opened(document_id, number)
    path = _path(edition)
    if path is None:
        return _lost(edition)
    payload = {"page": "preview", "document": document_id}
    edge.log_access(AccessKind.OPENED, subject=SUBJECT, subject_id=edition.id, payload=payload)
    document = edition.document
    trail = [
        ("Библиотека", url_for("library_document.index_view")),
        (document.title, url_for("library_document.details_view", id=document.id)),
    ]
    return render_template(
        "files/preview.html",
        page_title=f"Просмотр: {document.title}, редакция {edition.number}",
        breadcrumbs=[*trail, ("Просмотр", None)],
        download_url=url_for(".download", document_id=document_id, number=number),
        **_shown(edition, path),
    )


def _shown(edition: DocumentEdition, path: Path) -> dict[str, Any]:
    where: dict[str, Any] = {"document_id": edition.document_id, "number": edition.number}
    where["opened"] = previews.sign(SUBJECT, edition.id)
    return previews.shown(edition.media_type, path, lambda page: url_for(".picture", page=page, **where))


@pages.get("/<int:number>/preview/<int:page>.png")
def picture(document_id: int, number: int, page: int) -> Response:
    """One page as PNG, drawn anew by us."""
    edition = _opened(document_id, number)
    kind, path = previews.kind_shown(edition.media_type, page), _path(edition)
    if path is None:
        abort(404)
    if not previews.is_opened(SUBJECT, edition.id):
        payload = {"page": "preview", "number": page, "document": document_id}
        edge.log_access(AccessKind.OPENED, subject=SUBJECT, subject_id=edition.id, payload=payload)
    return previews.draw(path, kind, page)
