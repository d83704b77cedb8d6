"""«Сдача отчётов»: what is due now, the own drafts and reports, what others have sent; drawing one up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.base import LabelledEnum
from models.deadlines import Deadline
from models.submission_access import may_draw, received_by
from models.submissions import Submission, SubmissionEvent, SubmissionStatus, SubmissionStep
from models.users import Role, User
from reports.base import Report, Timing
from reports.catalogue import REPORTS, find_report
from reports.period import BadPeriod, Period
from services import numbering
from services.errors import Refused
from services.submissions import drawing, obligations
from services.submissions.common import short_title
from services.submissions.drawing import Wanted
from views import edge, totals
from views.constraints import message_for
from views.deadline_look import deadline_url
from views.extensions import db
from views.fields import parse_date, printable
from views.formats import ru_date, ru_datetime
from views.submissions.look import due_chip, status_chip, submission_url

pages = Blueprint("submissions", __name__, url_prefix="/submissions")
TITLE = "Сдача отчётов"
PAGE = 50
BAD_DAY = "Дата не читается. Напишите её как 01.10.2026."
S = SubmissionStatus


class Box(LabelledEnum):
    OWN = "own", "Все наши"
    DRAFTS = "drafts", "Черновики"
    WAITING = "waiting", "Ждут утверждения"
    APPROVED = "approved", "Утверждены, не отправлены"
    SENT = "sent", "Отправлены"
    RETURNED = "returned", "Возвращены"
    RECEIVED = "received", "Полученные"


# -- The lists -------------------------------------------------------------------------------------------------------


@pages.get("/")
def index() -> str:
    viewer, asked = edge.viewer(), request.args.get("box", "")
    box = Box(asked) if asked in set(Box) else Box.OWN
    before = _number(request.args.get("before", ""))
    found = _found(box, before)
    shown = found[:PAGE]
    edge.log_access(AccessKind.LISTED, subject="submission", payload={"box": box.value})
    waiting = _asked_for([one.id for one in shown if one.status is S.DRAFT])
    return render_template(
        "submissions/index.html",
        page_title=TITLE,
        breadcrumbs=[("Отчёты", url_for("reports.index")), (TITLE, None)],
        windows=_windows(),
        boxes=[(one, url_for(".index", box=one.value), one is box) for one in Box],
        box=box,
        lines=[_line(one, one.id in waiting) for one in shown],
        older_url=url_for(".index", box=box.value, before=shown[-1].id) if len(found) > PAGE else "",
        may_draw=may_draw(viewer, viewer.agency_id),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _found(box: Box, before: int | None) -> Sequence[Submission]:
    s = Submission
    query = select(s).where(*_in_box(box)).options(joinedload(s.agency)).order_by(s.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(s.id < before)
    return db.session.scalars(query).all()


def count_in(box: Box) -> int:
    """How many a box holds."""
    return db.session.scalar(select(func.count()).select_from(Submission).where(*_in_box(box))) or 0


def _in_box(box: Box) -> list[ColumnElement[bool]]:
    viewer, s = edge.viewer(), Submission
    if box is Box.RECEIVED:
        return [received_by(viewer), s.agency_id != viewer.agency_id]
    own = s.agency_id == viewer.agency_id
    statuses = {
        Box.OWN: tuple(S),
        Box.DRAFTS: (S.DRAFT,),
        Box.WAITING: (S.DRAFT,),
        Box.APPROVED: (S.APPROVED,),
        Box.SENT: (S.SENT, S.ACCEPTED, S.PARTLY, S.RETURNED),
        Box.RETURNED: (S.RETURNED, S.PARTLY),
    }
    found = [own, s.status.in_(statuses[box])]
    return [*found, is_asked()] if box is Box.WAITING else found


def is_asked() -> ColumnElement[bool]:
    """Of drafts: the clerk has asked for the approval since it was last taken back."""
    e = SubmissionEvent
    steps = (SubmissionStep.ASKED, SubmissionStep.REOPENED)
    last = select(e.step).where(e.submission_id == Submission.id, e.step.in_(steps)).order_by(e.id.desc()).limit(1)
    return last.correlate(Submission).scalar_subquery() == SubmissionStep.ASKED


def _asked_for(ids: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(Submission.id).where(Submission.id.in_(ids), is_asked()))) if ids else set()


def _line(submission: Submission, is_waiting: bool) -> dict[str, Any]:
    return {
        "url": submission_url(submission.id),
        "title": short_title(submission),
        "agency": submission.agency.short_name,
        "chip": status_chip(submission.status, is_asked=is_waiting),
        "day": ru_datetime(submission.sent_at or submission.approved_at or submission.created_at),
        "what": "отправлен" if submission.sent_at else "утверждён" if submission.approved_at else "составлен",
        "nil": submission.is_nil,
    }


def _windows() -> list[dict[str, Any]]:
    """What of the own organisation is to be handed in now, with the draft that is there."""
    viewer, today = edge.viewer(), edge.today()
    windows = obligations.without_bygone(obligations.open_windows(db.session(), agency_id=viewer.agency_id, on=today))
    offered = [(one, report) for one in windows if (report := find_report(one.report)) and report.is_submitted]
    deadlines = [deadline.id for one, _ in offered for deadline in one.deadlines]
    s = Submission
    standing = {}
    query = select(s).where(s.deadline_id.in_(deadlines), s.status.in_((S.DRAFT, S.APPROVED)))
    for submission in db.session.scalars(query) if deadlines else ():
        standing[submission.deadline_id] = submission
    return [_window(one, report, standing) for one, report in offered]


def _window(window: obligations.Window, report: Report, standing: dict[int | None, Submission]) -> dict[str, Any]:
    first, today = window.first, edge.today()
    draft = next((standing[one.id] for one in window.deadlines if one.id in standing), None)
    to = [one.recipient.short_name if one.recipient else one.recipient_text for one in window.deadlines]
    return {
        "title": first.rule.title,
        "report": report.short_title,
        "chip": due_chip(window.due_on, first.soon_on, today),
        "to": ", ".join(dict.fromkeys(text for text in to if text)),
        "url": deadline_url(first.id),
        "deadline": first.id,
        "draft": {"url": submission_url(draft.id), "chip": status_chip(draft.status)} if draft else None,
        "new_url": url_for(".new", deadline=first.id),
    }


# -- Drawing up ------------------------------------------------------------------------------------------------------


@pages.get("/new")
def new() -> str:
    return _form(_typed(request.args), token=uuid4().hex)


@pages.post("/new")
def draw() -> Response | tuple[str, int]:
    viewer, session = edge.viewer(), db.session()
    typed = _typed(request.form)
    token = request.form.get("form_token", "")
    token = token if token.isalnum() and len(token) <= 64 else uuid4().hex
    if (made := numbering.made_before(session, model=Submission, form_token=token, by=viewer)) is not None:
        return redirect(submission_url(made.id))
    try:
        wanted = _wanted(typed)
        made = drawing.draw_up(session, wanted=wanted, form_token=token, by=viewer, now=edge.now())
        is_new = made.form_token == token
        session.commit()
    except Refused as refusal:
        session.rollback()
        return _form(typed, token=token, error=str(refusal), field=refusal.field), 422
    except IntegrityError as error:
        session.rollback()
        return _form(typed, token=token, error=message_for(error)[1]), 422
    totals.forget()
    flash("Черновик составлен из карточек." if is_new else "Такой черновик уже есть: вот он.", "success")
    return redirect(submission_url(made.id))


def _typed(source: Any) -> dict[str, str]:
    names = ("report", "on", "period", "specialist", "deadline")
    return {name: printable(source.get(name, "")).strip()[:60] for name in names}


def _deadline(typed: dict[str, str]) -> Deadline | None:
    number = _number(typed["deadline"])
    found = db.session.get(Deadline, number) if number is not None else None
    if number is None:
        return None
    if found is None or not may_draw(edge.viewer(), found.agency_id) or not obligations.is_of_report(found):
        edge.log_access(AccessKind.REFUSED, subject="deadline", subject_id=number)
        abort(404)
    return found


def _wanted(typed: dict[str, str]) -> Wanted:
    """What the form asks for. Raises Refused."""
    deadline, today = _deadline(typed), edge.today()
    report = find_report(deadline.rule.terms.report if deadline else typed["report"])
    if report is None or not report.is_submitted:
        raise Refused("Выберите отчёт.", field="report")
    agency_id = deadline.agency_id if deadline else edge.viewer().agency_id
    specialist = _number(typed["specialist"])
    if report.is_of_specialist and specialist is None:
        specialist = deadline.user_id if deadline and deadline.user_id else edge.viewer().user_id
    on, period = today, None
    if report.timing is Timing.PERIOD:
        period = _period(typed["period"] or (deadline.period if deadline else ""), report)
    elif typed["on"]:
        on = _day(typed["on"])
    return Wanted(
        report=report,
        agency_id=agency_id,
        on=min(today, period.ends_on) if period else on,
        period=period,
        specialist_id=specialist if report.is_of_specialist else None,
        options={option.code: option.default for option in report.options},
        deadline_id=deadline.id if deadline else None,
    )


def _period(text: str, report: Report) -> Period:
    if not text:
        return Period.finished_before(edge.today(), report.months)
    try:
        return Period.parse(text)
    except BadPeriod as error:
        raise Refused(str(error), field="period") from None


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        raise Refused(BAD_DAY, field="on") from None


def _form(typed: dict[str, str], *, token: str, error: str = "", field: str = "") -> str:
    viewer, deadline = edge.viewer(), _deadline(typed)
    offered = [one for one in REPORTS.values() if one.is_submitted and one.is_made_by(viewer.agency_kind)]
    report = find_report(deadline.rule.terms.report if deadline else typed["report"])
    if report is None or not report.is_submitted:
        report = None
    return render_template(
        "submissions/new.html",
        page_title="Составить отчёт",
        breadcrumbs=[(TITLE, url_for(".index")), ("Составить отчёт", None)],
        typed={**typed, "on": typed["on"] or ru_date(edge.today())},
        reports=offered,
        report=report,
        deadline=deadline,
        periods=_periods(report) if report is not None and report.timing is Timing.PERIOD else [],
        specialists=_specialists() if report is not None and report.is_of_specialist else [],
        me=str(viewer.user_id),
        token=token,
        error=error,
        field=field,
    )


def _periods(report: Report) -> list[Period]:
    """The unfinished one and those before it."""
    return list(reversed(Period.around(edge.today(), report.months).last(8)))


def _specialists() -> list[User]:
    """Whose month somebody may draw up: the own one; a head chooses."""
    query = select(User).where(User.agency_id == edge.viewer().agency_id, ~User.is_locked)
    if edge.viewer().role in (Role.CLERK, Role.OFFICER):
        query = query.where(User.id == edge.viewer().user_id)
    return list(db.session.scalars(query.order_by(func.lower(User.name), User.id)))
