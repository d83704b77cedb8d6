"""A record that may fulfil a duty, and whether it fulfils a given one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.reckoning import Unit, months_later
from models.rule_terms import EvidenceKind, RuleKind, RuleTerms, Trigger
from services.deadlines.dates import next_opening
from services.deadlines.people import Scope

NOTHING: frozenset[str] = frozenset()
NOBODY_OF_OURS = 0  # Recipient of a letter to a correspondent outside the directory.
AHEAD = timedelta(days=60)  # What ends on a day known ahead may be brought to its end that much earlier.
LAST_MONTHS = 2  # A review due after months or years takes place towards their end.
# Papers of the very application or contract that a duty is about: whenever they were made.
OF_A_CASE = frozenset(
    {
        *(EvidenceKind.REGISTRATION, EvidenceKind.CONTRACT, EvidenceKind.REFUSAL),
        *(EvidenceKind.PLAN, EvidenceKind.MATERIAL, EvidenceKind.CONCLUSION),
    }
)
# What a report that is handed in fulfils, where the rule names the report.
OF_REPORTS = frozenset({EvidenceKind.SUBMISSION, EvidenceKind.REPORT, EvidenceKind.RATING, EvidenceKind.ANALYSIS})
KNOWN_AHEAD = frozenset(
    {Trigger.CONTRACT_ENDS, Trigger.BIRTHDAY_16, Trigger.BIRTHDAY_18, Trigger.BIRTHDAY_23, Trigger.PLACEMENT_ENDS}
)
# By which facts a hand-recorded event can stand for the record that a piece is about.
TOLD_BY: Mapping[str, frozenset[Trigger]] = {
    "application": frozenset({Trigger.APPLICATION_RECEIVED, Trigger.APPLICATION_REGISTERED}),
    "contract": frozenset({Trigger.CONTRACT_STARTED, Trigger.CONTRACT_ENDS}),
    "readiness": frozenset({Trigger.READINESS}),
    "referral": frozenset({Trigger.REFERRAL_SENT, Trigger.REQUEST_RECEIVED}),
    "decision": frozenset({Trigger.DECISION}),
    "body": frozenset({Trigger.COUNCIL_CHANGED}),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A record that may fulfil a duty; `reference` names it: plan:4."""

    kind: EvidenceKind
    reference: str
    on: date
    graduate_id: int | None = None  # Nobody: it is about the organisation as such.
    agency_id: int | None = None  # Nobody's: whoever is obliged may use it.
    number: str = ""
    about: frozenset[str] = NOTHING  # Of which records it speaks: application:12, contract:7.
    of: frozenset[str] = NOTHING  # Words by which a rule may ask for it (`evidence_of`).
    is_usual: bool = True  # A rule that asks for none of them takes it.
    recipient_id: int | None = None  # To whom it went; nobody: it went nowhere.
    is_nil: bool = False  # «Нет сведений».
    period: str = ""  # Of a report for a period: 2026-Q3.
    user_id: int | None = None  # Whose own report it is.


@dataclass(frozen=True, slots=True)
class Source:
    kinds: frozenset[EvidenceKind]
    read: Callable[[Session, Scope], Iterator[Piece]]


@dataclass(slots=True)
class Duty:
    """What of an obligation tells whether a record fulfils it; `records`: those that do so far, with their days."""

    terms: RuleTerms
    records: dict[str, date]
    marks: int  # Pieces noted by hand.
    id: int
    rule_key: str
    agency_id: int
    graduate_id: int | None
    subject: str
    opens_on: date
    nominal_on: date
    event_on: date | None
    required: int
    is_done: bool
    is_closed: bool
    recipient_id: int | None = None
    period: str = ""
    user_id: int | None = None

    @property
    def source(self) -> str:
        """The record of its fact: the subject without the recipient."""
        return self.subject.partition(">")[0]


def fits(duty: Duty, piece: Piece) -> bool:
    """Whether a record fulfils a duty: of the right kind and case, by the obliged, not before the term began."""
    terms = duty.terms
    is_own = piece.agency_id is None or piece.agency_id == duty.agency_id
    if piece.kind is not terms.evidence or not is_own or not _is_asked_for(terms, piece):
        return False
    if piece.kind in OF_REPORTS and terms.report:
        return _is_report_for(duty, piece)
    if not _is_of_same_case(duty, piece) or not _is_to_whom(duty, piece):
        return False
    if terms.kind in (RuleKind.QUOTA, RuleKind.PERIOD):  # What was made in April is of the second quarter.
        return duty.opens_on <= piece.on <= duty.nominal_on
    if terms.kind is RuleKind.WINDOW:  # From the next opening on it is of the next window.
        return duty.opens_on <= piece.on < next_opening(terms, duty.opens_on)
    if terms.kind is not RuleKind.EVENT or duty.event_on is None:
        return piece.on >= duty.opens_on
    is_of_very_case = not piece.about.isdisjoint(_names(duty.source))
    if is_of_very_case and piece.kind in OF_A_CASE and not _is_review(terms):
        return True
    if piece.kind is EvidenceKind.MENTOR:  # Whoever was there before is there.
        return terms.amount < 0 or piece.on >= duty.event_on
    return piece.on >= _counts_from(duty, duty.event_on)


def _is_report_for(duty: Duty, piece: Piece) -> bool:
    """The report of its very period, whenever it was made; of a window whatever was sent since it opened."""
    terms = duty.terms
    if not _is_to_whom(duty, piece) or piece.user_id != duty.user_id:
        return False
    if terms.kind is RuleKind.WINDOW:
        return duty.opens_on <= piece.on < next_opening(terms, duty.opens_on)
    if piece.period and duty.period:
        return piece.period == duty.period
    return piece.on >= (duty.event_on or duty.opens_on)


def _is_asked_for(terms: RuleTerms, piece: Piece) -> bool:
    if piece.kind in OF_REPORTS and terms.report:
        return terms.report in piece.of
    return not piece.of.isdisjoint(terms.evidence_of) if terms.evidence_of else piece.is_usual


def _is_to_whom(duty: Duty, piece: Piece) -> bool:
    """A letter fulfils only the duty to write to its recipient."""
    return None in (duty.recipient_id, piece.recipient_id) or duty.recipient_id == piece.recipient_id


def _is_of_same_case(duty: Duty, piece: Piece) -> bool:
    """A record that says what it is about leaves the duties of other applications and contracts alone."""
    if not piece.about:
        return piece.reference != duty.source  # Nothing fulfils the duty that arose from it.
    kind = duty.source.partition(":")[0]
    if any(named.partition(":")[0] == kind for named in piece.about):
        return not piece.about.isdisjoint(_names(duty.source))
    if kind != "occurrence":
        return True
    told = [TOLD_BY.get(named.partition(":")[0], frozenset()) for named in piece.about]
    return not frozenset().union(*told).isdisjoint(duty.terms.triggers)


def _names(source: str) -> set[str]:
    """contract:7/2 is of contract:7 too; without a number it is the first round."""
    whole, _, part = source.partition("/")
    return {whole, f"{whole}/{part or 1}"}


def _is_review(terms: RuleTerms) -> bool:
    return terms.amount > 0 and terms.unit in (Unit.MONTH, Unit.YEAR)


def _counts_from(duty: Duty, event_on: date) -> date:
    terms = duty.terms
    if terms.amount < 0 or terms.amount_to is not None:
        return duty.opens_on
    if _is_review(terms):
        return max(event_on, months_later(duty.nominal_on, -LAST_MONTHS))
    if terms.amount == 0 and KNOWN_AHEAD.issuperset(terms.triggers):
        return event_on - AHEAD
    if terms.is_repeating and duty.source.partition(":")[0] in ("contact", "occurrence"):
        return event_on + timedelta(days=1)  # The contact from which the term runs is not the next one.
    return event_on
