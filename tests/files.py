"""Files as offices and strangers make them, and attachments of the cast."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from models.access import Viewer
from models.files import Attachment, AttachmentKind
from models.graduates import Graduate
from models.users import User
from services.files.attachments import Description, Upload, attach, examine
from tests.conftest import NOW, TODAY

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
LIMIT = 25 * 1024 * 1024
DOCX_PART = '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document{}.main+xml"/>'


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80), mode: str = "RGB", **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **options)
    return target.getvalue()


def pdf(pages: int = 1) -> bytes:
    target = io.BytesIO()
    rest = [Image.new("RGB", (60, 80), "white") for _ in range(pages - 1)]
    made = time.gmtime(0)  # The same bytes whenever they are made.
    options: dict[str, Any] = {"save_all": True, "append_images": rest, "creationDate": made, "modDate": made}
    Image.new("RGB", (60, 80), "white").save(target, "PDF", **options)
    return target.getvalue()


def archive(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def docx(parts: dict[str, bytes | str] | None = None, macro: str = "") -> bytes:
    """`macro`: «.macroEnabled»."""
    types = TYPES.format(DOCX_PART.format(macro))
    return archive({"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **(parts or {})})


def xlsx() -> bytes:
    return archive({"[Content_Types].xml": TYPES.format(""), "xl/workbook.xml": "<workbook/>"})


def odf(kind: str = "text", parts: dict[str, bytes | str] | None = None) -> bytes:
    head = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<office:document-content/>"}
    return archive({**head, **(parts or {})})


def bomb() -> bytes:
    """A document of a few kilobytes that unpacks into more than a disk likes."""
    return docx({"word/media/image.bmp": b"\0" * (64 * 1024 * 1024)})


def wide_picture() -> bytes:
    """A small PNG that claims forty thousand pixels each way."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def make_attachment(
    session: Session, folder: Path, user: User, graduate: Graduate, *, data: bytes | None = None, **more: Any
) -> Attachment:
    """An attachment made as the verb makes it, by a user of the cast."""
    kind = more.pop("kind", AttachmentKind.OTHER)
    title = more.pop("title", "Справка")
    described = Description(kind, title, more.pop("document_on", date(2026, 9, 1)), more.pop("sheets", None))
    made = attach(
        session,
        graduate_id=graduate.id,
        agency_id=more.pop("agency_id", user.agency_id),
        file=examine(Upload(more.pop("name", "справка.pdf"), pdf() if data is None else data), max_bytes=LIMIT),
        description=described,
        folder=folder,
        by=Viewer.of(session, user, more.pop("on", TODAY)),
        now=more.pop("now", NOW),
        **more,
    )
    session.commit()
    return made
