"""Whose letters does a user see, and what may he or she do with them (access.md)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from models.access import Viewer
from models.exchange import Referral
from models.users import Role


def sent_by(viewer: Viewer) -> ColumnElement[bool]:
    """The outbox, drafts included."""
    return Referral.sender_id == viewer.agency_id


def sent_to(viewer: Viewer) -> ColumnElement[bool]:
    """The inbox: a draft of somebody else does not exist."""
    return and_(Referral.recipient_id == viewer.agency_id, Referral.sent_at.is_not(None))


def referrals_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Letters of both sides, of whoever passed one on, and all that were sent for those who oversee the region.

    Messages, files, events and people of a letter are visible with the letter and in no other way; internal notes
    only to the organisation that wrote them.
    """
    was_sent = Referral.sent_at.is_not(None)
    own = or_(sent_by(viewer), sent_to(viewer), and_(Referral.forwarded_by_id == viewer.agency_id, was_sent))
    return or_(own, was_sent) if viewer.reads_everybody else own


def is_sender_on_paper(referral: Referral) -> bool:
    """Of the two sides of a paper letter the sender is the one without accounts: ours only registered what came."""
    if not referral.is_on_paper or referral.sender_id is None:
        return referral.is_on_paper
    first = referral
    while first.origin is not None:  # What was passed on bears the number of whoever passed it on.
        first = first.origin
    has_sent = any(one.agency_id == first.sender_id and one.message_id is None for one in first.outgoing)
    has_come = any(one.agency_id == first.recipient_id and one.message_id is None for one in first.incoming)
    return has_come and not has_sent


def acts_for_sender(viewer: Viewer, referral: Referral) -> bool:
    """Whoever writes for the sender: its own people; for a sender without accounts those of the recipient."""
    if viewer.is_administrator or referral.sender_id == viewer.agency_id:
        return True
    return referral.recipient_id == viewer.agency_id and is_sender_on_paper(referral)


def acts_for_recipient(viewer: Viewer, referral: Referral) -> bool:
    """Whoever answers for the recipient: its own people; for a recipient without accounts those of the sender."""
    if viewer.is_administrator or referral.recipient_id == viewer.agency_id:
        return True
    is_theirs = referral.is_on_paper and referral.sender_id == viewer.agency_id
    return is_theirs and not is_sender_on_paper(referral)


def may_revoke(viewer: Viewer, referral: Referral) -> bool:
    """The sender: whoever wrote it, or the head."""
    if viewer.is_administrator:
        return True
    if not acts_for_sender(viewer, referral):
        return False
    return viewer.role is Role.HEAD or (viewer.user_id is not None and referral.author_id == viewer.user_id)
