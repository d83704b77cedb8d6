"""CSV files: which encoding, which delimiter, then the rows as text."""

import csv
import io
import itertools
import re
from collections import Counter

from services.importing import errors
from services.importing.extent import TITLE_ROWS

DELIMITERS = (";", ",", "\t", "|")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
HINT = re.compile(r"\Asep=(.)\r?\n")
SAMPLE_ROWS = 60
MAX_COLUMNS = 16_384  # of a sheet; wider rows are no table, and cost minutes


def read(data: bytes) -> list[list[str]]:
    """The rows of a delimited text; a blank line is a row too, so that numbers agree with a table editor's."""
    text = decode(data)
    if any(line.count(sign) > MAX_COLUMNS for line in text.split("\n") for sign in DELIMITERS):
        raise errors.too_spread()
    hint = HINT.match(text)
    delimiter = hint.group(1) if hint else guess_delimiter(text)
    rows: list[list[str]] = []
    filled = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            filled += any(cell.strip() for cell in row)
            rows.append(row)
            if filled > errors.MAX_ROWS + TITLE_ROWS or len(rows) > 50 * errors.MAX_ROWS:
                raise errors.too_many_rows()
    except csv.Error as error:
        raise errors.damaged() from error
    if hint:
        rows[0] = []
    return rows


def decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decode(data, "utf-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode(data, "cp1251")
    if CONTROL.search(text):
        raise errors.not_a_workbook()
    return text


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise errors.not_a_workbook() from error


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts the most rows into the same number of columns, wider rows counting more."""
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _score(text: str, delimiter: str) -> int:
    try:
        sample = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SAMPLE_ROWS))
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in sample if len(row) > 1)
    return max((width * count for width, count in widths.items()), default=0)
