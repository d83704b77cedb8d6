"""Two people saved one card: what the other changed, field by field, merged into the form of the second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.audit import AuditEvent, ChangeKind
from models.base import Model
from models.graduates import Graduate
from models.people import OfGraduate
from services.audit import plain
from views.captions import label_of, table_title
from views.extensions import db
from views.formats import ru_datetime
from views.history import readable

# The card and its child rows: other records about the person have versions of their own.
OF_CARD = frozenset(
    str(mapper.class_.__tablename__)  # type: ignore[union-attr]
    for mapper in Model.registry.mappers
    if issubclass(mapper.class_, Graduate | OfGraduate)
)


@dataclass
class _Change:
    """A field that others changed since the form was opened: what it was then and what it is now."""

    table: str
    row_id: int
    name: str
    base: Any
    theirs: Any


def merge(form: Any, record: Any) -> dict[str, Any]:
    """Bring the other's changes into the form and describe them.

    A field that this user had not touched takes the other's value; one that both changed keeps what this user typed and
    is listed. The form's version becomes the present one, so the next save is a decision.
    """
    events = _events_since(record, form.version.data)
    rows, notes = [], []
    for change in _net_changes(events):
        field = _field_of(form, record, change)
        if field is None:
            continue
        row = _merge_field(field, change)
        if row:
            rows.append(row)
    for event in events:
        if event.subject_id is not None and event.subject != record.__tablename__:
            note = _note(form, event)
            if note:
                notes.append(note)
    form.version.data = record.version
    form.version.raw_data = None
    last = events[-1] if events else None
    return {
        "who": last.user_name if last else "Другой пользователь",
        "when": ru_datetime(last.at) if last else "только что",
        "rows": rows,
        "notes": notes,
    }


def _events_since(record: Any, version: int | None) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.record_version > (version or 0)).order_by(AuditEvent.seq)
    if isinstance(record, Graduate):
        query = query.where(AuditEvent.graduate_id == record.id, AuditEvent.subject.in_(OF_CARD))
    else:
        query = query.where(AuditEvent.subject == record.__tablename__, AuditEvent.subject_id == record.id)
    return list(db.session.scalars(query))


def _net_changes(events: Iterable[AuditEvent]) -> list[_Change]:
    found: dict[tuple[str, int, str], _Change] = {}
    for event in events:
        if event.kind != ChangeKind.CHANGED or event.subject_id is None:
            continue
        for name, (old, new) in (event.payload or {}).items():
            key = (event.subject, event.subject_id, name)
            if key in found:
                found[key].theirs = new
            else:
                found[key] = _Change(event.subject, event.subject_id, name, old, new)
    return [change for change in found.values() if change.base != change.theirs]


def _entries(form: Any) -> Iterable[tuple[Any, Any]]:
    for field in form:
        for entry in getattr(field, "entries", None) or ():
            yield field, entry


def _field_of(form: Any, record: Any, change: _Change) -> Any | None:
    if change.table == record.__tablename__:
        return form[change.name] if change.name in form else None  # noqa: SIM401 – a form is no dictionary
    for field, entry in _entries(form):
        if field.model.__tablename__ == change.table and str(entry.get_pk()) == str(change.row_id):
            return entry.form[change.name] if change.name in entry.form else None  # noqa: SIM401
    return None


def _merge_field(field: Any, change: _Change) -> dict[str, Any] | None:
    mine = plain(field.data)
    mine = mine.value if hasattr(mine, "value") else mine
    if (mine or None) == (change.theirs or None):
        return None
    taken = "mine"
    if (mine or None) == (change.base or None):
        _take_theirs(field, change)
        taken = "theirs"

    def shown(value: Any) -> str:
        return readable(change.table, change.name, value)

    return {
        "label": label_of(change.table, change.name),
        "field_id": field.id,
        "base": shown(change.base),
        "theirs": shown(change.theirs),
        "mine": shown(mine),
        "taken": taken,
    }


def _take_theirs(field: Any, change: _Change) -> None:
    """The other's value, as if it had been typed here; the field's own parser reads it back."""
    theirs = change.theirs
    text = (
        ""
        if theirs is None
        else {True: "1", False: "0"}.get(theirs, str(theirs))
        if isinstance(theirs, bool)
        else str(theirs)
    )
    if isinstance(theirs, bool) and not hasattr(field, "iter_choices"):
        field.data, field.raw_data = theirs, None
        return
    field.process_formdata([text])
    field.raw_data = None


def _note(form: Any, event: AuditEvent) -> str:
    """A child row that the other added or deleted; a deleted one leaves the form."""
    title = table_title(event.subject).lower()
    if event.kind == ChangeKind.CREATED:
        return f"Добавлено другим пользователем: {title}. Эта строка останется в карточке."
    if event.kind == ChangeKind.DELETED:
        for field, entry in list(_entries(form)):
            if field.model.__tablename__ == event.subject and str(entry.get_pk()) == str(event.subject_id):
                field.entries.remove(entry)
                return f"Удалено другим пользователем: {title}. Ваша правка этой строки снята."
    return ""
