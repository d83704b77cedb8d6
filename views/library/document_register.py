"""The register of the common library (krasnoyarsk 2.2, 2.3, 5; vologda 1.2, 4.1, 4.2; kizil 3; syzran 3.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, String, case, cast, func, literal, select

from models.access import Viewer
from models.library import (
    ApprovalStatus,
    Audience,
    DocumentApproval,
    DocumentEdition,
    DocumentStage,
    LibraryDocument,
    LibraryKind,
)
from models.library_access import library_visible_to, may_keep_library
from services.library import documents
from views import edge, labels, listing
from views.base import FormSection
from views.cases import cells
from views.extensions import db
from views.formats import shown
from views.library import document_page
from views.library.document_actions import ACTIONS
from views.library.look import WITHDRAWN, stage_chip, stage_text
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.registers import fragment, label_from


class LibraryDocumentView(KeepView):
    title, icon, create_label, default_sort = "Библиотека", "book", "Добавить документ", "-id"
    search_placeholder_text = "Название, номер, автор, содержание"
    none_text = "Добавьте нормативные документы, единые формы, методики, практики и проекты."
    form_sections = (
        FormSection(
            "Документ",
            "about",
            ("kind", "title", "number", "document_on", "author", "summary", "link", "agency_id"),
        ),
        FormSection("Действие", "force", ("stage", "starts_on", "ends_on", "audience", "is_mandatory")),
        FormSection(
            "Проект, практика, проверка",
            "more",
            ("participants", "result", "about_agency_id", "remarks_due_on"),
            help="Заполняйте, что подходит к виду документа: у проекта участники, у практики и проверки результат, "
            "у проверки организация и срок исправления замечаний.",
        ),
    )
    actions = ACTIONS

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return library_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: LibraryDocument) -> bool:
        return may_keep_library(viewer, record.agency_id) and record.withdrawn_on is None

    # -- The list ------------------------------------------------------------------------------------------------------

    def columns(self) -> Sequence[Column]:
        d = LibraryDocument
        kind, audience = label_from(LibraryKind), label_from(Audience)
        return (
            Column("id", "№", d.id, sort=d.id, css="cell-number", width=8),
            Column("kind", "Вид", d.kind, show=kind, export=kind, css="cell-medium", width=30),
            Column("title", "Название", d.title, css="cell-long", sort=d.title, width=56),
            Column("number", "Номер", d.number, width=16),
            cells.day("document_on", "Дата документа", d.document_on),
            Column("stage", "Состояние", _stage(), show=stage_chip, export=stage_text, width=20),
            cells.day("starts_on", "Действует с", d.starts_on),
            Column("mandatory", "Обязателен", d.is_mandatory, show=shown, export=shown, width=12),
            Column("editions", "Редакций", _editions(), css="cell-number", width=10),
            Column("approved", "Согласовали", _approved(), width=14),
            cells.coded("agency", "Организация", d.agency_id, "agency", 30),
            Column("audience", "Кто читает", d.audience, show=audience, export=audience, width=24),
            cells.coded("checked", "Кого проверяли", d.about_agency_id, "agency", 30),
            cells.day("remarks_due_on", "Исправить замечания до", d.remarks_due_on),
        )

    def filters(self) -> Sequence[Filter]:
        d, viewer = LibraryDocument, edge.viewer()
        return (
            Filter("kind", "Вид", "choice", _kinds, LibraryKind.choices),
            Filter("stage", "Состояние", "choice", _stages, _offered_stages),
            listing.choice("agency", "Организация", d.agency_id, lambda: labels.options("agency")),
            listing.flag("mandatory", "Обязателен для всех", lambda: d.is_mandatory),
            listing.flag("asked", "Ждут нашего ответа", lambda: d.id.in_(_asked(viewer))),
            listing.choice("checked", "Кого проверяли", d.about_agency_id, lambda: labels.options("agency")),
            listing.period("remarks", "Срок исправления замечаний", d.remarks_due_on),
            listing.period("starts", "Действует с", d.starts_on),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        d = LibraryDocument
        return fragment(text, d.title, d.number, d.author, d.summary, d.participants)

    # -- The form ------------------------------------------------------------------------------------------------------

    def fit_form(self, form: Any, record: LibraryDocument | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["stage"]
        elif request.method == "GET" and (kind := request.args.get("kind")) in {one.value for one in LibraryKind}:
            form.kind.data = LibraryKind(kind)
            form.stage.data = document_page.usual_stage(form.kind.data)

    def record(self, form: Any) -> LibraryDocument:
        return documents.create(
            db.session(),
            agency_id=self.agency_of(form),
            card=_card(form),
            stage=form.stage.data or DocumentStage.IN_FORCE,
            by=edge.viewer(),
            now=edge.now(),
        )

    def told(self, record: LibraryDocument) -> str:
        return "Документ внесён в библиотеку. Приложите его текст."

    def change(self, record: LibraryDocument, form: Any) -> str:
        documents.change(db.session(), document=record, card=_card(form), by=edge.viewer())
        return "Изменения сохранены."

    # -- The page ------------------------------------------------------------------------------------------------------

    def record_title(self, record: LibraryDocument) -> str:
        return record.title

    def card_context(self, record: LibraryDocument) -> dict[str, Any]:
        context, viewer = super().card_context(record), edge.viewer()
        context["header"] |= document_page.header(record, viewer)
        context["blocks"] = document_page.blocks(record, viewer)
        return context


def _card(form: Any) -> documents.Card:
    texts = ("title", "number", "author", "summary", "result", "participants", "link")
    others = ("kind", "document_on", "starts_on", "ends_on", "about_agency_id", "remarks_due_on")
    told: dict[str, Any] = {name: form[name].data or "" for name in texts}
    return documents.Card(
        audience=form.audience.data or Audience.EVERYBODY,
        is_mandatory=bool(form.is_mandatory.data),
        **told,
        **{name: form[name].data for name in others},
    )


def _stage() -> ColumnElement[str]:
    return case((LibraryDocument.withdrawn_on.is_not(None), literal(WITHDRAWN)), else_=LibraryDocument.stage)


def _offered_stages() -> list[tuple[str, str]]:
    return [*DocumentStage.choices(), (WITHDRAWN, "изъят")]


def _stages(values: list[str]) -> ColumnElement[bool]:
    if not set(values) <= {*DocumentStage, WITHDRAWN}:
        raise ValueError(values)
    return _stage().in_(values)


def _kinds(values: list[str]) -> ColumnElement[bool]:
    return LibraryDocument.kind.in_([LibraryKind(value) for value in values])


def _editions() -> ColumnElement[int]:
    number = select(func.count(DocumentEdition.id)).where(DocumentEdition.document_id == LibraryDocument.id)
    return number.correlate(LibraryDocument).scalar_subquery()


def _approved() -> ColumnElement[str]:
    """«2 из 5» of the newest round; empty where nobody was asked."""
    a = DocumentApproval
    newest = (
        select(func.max(a.edition))
        .where(a.document_id == LibraryDocument.id, a.status != ApprovalStatus.INFORMED)
        .correlate(LibraryDocument)
        .scalar_subquery()
    )
    lines = (a.document_id == LibraryDocument.id, a.status != ApprovalStatus.INFORMED, a.edition == newest)
    agreed = func.sum(case((a.status == ApprovalStatus.AGREED, 1), else_=0))
    told = cast(agreed, String) + " из " + cast(func.count(a.id), String)
    text = select(case((func.count(a.id) > 0, told), else_="")).where(*lines)
    return text.correlate(LibraryDocument).scalar_subquery()


def _asked(viewer: Viewer) -> Any:
    a = DocumentApproval
    newest = (
        select(func.max(DocumentEdition.number))
        .where(DocumentEdition.document_id == a.document_id)
        .correlate(a)
        .scalar_subquery()
    )
    asked = select(a.document_id).where(a.agency_id == viewer.agency_id, a.status == ApprovalStatus.ASKED)
    live = select(LibraryDocument.id).where(LibraryDocument.withdrawn_on.is_(None))
    return asked.where(a.edition == newest, a.document_id.in_(live))
