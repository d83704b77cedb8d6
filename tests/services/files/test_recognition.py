"""What a file is, by its bytes: what offices send is accepted, what strangers send is refused in one sentence."""

import re

import pytest

from services.errors import Refused
from services.files import recognition, rendering
from services.files.recognition import recognise, safe_name
from tests import files

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (files.pdf(3), "application/pdf", 3),
        (files.picture("JPEG"), "image/jpeg", 1),
        (files.picture("JPEG", mode="CMYK"), "image/jpeg", 1),
        (files.picture("PNG", mode="RGBA"), "image/png", 1),
        (files.picture("TIFF", mode="1"), "image/tiff", 1),
        (files.docx(), recognition.WORD, None),
        (files.xlsx(), recognition.EXCEL, None),
        (files.odf("text"), recognition.ODT, None),
        (files.odf("spreadsheet", {"Basic/script-lc.xml": "<x/>"}), recognition.ODS, None),
        ("Справка дана Ёлкиной\r\n".encode(), "text/plain; charset=utf-8", None),
        ("\ufeffС пометкой".encode(), "text/plain; charset=utf-8", None),
        ("Справка дана".encode("cp1251"), "text/plain; charset=windows-1251", None),
    ],
)
def test_what_offices_send_is_recognised(data: bytes, media_type: str, pages: int | None) -> None:
    found = recognise(data)
    assert (found.media_type, found.pages) == (media_type, pages)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", recognition.EMPTY),
        (HTML, recognition.WRONG_TYPE),
        (b"  \n" + HTML, recognition.WRONG_TYPE),
        ("\ufeff".encode() + HTML, recognition.WRONG_TYPE),
        ("Письмо <SCRIPT src=x>".encode("cp1251"), recognition.WRONG_TYPE),
        (SVG, recognition.WRONG_TYPE),
        (b"MZ\x90\x00\x03" + b"\0" * 64, recognition.WRONG_TYPE),
        (b"\x7fELF\x02\x01\x01\x00", recognition.WRONG_TYPE),
        (b"#!/bin/sh\nrm -rf /\n", recognition.WRONG_TYPE),
        (b"{\\rtf1\\ansi}", recognition.WRONG_TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, recognition.WRONG_TYPE),
        (b"GIF89a\x01\x00\x01\x00", recognition.WRONG_TYPE),
        (HTML + files.pdf(), recognition.WRONG_TYPE),
        (b"%PDF-1.7\n" + HTML, rendering.DAMAGED),
        (files.pdf()[:200], rendering.DAMAGED),
        (files.picture("PNG")[:50], rendering.DAMAGED),
        (b"\xff\xd8\xff\xe0" + HTML, rendering.DAMAGED),
        (b"II*\x00" + b"\xff" * 40, rendering.DAMAGED),
        (files.wide_picture(), rendering.TOO_LARGE),
        (b"PK\x03\x04" + b"\0" * 40, rendering.DAMAGED),
        (files.archive({"a.exe": b"MZ"}), recognition.WRONG_TYPE),
        (files.archive({"mimetype": "text/html", "index.html": HTML}), recognition.WRONG_TYPE),
        (files.docx(macro=".macroEnabled"), recognition.MACROS),
        (files.docx({"word/vbaProject.bin": b"x"}), recognition.MACROS),
        (files.odf("text", {"Basic/Standard/Module1.xml": "<x/>"}), recognition.MACROS),
        (files.odf("text", {"Scripts/python/run.py": "x"}), recognition.MACROS),
        (files.bomb(), recognition.BOMB),
    ],
)
def test_what_is_something_else_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        recognise(data)
    assert (str(refusal.value), refusal.value.field) == (sentence, "file")
    assert re.fullmatch(r"[А-ЯЁP][^.]*\.(?: Проверьте [^.]*\.)?", sentence)


def test_an_archive_whose_list_lies_about_its_parts_is_refused() -> None:
    """The list of parts says that one of them is packed in more bytes than there are."""
    whole = bytearray(files.docx())
    place = whole.rindex(b"PK\x01\x02") + 20
    whole[place : place + 4] = (10**9).to_bytes(4, "little")
    with pytest.raises(Refused):
        recognise(bytes(whole))


def test_a_document_behind_a_password_says_so() -> None:
    """The first bit of the flags in the list of parts."""
    whole = bytearray(files.docx())
    start = 0
    while (place := whole.find(b"PK\x01\x02", start)) >= 0:
        whole[place + 8] |= 1
        start = place + 4
    with pytest.raises(Refused, match="защищён паролем"):
        recognise(bytes(whole))


@pytest.mark.parametrize(
    ("name", "extension", "safe"),
    [
        ("справка.PDF", "pdf", "справка.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\Документы\\договор.docx", "docx", "договор.docx"),
        ("счёт\u202efdp.exe", "pdf", "счётfdp.pdf"),
        ("пас\u200bпорт\x00\r\n.jpeg", "jpg", "паспорт.jpg"),
        ("CON.txt", "txt", "файл CON.txt"),
        ('a<b>:"|?*.png', "png", "a_b______.png"),
        ("...", "pdf", "файл.pdf"),
        ("", "pdf", "файл.pdf"),
        ("Письмо от 01.10.2026", "pdf", "Письмо от 01.10.2026.pdf"),
        ("д" * 300 + ".pdf", "pdf", "д" * 120 + ".pdf"),
    ],
)
def test_a_name_keeps_what_it_says_and_loses_what_it_could_do(name: str, extension: str, safe: str) -> None:
    assert safe_name(name, extension) == safe


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_is_drawn_anew_without_what_was_in_the_file(kind: str) -> None:
    hidden = b"<script>alert(1)</script>"
    drawn = rendering.draw_page(files.picture(kind) + hidden, "image", 1)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert hidden not in drawn


def test_a_page_of_a_pdf_is_drawn_and_one_that_is_not_there_is_refused() -> None:
    data = files.pdf(2)
    assert rendering.draw_page(data, "pdf", 2).startswith(b"\x89PNG")
    with pytest.raises(Refused):
        rendering.draw_page(data, "pdf", 3)


def test_a_text_reads_as_it_was_written() -> None:
    for charset, text in (("utf-8", "Ёлкина"), ("windows-1251", "Ёлкина")):
        assert recognition.text_of(text.encode(charset), f"text/plain; charset={charset}") == text
