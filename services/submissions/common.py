"""What every verb of submissions has in common: finding, claims, history, parameters, notifications."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.notifications import NoticeKind
from models.submission_access import submissions_visible_to
from models.submissions import Submission, SubmissionEvent, SubmissionStatus, SubmissionStep
from models.users import User
from reports.base import Parameters, Report
from reports.catalogue import find_report
from reports.period import Period
from services.audit import plain, record_action
from services.errors import Refused
from services.telling import tell_people

S, Step = SubmissionStatus, SubmissionStep
NOT_OWN = "Отчёт составляют сотрудники самой организации."
FROZEN = "Отчёт уже утверждён: он не меняется. Составьте следующую редакцию."
CHANGED = "Отчёт тем временем изменился: посмотрите, что записано сейчас, и повторите."
NO_REPORT = "Такого отчёта больше нет."


class StaleSubmission(Refused):
    """Somebody else was faster: the sentence says who did what, and when."""


def find(session: Session, *, submission_id: int, by: Viewer) -> Submission | None:
    """A submission by its number; None: there is none for this user."""
    query = select(Submission).where(Submission.id == submission_id, submissions_visible_to(by))
    return session.scalars(query).one_or_none()


def report_of(submission: Submission) -> Report:
    """The report; raises Refused where the catalogue does not have it any more."""
    found = find_report(submission.report)
    if found is None:
        raise Refused(NO_REPORT)
    return found


def parameters_of(submission: Submission) -> Parameters:
    """What the report was asked for."""
    is_of_period = submission.content.get("is_of_period", submission.period_from != submission.period_to)
    return Parameters(
        on=submission.period_to if not is_of_period else _day_within(submission),
        agency_id=submission.agency_id,
        agency_name=submission.agency_name or submission.agency.name,
        period=Period(submission.period_from, submission.period_to) if is_of_period else None,
        specialist_id=submission.specialist_id,
        specialist_name=submission.specialist.name if submission.specialist else "",
        chosen=dict(submission.options),
    )


def _day_within(submission: Submission) -> date:
    """The last day of the period, or the day on which the draft was made within an unfinished one."""
    text = submission.content.get("on")
    return min(date.fromisoformat(text), submission.period_to) if text else submission.period_to


def claim(
    session: Session,
    *,
    submission: Submission,
    expected: Collection[SubmissionStatus],
    becomes: SubmissionStatus,
    step: SubmissionStep,
    by: Viewer,
    now: datetime,
    note: str = "",
    **values: Any,
) -> None:
    """Bring a submission from one of the expected statuses into another, if it still is in one; else StaleSubmission.

    Compare and set: of two people at once exactly one does it, and only with the submission as it was read.
    """
    session.flush()
    changed = {"status": becomes, **values}
    before = {name: plain(getattr(submission, name)) for name in changed}
    statement = (
        update(Submission)
        .where(Submission.id == submission.id, Submission.status.in_(expected))
        .where(Submission.version == submission.version)
        .values(**changed, version=Submission.version + 1)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(submission)
        raise StaleSubmission(what_happened(submission))
    session.refresh(submission)
    payload = {name: [before[name], plain(getattr(submission, name))] for name in changed if name != "content"}
    told = {name: pair for name, pair in payload.items() if pair[0] != pair[1]}
    record_action(session, subject="submission", subject_id=submission.id, payload=told)
    note_step(session, submission=submission, step=step, by=by, now=now, note=note)


def note_step(
    session: Session, *, submission: Submission, step: SubmissionStep, by: Viewer, now: datetime, note: str = ""
) -> None:
    """A line of the history of a submission."""
    event = SubmissionEvent(
        step=step,
        at=now,
        agency_id=by.agency_id,
        user_id=by.user_id,
        who=who(session, by),
        note=note.strip()[:500],
    )
    submission.events.append(event)
    session.flush()


def what_happened(submission: Submission) -> str:
    """One sentence for whoever came second."""
    last = submission.events[-1] if submission.events else None
    if last is None:
        return CHANGED
    return (
        f"Не выполнено: с отчётом уже сделано другое – {last.step.label} ({last.who}, {last.at:%d.%m.%Y}). "
        f"Сейчас он «{submission.status.label}»."
    )


def who(session: Session, by: Viewer) -> str:
    """«Анна Клерк, Служба «Перекрёсток»», as it was then."""
    user = session.get(User, by.user_id) if by.user_id is not None else None
    return ", ".join((user.name, user.agency.short_name)) if user else "система"


def tell(
    session: Session,
    *,
    submission: Submission,
    agency_id: int,
    what: str,
    key: str,
    now: datetime,
    only: Iterable[int | None] = (),
    to_heads: bool = False,
) -> int:
    """Tell the people of an organisation (`only` those, where they are named and there) of a submission; how many."""
    return tell_people(
        session,
        agency_id=agency_id,
        kind=NoticeKind.SUBMISSION,
        key=f"submission:{key}:{submission.id}",
        text=f"{short_title(submission)}: {what}",
        at=now,
        only=only,
        to_heads=to_heads,
        submission_id=submission.id,
    )


def short_title(submission: Submission) -> str:
    """«Приложение 1 на 01.10.2026», «Отчёт организации за III квартал 2026 года»."""
    report = find_report(submission.report)
    name = report.short_title if report else submission.title
    return f"{name} {when(submission)}" + (f", редакция {submission.edition}" if submission.edition > 1 else "")


def when(submission: Submission) -> str:
    """«на 01.10.2026», «за III квартал 2026 года»."""
    if submission.period_from == submission.period_to:
        return f"на {submission.period_to:%d.%m.%Y}"
    return f"за {Period(submission.period_from, submission.period_to).title}"
