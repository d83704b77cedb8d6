"""Taking a batch back while nothing later has touched its cards."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from models.access import Viewer, editable_by
from models.base import Model
from models.circumstances import Address, Employment, FamilyStatus, Housing, Placement, Situation, Study
from models.context import actor_of
from models.graduates import Graduate
from models.imports import BatchState, ImportBatch, ImportRow, PossibleDuplicate
from models.support import Problem
from reports.vologda import FACTS
from services.imports.changes import put
from services.imports.states import ImportRefused, move, note_action
from services.imports.writing import PORTION
from services.kept_records import people_with_records

CHUNK = 400
RECORDS: dict[str, type[Any]] = {
    model.__tablename__: model
    for model in (Graduate, Placement, Study, Employment, FamilyStatus, Housing, Address, Situation, Problem)
}


def undo_import(session: Session, *, batch: ImportBatch, now: datetime) -> int:
    """Take the batch back; the number of cards. Created cards are removed softly, changed ones are as before."""
    by = actor_of(session).user_id
    move(session, batch, BatchState.APPLIED, BatchState.UNDONE, _why_not(batch), undone_at=now, undone_by_id=by)
    rows = _written_rows(session, batch)
    cards = _cards(session, [row.graduate_id for row in rows if row.graduate_id is not None])
    _refuse_touched(rows, cards)
    _refuse_kept(session, rows)
    records = _records(session, rows)
    for portion in _chunks(rows, PORTION):
        with session.no_autoflush:
            for row in portion:
                _take_back(session, row.undo, cards[row.graduate_id or 0], records, now)
        session.flush()
    _forget_pairs(session, [row.graduate_id for row in rows if row.undo["created"] and row.graduate_id])
    note_action(session, batch, "отмена загрузки")
    session.flush()
    return len(rows)


def refuse_foreign(session: Session, *, batch: ImportBatch, viewer: Viewer) -> None:
    """Whoever may not change the cards may not take back what others did to them."""
    ids = {row.graduate_id for row in _written_rows(session, batch) if row.graduate_id is not None}
    for chunk in _chunks(sorted(ids)):
        ids -= set(session.scalars(select(Graduate.id).where(Graduate.id.in_(chunk), editable_by(viewer))))
    if ids:
        raise ImportRefused("Отменить нельзя: часть карточек ведёт другая организация.")


def _why_not(batch: ImportBatch) -> str:
    if batch.state is BatchState.UNDONE:
        return "Загрузка этого файла уже отменена."
    return "Файл ещё не загружен, отменять нечего."


def _written_rows(session: Session, batch: ImportBatch) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.outcome.in_(("create", "update")))
    return session.scalars(query.order_by(ImportRow.row)).all()


def _cards(session: Session, ids: Sequence[int]) -> dict[int, Graduate]:
    cards: dict[int, Graduate] = {}
    for chunk in _chunks(ids):
        query = select(Graduate).where(Graduate.id.in_(chunk)).options(*FACTS).execution_options(populate_existing=True)
        cards |= {card.id: card for card in session.scalars(query)}
    return cards


def _refuse_touched(rows: Sequence[ImportRow], cards: dict[int, Graduate]) -> None:
    touched = [row for row in rows if _is_touched(row, cards.get(row.graduate_id or 0))]
    if touched:
        numbers = ", ".join(str(row.row) for row in touched[:5])
        more = " и другие" if len(touched) > 5 else ""
        raise ImportRefused(
            f"Отменить нельзя: карточки изменены после загрузки (строки файла {numbers}{more}, всего {len(touched)})."
        )


def _refuse_kept(session: Session, rows: Sequence[ImportRow]) -> None:
    """A card that this file made may meanwhile have a contract, a talk, a line in a journal."""
    made = {row.graduate_id: row.row for row in rows if row.undo["created"] and row.graduate_id}
    kept = {number for chunk in _chunks(sorted(made)) for number in people_with_records(session, ids=chunk)}
    if kept:
        numbers = ", ".join(str(made[number]) for number in sorted(kept)[:5])
        raise ImportRefused(
            f"Отменить нельзя: по новым карточкам уже есть записи сопровождения (строки файла {numbers})."
        )


def _is_touched(row: ImportRow, card: Graduate | None) -> bool:
    return card is None or card.deleted_at is not None or card.version != row.graduate_version


def _records(session: Session, rows: Sequence[ImportRow]) -> dict[tuple[str, int], Model]:
    """The child rows that are deleted or put back, by table and id."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for table, key, *_ in (*row.undo["added"], *row.undo["changed"]):
            wanted[table].append(key)
    found: dict[tuple[str, int], Model] = {}
    for table, keys in wanted.items():
        model = RECORDS[table]
        for chunk in _chunks(keys):
            found |= {
                (table, record.id): record for record in session.scalars(select(model).where(model.id.in_(chunk)))
            }
    return found


def _take_back(
    session: Session,
    undo: dict[str, Any],
    card: Graduate,
    records: dict[tuple[str, int], Model],
    now: datetime,
) -> None:
    if undo["created"]:
        card.deleted_at = now
        return
    for table, key in undo["added"]:
        session.delete(records[table, key])
    for table, key, old in undo["changed"]:
        record = records[table, key]
        put(record, **{name: _restored(record, name, value) for name, value in old.items()})


def _restored(record: Model, name: str, value: Any) -> Any:
    """A value out of JSON as its column takes it."""
    column = inspect(type(record)).column_attrs[name].columns[0]
    if isinstance(value, str) and column.type.python_type is date:
        return date.fromisoformat(value)
    return value


def _forget_pairs(session: Session, created: Sequence[int]) -> None:
    """A removed card is nobody's double."""
    for chunk in _chunks(created):
        pairs = delete(PossibleDuplicate).where(
            PossibleDuplicate.graduate_id.in_(chunk), PossibleDuplicate.resolved_at.is_(None)
        )
        session.execute(pairs, execution_options={"synchronize_session": False})


def _chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
