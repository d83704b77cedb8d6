"""The nomenclature of files (номенклатура дел, aistenok 13.1): a journal's index, and how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from flask import request
from flask_login import current_user
from sqlalchemy import ColumnElement, true

from models.access import Viewer
from models.case_access import may_approve
from models.files import FileIndex
from models.journals import Journal
from models.users import Role
from views import edge, labels, listing
from views.base import FormSection, RegistryView
from views.fields import REQUIRED, OfferedField
from views.formats import counted
from views.listing import Column, Filter
from views.registers import fragment, label_from

USUALLY_KEPT = 5  # Years (domain §8.4).
EDITORS = frozenset({Role.HEAD, Role.ADMINISTRATOR})


class JournalField(OfferedField):
    """A journal or a series of numbers, or none."""

    def _coerce(self, value: Any) -> Journal | None:
        return Journal(value) if value not in (None, "") else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        for journal in Journal:
            yield (journal.value, journal.label, self.data == journal, {})


class FileIndexView(RegistryView):
    title, icon, create_label, default_sort = "Номенклатура дел", "folder", "Новое дело", "code"
    none_text = "Индексы дел и сроки хранения вносит руководитель: они печатаются на обложках журналов."
    search_placeholder_text = "Индекс, заголовок"
    creators = editors = EDITORS
    form_overrides: ClassVar = {"journal": JournalField}
    form_sections = (
        FormSection(
            "Дело",
            "basics",
            ("code", "title", "journal", "keep_years", "agency_id", "note"),
            help="Индекс и срок хранения печатаются на обложке журнала.",
        ),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return true() if viewer.reads_everybody else FileIndex.agency_id == viewer.agency_id

    def may_edit_record(self, viewer: Viewer, record: FileIndex) -> bool:
        return may_approve(viewer, record.agency_id)

    def columns(self) -> Sequence[Column]:
        f = FileIndex
        journal = label_from(Journal)
        return (
            Column("code", "Индекс", f.code, sort=f.code, width=12),
            Column("title", "Заголовок дела", f.title, sort=f.title, width=60),
            Column("journal", "Журнал", f.journal, show=journal, export=journal, width=60),
            Column("keep", "Срок хранения", f.keep_years, show=_years, export=_years, width=16),
            *((_agency_column(),) if edge.viewer().reads_everybody else ()),
        )

    def filters(self) -> Sequence[Filter]:
        if not edge.viewer().reads_everybody:
            return ()
        return (listing.choice("agency", "Организация", FileIndex.agency_id, lambda: labels.options("agency")),)

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, FileIndex.code, FileIndex.title)

    def record_title(self, record: FileIndex) -> str:
        return f"{record.code} {record.title}"

    def fit_form(self, form: Any, record: FileIndex | None) -> None:
        if record is not None or not edge.viewer().is_administrator:
            del form["agency_id"]
        elif request.method == "GET":
            form.agency_id.data = current_user.agency_id
        if record is None and request.method == "GET":
            form.keep_years.data = USUALLY_KEPT
        form.title.flags.required = True

    def check_form(self, form: Any, record: FileIndex | None) -> bool:
        if not form.title.data:
            form.title.errors = [*form.title.errors, REQUIRED]
        return not form.title.errors

    def before_save(self, form: Any, record: FileIndex, is_created: bool) -> None:
        if is_created and "agency_id" not in form:
            record.agency_id = edge.viewer().agency_id


def _years(value: int) -> str:
    return counted(value, "год", "года", "лет")


def _agency_column() -> Column:
    def show(value: Any) -> str:
        return labels.label("agency", value)

    return Column("agency", "Организация", FileIndex.agency_id, show=show, export=show, width=34)
