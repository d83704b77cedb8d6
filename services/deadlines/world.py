"""The organisations as rules see them on a day: who follows what, who serves whom, which body a name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from models.rule_terms import By, EvidenceKind, Party, Per, RuleTerms, Trigger, full_key
from models.territory import AgencyKind
from services.deadlines.dates import DAY
from services.deadlines.fact import Fact
from services.deadlines.people import Person
from services.profiles import Profile

UNBOUND = Profile(regulations=())  # Follows nothing.
FLAGS = {"data_bank_operator": "is_data_bank_operator", "sees_whole_region": "sees_whole_region"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A current version of a rule, ready for use."""

    id: int
    key: str
    code: str
    regulation_id: int
    title: str
    terms: RuleTerms
    in_force_from: date
    in_force_to: date | None
    is_earlier: bool = False  # A newer version follows it on the day after `in_force_to`.

    @property
    def letters(self) -> list[str]:
        """Keys of the kinds of letters from which its term runs."""
        pack = self.key.partition("/")[0]
        return [full_key(pack, word) for word in self.terms.trigger_of]

    @property
    def is_about_people(self) -> bool:
        return self.terms.per in (Per.GRADUATE, Per.RECORD)


@dataclass(slots=True)
class Body:
    """An organisation: its kind, the districts it serves, the regulations it follows (id → first and last day).

    `profile`: the ages of those whom it supports.
    """

    id: int
    kind: AgencyKind
    flags: frozenset[str]
    districts: frozenset[int] = frozenset()
    follows: dict[int, tuple[date, date | None]] = field(default_factory=dict)
    specialists: list[int] = field(default_factory=list)
    profile: Profile = UNBOUND


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom: an organisation, or words. `mark` tells it from the rule's other recipients in a subject."""

    mark: str
    agency_id: int | None = None
    text: str = ""


NOBODY = (Recipient(""),)


@dataclass
class World:
    rules: list[Rule]
    bodies: dict[int, Body]
    by_district: dict[tuple[str, int], list[int]]  # (kind, district) → bodies, oldest first
    by_kind: dict[str, list[int]]
    bindings: dict[tuple[int, str], list[tuple[int, int | None]]]  # (regulation, role) → (body, district)
    roles: dict[tuple[int, str], Mapping[str, Any]]  # (regulation, role) → what the pack says of it
    switches: dict[tuple[str, int], date]
    common_id: int | None
    earlier: list[Rule] = field(default_factory=list)  # Versions until the day before the next one's first.
    heard: dict[tuple[Trigger, str], list[Rule]] = field(default_factory=dict)  # Rules that name a kind of letters.
    replaced: dict[str, set[int]] = field(default_factory=dict)  # common rule → regulations with a rule of their own
    bound: dict[tuple[Any, ...], tuple[Body, date, date] | None] = field(default_factory=dict)  # Remembered answers.

    def __post_init__(self) -> None:
        for rule in self.rules:
            for code in rule.terms.replaces:
                self.replaced.setdefault(code, set()).add(rule.regulation_id)
            for trigger, key in product(rule.terms.triggers, rule.letters):
                self.heard.setdefault((trigger, key), []).append(rule)

    # -- Which rule binds whom, and since when -------------------------------------------------------------------

    def in_force(self, rule: Rule, body: Body) -> tuple[date, date] | None:
        """The first and last day on which the rule binds the organisation; None: it never does."""
        own = rule.regulation_id != self.common_id
        followed = [days for regulation, days in body.follows.items() if not own or regulation == rule.regulation_id]
        if not followed:
            return None
        first = max(min(start for start, _ in followed), rule.in_force_from)
        last = min(max(end or date.max for _, end in followed), rule.in_force_to or date.max)
        if switched_off := self.switches.get((rule.key, body.id)):
            last = min(last, switched_off - DAY)
        if own:
            return (first, last) if first <= last else None
        return self._not_replaced(rule, body, first, last)

    def _not_replaced(self, rule: Rule, body: Body, first: date, last: date) -> tuple[date, date] | None:
        """What is left of a common rule's days beside those of the regulations that have a rule of their own instead.

        Of days before and days after such a regulation those after it.
        """
        for regulation in self.replaced.get(rule.code, set()) & body.follows.keys():
            start, end = body.follows[regulation]
            if start > last or (end is not None and end < first):
                continue
            if end is not None and end < last:
                first = end + DAY
            else:
                last = start - DAY if start > date.min else start
        return (first, last) if first <= last else None

    def versions(self) -> list[Rule]:
        """The rules, each after those of its earlier versions that still have a say."""
        keys = {rule.key for rule in self.rules}
        return [*(rule for rule in self.earlier if rule.key in keys), *self.rules]

    def is_told_by(self, rule: Rule, trigger: Trigger, fact: Fact) -> bool:
        """Whether the term runs from this letter: its kind is named by the rule, or by no other that binds as well."""
        if not fact.kind:
            return True
        if rule.terms.evidence is EvidenceKind.REPLY and fact.last_on is None:
            return False  # Nobody waits for an answer.
        if rule.terms.trigger_of:
            return fact.kind in rule.letters
        body = self.bodies.get(fact.agency_id or 0)
        others = self.heard.get((trigger, fact.kind), ())
        return not any(body and self._binds_on(other, body, fact) for other in others if other.key != rule.key)

    def _binds_on(self, rule: Rule, body: Body, fact: Fact) -> bool:
        force = self.in_force(rule, body)
        return force is not None and force[0] <= fact.on <= force[1] and self.binds(rule, body)

    def began(self, rule: Rule, body: Body) -> date:
        """The first day on which any version of a rule that binds the organisation did so."""
        versions = [rule, *(one for one in self.earlier if one.key == rule.key)]
        return min((force[0] for one in versions if (force := self.in_force(one, body))), default=date.max)

    @cached_property
    def since(self) -> date:
        """The first day on which anybody follows anything."""
        return min((start for body in self.bodies.values() for start, _ in body.follows.values()), default=date.max)

    # -- Who is meant --------------------------------------------------------------------------------------------

    def obliged(self, rule: Rule) -> list[Body]:
        """Organisations that a rule «per agency» or «per specialist» binds."""
        party = rule.terms.obliged
        if party.role:
            return [self.bodies[body_id] for body_id in self._bound(rule.regulation_id, party.role, None)]
        return [self.bodies[body_id] for kind in party.kinds for body_id in self.by_kind.get(kind, ())]

    def binds(self, rule: Rule, body: Body) -> bool:
        """By kind or by name; a rule about people that names neither binds whoever leads their support."""
        party = rule.terms.obliged
        if not party.kinds and not party.role:
            return party.by is not None
        return any(obliged.id == body.id for obliged in self.obliged(rule))

    def obliged_for(
        self, rule: Rule, person: Person, fact_agency: int | None = None, place: int | None = None
    ) -> tuple[Body, date, date] | None:
        """The organisation that a rule about a person binds, and the first and last day on which it does."""
        key = (rule.id, person.where, fact_agency, place)
        if key not in self.bound:
            found = self._for_person(rule, rule.terms.obliged, person, fact_agency, place)
            body = self.bodies.get(found) if found is not None else None
            force = self.in_force(rule, body) if body else None
            self.bound[key] = (body, *force) if body and force else None
        return self.bound[key]

    def recipients(self, rule: Rule, body: Body, person: Person | None, place: int | None = None) -> list[Recipient]:
        found: list[Recipient] = []
        for number, party in enumerate(rule.terms.recipients):
            if person is not None:
                mark = f">{number}" if number else ""
                agency_id = self._for_person(rule, party, person, None, place)
                found.append(Recipient(mark, agency_id, "" if agency_id else self._words(rule, party)))
            else:
                found += self._of_agency(rule, party, body, number)
        if not found:
            return list(NOBODY)
        return [one for one in found if one.agency_id is None or one.agency_id != body.id]  # Nobody tells oneself.

    def _of_agency(self, rule: Rule, party: Party, body: Body, number: int) -> list[Recipient]:
        if party.role:
            ids = self._bound(rule.regulation_id, party.role, None, near=body)
        elif party.by is By.SERVED_DISTRICTS:
            ids = self._serving(party.kinds, body.districts)
        else:
            ids = [one for kind in party.kinds for one in self.by_kind.get(kind, ())]
            near = [one for one in ids if self.bodies[one].districts & body.districts]
            ids = near or ids
        ids = [one for one in ids if one != body.id]
        if not ids:
            return [Recipient(f">t{number}", None, self._words(rule, party))]
        return [Recipient(f">a{one}", one) for one in ids]

    def _words(self, rule: Rule, party: Party) -> str:
        if party.is_graduate:
            return "выпускник"
        if party.role:
            return str(self.roles.get((rule.regulation_id, party.role), {}).get("title", party.role))
        return party.text or ", ".join(AgencyKind(kind).label for kind in party.kinds)

    def _serving(self, kinds: Iterable[str], districts: Iterable[int]) -> list[int]:
        ids = {one for kind in kinds for place in districts for one in self.by_district.get((kind, place), ())}
        return sorted(ids)

    def _bound(self, regulation_id: int, role: str, district: int | None, near: Body | None = None) -> list[int]:
        """Bodies that a name means: those bound in the settings, else by what the pack says of the name."""
        bound = self.bindings.get((regulation_id, role), [])
        places = {district} if district else (near.districts if near else set())
        ids = [one for one, place in bound if place is None or not places or place in places]
        if ids:
            return ids
        default = self.roles.get((regulation_id, role), {}).get("default", {})
        if flag := default.get("flag"):
            return [one for one in sorted(self.bodies) if FLAGS.get(flag, flag) in self.bodies[one].flags]
        kinds = default.get("kind", ())
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        if places:
            return self._serving(kinds, places)
        return [one for kind in kinds for one in self.by_kind.get(kind, ())]

    def _for_person(
        self, rule: Rule, party: Party, person: Person, fact_agency: int | None, place: int | None
    ) -> int | None:
        """One body of the party's kinds; of several in a district the responsible one, else the oldest."""
        if party.is_graduate or party.text:
            return None
        where = person.where
        home = where.district_id or where.origin_district_id
        if party.role:
            ids = self._bound(rule.regulation_id, party.role, home)
            return ids[0] if ids else None
        own: dict[By, int | None] = {
            By.RESPONSIBLE: where.agency_id,
            By.GRADUATING: where.graduating_agency_id,
            By.COLLEGE: self._college(place) or where.college_id,
            By.PLACEMENT: place,
            By.RECORDER: fact_agency if fact_agency is not None else where.agency_id,
        }
        by = party.by or By.RESPONSIBLE
        if by in own:
            one = own[by]
            body = self.bodies.get(one) if one is not None else None
            return body.id if body and (not party.kinds or body.kind in party.kinds) else None
        district = where.origin_district_id if by is By.ORIGIN_DISTRICT else home
        ids = self._serving(party.kinds, [district] if district else [])
        return where.agency_id if where.agency_id in ids else next(iter(ids), None)

    def _college(self, place: int | None) -> int | None:
        """Where the fact itself says so: a leave may be ordered before it begins."""
        body = self.bodies.get(place) if place is not None else None
        return body.id if body and body.kind is AgencyKind.COLLEGE else None
