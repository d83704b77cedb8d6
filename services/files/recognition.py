"""What a file is, by its bytes; its name is only what the user called it."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from services.errors import Refused, need
from services.files import rendering

PDF, JPEG, PNG, TIFF, TEXT = "application/pdf", "image/jpeg", "image/png", "image/tiff", "text/plain"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", TIFF: "tif", WORD: "docx", EXCEL: "xlsx", ODT: "odt", ODS: "ods",
              TEXT: "txt"}  # fmt: skip
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.docx,.xlsx,.odt,.ods,.txt"  # For the file chooser.
SHOWN_AS = {PDF: "pdf", JPEG: "image", PNG: "image", TIFF: "image"}  # What can be shown page by page.
IMAGES = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"II*\x00", TIFF), (b"MM\x00*", TIFF))
MAIN_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}

EMPTY = "Файл пуст: выберите другой."
WRONG_TYPE = (
    "Такой файл не принимается: по содержимому это не PDF, JPEG, PNG, TIFF, DOCX, XLSX, ODT, ODS и не простой текст."
)
MACROS = "В документе есть макросы: сохраните его без них (DOCX или XLSX) и загрузите снова."
PROTECTED = "Документ защищён паролем: сохраните его без пароля и загрузите снова."
BOMB = "Документ распаковывается в слишком большой файл, поэтому не принят."

ENTRIES, UNPACKED, RATIO, RATIO_FROM = 5_000, 400 * 1024 * 1024, 250, 4 * 1024 * 1024
TYPES_READ = 1024 * 1024
# What the standard library raises over archives that are none.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, RuntimeError, EOFError)
ACTIVE = re.compile(r"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|meta|link|\?xml)", re.IGNORECASE)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
NAME_SIGNS = frozenset('<>:"/\\|?*')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
EXTENSION = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
LONGEST_NAME = 120


@dataclass(frozen=True)
class Recognised:
    media_type: str
    pages: int | None = None  # where the file itself tells

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type.partition(";")[0]]


def recognise(data: bytes) -> Recognised:
    """The kind of a file and, where it has any, its pages. Raises Refused with one sentence."""
    need(data, EMPTY, field="file")
    if data.startswith(b"%PDF-"):
        return Recognised(PDF, rendering.count_pages(data, "pdf"))
    for signature, media_type in IMAGES:
        if data.startswith(signature):
            return Recognised(media_type, rendering.count_pages(data, "image"))
    if data.startswith(b"PK\x03\x04"):
        return Recognised(_office(data))
    return Recognised(f"{TEXT}; charset={_charset(data)}")


# -- Office documents ------------------------------------------------------------------------------------------------


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _measure(entries, len(data))
            return _kind_of(archive, [entry.filename for entry in entries])
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        struct.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(rendering.DAMAGED, field="file") from None


def _measure(entries: list[zipfile.ZipInfo], size: int) -> None:
    need(not any(entry.flag_bits & 0x1 for entry in entries), PROTECTED, field="file")
    packed, unpacked = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
    is_fair = all(e.file_size <= max(RATIO_FROM, RATIO * max(e.compress_size, 1)) for e in entries)
    need(len(entries) <= ENTRIES and unpacked <= UNPACKED and packed <= size and is_fair, BOMB, field="file")


def _kind_of(archive: zipfile.ZipFile, names: list[str]) -> str:
    lowered = {name.replace("\\", "/").lower() for name in names}
    need(not any(_is_macro(name) for name in lowered), MACROS, field="file")
    if "[Content_Types].xml" in names:
        types = _beginning(archive, "[Content_Types].xml", TYPES_READ)
        need(b"macroEnabled" not in types, MACROS, field="file")
        found = next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    else:
        written = _beginning(archive, "mimetype", 200).decode("ascii", "replace") if "mimetype" in names else ""
        found = written if written in (ODT, ODS) else None
    if found is None:
        raise Refused(WRONG_TYPE, field="file")
    return found


def _is_macro(name: str) -> bool:
    """Of Word and Excel, and of OpenDocument, whose empty libraries are no macros."""
    if name.startswith("basic/"):
        return name.endswith(".xml") and not name.endswith(("script-lb.xml", "script-lc.xml"))
    is_script = name.startswith("scripts/") and not name.endswith("/")
    return is_script or name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/")


def _beginning(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


# -- Text ------------------------------------------------------------------------------------------------------------


def _charset(data: bytes) -> str:
    """Of a plain text; anything that a browser or an office might take for more is refused."""
    for charset in ("utf-8", "windows-1251"):
        try:
            text = data.decode("utf-8-sig" if charset == "utf-8" else charset)
        except UnicodeDecodeError:
            continue
        if NOT_TEXT.search(text) or ACTIVE.search(text) or text.lstrip().startswith(("{\\rtf", "#!", "%!PS", "%PDF")):
            break
        return charset
    raise Refused(WRONG_TYPE, field="file")


def text_of(data: bytes, media_type: str) -> str:
    """A stored plain text as it reads."""
    charset = media_type.partition("charset=")[2] or "utf-8"
    return data.decode("utf-8-sig" if charset == "utf-8" else charset, "replace")


# -- Names -----------------------------------------------------------------------------------------------------------


def safe_name(name: str, extension: str) -> str:
    """The user's name of a file without folders and without signs that hide or turn letters round, and with the
    extension of what the file is."""
    base = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join("_" if sign in NAME_SIGNS else sign for sign in base if unicodedata.category(sign)[0] != "C")
    stem = EXTENSION.sub("", " ".join(seen.split())).strip(" .")[:LONGEST_NAME].rstrip(" .")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"файл {stem}".strip()
    return f"{stem}.{extension}"
