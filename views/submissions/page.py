"""The page of a submission: its rows or figures, what lacks and what changed, the verbs, recipients, history, files."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any, NoReturn
from urllib.parse import quote

from flask import abort, render_template, request, send_file, url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.deadlines import Deadline
from models.submission_access import may_approve, may_draw
from models.submissions import RowChange, RowState, Submission, SubmissionRecipient, SubmissionRow, SubmissionStatus
from models.territory import Agency
from models.users import Role
from reports.completeness import NUMBER
from reports.outputs import part_from_json
from services.errors import Refused
from services.submissions import approving, corrections, files, obligations, receiving, verifying
from services.submissions.common import find, short_title
from services.submissions.content import columns_of, text_of
from services.submissions.rows import stale_words
from views import edge
from views.captions import table_title
from views.database import WRITES
from views.deadline_look import deadline_url, log_people
from views.extensions import db
from views.formats import chip, ru_date, ru_datetime
from views.people_lookup import names_of
from views.submissions.lists import TITLE, pages
from views.submissions.look import change_chip, numbers_of, state_chip, status_chip, submission_url

PAGE = 50
RETURNING = 900  # Rows of the form that returns some: it is sent once, and no form has more than a thousand fields.
FILES = {"xlsx": "Excel (.xlsx)", "csv": "Текст (.csv)", "docx": "Документ (.docx)"}
S = SubmissionStatus
SHOWN = {
    "": "Все строки",
    "included": "Войдут",
    "blocked": "Не хватает сведений",
    "new": "Новые",
    "changed": "Изменены",
    "gone": "Выбыли",
    "left": "Не включены",
}


@pages.get("/<int:submission_id>")
def show(submission_id: int) -> str:
    submission = found_or_404(submission_id)
    edge.log_access(AccessKind.OPENED, subject="submission", subject_id=submission.id)
    if note_opened(submission):
        db.session.commit()  # Nothing but the end of reading: the page tells of the receipt that was just noted.
        submission = found_or_404(submission_id)
    return render(submission)


@pages.get("/<int:submission_id>.<any(xlsx, csv, docx):kind>")
def download(submission_id: int, kind: str) -> Response | tuple[str, int]:
    """The frozen content as a file: the same bytes whenever it is asked for."""
    submission = found_or_404(submission_id)
    try:
        data = files.make(db.session(), submission=submission, file_format=kind)
    except Refused as refusal:
        return render(submission, error=str(refusal)), 422
    payload = {"type": kind, "sha256": hashlib.sha256(data).hexdigest()}
    edge.log_access(AccessKind.DOWNLOADED, subject="submission", subject_id=submission.id, payload=payload)
    name = files.name_of(submission, kind)
    answer = send_file(BytesIO(data), as_attachment=True, download_name=name, max_age=0)
    answer.headers["Content-Disposition"] = f"attachment; filename=report.{kind}; filename*=UTF-8''{quote(name)}"
    return answer


def found_or_404(submission_id: int) -> Submission:
    """The submission, for those who may read it; a stranger learns nothing."""
    is_number = submission_id < 2**31
    found = find(db.session(), submission_id=submission_id, by=edge.viewer()) if is_number else None
    if found is None:
        _refuse(submission_id)
    return found


def _refuse(submission_id: int) -> NoReturn:
    edge.log_access(AccessKind.REFUSED, subject="submission", subject_id=submission_id)
    abort(404)


def note_opened(submission: Submission) -> bool:
    """The receipt, in a short transaction of its own as the log of reading has: a page is read, not written."""
    viewer = edge.viewer()
    recipient = receiving.recipient_of(submission, viewer)
    if recipient is None or recipient.received_at is not None:
        return False
    with Session(db.engines[None], join_transaction_mode="create_savepoint") as session, session.begin():
        session.connection(execution_options={WRITES: True})
        session.info.update(db.session().info)
        return receiving.opened(session, submission_id=submission.id, by=viewer, now=edge.now())


# -- What the template shows -----------------------------------------------------------------------------------------


def render(submission: Submission, *, error: str = "", typed: dict[str, str] | None = None) -> str:
    """`typed`: what a form held that could not be done; its row stands open."""
    viewer, session = edge.viewer(), db.session()
    is_own = may_draw(viewer, submission.agency_id)
    recipient = _acting(submission)
    rows = _rows(submission, is_own, typed or {})
    return render_template(
        "submissions/show.html",
        page_title=short_title(submission),
        breadcrumbs=[(TITLE, url_for(".index")), (short_title(submission), None)],
        submission=submission,
        subtitle=submission.agency_name,
        chips=_chips(submission),
        error=error,
        typed=typed or {},
        facts_shown=_facts(submission),
        may=_may(submission, recipient),
        recipient=recipient,
        counts=_counts(submission),
        shown=_filters(submission, is_own),
        rows=rows,
        parts=[part_from_json(part) for part in submission.content.get("parts", ())],
        part_lines=[
            [[line.label, *(figure.text for figure in line.figures)] for line in part.lines]
            for part in (part_from_json(one) for one in submission.content.get("parts", ()))
        ],
        links=links_of(submission) if is_own or viewer.reads_everybody else [],
        is_for_others=recipient is not None and recipient.agency_id != viewer.agency_id,
        texts=_texts(submission, typed or {}),
        recipients=_recipients(submission),
        proposed=_proposed(submission) if is_own and submission.status is S.APPROVED else [],
        others=_others(submission) if is_own and submission.status is S.APPROVED else [],
        files=[(label, url_for(".download", submission_id=submission.id, kind=kind)) for kind, label in FILES.items()]
        if submission.is_frozen
        else [],
        editions=_editions(submission),
        compared=_compared(submission, is_own),
        partly=recipient is not None and (request.args.get("partly") == "1" or request.path.endswith("/partly")),
        history=[(ru_datetime(one.at), one.who, one.step.label, one.note) for one in reversed(submission.events)],
        verified=verifying.is_whole(session, submission=submission) if submission.is_frozen else None,
    )


def _acting(submission: Submission) -> SubmissionRecipient | None:
    """For which recipient the viewer decides now; None: for none."""
    for one in submission.recipients:
        if one.status is S.SENT and receiving.may_decide(db.session(), recipient=one, by=edge.viewer()):
            return one
    return None


def _chips(submission: Submission) -> list[Any]:
    is_waiting = submission.status is S.DRAFT and approving.is_asked(db.session(), submission)
    found = [status_chip(submission.status, is_asked=is_waiting)]
    if submission.edition > 1:
        found.append(chip(f"редакция {submission.edition}", "grey", "refresh"))
    return [*found, chip("нет сведений", "grey", "ban")] if submission.is_nil else found


def _may(submission: Submission, recipient: SubmissionRecipient | None) -> set[str]:
    """Verbs that the page offers."""
    viewer, found = edge.viewer(), set()
    if may_draw(viewer, submission.agency_id):
        if submission.status is S.DRAFT:
            found |= {"refresh", "words", "texts", "discard"}
            found |= set() if approving.is_asked(db.session(), submission) else {"ask"}
        found |= {"send"} if submission.status is S.APPROVED else set()
        found |= {"next"} if submission.sent_at is not None else set()
    if may_approve(viewer, submission.agency_id):
        found |= {"approve"} if submission.status is S.DRAFT else set()
        found |= {"reopen"} if submission.status is S.APPROVED else set()
        found -= {"ask"}
    return found | ({"decide"} if recipient is not None else set())


def _facts(submission: Submission) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("Что сдаём", submission.title), ("Чей отчёт", submission.agency_name)]
    if submission.specialist is not None:
        found.append(("Специалист", submission.specialist.name))
    found.append(("О чём", submission.content.get("subtitle", "")))
    author = f", {submission.created_by.name}" if submission.created_by else ""
    found.append(("Составлен", f"{ru_datetime(submission.created_at)}{author}"))
    if not submission.is_frozen:
        found.append(("Карточки прочитаны", ru_datetime(submission.refreshed_at)))
        return found
    found.append(("Утверждён", f"{ru_datetime(submission.approved_at)}, {submission.approved_by_name}"))
    if submission.sent_at is not None:
        found.append(("Отправлен", ru_datetime(submission.sent_at)))
    rules = ", ".join(f"{code} ({digest[:8]})" for code, digest in submission.rules.items())
    return [*found, ("По правилам", rules or "регламенты не назначены")]


def deadline_of(submission: Submission) -> Deadline | None:
    return db.session.get(Deadline, submission.deadline_id) if submission.deadline_id is not None else None


# -- Rows ------------------------------------------------------------------------------------------------------------


def sees_left_out(submission: Submission) -> bool:
    """Recipients read what was sent to them, not who was kept out of it."""
    viewer = edge.viewer()
    oversees = viewer.reads_everybody and viewer.role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    return may_draw(viewer, submission.agency_id) or oversees


def sees_before(submission: Submission) -> bool:
    """What the last submission said is told to those who may read that one too."""
    number = submission.content.get("compared_with")
    return number is None or find(db.session(), submission_id=number, by=edge.viewer()) is not None


def _condition(submission: Submission, show: str) -> list[ColumnElement[bool]]:
    r = SubmissionRow
    found = [r.submission_id == submission.id]
    if not sees_left_out(submission):
        is_included = r.state == RowState.INCLUDED
        found.append(is_included | (r.change == RowChange.GONE) if sees_before(submission) else is_included)
    going = r.state != RowState.LEFT_OUT
    narrowed = {
        "included": r.state == RowState.INCLUDED,
        "blocked": r.state == RowState.BLOCKED,
        "new": (r.change == RowChange.NEW) & going,
        "changed": (r.change == RowChange.CHANGED) & going,
        "gone": r.change == RowChange.GONE,
        "left": r.state == RowState.LEFT_OUT,
    }
    return [*found, narrowed[show]] if show in narrowed else found


def _counts(submission: Submission) -> dict[str, int]:
    r = SubmissionRow
    query = select(r.state, r.change, func.count()).where(*_condition(submission, "")).group_by(r.state, r.change)
    found = dict.fromkeys(SHOWN, 0)
    for state, change, number in db.session.execute(query):
        is_going = state is not RowState.LEFT_OUT
        found[""] += number
        found["included"] += number if state is RowState.INCLUDED else 0
        found["blocked"] += number if state is RowState.BLOCKED else 0
        found["left"] += 0 if is_going else number
        found["gone"] += number if change is RowChange.GONE else 0
        found["new"] += number if change is RowChange.NEW and is_going else 0
        found["changed"] += number if change is RowChange.CHANGED and is_going else 0
    return found


def _filters(submission: Submission, is_own: bool) -> list[tuple[str, str, int, bool]]:
    counts, asked = _counts(submission), request.args.get("show", "")
    wanted = [name for name in SHOWN if is_own or name not in ("left", "blocked")]
    return [
        (SHOWN[name], submission_url(submission.id, show=name or None, _anchor="rows"), counts[name], name == asked)
        for name in wanted
        if counts[name] or name in ("", asked)
    ]


def _rows(submission: Submission, is_own: bool, typed: dict[str, str]) -> dict[str, Any]:
    """A page of the rows, with the form of the one that is being worded."""
    if not submission.content.get("columns"):
        return {"lines": [], "is_list": False}
    show, page = request.args.get("show", ""), request.args.get("page", "1")
    place = int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) > 0 else 1
    r = SubmissionRow
    query = select(r).where(*_condition(submission, show)).order_by(r.position, r.id)
    size = RETURNING if request.args.get("partly") == "1" or request.path.endswith("/partly") else PAGE
    found = list(db.session.scalars(query.offset((place - 1) * size).limit(size + 1)))
    lines, has_more = found[:size], len(found) > size
    ids = [one.graduate_id for one in lines if one.graduate_id is not None]
    log_people(ids, page="submission")
    names, is_compared = names_of(ids), sees_before(submission)
    remarks = receiving.remarks(db.session(), submission=submission) if is_compared else {}
    opened = typed.get("row") or request.args.get("row", "")
    returned = _returned(submission)

    def url(number: int) -> str:
        return submission_url(submission.id, show=show or None, page=number, _anchor="rows")

    return {
        "is_list": True,
        "lines": [
            _row(submission, one, names, remarks, returned, opened, typed) | ({} if is_compared else {"changes": []})
            for one in lines
        ],
        "newer_url": url(place - 1) if place > 1 else "",
        "older_url": url(place + 1) if has_more else "",
        "page": place,
        "show": show,
        "may_word": is_own and submission.status is S.DRAFT,
    }


def _row(
    submission: Submission,
    row: SubmissionRow,
    names: dict[int, str],
    remarks: dict[int | None, list[tuple[str, str]]],
    returned: dict[int, list[str]],
    opened: str,
    typed: dict[str, str],
) -> dict[str, Any]:
    columns = [column for column in columns_of(submission) if column.key not in (NUMBER, "name")]
    is_open, is_typed = opened == str(row.id), typed.get("row") == str(row.id)
    stale = stale_words({"worded_over": row.worded_over, "wording": row.wording, "cells": row.cells})
    here = {"show": request.args.get("show") or None, "page": request.args.get("page") or None}
    return {
        "id": row.id,
        "number": row.position,
        "name": row.name,
        "url": url_for("graduate.details_view", id=row.graduate_id) if row.graduate_id in names else "",
        "born": ru_date(row.birth_date),
        "state": state_chip(row.state) if not submission.is_frozen or row.state is RowState.LEFT_OUT else "",
        "change": change_chip(row.change) if row.state is not RowState.LEFT_OUT or row.change is RowChange.GONE else "",
        "reason": row.reason,
        "changes": row.changes,
        "is_left": row.state is RowState.LEFT_OUT,
        "is_by_hand": row.is_by_hand,
        "cells": [
            {
                "key": column.key,
                "heading": column.heading,
                "text": text_of(row.printed(column.key)),
                "card": text_of(row.cells.get(column.key)),
                "is_own": column.key in row.wording,
                "is_stale": column.key in stale,
                "typed": typed.get(f"w-{column.key}", "") if is_typed else text_of(row.printed(column.key)),
                "seen": typed.get(f"s-{column.key}", "") if is_typed else text_of(row.printed(column.key)),
            }
            for column in columns
        ]
        if row.cells
        else [],
        "remarks": remarks.get(row.graduate_id, []),
        "returned": returned.get(row.id, []),
        "is_open": is_open,
        "open_url": submission_url(submission.id, row=row.id, _anchor=f"row-{row.id}", **here),
        "typed_reason": typed.get("reason", "") if is_typed else "",
        "returning": typed.get(f"row-{row.id}", ""),
    }


def _returned(submission: Submission) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for recipient in submission.recipients:
        for one in recipient.returned_rows:
            found.setdefault(one.row_id, []).append(f"{recipient.who}: {one.reason}")
    return found


# -- Texts, recipients, editions -------------------------------------------------------------------------------------


def _texts(submission: Submission, typed: dict[str, str]) -> list[dict[str, str]]:
    titles = submission.content.get("text_titles", {})
    return [
        {"code": code, "title": title, "text": typed.get(f"t-{code}", submission.texts.get(code, ""))}
        for code, title in titles.items()
    ]


def _recipients(submission: Submission) -> list[dict[str, Any]]:
    numbers = numbers_of([one.referral_id for one in submission.recipients if one.referral_id is not None])
    viewer = edge.viewer()
    return [
        {
            "name": one.agency.short_name,
            "chip": status_chip(one.status),
            "sent": ru_datetime(one.sent_at),
            "received": ru_datetime(one.received_at) if one.received_at else "",
            "decided": ru_datetime(one.decided_at) if one.decided_at else "",
            "who": one.who,
            "note": one.note,
            "letter_url": url_for("referral.details_view", id=one.referral_id)
            if one.referral_id is not None
            and (viewer.reads_everybody or viewer.agency_id in (submission.agency_id, one.agency_id))
            else "",
            "number": numbers.get(one.referral_id or 0, ""),
        }
        for one in submission.recipients
    ]


def _proposed(submission: Submission) -> list[Agency]:
    return obligations.proposed_recipients(db.session(), submission=submission)


def _others(submission: Submission) -> list[Agency]:
    proposed = {one.id for one in _proposed(submission)}
    query = select(Agency).where(Agency.is_active, Agency.id != submission.agency_id).order_by(Agency.short_name)
    return [one for one in db.session.scalars(query) if one.id not in proposed]


def _editions(submission: Submission) -> list[dict[str, Any]]:
    s = Submission
    query = select(s).where(s.agency_id == submission.agency_id, s.report == submission.report)
    query = query.where(s.period_key == submission.period_key, s.id != submission.id).order_by(s.edition)
    viewer = edge.viewer()
    seen = (one for one in db.session.scalars(query) if find(db.session(), submission_id=one.id, by=viewer))
    return [
        {"url": submission_url(one.id), "text": f"Редакция {one.edition}", "chip": status_chip(one.status)}
        for one in seen
    ]


def _compared(submission: Submission, is_own: bool) -> dict[str, Any] | None:
    """«Утверждено → сейчас», where it is asked for."""
    if not submission.is_frozen or not is_own:
        return None
    url = submission_url(submission.id, compare=1, _anchor="compared")
    if request.args.get("compare") != "1":
        return {"url": url, "rows": None, "figures": None}
    session, today = db.session(), edge.today()
    moved = corrections.moved_rows(session, submission=submission, today=today)
    names = names_of(one.graduate_id for one in moved if one.graduate_id is not None)
    rows = [
        {
            "name": one.name,
            "url": url_for("graduate.details_view", id=one.graduate_id) if one.graduate_id in names else "",
            "what": one.what,
            "later": [f"{ru_datetime(at)}, {who}: {table_title(table).lower()}" for at, who, table in one.later],
        }
        for one in moved
    ]
    figures = corrections.moved_figures(session, submission=submission, today=today)
    return {
        "url": url,
        "rows": rows,
        "figures": figures,
        "figures_rows": [[one.where, one.was, one.now] for one in figures],
    }


def links_of(submission: Submission) -> list[tuple[str, str]]:
    deadline = deadline_of(submission)
    return [(deadline.rule.title, deadline_url(deadline.id))] if deadline else []
