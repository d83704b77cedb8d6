"""Whose councils, meetings and decisions does a user see, and what may he or she do about them (access.md)."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from models.access import Viewer
from models.exchange import Referral
from models.meetings import AgendaItem, Body, BodyMember, Decision, Meeting, MeetingAttendee
from models.users import Role, User


def bodies_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Bodies of the own organisation, and those in which somebody of it sits or sat."""
    if viewer.reads_everybody:
        return true()
    seats = select(BodyMember.body_id).where(_is_ours(BodyMember.agency_id, BodyMember.user_id, viewer))
    return or_(Body.agency_id == viewer.agency_id, Body.id.in_(seats))


def meetings_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Meetings of the own organisation, and those to which it, or somebody of it as a member, is invited."""
    if viewer.reads_everybody:
        return true()
    return or_(Meeting.agency_id == viewer.agency_id, Meeting.id.in_(_invited(viewer)))


def invited_to(viewer: Viewer) -> ColumnElement[bool]:
    """Meetings of others that the own organisation is asked to."""
    return and_(Meeting.agency_id != viewer.agency_id, Meeting.id.in_(_invited(viewer)))


def items_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """An item of an agenda is seen with its meeting."""
    if viewer.reads_everybody:
        return true()
    return AgendaItem.meeting_id.in_(select(Meeting.id).where(meetings_visible_to(viewer)))


def decisions_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """A decision is seen with its meeting, and by whoever got it in a letter."""
    if viewer.reads_everybody:
        return true()
    items = select(AgendaItem.id).where(items_visible_to(viewer))
    got = select(Referral.id).where(Referral.recipient_id == viewer.agency_id, Referral.sent_at.is_not(None))
    return or_(Decision.item_id.in_(items), Decision.referral_id.in_(got))


def may_keep(viewer: Viewer, agency_id: int) -> bool:
    """Keep a body, plan and hold its meetings: everybody who works in the organisation."""
    return viewer.is_administrator or viewer.agency_id == agency_id


def may_settle(viewer: Viewer, agency_id: int) -> bool:
    """Note that a membership is agreed, correct minutes of what was held, annul: the head."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role is Role.HEAD)


def _invited(viewer: Viewer) -> Select[int]:
    a, m = MeetingAttendee, BodyMember
    asked = select(a.meeting_id).outerjoin(m, m.id == a.member_id)
    return asked.where(or_(a.agency_id == viewer.agency_id, _is_ours(m.agency_id, m.user_id, viewer)))


def _is_ours(agency: Any, user: Any, viewer: Viewer) -> ColumnElement[bool]:
    colleagues = select(User.id).where(User.agency_id == viewer.agency_id)
    return or_(agency == viewer.agency_id, user.in_(colleagues))
