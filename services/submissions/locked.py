"""Periods that are told already: what is recorded in them afterwards is a correction, its author is told."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.submissions import Submission, SubmissionStatus
from reports.period import Period


def approved_for(
    session: Session, *, report: str, agency_id: int, period: Period, specialist_id: int | None
) -> Submission | None:
    """The last edition of a report that was approved for a period."""
    s = Submission
    query = select(s).where(s.report == report, s.agency_id == agency_id, s.status != SubmissionStatus.DRAFT)
    query = query.where(s.period_from == period.starts_on, s.period_to == period.ends_on)
    query = query.where(s.specialist_id == specialist_id if specialist_id is not None else s.specialist_id.is_(None))
    return session.scalars(query.order_by(s.edition.desc()).limit(1)).one_or_none()


def locked_on(session: Session, *, agency_id: int, on: date) -> Submission | None:
    """An approved report of the organisation for a period in which a day lies; None: the day is still open."""
    s = Submission
    query = select(s).where(s.agency_id == agency_id, s.status != SubmissionStatus.DRAFT)
    query = query.where(s.period_from <= on, s.period_to >= on, s.period_from < s.period_to)
    return session.scalars(query.order_by(s.id.desc()).limit(1)).one_or_none()


def told_of(session: Session, *, agency_id: int, on: date) -> list[str]:
    """A sentence for whoever has just recorded something in an approved period."""
    found = locked_on(session, agency_id=agency_id, on=on)
    if found is None:
        return []
    period = Period(found.period_from, found.period_to)
    return [f"Отчёт «{found.title}» за {period.title} уже утверждён: запись войдёт как исправление."]
