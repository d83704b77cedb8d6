"""The bytes of attachments on their way out: only to whom they are open, never as a page, and every time logged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from flask import abort, current_app, flash, redirect, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from models.access import visible_to
from models.audit import AccessKind
from models.files import Attachment
from models.graduates import Graduate
from services.files import access, storage
from views import edge
from views.extensions import db
from views.files import cells, previews

if TYPE_CHECKING:
    from views.files.attachments import AttachmentView

LOST = "Файла нет в хранилище. Сообщите администратору: его можно вернуть из резервной копии."
SUBJECT = "attachment"


def person_or_none(graduate_id: int) -> Graduate | None:
    query = select(Graduate).where(Graduate.id == graduate_id, visible_to(edge.viewer()))
    return db.session.scalars(query).one_or_none()


def buttons(record: Attachment) -> list[tuple[str, str, str]]:
    found = [("Скачать", url_for("attachment.file", number=record.id), "")]
    if cells.can_preview(record):
        found.insert(0, ("Посмотреть", url_for("attachment.preview", number=record.id), "primary"))
    return found


def _opened(view: AttachmentView, number: int) -> Attachment:
    """The attachment; 404 for a stranger and for what was taken out, 403 for whom it is closed."""
    record: Attachment | None = view.get_one(number)
    if record is None or record.removed_on is not None:
        _refuse(number, 404)
    if not access.may_open(db.session(), viewer=edge.viewer(), attachment=record):
        _refuse(number, 403)
    return record


def _refuse(number: int, code: int) -> NoReturn:
    edge.log_access(AccessKind.REFUSED, subject="attachment", subject_id=number if number < 2**31 else None)
    abort(code)


def _path(record: Attachment) -> Path | None:
    path = storage.path_of(Path(current_app.config["DATA_DIR"]), record.sha256)
    if path.is_file():
        return path
    current_app.logger.error("attachment %s: its bytes are lost", record.id)
    return None


def _lost(record: Attachment) -> Response:
    flash(LOST, "error")
    return redirect(url_for("attachment.details_view", id=record.id))


def download(view: AttachmentView, number: int) -> Response:
    record = _opened(view, number)
    path = _path(record)
    if path is None:
        return _lost(record)
    edge.log_access(AccessKind.DOWNLOADED, subject="attachment", subject_id=record.id)
    answer = send_file(
        path, mimetype=record.media_type, as_attachment=True, download_name=record.file_name, etag=False, max_age=0
    )
    answer.headers["Content-Security-Policy"] = previews.POLICY
    return answer


def preview(view: AttachmentView, number: int) -> str | Response:
    """A page with the pages as pictures, or the plain text as text: nothing of the file runs."""
    record = _opened(view, number)
    path = _path(record)
    if path is None:
        return _lost(record)
    mark = previews.sign(SUBJECT, record.id)
    shown = previews.shown(
        record.media_type,
        path,
        lambda page: url_for("attachment.preview_page", number=record.id, page=page, opened=mark),
    )
    edge.log_access(AccessKind.OPENED, subject="attachment", subject_id=record.id, payload={"page": "preview"})
    trail = [(view.title, view.get_url(".index_view")), (record.title, url_for(".details_view", id=record.id))]
    return view.render(
        "files/preview.html",
        page_title=f"Просмотр: {record.title}",
        breadcrumbs=[*trail, ("Просмотр", None)],
        attachment=record,
        download_url=url_for("attachment.file", number=record.id),
        **shown,
    )


def picture(view: AttachmentView, number: int, page: int) -> Response:
    """One page as PNG, drawn anew by us."""
    record = _opened(view, number)
    kind, path = previews.kind_shown(record.media_type, page), _path(record)
    if path is None:
        abort(404)
    if not previews.is_opened(SUBJECT, record.id):
        payload = {"page": "preview", "number": page}
        edge.log_access(AccessKind.OPENED, subject=SUBJECT, subject_id=record.id, payload=payload)
    return previews.draw(path, kind, page)
