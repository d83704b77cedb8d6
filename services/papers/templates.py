"""Which template prints a paper: the shipped one, or the administrator's own."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.access import Viewer
from models.files import PaperTemplate
from reports.document import BadTemplate
from reports.templates import check
from services.errors import Refused, need
from services.papers.catalogue import PAPERS
from services.papers.paper import Paper

ONLY_ADMINISTRATOR = "Шаблоны документов меняет только администратор."
CHANGED = "Пока страница была открыта, шаблон изменился. Проверьте, какой действует сейчас, и повторите."


@cache
def shipped(code: str) -> bytes:
    """Our own template, made once."""
    return PAPERS[code].shipped()


def own(session: Session, *, code: str) -> PaperTemplate | None:
    """The administrator's template, with its bytes."""
    query = select(PaperTemplate).where(PaperTemplate.paper == code).options(undefer(PaperTemplate.content))
    return session.scalars(query).one_or_none()


def current(session: Session, *, code: str) -> bytes:
    found = own(session, code=code)
    return found.content if found is not None else shipped(code)


def replace(
    session: Session, *, paper: Paper, file_name: str, content: bytes, version: int | None, by: Viewer, now: datetime
) -> PaperTemplate:
    """Print a paper by a file of the administrator's from here on; `version` of the own one seen. Raises Refused."""
    need(by.is_administrator, ONLY_ADMINISTRATOR)
    need(content, "Выберите файл.", field="file")
    record, sha256 = own(session, code=paper.code), hashlib.sha256(content).hexdigest()
    if record is not None and record.sha256 == sha256:  # A second click, or the same file once more.
        return record
    need((record.version if record else None) == version, CHANGED)
    try:
        check(content, paper.fields)
    except BadTemplate as reason:
        raise Refused(str(reason), field="file") from None
    if record is None:
        record = PaperTemplate(paper=paper.code)
        session.add(record)
    record.file_name = file_name[:200] or "шаблон.docx"
    record.content, record.sha256 = content, sha256
    record.uploaded_at, record.uploaded_by_id = now, by.user_id
    session.flush()
    return record


def reset(session: Session, *, paper: Paper, version: int | None, by: Viewer) -> None:
    """Back to the shipped template. Raises Refused."""
    need(by.is_administrator, ONLY_ADMINISTRATOR)
    record = own(session, code=paper.code)
    need(record is not None, "Свой шаблон не загружен: документ уже печатается по встроенному.")
    assert record is not None
    need(record.version == version, CHANGED)
    session.delete(record)
    session.flush()
