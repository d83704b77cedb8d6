"""Reads the organisations and rules as they are on a day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.regulations import (
    COMMON,
    AgencyRegulation,
    DeadlineRule,
    Regulation,
    RoleBinding,
    RuleSwitch,
)
from models.rule_terms import RuleKind
from models.territory import Agency, AgencyDistrict
from models.users import Role, User
from services.deadlines.dates import DAY
from services.deadlines.world import FLAGS, Body, Rule, World
from services.profiles import Profile, merged
from services.regulations.loading import current_packs
from services.regulations.pack import Pack

SPECIALISTS = (Role.CLERK, Role.OFFICER)


def load_world(session: Session, *, on: date, only_events: bool = False) -> World:
    """Rules and organisations as of a day: ten statements, however many people there are."""
    bodies = _bodies(session, on)
    by_kind: dict[str, list[int]] = defaultdict(list)
    by_district: dict[tuple[str, int], list[int]] = defaultdict(list)
    for body in bodies.values():
        by_kind[body.kind.value].append(body.id)
        for district in sorted(body.districts):
            by_district[body.kind.value, district].append(body.id)
    bindings: dict[tuple[int, str], list[tuple[int, int | None]]] = defaultdict(list)
    for binding in session.execute(
        select(RoleBinding.regulation_id, RoleBinding.role, RoleBinding.agency_id, RoleBinding.district_id).order_by(
            RoleBinding.id
        )
    ):
        if binding.agency_id in bodies:
            bindings[binding.regulation_id, binding.role].append((binding.agency_id, binding.district_id))
    rules = _rules(session, only_events=only_events)
    packs = _packs(session)
    _give_profiles(bodies, packs, on)
    switches = select(RuleSwitch.rule_key, RuleSwitch.agency_id, RuleSwitch.starts_on)
    return World(
        rules=rules,
        earlier=_earlier(session, rules),
        bodies=bodies,
        by_district=dict(by_district),
        by_kind=dict(by_kind),
        bindings=dict(bindings),
        roles={
            (regulation_id, role["code"]): role
            for regulation_id, pack in packs.items()
            for role in pack.section("roles")
        },
        switches={(key, agency): starts for key, agency, starts in session.execute(switches)},
        common_id=session.scalar(select(Regulation.id).where(Regulation.code == COMMON)),
    )


def _rules(session: Session, *, only_events: bool) -> list[Rule]:
    kinds = (RuleKind.EVENT,) if only_events else tuple(RuleKind)
    query = select(DeadlineRule).where(DeadlineRule.is_current, DeadlineRule.kind.in_(kinds)).order_by(DeadlineRule.id)
    return [_rule(row, row.in_force_to) for row in session.scalars(query)]


def _earlier(session: Session, current: list[Rule]) -> list[Rule]:
    """Versions that a newer one follows on a later day: what happened before that day is theirs."""
    since = {rule.key: (rule.in_force_from, rule.terms.kind) for rule in current}
    query = select(DeadlineRule).where(~DeadlineRule.is_current).order_by(DeadlineRule.version.desc())
    found = []
    for row in session.scalars(query):
        following, kind = since.get(row.key, (date.min, row.kind))
        if row.in_force_from < following and row.kind is kind:
            last = following - DAY
            found.append(_rule(row, min(row.in_force_to or last, last), is_earlier=True))
            since[row.key] = row.in_force_from, kind
    return found[::-1]


def _rule(row: DeadlineRule, in_force_to: date | None, *, is_earlier: bool = False) -> Rule:
    return Rule(
        id=row.id,
        key=row.key,
        code=row.code,
        regulation_id=row.regulation_id,
        title=row.title,
        terms=row.terms,
        in_force_from=row.in_force_from,
        in_force_to=in_force_to,
        is_earlier=is_earlier,
    )


def _bodies(session: Session, on: date) -> dict[int, Body]:
    flags = [getattr(Agency, name) for name in FLAGS.values()]
    agencies = select(Agency.id, Agency.kind, *flags).where(Agency.is_active).order_by(Agency.id)
    bodies = {
        number: Body(number, kind, frozenset(name for name, is_on in zip(FLAGS.values(), on_off, strict=True) if is_on))
        for number, kind, *on_off in session.execute(agencies)
    }
    served: dict[int, set[int]] = defaultdict(set)
    for agency_id, district_id in session.execute(
        select(AgencyDistrict.agency_id, AgencyDistrict.district_id).where(
            AgencyDistrict.starts_on <= on, or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= on)
        )
    ):
        served[agency_id].add(district_id)
    for agency_id, districts in served.items():
        if agency_id in bodies:
            bodies[agency_id].districts = frozenset(districts)
    a = AgencyRegulation
    follows = select(a.agency_id, a.regulation_id, a.starts_on, a.ends_on).order_by(a.starts_on.desc())
    for row in session.execute(follows):  # The earliest comes last and stays, with the latest end.
        if row.agency_id in bodies:
            later = bodies[row.agency_id].follows.get(row.regulation_id)
            bodies[row.agency_id].follows[row.regulation_id] = (row.starts_on, later[1] if later else row.ends_on)
    specialists = select(User.id, User.agency_id).where(User.role.in_(SPECIALISTS), User.is_locked.is_(False))
    for user_id, agency_id in session.execute(specialists.order_by(User.id)):
        if agency_id in bodies:
            bodies[agency_id].specialists.append(user_id)
    return bodies


def _packs(session: Session) -> dict[int, Pack]:
    """What the newest version of each regulation says, by the regulation's number."""
    ids = dict(session.execute(select(Regulation.code, Regulation.id)).all())
    return {ids[pack.code]: pack for pack in current_packs(session)}


def _give_profiles(bodies: dict[int, Body], packs: Mapping[int, Pack], on: date) -> None:
    """Organisations that follow the same regulations on the day have the same profile."""
    common = next((pack for pack in packs.values() if pack.code == COMMON), None)
    known: dict[tuple[int, ...], Profile] = {}
    for body in bodies.values():
        own = tuple(
            number
            for number in packs
            if number in body.follows
            and body.follows[number][0] <= on
            and on <= (body.follows[number][1] or on)
            and packs[number] is not common
        )
        if own not in known:
            known[own] = merged([packs[number] for number in own], common)
        body.profile = known[own]
