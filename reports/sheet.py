"""A sheet that writes the rows of its body straight into the file, several times faster than cell by cell.

It stands on the library's mode of constant memory, in which a sheet's rows go to a file of their own as they come.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.base import Cell, Struck
from reports.guard import STARTS_FORMULA, looks_like_formula

CELL_LENGTH = 32_767  # what one cell of the format holds
FIRST_DAY = date(1899, 12, 30).toordinal()  # as the format counts days
# What cannot stand in the file as it is: markup, spaces at the ends, signs that XML forbids or the format escapes.
NEEDS_CARE = re.compile(r"[&<>]|^\s|\s$|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
FORBIDDEN = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4}_)")


class Sheet(Worksheet):
    """A sheet whose head is written by the library and whose body by itself.

    The height of a row is written without `customHeight`, as Excel does: the row goes on growing with what is typed
    into it. LibreOffice finds no height of its own on opening and would cut the texts off.
    """

    def begin_body(self, line: int, looks: Sequence[Any], struck: Sequence[Any], marked: Any) -> None:
        """The body begins on a line; `looks` are the formats of the columns, `struck` those of rows struck through,
        `marked` of text like a formula.
        """
        self._write_single_row(line)  # The last line of the head is still pending.
        self._columns = [(xl_col_to_name(i), look._get_xf_index()) for i, look in enumerate(looks)]
        self._struck = [(xl_col_to_name(i), look._get_xf_index()) for i, look in enumerate(struck)]
        self._marked = marked._get_xf_index()
        self._body: Any = self.row_data_fh

    def write_line(self, line: int, cells: Sequence[Cell], height: float) -> None:
        """One row of the body; rows come in their order."""
        number = line + 1
        columns = self._columns if type(cells) is not Struck else self._columns_of_struck(cells.mark)
        written = [self._cell(f"{name}{number}", look, cell) for (name, look), cell in zip(columns, cells, strict=True)]
        self._body.write(f'<row r="{number}" ht="{height:g}">{"".join(written)}</row>')

    def end_body(self, line: int) -> None:
        """The last line of the sheet."""
        self.dim_rowmax = line  # type: ignore[assignment]

    def _columns_of_struck(self, mark: int) -> list[tuple[str, int]]:
        return [self._columns[i] if i == mark else column for i, column in enumerate(self._struck)]

    def _cell(self, place: str, look: int, cell: Cell) -> str:
        if isinstance(cell, str):
            if not cell:
                return f'<c r="{place}" s="{look}"/>'
            if cell.startswith(STARTS_FORMULA) and looks_like_formula(cell):
                look = self._marked
            if len(cell) > CELL_LENGTH:
                cell = f"{cell[: CELL_LENGTH - 1]}…"
            content = careful(cell) if NEEDS_CARE.search(cell) else f"<t>{cell}</t>"
            return f'<c r="{place}" s="{look}" t="inlineStr"><is>{content}</is></c>'
        if cell is None:
            return f'<c r="{place}" s="{look}"/>'
        value = cell.toordinal() - FIRST_DAY if isinstance(cell, date) else int(cell)
        return f'<c r="{place}" s="{look}"><v>{value}</v></c>'


def careful(text: str) -> str:
    """The element of a text in which not every sign may stand as it is."""
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    text = ESCAPE.sub(r"_x005F_\1", FORBIDDEN.sub("\ufffd", text))
    text = CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{space}>{text}</t>"
