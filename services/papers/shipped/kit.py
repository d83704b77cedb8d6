"""Building blocks of the shipped templates: A4, Times New Roman 12, headings, clauses, tables, signatures, pages.

Texts carry the fields of the paper as `{{ name }}`; `when`, `each` and `table` put conditions and loops around them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LONG, SHORT = Cm(29.7), Cm(21)
LEFT, RIGHT, EDGE = Cm(2.5), Cm(1.5), Cm(2)
INDENT = Cm(1.25)
LINE = "______________"
SMALL = Pt(10)


DAY = "«____» ______________ 20____ г."


def dated(name: str) -> str:
    """A date, or room to write one in."""
    return f"{{% if {name} %}}{{{{ {name} }}}}{{% else %}}{DAY}{{% endif %}}"


def pair(first: str, second: str) -> str:
    """Two facts, or the one that is known."""
    both = f"{{{{ {first} }}}}, {{{{ {second} }}}}"
    return f"{{% if {first} and {second} %}}{both}{{% else %}}{{{{ {first} or {second} }}}}{{% endif %}}"


class Sheet:
    """A template under construction."""

    def __init__(self, title: str, *, landscape: bool = False, is_cover: bool = False) -> None:
        self.document: Any = Document()
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments, properties.language = title, "", "", "ru-RU"
        _style(self.document)
        _paper(self.document.sections[0], landscape)
        if not is_cover:
            _number_pages(self.document.sections[0])
        self.number = 0
        self.clause_number = 0

    def bytes(self) -> bytes:
        made = io.BytesIO()
        self.document.save(made)
        return made.getvalue()

    # -- Text --------------------------------------------------------------------------------------------------------

    def text(
        self, text: str, *, style: str = "Normal", align: Any = None, bold: bool = False, keep: bool = False
    ) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        run = paragraph.add_run(text)
        run.bold = bold or None
        if align is not None:
            paragraph.alignment = align
        paragraph.paragraph_format.keep_with_next = keep or None
        return paragraph

    def body(self, text: str) -> Any:
        """A paragraph of running text: justified, with a red line."""
        return self.text(text, style="Body Text")

    def left(self, text: str, *, bold: bool = False) -> Any:
        return self.text(text, bold=bold)

    def told(self, text: str) -> Any:
        """A paragraph that holds somebody's own words, which may have lines: not justified."""
        paragraph = self.body(text)
        paragraph.alignment = ALIGN.LEFT
        return paragraph

    def right(self, *texts: str) -> None:
        """A block on the right half: to whom, from whom, «УТВЕРЖДАЮ»."""
        for text in texts:
            self.text(text).paragraph_format.left_indent = int(self.width / 2)

    def small(self, text: str, *, align: Any = None) -> Any:
        paragraph = self.text(text, align=align)
        paragraph.runs[0].font.size = SMALL
        return paragraph

    def gap(self) -> None:
        self.text("")

    def stamp(self) -> None:
        """What is annulled says so on top."""
        self.only_if("annulled", "{{ annulled }}", align=ALIGN.CENTER, bold=True)

    def letterhead(self) -> None:
        self.text("{{ agency_name }}", align=ALIGN.CENTER, bold=True)
        contacts = self.text(
            "{{ agency_address }}, тел. {{ agency_phone }}, {{ agency_email }}\n"
            "ИНН {{ agency_inn }}, ОГРН {{ agency_ogrn }}",
            align=ALIGN.CENTER,
        )
        contacts.runs[0].font.size = SMALL
        _rule_below(contacts)
        self.gap()

    def title(self, *lines: str) -> None:
        for place, line in enumerate(lines):
            self.text(line, style="Title" if place == 0 else "Subtitle")

    def place_and_date(self, place: str, date: str) -> None:
        table = self.document.add_table(rows=1, cols=2)
        _widths(table, [self.width / 2] * 2)
        for cell, text, align in zip(table.rows[0].cells, (place, date), (ALIGN.LEFT, ALIGN.RIGHT), strict=True):
            cell.paragraphs[0].add_run(text)
            cell.paragraphs[0].alignment = align
        self.gap()

    def section(self, title: str) -> None:
        """«1. Предмет договора»: clauses after it are numbered 1.1, 1.2 …"""
        self.number, self.clause_number = self.number + 1, 0
        self.text(f"{self.number}. {title}", style="Heading 1")

    def clause(self, text: str, *, own_words: bool = False) -> None:
        self.clause_number += 1
        (self.told if own_words else self.body)(f"{self.number}.{self.clause_number}. {text}")

    def points(self, *texts: str) -> None:
        for place, text in enumerate(texts):
            self.body(f"– {text}{'.' if place == len(texts) - 1 else ';'}")

    def heading(self, title: str) -> None:
        """A heading without a number of its own."""
        self.text(title, style="Heading 1")

    def facts(self, *pairs: tuple[str, str], width: float = 0.36) -> None:
        """A table of what is known: a caption and its value in each row."""
        table = self.document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        for caption, value in pairs:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(caption)
            cells[1].paragraphs[0].add_run(value)
        _widths(table, [self.width * width, self.width * (1 - width)])
        _tidy(table)
        self.gap()

    def said(self, caption: str, value: str) -> None:
        """A caption and a text that may be long."""
        paragraph = self.text(f"{caption}: ")
        paragraph.runs[0].bold = True
        paragraph.add_run(value)
        paragraph.paragraph_format.space_after = Pt(4)

    # -- Conditions and loops ----------------------------------------------------------------------------------------

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is added inside is printed only where the condition holds."""
        self.text(f"{{%p if {condition} %}}")
        yield
        self.text("{%p endif %}")

    def only_if(self, condition: str, text: str, **look: Any) -> None:
        with self.when(condition):
            self.text(text, **look)

    def each(self, variable: str, rows: str, text: str, *, own_words: bool = False) -> None:
        """A paragraph for each line of a list."""
        self.text(f"{{%p for {variable} in {rows} %}}")
        (self.told if own_words else self.body)(text)
        self.text("{%p endfor %}")

    # -- Tables ------------------------------------------------------------------------------------------------------

    def table(
        self,
        headings: Sequence[str],
        rows: str,
        cells: Sequence[str],
        widths: Sequence[float],
        *,
        variable: str = "row",
        grouped: tuple[str, str] | None = None,
        blanks: int = 2,
        size: Any = None,
        group: str = "",
        whole_rows: bool = False,
    ) -> None:
        """A table with a heading that repeats on every page and a row for each line of a list.

        `grouped`: (variable, list of groups) around the rows, with `group` as the heading of each. An empty list
        leaves a few blank rows to be filled in by hand. `whole_rows`: none is torn by the end of a page.
        """
        table = self.document.add_table(rows=1, cols=len(headings))
        table.style = "Table Grid"
        _fill(table.rows[0], headings, bold=True, align=ALIGN.CENTER)
        _repeat(table.rows[0])
        whole = grouped[1] if grouped else rows
        if grouped:
            _tag(table, f"{{%tr for {grouped[0]} in {grouped[1]} %}}")
            merged = table.add_row().cells
            title = merged[0].merge(merged[-1])
            title.paragraphs[0].add_run(group).bold = True
            title.paragraphs[0].paragraph_format.keep_with_next = True
        _tag(table, f"{{%tr for {variable} in {rows} %}}")
        line = table.add_row()
        _fill(line, [_cell(cell) for cell in cells])
        if whole_rows:
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _tag(table, "{%tr endfor %}")
        if grouped:
            _tag(table, "{%tr endfor %}")
        _tag(table, f"{{%tr if not {whole} %}}")
        for _ in range(blanks):
            _fill(table.add_row(), [" "] * len(headings))
        _tag(table, "{%tr endif %}")
        _widths(table, [self.width * part / sum(widths) for part in widths])
        _tidy(table, size=size)
        self.gap()

    def signatures(self, *signers: tuple[str, str], seal: bool = False) -> None:
        """A line for each: who, a place to sign, the name in brackets; «М.П.» where a seal is set."""
        table = self.document.add_table(rows=0, cols=3)
        for who, name in signers:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(who)
            cells[1].paragraphs[0].add_run(LINE)
            cells[2].paragraphs[0].add_run(f"/ {name or LINE} /")
            _hint(cells[1], "подпись")
            for cell in cells:
                cell.paragraphs[0].paragraph_format.space_before = Pt(10)
        _widths(table, [self.width * part for part in (0.44, 0.24, 0.32)])
        _tidy(table, padding=False)
        if seal:
            self.text("М.П.").paragraph_format.left_indent = Cm(1)

    def parties(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Requisites of both parties side by side."""
        table = self.document.add_table(rows=1, cols=2)
        for cell, texts in zip(table.rows[0].cells, (left, right), strict=True):
            for place, text in enumerate(texts):
                paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
                paragraph.add_run(text).bold = place == 0 or None
                paragraph.alignment = ALIGN.LEFT
        _widths(table, [self.width / 2] * 2)
        _tidy(table)

    # -- Pages -------------------------------------------------------------------------------------------------------

    def new_page(self, *, landscape: bool) -> None:
        _paper(self.document.add_section(WD_SECTION.NEW_PAGE), landscape)

    @property
    def width(self) -> float:
        """Of the text between the margins."""
        section = self.document.sections[-1]
        return float(section.page_width - section.left_margin - section.right_margin)


def _cell(text: str) -> str:
    """An empty cell stays empty: `{{ row.x }}` becomes `{{ row.x | blank }}`."""
    return text.replace(" }}", " | blank }}")


def _style(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal, 12)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    body = document.styles["Body Text"]
    _font(body, 12)
    body.paragraph_format.first_line_indent = INDENT
    body.paragraph_format.alignment = ALIGN.JUSTIFY
    body.paragraph_format.space_after = Pt(3)
    for name, size, before in (("Title", 14, 6), ("Subtitle", 12, 0), ("Heading 1", 12, 10), ("Heading 2", 12, 6)):
        style = document.styles[name]
        _font(style, size)
        style.font.bold = name != "Subtitle"
        style.font.italic = False
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(6), True
        shape.alignment = ALIGN.CENTER if name in ("Title", "Subtitle", "Heading 1") else ALIGN.LEFT
        for border in style.element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.find(qn("w:lang")).set(qn("w:val"), "ru-RU")
    assert document.styles["Table Grid"].type == WD_STYLE_TYPE.TABLE


def _font(style: Any, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)


def _paper(section: Any, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
    section.left_margin, section.right_margin = (EDGE, RIGHT) if landscape else (LEFT, RIGHT)
    section.top_margin = section.bottom_margin = EDGE


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = SMALL
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)


def _rule_below(paragraph: Paragraph) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _fill(row: Any, texts: Iterable[str], *, bold: bool = False, align: Any = None) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).bold = bold or None
        if align is not None:
            cell.paragraphs[0].alignment = align


def _tag(table: Any, tag: str) -> None:
    """A row that only says where rows repeat; it is not printed."""
    table.add_row().cells[0].paragraphs[0].add_run(tag)


def _repeat(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))


def _widths(table: Any, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, width in enumerate(widths):
        table.columns[place].width = int(width)
    for row in table.rows:
        cells = row._tr.tc_lst
        for place, cell in enumerate(cells):
            cell.width = int(width_of(cells, widths, place))


def width_of(cells: Sequence[Any], widths: Sequence[float], place: int) -> float:
    """A merged cell is as wide as all that it covers."""
    return sum(widths) if len(cells) == 1 else widths[place]


def _tidy(table: Any, *, size: Any = None, padding: bool = True) -> None:
    for row in table.rows:
        for cell in row._tr.tc_lst:
            for paragraph in cell.p_lst:
                shown = Paragraph(paragraph, table)
                shown.paragraph_format.space_after = Pt(1 if padding else 0)
                for run in shown.runs:
                    run.font.size = size or run.font.size


def _hint(cell: Any, text: str) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.add_run(text).font.size = Pt(8)
