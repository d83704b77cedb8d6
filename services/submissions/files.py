"""The files of a frozen submission: made of what it holds and of nothing else, the same bytes every time."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from models.submissions import Submission
from models.text import fold_spaces
from reports.outputs import FORMATS, TooLong, write
from services.errors import Refused, need
from services.reporting import FORBIDDEN_SIGNS
from services.submissions.content import paper

NOT_FROZEN = "Файлы готовы после утверждения: черновик ещё меняется."
LOCAL = "%d.%m.%Y"


def make(session: Session, *, submission: Submission, file_format: str) -> bytes:
    """The bytes of a file. Raises Refused."""
    need(submission.is_frozen, NOT_FROZEN)
    need(file_format in FORMATS, "Такого вида файлов нет.")
    printed = paper(session, submission, note=note_of(submission))
    with tempfile.TemporaryDirectory(prefix="marshrut-") as folder:
        path = Path(folder) / f"report.{file_format}"
        try:
            write(path, printed, file_format)
        except TooLong as error:
            raise Refused(str(error)) from None
        return path.read_bytes()


def name_of(submission: Submission, file_format: str) -> str:
    """«Приложение 1, Опека Сокольского округа, 2026-10-01, редакция 2.xlsx»."""
    parts = [submission.content["short_title"], submission.agency.short_name[:80], submission.content["on"]]
    parts += [f"редакция {submission.edition}"] if submission.edition > 1 else []
    stem = "".join(" " if sign in FORBIDDEN_SIGNS else sign for sign in ", ".join(parts))
    return f"{fold_spaces(stem).strip('.')}.{file_format}"


def note_of(submission: Submission) -> str:
    """Small at the end of the paper: who approved it, and its digest."""
    assert submission.approved_at
    nil = "Нет сведений. " if submission.is_nil else ""
    edition = f", редакция {submission.edition}" if submission.edition > 1 else ""
    return (
        f"{nil}Утверждено {submission.approved_at:{LOCAL}}: {submission.approved_by_name}{edition}. "
        f"Контрольная сумма (SHA-256) {submission.sha256}."
    )
