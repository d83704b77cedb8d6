"""Drawing up a draft from the cards, once for an organisation, report and period; refreshing it; the next edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadlines import Deadline
from models.submission_access import may_draw
from models.submissions import Submission, SubmissionEvent, SubmissionRow
from models.territory import Agency
from models.users import Role, User
from reports.base import Report, Timing
from reports.period import Period
from services.audit import record_action
from services.errors import Refused, need
from services.submissions import obligations, rows
from services.submissions.common import FROZEN, NOT_OWN, S, StaleSubmission, Step, note_step, parameters_of, report_of
from services.submissions.content import NOT_HANDED_IN, figures, headings, is_list

FUTURE = "Этот день ещё не наступил: составить отчёт заранее нельзя."
FUTURE_PERIOD = "Этот период ещё не начался: составить отчёт заранее нельзя."
NOT_SENT_YET = "Прошлая редакция утверждена, но не отправлена: отправьте её или снимите утверждение."
GONE = "Черновик уже удалён."


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn up: a report of an organisation on a day or for a period."""

    report: Report
    agency_id: int
    on: date
    period: Period | None = None
    specialist_id: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    deadline_id: int | None = None


def draw_up(session: Session, *, wanted: Wanted, form_token: str = "", by: Viewer, now: datetime) -> Submission:
    """The draft: a new one, or the one that is there already. Raises Refused.

    Of two people at once both get the same draft: the database allows one.
    """
    agency = session.get(Agency, wanted.agency_id)
    need(agency is not None and may_draw(by, wanted.agency_id), NOT_OWN)
    assert agency
    _check(session, wanted, agency, by)
    deadline = _deadline(session, wanted)
    period = wanted.period
    key = obligations.key_of(
        wanted.report,
        on=wanted.on,
        period_key=period.key if period else "",
        specialist_id=wanted.specialist_id,
        deadline=deadline,
    )
    standing = _draft(session, wanted, key)
    if standing is not None:
        return standing
    last = _last(session, wanted, key)
    need(last is None or last.status is not S.APPROVED, NOT_SENT_YET)
    submission = Submission(
        report=wanted.report.code,
        title=wanted.report.title[:500],
        agency=agency,
        agency_name=agency.name,
        period_key=key,
        period_from=period.starts_on if period else wanted.on,
        period_to=period.ends_on if period else wanted.on,
        specialist_id=wanted.specialist_id,
        options=dict(wanted.options),
        edition=last.edition + 1 if last else 1,
        previous_id=last.id if last else None,
        deadline_id=deadline.id if deadline else None,
        created_at=now,
        created_by_id=by.user_id,
        refreshed_at=now,
        form_token=form_token or None,
    )
    try:
        with session.begin_nested():
            session.add(submission)
            session.flush()
    except IntegrityError:
        standing = _draft(session, wanted, key)
        if standing is None:
            raise StaleSubmission("Этот отчёт только что составил кто-то другой: откройте список отчётов.") from None
        return standing
    fill(session, submission=submission, by=by, now=now)
    note_step(session, submission=submission, step=Step.DRAWN_UP, by=by, now=now)
    return submission


def next_edition(
    session: Session, *, submission: Submission, form_token: str = "", by: Viewer, now: datetime
) -> Submission:
    """A draft that corrects what was sent, for the same period; own words and hand exclusions come with it."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    need(submission.sent_at is not None, "Следующую редакцию составляют после отправки этой.")
    is_of_period = submission.content.get("is_of_period", False)
    wanted = Wanted(
        report=report_of(submission),
        agency_id=submission.agency_id,
        on=min(submission.period_to, by.on) if is_of_period or not is_of_window(submission) else by.on,
        period=Period(submission.period_from, submission.period_to) if is_of_period else None,
        specialist_id=submission.specialist_id,
        options=submission.options,
        deadline_id=submission.deadline_id,
    )
    return draw_up(session, wanted=wanted, form_token=form_token, by=by, now=now)


def refresh(session: Session, *, submission: Submission, by: Viewer, now: datetime) -> None:
    """Read the cards again; own words and what was left out by hand stay. Raises Refused."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    hold(session, submission)
    fill(session, submission=submission, by=by, now=now)
    note_step(session, submission=submission, step=Step.REFRESHED, by=by, now=now)


def discard(session: Session, *, submission: Submission, by: Viewer) -> None:
    """Throw away a draft that was never approved."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    hold(session, submission)
    number, was_approved = submission.id, any(one.step is Step.APPROVED for one in submission.events)
    need(not was_approved, "Этот отчёт уже утверждали: его история хранится, удалить его нельзя.")
    record_action(session, subject="submission", subject_id=number, payload={"status": ["draft", None]})
    for model in (SubmissionRow, SubmissionEvent):
        session.execute(delete(model).where(model.submission_id == number))
    session.expunge(submission)
    session.execute(delete(Submission).where(Submission.id == number))


def hold(session: Session, submission: Submission) -> None:
    """Take a draft for a change: its version rises, and nobody approves it meanwhile. Raises StaleSubmission."""
    session.flush()
    statement = update(Submission).where(Submission.id == submission.id, Submission.status == S.DRAFT)
    statement = statement.values(version=Submission.version + 1).execution_options(synchronize_session=False)
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise StaleSubmission(FROZEN)
    session.refresh(submission)


def is_of_window(submission: Submission) -> bool:
    """A list for a window is made anew for the day on which it is refreshed."""
    return ".." in submission.period_key and not submission.content.get("is_of_period", False)


def fill(session: Session, *, submission: Submission, by: Viewer, now: datetime) -> None:
    """Bring a draft into agreement with the cards: headings, figures and rows."""
    report = report_of(submission)
    is_of_period = report.timing is Timing.PERIOD
    if is_of_window(submission) and not is_of_period:
        submission.period_from = submission.period_to = max(by.on, submission.period_to)
    on = min(by.on, submission.period_to)
    submission.content = {"is_of_period": is_of_period, "on": on.isoformat()}
    parameters = parameters_of(submission)
    viewer = rows.viewer_of(session, submission, today=by.on)
    base = rows.base_of(session, submission)
    content = {
        **headings(report, parameters),
        "parts": figures(session, report, viewer, parameters),
        "text_titles": {one.code: one.title for one in getattr(report, "texts", ())},
        "compared_with": base.id if base else None,
    }
    submission.content, submission.refreshed_at = content, now
    submission.title, submission.agency_name = report.title[:500], submission.agency.name
    session.flush()
    if is_list(report):
        rows.write(session, submission, rows.wanted(session, submission, report, viewer, base))


# -- What may be drawn up --------------------------------------------------------------------------------------------


def _check(session: Session, wanted: Wanted, agency: Agency, by: Viewer) -> None:
    report = wanted.report
    need(report.is_submitted, NOT_HANDED_IN)
    need(
        report.is_made_by(agency.kind),
        f"«{report.short_title}» ваша организация не составляет ({agency.kind.label}).",
    )
    need(agency.is_active, "Организация больше не работает.")
    if report.timing is Timing.PERIOD:
        need(wanted.period is not None, "Укажите период.", field="period")
        assert wanted.period
        need(wanted.period.starts_on <= by.on, FUTURE_PERIOD, field="period")
    else:
        need(wanted.on <= by.on, FUTURE, field="on")
    if report.is_of_specialist:
        user = session.get(User, wanted.specialist_id) if wanted.specialist_id is not None else None
        is_ours = user is not None and user.agency_id == agency.id
        need(is_ours, "Выберите специалиста своей организации.", field="specialist_id")
        may_choose = by.role not in (Role.CLERK, Role.OFFICER) or wanted.specialist_id == by.user_id
        need(may_choose, "Отчёт о работе другого специалиста составляет руководитель.", field="specialist_id")


def _deadline(session: Session, wanted: Wanted) -> Deadline | None:
    """The obligation that is named, or else the last that has opened and that such a report fulfils."""
    if wanted.deadline_id is not None:
        found = session.get(Deadline, wanted.deadline_id)
        is_ours = (
            found is not None
            and found.agency_id == wanted.agency_id
            and obligations.is_of_report(found)
            and found.rule.terms.report == wanted.report.code
        )
        if not is_ours:
            raise Refused("Этот срок не вашей организации или исполняется другим отчётом.")
        return found
    windows = obligations.open_windows(session, agency_id=wanted.agency_id, on=wanted.on, codes=(wanted.report.code,))
    for window in sorted(windows, key=lambda one: one.opens_on, reverse=True):  # What was missed long ago stays.
        if wanted.period is not None and window.first.period not in ("", wanted.period.key):
            continue
        if wanted.specialist_id is not None and window.first.user_id not in (None, wanted.specialist_id):
            continue
        return window.first
    return None


def _draft(session: Session, wanted: Wanted, key: str) -> Submission | None:
    s = Submission
    query = select(s).where(s.agency_id == wanted.agency_id, s.report == wanted.report.code, s.period_key == key)
    return session.scalars(query.where(s.status == S.DRAFT)).one_or_none()


def _last(session: Session, wanted: Wanted, key: str) -> Submission | None:
    s = Submission
    query = select(s).where(s.agency_id == wanted.agency_id, s.report == wanted.report.code, s.period_key == key)
    return session.scalars(query.order_by(s.edition.desc()).limit(1)).one_or_none()
