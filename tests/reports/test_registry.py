"""The register: the row of the data bank, as of a day, for whoever may see it."""

from datetime import date

from sqlalchemy import event
from sqlalchemy.orm import Session

from models.access import Viewer
from models.circumstances import Address, AddressKind, Employment, FamilyStatus, Housing
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, CategoryDecision, Problem
from models.users import User
from reports.base import Parameters
from reports.registry import Registry, RegistryParameters
from tests.factories import Cast
from tests.reports.people import STATED, known_facts, make_person

ON = date(2026, 10, 1)
REPORT = Registry()


def rows_of(session: Session, user: User, parameters: Parameters | None = None) -> list[tuple[object, ...]]:
    viewer = Viewer.of(session, user, ON)
    return [row.cells for row in REPORT.rows(session, viewer, parameters or RegistryParameters(ON))]


def test_the_headings_are_those_of_the_data_bank_and_what_reaches_the_person() -> None:
    assert [column.heading.lower() for column in REPORT.columns[1:11]] == [
        "ф.и.о. выпускника",
        "дата рождения",
        "место первичного выявления",
        "правовой статус",
        "регистрация",
        "адрес проживания",
        "семейное положение",
        "обеспечение жильем, право постановки на льготный учет",
        "занятость",
        "факторы риска",
    ]
    assert [column.heading for column in REPORT.columns[11:]] == [
        "Категория сопровождения",
        "Куратор",
        "Ответственная организация",
        "Телефон",
    ]


def test_a_row_words_the_card(session: Session, cast: Cast) -> None:
    facts = [
        Address(kind=AddressKind.REGISTRATION, text="г. Тотьма, ул. Старая, д. 9", starts_on=STATED),
        Problem(description="Долг", found_on=date(2026, 3, 1)),
        Problem(description="Решённое", found_on=STATED, resolved_on=date(2026, 3, 1)),
        CategoryDecision(category_code="crisis", starts_on=STATED),
        Assignment(kind=AssignmentKind.CURATOR, name="Анна Клерк", starts_on=STATED),
        Assignment(kind=AssignmentKind.MENTOR, name="Наставник", starts_on=STATED),
    ]
    make_person(
        session,
        agency_id=cast.service.id,
        birth_date=date(2007, 8, 14),
        first_identified_place="школа № 1",
        legal_status_code="former_orphan",
        facts=[*known_facts(), *facts],
    )
    assert rows_of(session, cast.anna)[1] == (
        2,
        "Кузнецова Дарья Игоревна",
        date(2007, 8, 14),
        "школа № 1",
        "лицо из числа детей-сирот и детей, оставшихся без попечения родителей (18–23)",
        "г. Тотьма, ул. Старая, д. 9",
        "г. Сокол, ул. Лесная, д. 1",
        "не замужем, детей нет",
        "состоит на учете в качестве нуждающихся в жилых помещениях",
        "обучается",
        "Удалённость от семьи; Долг",
        "кризисное",
        "Анна Клерк",
        "Служба «Перекрёсток»",
        "",
    )


def test_facts_are_those_of_the_day(session: Session, cast: Cast) -> None:
    newer = [
        Employment(status_code="none", wording="б/р", starts_on=date(2026, 6, 1)),
        FamilyStatus(status_code="married", children=1, starts_on=date(2026, 6, 1)),
        Housing(status_code="assigned", dwelling="Сокол", starts_on=date(2026, 6, 1)),
        Address(text="Новый адрес", starts_on=date(2026, 6, 1)),
    ]
    make_person(session, agency_id=cast.service.id, facts=[*known_facts(), *newer])
    now = rows_of(session, cast.anna)[1]
    then = rows_of(session, cast.anna, RegistryParameters(date(2026, 5, 31)))[1]
    assert now[6:10] == ("Новый адрес", "замужем, 1 ребенок", "закреплено (Сокол)", "б/р")
    assert then[6:8] == ("г. Сокол, ул. Лесная, д. 1", "не замужем, детей нет")


def test_everybody_gets_those_whom_she_may_see(session: Session, cast: Cast) -> None:
    def names(user: User) -> list[object]:
        return [cells[1] for cells in rows_of(session, user)]

    assert names(cast.anna) == ["Ёлкина Дарья Игоревна"]
    assert names(cast.boris) == ["Сизов Пётр Ильич"]
    assert names(cast.vera) == ["Тихонов Марк"]
    assert names(cast.kira) == ["Ёлкина Дарья Игоревна", "Сизов Пётр Ильич", "Тихонов Марк"]


def test_the_filter_and_the_order_of_the_list_hold(session: Session, cast: Cast) -> None:
    young = RegistryParameters(
        ON, filters=(Graduate.birth_date >= date(2005, 1, 1),), order_by=(Graduate.birth_date.desc(), Graduate.id)
    )
    assert [cells[1] for cells in rows_of(session, cast.kira, young)] == ["Сизов Пётр Ильич", "Ёлкина Дарья Игоревна"]
    assert REPORT.count(session, Viewer.of(session, cast.kira, ON), young) == 2


def test_the_register_is_one_statement(session: Session, cast: Cast) -> None:
    for i in range(5):
        make_person(session, f"Иванова Анна{i}", agency_id=cast.service.id, facts=known_facts())
    viewer = Viewer.of(session, cast.root, ON)
    session.expire_all()
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", count)
    try:
        assert len(list(REPORT.rows(session, viewer, RegistryParameters(ON)))) == 8
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert len(counted) == 1
