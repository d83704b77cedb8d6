"""Whose records of support does a user see, and what may he or she do about them (access.md)."""

from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from models.access import Viewer, editable_by, opened_to, visible_to
from models.access_grants import AccessProfile
from models.graduates import Graduate
from models.support import Assignment, FieldGroup, FieldGroupMember
from models.users import Role
from models.work import ConsultationMinutes, GroupParticipant, GroupSession

WRITERS = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD})


def of_visible_people(viewer: Viewer, model: type[Any]) -> ColumnElement[bool]:
    """Records about a person whom the viewer sees (one row rule for cards and all that hangs on them).

    For those who oversee everybody too: with a removed card its records are gone until it is restored.
    """
    return exists().where(Graduate.id == model.graduate_id, visible_to(viewer)).correlate(model.__table__)


def sessions_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Group sessions of the own organisation, and those that somebody visible took part in."""
    if viewer.reads_everybody:
        return true()
    took_part = select(GroupParticipant.session_id).join(Graduate, Graduate.id == GroupParticipant.graduate_id)
    return or_(GroupSession.agency_id == viewer.agency_id, GroupSession.id.in_(took_part.where(visible_to(viewer))))


def may_register(viewer: Viewer, agency_id: int) -> bool:
    """Applications, contracts, plans, refusals: the own organisation's clerks, officers and head."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role in WRITERS)


def may_record(viewer: Viewer, agency_id: int) -> bool:
    """Daily work, assessments, attachments: the same, and whoever operates the data bank."""
    is_operator = viewer.is_data_bank_operator and viewer.agency_id == agency_id
    return is_operator or may_register(viewer, agency_id)


def may_approve(viewer: Viewer, agency_id: int) -> bool:
    """Approve plans and conclusions, annul a numbered record: the head of the organisation."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role is Role.HEAD)


def recordable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Whose daily work the viewer may record; a former organisation of somebody only reads.

    Whoever accepted a referral works with the person: its urgent services, surveys, talks are its own records.
    """
    assigned = select(Assignment.graduate_id).where(
        Assignment.user_id == viewer.user_id,
        Assignment.starts_on <= viewer.on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= viewer.on),
    )
    opened = opened_to(viewer, AccessProfile.CARD)
    return or_(editable_by(viewer), Graduate.id.in_(assigned), Graduate.id.in_(opened))


def body_readable(viewer: Viewer) -> ColumnElement[bool]:
    """Minutes whose body the viewer reads: the author, the head, whoever is named on «psychology» (access.md)."""
    named = exists().where(
        FieldGroupMember.user_id == viewer.user_id, FieldGroupMember.field_group == FieldGroup.PSYCHOLOGY
    )
    own_people = select(Graduate.id).where(Graduate.agency_id == viewer.agency_id)
    in_charge = or_(ConsultationMinutes.agency_id == viewer.agency_id, ConsultationMinutes.graduate_id.in_(own_people))
    heads = in_charge if viewer.role is Role.HEAD else false()
    return or_(ConsultationMinutes.created_by_id == viewer.user_id, heads, named)
