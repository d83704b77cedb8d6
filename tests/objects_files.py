"""Records of personal files, attachments, templates and forms of names, made as a test asks for them by name."""

from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.files import Attachment, AttachmentKind, PersonalFile
from models.graduates import Graduate
from models.users import User
from services.files import attachments
from tests.conftest import TODAY
from tests.factories import Cast
from tests.files import make_attachment


def _attachment(
    session: Session, user: User, graduate: Graduate, kind: AttachmentKind = AttachmentKind.OTHER
) -> Attachment:
    """Made once in a test; everybody of the table asks for the same."""
    title = f"{kind.label} {graduate.id}"
    found = session.scalars(select(Attachment).where(Attachment.title == title)).first()
    folder = Path(current_app.config["DATA_DIR"])
    return found or make_attachment(session, folder, user, graduate, kind=kind, title=title)


def _removed(session: Session, cast: Cast) -> int:
    made = _attachment(session, cast.galina, cast.own, AttachmentKind.LETTER)
    if made.removed_on is None:
        attachments.remove(session, attachment=made, reason="ошибка", by=Viewer.of(session, cast.galina, TODAY))
        session.commit()
    return made.id


def _file(session: Session, cast: Cast) -> int:
    _attachment(session, cast.galina, cast.own)
    return session.scalars(select(PersonalFile.id).where(PersonalFile.graduate_id == cast.own.id)).one()


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's attachment": lambda session, cast: _attachment(session, cast.anna, cast.own).id,
    "opeka's attachment": lambda session, cast: _attachment(session, cast.boris, cast.local).id,
    "closed attachment": lambda session, cast: _attachment(session, cast.galina, cast.own, AttachmentKind.MINUTES).id,
    "removed attachment": _removed,
    "service's personal file": _file,
}
