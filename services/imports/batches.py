"""A file on its way: checked and kept as a draft, applied once, perhaps undone or thrown away."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session, undefer

from models.access import Viewer
from models.context import actor_of
from models.imports import BatchState, ImportBatch, ImportRow, PossibleDuplicate
from models.territory import Agency
from services.importing.parsed import ParsedForm
from services.importing.rows import read_form
from services.imports.plan import ImportPlan, PlannedRow, plan_import
from services.imports.states import ImportRefused, move, note_action
from services.imports.writing import Written, write_rows

ONE_AT_A_TIME = 0x6D617273  # The advisory lock that imports take in turn on PostgreSQL.


# -- A draft ---------------------------------------------------------------------------------------------------------


def keep_draft(
    session: Session, *, viewer: Viewer, agency: Agency, parsed: ParsedForm, data: bytes, now: datetime
) -> ImportBatch:
    """Keep a checked file with what it would do; nothing else changes."""
    plan = plan_import(session, viewer=viewer, agency=agency, parsed=parsed)
    batch = _new_batch(session, agency=agency, parsed=parsed, data=data, now=now)
    batch.summary = _summary(plan)
    session.flush()
    _store_rows(session, batch, plan.rows, {})
    return batch


def _new_batch(session: Session, *, agency: Agency, parsed: ParsedForm, data: bytes, now: datetime) -> ImportBatch:
    batch = ImportBatch(
        state=BatchState.DRAFT,
        form=parsed.form,
        agency=agency,
        user_id=actor_of(session).user_id,
        on=parsed.on,
        file_name=parsed.file_name[-200:],
        file_sha256=hashlib.sha256(data).hexdigest(),
        file=data,
        created_at=now,
        summary={},
    )
    session.add(batch)
    session.flush()
    return batch


def discard_draft(session: Session, *, batch: ImportBatch) -> None:
    if batch.state is not BatchState.DRAFT:
        raise ImportRefused("Загруженный файл не удаляют, его загрузку можно отменить.")
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.expire(batch, ["rows"])
    session.delete(batch)
    session.flush()


# -- Applying --------------------------------------------------------------------------------------------------------


def import_file(
    session: Session, *, viewer: Viewer, agency: Agency, parsed: ParsedForm, data: bytes, now: datetime
) -> tuple[ImportBatch, ImportPlan]:
    """Check and apply at once, as the command does."""
    batch = _new_batch(session, agency=agency, parsed=parsed, data=data, now=now)
    return batch, _apply(session, batch=batch, viewer=viewer, parsed=parsed, now=now)


def apply_draft(session: Session, *, batch: ImportBatch, viewer: Viewer, now: datetime, max_bytes: int) -> ImportPlan:
    """Load a checked file; a second click, or a second person, is told that it is done."""
    data = session.scalars(
        select(ImportBatch).where(ImportBatch.id == batch.id).options(undefer(ImportBatch.file))
    ).one()
    parsed = read_form(data.file, file_name=batch.file_name, form=batch.form, on=batch.on, max_bytes=max_bytes)
    return _apply(session, batch=batch, viewer=viewer, parsed=parsed, now=now)


def _apply(session: Session, *, batch: ImportBatch, viewer: Viewer, parsed: ParsedForm, now: datetime) -> ImportPlan:
    _take_turn(session)
    move(session, batch, BatchState.DRAFT, BatchState.APPLIED, "Этот файл уже загружен.", applied_at=now)
    plan = plan_import(session, viewer=viewer, agency=batch.agency, parsed=parsed, on=batch.on)
    written = write_rows(session, rows=plan.rows, agency=batch.agency, viewer=viewer, on=batch.on)
    _note_strangers(session, written, now)
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _store_rows(session, batch, plan.rows, {each.row.parsed.row: each for each in written})
    batch.summary = _summary(plan)
    note_action(session, batch, "загрузка")
    session.flush()
    return plan


def _take_turn(session: Session) -> None:
    """Two files with one person must not both create her; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})


def _note_strangers(session: Session, written: Sequence[Written], now: datetime) -> None:
    for each in written:
        for stranger in each.row.strangers:
            session.add(
                PossibleDuplicate(
                    graduate_id=each.card.id,
                    other_id=stranger,
                    reason="Совпали ФИО и дата рождения или СНИЛС (загрузка формы)",
                    found_at=now,
                )
            )


def _store_rows(session: Session, batch: ImportBatch, rows: Sequence[PlannedRow], written: dict[int, Written]) -> None:
    """Straight into the table: the rows are the batch's own log, the cards have theirs."""
    stored = []
    for row in rows:
        done = written.get(row.parsed.row)
        card = done.card if done else row.card
        stored.append(
            {
                "batch_id": batch.id,
                "row": row.parsed.row,
                "outcome": row.outcome,
                "graduate_id": card.id if card is not None else None,
                "graduate_version": card.version if done and card is not None else None,
                "detail": row.as_json(),
                "undo": done.undo() if done else None,
            }
        )
    if stored:
        session.execute(insert(ImportRow), stored)
    session.expire(batch, ["rows"])


def _summary(plan: ImportPlan) -> dict[str, Any]:
    return {**plan.summary, "notes": list(plan.parsed.notes)}
