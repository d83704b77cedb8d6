"""The card of a record, read without opening the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from models.audit import AuditEvent
from models.circumstances import FamilyStatus
from models.graduates import Sex
from views import history, labels
from views.captions import label_of
from views.formats import ru_date, shown

if TYPE_CHECKING:
    from views.base import RegistryView


def value_of(record: Any, name: str) -> str:
    """A column of a record as text: codes and ids by their labels."""
    column = inspect(type(record)).columns.get(name)
    value = getattr(record, name)
    if isinstance(record, FamilyStatus):
        return family_word(record) if name == "status_code" else shown(value)
    if column is not None and column.foreign_keys:
        return labels.label(next(iter(column.foreign_keys)).column.table.name, value)
    return shown(value)


def family_word(record: FamilyStatus) -> str:
    """«замужем» of a woman, «женат» of a man."""
    if record.graduate.sex is Sex.FEMALE:
        return record.status.label_female or record.status.label
    return record.status.label


def facts(record: Any, names: list[str]) -> list[tuple[str, str]]:
    return [(label_of(record.__tablename__, name), value_of(record, name)) for name in names]


def rows_table(rows: list[Any], names: list[str]) -> dict[str, Any] | None:
    """A table of child rows, without the columns that nobody filled."""
    if not rows:
        return None
    shown_names = [name for name in names if name not in ("ends_on", "is_start_known")]
    filled = [[_cell(row, name) for name in shown_names] for row in rows]
    kept = [i for i in range(len(shown_names)) if any(line[i] for line in filled)]
    table = rows[0].__tablename__
    return {
        "columns": [_heading(table, shown_names[i]) for i in kept],
        "rows": [[line[i] for i in kept] for line in filled],
    }


def _heading(table: str, name: str) -> str:
    return "Когда" if name == "starts_on" else label_of(table, name)


def _cell(row: Any, name: str) -> str:
    """A cell of a child row: a period is one cell, a flag that is off says nothing."""
    value = getattr(row, name)
    if value is False:
        return ""
    return period_of(row) if name == "starts_on" else value_of(row, name)


def period_of(row: Any) -> str:
    """«01.09.2023 – 30.06.2025», «с 01.09.2023», «на 01.10.2026» where only the day of the statement is known."""
    start, end = ru_date(row.starts_on), ru_date(getattr(row, "ends_on", None))
    if not getattr(row, "is_start_known", True) or not hasattr(row, "ends_on"):
        return f"на {start}" if not end else f"на {start}, по {end}"
    return f"{start} – {end}" if end else f"с {start}"


def plain_context(view: RegistryView, record: Any) -> dict[str, Any]:
    """Header, one block for each section of the form, child rows, history."""
    edit_url = view.get_url(".edit_view", id=view.get_pk_value(record))
    actions = [("Изменить", edit_url, "primary")] if view.can_edit_record(record) else []
    return {
        "page_title": view.record_title(record),
        "breadcrumbs": [(view.title, view.get_url(".index_view")), (view.record_title(record), None)],
        "header": {"title": view.record_title(record), "chips": [], "alerts": [], "facts": [], "actions": actions},
        "blocks": list(_blocks(view, record)),
        "history": history.of_record(record) if _has_history(record) else None,
    }


def _has_history(record: Any) -> bool:
    return not isinstance(record, AuditEvent) and hasattr(record, "id")


def _blocks(view: RegistryView, record: Any) -> Any:
    inlines = {item.name: item for item in view.inline_models or ()}
    for section in view.form_sections:
        # What only the form has, a file to be sent, is no fact of the record.
        names = [name for name in section.rows if name not in inlines and hasattr(record, name)]
        if names:
            yield {"title": section.title, "id": section.id, "items": facts(record, names)}
        for name in section.rows:
            if name in inlines:
                table = rows_table(list(getattr(record, name)), list(inlines[name].columns))
                yield {"title": inlines[name].form_label, "id": name, "items": [], "table": table}
