"""The letters whose history a transaction went on with, and the obligations about nobody that have to do with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.exchange import Referral, ReferralPerson
from models.rule_terms import RuleTerms, Trigger
from services.deadlines.letter_facts import OF_LETTERS

AT_ONCE = 100  # Letters named by one statement.


@dataclass(frozen=True)
class Letters:
    """Some letters: their numbers and kinds, both sides, whom they name, and which facts they may tell."""

    ids: tuple[int, ...]
    kinds: frozenset[str]
    sides: frozenset[int]
    triggers: frozenset[Trigger]
    people_of_one: frozenset[int] = field(default_factory=frozenset)  # Whom a letter names alone.
    people_of_several: frozenset[int] = field(default_factory=frozenset)
    are_about_nobody: bool = False  # Any of them is, or may stand for a letter of its organisation.

    @property
    def names(self) -> list[str]:
        return [f"referral:{number}" for number in self.ids]

    def told(self, rule_keys: Iterable[str]) -> ColumnElement[bool]:
        """Obligations of some rules that arose from the letters."""
        return Deadline.rule_key.in_([*rule_keys]) & Deadline.agency_id.in_(self.sides) & self._arose()

    def may_close(self, terms: dict[int, RuleTerms]) -> ColumnElement[bool]:
        """Obligations that arose from the letters, or ask for letters of their kinds; `terms` of rules by number."""
        asking = [number for number, said in terms.items() if not self.kinds.isdisjoint(said.evidence_of)]
        return Deadline.agency_id.in_(self.sides) & or_(self._arose(), Deadline.rule_id.in_(asking))

    def _arose(self) -> ColumnElement[bool]:
        begun = (Deadline.subject.startswith(f"{name}>") for name in self.names)
        return or_(Deadline.subject.in_(self.names), *begun)


def letters_of(session: Session, ids: Collection[int]) -> Iterator[Letters]:
    """Letters by number, some at a time; two statements each."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        yield _letters_of(session, wanted[start : start + AT_ONCE])


def _letters_of(session: Session, ids: list[int]) -> Letters:
    r, p = Referral, ReferralPerson
    people: dict[int, list[int | None]] = {number: [] for number in ids}
    for referral_id, graduate_id in session.execute(select(p.referral_id, p.graduate_id).where(p.referral_id.in_(ids))):
        people[referral_id].append(graduate_id)
    rows = session.execute(select(r.id, r.kind_key, r.sender_id, r.recipient_id, r.terms).where(r.id.in_(ids))).all()
    one = {number for number, named in people.items() if len(named) == 1 and named[0] is not None}
    return Letters(
        ids=tuple(ids),
        kinds=frozenset(row.kind_key for row in rows),
        sides=frozenset(side for row in rows for side in (row.sender_id, row.recipient_id) if side is not None),
        triggers=OF_LETTERS.union(Trigger(told) for row in rows for told in row.terms.get("tells", ())),
        people_of_one=frozenset(g for number in one for g in people[number] if g is not None),
        people_of_several=frozenset(g for number in people.keys() - one for g in people[number] if g is not None),
        are_about_nobody=any(row.id not in one or row.terms.get("about") != "person" for row in rows),
    )
