"""Who may open an attachment: the row rule of its person, then the field group of what it holds (access.md)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.files import Attachment, AttachmentKind
from models.graduates import Graduate
from models.support import FieldGroup
from services import field_groups

KINDS = {AttachmentKind.HEALTH: FieldGroup.HEALTH, AttachmentKind.MINUTES: FieldGroup.PSYCHOLOGY}
SUBJECTS = {
    "consultation_minutes": FieldGroup.PSYCHOLOGY,
    "examination": FieldGroup.HEALTH,
    "health_record": FieldGroup.HEALTH,
    "offence_record": FieldGroup.OFFENCES,
}
MASK = "•••"


def group_of(kind: AttachmentKind, subject: str) -> FieldGroup | None:
    """The field group that closes an attachment; None: everybody who sees the person opens it."""
    return SUBJECTS.get(subject) or KINDS.get(kind)


def closed_by(group: FieldGroup) -> ColumnElement[bool]:
    """The same in SQL: attachments that a group closes."""
    subjects = [name for name, found in SUBJECTS.items() if found is group]
    kinds = [kind for kind, found in KINDS.items() if found is group]
    by_kind = and_(Attachment.kind.in_(kinds), Attachment.subject.not_in(SUBJECTS)) if kinds else false()
    return or_(Attachment.subject.in_(subjects), by_kind)


def readable_to(viewer: Viewer) -> ColumnElement[bool]:
    """Attachments that the viewer may open among those of visible people: open ones, own ones, those of own groups."""
    closed = not_(or_(*(closed_by(group) for group in FieldGroup)))
    own = and_(Attachment.added_by_id.is_not(None), Attachment.added_by_id == viewer.user_id)
    return or_(closed, own, *(and_(closed_by(group), _of_readable_people(viewer, group)) for group in FieldGroup))


def may_open(session: Session, *, viewer: Viewer, attachment: Attachment) -> bool:
    query = select(Attachment.id).where(Attachment.id == attachment.id, readable_to(viewer))
    return session.scalar(query) is not None


def _of_readable_people(viewer: Viewer, group: FieldGroup) -> ColumnElement[bool]:
    """The rule of the card (services.field_groups)."""
    readable = field_groups.readable_people(viewer, group)
    return exists().where(Graduate.id == Attachment.graduate_id, readable).correlate(Attachment)
