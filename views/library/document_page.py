"""The page of a document: what it is, its editions, the approval sheet with its progress, those who read it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from models.access import Viewer
from models.library import (
    ApprovalStatus,
    DocumentApproval,
    DocumentEdition,
    DocumentStage,
    LibraryDocument,
    LibraryKind,
)
from services.files import recognition
from services.library import approvals, documents
from views import edge, labels
from views.cases.cells import block, filled
from views.formats import chip, ru_date, ru_datetime
from views.library import look

Block = dict[str, Any]
AT_WORK = (LibraryKind.PROJECT, LibraryKind.DRAFT_ACT)


def usual_stage(kind: LibraryKind) -> DocumentStage:
    return DocumentStage.DRAFT if kind in AT_WORK else DocumentStage.IN_FORCE


def header(record: LibraryDocument, viewer: Viewer) -> dict[str, Any]:
    today = edge.today()
    facts = [("Организация", labels.label("agency", record.agency_id)), ("Кто читает", record.audience.label)]
    facts += [("Документ", _requisites(record))] if record.number or record.document_on else []
    if record.starts_on or record.ends_on:
        until = f" по {ru_date(record.ends_on)}" if record.ends_on else ""
        facts.append(("Действует", f"с {ru_date(record.starts_on)}{until}" if record.starts_on else until.strip()))
    alerts = []
    if record.withdrawn_on is not None:
        alerts.append(("warning", f"Изъят {ru_date(record.withdrawn_on)}: {record.withdrawn_reason.rstrip('.')}."))
    elif approvals.own_line(record, viewer) is not None:
        alerts.append(("info", "Вашу организацию просят согласовать этот документ."))
    return {
        "subtitle": record.kind.label,
        "chips": [look.stage_chip(look.stage_of(record)), *look.mandatory_chip(record, today), *_remarks(record)],
        "facts": facts,
        "alerts": alerts,
    }


def _requisites(record: LibraryDocument) -> str:
    day = f"от {ru_date(record.document_on)}" if record.document_on else ""
    return " ".join(part for part in (f"№ {record.number}" if record.number else "", day) if part)


def _remarks(record: LibraryDocument) -> list[Markup]:
    """Until when remarks of a check are to be put right."""
    due = record.remarks_due_on
    if due is None or record.stage is DocumentStage.DONE:
        return []
    is_late = due < edge.today()
    text = f"замечания исправить до {ru_date(due)}"
    return [chip(text, "red" if is_late else "amber", "clock-exclamation" if is_late else "clock")]


def blocks(record: LibraryDocument, viewer: Viewer) -> list[Block]:
    found = [_about(record), _editions(record, viewer)]
    if lines := approvals.sheet_of(record):
        found.append(_sheet(record, lines))
    readers = [one for one in record.approvals if one.status is ApprovalStatus.INFORMED]
    if readers:
        names = Markup("<br>").join(labels.label("agency", one.agency_id) for one in readers)
        found.append(block("Кто ещё читает", "readers", [("Организации", names)]))
    return found


def _about(record: LibraryDocument) -> Block:
    items = filled(record, "author", "summary", "participants", "result", "about_agency_id", "remarks_due_on")
    items += [("Страница", look.page_link(record.link))] if record.link else []
    return block("О документе", "about", items, wide=True, empty="Описание не заполнено.")


def _editions(record: LibraryDocument, viewer: Viewer) -> Block:
    is_open = documents.may_open(viewer, record)
    rows = [_edition(record, one, is_open) for one in reversed(record.editions)]
    columns = ["Редакция", "Файл", "Что изменилось", "Приложена", "Кто приложил"]
    table = {"columns": columns, "rows": rows} if rows else None
    return block("Тексты", "editions", [], table=table, empty="Текст ещё не приложен.")


def _edition(record: LibraryDocument, one: DocumentEdition, is_open: bool) -> list[Any]:
    where: dict[str, Any] = {"document_id": record.id, "number": one.number}
    file: Any = one.file_name
    if is_open:
        file = Markup('<a href="{}">{}</a>').format(url_for("library_files.download", **where), one.file_name)
        kind = one.media_type.partition(";")[0]
        if kind in recognition.SHOWN_AS or kind == recognition.TEXT:
            shown = '<a href="{}">просмотр<span class="visually-hidden">: редакция {}</span></a>'
            file += Markup(" · ") + Markup(shown).format(url_for("library_files.preview", **where), one.number)
    return [one.number, file, one.note, ru_datetime(one.added_at), labels.label("user_account", one.added_by_id)]


def _sheet(record: LibraryDocument, lines: list[DocumentApproval]) -> Block:
    ordered = sorted(lines, key=lambda one: (-one.edition, one.id))
    rows = [_line(one) for one in ordered]
    columns = ["Редакция", "Организация", "Ответ", "Замечания", "Ответить до", "Кто ответил"]
    told = look.progress_text(approvals.progress_of(record, edge.today()))
    return block("Лист согласования", "sheet", [], table={"columns": columns, "rows": rows}, note=told)


def _line(one: DocumentApproval) -> list[Any]:
    who = ", ".join(part for part in (one.who, ru_datetime(one.answered_at) if one.answered_at else "") if part)
    answer = look.answer_chip(one.status, one.due_on, edge.today())
    agency = labels.label("agency", one.agency_id)
    return [one.edition, agency, answer, look.lined(one.remarks), ru_date(one.due_on), who]
