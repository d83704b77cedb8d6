"""Documents of the common library: their cards, editions, stages; nothing is erased, a document is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.library import Audience, DocumentEdition, DocumentStage, LibraryDocument, LibraryKind
from models.library_access import library_visible_to, may_oblige, may_withdraw
from services.errors import need
from services.files import recognition, storage
from services.files.attachments import Examined
from services.library.common import held, link, need_agency, need_days, need_keeper, need_order

MANY = 200  # Editions of one document.
GONE = "Документ изъят: менять его нельзя."
OVER = (DocumentStage.DONE, DocumentStage.REPEALED)


@dataclass(frozen=True)
class Card:
    """What a form says of a document; the stage is changed by a verb of its own."""

    kind: LibraryKind | None
    title: str
    number: str = ""
    document_on: date | None = None
    author: str = ""
    summary: str = ""
    result: str = ""
    participants: str = ""
    link: str = ""
    audience: Audience = Audience.EVERYBODY
    starts_on: date | None = None
    ends_on: date | None = None
    is_mandatory: bool = False
    about_agency_id: int | None = None
    remarks_due_on: date | None = None


def create(
    session: Session,
    *,
    agency_id: int,
    card: Card,
    stage: DocumentStage = DocumentStage.IN_FORCE,
    by: Viewer,
    now: datetime,
) -> LibraryDocument:
    """A new document of an organisation, still without a text. Raises Refused."""
    need_keeper(by, agency_id)
    document = LibraryDocument(agency_id=agency_id, stage=stage, created_at=now, created_by_id=by.user_id)
    _write(session, document, card, by)
    session.add(document)
    session.flush()
    return document


def change(session: Session, *, document: LibraryDocument, card: Card, by: Viewer) -> None:
    """Describe it anew. Raises Refused."""
    need_keeper(by, document.agency_id)
    document = held(session, document)
    need(document.withdrawn_on is None, GONE)
    _write(session, document, card, by)
    session.flush()


def _write(session: Session, document: LibraryDocument, card: Card, by: Viewer) -> None:
    need(card.kind is not None, "Выберите вид документа.", field="kind")
    need(card.title.strip(), "Назовите документ.", field="title")
    days = {name: getattr(card, name) for name in ("document_on", "starts_on", "ends_on", "remarks_due_on")}
    need_days(by.on, **days)
    need_order(card.starts_on, card.ends_on)
    _check_mandatory(document, card, by)
    is_check = card.kind is LibraryKind.CONTROL_ACT
    need(not is_check or card.about_agency_id, "Укажите, какую организацию проверяли.", field="about_agency_id")
    need_agency(session, card.about_agency_id, field="about_agency_id")
    for name in ("title", "number", "author", "summary", "result", "participants"):
        setattr(document, name, getattr(card, name).strip())
    for name in ("kind", "audience", "is_mandatory", "about_agency_id", *days):
        setattr(document, name, getattr(card, name))
    document.link = link(card.link)


def _check_mandatory(document: LibraryDocument, card: Card, by: Viewer) -> None:
    """Only whoever oversees others makes a form mandatory, for everybody and from a day."""
    if not card.is_mandatory:
        return
    told = "Обязательным для всех документ делает координатор или организация, которая курирует регион."
    need(may_oblige(by) or document.is_mandatory, told, field="is_mandatory")
    need(card.starts_on, "Укажите, с какого дня документ обязателен.", field="starts_on")
    need(card.audience is Audience.EVERYBODY, "Обязательный документ читают все участники.", field="audience")


def put_stage(session: Session, *, document: LibraryDocument, stage: DocumentStage, on: date, by: Viewer) -> None:
    """Bring a document into force, finish or repeal it, or take it back into work. Raises Refused."""
    need_keeper(by, document.agency_id)
    document = held(session, document)
    need(document.withdrawn_on is None, GONE)
    need(stage is not document.stage, f"Документ уже «{stage.label}».", field="stage")
    need_days(by.on, on=on)
    document.stage = stage
    if stage is DocumentStage.IN_FORCE:
        document.starts_on = document.starts_on or on
        document.ends_on = None if document.ends_on and document.ends_on < on else document.ends_on
    if stage in OVER:
        need(document.starts_on is None or on >= document.starts_on, "Это раньше первого дня действия.", field="on")
        document.ends_on = on
    session.flush()


def withdraw(session: Session, *, document: LibraryDocument, reason: str, by: Viewer) -> None:
    """Take a document out of use: its card stays with the reason, its texts nobody else opens. Raises Refused."""
    need(may_withdraw(by, document.agency_id), "Изъять документ может руководитель или координатор организации.")
    document = held(session, document)
    need(document.withdrawn_on is None, "Документ уже изъят.")
    need(reason.strip(), "Укажите причину.", field="reason")
    document.withdrawn_on, document.withdrawn_reason = by.on, reason.strip()
    session.flush()


# -- Texts -------------------------------------------------------------------------------------------------------------


def add_edition(
    session: Session, *, document: LibraryDocument, file: Examined, note: str, folder: Path, by: Viewer, now: datetime
) -> DocumentEdition:
    """The next text of a document. Raises Refused.

    The bytes go to disk before the row: a transaction that fails leaves only a file that nothing names.
    """
    need_keeper(by, document.agency_id)
    document = held(session, document)
    need(document.withdrawn_on is None, GONE)
    need(len(document.editions) < MANY, f"У документа может быть не больше {MANY} редакций.", field="file")
    sha256 = storage.put(folder, file.upload.data)
    last = document.editions[-1] if document.editions else None
    need(last is None or last.sha256 != sha256, "Это тот же файл, что и в последней редакции.", field="file")
    edition = DocumentEdition(
        number=last.number + 1 if last else 1,
        note=note.strip(),
        file_name=recognition.safe_name(file.upload.name, file.seen.extension),
        media_type=file.seen.media_type,
        size=len(file.upload.data),
        sha256=sha256,
        added_at=now,
        added_by_id=by.user_id,
    )
    document.editions.append(edition)
    document.version += 1
    session.flush()
    return edition


def edition_of(session: Session, *, document_id: int, number: int, by: Viewer) -> DocumentEdition | None:
    """A text by its number, of a document that the viewer sees; None: there is none for this user."""
    query = select(DocumentEdition).join(LibraryDocument, LibraryDocument.id == DocumentEdition.document_id)
    query = query.where(LibraryDocument.id == document_id, DocumentEdition.number == number, library_visible_to(by))
    found = session.scalars(query).one_or_none()
    return found if found is not None and may_open(by, found.document) else None


def may_open(viewer: Viewer, document: LibraryDocument) -> bool:
    """Texts of what was withdrawn are for its own organisation only."""
    is_own = viewer.is_administrator or viewer.agency_id == document.agency_id
    return document.withdrawn_on is None or is_own


def digests(session: Session) -> set[str]:
    """Of all editions: the sweep of orphans keeps them."""
    return set(session.scalars(select(DocumentEdition.sha256)))
