"""A report as a DOCX on A4: its table or its figures, the own words, and room for signatures.

Rows are put in as XML at once: a list of a thousand people takes a second, not a minute.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from reports.base import Cell, Struck
from reports.document import UNPRINTABLE
from reports.figures import Part
from reports.paper_parts import on_paper

if TYPE_CHECKING:
    from reports.outputs import Printed

FONT = "Times New Roman"
LONG, SHORT = Cm(29.7), Cm(21)
LEFT, RIGHT, EDGE = Cm(1.5), Cm(1), Cm(1.5)
WIDE = 5  # columns, of figures without their labels, from which the paper lies down
FEW, NARROW = 4, 10_490  # a table with fewer figures is no wider on a lying sheet than on a standing one, in twentieths
SHORT_TABLE = 18  # rows: it is not torn between pages
LABELS, FIGURES = 46.0, 14.0  # widths of the columns of figures, in characters
MANY, SMALL, USUAL = 10, 16, 18  # columns from which the letters are small; sizes in half-points
TWENTIETH = 635  # of a point, in units of the library
MARGIN = 57  # of a cell, left and right, in twentieths of a point
BOLD_LETTER = 0.58  # how wide one is, for its size
STAMP = (1980, 1, 1, 0, 0, 0)  # of every file within the archive, so that the same paper has the same bytes


def write_document(paper: Printed, rows: Sequence[Sequence[Cell]]) -> bytes:
    """The whole paper; the same bytes for the same content."""
    parts = on_paper(paper.parts)
    is_wide = max((len(part.headings) for part in parts), default=len(paper.columns)) >= WIDE
    document: Any = Document()
    _set_up(document, paper, is_wide=is_wide)
    _line(document, paper.title, bold=True, align=ALIGN.CENTER)
    _line(document, paper.subtitle, align=ALIGN.CENTER, after=8)
    if paper.is_list:
        heads = [column.heading for column in paper.columns]
        numbers = [str(i + 1) for i in range(len(heads))] if paper.has_number_row else None
        body = ([_text(cell) for cell in row] for row in rows)
        struck = [_strike(row) for row in rows]
        widths, kept = [column.width for column in paper.columns], _kept(len(rows), is_followed=bool(paper.signatures))
        _table(document, heads, body, widths, numbers=numbers, struck=struck, kept=kept)
    for i, part in enumerate(parts, start=1):
        _part(document, part, is_last=i == len(parts), is_wide=is_wide)
    _end(document, paper)
    made = io.BytesIO()
    document.save(made)
    return steady(made.getvalue())


def _set_up(document: Any, paper: Printed, *, is_wide: bool) -> None:
    created = datetime.combine(paper.on, time())
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = paper.title, "", "", "ru-RU"
    properties.created = properties.modified = created
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if is_wide else (SHORT, LONG)
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.top_margin = section.bottom_margin = EDGE
    _number_pages(section)


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(8)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _line(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    align: Any = None,
    size: float | None = None,
    after: float = 0,
    is_kept: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(_clean(text))
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.keep_with_next = bold or is_kept or None


def _part(document: Any, part: Part, *, is_last: bool, is_wide: bool) -> None:
    _line(document, part.title, bold=True, after=3)
    rows = ([line.label, *(figure.text.replace(" %", "\u00a0%") for figure in line.figures)] for line in part.lines)
    bold = [line.is_total for line in part.lines]
    widths = [LABELS, *([FIGURES] * len(part.headings))]
    kept = _kept(len(part.lines), is_followed=is_last or bool(part.note))
    heads = [part.heading, *part.headings]
    room = NARROW if is_wide and len(part.headings) < FEW else None
    _table(document, heads, rows, widths, bold=bold, is_figures=True, kept=kept, room=room)
    _line(document, part.note, size=9, after=6, is_kept=is_last)


def _kept(count: int, *, is_followed: bool) -> set[int]:
    """The rows that stand on the page of the next one: all of a short table, the ends of a long one."""
    last = count if is_followed else count - 1
    return set(range(last)) if count <= SHORT_TABLE else {0, 1, count - 2, *range(count - 1, last)}


def _end(document: Any, paper: Printed) -> None:
    for title, text in paper.texts:
        _line(document, title, bold=True)
        for paragraph in (text or "—").split("\n"):
            _line(document, paragraph, after=4)
    for signature in paper.signatures:
        _line(document, "", is_kept=True)
        _line(document, signature.text, is_kept=signature is not paper.signatures[-1])
    if paper.note:
        _line(document, "")
        _line(document, paper.note, size=8)


# -- Tables ----------------------------------------------------------------------------------------------------------


def _table(
    document: Any,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    *,
    numbers: Sequence[str] | None = None,
    bold: Sequence[bool] = (),
    struck: Sequence[int | None] = (),
    is_figures: bool = False,
    kept: Collection[int] = (),
    room: int | None = None,
) -> None:
    section = document.sections[0]
    room = (
        room or int(section.page_width - section.left_margin - section.right_margin) // 635
    )  # in twentieths of a point
    size = SMALL if len(heads) >= MANY else USUAL
    shares = shares_of(room, heads, widths, size)
    table = document.add_table(rows=0, cols=len(heads))
    table.style, table.autofit = "Table Grid", False
    sides = "".join(f'<w:{side} w:w="{MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share * TWENTIETH
    body = table._tbl
    body.append(_row(heads, shares, size, is_head=True, centred=True, bold=True))
    if numbers:
        body.append(_row(numbers, shares, size, is_head=True, centred=True))
    for i, cells in enumerate(rows):
        marked = struck[i] if i < len(struck) else None
        is_bold = bool(bold[i]) if i < len(bold) else False
        looks = {"bold": is_bold, "is_figures": is_figures, "is_kept": i in kept}
        body.append(_row(cells, shares, size, struck=marked, **looks))


def shares_of(room: int, heads: Sequence[str], widths: Sequence[float], size: int) -> list[int]:
    """The room in proportion to the widths, but no column so narrow that a word of its heading is broken."""
    letter = size * 10 * BOLD_LETTER
    least = [int(max(map(len, head.split()), default=1) * letter) + 2 * MARGIN + 1 for head in heads]
    narrow: set[int] = set()
    while sum(least) <= room:
        left = room - sum(least[i] for i in narrow)
        whole = sum(width for i, width in enumerate(widths) if i not in narrow) or 1
        shares = [least[i] if i in narrow else int(left * width / whole) for i, width in enumerate(widths)]
        more = {i for i, share in enumerate(shares) if share < least[i]}
        if not more:
            return shares
        narrow |= more
    return [int(room * width / sum(widths)) for width in widths]


def _row(
    cells: Sequence[str],
    shares: Sequence[int],
    size: int,
    *,
    is_head: bool = False,
    centred: bool = False,
    bold: bool = False,
    is_figures: bool = False,
    is_kept: bool = False,
    struck: int | None = None,
) -> Any:
    """A row of the table; `struck` is the one cell of a struck row that is not struck through."""
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
    keep = "<w:keepNext/>" if is_kept or is_head else ""
    made = []
    for i, (cell, share) in enumerate(zip(cells, shares, strict=True)):
        align = "center" if centred else "right" if is_figures and i else "left"
        strike = "<w:strike/>" if struck is not None and i != struck else ""
        look = f'<w:rPr>{"<w:b/>" if bold else ""}{strike}<w:sz w:val="{size}"/></w:rPr>'
        text = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _clean(cell).split("\n"))
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{share}" w:type="dxa"/></w:tcPr>'
            f'<w:p><w:pPr>{keep}<w:jc w:val="{align}"/></w:pPr><w:r>{look}{text}</w:r></w:p></w:tc>'
        )
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr>{marks}</w:trPr>{''.join(made)}</w:tr>")


def _strike(row: Sequence[Cell]) -> int | None:
    return row.mark if isinstance(row, Struck) else None


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else str(cell)


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def steady(content: bytes) -> bytes:
    """The same archive without the moments at which its files were written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            kept = zipfile.ZipInfo(item.filename, STAMP)
            kept.compress_type, kept.external_attr = zipfile.ZIP_DEFLATED, item.external_attr
            target.writestr(kept, source.read(item))
    return made.getvalue()
