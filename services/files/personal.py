"""The personal file of a person in an organisation: its number, its inventory, its closing (kizil stage 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.case_access import may_approve, may_record
from models.files import Attachment, FileIndex, PersonalFile
from models.graduates import Graduate
from models.territory import Agency
from services.errors import need

NOT_YOURS = "Личные дела ведут сотрудники своей организации."


@dataclass(frozen=True)
class Line:
    """A line of the inventory; what was taken out keeps its place, without sheets."""

    number: int
    attachment: Attachment
    first: int | None
    last: int | None

    @property
    def sheets(self) -> str:
        """«3–5», «7»; nothing for what was taken out."""
        if self.first is None:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def find(session: Session, *, graduate_id: int, agency_id: int) -> PersonalFile | None:
    query = select(PersonalFile).where(PersonalFile.graduate_id == graduate_id, PersonalFile.agency_id == agency_id)
    return session.scalars(query).one_or_none()


def ensure(session: Session, *, graduate_id: int, agency_id: int, on: date, reopen: bool = False) -> PersonalFile:
    """The personal file, opened now if there is none yet: with the first application or attachment.

    `reopen`: a new application opens a closed file again.
    """
    found = find(session, graduate_id=graduate_id, agency_id=agency_id)
    if found is not None:
        if reopen and found.closed_on is not None:
            found.closed_on = None
        return found
    # The organisation's row is the queue at the counter: numbers have no gaps, and one person gets one file.
    session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update(key_share=True))
    found = find(session, graduate_id=graduate_id, agency_id=agency_id)
    if found is not None:
        return found
    last = session.scalar(select(func.max(PersonalFile.number)).where(PersonalFile.agency_id == agency_id))
    person = session.get_one(Graduate, graduate_id)
    made = PersonalFile(graduate=person, agency_id=agency_id, number=(last or 0) + 1, opened_on=on)
    session.add(made)
    session.flush()
    return made


def open_file(
    session: Session, *, graduate_id: int, agency_id: int, opened_on: date, index_id: int | None, by: Viewer
) -> PersonalFile:
    """Open a file by hand. Raises Refused."""
    need(may_record(by, agency_id), NOT_YOURS)
    person = session.scalar(select(Graduate).where(Graduate.id == graduate_id, visible_to(by)))
    need(person, "Выберите человека из списка.", field="graduate_id")
    need(opened_on <= by.on, "Дата ещё не наступила.", field="opened_on")
    need(person and opened_on > person.birth_date, "Дата раньше рождения выпускника.", field="opened_on")
    check_index(session, index_id=index_id, agency_id=agency_id)
    there = find(session, graduate_id=graduate_id, agency_id=agency_id)
    need(there is None, "Личное дело этого человека в организации уже есть.", field="graduate_id")
    made = ensure(session, graduate_id=graduate_id, agency_id=agency_id, on=opened_on)
    made.index_id = index_id
    session.flush()
    return made


def check_index(session: Session, *, index_id: int | None, agency_id: int) -> None:
    """An index of the organisation's own nomenclature. Raises Refused."""
    if index_id is None:
        return
    found = session.get(FileIndex, index_id)
    is_own = found is not None and found.agency_id == agency_id
    need(is_own, "Выберите индекс из номенклатуры своей организации.", field="index_id")


def close(session: Session, *, file: PersonalFile, closed_on: date, by: Viewer) -> None:
    """No paper is added any more. Raises Refused."""
    need(may_record(by, file.agency_id), NOT_YOURS)
    need(file.closed_on is None, "Личное дело уже закрыто.")
    need(closed_on <= by.on, "Дата ещё не наступила.", field="closed_on")
    need(closed_on >= file.opened_on, "Дата раньше, чем дело заведено.", field="closed_on")
    file.closed_on = closed_on
    session.flush()


def reopen(session: Session, *, file: PersonalFile, by: Viewer) -> None:
    """Closed by mistake, or the person is back. Raises Refused."""
    need(may_approve(by, file.agency_id), "Возобновить дело может руководитель организации.")
    need(file.closed_on is not None, "Личное дело не закрыто.")
    file.closed_on = None
    session.flush()


def attachments_of(session: Session, *, graduate_id: int, agency_id: int | None = None) -> list[Attachment]:
    """Papers about a person in the order in which they came; of one organisation, or of all."""
    query = select(Attachment).where(Attachment.graduate_id == graduate_id)
    if agency_id is not None:
        query = query.where(Attachment.agency_id == agency_id)
    return list(session.scalars(query.order_by(Attachment.added_at, Attachment.id)))


def inventory(attachments: Iterable[Attachment]) -> list[Line]:
    """The inventory («опись»): sheets are counted through the file."""
    lines, last = [], 0
    for number, attachment in enumerate(attachments, start=1):
        if attachment.removed_on is not None:
            lines.append(Line(number, attachment, None, None))
            continue
        first, last = last + 1, last + attachment.pages
        lines.append(Line(number, attachment, first, last))
    return lines
