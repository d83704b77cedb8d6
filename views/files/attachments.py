"""Attachments: added from the card or a record, seen as pictures, downloaded, taken out with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import wtforms
from flask import current_app, request
from flask_admin import expose
from sqlalchemy import ColumnElement, and_, case, literal
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired

from models.files import Attachment, AttachmentKind
from services.errors import Refused
from services.files import access, attachments, recognition, subjects
from services.files.attachments import Description, Upload
from views import details, edge, history, labels, listing
from views.base import NOBODY, FormSection
from views.captions import caption
from views.case_base import wanted_number
from views.deadline_cells import person_cell, person_column, person_text
from views.doing import LINE, Action, ReasonForm
from views.extensions import db
from views.fields import REQUIRED, EnumField, NumberField, RuDateField, TextField
from views.files import cells, serving
from views.files.base import FileRegister
from views.files.links import record_link
from views.formats import chip, ru_date, ru_datetime
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.registers import fragment, label_from

CHOOSE = "Выберите файл."


class NameField(TextField):
    """The title of a paper: the column has an empty default, the form none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "validators": [DataRequired(REQUIRED), LINE]})


class SubjectField(wtforms.HiddenField):
    """The table of the record that the paper belongs to; the address names it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0]
        self.data = text if text in subjects.KNOWN else ""


class SubjectIdField(wtforms.HiddenField):
    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist or [""])[0]
        self.data = int(text) if text.isdecimal() and len(text) < 10 else None


class DescriptionForm(wtforms.Form):
    kind = EnumField(label="Вид", enum=AttachmentKind)
    title = NameField("Название документа")
    document_on = RuDateField("Дата документа")
    pages = NumberField("Листов")
    seen = wtforms.HiddenField()


class AttachmentView(FileRegister):
    title, icon, create_label, default_sort = "Документы дел", "files", "Приложить файл", "-added"
    search_placeholder_text = "Название документа, имя файла"
    editors = NOBODY
    form_overrides: ClassVar[dict[str, Any]] = {
        "graduate_id": PersonField,
        "title": NameField,
        "subject": SubjectField,
        "subject_id": SubjectIdField,
    }
    form_sections = (
        FormSection(
            "Документ",
            "document",
            ("graduate_id", "file", "kind", "title", "document_on", "pages", "agency_id", "subject", "subject_id"),
        ),
    )

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        hint = "PDF, JPEG, PNG, TIFF, DOCX, XLSX, ODT, ODS или простой текст."
        chosen, kinds = [DataRequired(CHOOSE)], {"accept": recognition.ACCEPTED}
        label, told = caption("attachment", "pages")
        self.form_extra_fields = {
            "file": wtforms.FileField("Файл", validators=chosen, description=hint, render_kw=kinds),
            "pages": NumberField(label, description=told),
        }
        super().__init__(model, **kwargs)

    actions = (
        Action(
            name="describe",
            title="Исправить описание",
            button="Сохранить описание",
            kind="primary",
            form=DescriptionForm,
            fill=lambda form, record: _fill(form, record),
            may=lambda viewer, record: attachments.may_change(viewer, record) and _may_open(record),
            offered=lambda record: record.removed_on is None,
            verb=lambda record, form: _describe(record, form),
        ),
        Action(
            name="remove",
            title="Изъять документ",
            button="Изъять",
            kind="danger",
            form=ReasonForm,
            hint="Документ останется в описи зачёркнутым, с причиной. Открыть и скачать его больше нельзя.",
            may=attachments.may_change,
            offered=lambda record: record.removed_on is None,
            verb=lambda record, form: _remove(record, form),
        ),
    )

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        a, viewer = Attachment, edge.viewer()
        kind, person = label_from(AttachmentKind), person_column(a, viewer)
        is_open = access.readable_to(viewer)
        title = case((is_open, a.title), else_=literal(access.MASK))
        return (
            Column("title", "Документ", title, width=46),
            Column("kind", "Вид", a.kind, show=kind, export=kind, width=24),
            Column("person", "Выпускник", person, show=person_cell, export=person_text, width=34),
            Column("on", "Дата документа", a.document_on, show=ru_date, export=ru_date, sort=a.document_on, width=13),
            Column("pages", "Листов", a.pages, css="cell-number", width=8),
            Column("type", "Файл", a.media_type, show=cells.type_text, export=cells.type_text, width=18),
            Column("agency", "Организация", a.agency_id, show=_agency, export=_agency, width=34),
            Column("added", "Приложено", a.added_at, show=ru_datetime, export=ru_datetime, sort=a.added_at, width=16),
            Column("removed", "Состояние", a.removed_on, show=_removed, export=_removed_text, width=20),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Вид", Attachment.kind, AttachmentKind.choices),
            listing.period("on", "Дата документа", Attachment.document_on),
            listing.choice("agency", "Организация", Attachment.agency_id, lambda: labels.options("agency")),
            listing.flag("removed", "Изъято", lambda: Attachment.removed_on.is_not(None)),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return and_(fragment(text, Attachment.title, Attachment.file_name), access.readable_to(edge.viewer()))

    # -- Adding --------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        form.file.description += f" До {current_app.config['MAX_UPLOAD_MB']} МБ."
        if request.method == "GET":
            form.subject.data = request.args.get("subject", "")
            form.subject_id.data = wanted_number("subject_id")
        found = self._subject(form)
        if found is None:
            form.subject.data, form.subject_id.data = "", None
            return
        form.file.description = f"К записи: {subjects.title_of(found)}. {form.file.description}"
        if request.method == "GET":
            _, _, day, kind = subjects.KNOWN[found.__tablename__]
            form.title.data, form.kind.data = subjects.title_of(found), kind
            form.document_on.data = getattr(found, day, None)

    def _subject(self, form: Any) -> Any | None:
        """The record, where the user may see its person."""
        person, name, number = form.graduate_id.data, form.subject.data, form.subject_id.data
        if not (person and name and number) or serving.person_or_none(person) is None:
            return None
        return subjects.find(db.session(), subject=name, subject_id=number, graduate_id=person, by=edge.viewer())

    def record(self, form: Any) -> Attachment:
        upload = _upload(form)
        db.session.rollback()  # On SQLite nobody writes while a form is being saved: let them while we look into it.
        file = attachments.examine(upload, max_bytes=_max_bytes())
        return attachments.attach(
            db.session(),
            graduate_id=form.graduate_id.data,
            agency_id=self.agency_of(form),
            file=file,
            description=_description(form),
            folder=Path(current_app.config["DATA_DIR"]),
            by=edge.viewer(),
            now=edge.now(),
            subject=form.subject.data or "",
            subject_id=form.subject_id.data,
        )

    def told(self, record: Attachment) -> str:
        return f"Файл приложен: {record.title}."

    # -- One paper -----------------------------------------------------------------------------------------------------

    def record_title(self, record: Attachment) -> str:
        return record.title if _may_open(record) else "Закрытый документ"

    def card_context(self, record: Attachment) -> dict[str, Any]:
        context = super().card_context(record)
        is_open = _may_open(record)
        header = context["header"]
        header["chips"] = [chip(record.kind.label, "blue", "file-text")]
        header["alerts"] = list(_alerts(record, is_open))
        header["actions"] = serving.buttons(record) if is_open and record.removed_on is None else []
        context["blocks"] = [{"title": "Документ", "id": "document", "items": _facts(record)}]
        if is_open:
            context["blocks"].append({"title": "Файл", "id": "file", "items": cells.facts(record)})
        context["history"] = history.of_record(record) if is_open else None
        return context

    @expose("/<int:number>/file")
    def file(self, number: int) -> Response:
        return serving.download(self, number)

    @expose("/<int:number>/preview/")
    def preview(self, number: int) -> str | Response:
        return serving.preview(self, number)

    @expose("/<int:number>/preview/<int:page>.png")
    def preview_page(self, number: int, page: int) -> Response:
        return serving.picture(self, number, page)


def _may_open(record: Attachment) -> bool:
    return access.may_open(db.session(), viewer=edge.viewer(), attachment=record)


def _max_bytes() -> int:
    megabytes: int = current_app.config["MAX_UPLOAD_MB"]
    return megabytes * 1024 * 1024


def _upload(form: Any) -> Upload:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Refused(CHOOSE, field="file")
    try:
        return Upload(sent.filename, sent.stream.read(_max_bytes() + 1))
    finally:
        sent.close()


def _description(form: Any) -> Description:
    return Description(
        kind=form.kind.data or AttachmentKind.OTHER,
        title=form.title.data or "",
        document_on=form.document_on.data,
        sheets=form.pages.data,
    )


def _fill(form: Any, record: Attachment) -> None:
    form.kind.data, form.title.data = record.kind, record.title
    form.document_on.data, form.pages.data = record.document_on, record.pages
    form.seen.data = attachments.signature(record)


def _describe(record: Attachment, form: Any) -> str:
    description, seen = _description(form), form.seen.data or ""
    attachments.describe(db.session(), attachment=record, description=description, seen=seen, by=edge.viewer())
    return "Описание исправлено."


def _remove(record: Attachment, form: Any) -> str:
    attachments.remove(db.session(), attachment=record, reason=form.reason.data or "", by=edge.viewer())
    return "Документ изъят. В описи он остался зачёркнутым."


def _alerts(record: Attachment, is_open: bool) -> Any:
    if record.removed_on is not None:
        reason = record.removed_reason.rstrip(".") if is_open else access.MASK
        yield "warning", f"Изъят {ru_date(record.removed_on)}: {reason}."
    elif not is_open:
        yield "info", "Документ закрыт: его видят те, кто допущен к этим сведениям."


def _facts(record: Attachment) -> list[tuple[str, Any]]:
    is_open = _may_open(record)
    names = ["kind", "document_on", "pages", "agency_id"]
    found: list[tuple[str, Any]] = [("Название документа", record.title if is_open else access.MASK)]
    found += [item for item in details.facts(record, names) if item[1]]
    if is_open and record.subject and (told := record_link(record.subject, record.subject_id)):
        found.append(("К какой записи", told))
    who = record.added_by.name if record.added_by else "система"
    return [*found, ("Приложено", f"{who}, {ru_datetime(record.added_at)}")]


def _agency(value: int | None) -> str:
    return labels.label("agency", value)


def _removed(value: Any) -> Any:
    return chip("изъят", "grey", "ban") if value else ""


def _removed_text(value: Any) -> str:
    return f"изъят {ru_date(value)}" if value else ""
