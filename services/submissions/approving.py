"""The head's approval: from then on everything that is printed is frozen, with the rules in force and its digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access import Viewer
from models.regulations import COMMON, Regulation, RegulationVersion
from models.submission_access import may_approve, may_draw
from models.submissions import RowState, Submission, SubmissionEvent, SubmissionRow
from models.text import plural
from models.users import User
from services.errors import Refused, need
from services.profiles import own_packs
from services.submissions import rows, verifying
from services.submissions.common import NOT_OWN, S, Step, claim, note_step, parameters_of, report_of, tell
from services.submissions.content import figures, is_list

ONLY_HEAD = "Утверждает отчёт руководитель организации."
CHANGED_CARDS = (
    "Карточки изменились после того, как черновик читал их: {}. Обновите черновик из карточек и проверьте его."
)
CHANGED_FIGURES = "Записи изменились, и цифры уже другие: обновите черновик и проверьте его."


def ask(session: Session, *, submission: Submission, by: Viewer, now: datetime) -> None:
    """Tell the head that a draft waits for the approval. Raises Refused."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    need(submission.status is S.DRAFT, "Этот отчёт уже утверждён.")
    need(not is_asked(session, submission), "Отчёт уже передан на утверждение.")
    _need_complete(session, submission)
    note_step(session, submission=submission, step=Step.ASKED, by=by, now=now)
    what = "ждёт вашего утверждения"
    key = f"asked:{submission.events[-1].id}"
    tell(session, submission=submission, agency_id=submission.agency_id, what=what, key=key, now=now, to_heads=True)


def is_asked(session: Session, submission: Submission) -> bool:
    """Whether a draft waits for the approval."""
    e = SubmissionEvent
    query = select(e.step).where(e.submission_id == submission.id, e.step.in_((Step.ASKED, Step.REOPENED)))
    return session.scalar(query.order_by(e.id.desc()).limit(1)) is Step.ASKED


def approve(session: Session, *, submission: Submission, by: Viewer, now: datetime) -> None:
    """Freeze a draft. Raises Refused: blocked rows, cards that say something else by now; StaleSubmission."""
    need(may_approve(by, submission.agency_id), ONLY_HEAD)
    need(submission.status is S.DRAFT, "Этот отчёт уже утверждён.")
    _need_complete(session, submission)
    _need_fresh(session, submission, by.on)
    user = session.get(User, by.user_id)
    name = ", ".join(part for part in ((user.name, user.position) if user else ("система",)) if part)
    signature = {"position": user.position or "Руководитель", "name": user.name} if user else None
    frozen: dict[str, Any] = {
        "content": {**submission.content, "signatures": [signature] if signature else []},
        "rules": rules_in_force(session, agency_id=submission.agency_id, on=submission.period_to),
        "is_nil": _is_nil(session, submission),
        "approved_by_name": name[:500],
    }
    sha256 = verifying.digest(session, submission=submission, approved_at=now, **frozen)
    claim(
        session,
        submission=submission,
        expected=(S.DRAFT,),
        becomes=S.APPROVED,
        step=Step.APPROVED,
        by=by,
        now=now,
        approved_at=now,
        approved_by_id=by.user_id,
        sha256=sha256,
        **frozen,
    )
    if submission.created_by_id != by.user_id:
        only = [submission.created_by_id]
        key = f"approved:{submission.events[-1].id}"
        what = "утверждён, можно отправлять"
        tell(session, submission=submission, agency_id=submission.agency_id, what=what, key=key, now=now, only=only)


def reopen(session: Session, *, submission: Submission, reason: str, by: Viewer, now: datetime) -> None:
    """Take an approval back before anything was sent, with a reason: it is a draft again. Raises Refused."""
    need(may_approve(by, submission.agency_id), "Снять утверждение может руководитель организации.")
    need(submission.sent_at is None, "Отчёт уже отправлен: составьте следующую редакцию.")
    need(reason.strip(), "Укажите причину.", field="reason")
    try:
        claim(
            session,
            submission=submission,
            expected=(S.APPROVED,),
            becomes=S.DRAFT,
            step=Step.REOPENED,
            by=by,
            now=now,
            note=reason,
            approved_at=None,
            approved_by_id=None,
            approved_by_name="",
            sha256="",
        )
    except IntegrityError:
        raise Refused("По этому отчёту уже составлен другой черновик.") from None


def rules_in_force(session: Session, *, agency_id: int, on: date) -> dict[str, str]:
    """Regulations that the organisation follows on a day: code → digest of the version in force now."""
    codes = [pack.code for pack in own_packs(session, agency_id=agency_id, on=on)]
    v = RegulationVersion
    newest = select(func.max(v.number)).where(v.regulation_id == Regulation.id).correlate(Regulation).scalar_subquery()
    query = select(Regulation.code, v.digest).join(v, v.regulation_id == Regulation.id)
    query = query.where(Regulation.code.in_([COMMON, *codes]), v.number == newest).order_by(Regulation.code)
    return {row.code: row.digest for row in session.execute(query)}


def _need_complete(session: Session, submission: Submission) -> None:
    r = SubmissionRow
    query = select(func.count()).where(r.submission_id == submission.id, r.state == RowState.BLOCKED)
    blocked = session.scalar(query) or 0
    told = f"{blocked} {plural(blocked, 'строке', 'строках', 'строках')}"
    need(not blocked, f"В {told} не хватает сведений: заполните карточки, напишите своими словами или исключите их.")


def _need_fresh(session: Session, submission: Submission, today: date) -> None:
    """What is approved is what the cards and records say today."""
    report = report_of(submission)
    if is_list(report):
        found = rows.differing(rows.fresh(session, submission, today=today), rows.known(session, submission.id))
        told = f"{len(found)} {plural(len(found), 'строка', 'строки', 'строк')}"
        need(not found, CHANGED_CARDS.format(told))
        return
    viewer = rows.viewer_of(session, submission, today=today)
    now = figures(session, report, viewer, parameters_of(submission))
    need(now == submission.content.get("parts"), CHANGED_FIGURES)


def _is_nil(session: Session, submission: Submission) -> bool:
    """Nobody stands in the list: «нет сведений» is a valid return."""
    if not submission.content.get("columns"):
        return False
    r = SubmissionRow
    query = select(func.count()).where(r.submission_id == submission.id, r.state == RowState.INCLUDED)
    return not session.scalar(query)
