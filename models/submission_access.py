"""Whose submissions does a user see, and what may he or she do with them (access.md, «Actions by role»)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from models.access import Viewer
from models.deadline_access import serving_with
from models.submissions import Discrepancy, Submission, SubmissionRecipient
from models.territory import AgencyKind
from models.users import Role


def submissions_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Those of the own organisation; what was sent to it; for whoever oversees a territory all that was sent there.

    A draft of others is seen by nobody but the coordinator and the administrator of the whole region.
    """
    s = Submission
    was_sent = s.sent_at.is_not(None)
    got = select(SubmissionRecipient.submission_id).where(SubmissionRecipient.agency_id == viewer.agency_id)
    conditions = [s.agency_id == viewer.agency_id, s.id.in_(got)]
    if viewer.reads_everybody:
        conditions.append(true() if viewer.role in (Role.COORDINATOR, Role.ADMINISTRATOR) else was_sent)
    elif viewer.agency_kind in (AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT) and viewer.district_ids:
        conditions.append(and_(was_sent, s.agency_id.in_(serving_with(viewer))))
    return or_(*conditions)


def received_by(viewer: Viewer) -> ColumnElement[bool]:
    """What was sent to the own organisation; for whoever oversees the region all that was sent."""
    s = Submission
    got = select(SubmissionRecipient.submission_id).where(SubmissionRecipient.agency_id == viewer.agency_id)
    return s.sent_at.is_not(None) if viewer.reads_everybody else s.id.in_(got)


def may_draw(viewer: Viewer, agency_id: int) -> bool:
    """Draw up, word, refresh, send what is approved: everybody who works in the organisation."""
    return viewer.is_administrator or viewer.agency_id == agency_id


def may_approve(viewer: Viewer, agency_id: int) -> bool:
    """Approve and take the approval back: the head."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role is Role.HEAD)


def discrepancies_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Only who may read both submissions learns what they say differently."""
    seen = select(Submission.id).where(submissions_visible_to(viewer))
    return and_(Discrepancy.first_id.in_(seen), Discrepancy.second_id.in_(seen))


def may_resolve(viewer: Viewer) -> bool:
    """The data bank's operator, the coordinator, the administrator."""
    return viewer.is_data_bank_operator or viewer.role in (Role.COORDINATOR, Role.ADMINISTRATOR)
