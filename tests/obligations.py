"""Rules and obligations by hand, for tests of pages."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.regulations import DeadlineRule, Regulation
from models.rule_terms import RuleKind
from models.territory import Agency
from tests.conftest import NOW, TODAY

WINDOW = {"kind": "window", "opens": "09-25", "closes": "10-05", "evidence": "submission"}
TWICE = {"kind": "quota", "period": "year", "at_least": 2, "evidence": "meeting"}
REGISTER = {
    "kind": "event",
    "triggers": ["request.received"],
    "amount": 2,
    "unit": "working",
    "per": "record",
    "evidence": "registration",
    "obliged": {"kind": "support_service", "by": "recorder"},
}


def make_regulation(session: Session, code: str = "vologda-2022") -> Regulation:
    known = session.scalar(select(Regulation).filter_by(code=code))
    if known is not None:
        return known
    made = Regulation(code=code, title="Регламент взаимодействия", short_title="Вологодский регламент")
    made.in_force_from = date(2022, 1, 1)
    session.add(made)
    session.flush()
    return made


def make_rule(session: Session, code: str = "T05", title: str = "Направить сведения", **terms: Any) -> DeadlineRule:
    """The newest version of a rule; `terms` as in a pack."""
    data = {"obliged": {"kind": "support_service"}, **(terms or WINDOW)}
    made = DeadlineRule(regulation=make_regulation(session), code=code, key=f"vologda-2022/{code}", version=1)
    made.title, made.clause, made.kind, made.terms_data = title, "2.3", RuleKind(data["kind"]), data
    made.in_force_from, made.created_at = date(2022, 1, 1), NOW
    session.add(made)
    session.flush()
    return made


def make_deadline(session: Session, agency: Agency, rule: DeadlineRule | None = None, **fields: Any) -> Deadline:
    """Open since yesterday, due on 05.10.2026 unless told otherwise."""
    rule = rule or session.scalar(select(DeadlineRule).filter_by(code="T05")) or make_rule(session)
    due = fields.pop("due_on", TODAY + timedelta(days=4))
    days = dict.fromkeys(("nominal_on", "control_on", "due_on"), due)
    opens = min(TODAY - timedelta(days=1), due)
    made = Deadline(
        rule=rule,
        rule_key=rule.key,
        agency_id=agency.id,
        **{
            "opens_on": opens,
            "soon_on": due - timedelta(days=1),
            "period": "2026",
            "subject": "",
            **days,
            **fields,
        },
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made
