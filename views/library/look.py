"""Chips, links and words of documents, resources and papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from models.aid import Benefit, PaperState
from models.library import ApprovalStatus, DocumentStage, LibraryDocument
from services.library.approvals import Progress
from views.formats import chip, counted, ru_date

STAGES = {
    DocumentStage.DRAFT: ("grey", "pencil"),
    DocumentStage.AGREEMENT: ("blue", "progress"),
    DocumentStage.IN_FORCE: ("green", "circle-check"),
    DocumentStage.DONE: ("grey", "check"),
    DocumentStage.REPEALED: ("grey", "ban"),
}
ANSWERS = {
    ApprovalStatus.ASKED: ("blue", "clock"),
    ApprovalStatus.AGREED: ("green", "circle-check"),
    ApprovalStatus.REMARKS: ("amber", "pencil"),
    ApprovalStatus.INFORMED: ("grey", "eye"),
}
PAPERS = {
    PaperState.NEEDED: ("amber", "clock"),
    PaperState.REQUESTED: ("blue", "mail"),
    PaperState.COLLECTED: ("green", "check"),
    PaperState.HANDED_IN: ("green", "circle-check"),
    PaperState.NOT_NEEDED: ("grey", "ban"),
}
BENEFITS = {
    "annulled": ("аннулировано", "grey", "ban"),
    "refused": ("отказано", "red", "circle-x"),
    "granted": ("назначена", "green", "circle-check"),
    "recognised": ("признан нуждающимся", "blue", "check"),
    "applied": ("обратился", "amber", "clock"),
}
WITHDRAWN = "withdrawn"


def stage_chip(value: str) -> Markup:
    """For a list's column: a stage, or «withdrawn»."""
    if value == WITHDRAWN:
        return chip("изъят", "grey", "ban")
    stage = DocumentStage(value)
    return chip(stage.label, *STAGES[stage])


def stage_text(value: str) -> str:
    return "изъят" if value == WITHDRAWN else DocumentStage(value).label


def stage_of(document: LibraryDocument) -> str:
    return WITHDRAWN if document.withdrawn_on is not None else document.stage.value


def answer_chip(status: ApprovalStatus, due_on: date | None, today: date) -> Markup:
    if status is ApprovalStatus.ASKED and due_on is not None and due_on < today:
        return chip("нет ответа, срок прошёл", "red", "clock-exclamation")
    return chip(status.label, *ANSWERS[status])


def paper_chip(value: str) -> Markup:
    state = PaperState(value)
    return chip(state.label, *PAPERS[state])


def mandatory_chip(document: LibraryDocument, today: date) -> list[Markup]:
    """«обязательна с 01.12.2026» of a form that everybody must use."""
    if not document.is_mandatory or document.withdrawn_on is not None:
        return []
    is_ahead = document.starts_on is not None and document.starts_on > today
    return [chip(f"обязателен с {ru_date(document.starts_on)}", "blue" if is_ahead else "amber", "alert-triangle")]


def progress_text(progress: Progress | None) -> str:
    """«Редакция 2: согласовали 3 из 5, замечания 1, ждём ответа 1»."""
    if progress is None:
        return ""
    told = [f"согласовали {progress.agreed} из {progress.asked}"]
    told += [f"с замечаниями {progress.remarks}"] if progress.remarks else []
    told += [f"ждём ответа: {progress.waiting}"] if progress.waiting else []
    told += [f"просрочили: {progress.late}"] if progress.late else []
    return f"Редакция {progress.edition}: {', '.join(told)}"


def linked(endpoint: str, number: int, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for(endpoint, id=number), text)


def page_link(address: str) -> str | Markup:
    """A page elsewhere; services.library.common.link lets nothing else in."""
    if not address.startswith(("http://", "https://")):
        return address
    return Markup('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>').format(address)


def places_text(taken: int, capacity: int | None) -> str:
    """«Занято 3 из 10», «Записано: 3 человека»."""
    if capacity is None:
        return counted(taken, "человек", "человека", "человек")
    return f"занято {taken} из {capacity}"


def lined(text: str) -> Any:
    return Markup("<br>").join(text.splitlines()) if "\n" in text else text


def benefit_state(record: Benefit) -> str:
    """How far it has come."""
    days = {
        "annulled": record.annulled_on,
        "refused": record.refused_on,
        "granted": record.granted_on,
        "recognised": record.recognised_on,
    }
    return next((name for name, day in days.items() if day is not None), "applied")


def benefit_chip(value: str) -> Any:
    return chip(*BENEFITS[value])
