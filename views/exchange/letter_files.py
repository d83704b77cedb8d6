"""Files of letters on their way out: with the letter and in no other way, never as a page, every time logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.exchange import ReferralFile
from services.errors import Refused
from services.exchange import files
from services.files import storage
from views import edge
from views.exchange.addresses import desk_crumb
from views.extensions import db
from views.files import previews
from views.files.serving import LOST

pages = Blueprint("letter_files", __name__, url_prefix="/referral/<int:referral_id>/files")
SUBJECT = "referral_file"


# -- Which file ------------------------------------------------------------------------------------------------------


def _found(referral_id: int, file_id: int) -> ReferralFile:
    """The file of this very letter; 404 for a stranger to the letter, and for a file of another one."""
    is_number = referral_id < 2**31 and file_id < 2**31
    found = (
        files.of_letter(db.session(), referral_id=referral_id, file_id=file_id, by=edge.viewer()) if is_number else None
    )
    if found is None:
        _refuse(file_id)
    return found


def _opened(referral_id: int, file_id: int) -> ReferralFile:
    """What was taken out is opened by nobody."""
    found = _found(referral_id, file_id)
    if found.removed_on is not None:
        _refuse(file_id)
    return found


def _refuse(file_id: int, code: int = 404) -> NoReturn:
    edge.log_access(AccessKind.REFUSED, subject=SUBJECT, subject_id=file_id)
    abort(code)


def _path(file: ReferralFile) -> Path | None:
    path = storage.path_of(Path(current_app.config["DATA_DIR"]), file.sha256)
    if path.is_file():
        return path
    current_app.logger.error("file %s of a letter: its bytes are lost", file.id)
    return None


def _to_letter(file: ReferralFile) -> Response:
    return redirect(url_for("referral.details_view", id=file.referral_id, _anchor="files"))


def _lost(file: ReferralFile) -> Response:
    flash(LOST, "error")
    return _to_letter(file)


# -- Reading it ------------------------------------------------------------------------------------------------------


@pages.get("/<int:file_id>")
def download(referral_id: int, file_id: int) -> Response:
    file = _opened(referral_id, file_id)
    path = _path(file)
    if path is None:
        return _lost(file)
    edge.log_access(AccessKind.DOWNLOADED, subject=SUBJECT, subject_id=file.id, payload={"referral": file.referral_id})
    answer = send_file(
        path, mimetype=file.media_type, as_attachment=True, download_name=file.file_name, etag=False, max_age=0
    )
    answer.headers["Content-Security-Policy"] = previews.POLICY
    return answer


@pages.get("/<int:file_id>/preview/")
def preview(referral_id: int, file_id: int) -> str | Response:
    """A page with the pages as pictures, or the plain text as text: nothing of the file runs."""
    file = _opened(referral_id, file_id)
    path = _path(file)
    if path is None:
        return _lost(file)
    payload = {"page": "preview", "referral": file.referral_id}
    edge.log_access(AccessKind.OPENED, subject=SUBJECT, subject_id=file.id, payload=payload)
    letter = file.referral
    trail = [
        desk_crumb(),
        (f"{letter.kind_title} № {letter.id}", url_for("referral.details_view", id=letter.id)),
    ]
    return render_template(
        "files/preview.html",
        page_title=f"Просмотр: {file.title}",
        breadcrumbs=[*trail, ("Просмотр", None)],
        download_url=url_for(".download", referral_id=referral_id, file_id=file_id),
        **_shown(file, path),
    )


def _shown(file: ReferralFile, path: Path) -> dict[str, Any]:
    opened = previews.sign(SUBJECT, file.id)
    return previews.shown(
        file.media_type,
        path,
        lambda page: url_for(".picture", page=page, referral_id=file.referral_id, file_id=file.id, opened=opened),
    )


@pages.get("/<int:file_id>/preview/<int:page>.png")
def picture(referral_id: int, file_id: int, page: int) -> Response:
    """One page as PNG, drawn anew by us."""
    file = _opened(referral_id, file_id)
    kind, path = previews.kind_shown(file.media_type, page), _path(file)
    if path is None:
        abort(404)
    if not previews.is_opened(SUBJECT, file.id):
        payload = {"page": "preview", "number": page, "referral": file.referral_id}
        edge.log_access(AccessKind.OPENED, subject=SUBJECT, subject_id=file.id, payload=payload)
    return previews.draw(path, kind, page)


# -- Taking it out ---------------------------------------------------------------------------------------------------


@pages.post("/<int:file_id>/remove/")
def remove(referral_id: int, file_id: int) -> Response:
    file = _found(referral_id, file_id)
    if not files.may_remove(edge.viewer(), file):
        _refuse(file_id, 403)
    try:
        files.remove(db.session(), file=file, reason=request.form.get("reason", ""), by=edge.viewer())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    else:
        flash("Файл изъят. В письме он остался зачёркнутым.", "success")
    return _to_letter(_found(referral_id, file_id))
