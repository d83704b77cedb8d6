"""«Единый банк данных о выпускниках» (kizil, stage 1 and measure 1.1; krasnoyarsk, cl. 5.2): the row of a card, dated.

Each row says from when its newest statement is: the day of the document, the day on which it was received, the day on
which it was entered. A statement is a file of a half-year form that was loaded, or an organisation's submission that a
recipient accepted. A card that somebody only filled in by hand has the day on which it was begun.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.context import ZONE
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch, ImportRow
from models.submissions import RowState, Submission, SubmissionRecipient, SubmissionRow, SubmissionStatus
from reports.base import Cell, Column, Kind, Option, Parameters, Row
from reports.eligibility import born_by, earliest_eligible_birth_date
from reports.registry import CHUNK, Registry, cells, chosen_filters, registry_query

EVERYBODY, OF_AGE = "all", "of-age"
FIRST_AGE = 18
OF_CARD = 10  # columns of the register that the bank has as well
DATES = (
    Column("Дата документа", "document_on", 11.5, Kind.DATE),
    Column("Дата получения", "received_on", 11.5, Kind.DATE),
    Column("Дата внесения", "entered_on", 11.5, Kind.DATE),
)
TAKEN = (SubmissionStatus.ACCEPTED, SubmissionStatus.PARTLY)


class DataBank(Registry):
    code = "data-bank"
    title = "Единый банк данных о выпускниках"
    short_title = "Банк данных"
    note = "Сведения карточек и три даты: документа, его получения и внесения (программа Кизила, этап 1)."
    options: ClassVar = (
        Option("who", "Кого включить", ((EVERYBODY, "всех, кого вы вправе видеть"), (OF_AGE, "от 18 до 23 лет"))),
    )
    columns = (*Registry.columns[: OF_CARD + 1], *DATES)

    def rows(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[Row]:
        zone = session.info.get(ZONE, UTC)
        query = _bank_query(viewer, parameters).limit(limit).execution_options(yield_per=CHUNK)
        for number, record in enumerate(session.execute(query), start=1):
            of_card, of_statements = record[: -len(STATED)], record[-len(STATED) :]
            yield Row(record[0], (number, *cells(of_card)[:OF_CARD], *dates(of_statements, zone)))

    def count(self, session: Session, viewer: Viewer, parameters: Parameters) -> int:
        query = select(func.count(Graduate.id)).where(visible_to(viewer), *_conditions(parameters))
        return session.scalar(query) or 0


def _conditions(parameters: Parameters) -> list[ColumnElement[bool]]:
    conditions = list(chosen_filters(parameters))
    if parameters.chosen.get("who") == OF_AGE:
        earliest = earliest_eligible_birth_date(parameters.on)
        conditions.append(Graduate.birth_date.between(earliest, born_by(parameters.on, FIRST_AGE)))
    return conditions


STATED = (
    ImportBatch.on,
    ImportBatch.created_at,
    ImportBatch.applied_at,
    Submission.approved_at,
    SubmissionRecipient.received_at,
    SubmissionRecipient.sent_at,
    SubmissionRecipient.decided_at,
    Graduate.created_at,
)


def _bank_query(viewer: Viewer, parameters: Parameters) -> Select[Any]:
    return (
        registry_query(viewer, parameters)
        .add_columns(*(column.label(f"stated_{place}") for place, column in enumerate(STATED)))
        .outerjoin(ImportBatch, ImportBatch.id == _last_import())
        .outerjoin(SubmissionRecipient, SubmissionRecipient.id == _last_submission())
        .outerjoin(Submission, Submission.id == SubmissionRecipient.submission_id)
        .where(*_conditions(parameters))
    )


def _last_import() -> ScalarSelect[Any]:
    query = select(func.max(ImportRow.batch_id)).join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
    loaded = query.where(ImportRow.graduate_id == Graduate.id, ImportBatch.state == BatchState.APPLIED)
    return loaded.correlate(Graduate).scalar_subquery()


def _last_submission() -> ScalarSelect[Any]:
    query = select(func.max(SubmissionRecipient.id)).join(
        SubmissionRow, SubmissionRow.submission_id == SubmissionRecipient.submission_id
    )
    taken = query.where(
        SubmissionRow.graduate_id == Graduate.id,
        SubmissionRow.state == RowState.INCLUDED,
        SubmissionRecipient.status.in_(TAKEN),
    )
    return taken.correlate(Graduate).scalar_subquery()


def dates(stated: Sequence[Any], zone: tzinfo) -> tuple[Cell, ...]:
    """Document, receipt and entry of whichever statement was received last."""
    form_on, form_came, form_loaded, approved, received, sent, decided, begun = stated

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment else None

    statements = []
    if form_came is not None:
        statements.append((form_came, (form_on, day(form_came), day(form_loaded))))
    if sent is not None:
        came = received or sent
        statements.append((came, (day(approved), day(came), day(decided))))
    if not statements:
        return (None, None, day(begun))
    return max(statements, key=lambda one: one[0])[1]
