"""Whose documents, publications and trainings a user sees; who keeps, withdraws and answers them (access.md)."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from models.access import Viewer
from models.library import Audience, DocumentApproval, LibraryDocument
from models.users import Role

ANSWERING = frozenset({Role.HEAD, Role.OFFICER, Role.COORDINATOR})
SETTLING = frozenset({Role.HEAD, Role.COORDINATOR})


def library_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Documents of the own organisation, for everybody, or where it is named: as a reader, on the sheet, as checked.

    The one predicate of the library: lists, cards, editions, papers and counts obey it.
    """
    if viewer.is_administrator:
        return true()
    d = LibraryDocument
    named = select(DocumentApproval.document_id).where(DocumentApproval.agency_id == viewer.agency_id)
    return or_(
        d.agency_id == viewer.agency_id,
        d.audience == Audience.EVERYBODY,
        d.about_agency_id == viewer.agency_id,
        d.id.in_(named),
    )


def kept_by(viewer: Viewer, model: type[Any]) -> ColumnElement[bool]:
    """Publications, trainings: the own organisation's; all for those who oversee the region."""
    condition: ColumnElement[bool] = true() if viewer.reads_everybody else model.agency_id == viewer.agency_id
    return condition


def may_keep_library(viewer: Viewer, agency_id: int) -> bool:
    """Add documents, resources, publications and change them: everybody who works in the organisation."""
    return viewer.is_administrator or viewer.agency_id == agency_id


def may_withdraw(viewer: Viewer, agency_id: int) -> bool:
    """Withdraw a document, annul a publication: the head, or whoever coordinates in the organisation."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role in SETTLING)


def may_answer(viewer: Viewer, agency_id: int) -> bool:
    """Agree to a draft on behalf of an organisation that was asked: its head, officer or coordinator."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role in ANSWERING)


def may_oblige(viewer: Viewer) -> bool:
    """Make a document mandatory for everybody: those who oversee the region."""
    return viewer.reads_everybody or viewer.role is Role.COORDINATOR
