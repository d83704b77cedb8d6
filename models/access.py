"""Whom does a user see: the one row predicate (access.md, «Rows»)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from models.access_grants import AccessGrant, AccessProfile
from models.graduates import Graduate
from models.reckoning import years_later
from models.support import Assignment, Responsibility
from models.territory import Agency, AgencyDistrict, AgencyKind
from models.users import Role, User

RETENTION_YEARS = 5  # A former agency goes on reading for as long as journals are kept (domain §8.4).


class tested_row_by_row(FunctionElement[bool]):
    """A condition that is no way to find rows, only to test those found by the rest of the query.

    SQLite would collect everybody whom any part of an OR names, row after row of the table, before it sorts them; it
    does well to walk an index in the order of the list instead. PostgreSQL weighs the two by itself.
    """

    type = Boolean()
    inherit_cache = True
    name = "tested_row_by_row"


@compiles(tested_row_by_row)
def _as_it_is(element: tested_row_by_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)})"


@compiles(tested_row_by_row, "sqlite")
def _hidden_from_planner(element: tested_row_by_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CASE WHEN {compiler.process(element.clauses, **kw)} THEN 1 ELSE 0 END"


@dataclass(frozen=True)
class Viewer:
    """All that the access rules need to know of a user on a day."""

    user_id: int
    role: Role
    agency_id: int
    agency_kind: AgencyKind
    sees_whole_region: bool
    is_data_bank_operator: bool
    district_ids: tuple[int, ...]
    on: date

    @classmethod
    def of(cls, session: Session, user: User, on: date) -> "Viewer":
        return cls(
            user_id=user.id,
            role=user.role,
            agency_id=user.agency_id,
            agency_kind=user.agency.kind,
            sees_whole_region=user.agency.sees_whole_region,
            is_data_bank_operator=user.agency.is_data_bank_operator,
            district_ids=served_districts(session, agency_id=user.agency_id, on=on),
            on=on,
        )

    @property
    def is_administrator(self) -> bool:
        return self.role is Role.ADMINISTRATOR

    @property
    def is_guardianship(self) -> bool:
        return self.agency_kind is AgencyKind.GUARDIANSHIP

    @property
    def reads_everybody(self) -> bool:
        return self.is_administrator or self.sees_whole_region


def served_districts(session: Session, *, agency_id: int, on: date) -> tuple[int, ...]:
    """Districts that the agency serves on a day."""
    query = select(AgencyDistrict.district_id).where(
        AgencyDistrict.agency_id == agency_id,
        AgencyDistrict.starts_on <= on,
        or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= on),
    )
    return tuple(sorted(set(session.scalars(query))))


def _in_own_districts(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.district_ids:
        return false()
    return or_(
        Graduate.district_id.in_(viewer.district_ids),
        Graduate.origin_district_id.in_(viewer.district_ids),
    )


def of_own_agency(viewer: Viewer) -> ColumnElement[bool]:
    """Rows 1 and 2: the responsible agency; a guardianship body's districts of stay or origin."""
    own = Graduate.agency_id == viewer.agency_id
    return or_(own, _in_own_districts(viewer)) if viewer.is_guardianship else own


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Graduates whom the viewer may see; deleted cards are nobody's but the restoring administrator's."""
    not_deleted = Graduate.deleted_at.is_(None)
    if viewer.reads_everybody:
        return not_deleted
    formerly = select(Responsibility.graduate_id).where(
        Responsibility.agency_id == viewer.agency_id,
        Responsibility.ends_on >= years_later(viewer.on, -RETENTION_YEARS),
    )
    assigned = select(Assignment.graduate_id).where(
        Assignment.user_id == viewer.user_id,
        Assignment.starts_on <= viewer.on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= viewer.on),
    )
    opened = opened_to(viewer, AccessProfile.CARD)
    conditions = [of_own_agency(viewer), *(Graduate.id.in_(some) for some in (formerly, assigned, opened))]
    oversees = viewer.agency_kind in (AgencyKind.COORDINATION_CENTRE, AgencyKind.DEPARTMENT)
    if oversees:  # Row 5 for a centre of a part of the region.
        conditions.append(_in_own_districts(viewer))
    return and_(not_deleted, tested_row_by_row(or_(*conditions)))


def opened_to(viewer: Viewer, profile: AccessProfile) -> Select[int]:
    """Row 3: numbers of the cards that accepted referrals open to the viewer's organisation on the day."""
    g = AccessGrant
    is_open = or_(g.ends_on.is_(None), g.ends_on >= viewer.on)
    query = select(g.graduate_id).where(g.agency_id == viewer.agency_id, g.profile == profile)
    return query.where(g.starts_on <= viewer.on, is_open)


def editable_by(viewer: Viewer) -> ColumnElement[bool]:
    """Graduates whom the viewer may change (access.md, «Actions by role»); a part of the visible ones."""
    if viewer.is_administrator:
        return true()
    if viewer.is_data_bank_operator and (viewer.sees_whole_region or viewer.role is Role.COORDINATOR):
        return visible_to(viewer)
    if viewer.role is Role.COORDINATOR:
        return false()
    return and_(Graduate.deleted_at.is_(None), of_own_agency(viewer))


def agencies_in_reach(viewer: Viewer) -> ColumnElement[bool]:
    """Organisations whose reports the viewer may make (access.md, «statutory reports»)."""
    if viewer.is_administrator or (viewer.role is Role.COORDINATOR and viewer.sees_whole_region):
        return true()
    if viewer.role is Role.COORDINATOR:
        served = select(AgencyDistrict.agency_id).where(
            AgencyDistrict.district_id.in_(viewer.district_ids),
            AgencyDistrict.starts_on <= viewer.on,
            or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= viewer.on),
        )
        return or_(Agency.id == viewer.agency_id, Agency.id.in_(served))
    return Agency.id == viewer.agency_id
