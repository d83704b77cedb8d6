"""How large a sheet would become in memory, counted on its raw XML before the parser builds it.

The parser lays every sheet out as a full rectangle, so one cell in the last corner of a sheet is as
dangerous as a million rows. Tags are matched strictly; a sheet with a tag that is not matched is refused.
"""

import itertools
import re
from collections.abc import Iterator

from services.importing import errors

TITLE_ROWS = 500  # titles, notes and signatures around the data rows
MAX_TEXT = 192 * 1024 * 1024
ATTRIBUTES = rb"""((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>"""
PREFIX = rb"<(?:[^\s<>/:=]+:)?"
XLSX_TAG = re.compile(PREFIX + rb"(row|c)" + ATTRIBUTES + rb"(?:\s*<(?:[^\s<>/:=]+:)?v>(\d{1,9})</)?")
XLSX_ANY_TAG = re.compile(PREFIX + rb"(?:row|c)(?=[\s/>])")
ODS_TAG = re.compile(PREFIX + rb"(table|table-row|table-cell|covered-table-cell)" + ATTRIBUTES)
ODS_ANY_TAG = re.compile(PREFIX + rb"(?:table|table-row|table-cell|covered-table-cell)(?=[\s/>])")
REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,7})(\d{0,9})\s*["']""")
SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
SHARED_ITEM = re.compile(PREFIX + rb"si(?=[\s/>])")
ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d{1,12})["']""")
COLUMNS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d{1,12})["']""")


class Extent:
    """The rectangle around the filled cells of one sheet, and how many of its rows hold anything."""

    def __init__(self) -> None:
        self.filled_rows = 0
        self.last_row = 0
        self.last_column = 0
        self.text = 0
        self._counted = 0

    def fill(self, *, row: int, column: int, rows: int = 1, text: int = 0) -> None:
        if row != self._counted:
            self.filled_rows += rows
            self._counted = row
        self.last_row = max(self.last_row, row + rows - 1)
        self.last_column = max(self.last_column, column)
        self.text += text
        self.check()

    def check(self) -> None:
        if self.filled_rows > errors.MAX_ROWS + TITLE_ROWS:
            raise errors.too_many_rows()
        if self.last_row * self.last_column > errors.MAX_CELLS:
            raise errors.too_spread()
        if self.text > MAX_TEXT:
            raise errors.unpacks_too_large()


def check_xlsx(parts: dict[str, bytes]) -> None:
    lengths = [0]
    for name, content in parts.items():
        if name.lower().endswith("sharedstrings.xml"):
            lengths = _shared_lengths(content)
    for name, content in parts.items():
        if name.endswith(".xml") and not name.lower().endswith("sharedstrings.xml"):
            _check_worksheet(content, lengths)


def _shared_lengths(content: bytes) -> list[int]:
    starts = [match.start() for match in SHARED_ITEM.finditer(content)] + [len(content)]
    return [after - start for start, after in itertools.pairwise(starts)] or [0]


def _check_worksheet(content: bytes, lengths: list[int]) -> None:
    extent = Extent()
    longest = max(lengths)
    row = column = matched = 0
    for match in XLSX_TAG.finditer(content):
        matched += 1
        tag, attributes, closed, index = match.groups()
        letters, number = _reference(attributes)
        if tag == b"row":
            row, column = (number or row + 1), 0
            continue
        row, column = (number or row or 1), (letters or column + 1)
        if closed:
            continue
        text = 0
        if SHARED.search(attributes):
            text = longest if index is None else (lengths[int(index)] if int(index) < len(lengths) else 0)
        extent.fill(row=row, column=column, text=text)
    if matched != sum(1 for _ in XLSX_ANY_TAG.finditer(content)):
        raise errors.damaged()


def _reference(attributes: bytes) -> tuple[int, int]:
    match = REFERENCE.search(attributes)
    if match is None:
        return 0, 0
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + letter - 64
    return column, int(match.group(2) or 0)


def check_ods(content: bytes) -> None:
    matched = 0
    extent, row, rows, column = Extent(), 0, 1, 0
    for match, following in _with_next(content):
        matched += 1
        tag, attributes, closed = match.groups()
        if tag == b"table":
            extent, row, rows, column = Extent(), 0, 1, 0
        elif tag == b"table-row":
            row, rows, column = row + rows, _repeated(ROWS_REPEATED, attributes), 0
        else:
            repeated = _repeated(COLUMNS_REPEATED, attributes)
            column += repeated
            if not closed or b"value" in attributes:
                size = following - match.end()
                extent.fill(row=row, column=column, rows=rows, text=size * repeated * rows)
                if rows * repeated > errors.MAX_CELLS:
                    raise errors.too_spread()
    if matched != sum(1 for _ in ODS_ANY_TAG.finditer(content)):
        raise errors.damaged()


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match.group(1)) if match else 1


def _with_next(content: bytes) -> Iterator[tuple[re.Match[bytes], int]]:
    """Every tag with the place where the next one begins."""
    previous: re.Match[bytes] | None = None
    for match in ODS_TAG.finditer(content):
        if previous is not None:
            yield previous, match.start()
        previous = match
    if previous is not None:
        yield previous, len(content)
