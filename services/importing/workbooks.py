"""A file of any kind that offices mail, read into sheets of typed cells with the sheet's own row numbers."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import python_calamine

from services.importing import archives, compound, delimited, errors, extent

DEFAULT_MAX_BYTES = 25 * 1024 * 1024
NOT_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ")
# What no text holds on purpose, and no database takes: control characters and halves of surrogate pairs.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
GUARDED = {"=", "+", "-", "@"}  # An apostrophe before one of them marks a text that is no formula.

Cell = str | float | dt.date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows[0]` is the sheet's row 1."""

    name: str
    rows: Sequence[Sequence[Cell]]
    is_hidden: bool = False


def read_sheets(data: bytes, *, file_name: str, max_bytes: int = DEFAULT_MAX_BYTES) -> list[Sheet]:
    """All sheets with anything in them; the content decides what the file is, its name is only for messages."""
    if len(data) > max_bytes:
        megabytes = max_bytes // (1024 * 1024)
        raise errors.UnusableWorkbook(f"Файл больше {megabytes} МБ и не принят.")
    if not data.strip(b"\x00 \r\n\t"):
        raise errors.UnusableWorkbook("Файл пустой.")
    sheets = [sheet for sheet in _read(data) if any(cell is not None for row in sheet.rows for cell in row)]
    if not sheets:
        raise errors.UnusableWorkbook("В файле нет ни одной заполненной ячейки.")
    return sheets


def _read(data: bytes) -> list[Sheet]:
    if data.startswith(b"PK\x03\x04"):
        return _read_archive(data)
    if data.startswith(compound.MAGIC):
        compound.check(data)
        return _read_spreadsheet(io.BytesIO(data))
    if data.startswith(NOT_TABLES):
        raise errors.not_a_workbook()
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<?xml", b"<html", b"<!doctype", b"<table")):
        raise errors.UnusableWorkbook("Это веб-страница или XML, а не книга: откройте файл и сохраните как XLSX.")
    rows = delimited.read(data)
    return [Sheet("CSV", [[_text(cell) for cell in row] for row in rows])]


def _read_archive(data: bytes) -> list[Sheet]:
    parts = archives.unpack(data)
    lowered = {name.lower() for name in parts}
    if "xl/workbook.xml" in lowered or any(name.startswith("xl/worksheets/") for name in lowered):
        extent.check_xlsx(parts)
    elif "content.xml" in parts and b"spreadsheet" in parts.get("mimetype", b""):
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise errors.protected()
        extent.check_ods(parts["content.xml"])
    else:
        raise errors.not_a_workbook()
    return _read_spreadsheet(archives.repack(parts))


def _read_spreadsheet(source: io.BytesIO) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(source) as book:
            return [_sheet(book, meta) for meta in book.sheets_metadata if _is_table(meta)]
    except python_calamine.PasswordError as error:
        raise errors.protected() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise errors.damaged() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the parser's own failed assertion on a broken file
            raise
        raise errors.damaged() from error


def _is_table(meta: python_calamine.SheetMetadata) -> bool:
    return meta.typ == python_calamine.SheetTypeEnum.WorkSheet


def _sheet(book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata) -> Sheet:
    rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, [[_cell(value) for value in row] for row in rows], is_hidden=hidden)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return None if value is None else str(value)


def _text(value: str) -> str | None:
    value = UNPRINTABLE.sub("", value)
    if value[:1] == "'" and value[1:2] in GUARDED:
        value = value[1:]
    return value if value.strip() else None
