import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.importing.errors import MAX_ROWS, UnusableWorkbook
from services.importing.parsed import ParsedRow, row_as_json
from services.importing.rows import read_form
from tests.services.importing.builders import FORM_1, ON, PERSON, csv_file, ods, read, table, xls, xlsx


def one(**cells: Any) -> ParsedRow:
    [parsed] = read(xlsx(table(cells))).rows
    return parsed


def remarks(parsed: ParsedRow) -> list[tuple[str, str]]:
    return [(message.column, message.level) for message in parsed.messages]


def test_a_row_is_understood_and_the_offices_words_are_kept() -> None:
    graduate = one().graduate
    assert graduate is not None
    assert graduate.birth_date == date(2005, 9, 29)
    assert graduate.stays == ((date(2014, 8, 14), date(2023, 9, 28)),)
    assert graduate.study is not None
    assert (graduate.study.level, graduate.study.course) == ("basic", 2)
    assert (graduate.employment_status, graduate.employment_text) == ("studying", PERSON["employment"])
    assert (graduate.marital_status, graduate.children, graduate.family_text) == ("single", 0, "не замужем")
    assert (graduate.housing_status, graduate.housing_text) == ("waiting_list", PERSON["housing"])
    assert graduate.problem_list == ("Трудности с учебой",)
    assert graduate.work_done == PERSON["work_done"]


def test_free_texts_come_back_with_spaces_folded() -> None:
    graduate = one(address=" г.\xa0Сокол,\n ул. Лесная ", problems="Долги;\n жильё").graduate
    assert graduate is not None
    assert graduate.address == "г. Сокол, ул. Лесная"
    assert graduate.problems == "Долги; жильё"
    assert graduate.problem_list == ("Долги", "жильё")


def test_no_problems_are_kept_as_text_and_open_none() -> None:
    graduate = one(problems="нет").graduate
    assert graduate is not None
    assert (graduate.problems, graduate.problem_list) == ("нет", ())


@pytest.mark.parametrize("mark", [None, "", "-", "—", "--", "\xa0"])
def test_an_empty_cell_says_nothing(mark: str | None) -> None:
    blank = dict.fromkeys(set(PERSON) - {"number", "name", "birth_date"}, mark)
    parsed = one(**blank)
    assert parsed.messages == ()
    assert parsed.graduate is not None
    silent = parsed.graduate
    assert (silent.employment_status, silent.marital_status, silent.children, silent.housing_status) == (None,) * 4
    assert (silent.stays, silent.study, silent.address, silent.problems, silent.work_done) == ((), None, "", "", "")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "ФИО"),
        ({"name": "Берёзкина"}, "ФИО"),
        ({"name": "Б" * 250 + " Анна"}, "ФИО"),
        ({"birth_date": ""}, "Дата рождения"),
        ({"birth_date": "31.02.2004"}, "Дата рождения"),
        ({"birth_date": "02.10.2026"}, "Дата рождения"),
        ({"birth_date": "31.12.1979"}, "Дата рождения"),
        ({"stays": "28.12.2021-06.10.2011"}, "Сроки пребывания в приемной семье"),
        ({"stays": "01.01.2010-01.01.2012; 01.01.2015-01.01.2014"}, "Сроки пребывания в приемной семье"),
    ],
)
def test_an_error_names_its_column_and_takes_the_row_out(cells: dict[str, str], column: str) -> None:
    parsed = one(**cells)
    assert remarks(parsed) == [(column, "error")]
    assert parsed.graduate is None
    assert row_as_json(parsed)["outcome"] == "error"
    assert row_as_json(parsed)["column"] == column


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"birth_date": "29.09.2002"}, "Дата рождения"),  # 24 years old on the day
        ({"birth_date": "02.10.2012"}, "Дата рождения"),  # 13
        ({"employment": "тыр-пыр"}, "Трудоустройство"),
        ({"family": "тыр-пыр"}, "Семейное положение"),
        ({"family": "99 детей, замужем"}, "Семейное положение"),
        ({"housing": "тыр-пыр"}, "Обеспеченность жильем"),
        ({"stays": "2010-2015"}, "Сроки пребывания в приемной семье"),
        ({"address": "г. Сокол " * 100}, "Адрес места пребывания"),
        ({"name": "Анна Ивановна Петрова"}, "ФИО"),
    ],
)
def test_a_warning_does_not_stop_a_row(cells: dict[str, str], column: str) -> None:
    parsed = one(**cells)
    assert remarks(parsed) == [(column, "warning")]
    assert parsed.graduate is not None


@pytest.mark.parametrize("birth_date", ["01.10.2003", "02.10.2002", "01.10.2012"])
def test_ages_14_to_23_are_in_order(birth_date: str) -> None:
    assert one(birth_date=birth_date).messages == ()


def test_the_same_person_lower_in_the_file_is_a_duplicate() -> None:
    people = [
        {"name": "Журавлёва Яна Олеговна", "birth_date": "01.09.2004г"},
        {"name": "Журавлёва Яна Олеговна", "birth_date": "02.09.2004"},
        {"name": "ЖУРАВЛЕВА  ЯНА ОЛЕГОВНА", "birth_date": "01.09.2004 г."},
        {"name": "Журавлева Яна Олеговна", "birth_date": "1 сентября 2004"},
    ]
    parsed = read(xlsx(table(*people))).rows
    assert [(row.row, row.of_row) for row in parsed] == [(2, None), (3, None), (4, 2), (5, 2)]
    assert [row_as_json(row)["outcome"] for row in parsed] == ["create", "create", "duplicate", "duplicate"]


def test_a_row_with_errors_is_nobodys_original() -> None:
    people = [{"stays": "28.12.2021-06.10.2011"}, {}]
    assert [row.of_row for row in read(xlsx(table(*people))).rows] == [None, None]


def test_snils_tells_people_apart_and_together() -> None:
    rows = table({}, {}, {"name": "Орлова Любовь Ринатовна"}, {})
    for cells, snils in zip(rows, ["СНИЛС", "112-233-445 95", "087-654-303 00", "112 233 445 95", None], strict=True):
        cells.append(snils)
    parsed = read(xlsx(rows)).rows
    assert [row.graduate and row.graduate.snils for row in parsed] == [
        "11223344595",
        "08765430300",
        "11223344595",
        None,
    ]
    assert [row.of_row for row in parsed] == [None, None, 2, 2]


def test_a_wrong_snils_is_a_warning() -> None:
    rows = table({})
    rows[0].append("СНИЛС")
    rows[1].append("112-233-445 96")
    [parsed] = read(xlsx(rows)).rows
    assert remarks(parsed) == [("СНИЛС", "warning")]
    assert parsed.graduate is not None
    assert parsed.graduate.snils is None


@pytest.mark.parametrize("build", [xlsx, xls, ods, csv_file])
def test_every_kind_of_file_says_the_same(build: Callable[..., bytes]) -> None:
    rows = table({}, {"name": "Ким Яна", "birth_date": date(2006, 6, 19)})
    if build is csv_file:
        rows[2][2] = "19.06.2006"
    read_here, usual = read(build(rows)), read(xlsx(rows))
    assert read_here.rows == usual.rows


def test_a_row_as_json_is_plain_and_complete() -> None:
    printed = json.loads(json.dumps(row_as_json(one())))
    assert printed["row"] == 2
    assert printed["outcome"] == "create"
    assert printed["messages"] == []
    assert printed["graduate"]["stays"] == [["2014-08-14", "2023-09-28"]]
    assert printed["graduate"]["birth_date"] == "2005-09-29"
    assert printed["graduate"]["children"] == 0


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UnusableWorkbook, match="неизвестна"):
        read_form(xlsx(table({})), file_name="а.xlsx", form="нет-такой", on=ON)


def test_more_data_rows_than_the_limit_are_refused() -> None:
    rows = table(*[{}] * (MAX_ROWS + 1))
    with pytest.raises(UnusableWorkbook, match="слишком много строк"):
        read(csv_file(rows))


PEOPLE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Ким Яна Ринатовна", "СИЗОВ-ПЕТРОВ  АРТЁМ", "Мамедов Руслан Ахмед оглы"]),
        "birth_date": st.dates(date(2003, 1, 1), date(2012, 1, 1)).map("{:%d.%m.%Y}г".format),
        "problems": st.text(st.characters(codec="cp1251", exclude_categories=["C"]), max_size=60),
        "address": st.text(
            st.characters(codec="cp1251", exclude_categories=["C"], exclude_characters="'"), max_size=60
        ),
    }
)


@settings(max_examples=40, deadline=None)
@given(people=st.lists(PEOPLE, min_size=1, max_size=5), encoding=st.sampled_from(["utf-8", "cp1251"]))
def test_csv_keeps_the_words_of_free_texts(people: list[dict[str, str]], encoding: str) -> None:
    parsed = read(csv_file(table(*people), encoding=encoding))
    assert [row.row for row in parsed.rows] == list(range(2, len(people) + 2))
    for row, person in zip(parsed.rows, people, strict=True):
        assert row.graduate is not None
        said = " ".join(person["address"].split())
        assert row.graduate.address in (said, "") or said.replace("\xad", "") == row.graduate.address


@settings(max_examples=30, deadline=None)
@given(st.dates(date(1980, 1, 1), ON - timedelta(days=1)))
def test_the_same_birth_date_is_read_from_every_kind_of_file(day: date) -> None:
    for build in (xlsx, xls, ods):
        parsed = read_form(build(table({"birth_date": day})), file_name="а", form=FORM_1, on=ON)
        assert parsed.rows[0].graduate is not None
        assert parsed.rows[0].graduate.birth_date == day
