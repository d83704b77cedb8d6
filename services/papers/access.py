"""Who may print a paper: whoever sees its person, for the own organisation; overseers for all.

A letter is printed by both of its sides, papers of a meeting by whoever sees the meeting.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session

from models.access import Viewer, of_own_agency, visible_to
from models.case_access import of_visible_people
from models.cases import Contract, ContractAmendment
from models.exchange import OutgoingLetter, Referral
from models.exchange_access import referrals_visible_to
from models.files import DeclinedForm, DeclinedKind
from models.graduates import Graduate
from models.meeting_access import meetings_visible_to
from models.meetings import Meeting
from models.territory import Agency
from models.users import User
from services.papers.paper import Paper


def subject(session: Session, *, paper: Paper, record_id: int, viewer: Viewer) -> Any:
    """The record that a paper is about, or None for a stranger and for a record that has no such paper."""
    model = paper.model
    query = select(model).where(model.id == record_id, visible_rows(viewer, model))
    record = session.scalars(query).one_or_none()
    return record if record is not None and paper.offered(record) else None


def visible_rows(viewer: Viewer, model: type[Any]) -> ColumnElement[bool]:
    if model is Agency:  # The directory is read by everybody.
        return true()
    if model is Graduate:
        return visible_to(viewer)
    if model is Referral:
        return referrals_visible_to(viewer)
    if model is OutgoingLetter:
        return OutgoingLetter.referral_id.in_(select(Referral.id).where(referrals_visible_to(viewer)))
    if model is Meeting:
        return meetings_visible_to(viewer)
    if model is ContractAmendment:
        seen = select(Contract.id).where(of_visible_people(viewer, Contract))
        return ContractAmendment.contract_id.in_(seen)
    return of_visible_people(viewer, model)


def may_print(session: Session, *, viewer: Viewer, record: Any) -> bool:
    """Papers are the organisation's own; a reader of the card in another one does not print them."""
    if viewer.reads_everybody:
        return True
    if isinstance(record, Agency):
        return record.id == viewer.agency_id
    if isinstance(record, Graduate):
        own = select(Graduate.id).where(Graduate.id == record.id, of_own_agency(viewer))
        return session.scalar(own) is not None
    if isinstance(record, Referral | OutgoingLetter | Meeting):  # Seen by whoever may print it.
        return session.scalar(select(type(record).id).where(*_this(viewer, record))) is not None
    owner = record.contract if isinstance(record, ContractAmendment) else record
    return bool(getattr(owner, "agency_id", None) == viewer.agency_id)


def _this(viewer: Viewer, record: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    model = type(record)
    return model.id == record.id, visible_rows(viewer, model)


def forms_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Forms of positions, of the own staff, of the directory, and of people whom the viewer sees."""
    if viewer.is_administrator:
        return true()
    form = DeclinedForm.nominative
    key = func.replace(func.replace(func.lower(form), "ё", "е"), "-", " ")  # as models.text.normalise makes it
    person = exists().where(Graduate.name_key == key, visible_to(viewer))
    staff = exists().where(User.agency_id == viewer.agency_id, User.name == form)
    directory = exists().where(or_(Agency.head_name == form, Agency.responsible_name == form))
    return or_(DeclinedForm.kind == DeclinedKind.POSITION, person, staff, directory)
