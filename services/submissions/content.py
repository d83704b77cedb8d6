"""What a submission says: its headings and figures as plain JSON, its rows, and the paper that is printed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.submissions import RowState, Submission, SubmissionRow
from reports.base import Cell, Column, Desk, Kind, Parameters, Report, Timing
from reports.completeness import NUMBER, SubmittedList
from reports.figures import FiguresReport
from reports.outputs import Printed, Signature, part_from_json, part_to_json
from services.errors import Refused

NOT_HANDED_IN = "Этот отчёт не сдают: его только составляют."


def is_list(report: Report) -> bool:
    return isinstance(report, SubmittedList)


def headings(report: Report, parameters: Parameters) -> dict[str, Any]:
    """All that is printed besides rows and figures."""
    columns = report.columns if isinstance(report, SubmittedList) else ()
    return {
        "title": report.title,
        "short_title": report.short_title,
        "subtitle": report.subtitle(parameters),
        "on": parameters.on.isoformat(),
        "is_of_period": report.timing is Timing.PERIOD,
        "columns": [
            {"heading": one.heading, "key": one.key, "width": one.width, "kind": one.kind.value} for one in columns
        ],
        "has_number_row": bool(getattr(report, "has_number_row", False)),
        "is_signed": report.is_signed,
    }


def figures(session: Session, report: Report, viewer: Viewer, parameters: Parameters) -> list[dict[str, Any]]:
    """The tables of a report of figures as they stand now; none of a list. Raises Refused."""
    if isinstance(report, FiguresReport):
        return [part_to_json(part) for part in report.parts(Desk(session, viewer, parameters))]
    if not isinstance(report, SubmittedList):
        raise Refused(NOT_HANDED_IN)
    return []


def columns_of(submission: Submission) -> list[Column]:
    """The columns as they were when the submission was drawn up."""
    return [
        Column(one["heading"], one["key"], one["width"], Kind(one["kind"]))
        for one in submission.content.get("columns", ())
    ]


def plain_cell(cell: Cell) -> str | int | None:
    """A cell as JSON can keep it; a day becomes 2026-10-01 and is read back by the kind of its column."""
    return cell.isoformat() if isinstance(cell, date) else cell


def printed_cell(column: Column, value: Any) -> Cell:
    if column.kind is Kind.DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value  # type: ignore[no-any-return]


def text_of(value: Any) -> str:
    """How a cell reads, whatever its kind: what is compared and shown."""
    return "" if value is None else str(value).strip()


def included(session: Session, submission: Submission) -> Iterator[SubmissionRow]:
    """The rows that the paper prints, streamed in its order."""
    query = select(SubmissionRow).where(
        SubmissionRow.submission_id == submission.id, SubmissionRow.state == RowState.INCLUDED
    )
    query = query.order_by(SubmissionRow.position, SubmissionRow.id)
    yield from session.scalars(query.execution_options(yield_per=500))


def paper(session: Session, submission: Submission, *, note: str = "") -> Printed:
    """What is printed, from what the submission itself holds and nothing else."""
    content, columns = submission.content, columns_of(submission)
    return Printed(
        title=content["title"],
        short_title=content["short_title"],
        subtitle=content["subtitle"],
        on=date.fromisoformat(content["on"]),
        columns=columns,
        rows=_rows(columns, included(session, submission)) if columns else (),
        has_number_row=content.get("has_number_row", False),
        parts=[part_from_json(part) for part in content.get("parts", ())],
        texts=[(title, text) for title, text in texts_of(submission) if text],
        signatures=[Signature(one["position"], one["name"]) for one in content.get("signatures", ())],
        note=note or content.get("printed_note", ""),
    )


def _rows(columns: list[Column], rows: Iterable[SubmissionRow]) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(rows, start=1):
        yield tuple(
            number if column.key == NUMBER else printed_cell(column, row.printed(column.key)) for column in columns
        )


def texts_of(submission: Submission) -> list[tuple[str, str]]:
    """Own words with their titles, in the order of the report; a frozen submission keeps the titles itself."""
    titles: Mapping[str, str] = submission.content.get("text_titles", {})
    return [(title, submission.texts.get(code, "")) for code, title in titles.items()]
