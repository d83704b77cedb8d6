"""CSV as a Russian office opens it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from reports.base import Cell, Column
from reports.csvfile import csv_lines, write_csv
from reports.guard import guarded, looks_like_formula

COLUMNS = (Column("ФИО", "name", 20), Column("Проблемы", "problems", 20), Column("Дата", "born", 10))


def test_the_csv_module_reads_it_back(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    row: tuple[Cell, ...] = ("Ёлкина; Дарья", 'БПОУ «Колледж»\n"2 курс"', date(2005, 8, 14))
    assert write_csv(path, columns=COLUMNS, rows=[row, (None, 5, "")]) == 2
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows == [
        ["ФИО", "Проблемы", "Дата"],
        ["Ёлкина; Дарья", 'БПОУ «Колледж»\n"2 курс"', "14.08.2005"],
        ["", "5", ""],
    ]


def test_it_begins_with_the_mark_and_ends_lines_as_windows_does(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write_csv(path, columns=COLUMNS, rows=[("Ёлкина", "", "")])
    assert path.read_bytes() == "\ufeffФИО;Проблемы;Дата\r\nЁлкина;;\r\n".encode()


def test_lines_are_streamed() -> None:
    taken = []

    def rows() -> object:
        for i in range(3):
            taken.append(i)
            yield (str(i), "", "")

    lines = csv_lines(COLUMNS, rows())  # type: ignore[arg-type]
    next(lines)
    next(lines)
    assert taken == [0]


@pytest.mark.parametrize(
    "text",
    [
        "+7 (921) 123-45-67", "+79211234567", "+7 921 123-45-67, доб. 5", "-5", "-1 200,50", "-", "- 5", "8-921-1",
        "a=b", "нет", "", "1+1", "(812) 1",
    ],
)  # fmt: skip
def test_a_phone_number_and_a_minus_are_left_alone(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+A1", "-A1", "+7+СУММ(1;2)", "+1+1", "-2+3+cmd|' /C calc'!A0",
        "\t=1", "\r=1", "\n=1", '+ГИПЕРССЫЛКА("http://x")', "- беседы", "-СУММ(1)", "+7СУММ(1)", "-1*2",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    assert looks_like_formula(text)
    assert guarded(text) == f"'{text}"
