"""What is done with attachments: added, described anew, taken out; never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_approve, may_record
from models.files import Attachment, AttachmentKind
from models.graduates import Graduate
from services.errors import Refused, need
from services.files import access, personal, recognition, storage, subjects

SHEETS = 9_999
CHANGED = "Пока страница была открыта, описание изменили. Проверьте, что записано сейчас, и повторите."


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Examined:
    """A file that was found fit to be kept."""

    upload: Upload
    seen: recognition.Recognised


@dataclass(frozen=True)
class Description:
    """What the inventory says of a paper; `sheets` None: as many as the file has pages."""

    kind: AttachmentKind
    title: str
    document_on: date | None = None
    sheets: int | None = None


def examine(upload: Upload, *, max_bytes: int) -> Examined:
    """Look into a file, which may take seconds: outside of any transaction. Raises Refused."""
    limit = max_bytes // (1024 * 1024)
    told = f"Файл больше {limit} МБ. Уменьшите его или разделите на несколько."
    need(len(upload.data) <= max_bytes, told, field="file")
    return Examined(upload, recognition.recognise(upload.data))


def attach(
    session: Session,
    *,
    graduate_id: int | None,
    agency_id: int,
    file: Examined,
    description: Description,
    folder: Path,
    by: Viewer,
    now: datetime,
    subject: str = "",
    subject_id: int | None = None,
) -> Attachment:
    """Keep a file about a person; the personal file is opened with the first one. Raises Refused.

    The bytes go to disk before the row: a transaction that fails leaves only a file that nothing names.
    """
    need(may_record(by, agency_id), "Файлы прикладывают сотрудники своей организации.")
    person = session.scalar(select(Graduate).where(Graduate.id == graduate_id, visible_to(by)))
    if person is None:
        raise Refused("Выберите человека из списка.", field="graduate_id")
    _check(description, person, by.on)
    if subject or subject_id is not None:
        found = subjects.find(session, subject=subject, subject_id=subject_id or 0, graduate_id=person.id, by=by)
        need(found is not None, "Запись, к которой прикладывают файл, не этого человека или её уже нет.")
    personal_file = personal.ensure(session, graduate_id=person.id, agency_id=agency_id, on=by.on)
    shut = f"Личное дело № {personal_file.number} закрыто: возобновите его, чтобы приложить файл."
    need(personal_file.closed_on is None, shut)
    made = Attachment(
        graduate=person,
        agency_id=agency_id,
        kind=description.kind,
        title=description.title.strip(),
        document_on=description.document_on,
        pages=description.sheets or file.seen.pages or 1,
        file_name=recognition.safe_name(file.upload.name, file.seen.extension),
        media_type=file.seen.media_type,
        size=len(file.upload.data),
        sha256=storage.put(folder, file.upload.data),
        subject=subject,
        subject_id=subject_id,
        added_at=now,
        added_by_id=by.user_id,
    )
    session.add(made)
    session.flush()
    return made


def _check(description: Description, person: Graduate, on: date) -> None:
    need(description.title.strip(), "Заполните название.", field="title")
    day, sheets = description.document_on, description.sheets
    need(day is None or day <= on, "Дата документа ещё не наступила.", field="document_on")
    need(day is None or day >= person.birth_date, "Дата документа раньше рождения выпускника.", field="document_on")
    need(sheets is None or 1 <= sheets <= SHEETS, f"Листов: от 1 до {SHEETS}.", field="pages")


def may_change(viewer: Viewer, attachment: Attachment) -> bool:
    """Its author, while he or she works there, and the head."""
    is_author = attachment.added_by_id is not None and attachment.added_by_id == viewer.user_id
    return may_approve(viewer, attachment.agency_id) or (is_author and may_record(viewer, attachment.agency_id))


def signature(attachment: Attachment) -> str:
    """What the description says now: a form that was opened on another one must not overwrite it."""
    return "|".join(
        str(value) for value in (attachment.kind.value, attachment.title, attachment.document_on, attachment.pages)
    )


def describe(session: Session, *, attachment: Attachment, description: Description, seen: str, by: Viewer) -> None:
    """Correct what the inventory says; `seen` is the signature that the form was filled from. Raises Refused."""
    need(may_change(by, attachment), "Описание исправляет тот, кто приложил файл, или руководитель.")
    need(access.may_open(session, viewer=by, attachment=attachment), "Этот документ вам закрыт.")
    need(attachment.removed_on is None, "Документ изъят: описание не меняют.")
    need(seen == signature(attachment), CHANGED)
    _check(description, attachment.graduate, by.on)
    attachment.kind, attachment.title = description.kind, description.title.strip()
    attachment.document_on, attachment.pages = description.document_on, description.sheets or attachment.pages
    session.flush()


def remove(session: Session, *, attachment: Attachment, reason: str, by: Viewer) -> None:
    """Take a paper out: its line in the inventory and its bytes stay, nobody opens it any more. Raises Refused."""
    need(may_change(by, attachment), "Изъять документ может тот, кто его приложил, или руководитель.")
    need(attachment.removed_on is None, "Документ уже изъят.")
    need(reason.strip(), "Укажите причину.", field="reason")
    attachment.removed_on, attachment.removed_reason = by.on, reason.strip()
    session.flush()


def digests(session: Session) -> set[str]:
    """Of all attachments, also those taken out."""
    return set(session.scalars(select(Attachment.sha256)))
