"""Records of journals and their counters, made as a test asks for them by name."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.files import FileIndex
from models.territory import Agency
from tests.factories import Cast


def _line(session: Session, agency: Agency) -> int:
    found = session.scalars(select(FileIndex).where(FileIndex.agency_id == agency.id)).first()
    if found is None:
        found = FileIndex(agency_id=agency.id, code="05-12", title="Журнал обращений")
        session.add(found)
        session.commit()
    return found.id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's file index": lambda session, cast: _line(session, cast.service),
}
