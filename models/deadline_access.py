"""Whose obligations does a user see, and about which may he or she act (access.md: actions by role)."""

from sqlalchemy import ColumnElement, Select, or_, select, true

from models.access import Viewer
from models.deadlines import Deadline, Occurrence
from models.territory import AgencyDistrict, AgencyKind
from models.users import Role

WAIVING = frozenset({Role.HEAD, Role.COORDINATOR})


def deadlines_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Duties of the own organisation, those that it waits for, and what a centre oversees.

    A person of whom such a duty speaks may still be out of sight (models.access.visible_to): then only the number of
    the card may be shown.
    """
    if viewer.reads_everybody:
        return true()
    conditions = [Deadline.agency_id == viewer.agency_id, Deadline.recipient_id == viewer.agency_id]
    if viewer.agency_kind in (AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT) and viewer.district_ids:
        conditions.append(Deadline.agency_id.in_(serving_with(viewer)))
    return or_(*conditions)


def serving_with(viewer: Viewer) -> Select[int]:
    """Organisations that serve any of the viewer's districts on the viewer's day."""
    return select(AgencyDistrict.agency_id).where(
        AgencyDistrict.district_id.in_(viewer.district_ids),
        AgencyDistrict.starts_on <= viewer.on,
        or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= viewer.on),
    )


def may_fulfil(viewer: Viewer, agency_id: int) -> bool:
    """Mark as done, pause, record events: everybody for the own organisation."""
    return viewer.is_administrator or viewer.agency_id == agency_id


def may_waive(viewer: Viewer, agency_id: int) -> bool:
    """Not to be asked for at all: the head, or the coordinator of a centre for its own duties."""
    return viewer.is_administrator or (viewer.agency_id == agency_id and viewer.role in WAIVING)


def occurrences_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Events that the own organisation recorded."""
    return true() if viewer.reads_everybody else Occurrence.agency_id == viewer.agency_id
