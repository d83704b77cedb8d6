"""Workbooks of every kind, built in memory in the spirit of what offices mail."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from services.importing.layout import FORMS, HEADINGS
from services.importing.parsed import ParsedForm
from services.importing.rows import read_form

ON = date(2026, 10, 1)
FORM_1, FORM_2 = "vologda-appendix-1", "vologda-appendix-2"
TITLE = "Форма системы учета численности выпускников приемных семей"
PERSON = {
    "number": 1,
    "name": "Берёзкина Любовь Ринатовна",
    "birth_date": "29.09.2005г",
    "stays": "14.08.2014 г-28.09.2023",
    "education": "основное общее; обучается БПОУ ВО «Приозёрский колледж», 2 курс",
    "profession": "Повар, кондитер",
    "employment": "не работает, учится",
    "family": "не замужем",
    "housing": "состоит на учете в качестве нуждающихся в жилых помещениях",
    "address": "Вологодская обл., г. Сокол, ул. Лесная, д. 14, кв. 14",
    "problems": "Трудности с учебой",
    "work_done": "Направлена в центр занятости",
}


def headings(form: str = FORM_1) -> list[str]:
    return [HEADINGS[name] for name in FORMS[form]]


def row(form: str = FORM_1, **cells: Any) -> list[Any]:
    """A row of the form; cells that are not named come from PERSON."""
    return [{**PERSON, **cells}[name] for name in FORMS[form]]


def table(*people: Mapping[str, Any], form: str = FORM_1) -> list[list[Any]]:
    return [headings(form), *(row(form, **person) for person in people)]


def xlsx(rows: Sequence[Sequence[Any]], *, name: str = "Лист1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for cells in rows:
        sheet.append(list(cells))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист1")
    style = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for i, cells in enumerate(rows):
        for j, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write(i, j, cell, style)
            elif cell is not None:
                sheet.write(i, j, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(rows: Sequence[Sequence[Any]]) -> bytes:
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Лист1")
    for cells in rows:
        line = TableRow()
        for cell in cells:
            line.addElement(ods_cell(cell))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def ods_cell(cell: Any) -> TableCell:
    if cell is None:
        return TableCell()
    if isinstance(cell, date):
        made = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, int | float):
        made = TableCell(valuetype="float", value=cell)
    else:
        made = TableCell(valuetype="string")
    made.addElement(P(text=str(cell)))
    return made


def csv_file(rows: Sequence[Sequence[Any]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """The same archive with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | str] = {item: archive.read(item) for item in archive.namelist()}
    return zipped({**parts, name: content})


def read(data: bytes, *, form: str = FORM_1, **options: Any) -> ParsedForm:
    return read_form(data, file_name="список.xlsx", form=form, on=ON, **options)
