"""How attachments look in lists, inventories and on their pages."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from models.files import Attachment
from services.files import recognition
from services.files.access import MASK
from views.formats import chip, counted, ru_date

UNITS = ("Б", "КБ", "МБ")
NAMES = {
    recognition.PDF: "PDF",
    recognition.JPEG: "изображение JPEG",
    recognition.PNG: "изображение PNG",
    recognition.TIFF: "изображение TIFF",
    recognition.WORD: "документ DOCX",
    recognition.EXCEL: "таблица XLSX",
    recognition.ODT: "документ ODT",
    recognition.ODS: "таблица ODS",
    recognition.TEXT: "простой текст",
}


def size_text(size: int) -> str:
    """«12 КБ», «3,4 МБ»."""
    number, unit = float(size), UNITS[0]
    for unit in UNITS:
        if number < 1024 or unit == UNITS[-1]:
            break
        number /= 1024
    told = f"{number:.1f}".replace(".", ",") if unit == "МБ" and number < 10 else f"{number:.0f}"
    return f"{told} {unit}"


def type_text(media_type: str) -> str:
    return NAMES.get(media_type.partition(";")[0], media_type)


def can_preview(attachment: Attachment) -> bool:
    media_type = attachment.media_type.partition(";")[0]
    return attachment.removed_on is None and (media_type in recognition.SHOWN_AS or media_type == recognition.TEXT)


def title_cell(attachment: Attachment, may_open: bool) -> Markup:
    """The title with its links; of a closed one only that it is there."""
    page = url_for("attachment.details_view", id=attachment.id)
    shown = Markup('<a href="{}">{}</a>').format(page, attachment.title if may_open else MASK)
    if attachment.removed_on is not None:
        return Markup("<del>{}</del> {}").format(shown, chip(f"изъят {ru_date(attachment.removed_on)}", "grey", "ban"))
    if not may_open:
        return Markup("{} {}").format(shown, chip("закрыто", "grey", "lock"))
    return shown


def links_cell(attachment: Attachment, may_open: bool) -> Markup:
    """«Посмотреть», «Скачать», each with the title for those who cannot see the row."""
    if not may_open or attachment.removed_on is not None:
        return Markup("")
    link = Markup('<a href="{}">{}<span class="visually-hidden">: {}</span></a>')
    found = []
    if can_preview(attachment):
        found.append(link.format(url_for("attachment.preview", number=attachment.id), "Посмотреть", attachment.title))
    found.append(link.format(url_for("attachment.file", number=attachment.id), "Скачать", attachment.title))
    return Markup(" · ").join(found)


def sheets_text(number: int) -> str:
    return counted(number, "лист", "листа", "листов")


def facts(attachment: Attachment) -> list[tuple[str, Any]]:
    """Of the file itself."""
    return [
        ("Имя файла", attachment.file_name),
        ("Вид файла", type_text(attachment.media_type)),
        ("Размер", size_text(attachment.size)),
        ("Контрольная сумма (SHA-256)", Markup("<code>{}</code>").format(attachment.sha256)),
    ]
