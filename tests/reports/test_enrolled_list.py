"""«Список поступивших из замещающих семей»: who stands in it, what it says, who is left out and why, what lacks."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Placement, Study
from models.files import PersonalFile
from models.graduates import Graduate
from models.people import ClosePerson, Contact
from models.territory import Agency, AgencyKind
from reports.base import Parameters
from reports.enrolled_list import ALL, NO_FAMILY, NO_SCHOOL, EnrolledList, admission_of
from services.reporting import agency_viewer
from tests.factories import Cast, make_agency, make_graduate
from tests.reports.people import make_person
from tests.reports.statements import statements

ON = date(2026, 9, 10)
ADMITTED = date(2026, 9, 1)
REPORT = EnrolledList()


@pytest.fixture
def college(session: Session, cast: Cast) -> Agency:
    return make_agency(session, "college", AgencyKind.COLLEGE, short_name="Сызранский колледж")


def study(college: Agency | None = None, **fields: Any) -> Study:
    fields = {"status_code": "studying", "level_code": "basic", "course": 1, "starts_on": ADMITTED} | fields
    return Study(agency_id=college.id if college else None, **fields)


def student(
    session: Session, cast: Cast, *facts: Any, name: str = "Кузнецова Дарья Игоревна", **fields: Any
) -> Graduate:
    fields = {"origin_district_id": cast.sokol.id, "birth_date": date(2008, 8, 14)} | fields
    return make_person(session, name, facts=facts, **fields)


def parameters(agency: Agency, on: date = ON, **chosen: str) -> Parameters:
    return Parameters(on, agency.id, agency.short_name, chosen=chosen)


def rows_of(session: Session, agency: Agency, on: date = ON, **chosen: str) -> list[tuple[Any, ...]]:
    viewer = agency_viewer(session, agency=agency, today=ON)
    asked = parameters(agency, on, **chosen)
    rows = [row.cells for row in REPORT.rows(session, viewer, asked)]
    assert REPORT.count(session, viewer, asked) == len(rows)
    return rows


def left_out_of(session: Session, agency: Agency) -> list[tuple[str, str]]:
    viewer = agency_viewer(session, agency=agency, today=ON)
    return [(left.name, left.reason) for left in REPORT.left_out(session, viewer, parameters(agency))]


def test_a_row_says_the_family_the_number_the_school_and_the_phone(
    session: Session, cast: Cast, college: Agency
) -> None:
    person = student(
        session,
        cast,
        study(college, profession="Повар, кондитер"),
        ClosePerson(name="Лебедева Анна Ильинична", kinship_code="foster_parent"),
        ClosePerson(name="Кузнецов Пётр", kinship_code="sibling"),
        Contact(kind_code="phone", value="+7 900 000-00-01"),
    )
    session.add(PersonalFile(agency_id=cast.opeka.id, graduate=person, number=17, opened_on=date(2015, 4, 23)))
    session.add(PersonalFile(agency_id=cast.service.id, graduate=person, number=3, opened_on=date(2025, 4, 23)))
    session.flush()
    assert rows_of(session, cast.opeka) == [
        (
            1,
            "Кузнецова Дарья Игоревна",
            date(2008, 8, 14),
            "приёмная семья, 23.04.2015 г-14.08.2025; Лебедева Анна Ильинична",
            "17",
            "Сызранский колледж",
            "Повар, кондитер",
            1,
            ADMITTED,
            "+7 900 000-00-01",
        )
    ]


def test_only_people_of_the_body_stand_in_it(session: Session, cast: Cast, college: Agency) -> None:
    student(session, cast, study(college), name="Своя Анна")
    student(session, cast, study(college), name="Чужая Анна", origin_district_id=cast.totma.id)
    student(session, cast, study(college), name="Подопечная Анна", origin_district_id=None, agency_id=cast.opeka.id)
    assert [cells[1] for cells in rows_of(session, cast.opeka)] == ["Подопечная Анна", "Своя Анна"]
    assert [cells[1] for cells in rows_of(session, cast.other_opeka)] == ["Чужая Анна"]


def test_those_admitted_earlier_stand_in_the_list_of_all(session: Session, cast: Cast, college: Agency) -> None:
    first = study(college, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    student(session, cast, first, study(college, course=2), name="Вторая Анна")
    student(session, cast, study(college), name="Первая Анна")
    assert [cells[1] for cells in rows_of(session, cast.opeka)] == ["Первая Анна"]
    everybody = rows_of(session, cast.opeka, who=ALL)
    assert [(cells[1], cells[7], cells[8]) for cells in everybody] == [
        ("Вторая Анна", 2, date(2025, 9, 1)),
        ("Первая Анна", 1, ADMITTED),
    ]


def test_who_moved_to_another_college_was_admitted_there(session: Session, cast: Cast, college: Agency) -> None:
    before = study(organisation="Другой колледж", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    student(session, cast, before, study(college, course=2))
    assert [cells[8] for cells in rows_of(session, cast.opeka)] == [ADMITTED]


def test_a_statement_of_a_day_tells_no_admission(session: Session, cast: Cast, college: Agency) -> None:
    """A form of September says «1 курс» of a newcomer and «3 курс» of somebody who was admitted long ago."""
    student(session, cast, study(college, is_start_known=False), name="Новая Анна")
    student(session, cast, study(college, is_start_known=False, course=3), name="Давняя Анна")
    assert [(cells[1], cells[8]) for cells in rows_of(session, cast.opeka)] == [("Новая Анна", None)]


@pytest.mark.parametrize(
    ("fields", "is_in"),
    [
        ({"profession": "Сварщик"}, True),
        ({"profession": "нет"}, False),
        ({"level_code": "none", "organisation": "МБОУ «СОШ № 3»"}, False),
        ({"status_code": "completed", "profession": "Сварщик"}, False),
        ({"status_code": "expelled", "profession": "Сварщик"}, False),
        ({"status_code": "leave", "profession": "Сварщик"}, True),
    ],
)
def test_only_who_learns_a_trade_stands_in_it(
    session: Session, cast: Cast, fields: dict[str, Any], is_in: bool
) -> None:
    student(session, cast, study(**fields))
    assert bool(rows_of(session, cast.opeka)) == is_in


def test_who_is_left_out_and_why(session: Session, cast: Cast, college: Agency) -> None:
    student(session, cast, study(college), name="Старшая Анна", birth_date=date(2003, 9, 9))
    student(session, cast, study(), name="Неясная Анна")
    student(session, cast, study(level_code="none", organisation="СОШ № 3"), name="Школьная Анна")
    unknown = make_graduate(session, "Безродная Анна", origin_district_id=cast.sokol.id, birth_date=date(2008, 1, 1))
    raised = make_graduate(session, "Детдомова Анна", origin_district_id=cast.sokol.id, birth_date=date(2008, 1, 1))
    session.add(Placement(graduate=raised, form_code="institution", starts_on=date(2012, 1, 1)))
    for person in (unknown, raised):
        learning = study(college)
        learning.graduate = person
        session.add(learning)
    session.flush()
    assert rows_of(session, cast.opeka) == []
    assert left_out_of(session, cast.opeka) == [
        ("Старшая Анна", "23 года исполнилось 09.09.2026"),
        ("Безродная Анна", NO_FAMILY),
        ("Неясная Анна", NO_SCHOOL),
    ]


def test_a_row_that_lacks_something_says_what(session: Session, cast: Cast, college: Agency) -> None:
    student(session, cast, study(college, is_start_known=False), name="Новая Анна")
    student(session, cast, study(college, profession="Повар"), name="Полная Анна")
    viewer = agency_viewer(session, agency=cast.opeka, today=ON)
    rows = list(REPORT.submitted_rows(session, viewer, parameters(cast.opeka)))
    assert [(row.name, row.missing) for row in rows] == [
        ("Новая Анна", ["Программа", "Дата зачисления"]),
        ("Полная Анна", []),
    ]
    worded = {**rows[0].cells, "profession": "Повар", "admitted_on": "2026-09-01"}
    assert REPORT.completeness(None, worded, parameters(cast.opeka)) == []
    assert rows[0].cells["organisation"] == "Сызранский колледж"
    assert list(rows[0].cells) == [column.key for column in REPORT.columns[1:]]


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2026, 9, 10), date(2026, 6, 1)),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2027, 5, 31), date(2026, 6, 1)),
    ],
)
def test_admission_begins_in_june(on: date, first: date) -> None:
    assert admission_of(on) == first


def test_rows_take_no_statement_each(session: Session, cast: Cast, college: Agency) -> None:
    viewer = agency_viewer(session, agency=cast.opeka, today=ON)

    def made(people: int) -> int:
        for number in range(people):
            student(session, cast, study(college), name=f"Иванова Анна{number}")
        session.expire_all()
        asked = parameters(cast.opeka)
        with statements() as texts:
            assert list(REPORT.submitted_rows(session, viewer, asked))
        return len(texts)

    assert made(1) == made(12) <= 8
