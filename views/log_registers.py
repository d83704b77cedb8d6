"""The two logs: what was changed, and what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, true

from models.access import Viewer
from models.audit import AccessEvent, AccessKind, AuditEvent, ChangeKind
from models.users import Role
from views import history, labels, listing
from views.base import ADMINISTRATORS, NOBODY, RegistryView
from views.captions import table_title
from views.database import ACCESS
from views.formats import ru_datetime
from views.listing import Column, Filter
from views.registers import label_from

READERS = frozenset(Role) - {Role.COORDINATOR}  # by the table of actions


class ChangeLogView(RegistryView):
    """The audit log: own actions, one's organisation's for its head, everything for the administrator."""

    title, icon, default_sort = "Журнал изменений", "history", "-seq"
    readers = READERS
    can_view_details = True
    exporters = ADMINISTRATORS

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        scope = _log_scope(viewer, AuditEvent)
        return scope if viewer.is_administrator else scope & AuditEvent.subject.not_in(history.DISCREET)

    def columns(self) -> Sequence[Column]:
        return (
            Column("seq", "№", AuditEvent.seq, sort=AuditEvent.seq, css="cell-number", width=10),
            Column("at", "Когда", AuditEvent.at, show=ru_datetime, export=ru_datetime, width=18),
            Column("user", "Кто", AuditEvent.user_name, width=30),
            Column("kind", "Что сделано", AuditEvent.kind, show=label_from(ChangeKind), export=label_from(ChangeKind)),
            Column("subject", "Запись", AuditEvent.subject, show=table_title, export=table_title, width=30),
            Column("card", "Карточка №", AuditEvent.graduate_id, css="cell-number"),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Что сделано", AuditEvent.kind, ChangeKind.choices),
            listing.choice("agency", "Организация", AuditEvent.agency_id, lambda: labels.options("agency")),
        )

    def record_title(self, record: AuditEvent) -> str:
        return f"Запись журнала № {record.seq}"

    def details_context(self, record: AuditEvent) -> dict[str, Any]:
        context = super().details_context(record)
        entry = history._entry(record, frozenset())
        context["header"]["subtitle"] = f"{entry['when']}, {entry['who']}"
        context["blocks"], context["history"] = [], [entry]
        return context


class AccessLogView(RegistryView):
    """The log of reading; it may lie in a database of its own."""

    title, icon, default_sort = "Журнал доступа", "eye", "-seq"
    readers = READERS
    bind = ACCESS
    can_view_details = False
    exporters = NOBODY

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return _log_scope(viewer, AccessEvent)

    def columns(self) -> Sequence[Column]:
        return (
            Column("seq", "№", AccessEvent.seq, sort=AccessEvent.seq, css="cell-number", width=10),
            Column("at", "Когда", AccessEvent.at, show=ru_datetime, export=ru_datetime, width=18),
            Column("user", "Кто", AccessEvent.user_name, width=30),
            Column("kind", "Что", AccessEvent.kind, show=label_from(AccessKind), export=label_from(AccessKind)),
            Column("subject", "Что открыто", AccessEvent.subject, show=table_title, export=table_title, width=30),
            Column("record", "№ записи", AccessEvent.subject_id, css="cell-number"),
            Column("address", "Откуда", AccessEvent.address),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Что", AccessEvent.kind, AccessKind.choices),
            listing.choice("agency", "Организация", AccessEvent.agency_id, lambda: labels.options("agency")),
        )


def _log_scope(viewer: Viewer, model: Any) -> ColumnElement[bool]:
    if viewer.is_administrator:
        return true()
    if viewer.role is Role.HEAD:
        return model.agency_id == viewer.agency_id
    return model.user_id == viewer.user_id
