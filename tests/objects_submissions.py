"""Submissions, made as a test asks for them by name."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.context import Actor, act_as
from models.submissions import (
    Discrepancy,
    DiscrepancyKind,
    Submission,
    SubmissionEvent,
    SubmissionRecipient,
    SubmissionStatus,
    SubmissionStep,
)
from models.territory import Agency
from tests.conftest import NOW
from tests.factories import Cast

ON = date(2026, 10, 1)
CONTENT = {
    "title": "Приложение 1",
    "short_title": "Приложение 1",
    "subtitle": "на 01.10.2026",
    "on": "2026-10-01",
    "columns": [{"heading": "ФИО", "key": "name", "width": 20, "kind": "text"}],
}


def make_submission(session: Session, agency: Agency, key: str = "2026-10-01", *to: Agency) -> Submission:
    """A draft; sent to organisations where there are any, without having gone through the verbs."""
    act_as(session, Actor(NOW))
    known = session.scalars(select(Submission).filter_by(agency_id=agency.id, period_key=key)).first()
    if known is not None:
        return known
    made = Submission(report="vologda-appendix-1", title="Приложение 1", agency=agency, agency_name=agency.name)
    made.period_key, made.period_from, made.period_to, made.content = key, ON, ON, CONTENT
    made.created_at = made.refreshed_at = NOW
    if to:
        made.status, made.approved_at, made.approved_by_name, made.sha256 = SubmissionStatus.SENT, NOW, "Иванова", "0"
        made.sent_at = NOW
    made.recipients = [SubmissionRecipient(agency_id=one.id, sent_at=NOW) for one in to]
    made.events = [SubmissionEvent(step=SubmissionStep.DRAWN_UP, at=NOW, who="Иванова")]
    session.add(made)
    session.commit()
    return made


def _discrepancy(session: Session, cast: Cast) -> int:
    found = session.scalars(select(Discrepancy)).first()
    if found is None:
        first = make_submission(session, cast.opeka, "2026-10-01", cast.service)
        second = make_submission(session, cast.other_opeka, "2026-10-01", cast.service)
        found = Discrepancy(first=first, second=second, kind=DiscrepancyKind.DIFFERS, person_key="card:1")
        found.name, found.found_at, found.first_value, found.second_value = "Ёлкина Дарья", NOW, "а", "б"
        session.add(found)
        session.commit()
    return found.id


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's report draft": lambda session, cast: make_submission(session, cast.service, "2026-09-01").id,
    "report sent to service": lambda session, cast: make_submission(session, cast.opeka, "2026-10-01", cast.service).id,
    "discrepancy": _discrepancy,
}
