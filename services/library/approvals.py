"""The approval sheet of a document: who is asked about which edition, what each answers (vologda 4.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.library import ApprovalStatus, DocumentApproval, DocumentStage, LibraryDocument
from models.library_access import library_visible_to, may_answer
from models.territory import Agency
from services.errors import need
from services.library.common import held, need_days, need_keeper
from services.library.documents import GONE
from services.work.entry import name_of

MANY = 200  # Organisations on one sheet.


@dataclass(frozen=True)
class Progress:
    """How far the newest round of a sheet has come."""

    edition: int
    asked: int
    agreed: int
    remarks: int
    late: int

    @property
    def waiting(self) -> int:
        return self.asked - self.agreed - self.remarks


def latest_edition(document: LibraryDocument) -> int:
    return document.editions[-1].number if document.editions else 0


def sheet_of(document: LibraryDocument) -> list[DocumentApproval]:
    """Lines of the sheet without those who only read."""
    return [one for one in document.approvals if one.status is not ApprovalStatus.INFORMED]


def progress_of(document: LibraryDocument, on: date) -> Progress | None:
    """Of the newest edition that anybody was asked about; None: nobody was."""
    lines = sheet_of(document)
    if not lines:
        return None
    edition = max(one.edition for one in lines)
    present = [one for one in lines if one.edition == edition]
    waiting = [one for one in present if one.status is ApprovalStatus.ASKED]
    return Progress(
        edition,
        asked=len(present),
        agreed=sum(one.status is ApprovalStatus.AGREED for one in present),
        remarks=sum(one.status is ApprovalStatus.REMARKS for one in present),
        late=sum(one.due_on is not None and one.due_on < on for one in waiting),
    )


def name_readers(
    session: Session, *, document: LibraryDocument, agency_ids: Collection[int], by: Viewer, now: datetime
) -> int:
    """Name organisations that read a document; how many are new. Raises Refused."""
    document, wanted = _asking(session, document, agency_ids, by)
    known = {one.agency_id for one in document.approvals}
    fresh = [number for number in wanted if number not in known]
    need(fresh, "Эти организации уже названы.", field="agency_ids")
    for number in fresh:
        document.approvals.append(
            DocumentApproval(agency_id=number, edition=0, status=ApprovalStatus.INFORMED, asked_at=now)
        )
    _changed(session, document)
    return len(fresh)


def ask(
    session: Session,
    *,
    document: LibraryDocument,
    agency_ids: Collection[int],
    due_on: date | None,
    by: Viewer,
    now: datetime,
) -> int:
    """Ask organisations to agree to the newest edition, each once; how many. Raises Refused."""
    document, wanted = _asking(session, document, agency_ids, by)
    edition = latest_edition(document)
    need(edition, "Сначала приложите текст: согласуют редакцию, а не название.")
    need(document.agency_id not in wanted, "Своя организация на листе не нужна.", field="agency_ids")
    need(due_on is None or due_on >= by.on, "Срок ответа уже прошёл.", field="due_on")
    need_days(by.on, due_on=due_on)
    known = {one.agency_id for one in sheet_of(document) if one.edition == edition}
    fresh = [number for number in wanted if number not in known]
    need(fresh, "Этих организаций о последней редакции уже спросили.", field="agency_ids")
    for number in fresh:
        document.approvals.append(DocumentApproval(agency_id=number, edition=edition, due_on=due_on, asked_at=now))
    document.stage = DocumentStage.AGREEMENT
    _changed(session, document)
    return len(fresh)


def ask_again(session: Session, *, document: LibraryDocument, due_on: date | None, by: Viewer, now: datetime) -> int:
    """Ask about the newest edition everybody who was asked about the one before. Raises Refused."""
    lines = sheet_of(document)
    before = max((one.edition for one in lines), default=0)
    need(before and before < latest_edition(document), "Новой редакции с прошлого круга не было.")
    others = [one.agency_id for one in lines if one.edition == before]
    return ask(session, document=document, agency_ids=others, due_on=due_on, by=by, now=now)


def answer(
    session: Session, *, line: DocumentApproval, is_agreed: bool, remarks: str = "", by: Viewer, now: datetime
) -> None:
    """The word of an organisation that was asked, once. Raises Refused."""
    need(may_answer(by, line.agency_id), "Отвечает руководитель или специалист организации, которую спросили.")
    line = held(session, line)
    need(line.document.withdrawn_on is None, GONE)
    need(line.status is not ApprovalStatus.INFORMED, "Документ прислан для сведения: отвечать не нужно.")
    told = f"Ваша организация уже ответила: {line.status.label}, {line.who}."
    need(line.status is ApprovalStatus.ASKED, told)
    is_newest = line.edition == latest_edition(line.document)
    need(is_newest, "Пока вы читали, появилась новая редакция: дождитесь, когда спросят о ней.")
    need(is_agreed or remarks.strip(), "Напишите замечания.", field="remarks")
    line.status = ApprovalStatus.AGREED if is_agreed else ApprovalStatus.REMARKS
    line.remarks = remarks.strip()
    line.answered_at, line.answered_by_id, line.who = now, by.user_id, name_of(session, by)[:500]
    session.flush()


def own_line(document: LibraryDocument, viewer: Viewer) -> DocumentApproval | None:
    """What the viewer's organisation is still asked about the newest edition."""
    newest = latest_edition(document)
    for one in sheet_of(document):
        is_ours = one.agency_id == viewer.agency_id and one.edition == newest
        if is_ours and one.status is ApprovalStatus.ASKED:
            return one
    return None


def line_of(session: Session, *, line_id: int, by: Viewer) -> DocumentApproval | None:
    """A line by its number, of a document that the viewer sees."""
    query = select(DocumentApproval).join(LibraryDocument, LibraryDocument.id == DocumentApproval.document_id)
    return session.scalars(query.where(DocumentApproval.id == line_id, library_visible_to(by))).one_or_none()


def _asking(
    session: Session, document: LibraryDocument, agency_ids: Collection[int], by: Viewer
) -> tuple[LibraryDocument, list[int]]:
    need_keeper(by, document.agency_id)
    document = held(session, document)
    need(document.withdrawn_on is None, GONE)
    wanted = list(dict.fromkeys(agency_ids))
    need(wanted, "Выберите организации.", field="agency_ids")
    need(len(wanted) <= MANY, f"За один раз называют не больше {MANY} организаций.", field="agency_ids")
    there = set(session.scalars(select(Agency.id).where(Agency.id.in_(wanted), Agency.is_active)))
    need(there == set(wanted), "Не все выбранные организации есть в справочнике.", field="agency_ids")
    return document, wanted


def _changed(session: Session, document: LibraryDocument) -> None:
    """A form that was opened before is told of it."""
    document.version += 1
    session.flush()
