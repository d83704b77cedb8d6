"""Small DOCX files for tests, good and bad."""

import io
import zipfile
from collections.abc import Callable

from docx import Document


def docx(*paragraphs: str, rows: tuple[str, ...] = (), header: str = "", keywords: str = "") -> bytes:
    """A document with these paragraphs, and a table with a row for each of `rows`."""
    document = Document()
    document.core_properties.keywords = keywords
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=1)
        for text in rows:
            table.add_row().cells[0].paragraphs[0].add_run(text)
    if header:
        document.sections[0].header.paragraphs[0].add_run(header)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same archive with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_part(name: str, content: bytes = b"x", data: bytes | None = None) -> bytes:
    return changed(data or docx("{{ name }}"), lambda parts: parts.__setitem__(name, content))


def with_text(name: str, old: str, new: str, data: bytes | None = None) -> bytes:
    """One text of a part replaced by another."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return changed(data or docx("{{ name }}"), change)
