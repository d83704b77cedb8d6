"""Field groups: health, offences, psychology are read only by those named on them (access.md)."""

from datetime import date

from sqlalchemy import ColumnElement, Exists, exists, false, or_, select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, FieldGroup, FieldGroupMember
from models.users import Role


def may_read(session: Session, *, viewer: Viewer, graduate: Graduate | None, group: str) -> bool:
    """The head of the responsible agency, the curator, the card's author, those named by the administrator.

    A new card (None) is its author's. Authors of single records see the group through the card they wrote it in.
    """
    if graduate is None or graduate.id is None:
        return viewer.role is not Role.ADMINISTRATOR
    if viewer.role is Role.HEAD and graduate.agency_id == viewer.agency_id:
        return True
    if _is_named(session, viewer, FieldGroup(group)):
        return True
    if viewer.role is Role.ADMINISTRATOR or group == FieldGroup.PSYCHOLOGY:
        return False
    return graduate.created_by_id == viewer.user_id or _is_curator(session, viewer, graduate, viewer.on)


def readable_groups(session: Session, *, viewer: Viewer, graduate: Graduate) -> frozenset[str]:
    """All groups of a kept card that the viewer reads, in one statement."""
    asked = [readable_people(viewer, group).label(group.value) for group in FieldGroup]
    found = session.execute(select(*asked).where(Graduate.id == graduate.id)).one_or_none()
    return frozenset(name for name, may in found._mapping.items() if may) if found is not None else frozenset()


def readable_people(viewer: Viewer, group: FieldGroup) -> ColumnElement[bool]:
    """`may_read` as a condition on the rows of a query; the row rule stands beside it."""
    named = exists().where(FieldGroupMember.user_id == viewer.user_id, FieldGroupMember.field_group == group)
    led = Graduate.agency_id == viewer.agency_id if viewer.role is Role.HEAD else false()
    if viewer.role is Role.ADMINISTRATOR or group is FieldGroup.PSYCHOLOGY:
        return or_(led, named)
    curated = _curated(viewer.user_id, viewer.on)
    return or_(led, named, Graduate.created_by_id == viewer.user_id, curated)


def _is_named(session: Session, viewer: Viewer, group: FieldGroup) -> bool:
    named = exists().where(FieldGroupMember.user_id == viewer.user_id, FieldGroupMember.field_group == group)
    return bool(session.scalar(select(named)))


def _is_curator(session: Session, viewer: Viewer, graduate: Graduate, on: date) -> bool:
    return bool(session.scalar(select(Graduate.id).where(Graduate.id == graduate.id, _curated(viewer.user_id, on))))


def _curated(user_id: int, on: date) -> Exists:
    """The user is the curator of a person in the query on a day."""
    return exists().where(
        Assignment.graduate_id == Graduate.id,
        Assignment.user_id == user_id,
        Assignment.kind == AssignmentKind.CURATOR,
        Assignment.starts_on <= on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
    )
