"""The change history of a record: old → new, in the captions of the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Enum, Time, select

from models.audit import AuditEvent, ChangeKind
from models.base import Model, UtcDateTime
from models.files import Attachment
from models.graduates import Graduate
from models.support import FieldGroup
from models.work import BODY_OF_MINUTES
from services.files.access import group_of
from views import edge, labels
from views.captions import label_of, table_title
from views.extensions import db
from views.formats import ru_date, ru_datetime, shown, snils

MASK = "•••"
DISCREET = ("possible_duplicate",)  # That another card exists is told to the coordinator only.
TOLD_ELSEWHERE = ("referral_person", "agenda_item")  # Read with their letter or meeting, not with the card.
LIMIT = 200
RESTRICTED = {"health_record": "health", "offence_record": "offences", "examination": "health"}
# Columns of a field group in a table whose others everybody reads; whoever typed them may read them again.
RESTRICTED_COLUMNS = {
    "consultation_minutes": (FieldGroup.PSYCHOLOGY.value, frozenset(BODY_OF_MINUTES)),
    "monitoring_score": (FieldGroup.OFFENCES.value, frozenset({"value", "note"})),  # A change does not tell of what.
    "readiness_assessment": (FieldGroup.HEALTH.value, frozenset({"examination"})),
}
TELLING = frozenset({"title", "file_name", "removed_reason"})  # of a paper of a field group
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
# Derived columns repeat what the dated facts say.
DERIVED = frozenset(
    {
        "district_id", "category_code", "current_employment_code", "current_marital_code", "current_children",
        "current_housing_code", "current_address", "current_profession", "current_phone", "curator_name",
        "open_problems", "created_at", "created_by_id",
    }
)  # fmt: skip

# What its pack said of a letter, which letters were written together, which body of a pack it is.
UNTOLD = {"graduate": DERIVED, "referral": frozenset({"terms", "batch"}), "body": frozenset({"key"})}


def readable(table: str, name: str, value: Any) -> str:
    """A value of the audit log as a person reads it."""
    if value is None or value == "":
        return ""
    column = _column(table, name)
    if column is not None and column.foreign_keys:
        told = labels.label(next(iter(column.foreign_keys)).column.table.name, value)
        return f"№ {told}" if isinstance(value, int) and told == str(value) else told  # Of what has no name.
    if column is not None and isinstance(column.type, Enum) and column.type.enum_class is not None:
        return shown(column.type.enum_class(value))
    if column is not None and isinstance(column.type, Boolean):
        return "да" if value else "нет"
    if column is not None and isinstance(column.type, UtcDateTime) and isinstance(value, str):
        return ru_datetime(datetime.fromisoformat(value))
    if column is not None and isinstance(column.type, Time) and isinstance(value, str):
        return shown(time.fromisoformat(value))
    if isinstance(value, str) and _ISO.match(value):
        return ru_date(date.fromisoformat(value))
    if name == "snils":
        return snils(str(value))
    if isinstance(value, list):
        return "; ".join(
            f"{one['label']}: {one['value']}" for one in value if isinstance(one, dict) and one.get("value")
        )
    return str(value)


def _column(table: str, name: str) -> Any | None:
    found = Model.metadata.tables.get(table)
    if found is None:
        return None
    return found.columns.get(name)


def of_record(record: Any, *, may_read: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The newest changes of a record and its child rows; `may_read`: field groups that are not masked."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(LIMIT)
    if isinstance(record, Graduate):
        query = query.where(AuditEvent.graduate_id == record.id)
        query = query.where(AuditEvent.subject.not_in((*DISCREET, *TOLD_ELSEWHERE)))
    else:
        query = query.where(AuditEvent.subject == record.__tablename__, AuditEvent.subject_id == record.id)
    return [_entry(event, may_read) for event in db.session.scalars(query)]


def _entry(event: AuditEvent, may_read: frozenset[str]) -> dict[str, Any]:
    masked = _masked(event, may_read)
    title = table_title(event.subject)
    what = {
        ChangeKind.CREATED.value: f"{title}: создание",
        ChangeKind.CHANGED.value: f"{title}: изменение",
        ChangeKind.DELETED.value: f"{title}: удаление",
    }.get(event.kind, title)
    if event.payload is None:
        changes = [("Содержание", "стёрто по закону", "стёрто по закону")]
    else:
        changes = [
            (label_of(event.subject, name), *((MASK, MASK) if masked(name) else _pair(event.subject, name, values)))
            for name, values in event.payload.items()
            if isinstance(values, list) and name not in UNTOLD.get(event.subject, ())
        ]
    return {"when": ru_datetime(event.at), "who": event.user_name, "what": what, "changes": changes}


def _masked(event: AuditEvent, may_read: frozenset[str]) -> Callable[[str], bool]:
    """Which columns of a change the user may not read."""
    group = RESTRICTED.get(event.subject)
    if group is not None and group not in may_read:
        return lambda name: True
    if event.subject == "referral_note" and event.agency_id != edge.viewer().agency_id:
        return lambda name: name == "text"  # An internal note is its organisation's, whoever reads the log.
    group, columns = RESTRICTED_COLUMNS.get(event.subject) or _of_attachment(event)
    if not columns or group in may_read or event.user_id == edge.user().id:
        return lambda name: False
    return lambda name: name in columns


def _of_attachment(event: AuditEvent) -> tuple[str, frozenset[str]]:
    """What a paper is called may tell what its field group hides."""
    found = db.session.get(Attachment, event.subject_id) if event.subject == "attachment" else None
    group = group_of(found.kind, found.subject) if found is not None else None
    return (group.value, TELLING) if group is not None else ("", frozenset())


def _pair(table: str, name: str, values: list[Any]) -> tuple[str, str]:
    return readable(table, name, values[0]), readable(table, name, values[1])
