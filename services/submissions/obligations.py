"""Which obligations a report fulfils, and to whom it has to be sent for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.deadlines import Deadline
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, RuleKind
from models.submissions import Submission
from models.territory import Agency
from reports.base import Report, Timing

HANDED_IN = frozenset({EvidenceKind.SUBMISSION, EvidenceKind.REPORT})


@dataclass(frozen=True)
class Window:
    """Obligations of an organisation by one report with the same days: one submission fulfils them all."""

    report: str
    agency_id: int
    opens_on: date
    due_on: date
    deadlines: tuple[Deadline, ...]

    @property
    def first(self) -> Deadline:
        return self.deadlines[0]

    @property
    def recipient_ids(self) -> list[int]:
        return list(dict.fromkeys(one.recipient_id for one in self.deadlines if one.recipient_id is not None))


def rules_of_reports(session: Session, *codes: str) -> dict[int, DeadlineRule]:
    """Rules that a report fulfils, by number; `codes`: only those of some reports."""
    rules = {rule.id: rule for rule in session.scalars(select(DeadlineRule))}
    return {
        number: rule
        for number, rule in rules.items()
        if rule.terms.report and rule.terms.evidence in HANDED_IN and (not codes or rule.terms.report in codes)
    }


def is_of_report(deadline: Deadline) -> bool:
    """Whether a report that is handed in fulfils an obligation."""
    return bool(deadline.rule.terms.report) and deadline.rule.terms.evidence in HANDED_IN


def open_windows(session: Session, *, agency_id: int, on: date, codes: Sequence[str] = ()) -> list[Window]:
    """What of an organisation is to be handed in and has opened by a day, the earliest due first."""
    rules = rules_of_reports(session, *codes)
    d = Deadline
    query = select(d).where(d.agency_id == agency_id, d.rule_id.in_(rules), d.opens_on <= on)
    query = query.where(d.done_on.is_(None), d.closing.is_(None)).order_by(d.due_on, d.id)
    return _grouped(list(session.scalars(query.options(joinedload(d.recipient)))), rules)


def without_bygone(windows: Sequence[Window]) -> list[Window]:
    """Of the windows of a report only the last that has opened: whatever is sent now is of it, of none before."""
    last: dict[tuple[str, int], date] = {}
    for one in windows:
        if one.first.rule.kind is RuleKind.WINDOW:
            key = (one.report, one.agency_id)
            last[key] = max(one.opens_on, last.get(key, one.opens_on))
    return [
        one
        for one in windows
        if one.first.rule.kind is not RuleKind.WINDOW or one.opens_on == last[one.report, one.agency_id]
    ]


def windows_between(session: Session, *, first: date, last: date, agency_ids: Sequence[int] | None) -> list[Window]:
    """What was or is to be handed in with a due day between two days; `agency_ids` None: by everybody."""
    rules = rules_of_reports(session)
    d = Deadline
    query = select(d).where(d.rule_id.in_(rules), d.due_on >= first, d.due_on <= last)
    if agency_ids is not None:
        query = query.where(d.agency_id.in_(agency_ids))
    return _grouped(
        list(session.scalars(query.order_by(d.due_on, d.id).options(joinedload(d.agency), joinedload(d.recipient)))),
        rules,
    )


def _grouped(found: Sequence[Deadline], rules: dict[int, DeadlineRule]) -> list[Window]:
    groups: dict[tuple[str, int, date, date, int | None], list[Deadline]] = {}
    for one in found:
        key = (rules[one.rule_id].terms.report, one.agency_id, one.opens_on, one.due_on, one.user_id)
        groups.setdefault(key, []).append(one)
    return [Window(*key[:4], tuple(deadlines)) for key, deadlines in groups.items()]


def key_of(report: Report, *, on: date, period_key: str, specialist_id: int | None, deadline: Deadline | None) -> str:
    """By what editions of one submission are known.

    A list for a window is known by the window, so that an edition of a later day is still an edition of it.
    """
    if report.timing is Timing.PERIOD:
        return f"{period_key}/{specialist_id}" if specialist_id is not None else period_key
    if deadline is not None and deadline.rule.terms.kind is RuleKind.WINDOW:
        return f"{deadline.opens_on.isoformat()}..{deadline.nominal_on.isoformat()}"
    return on.isoformat()


def window_for(session: Session, *, submission: Submission) -> Window | None:
    """The obligations for which a submission was drawn up, also when they are settled."""
    deadline = session.get(Deadline, submission.deadline_id) if submission.deadline_id is not None else None
    if deadline is None:
        return None
    rules = rules_of_reports(session, submission.report)
    d = Deadline
    query = select(d).where(d.agency_id == submission.agency_id, d.rule_id.in_(rules), d.closing.is_(None))
    query = query.where(d.opens_on == deadline.opens_on, d.due_on == deadline.due_on).order_by(d.id)
    if deadline.user_id is not None:
        query = query.where(d.user_id == deadline.user_id)
    if deadline.event_on is not None:
        query = query.where(d.event_on == deadline.event_on)
    found = list(session.scalars(query)) or [deadline]
    return Window(submission.report, submission.agency_id, deadline.opens_on, deadline.due_on, tuple(found))


def proposed_recipients(session: Session, *, submission: Submission) -> list[Agency]:
    """To whom the rules want it sent."""
    window = window_for(session, submission=submission)
    ids = window.recipient_ids if window else []
    return list(session.scalars(select(Agency).where(Agency.id.in_(ids)).order_by(Agency.short_name))) if ids else []
