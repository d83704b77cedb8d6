import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from services.importing import errors
from services.importing.errors import UnusableWorkbook
from services.importing.workbooks import read_sheets
from tests.services.importing.builders import csv_file, ods, ods_cell, row, saved, table, with_part, xls, xlsx, zipped

ROWS = [["№ п/п", "ФИО"], [1, "Ёлкин Марк"], [None, None], [2, "Ким Яна"]]


def refused(data: bytes, **options: Any) -> str:
    with pytest.raises(UnusableWorkbook) as refusal:
        read_sheets(data, file_name="список", **options)
    return str(refusal.value)


@pytest.mark.parametrize("build", [xlsx, xls, ods])
def test_every_kind_of_workbook_gives_the_same_rows(build: Callable[..., bytes]) -> None:
    [sheet] = read_sheets(build(ROWS), file_name="список")
    assert [list(cells) for cells in sheet.rows] == [
        ["№ п/п", "ФИО"],
        [1.0, "Ёлкин Марк"],
        [None, None],
        [2.0, "Ким Яна"],
    ]


@pytest.mark.parametrize("build", [xlsx, xls, ods])
def test_a_date_cell_comes_as_a_date(build: Callable[..., bytes]) -> None:
    [sheet] = read_sheets(build([["Дата"], [date(2005, 2, 28)]]), file_name="список")
    assert sheet.rows[1][0] == date(2005, 2, 28)


@pytest.mark.parametrize("build", [xlsx, xls, ods])
def test_row_numbers_count_empty_rows_at_the_top(build: Callable[..., bytes]) -> None:
    [sheet] = read_sheets(build([[None], [None], ["ФИО"]]), file_name="список")
    assert [list(cells) for cells in sheet.rows] == [[None], [None], ["ФИО"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    rows = table({}, {"name": "Ким Яна", "problems": "долги;\nжильё, «кавычки»"})
    [sheet] = read_sheets(csv_file(rows, delimiter=delimiter, encoding=encoding), file_name="список.csv")
    assert [list(cells) for cells in sheet.rows] == [[str(cell) for cell in cells] for cells in rows]


def test_csv_with_a_delimiter_hint_keeps_row_numbers() -> None:
    [sheet] = read_sheets("sep=;\r\nФИО;Дата\r\nКим Яна;1\r\n".encode(), file_name="а.csv")
    assert [list(cells) for cells in sheet.rows] == [[], ["ФИО", "Дата"], ["Ким Яна", "1"]]


def test_blank_lines_of_csv_are_rows() -> None:
    [sheet] = read_sheets("ФИО;Дата\n\n;;\nКим Яна;1\n".encode(), file_name="а.csv")
    assert len(sheet.rows) == 4


def test_the_content_decides_not_the_extension() -> None:
    [sheet] = read_sheets(xls(ROWS), file_name="список.csv")
    assert sheet.rows[0][1] == "ФИО"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Файл пустой"),
        (b"\r\n \r\n", "Файл пустой"),
        (b"%PDF-1.7 something", "не является таблицей"),
        (b"\x89PNG\r\n\x1a\n\x00\x01", "не является таблицей"),
        (bytes(range(256)) * 4, "не является таблицей"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "веб-страница"),
        (b'<?xml version="1.0"?><Workbook/>', "веб-страница"),
        (b"PK\x03\x04 nothing more", "повреждён"),
        (zipped({"hello.txt": "hello"}), "не является таблицей"),
        (zipped({"word/document.xml": "<w/>"}), "документ Word"),
        (zipped({"xl/workbook.bin": b"1"}), "XLSB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "повреждён"),
        (xlsx([]), "ни одной заполненной ячейки"),
        (xlsx([["  ", "\xa0"]]), "ни одной заполненной ячейки"),
        (xlsx(ROWS)[:2000], "повреждён"),
        (xls(ROWS)[:1200], "повреждён"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    message = refused(data)
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_file_above_the_limit_is_refused_before_it_is_looked_at() -> None:
    assert refused(b"x" * (60 * 1024 * 1024)) == "Файл больше 25 МБ и не принят."
    assert refused(b"x" * (3 * 1024 * 1024), max_bytes=2 * 1024 * 1024) == "Файл больше 2 МБ и не принят."


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_in_xlsx_are_refused(name: str) -> None:
    assert "макросы" in refused(with_part(xlsx(ROWS), name, b"\x00"))


def test_macros_in_ods_are_refused() -> None:
    assert "макросы" in refused(with_part(ods(ROWS), "Basic/Standard/Module1.xml", "<x/>"))


def compound_with(stream: str, content: bytes) -> bytes:
    """The smallest compound file: header, allocation table, directory, one stream."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<2I", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    allocation = struct.pack("<3I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE) + b"\xff" * (512 - 12)
    name = (stream + "\0").encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<H", len(name)) + b"\0" * 50 + struct.pack("<2I", 2, len(content))
    return bytes(header) + allocation + entry.ljust(128, b"\0").ljust(512, b"\0") + content.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("stream", "content", "words"),
    [
        ("EncryptedPackage", b"", "защищён паролем"),
        ("Workbook", struct.pack("<2H4x2H6x", 0x0809, 4, 0x002F, 6), "защищён паролем"),
        ("_VBA_PROJECT_CUR", b"", "макросы"),
        ("WordDocument", b"", "документ Word"),
        ("Anything", b"", "не является таблицей"),
    ],
)
def test_passwords_and_macros_of_old_files_are_found(stream: str, content: bytes, words: str) -> None:
    assert words in refused(compound_with(stream, content))


def test_an_encrypted_ods_is_refused() -> None:
    manifest = '<manifest:manifest><manifest:encryption-data manifest:checksum="1"/></manifest:manifest>'
    assert "защищён паролем" in refused(with_part(ods(ROWS), "META-INF/manifest.xml", manifest))


def sheet_xml(body: str) -> bytes:
    return with_part(
        xlsx(ROWS),
        "xl/worksheets/sheet1.xml",
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>',
    )


def test_two_million_rows_are_refused_with_bounded_memory() -> None:
    data = sheet_xml('<row><c t="inlineStr"><is><t>а</t></is></c></row>' * 2_000_000)
    tracemalloc.start()
    try:
        message = refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "слишком много" in message or "распаковывается" in message
    assert peak < 350 * 1024 * 1024


def test_too_many_rows_are_refused_in_every_kind() -> None:
    many = [["ФИО", "Дата рождения"], *([["Ким Яна", "01.01.2005"]] * (errors.MAX_ROWS + 600))]
    assert "слишком много строк" in refused(csv_file(many))
    assert "слишком много строк" in refused(xlsx(many))
    assert "слишком много строк" in refused(xls(many))


def test_styled_empty_rows_are_not_counted() -> None:
    filled = '<row r="1"><c r="A1" t="inlineStr"><is><t>ФИО</t></is></c></row>'
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 60_000))
    [sheet] = read_sheets(sheet_xml(filled + empty), file_name="а.xlsx")
    assert sheet.rows[0][0] == "ФИО"


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><x:row r="1048576"><x:c s="1" r=\'XFD1048576\'><v>1</v></x:c></x:row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s=">" r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_cell_in_the_last_corner_is_refused(body: str) -> None:
    assert "разбросаны" in refused(sheet_xml(body))


def test_a_tag_that_is_not_understood_is_refused() -> None:
    assert "повреждён" in refused(sheet_xml('<row r="1"><c r="A1" s=><v>1</v></c></row>'))


def test_one_long_text_shown_in_very_many_cells_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 15_000))
    data = with_part(sheet_xml(rows), "xl/sharedStrings.xml", f"<sst><si><t>{'а' * 32_000}</t></si></sst>")
    assert "недопустимо большой объём" in refused(data)


def test_repeated_cells_of_ods_are_counted() -> None:
    cell = '<table:table-cell office:value-type="string"/>'
    body = f'<table:table-row table:number-rows-repeated="900000">{cell}</table:table-row>'
    data = with_part(
        ods(ROWS),
        "content.xml",
        f"<office:document-content><table:table>{body}</table:table></office:document-content>",
    )
    assert "слишком много строк" in refused(data)
    wide = body.replace("number-rows-repeated", "x").replace(
        "cell office", 'cell table:number-columns-repeated="9000000" office'
    )
    data = with_part(
        ods(ROWS),
        "content.xml",
        f"<office:document-content><table:table>{wide}</table:table></office:document-content>",
    )
    assert "разбросаны" in refused(data)


def test_empty_repeated_rows_of_ods_do_no_harm() -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow

    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Лист1")
    first = TableRow()
    first.addElement(ods_cell("ФИО"))
    first.addElement(TableCell(numbercolumnsrepeated=16_000))
    last = TableRow(numberrowsrepeated=1_048_000)
    last.addElement(TableCell(numbercolumnsrepeated=16_000))
    sheet.addElement(first)
    sheet.addElement(last)
    document.spreadsheet.addElement(sheet)
    target = BytesIO()
    document.save(target)
    [read] = read_sheets(target.getvalue(), file_name="а.ods")
    assert read.rows[0][0] == "ФИО"


def test_a_zip_bomb_is_refused_by_its_declared_sizes() -> None:
    bomb = with_part(xlsx(ROWS), "xl/styles.xml", b"\0" * (120 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert "недопустимо большой объём" in refused(bomb)


def test_a_zip_bomb_whose_headers_lie_is_refused() -> None:
    bomb = bytearray(with_part(xlsx(ROWS), "xl/styles.xml", b"\0" * (40 * 1024 * 1024)))
    place = bomb.rfind(b"xl/styles.xml")
    struct.pack_into("<I", bomb, place - 46 + 24, 1000)  # the uncompressed size in the central directory
    assert "недопустимо большой объём" in refused(bytes(bomb))


def test_entities_are_not_expanded() -> None:
    entities = (
        '<!DOCTYPE x [<!ENTITY a "'
        + "а" * 1000
        + '">'
        + "".join(f'<!ENTITY a{n} "{"&a;" * 10 if n == 0 else f"&a{n - 1};" * 10}">' for n in range(9))
    )
    data = with_part(xlsx([["ФИО"]]), "xl/sharedStrings.xml", f"{entities}]><sst><si><t>&a8;</t></si></sst>")
    try:
        sheets = read_sheets(data, file_name="а.xlsx")
    except UnusableWorkbook:
        return
    assert sum(len(str(cell)) for sheet in sheets for cells in sheet.rows for cell in cells) < 10_000


def test_a_password_protected_entry_is_refused() -> None:
    data = bytearray(xlsx(ROWS))
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        for entry in archive.infolist():
            assert entry.flag_bits & 1 == 0
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "защищён паролем" in refused(bytes(data))


def test_charts_pictures_and_hidden_sheets_do_no_harm() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["ФИО"])
    book.create_chartsheet("Диаграмма")
    hidden = book.create_sheet("Справочник")
    hidden.append(["да"])
    hidden.sheet_state = "hidden"
    sheets = read_sheets(with_part(saved(book), "xl/media/image1.png", b"\x89PNG"), file_name="а.xlsx")
    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("Sheet", False), ("Справочник", True)]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    [sheet] = read_sheets(csv_file([row(problems="=1+1")]), file_name="а.csv")
    assert sheet.rows[0][10] == "=1+1"
