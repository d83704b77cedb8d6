"""Creating and editing a record: nothing typed is lost, nobody's change is overwritten unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms import ValidationError

from models.audit import AccessKind
from views import conflicts, edge, labels, totals
from views.captions import label_of
from views.constraints import message_for
from views.extensions import db
from views.fields import VersionField

if TYPE_CHECKING:
    from views.base import RegistryView

PageOrRedirect = str | Response | tuple[str, int]


def with_version(form_class: type[Any]) -> type[Any]:
    """The form class with the hidden version of the record it shows."""
    return type(form_class.__name__, (form_class,), {"version": VersionField()})


def create(view: RegistryView) -> PageOrRedirect:
    form = view.create_form()
    view.fit_form(form, None)
    messages: list[str] = []
    duplicates: list[dict[str, str]] = []
    if request.method == "POST" and is_valid(view, form, None):
        duplicates = _unconfirmed(view.duplicates(form))
        if not duplicates:
            record = view.model()
            if _store(view, form, record, True, messages):
                flash("Запись создана.", "success")
                return _away(view, record, True)
    return form_page(view, form, None, messages, duplicates=duplicates)


def _unconfirmed(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Those found, unless the user has looked at every one of them: «это другой человек»."""
    confirmed = set(request.form.get("confirm_duplicate", "").split(","))
    return found if {item["id"] for item in found} - confirmed else []


def edit(view: RegistryView, record: Any) -> PageOrRedirect:
    form = view.edit_form(obj=record)
    view.fit_form(form, record)
    if request.method != "POST":
        return form_page(view, form, record, [])
    if _is_stale(form, record):
        return _conflict(view, form, record)
    messages: list[str] = []
    if is_valid(view, form, record):
        key = view.get_pk_value(record)
        try:
            if _store(view, form, record, False, messages):
                flash("Изменения сохранены.", "success")
                return _away(view, record, False)
        except StaleDataError:  # Somebody saved between our reading and our writing.
            db.session.rollback()
            record = view.get_one(key) or abort(404)
            form = view.edit_form(obj=record)
            view.fit_form(form, record)
            return _conflict(view, form, record)
        record = view.get_one(key) or abort(404)
    return form_page(view, form, record, messages)


def _is_stale(form: Any, record: Any) -> bool:
    return hasattr(record, "version") and form.version.data is not None and form.version.data != record.version


def _conflict(view: RegistryView, form: Any, record: Any) -> PageOrRedirect:
    found = conflicts.merge(form, record)
    page = form_page(view, form, record, [], conflict=found)
    return (page, 409) if isinstance(page, str) else page


def is_valid(view: RegistryView, form: Any, record: Any | None) -> bool:
    is_fine = bool(form.validate())
    return view.check_form(form, record) and is_fine


def _store(view: RegistryView, form: Any, record: Any, is_created: bool, messages: list[str]) -> bool:
    """Write the form into the record and commit; a refusal becomes a sentence at the field or on top."""
    try:
        with db.session.no_autoflush:
            form.populate_obj(record)
            view.before_save(form, record, is_created)
            if is_created:
                db.session.add(record)
        db.session.commit()
    except ValidationError as refusal:
        db.session.rollback()
        messages.append(str(refusal))
        return False
    except IntegrityError as error:
        db.session.rollback()
        name, sentence = message_for(error)
        if name and name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            messages.append(sentence)
        return False
    labels.forget()
    totals.forget()
    return True


def _away(view: RegistryView, record: Any, is_created: bool) -> Response:
    if "_add_another" in request.form and view.can_add_another:
        return redirect(view.get_url(".create_view", after=view.get_pk_value(record)))
    return redirect(view.after_save_url(record, is_created))


def error_list(form: Any, table: str) -> list[tuple[str, str, str]]:
    """(label, message, id of the field) of every error, child rows included."""
    found: list[tuple[str, str, str]] = []
    for field in form:
        entries = getattr(field, "entries", None)
        if entries is None:
            found += [(field.label.text, str(message), field.id) for message in field.errors]
            continue
        for number, entry in enumerate(entries, start=1):
            for inner in entry.form:
                title = f"{field.label.text}, строка {number}, {inner.label.text}"
                found += [(title, str(message), inner.id) for message in inner.errors]
    return found


def form_page(view: RegistryView, form: Any, record: Any | None, messages: list[str], **extra: Any) -> str:
    table = view.model.__tablename__
    if record is not None:  # The form says as much as the card.
        edge.log_access(AccessKind.OPENED, subject=table, subject_id=view._log_id(record))
    title = view.record_title(record) if record is not None else view.create_label
    cancel = (
        view.get_url(".details_view", id=view.get_pk_value(record))
        if record is not None
        else view.get_url(".index_view")
    )
    errors = [("", message, "") for message in messages] + error_list(form, table)
    return view.render(
        view.edit_template if record is not None else view.create_template,
        form=form,
        form_opts=None,
        sections=[s for s in view.form_sections if any(name in form for name in s.rows)],
        errors=errors,
        page_title=title,
        breadcrumbs=[(view.title, view.get_url(".index_view")), (title, cancel if record is not None else None)],
        cancel_url=cancel,
        can_save_and_add=record is None and view.can_add_another,
        conflict=extra.get("conflict"),
        duplicates=extra.get("duplicates") or [],
        field_label=label_of,
    )
