"""The office's own words in a draft: of a row and column, of the texts of a report; who is left out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.submission_access import may_draw
from models.submissions import RowState, Submission, SubmissionRow
from reports.completeness import NUMBER, SubmittedList
from services.errors import Refused, need
from services.submissions import rows
from services.submissions.common import NOT_OWN, Step, note_step, parameters_of, report_of
from services.submissions.content import text_of
from services.submissions.drawing import hold

NO_ROW = "Этой строки в черновике больше нет: его обновили из карточек."
MEANWHILE = "Эту графу тем временем изменил кто-то другой. Проверьте, что записано сейчас, и повторите."
BY_RULE = "Этот человек не входит в отчёт по правилам: причина указана в строке. Исправьте карточку."
LONGEST = 4000


def reword(
    session: Session,
    *,
    submission: Submission,
    row_id: int,
    words: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    by: Viewer,
    now: datetime,
) -> SubmissionRow:
    """Put columns of a row into own words; an empty text, or what the card says, restores the card's. Raises Refused.

    `seen`: what the columns said when the form was opened: what somebody else worded meanwhile is not overwritten.
    """
    row = _row(session, submission, row_id, by)
    titles = {column.key: column.heading for column in _list_of(submission).columns if column.key != NUMBER}
    need(words.keys() <= titles.keys(), "Такой графы в отчёте нет.")
    wording, over = dict(row.wording), dict(row.worded_over)
    for key, told in words.items():
        text, card = told.strip(), text_of(row.cells.get(key))
        need(len(text) <= LONGEST, f"«{titles[key]}»: не длиннее {LONGEST} знаков.", field=key)
        need(seen is None or text_of(seen.get(key)) == text_of(row.printed(key)), MEANWHILE)
        wording.pop(key, None)
        over.pop(key, None)
        if text and text != card:
            wording[key], over[key] = text, card
    row.wording, row.worded_over = wording, over
    _judge(session, submission, row)
    told = ", ".join(titles[key] for key in words)
    note_step(session, submission=submission, step=Step.REWORDED, by=by, now=now, note=f"строка {row.position}: {told}")
    return row


def leave_out(
    session: Session, *, submission: Submission, row_id: int, reason: str, by: Viewer, now: datetime
) -> SubmissionRow:
    """Do not send a row, with a reason that stays with the submission. Raises Refused."""
    row = _row(session, submission, row_id, by)
    need(row.state is not RowState.LEFT_OUT, "Эта строка уже не включена.")
    need(reason.strip(), "Укажите, почему строку не включают.", field="reason")
    need(len(reason.strip()) <= rows.LONGEST, f"Не длиннее {rows.LONGEST} знаков.", field="reason")
    row.state, row.reason, row.is_by_hand = RowState.LEFT_OUT, reason.strip(), True
    note = f"строка {row.position} не включена: {reason.strip()}"
    note_step(session, submission=submission, step=Step.REWORDED, by=by, now=now, note=note)
    return row


def take_back(session: Session, *, submission: Submission, row_id: int, by: Viewer, now: datetime) -> SubmissionRow:
    """Send a row after all that was left out by hand. Raises Refused."""
    row = _row(session, submission, row_id, by)
    need(row.is_by_hand, BY_RULE)
    row.is_by_hand = False
    _judge(session, submission, row)
    note = f"строка {row.position} возвращена"
    note_step(session, submission=submission, step=Step.REWORDED, by=by, now=now, note=note)
    return row


def put_texts(session: Session, *, submission: Submission, texts: Mapping[str, str], by: Viewer, now: datetime) -> None:
    """The words of a report: difficulties, the plan for the next month. Raises Refused."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    hold(session, submission)
    titles = submission.content.get("text_titles", {})
    need(texts.keys() <= titles.keys(), "Такой части в отчёте нет.")
    for code, text in texts.items():
        need(len(text.strip()) <= 20_000, f"«{titles[code]}»: не длиннее 20 000 знаков.", field=code)
    submission.texts = {**submission.texts, **{code: text.strip() for code, text in texts.items()}}
    note = ", ".join(titles[code] for code in texts)
    note_step(session, submission=submission, step=Step.REWORDED, by=by, now=now, note=note)


def _row(session: Session, submission: Submission, row_id: int, by: Viewer) -> SubmissionRow:
    need(may_draw(by, submission.agency_id), NOT_OWN)
    hold(session, submission)
    row = session.get(SubmissionRow, row_id, populate_existing=True)
    if row is None or row.submission_id != submission.id:
        raise Refused(NO_ROW)
    return row


def _list_of(submission: Submission) -> SubmittedList:
    report = report_of(submission)
    if not isinstance(report, SubmittedList):
        raise Refused("В этом отчёте нет строк.")
    return report


def _judge(session: Session, submission: Submission, row: SubmissionRow) -> None:
    """State and difference of one row, by the rules by which all are made."""
    report = _list_of(submission)
    values: dict[str, Any] = {name: getattr(row, name) for name in rows.COLUMNS}
    rows.judge(report, values, parameters_of(submission), missing=None, graduate=row.graduate)
    base = rows.base_of(session, submission)
    before = rows.known_row(session, base.id, row.graduate_id) if base else None
    values |= rows.compared(report, values, before)
    for name in ("state", "reason", "change", "changes"):
        setattr(row, name, values[name])
    session.flush()
