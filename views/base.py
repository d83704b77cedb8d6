"""RegistryView: what every register has in common, closed by default.

A register is a model, a short subclass (columns, filters, sections, who may) and a test. The base answers once for all:
whom the user sees (`scope`), what the role may do, lists with filters and keyset paging, exports of exactly what is
shown, forms with a version that no save overwrites, Russian captions, history, and the log of reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NoReturn

from flask import abort, redirect, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user
from sqlalchemy import BigInteger, ColumnElement, Select, inspect, true
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.users import Role
from views import details, edge, exporting, listing, saving, totals
from views.extensions import db
from views.fields import Converter
from views.listing import Column, Filter, Found, ListState

EVERYBODY = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class FormSection:
    """A part of the form: names of fields or of inline lists of child rows."""

    title: str
    id: str
    rows: Sequence[str]
    help: str = ""
    open: bool = True


class RegistryView(ModelView):
    can_create = can_edit = can_delete = can_export = False
    can_view_details = True
    column_list: ClassVar = ()
    column_default_sort = None
    model_form_converter = Converter
    list_template, create_template = "list.html", "create.html"
    edit_template, details_template = "edit.html", "details.html"
    action_disallowed_list: ClassVar = ["delete"]

    # Who may do what in this register; `scope` and `may_edit` narrow it to records.
    readers: frozenset[Role] = EVERYBODY
    creators: frozenset[Role] = NOBODY
    editors: frozenset[Role] = NOBODY
    exporters: frozenset[Role] = EVERYBODY

    title = ""
    icon = "point"
    create_label = "Добавить"
    default_sort = "name"
    search_placeholder_text = ""
    empty_text = "Измените поиск или снимите отбор."
    none_text = "Записи появятся здесь, как только их внесут."  # Where there is nothing at all.
    form_sections: Sequence[FormSection] = ()
    can_add_another = False
    bind: str | None = None  # The database that holds the table, where it is not the main one.

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        names = [name for section in self.form_sections for name in section.rows]
        self.form_columns = [name for name in names if name not in self.inline_names()]
        super().__init__(model, db, **kwargs)

    # -- What a subclass says ------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        raise NotImplementedError

    def filters(self) -> Sequence[Filter]:
        return ()

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        """The records that the viewer may see at all."""
        return true()

    def export_scope(self, viewer: Viewer) -> ColumnElement[bool]:
        """The records that the viewer may take away in a file."""
        return self.scope(viewer)

    def may_edit_record(self, viewer: Viewer, record: Any) -> bool:
        return True

    def search_condition(self, text: str) -> ColumnElement[bool] | None:
        """SQL for the search box; None: this register has none."""
        return None

    def base_query(self, columns: Sequence[Column]) -> Select[Any]:
        return listing.plain_select(self.primary_key_column(), columns).select_from(self.model)

    def record_title(self, record: Any) -> str:
        return str(record)

    # -- Rights --------------------------------------------------------------------------------------------------------

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated) and current_user.role in self.readers

    def inaccessible_callback(self, name: str, **kwargs: Any) -> NoReturn:
        edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__)
        abort(403)

    def may(self, roles: frozenset[Role]) -> bool:
        return current_user.role in roles

    def get_one(self, id: Any) -> Any:
        """The record, or None for a stranger: existence is not disclosed."""
        key = self.primary_key_column()
        kind = key.type  # type: ignore[attr-defined]
        try:
            value = kind.python_type(id)
        except (TypeError, ValueError):
            return None
        if isinstance(value, int) and abs(value) >= (2**62 if isinstance(kind, BigInteger) else 2**31):
            return None  # More than the column holds.
        return db.session.query(self.model).filter(key == value, self.scope(edge.viewer())).one_or_none()

    def record_or_404(self) -> Any:
        wanted = request.args.get("id") or request.form.get("id") or ""
        record = self.get_one(wanted)
        if record is None:
            subject_id = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
            edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__, subject_id=subject_id)
            abort(404)
        return record

    def require_edit(self, record: Any) -> None:
        if not self.can_edit_record(record):
            edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__, subject_id=self._log_id(record))
            abort(403)

    def can_edit_record(self, record: Any) -> bool:
        return self.may(self.editors) and self.may_edit_record(edge.viewer(), record)

    def _log_id(self, record: Any) -> int | None:
        key = inspect(record).identity[0]
        return key if isinstance(key, int) else None

    def primary_key_column(self) -> listing.Expr:
        key = inspect(self.model).mapper.primary_key[0]
        return getattr(self.model, key.key)

    def inline_names(self) -> set[str]:
        inlines = self.inline_models or ()
        return {item.name for item in inlines}

    # -- The list ------------------------------------------------------------------------------------------------------

    def find(self) -> Found:
        """The query that the present address asks for, with the access rule in it."""
        columns, filters = self.columns(), self.filters()
        state = ListState.read(columns, filters, self.default_sort)
        conditions = [self.scope(edge.viewer()), *state.conditions()]
        if state.q and (searched := self.search_condition(state.q)) is not None:
            conditions.append(searched)
        query = self.base_query(columns).where(*conditions)
        return Found(state, columns, filters, query, self.primary_key_column(), conditions)

    def count(self, found: Found) -> int:
        return listing.count_of(found.query, found.key, self.bind)

    def shown_total(self, found: Found) -> int:
        state = found.state
        filters = tuple((item.key, tuple(values)) for item, values in state.filters)
        return totals.remembered((self.endpoint, edge.viewer(), state.q, filters), lambda: self.count(found))

    @expose("/")
    def index_view(self) -> str | Response:
        found = self.find()
        page = self._fetch(found)
        ids = [row[0] for row in page.rows if isinstance(row[0], int)]
        kind = AccessKind.SEARCHED if found.state.q else AccessKind.LISTED
        payload = {"total": page.total, "ids": ids, "address": request.query_string.decode("utf-8", "replace")[:1000]}
        edge.log_access(kind, subject=self.model.__tablename__, payload=payload)
        return self.render(self.list_template, **self.list_context(found, page))

    def _fetch(self, found: Found) -> listing.Page:
        sort = found.state.sort
        return listing.fetch(
            found.query,
            count=lambda: self.shown_total(found),
            key=found.key,
            sort=sort.sort if sort is not None and sort.sort is not None else found.key,
            is_descending=found.state.is_descending,
            size=found.state.size,
            after=request.args.get("after", ""),
            before=request.args.get("before", ""),
            is_last=bool(request.args.get("last")),
            bind=self.bind,
        )

    def list_context(self, found: Found, page: listing.Page) -> dict[str, Any]:
        context = exporting.page_context(self, found, page)
        is_narrowed = bool(found.state.q or found.state.filters)
        context.update(
            page_title=self.title,
            can_search=self.search_condition("а") is not None,
            search_placeholder=self.search_placeholder_text,
            can_create=self.may(self.creators),
            create_url=self.get_url(".create_view"),
            create_label=self.create_label,
            empty_title="Ничего не найдено" if is_narrowed else "Записей пока нет",
            empty_text=self.empty_text if is_narrowed else self.none_text,
        )
        return context

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Response:
        if not self.may(self.exporters) or export_type not in exporting.TYPES:
            abort(403 if export_type in exporting.TYPES else 404)
        return exporting.send(self, self.find_for_export(), export_type)

    def find_for_export(self) -> Found:
        """The list of the present address, as far as the viewer may take it away."""
        found = self.find()
        return replace(found, query=found.query.where(self.export_scope(edge.viewer())))

    # -- Forms ---------------------------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response | tuple[str, int]:
        if not self.may(self.creators):
            edge.log_access(AccessKind.REFUSED, subject=self.model.__tablename__)
            abort(403)
        return saving.create(self)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> str | Response | tuple[str, int]:
        record = self.record_or_404()
        self.require_edit(record)
        return saving.edit(self, record)

    def scaffold_form(self) -> Any:
        form_class = super().scaffold_form()
        return saving.with_version(form_class) if hasattr(self.model, "version") else form_class

    def fit_form(self, form: Any, record: Any | None) -> None:
        """Take away or fill in fields as this user's rights and this record ask."""

    def before_save(self, form: Any, record: Any, is_created: bool) -> None:
        """Complete a record from the form; raise wtforms.ValidationError with a sentence to refuse it."""

    def check_form(self, form: Any, record: Any | None) -> bool:
        """Checks across fields; put messages into field.errors."""
        return True

    def duplicates(self, form: Any) -> list[dict[str, str]]:
        """Records that may be the one being created: {id, url, name, reason}."""
        return []

    def after_save_url(self, record: Any, is_created: bool) -> str:
        return self.get_url(".details_view", id=self.get_pk_value(record))

    # -- The card ------------------------------------------------------------------------------------------------------

    @expose("/details/")
    def details_view(self) -> str | Response:
        if not self.can_view_details:
            abort(404)
        record = self.record_or_404()
        edge.log_access(AccessKind.OPENED, subject=self.model.__tablename__, subject_id=self._log_id(record))
        return self.render(self.details_template, **self.details_context(record))

    def details_context(self, record: Any) -> dict[str, Any]:
        return details.plain_context(self, record)

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Response:
        abort(403)

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Response:
        abort(403)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Response:
        abort(404)

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Response:
        abort(404)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # The parent's retry hides TypeErrors.

    def back_to_list(self) -> Response:
        return redirect(url_for(f"{self.endpoint}.index_view"))
