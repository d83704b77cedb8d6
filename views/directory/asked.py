"""What the directory shows: the organisations that an address asks for, in groups, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from models.territory import Agency, AgencyDistrict, AgencyKind, Agreement, AgreementParty, District
from models.users import User
from services.directory import FRESH_FOR
from views import edge, labels
from views.extensions import db
from views.registers import AgreementView, fragment

SIZE = 50
BY = {"kind": "по видам", "district": "по районам"}


@dataclass(frozen=True)
class Asked:
    """What the address says; whatever it says wrongly is left out."""

    q: str
    kinds: tuple[AgencyKind, ...]
    district_id: int | None
    is_stale: bool
    by: str
    page: int

    @classmethod
    def read(cls) -> Asked:
        args = request.args
        known = {kind.value for kind in AgencyKind}
        districts = {code for code, _ in labels.options("district")}
        district = args.get("district", "")
        page = args.get("page", "")
        return cls(
            q=args.get("q", "").replace("\x00", "").strip()[:200],
            kinds=tuple(AgencyKind(code) for code in dict.fromkeys(args.getlist("kind")) if code in known),
            district_id=int(district) if district in districts else None,
            is_stale=args.get("stale") == "1",
            by=args.get("by") if args.get("by") in BY else "kind",  # type: ignore[arg-type]
            page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        )

    def url(self, endpoint: str = "directory.index", **changes: Any) -> str:
        args: dict[str, Any] = {
            "q": self.q or None,
            "kind": [kind.value for kind in self.kinds] or None,
            "district": self.district_id,
            "stale": "1" if self.is_stale else None,
            "by": None if self.by == "kind" else self.by,
        }
        return url_for(endpoint, **(args | changes))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kinds or self.district_id or self.is_stale)

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Agency.is_active.is_(True)]
        if self.kinds:
            found.append(Agency.kind.in_(self.kinds))
        if self.district_id is not None:
            found.append(Agency.id.in_(select(AgencyDistrict.agency_id).where(_serves(self.district_id))))
        if self.is_stale:
            limit = edge.today() - FRESH_FOR
            found.append(or_(Agency.contacts_checked_on.is_(None), Agency.contacts_checked_on < limit))
        if self.q:
            found.append(_says(self.q))
        return found


def _serves(district_id: int | None = None) -> ColumnElement[bool]:
    """A term of service that holds today."""
    s, today = AgencyDistrict, edge.today()
    holds = and_(s.starts_on <= today, or_(s.ends_on.is_(None), s.ends_on >= today))
    return holds if district_id is None else and_(holds, s.district_id == district_id)


def _says(text: str) -> ColumnElement[bool]:
    """The organisation itself or one of its specialists."""
    a, u = Agency, User
    named = (a.name, a.short_name, a.aliases, a.head_name, a.responsible_name)
    itself = fragment(text, *named, a.address, a.phone, a.email)
    there = select(u.agency_id).where(~u.is_locked, fragment(text, u.name, u.position, u.phone, u.email))
    return or_(itself, a.id.in_(there))


# -- The page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """An organisation as the directory shows it."""

    agency: Agency
    group: str
    districts: tuple[str, ...]
    people: Sequence[User]
    agreements: Sequence[Agreement]


@dataclass(frozen=True)
class Shown:
    lines: Sequence[Line]
    total: int
    organisations: int


def shown(asked: Asked) -> Shown:
    """A page of the directory; an organisation of several districts stands under each of them."""
    query = _listed(asked)
    total, organisations = _counts(query)
    rows = db.session.execute(query.limit(SIZE).offset((asked.page - 1) * SIZE)).all()
    return Shown(_lines(asked, rows), total, organisations)


def _counts(query: Select[Any]) -> tuple[int, int]:
    found = query.order_by(None).subquery()
    row = db.session.execute(select(func.count(), func.count(found.c.id.distinct())).select_from(found)).one()
    return row[0], row[1]


def everything(asked: Asked) -> Sequence[Line]:
    """The whole of it, for a file; each organisation once."""
    one = Asked(asked.q, asked.kinds, asked.district_id, asked.is_stale, "kind", 1)
    return _lines(one, db.session.execute(_listed(one)).all())


def _listed(asked: Asked) -> Select[Any]:
    kinds = case({kind: number for number, kind in enumerate(AgencyKind)}, value=Agency.kind)
    query: Any
    if asked.by == "kind":
        query = select(Agency.id, Agency.kind.label("district")).where(*asked.conditions())
        by_kind: Select[Any] = query.order_by(kinds, Agency.short_name, Agency.id)
        return by_kind
    query = (
        select(Agency.id, District.short_name.label("district"))
        .outerjoin(AgencyDistrict, and_(AgencyDistrict.agency_id == Agency.id, _serves(asked.district_id)))
        .outerjoin(District, District.id == AgencyDistrict.district_id)
        .where(*asked.conditions())
    )
    is_nowhere = case((District.id.is_(None), 1), else_=0)
    by_district: Select[Any] = query.order_by(
        is_nowhere, District.short_name, District.id, kinds, Agency.short_name, Agency.id
    )
    return by_district


def _lines(asked: Asked, rows: Sequence[Any]) -> list[Line]:
    ids = {row.id for row in rows}
    agencies = {one.id: one for one in db.session.scalars(select(Agency).where(Agency.id.in_(ids)))}
    districts, people, agreements = _districts(ids), _people(ids), _agreements(ids)
    return [
        Line(
            agencies[row.id],
            agencies[row.id].kind.label if asked.by == "kind" else row.district or "Без района: вся область",
            tuple(districts.get(row.id, ())),
            people.get(row.id, ()),
            agreements.get(row.id, ()),
        )
        for row in rows
    ]


def _districts(ids: set[int]) -> dict[int, list[str]]:
    s = AgencyDistrict
    query = select(s.agency_id, District.short_name).join(District, District.id == s.district_id)
    query = query.where(s.agency_id.in_(ids), _serves()).order_by(District.short_name)
    found: dict[int, list[str]] = defaultdict(list)
    for agency_id, name in db.session.execute(query):
        found[agency_id].append(name)
    return found


def _people(ids: set[int]) -> dict[int, list[User]]:
    """Specialists whose accounts are open."""
    found: dict[int, list[User]] = defaultdict(list)
    for user in db.session.scalars(select(User).where(User.agency_id.in_(ids), ~User.is_locked).order_by(User.name)):
        found[user.agency_id].append(user)
    return found


def _agreements(ids: set[int]) -> dict[int, list[Agreement]]:
    """Agreements in force that the viewer may see."""
    p = AgreementParty
    query = (
        select(p.agency_id, Agreement)
        .join(Agreement, Agreement.id == p.agreement_id)
        .where(p.agency_id.in_(ids), AgreementView.seen_by(edge.viewer()), in_force(edge.today()))
        .order_by(Agreement.ends_on, Agreement.id)
    )
    found: dict[int, list[Agreement]] = defaultdict(list)
    for agency_id, agreement in db.session.execute(query):
        found[agency_id].append(agreement)
    return found


def in_force(on: date) -> ColumnElement[bool]:
    return and_(Agreement.starts_on <= on, or_(Agreement.ends_on.is_(None), Agreement.ends_on >= on))
