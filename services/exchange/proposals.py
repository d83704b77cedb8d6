"""Letters that propose themselves: open obligations of an organisation that a letter of a kind it may send fulfils.

A changed address, an expulsion, a new crisis category, an arrival, the end of a placement, a childcare leave, a need
found, the October request: each made its obligation by a rule of a pack, and the rule names the kinds of letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models.access import Viewer, served_districts, visible_to
from models.circumstances import Address, Study
from models.deadlines import Deadline
from models.exchange import Referral, ReferralStatus
from models.graduates import Graduate
from models.regulations import DeadlineRule
from models.rule_terms import RuleKind
from models.territory import Agency
from services.deadlines.verbs import hold
from services.errors import Refused, need
from services.exchange import drafting, fan_out, workflow
from services.exchange.drafting import MANY, Told
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind, sendable

PAGE = 50
CHANGE = "change"  # The field of a kind that tells what has changed.
NOT_COUNTED = (ReferralStatus.DRAFT, ReferralStatus.REVOKED)
Kinds = Mapping[int, Sequence[ReferralKind]]  # Rule → kinds of letters that fulfil it, in the order of the rule.


@dataclass(frozen=True)
class Proposal:
    """A letter that an obligation asks for; `why` names no person."""

    deadline: Deadline
    kind: ReferralKind
    recipient_id: int | None  # None: a recipient in words.
    graduate_id: int | None  # None: about several or nobody.
    subject: str  # The fact that it tells of: problem:7, address:3
    why: str


def proposals(
    session: Session, *, by: Viewer, graduate_id: int | None = None, limit: int = PAGE, offset: int = 0
) -> list[Proposal]:
    """What the viewer's organisation ought to send (about a person), the earliest legal date first."""
    kinds = _kinds(session, by)
    if not kinds:
        return []
    query = _asked_for(kinds, by).options(joinedload(Deadline.rule), joinedload(Deadline.recipient))
    if graduate_id is not None:
        query = query.where(Deadline.graduate_id == graduate_id)
    found = session.scalars(query.order_by(Deadline.due_on, Deadline.id).limit(limit).offset(offset))
    return [proposal for deadline in found if (proposal := _proposal(deadline, kinds)) is not None]


def count_proposals(session: Session, *, by: Viewer) -> int:
    kinds = _kinds(session, by)
    if not kinds:
        return 0
    return session.scalar(select(func.count()).select_from(_asked_for(kinds, by).subquery())) or 0


def proposal_of(session: Session, *, deadline_id: int, by: Viewer) -> Proposal | None:
    """The letter that an obligation of the viewer's organisation asks for; None: it asks for none, or for no more."""
    kinds = _kinds(session, by)
    query = _asked_for(kinds, by).where(Deadline.id == deadline_id) if kinds else None
    deadline = session.scalars(query).one_or_none() if query is not None else None
    return _proposal(deadline, kinds) if deadline is not None else None


def told_of(session: Session, *, proposal: Proposal, by: Viewer) -> Told:
    """The letter filled in, as it would go with one click."""
    deadline, people = proposal.deadline, _people(session, proposal, by)
    is_field = any(one.source == CHANGE for one in proposal.kind.fields)
    text = "" if is_field else _change(session, proposal.subject)
    if not people and not text:
        text = proposal.kind.letter or f"{deadline.rule.title}."
    return Told(
        recipient_id=proposal.recipient_id,
        recipient_text="" if proposal.recipient_id else deadline.recipient_text,
        text=text,
        graduate_ids=people,
        subject=proposal.subject,
        deadline_id=deadline.id,
    )


def send_proposal(session: Session, *, deadline_id: int, by: Viewer, now: datetime) -> Referral:
    """Draft and send in one go. Raises Refused: it was sent already, or something has to be filled in by hand first."""
    deadline = hold(session, deadline_id=deadline_id)
    need(by.is_administrator or by.agency_id == deadline.agency_id, "Письма пишут сотрудники самой организации.")
    need(not deadline.is_settled and not _is_sent(session, deadline), "Письмо по этому сроку уже отправлено.")
    proposal = proposal_of(session, deadline_id=deadline_id, by=by)
    if proposal is None:
        raise Refused("По этому сроку письмо не предлагается.")
    told = told_of(session, proposal=proposal, by=by)
    letter = drafting.draft(
        session, kind_key=proposal.kind.key, told=told, agency_id=deadline.agency_id, by=by, now=now
    )
    return workflow.send(session, referral=letter, by=by, now=now)


def _is_sent(session: Session, deadline: Deadline) -> bool:
    """Of a quota the next letter is another one."""
    if deadline.rule.terms.kind is RuleKind.QUOTA:
        return False
    r = Referral
    query = select(r.id).where(r.deadline_id == deadline.id, r.status.not_in(NOT_COUNTED))
    return session.scalar(query.where(r.recipient_id == deadline.recipient_id).limit(1)) is not None


# -- Which obligations -----------------------------------------------------------------------------------------------


def _kinds(session: Session, by: Viewer) -> Kinds:
    """Rules that letters of the viewer's organisation fulfil."""
    may_send = sendable(session, agency_id=by.agency_id, agency_kind=by.agency_kind, on=by.on)
    known = {kind.key: kind for kind in may_send}
    used = select(Deadline.rule_id).where(Deadline.agency_id == by.agency_id, *_open())
    found = {}
    for rule in session.scalars(select(DeadlineRule).where(DeadlineRule.id.in_(used))):
        kinds = [known[word] for word in rule.terms.evidence_of if word in known]
        if kinds and rule.terms.is_by_letter:
            found[rule.id] = kinds
    return found


def _open() -> Iterator[ColumnElement[bool]]:
    yield from (Deadline.done_on.is_(None), Deadline.closing.is_(None))


def _asked_for(kinds: Kinds, by: Viewer) -> Select[Deadline]:
    """Open obligations of the organisation that the viewer may see; the next of a quota from mid-period on."""
    d, to = Deadline, aliased(Agency)
    may_go = [
        and_(d.rule_id == number, or_(d.recipient_id.is_(None), to.kind.in_({one for k in some for one in k.to_kinds})))
        for number, some in kinds.items()
    ]
    seen = or_(d.graduate_id.is_(None), d.graduate_id.in_(select(Graduate.id).where(visible_to(by))))
    query = select(d).outerjoin(to, to.id == d.recipient_id).where(d.agency_id == by.agency_id, *_open())
    is_due = or_(d.achieved == 0, d.soon_on <= by.on)
    return query.where(d.opens_on <= by.on, is_due, _is_not_past(by.on), or_(*may_go), seen)


def _is_not_past(on: date) -> ColumnElement[bool]:
    """What was missed in a period that is over, or before the next window opened, no letter makes up for."""
    d, later = Deadline, aliased(Deadline)
    followed = exists().where(
        later.rule_key == d.rule_key,
        later.agency_id == d.agency_id,
        later.subject == d.subject,
        later.period > d.period,
        later.opens_on <= on,
    )
    is_event = d.event_on.is_not(None)
    periods = select(DeadlineRule.id).where(DeadlineRule.kind.in_((RuleKind.QUOTA, RuleKind.PERIOD)))
    return or_(is_event, and_(d.rule_id.in_(periods), d.nominal_on >= on), and_(d.rule_id.not_in(periods), ~followed))


def _proposal(deadline: Deadline, kinds: Kinds) -> Proposal | None:
    to = deadline.recipient.kind if deadline.recipient else None
    named = deadline.graduate_id is not None
    fitting = (
        kind
        for kind in kinds[deadline.rule_id]
        if (to is None or to in kind.to_kinds) and (kind.about != ABOUT_NONE if named else kind.about != ABOUT_PERSON)
    )
    kind = next(fitting, None)
    if kind is None:
        return None
    rule = deadline.rule
    return Proposal(
        deadline=deadline,
        kind=kind,
        recipient_id=deadline.recipient_id,
        graduate_id=deadline.graduate_id,
        subject=subject_of(deadline),
        why=f"{rule.title}: до {deadline.due_on:%d.%m.%Y} ({rule.clause_text}).",
    )


def subject_of(deadline: Deadline) -> str:
    """The fact of an obligation, without the mark of its recipient: problem:7; empty: it arose from none."""
    fact = deadline.subject.partition(">")[0]
    return fact if ":" in fact else ""


# -- What the letter says --------------------------------------------------------------------------------------------


def _people(session: Session, proposal: Proposal, by: Viewer) -> list[int]:
    """Whom it is about; of a request to a district, those whom the organisation supports and who live there."""
    if proposal.graduate_id is not None:
        return [proposal.graduate_id]
    if proposal.kind.about == ABOUT_NONE or proposal.recipient_id is None:
        return []
    places = served_districts(session, agency_id=proposal.recipient_id, on=by.on)
    found = fan_out.people_of(session, agency_id=proposal.deadline.agency_id, by=by, district_ids=places)
    return [number for people in found.values() for number, *_ in people][:MANY]


def _change(session: Session, subject: str) -> str:
    """What has changed, where the fact is a change: a new address, another state of study."""
    name, _, number = subject.partition(":")
    if name == "address" and (address := session.get(Address, int(number))) is not None:
        return f"Новый адрес с {_day(address.starts_on)}: {address.text}."
    if name == "study" and (study := session.get(Study, int(number))) is not None and study.status is not None:
        return f"Учёба: {study.status.label}, с {_day(study.starts_on)}."
    return ""


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
