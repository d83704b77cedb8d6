"""Kinds of referrals, notices and requests: what the packs say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access_grants import AccessProfile
from models.exchange import ReferralUrgency
from models.reckoning import Unit
from models.regulations import COMMON
from models.rule_terms import Trigger
from models.territory import AgencyKind
from services.profiles import own_packs
from services.regulations.loading import pack_of
from services.regulations.pack import ClauseRef, Pack

ABOUT_PERSON, ABOUT_SEVERAL, ABOUT_NONE = "person", "several", "none"


@dataclass(frozen=True)
class KindField:
    """What a letter of the kind tells; `source` names what fills it in (services.exchange.fact_sources)."""

    label: str
    source: str = ""


@dataclass(frozen=True)
class ReferralKind:
    """A kind as a pack words it; `terms` is its entry, kept with every letter as it was then."""

    key: str  # primer-2027/need-notice
    title: str
    clause_text: str  # «п. 4.4»
    regulation_title: str
    from_kinds: frozenset[AgencyKind]
    to_kinds: frozenset[AgencyKind]
    about: str
    fields: tuple[KindField, ...]
    urgency: ReferralUrgency
    answer_days: int | None
    answer_unit: Unit
    profile: AccessProfile | None  # Accepting opens the cards so far; None: it opens nothing.
    accepting: frozenset[str]  # What accepting does besides: problem, measure, card, transfer
    is_notice: bool
    needs_consent: bool  # No clause allows it: a consent or a norm has to be named.
    letter: str  # What the printed letter asks, in a sentence.
    acknowledge_minutes: int | None  # None: the pack does not say, the installation's own time holds.
    fan_out: str  # served_districts, college_students
    tells: frozenset[Trigger]  # Facts that its receipt is for the recipient.
    report: str  # The report that such letters carry (services.submissions.sending); empty: none.
    terms: Mapping[str, Any]

    @property
    def code(self) -> str:
        return self.key.partition("/")[2]

    @property
    def is_emergency(self) -> bool:
        """Its receipt has to be acknowledged within minutes (vologda 4.4)."""
        return self.acknowledge_minutes is not None or self.urgency is ReferralUrgency.IMMEDIATE

    @property
    def is_transfer(self) -> bool:
        """Accepting hands the person over (kizil, principle 4)."""
        return "transfer" in self.accepting

    @property
    def ground(self) -> str:
        """The clause by which data of this kind pass."""
        return f"{self.clause_text}, {self.regulation_title}" if self.clause_text else self.regulation_title

    def may_go(self, sender: AgencyKind, recipient: AgencyKind) -> bool:
        return sender in self.from_kinds and recipient in self.to_kinds

    @classmethod
    def of(cls, terms: Mapping[str, Any]) -> ReferralKind:
        """From an entry of a pack with `regulation` and `regulation_title`; the same that a letter keeps."""
        days = terms.get("answer_days")
        return cls(
            key=f"{terms['regulation']}/{terms['code']}",
            title=terms["title"],
            clause_text=_clause_text(terms.get("clause")),
            regulation_title=terms["regulation_title"],
            from_kinds=frozenset(map(AgencyKind, terms["from"])),
            to_kinds=frozenset(map(AgencyKind, terms["to"])),
            about=terms["about"],
            fields=tuple(_field(entry) for entry in terms.get("fields", ())),
            urgency=ReferralUrgency(terms.get("urgency", ReferralUrgency.NORMAL)),
            answer_days=days,
            answer_unit=Unit(terms.get("answer_unit", Unit.CALENDAR)),
            profile=AccessProfile(terms.get("profile", AccessProfile.CARD)) if terms.get("opens_access") else None,
            accepting=frozenset(terms.get("accepting", ())),
            is_notice=bool(terms.get("notice", False)),
            needs_consent=terms.get("ground") == "consent",
            letter=terms.get("letter", ""),
            acknowledge_minutes=terms.get("acknowledge_minutes"),
            fan_out=terms.get("fan_out", ""),
            tells=frozenset(map(Trigger, terms.get("tells", ()))),
            report=terms.get("report", ""),
            terms=terms,
        )


def _field(entry: str | Mapping[str, str]) -> KindField:
    return KindField(entry) if isinstance(entry, str) else KindField(entry["label"], entry.get("source", ""))


def _clause_text(clause: str | Mapping[str, Any] | None) -> str:
    if clause is None:
        return ""
    reference = ClauseRef.of(clause)
    occurrence = f" ({reference.occurrence}-й по счёту)" if reference.occurrence > 1 else ""
    return f"п. {reference.number}{occurrence}" if reference.number[:1].isdigit() else f"{reference.number}{occurrence}"


def kinds_of(pack: Pack) -> list[ReferralKind]:
    named = {"regulation": pack.code, "regulation_title": pack.regulation["short_title"]}
    return [ReferralKind.of({**entry, **named}) for entry in pack.section("referrals")]


def own_kinds(session: Session, *, agency_id: int, on: date) -> list[ReferralKind]:
    """What the regulations know that an organisation follows on a day, the common kinds left out."""
    return [kind for pack in own_packs(session, agency_id=agency_id, on=on) for kind in kinds_of(pack)]


def kinds_for(session: Session, *, agency_id: int, on: date) -> list[ReferralKind]:
    """What the regulations of an organisation know on a day, its own first, then the common kinds."""
    common = pack_of(session, COMMON)
    return own_kinds(session, agency_id=agency_id, on=on) + (kinds_of(common) if common else [])


def sendable(session: Session, *, agency_id: int, agency_kind: AgencyKind, on: date) -> list[ReferralKind]:
    """Kinds that an organisation may send on a day."""
    return [kind for kind in kinds_for(session, agency_id=agency_id, on=on) if agency_kind in kind.from_kinds]


def kind_of(session: Session, *, key: str, agency_id: int, on: date) -> ReferralKind | None:
    """A kind by its key, if the organisation follows a regulation that has it."""
    return next((kind for kind in kinds_for(session, agency_id=agency_id, on=on) if kind.key == key), None)
