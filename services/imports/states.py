"""Whose batches are whose, and how a batch passes from one state to the next."""

from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, false, or_, select, update
from sqlalchemy.orm import Session

from models.access import Viewer
from models.imports import BatchState, ImportBatch
from models.territory import Agency
from models.users import Role
from services.audit import record_action

OWN_AGENCY = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD})


class ImportRefused(Exception):
    """Why a batch cannot be applied or undone; one Russian sentence."""


# -- Who may ---------------------------------------------------------------------------------------------------------


def may_import(viewer: Viewer, agency_id: int) -> bool:
    """Clerks, officers and heads for their own agency; the data bank's operator and administrators for any."""
    if viewer.is_administrator or viewer.is_data_bank_operator:
        return True
    return viewer.role in OWN_AGENCY and viewer.agency_id == agency_id


def batches_of(viewer: Viewer) -> ColumnElement[bool]:
    """Applied batches of the agencies for which the viewer may import; drafts are only whose they are."""
    if viewer.is_administrator or viewer.is_data_bank_operator:
        agency: ColumnElement[bool] = ImportBatch.id.is_not(None)
    elif viewer.role in OWN_AGENCY:
        agency = ImportBatch.agency_id == viewer.agency_id
    else:
        return false()
    own_draft = ImportBatch.user_id == viewer.user_id
    return and_(agency, or_(ImportBatch.state != BatchState.DRAFT, own_draft))


def agencies_for(session: Session, *, viewer: Viewer) -> list[Agency]:
    """The agencies for which the viewer may import, by name."""
    query = select(Agency).where(Agency.is_active.is_(True)).order_by(Agency.short_name, Agency.id)
    if not (viewer.is_administrator or viewer.is_data_bank_operator):
        if viewer.role not in OWN_AGENCY:
            return []
        query = query.where(Agency.id == viewer.agency_id)
    return list(session.scalars(query))


# -- From state to state ---------------------------------------------------------------------------------------------


def move(session: Session, batch: ImportBatch, old: BatchState, new: BatchState, refusal: str, **values: Any) -> None:
    """Compare and set: of two that try at once, one finds the old state gone."""
    moved = session.execute(
        update(ImportBatch).where(ImportBatch.id == batch.id, ImportBatch.state == old).values(state=new, **values),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(moved, CursorResult)
    if moved.rowcount != 1:
        raise ImportRefused(refusal)
    session.refresh(batch, ["state", "applied_at", "undone_at"])


def note_action(session: Session, batch: ImportBatch, what: str) -> None:
    payload = {"action": [None, what], "summary": [None, batch.summary], "on": [None, batch.on.isoformat()]}
    record_action(session, subject="import_batch", subject_id=batch.id, payload=payload)
