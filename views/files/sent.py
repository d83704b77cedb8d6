"""A file that a form sends."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from services.errors import Refused
from services.files.attachments import Examined, Upload, examine
from views.extensions import db


def examined(field: Any, missing: str) -> Examined:
    """What the file in a field of the form is; raises Refused, with `missing` where none was chosen."""
    sent = request.files.get(field.name)
    if sent is None or not sent.filename:
        raise Refused(missing, field=field.short_name)
    limit = current_app.config["MAX_UPLOAD_MB"] * 1024 * 1024
    try:
        upload = Upload(sent.filename, sent.stream.read(limit + 1))
    finally:
        sent.close()
    db.session.rollback()  # On SQLite nobody writes while a form is being saved: let them while we look into it.
    return examine(upload, max_bytes=limit)
