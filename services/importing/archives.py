"""XLSX and ODS are ZIP archives; here one is unpacked with a bound and packed again from what was checked.

The parser downstream sees only the bytes that were measured here, so a header that lies about sizes,
overlapping entries or a second central directory cannot show it anything else.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from services.importing import errors

MAX_ENTRIES = 3_000
MAX_UNPACKED = 96 * 1024 * 1024
MAX_RATIO = 250  # of one entry; XML of a real workbook packs about 10 to 40 times
RATIO_MATTERS_FROM = 4 * 1024 * 1024
CHUNK = 256 * 1024
LOCAL_HEADER = struct.Struct("<4s22sHH")


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts of the archive by name, or a refusal; macros and passwords are found on the way."""
    entries = _directory(data)
    names = [entry.filename for entry in entries]
    refuse_by_names(names)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise errors.protected()
    wanted = [entry for entry in entries if _is_needed(entry.filename)]
    _check_declared(wanted)
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in wanted:
        content = b"".join(_inflate(data, entry, left))
        left -= len(content)
        parts[entry.filename.replace("\\", "/")] = content
    return parts


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """A plain archive of the checked parts, stored without compression."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def refuse_by_names(names: list[str]) -> None:
    lowered = [name.replace("\\", "/").lower() for name in names]
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lowered):
        raise errors.has_macros()
    if any(_is_ods_macro(name) for name in lowered):
        raise errors.has_macros()
    if any(name.startswith("word/") for name in lowered):
        raise errors.UnusableWorkbook("Это документ Word, а не таблица: перенесите таблицу в XLSX и загрузите его.")
    if "xl/workbook.bin" in lowered:
        raise errors.UnusableWorkbook("Двоичная книга XLSB не принимается, сохраните её как XLSX.")


def _is_ods_macro(name: str) -> bool:
    if name.startswith("scripts/"):
        return not name.endswith("/")
    return name.startswith("basic/") and name.endswith(".xml") and not name.endswith(("script-lb.xml", "script-lc.xml"))


def _is_needed(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith((".xml", ".rels")) or lowered in {"mimetype"}


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, UnicodeDecodeError) as error:
        raise errors.damaged() from error
    if len(entries) > MAX_ENTRIES:
        raise errors.unpacks_too_large()
    return entries


def _check_declared(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED * 8:
        raise errors.unpacks_too_large()
    for entry in entries:
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise errors.unpacks_too_large()


def _inflate(data: bytes, entry: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """The content of one entry; refuses as soon as it grows beyond the limit or its own declared size."""
    packed = _packed(data, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) > limit:
            raise errors.unpacks_too_large()
        yield packed
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise errors.damaged()
    size = 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = packed
    while not inflater.eof:
        try:
            chunk = inflater.decompress(pending, CHUNK)
        except zlib.error as error:
            raise errors.damaged() from error
        pending = inflater.unconsumed_tail
        size += len(chunk)
        if size > limit:
            raise _beyond_limit(entry)
        if size > entry.file_size:  # the header lies
            raise errors.unpacks_too_large()
        if not chunk and not pending and not inflater.eof:
            raise errors.damaged()
        yield chunk


def _beyond_limit(entry: zipfile.ZipInfo) -> errors.UnusableWorkbook:
    """A huge sheet is usually an honest one with too many rows, anything else huge is not honest."""
    sheet = "worksheets/" in entry.filename or entry.filename == "content.xml"
    return errors.too_many_rows() if sheet else errors.unpacks_too_large()


def _packed(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    header = data[entry.header_offset : entry.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size:
        raise errors.damaged()
    signature, _, name_length, extra_length = LOCAL_HEADER.unpack(header)
    start = entry.header_offset + LOCAL_HEADER.size + name_length + extra_length
    if signature != b"PK\x03\x04" or start + entry.compress_size > len(data):
        raise errors.damaged()
    return data[start : start + entry.compress_size]
