"""Personal files: numbers, inventory on the screen, on paper and as a workbook, closing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import wtforms
from flask import request, send_file, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, String, cast, func, select
from werkzeug.wrappers import Response
from wtforms.validators import DataRequired

from models.access import Viewer
from models.audit import AccessKind
from models.case_access import may_approve, may_record
from models.files import Attachment, FileIndex, PersonalFile
from reports.base import Column as ReportColumn
from reports.base import Kind
from reports.workbook import write_workbook
from services.errors import Refused
from services.files import access, personal
from services.files.personal import Line
from views import details, edge, labels, listing
from views.base import FormSection
from views.deadline_cells import person_cell, person_column, person_text
from views.doing import Action, NoFields
from views.extensions import db
from views.fields import REQUIRED, OfferedField, RuDateField
from views.files import cells
from views.files.base import FileRegister
from views.formats import chip, counted, ru_date
from views.listing import Column, Filter
from views.people_lookup import PersonField
from views.sending import forget_when_sent

HEADINGS = ["№ п/п", "Документ", "Дата", "Листов", "Листы дела", "Файл"]
ON_PAPER = (
    ReportColumn("№ п/п", "number", 7, Kind.NUMBER),
    ReportColumn("Документ", "title", 60),
    ReportColumn("Дата документа", "on", 14, Kind.DATE),
    ReportColumn("Количество листов", "pages", 11, Kind.NUMBER),
    ReportColumn("С листа", "first", 9, Kind.NUMBER),
    ReportColumn("По лист", "last", 9, Kind.NUMBER),
    ReportColumn("Примечание", "note", 40),
)


class IndexField(OfferedField):
    """A line of the organisation's nomenclature; an administrator sees all."""

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") and abs(int(value)) < 2**31 else None

    def iter_choices(self) -> Iterator[tuple[Any, str, bool, dict[str, Any]]]:
        yield ("", "", self.data is None, {})
        viewer, query = edge.viewer(), select(FileIndex).order_by(FileIndex.code)
        if not viewer.is_administrator:
            query = query.where(FileIndex.agency_id == viewer.agency_id)
        for index in db.session.scalars(query):
            yield (index.id, f"{index.code} {index.title}", index.id == self.data, {})


class CloseForm(wtforms.Form):
    closed_on = RuDateField("Дата закрытия", validators=[DataRequired(REQUIRED)])


class PersonalFileView(FileRegister):
    title, icon, create_label, default_sort = "Личные дела", "folder", "Завести личное дело", "-number"
    editors = FileRegister.creators
    details_template = "files/personal_file.html"
    form_overrides: ClassVar[dict[str, Any]] = {"graduate_id": PersonField, "index_id": IndexField}
    form_sections = (FormSection("Личное дело", "file", ("graduate_id", "opened_on", "index_id", "agency_id")),)
    actions = (
        Action(
            name="close",
            title="Закрыть дело",
            button="Закрыть",
            form=CloseForm,
            fill=lambda form, record: setattr(form.closed_on, "data", edge.today()),
            hint="Документы в закрытое дело не добавляют; опись и файлы остаются доступны.",
            may=lambda viewer, record: may_record(viewer, record.agency_id),
            offered=lambda record: record.closed_on is None,
            verb=lambda record, form: _close(record, form),
        ),
        Action(
            name="reopen",
            title="Возобновить дело",
            form=NoFields,
            may=lambda viewer, record: may_approve(viewer, record.agency_id),
            offered=lambda record: record.closed_on is not None,
            verb=lambda record, form: _reopen(record),
        ),
    )

    def may_edit_record(self, viewer: Viewer, record: PersonalFile) -> bool:
        return may_record(viewer, record.agency_id)

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        p, person = PersonalFile, person_column(PersonalFile, edge.viewer())
        index = select(FileIndex.code).where(FileIndex.id == p.index_id).correlate(p).scalar_subquery()
        return (
            Column("number", "№ дела", p.number, sort=p.number, css="cell-number", width=9),
            Column("person", "Выпускник", person, show=person_cell, export=person_text, width=36),
            Column("opened", "Заведено", p.opened_on, show=ru_date, export=ru_date, sort=p.opened_on, width=13),
            Column("closed", "Закрыто", p.closed_on, show=_closed, export=ru_date, sort=p.closed_on, width=13),
            Column("index", "Индекс", func.coalesce(index, ""), width=12),
            Column("papers", "Документов", _count(func.count()), css="cell-number", width=11),
            Column("sheets", "Листов", _count(func.sum(Attachment.pages)), css="cell-number", width=9),
            Column("agency", "Организация", p.agency_id, show=_agency, export=_agency, width=34),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.period("opened", "Заведено", PersonalFile.opened_on),
            listing.flag("closed", "Закрыто", lambda: PersonalFile.closed_on.is_not(None)),
            listing.choice("agency", "Организация", PersonalFile.agency_id, lambda: labels.options("agency")),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        """By the number of the file."""
        return cast(PersonalFile.number, String) == text.strip().lstrip("№ ")

    # -- Opening and changing ------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is not None:  # What a file is called and whose it is does not change.
            del form["graduate_id"], form["opened_on"]
        elif request.method == "GET":
            form.opened_on.data = edge.today()

    def before_save(self, form: Any, record: PersonalFile, is_created: bool) -> None:
        try:
            personal.check_index(db.session(), index_id=record.index_id, agency_id=record.agency_id)
        except Refused as refusal:
            raise wtforms.ValidationError(str(refusal)) from None

    def record(self, form: Any) -> PersonalFile:
        return personal.open_file(
            db.session(),
            graduate_id=form.graduate_id.data or 0,
            agency_id=self.agency_of(form),
            opened_on=form.opened_on.data,
            index_id=form.index_id.data,
            by=edge.viewer(),
        )

    def told(self, record: PersonalFile) -> str:
        return f"Заведено личное дело № {record.number}."

    # -- One file ------------------------------------------------------------------------------------------------------

    def record_title(self, record: PersonalFile) -> str:
        return f"Личное дело № {record.number}"

    def card_context(self, record: PersonalFile) -> dict[str, Any]:
        context = super().card_context(record)
        header = context["header"]
        header["chips"] = [chip("закрыто", "grey", "lock") if record.closed_on else chip("ведётся", "green", "check")]
        header["actions"] = [*header["actions"], ("Печать описи", self.get_url(".inventory", id=record.id), "")]
        header["actions"].append(("Опись в Excel", self.get_url(".workbook", id=record.id), ""))
        add = url_for("attachment.create_view", graduate=record.graduate_id)
        may_add = record.closed_on is None and may_record(edge.viewer(), record.agency_id)
        lines = lines_of(record)
        context["blocks"] = [
            {"title": "Личное дело", "id": "file", "items": _facts(record)},
            {
                "title": "Опись документов",
                "id": "inventory",
                "items": [],
                "note": total_text(lines),
                "table": {"columns": HEADINGS, "rows": table_rows(lines)} if lines else None,
                "action": ("Приложить файл", add) if may_add else None,
                "empty": "Документов в деле ещё нет.",
            },
        ]
        return context

    @expose("/inventory/")
    def inventory(self) -> str:
        """The inventory as it is printed."""
        record = self.record_or_404()
        edge.log_access(AccessKind.PRINTED, subject="personal_file", subject_id=record.id)
        title = f"Опись документов личного дела № {record.number}"
        here = self.get_url(".details_view", id=record.id)
        lines = lines_of(record)
        return self.render(
            "files/inventory.html",
            page_title=title,
            breadcrumbs=[(self.title, self.get_url(".index_view")), (self.record_title(record), here), ("Опись", None)],
            file=record,
            lines=lines,
            readable=readable_ids(lines),
            total=total_text(lines),
            mask=access.MASK,
        )

    @expose("/inventory.xlsx")
    def workbook(self) -> Response:
        record = self.record_or_404()
        lines = lines_of(record)
        payload = {"rows": len(lines), "type": "xlsx"}
        edge.log_access(AccessKind.EXPORTED, subject="personal_file", subject_id=record.id, payload=payload)
        folder = Path(tempfile.mkdtemp(prefix="marshrut-"))
        title = f"Опись документов личного дела № {record.number}"
        rows = list(paper_rows(lines))
        about = f"{record.graduate.full_name}. {record.agency.name}"
        write_workbook(folder / "inventory.xlsx", title=title, subtitle=about, columns=ON_PAPER, rows=rows)
        answer = send_file(folder / "inventory.xlsx", as_attachment=True, download_name=f"{title}.xlsx", max_age=0)
        return forget_when_sent(answer, lambda: shutil.rmtree(folder, ignore_errors=True))


# -- The inventory ---------------------------------------------------------------------------------------------------


def lines_of(file: PersonalFile) -> list[Line]:
    found = personal.attachments_of(db.session(), graduate_id=file.graduate_id, agency_id=file.agency_id)
    return personal.inventory(found)


def readable_ids(lines: Sequence[Line]) -> set[int]:
    """Which of the papers the user may open: one statement."""
    ids = [line.attachment.id for line in lines]
    query = select(Attachment.id).where(Attachment.id.in_(ids), access.readable_to(edge.viewer()))
    return set(db.session.scalars(query)) if ids else set()


def table_rows(lines: Sequence[Line]) -> list[list[Any]]:
    readable, rows = readable_ids(lines), []
    for line in lines:
        paper, is_open = line.attachment, line.attachment.id in readable
        is_there = paper.removed_on is None
        rows.append(
            [
                line.number,
                cells.title_cell(paper, is_open),
                ru_date(paper.document_on),
                paper.pages if is_there else "",
                line.sheets,
                cells.links_cell(paper, is_open),
            ]
        )
    return rows


def paper_rows(lines: Sequence[Line]) -> Iterator[list[Any]]:
    readable = readable_ids(lines)
    for line in lines:
        paper = line.attachment
        is_there, is_open = paper.removed_on is None, paper.id in readable
        title, reason = (paper.title, paper.removed_reason) if is_open else (access.MASK, access.MASK)
        note = "" if is_there else f"Изъят {ru_date(paper.removed_on)}: {reason}"
        sheets = paper.pages if is_there else None
        yield [line.number, title, paper.document_on, sheets, line.first, line.last, note]


def total_text(lines: Sequence[Line]) -> str:
    """«3 документа, 12 листов»: what is in the file now."""
    there = [line for line in lines if line.first is not None]
    sheets = sum(line.attachment.pages for line in there)
    return f"{counted(len(there), 'документ', 'документа', 'документов')}, {cells.sheets_text(sheets)}" if lines else ""


def _count(what: ColumnElement[Any]) -> ColumnElement[Any]:
    """Over the papers that are in the file now."""
    query = select(func.coalesce(what, 0)).where(
        Attachment.graduate_id == PersonalFile.graduate_id,
        Attachment.agency_id == PersonalFile.agency_id,
        Attachment.removed_on.is_(None),
    )
    return query.correlate(PersonalFile).scalar_subquery()


def _facts(record: PersonalFile) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        item for item in details.facts(record, ["opened_on", "closed_on", "agency_id"]) if item[1]
    ]
    if record.index is not None:
        years = counted(record.index.keep_years, "год", "года", "лет")
        found.append(("Индекс по номенклатуре", f"{record.index.code} {record.index.title}, хранить {years}"))
    return found


def _agency(value: int | None) -> str:
    return labels.label("agency", value)


def _closed(value: Any) -> Any:
    return chip(ru_date(value), "grey", "lock") if value else ""


def _close(record: PersonalFile, form: Any) -> str:
    personal.close(db.session(), file=record, closed_on=form.closed_on.data, by=edge.viewer())
    return "Личное дело закрыто."


def _reopen(record: PersonalFile) -> str:
    personal.reopen(db.session(), file=record, by=edge.viewer())
    return "Личное дело возобновлено."
