"""Whose names stand in a paper of one agency on a day, as SQL conditions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from models.access import served_districts
from models.circumstances import Address, AddressKind, Placement
from models.dictionaries import PlacementForm
from models.graduates import Graduate
from models.support import Responsibility


def of_guardianship(session: Session, agency_id: int, on: date) -> ColumnElement[bool]:
    """People of a guardianship body: of its districts, by stay or origin, or its own."""
    districts = served_districts(session, agency_id=agency_id, on=on)
    return or_(is_responsible(agency_id, on), stays_in(districts, on), comes_from(districts))


def is_responsible(agency_id: int, on: date) -> ColumnElement[bool]:
    """The agency was responsible on the day; where its term is not dated, being responsible now counts."""
    terms = select(Responsibility.id).where(
        Responsibility.graduate_id == Graduate.id, Responsibility.agency_id == agency_id
    )
    then = terms.where(
        Responsibility.starts_on <= on, or_(Responsibility.ends_on.is_(None), Responsibility.ends_on >= on)
    )
    return or_(then.exists(), and_(Graduate.agency_id == agency_id, ~terms.exists()))


def stays_in(district_ids: Sequence[int], on: date) -> ColumnElement[bool]:
    """The address of stay that held on the day lies in one of the districts."""
    if not district_ids:
        return false()
    newer = aliased(Address)
    supersedes = or_(
        newer.starts_on > Address.starts_on, and_(newer.starts_on == Address.starts_on, newer.id > Address.id)
    )
    return exists().where(
        Address.graduate_id == Graduate.id,
        _held(Address, on),
        Address.district_id.in_(district_ids),
        ~exists().where(newer.graduate_id == Address.graduate_id, _held(newer, on), supersedes).correlate(Address),
    )


def _held(address: type[Address], on: date) -> ColumnElement[bool]:
    return and_(
        address.kind == AddressKind.RESIDENCE,
        address.starts_on <= on,
        or_(address.ends_on.is_(None), address.ends_on >= on),
    )


def comes_from(district_ids: Sequence[int]) -> ColumnElement[bool]:
    return Graduate.origin_district_id.in_(district_ids) if district_ids else false()


def was_in_foster_family(on: date) -> ColumnElement[bool]:
    return exists().where(
        Placement.graduate_id == Graduate.id,
        Placement.starts_on <= on,
        Placement.form_code == PlacementForm.code,
        PlacementForm.is_family.is_(True),
    )


def has_placement(on: date) -> ColumnElement[bool]:
    return exists().where(Placement.graduate_id == Graduate.id, Placement.starts_on <= on)
