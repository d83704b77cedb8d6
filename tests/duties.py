"""Obligations as tests of notifications and feeds need them: a rule by its title, the dates given."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.reckoning import Unit
from models.regulations import DeadlineRule, Regulation
from models.rule_terms import EvidenceKind, Party, Per, RuleKind, RuleTerms, Trigger
from models.support import Assignment, AssignmentKind
from models.territory import Agency
from tests.conftest import NOW

LONG_BEFORE = NOW - timedelta(days=200)
LIST = "Список выпускников"


def make_title(session: Session, title: str, kind: RuleKind, unit: Unit) -> DeadlineRule:
    """The rule of a title, made when first asked for."""
    found = session.scalars(select(DeadlineRule).where(DeadlineRule.title == title)).one_or_none()
    if found is not None:
        return found
    regulation = session.scalars(select(Regulation).where(Regulation.code == "test-pack")).one_or_none()
    if regulation is None:
        regulation = Regulation(code="test-pack", title="Проверочный регламент", short_title="Проверочный")
        regulation.in_force_from = date(2022, 1, 1)
        session.add(regulation)
        session.flush()
    number = len(session.scalars(select(DeadlineRule.id)).all()) + 1
    terms = RuleTerms(
        kind=kind,
        obliged=Party(kinds=("support_service",)),
        per=Per.GRADUATE,
        evidence=EvidenceKind.SUBMISSION,
        opens=(9, 25) if kind is RuleKind.WINDOW else None,
        closes=(10, 5) if kind is RuleKind.WINDOW else None,
        triggers=(Trigger.CRISIS,) if kind is RuleKind.EVENT else (),
        amount=3 if kind is RuleKind.EVENT else 0,
        unit=unit,
    )
    rule = DeadlineRule(regulation=regulation, code=f"T{number:02}", key=f"test-pack/T{number:02}", version=1)
    rule.title, rule.clause, rule.kind, rule.terms_data = title, f"2.{number}", kind, terms.to_data()
    rule.in_force_from, rule.created_at = date(2022, 1, 1), LONG_BEFORE
    session.add(rule)
    session.flush()
    return rule


def make_duty(
    session: Session,
    agency: Agency,
    opens_on: date,
    due_on: date,
    *,
    title: str = LIST,
    kind: RuleKind = RuleKind.EVENT,
    unit: Unit = Unit.CALENDAR,
    created_at: datetime = LONG_BEFORE,
    **columns: Any,
) -> Deadline:
    """An open obligation; it is «soon» from three days before its date unless `soon_on` says otherwise."""
    rule = make_title(session, title, kind, unit)
    made = Deadline(rule=rule, rule_key=rule.key, agency=agency, opens_on=opens_on, due_on=due_on)
    made.nominal_on, made.control_on = due_on, due_on
    made.soon_on, made.created_at = max(opens_on, due_on - timedelta(days=3)), created_at
    made.subject = f"t{len(session.scalars(select(Deadline.id)).all())}"
    for name, value in columns.items():
        setattr(made, name, value)
    session.add(made)
    session.flush()
    return made


def make_curator(session: Session, user: Any, graduate: Any, **columns: Any) -> Assignment:
    made = Assignment(graduate=graduate, user=user, name=user.name, kind=AssignmentKind.CURATOR)
    made.starts_on = date(2026, 1, 1)
    for name, value in columns.items():
        setattr(made, name, value)
    session.add(made)
    session.flush()
    return made
