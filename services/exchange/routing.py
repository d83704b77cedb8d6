"""To whom a letter goes: organisations proposed by territory, roles, studies and support, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.access import served_districts
from models.circumstances import Study
from models.graduates import Graduate
from models.regulations import Regulation, RoleBinding
from models.rule_terms import EvidenceKind, Party, RuleTerms
from models.territory import Agency, AgencyKind, District
from services.exchange.kinds import ReferralKind
from services.exchange.territories import serving
from services.regulations.loading import pack_of
from services.regulations.pack import ClauseRef, Pack

STUDYING = "studying"
FLAGS = {"data_bank_operator": Agency.is_data_bank_operator, "sees_whole_region": Agency.sees_whole_region}


@dataclass(frozen=True)
class Proposed:
    """An organisation that a letter may go to, and why. `is_chosen`: the clause of the kind means it."""

    agency: Agency
    reason: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Routing:
    """The proposals, best first; `warning` says that the territory answers nothing."""

    proposals: tuple[Proposed, ...]
    warning: str = ""


def route(
    session: Session, *, kind: ReferralKind, sender: Agency, graduate: Graduate | None = None, on: date
) -> Routing:
    """Whom to propose as recipients of a letter about a person, or about nobody in particular."""
    found = _Found(kind, sender)
    _by_role(session, found, graduate)
    _by_studies(session, found, graduate, on)
    warning = _by_territory(session, found, graduate, on)
    _by_support(session, found, graduate)
    if not found.reasons:
        _everywhere(session, found)
    return Routing(tuple(found.proposals()), "" if found.is_local else warning)


class _Found:
    """Organisations found so far, in the order of what speaks for them."""

    def __init__(self, kind: ReferralKind, sender: Agency) -> None:
        self.kind, self.sender = kind, sender
        self.agencies: dict[int, Agency] = {}
        self.reasons: dict[int, list[str]] = {}
        self.meant: set[int] = set()  # Whom the clause means by name, or the person's own place of study.
        self.meant_kinds: set[AgencyKind] = set()
        self.is_local = False  # Somebody serves the district, or the clause names somebody.

    def add(self, agency: Agency | None, reason: str) -> bool:
        is_fit = agency is not None and agency.is_active and agency.id != self.sender.id
        if not is_fit or agency is None or agency.kind not in self.kind.to_kinds:
            return False
        self.agencies[agency.id] = agency
        told = self.reasons.setdefault(agency.id, [])
        if reason not in told:
            told.append(reason)
        return True

    def proposals(self) -> Iterator[Proposed]:
        """The only one that fits is chosen; of several those whom the clause means by name or by kind."""
        is_only = len(self.reasons) == 1 and (self.is_local or len(self.kind.to_kinds) == 1)
        for number, reasons in self.reasons.items():
            agency = self.agencies[number]
            by_kind = not self.meant and self.is_local and agency.kind in self.meant_kinds
            yield Proposed(agency, "; ".join(reasons), is_only or by_kind or number in self.meant)


def _by_role(session: Session, found: _Found, graduate: Graduate | None) -> None:
    """Whom the rules mean that letters of the kind fulfil, or whose report they carry."""
    code = found.kind.key.partition("/")[0]
    pack = pack_of(session, code)
    roles = {role["code"]: role for role in pack.section("roles")} if pack else {}
    for party in _parties(pack, found.kind):
        role = roles.get(party.role, {})
        found.meant_kinds.update(map(AgencyKind, (*party.kinds, *_many(role.get("default", {}).get("kind", ())))))
        if not party.role:
            continue
        for agency in _bearers(session, code, party.role, role, home_of(graduate)):
            if found.add(agency, role.get("title", party.role)):
                found.meant.add(agency.id)
                found.is_local = True


def _parties(pack: Pack | None, kind: ReferralKind) -> Iterable[Party]:
    if pack is None:
        return ()
    rules = [
        one
        for one in pack.rules
        if fulfils(kind, one.terms, pack.code, one.clause) or _carries(kind, one.terms, pack.code)
    ]
    return dict.fromkeys(party for rule in rules for party in rule.terms.recipients)


def _carries(kind: ReferralKind, terms: RuleTerms, regulation: str) -> bool:
    """Whether letters of a kind take the report along that a rule asks for: both bear the same name."""
    return terms.evidence is EvidenceKind.SUBMISSION and f"{regulation}/{terms.report}" == kind.key


def fulfils(kind: ReferralKind, terms: RuleTerms, regulation: str, clause: ClauseRef) -> bool:
    """Whether a rule asks for letters of a kind: by name, or else because both come from the same clause."""
    if not terms.is_by_letter:
        return False
    if named := [word for word in terms.evidence_of if "/" in word]:
        return kind.key in named
    own = kind.terms.get("clause")
    return own is not None and kind.key.partition("/")[0] == regulation and ClauseRef.of(own) == clause


def _many(kinds: str | Iterable[str]) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def _bearers(session: Session, code: str, name: str, role: Mapping[str, Any], home: int | None) -> list[Agency]:
    """Those bound to a name in the settings, for the district or everywhere; else of its flag, or the only one."""
    b = RoleBinding
    query = select(Agency).join(b, b.agency_id == Agency.id).join(Regulation, Regulation.id == b.regulation_id)
    query = query.where(Regulation.code == code, b.role == name)
    if home is not None:
        query = query.where(or_(b.district_id.is_(None), b.district_id == home))
    bound = list(session.scalars(query.order_by(b.district_id.is_(None), b.id)))
    default = role.get("default", {})
    if bound:
        return bound
    if default.get("flag") in FLAGS:
        return list(session.scalars(select(Agency).where(FLAGS[default["flag"]]).order_by(Agency.id)))
    if "by" in default or "kind" not in default:
        return []
    of_kind = select(Agency).where(Agency.kind.in_(_many(default["kind"])), Agency.is_active).order_by(Agency.id)
    only = list(session.scalars(of_kind.limit(2)))
    return only if len(only) == 1 else []


def _by_studies(session: Session, found: _Found, graduate: Graduate | None, on: date) -> None:
    if graduate is None or AgencyKind.COLLEGE not in found.kind.to_kinds:
        return
    s = Study
    query = select(Agency, s.starts_on).join(s, s.agency_id == Agency.id)
    query = query.where(s.graduate_id == graduate.id, s.status_code == STUDYING, s.starts_on <= on)
    query = query.where(or_(s.ends_on.is_(None), s.ends_on >= on))
    for college, since in session.execute(query.order_by(s.starts_on.desc(), s.id.desc()).limit(1)):
        if found.add(college, f"здесь учится с {since:%d.%m.%Y}"):
            found.meant.add(college.id)
            found.is_local = True


def _by_territory(session: Session, found: _Found, graduate: Graduate | None, on: date) -> str:
    """Organisations of the districts; a warning where the district of the person has none."""
    home = home_of(graduate)
    if home is not None:
        districts: tuple[int, ...] = (home,)
    elif graduate is not None:
        return "Район проживания не указан в карточке: показаны все, кому можно отправить."
    else:
        districts = served_districts(session, agency_id=found.sender.id, on=on)
    names = dict(session.execute(select(District.id, District.name).where(District.id.in_(districts))).all())
    for one in serving(session, kinds=found.kind.to_kinds, district_ids=districts, on=on):
        since = f"{one.starts_on:%d.%m.%Y}"
        if found.add(one.agency, f"обслуживает: {names[one.district_id]}, с {since}"):
            found.is_local = True
    if home is None:
        return ""
    return f"{names[home]}: среди получателей этого вида его никто не обслуживает. Показаны все, кому можно отправить."


def _by_support(session: Session, found: _Found, graduate: Graduate | None) -> None:
    if graduate is not None:
        found.add(graduate.agency, "ведёт сопровождение")
        found.add(graduate.graduating_agency, "организация выпуска")


def _everywhere(session: Session, found: _Found) -> None:
    """All of the kinds, those of the whole region first."""
    a = Agency
    query = select(a).where(a.kind.in_(found.kind.to_kinds), a.is_active, a.id != found.sender.id)
    for agency in session.scalars(query.order_by(a.sees_whole_region.desc(), a.short_name).limit(OFFERED)):
        found.add(agency, "работает по всему региону" if agency.sees_whole_region else agency.kind.label)


OFFERED = 50  # More are found by the picker.


def home_of(graduate: Graduate | None) -> int | None:
    """The district where a person lives; where that is unknown, of origin."""
    return (graduate.district_id or graduate.origin_district_id) if graduate is not None else None
