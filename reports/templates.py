"""Whether a file may serve as the template of a paper: what it is, what it refers to, which fields it names."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from lxml.etree import LxmlError

from reports.document import BadTemplate, PaperEnvironment, render, told

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Fields of Word that read another file or a program when the paper is opened.
FETCHING = re.compile(r"\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD)\b")
INSTRUCTION = re.compile(r"<w:instrText[^>]*>([^<]*)</w:instrText>|<w:fldSimple[^>]*w:instr=\"([^\"]*)\"")
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError)
LEFT = re.compile(r"\{\{|\{%|%\}|\}\}")
UNREAD = "Файл не читается как документ Word: откройте его и сохраните заново в формате DOCX."
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


@dataclass(frozen=True)
class Field:
    """A field of a paper: its name in templates and what it says; a list has columns."""

    name: str
    says: str
    columns: tuple[Field, ...] = ()


def rows(name: str, says: str, /, **columns: str) -> Field:
    """A list of lines, each with the columns named."""
    return Field(name, says, tuple(Field(column, told_of) for column, told_of in columns.items()))


def sample(fields: Iterable[Field]) -> dict[str, Any]:
    """Facts to try a template with: every field says what it is, every list has two lines."""
    return {f.name: [sample(f.columns), sample(f.columns)] if f.columns else f"[{f.says}]" for f in fields}


def nothing(fields: Iterable[Field]) -> dict[str, Any]:
    """Facts of a record of which nothing is known."""
    return {f.name: [] if f.columns else "" for f in fields}


def check(template: bytes, fields: Sequence[Field]) -> None:
    """Raise BadTemplate with one Russian sentence unless the file can print such a paper."""
    _check_file(template)
    try:
        Document(io.BytesIO(template))
        unknown = list(dict.fromkeys(name for tree in _trees(template) for name in _unknown(tree, fields)))
    except TemplateError as error:
        raise BadTemplate(told(error)) from None
    except (LxmlError, KeyError, ValueError, AttributeError, IndexError):
        raise BadTemplate(UNREAD) from None
    if unknown:
        listed = ", ".join(f"{{{{ {name} }}}}" for name in unknown[:10])
        raise BadTemplate(f"В шаблоне есть неизвестные поля: {listed}.")
    for facts in (sample(fields), nothing(fields)):
        _check_printed(render(template, facts))


# -- The file --------------------------------------------------------------------------------------------------------


def _check_file(data: bytes) -> None:
    if len(data) > LARGEST:
        raise BadTemplate(f"Файл больше {LARGEST // 1024 // 1024} МБ: уменьшите рисунки в нём.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadTemplate("Это не файл DOCX. Сохраните шаблон в Word или LibreOffice в формате DOCX.") from None
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BadTemplate("Файл слишком велик в распакованном виде.")
    try:
        texts = {part.filename: archive.read(part) for part in parts if part.filename.endswith((".xml", ".rels"))}
    except UNREADABLE:
        raise BadTemplate("Файл повреждён или закрыт паролем: сохраните его заново.") from None
    _check_parts({part.filename for part in parts}, texts)


def _check_parts(names: set[str], texts: dict[str, bytes]) -> None:
    types = texts.get("[Content_Types].xml", b"")
    if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text for text in texts.values()):
        raise BadTemplate("В файле есть объявления, которых в документе Word не бывает.")
    lower = {name.lower() for name in names}
    if b"macroEnabled" in types or any("vbaproject" in name or "vbadata" in name for name in lower):
        raise BadTemplate("В файле есть макросы. Сохраните его как обычный DOCX, без макросов.")
    if MAIN.encode() not in types or "word/document.xml" not in names:
        raise BadTemplate("Это не документ Word. Сохраните шаблон в формате DOCX.")
    if any("embeddings/" in name or "activex/" in name or "/afchunk" in name for name in lower):
        raise BadTemplate("В файле есть вложенные объекты. Уберите их и сохраните файл ещё раз.")
    if any(_refers_outside(text) for name, text in texts.items() if name.endswith(".rels")):
        raise BadTemplate("Шаблон обращается к другим файлам или адресам. Вставьте рисунки в сам файл, уберите ссылки.")
    for text in texts.values():
        for complex_field, simple_field in INSTRUCTION.findall(text.decode("utf-8", "replace")):
            if FETCHING.search(complex_field or simple_field):
                raise BadTemplate("В шаблоне есть поле Word, которое читает другой файл. Уберите его.")


def _refers_outside(rels: bytes) -> bool:
    try:
        root = ElementTree.fromstring(rels)
    except ElementTree.ParseError:
        return True
    return any(link.get("TargetMode", "").lower() == "external" for link in root)


def _check_printed(paper: bytes) -> None:
    """No tag is left where nothing fills it in: in endnotes, comments, diagrams."""
    archive = zipfile.ZipFile(io.BytesIO(paper))
    for name in archive.namelist():
        if name.endswith(".xml") and LEFT.search(re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8", "replace"))):
            raise BadTemplate("В шаблоне есть метки там, где они не заполняются: в примечаниях или концевых сносках.")


# -- The fields ------------------------------------------------------------------------------------------------------


def _trees(template: bytes) -> Iterator[nodes.Template]:
    """What the template says in each of its parts."""
    environment = PaperEnvironment()
    document = DocxTemplate(io.BytesIO(template))
    document.render_init()
    sources = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        sources += [document.get_part_xml(part) for _, part in document.get_headers_footers(uri)]
    sources += [
        part.blob.decode("utf-8") for part in document.docx.part.package.parts if part.content_type == FOOTNOTES
    ]
    properties = document.docx.core_properties
    names = ("author", "comments", "identifier", "language", "subject", "title")
    told_of = " ".join(getattr(properties, name) or "" for name in names)
    for source in [*(document.patch_xml(source) for source in sources), told_of]:
        yield environment.parse(source)
        environment.compile(source)  # an unknown filter is found only here


Known = dict[str, Any]  # a name → what stands under it: a text (""), a dictionary, a list of one dictionary


def _known(fields: Iterable[Field]) -> Known:
    return {field.name: [_known(field.columns)] if field.columns else "" for field in fields}


def _unknown(tree: nodes.Template, fields: Sequence[Field]) -> list[str]:
    found: list[str] = []
    _look(tree, _known(fields), found)
    return found


LOOP = dict.fromkeys(("index", "index0", "revindex", "first", "last", "length", "depth"), "")


def _look(node: nodes.Node, scope: Known, found: list[str]) -> None:
    """Note the names that nothing stands under, in whatever branch they are."""
    if isinstance(node, nodes.For):
        _look(node.iter, scope, found)
        rows = _value(node.iter, scope)
        inner = {**scope, "loop": LOOP}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = rows[0] if isinstance(rows, list) else ""
        for child in (*node.body, *node.else_):
            _look(child, inner, found)
        return
    if isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Name):
        value = _value(node, scope)
        if value is None:
            found.append(_spelled(node))
        return
    for child in node.iter_child_nodes():
        _look(child, scope, found)


def _value(node: nodes.Node, scope: Known) -> Any:
    """What an expression stands for; None: nothing."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        whole = _value(node.node, scope)
        return whole.get(node.attr) if isinstance(whole, dict) else None
    if isinstance(node, nodes.Getitem):
        whole, key = _value(node.node, scope), getattr(node.arg, "value", None)
        if isinstance(whole, list) and isinstance(key, int):
            return whole[0]
        return whole.get(key) if isinstance(whole, dict) else None
    return ""


def _spelled(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_spelled(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_spelled(node.node)}[{getattr(node.arg, 'value', '…')}]"
    return "…"
