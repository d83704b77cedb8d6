"""Приложение 1: headings, whose people, the words as of a day."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.circumstances import Address, Employment, FamilyStatus, Placement, Situation
from models.graduates import Graduate
from models.support import Problem, Responsibility
from models.territory import Agency
from reports.base import LeftOut, Parameters
from reports.vologda_appendix_1 import Appendix1
from services.reporting import agency_viewer
from tests.factories import Cast, make_graduate
from tests.reports.people import STATED, foster_stay, known_facts, make_person

ON = date(2026, 10, 1)
REPORT = Appendix1()


def rows_of(session: Session, agency: Agency, on: date = ON) -> list[tuple[Any, ...]]:
    viewer = agency_viewer(session, agency=agency, today=ON)
    return [row.cells for row in REPORT.rows(session, viewer, Parameters.of(agency, on))]


def names_of(session: Session, agency: Agency, on: date = ON) -> list[Any]:
    return [cells[1] for cells in rows_of(session, agency, on)]


def left_out_of(session: Session, agency: Agency, on: date = ON) -> list[LeftOut]:
    viewer = agency_viewer(session, agency=agency, today=ON)
    return REPORT.left_out(session, viewer, Parameters.of(agency, on))


def test_title_and_headings_are_those_of_the_regulation() -> None:
    assert REPORT.title == (
        "Форма системы учета численности выпускников приемных семей для специалистов органов опеки и попечительства"
    )
    assert [column.heading for column in REPORT.columns] == [
        "№ п/п",
        "ФИО",
        "Дата рождения",
        "Сроки пребывания в приемной семье",
        "Образование",
        "Профессия",
        "Трудоустройство",
        "Семейное положение",
        "Обеспеченность жильем",
        "Адрес места пребывания",
        "Существующие проблемы",
        "Проводимая работа специалиста по решению проблемы выпускника",
    ]


def test_a_row_words_the_card(session: Session, cast: Cast) -> None:
    make_person(session, birth_date=date(2007, 8, 14), origin_district_id=cast.sokol.id, facts=known_facts())
    assert rows_of(session, cast.opeka) == [
        (
            1,
            "Кузнецова Дарья Игоревна",
            "14.08.2007г",
            "23.04.2015 г-14.08.2025",
            "основное общее; обучается ПОО «Приозёрский колледж», 1 курс",
            "Повар, кондитер",
            "обучается",
            "не замужем, детей нет",
            "состоит на учете в качестве нуждающихся в жилых помещениях",
            "г. Сокол, ул. Лесная, д. 1",
            "Удалённость от семьи",
            "Постановка на гособеспечение",
        )
    ]


def test_what_nobody_knows_stays_empty(session: Session, cast: Cast) -> None:
    make_person(session, origin_district_id=cast.sokol.id)
    assert rows_of(session, cast.opeka)[0][4:] == ("", "", "", "", "", "", "нет", "")


def test_several_stays_are_joined_and_an_open_one_says_so(session: Session, cast: Cast) -> None:
    stays = [
        foster_stay(date(2025, 9, 1), form="guardianship"),
        foster_stay(date(2010, 1, 1), date(2015, 4, 22), form="institution"),
    ]
    make_person(session, origin_district_id=cast.sokol.id, facts=stays)
    assert rows_of(session, cast.opeka)[0][3] == "23.04.2015 г-14.08.2025; 01.09.2025 г-по настоящее время"


def test_an_older_day_gives_the_older_facts(session: Session, cast: Cast) -> None:
    newer = [
        Employment(status_code="employed", organisation="ООО «Лес»", position="повар", starts_on=date(2026, 6, 1)),
        FamilyStatus(status_code="married", children=1, starts_on=date(2026, 9, 1)),
        Address(text="г. Кадников, ул. Новая, д. 2", starts_on=date(2026, 8, 1)),
        Problem(description="Долг", found_on=date(2026, 7, 1)),
        Situation(problems="Удалённость от семьи; долг", work_done="Беседы", starts_on=date(2026, 7, 1)),
    ]
    make_person(session, origin_district_id=cast.sokol.id, facts=[*known_facts(), *newer])
    now, then = rows_of(session, cast.opeka)[0], rows_of(session, cast.opeka, date(2026, 5, 1))[0]
    assert now[6:] == (
        "ООО «Лес», повар",
        "замужем, 1 ребенок",
        "состоит на учете в качестве нуждающихся в жилых помещениях",
        "г. Кадников, ул. Новая, д. 2",
        "Удалённость от семьи; долг",
        "Беседы",
    )
    assert then[6:] == (
        "обучается",
        "не замужем, детей нет",
        "состоит на учете в качестве нуждающихся в жилых помещениях",
        "г. Сокол, ул. Лесная, д. 1",
        "Удалённость от семьи",
        "Постановка на гособеспечение",
    )


def test_a_solved_problem_is_no_longer_named(session: Session, cast: Cast) -> None:
    person = make_person(session, origin_district_id=cast.sokol.id, facts=known_facts())
    person.problems[0].resolved_on = date(2026, 9, 30)
    assert rows_of(session, cast.opeka)[0][10] == "нет"
    assert rows_of(session, cast.opeka, date(2026, 9, 29))[0][10] == "Удалённость от семьи"


def test_words_of_the_office_come_back(session: Session, cast: Cast) -> None:
    employment = Employment(status_code="none", wording="б/р, ищет работу", starts_on=STATED)
    make_person(session, origin_district_id=cast.sokol.id, facts=[employment])
    assert rows_of(session, cast.opeka)[0][6] == "б/р, ищет работу"


def test_the_office_prints_its_own_work_before_that_of_others(session: Session, cast: Cast) -> None:
    said = [
        Situation(work_done="Наша работа", starts_on=STATED, agency_id=cast.opeka.id),
        Situation(work_done="Чужая работа", starts_on=date(2026, 9, 1), agency_id=cast.service.id),
    ]
    make_person(session, origin_district_id=cast.sokol.id, facts=said)
    assert rows_of(session, cast.opeka)[0][11] == "Наша работа"


# -- Whose people ----------------------------------------------------------------------------------------------------


def test_people_of_the_districts_and_of_the_agency_stand_in_it_by_name(session: Session, cast: Cast) -> None:
    make_person(session, "Яковлева Анна", origin_district_id=cast.sokol.id)
    stays = Address(text="г. Сокол", district_id=cast.sokol.id, starts_on=STATED)
    make_person(session, "Ёлкин Марк", facts=[stays])
    make_person(session, "Елисеев Пётр", agency_id=cast.opeka.id)
    make_person(session, "Чужая Вера", origin_district_id=cast.totma.id)
    make_person(session, "Ничья Ольга")
    assert names_of(session, cast.opeka) == ["Елисеев Пётр", "Ёлкин Марк", "Яковлева Анна"]
    assert names_of(session, cast.other_opeka) == ["Чужая Вера"]


def test_who_moved_in_after_the_day_is_not_yet_in_it(session: Session, cast: Cast) -> None:
    moved = [
        Address(text="Тотьма", district_id=cast.totma.id, starts_on=STATED),
        Address(text="Сокол", district_id=cast.sokol.id, starts_on=date(2026, 9, 1)),
    ]
    make_person(session, facts=moved)
    assert names_of(session, cast.opeka) == ["Кузнецова Дарья Игоревна"]
    assert names_of(session, cast.opeka, date(2026, 8, 31)) == []
    assert names_of(session, cast.other_opeka) == []


def test_a_term_of_responsibility_bounds_the_days(session: Session, cast: Cast) -> None:
    term = Responsibility(agency_id=cast.opeka.id, starts_on=date(2026, 3, 1), ends_on=date(2026, 8, 31))
    make_person(session, facts=[term])
    assert names_of(session, cast.opeka, date(2026, 2, 28)) == []
    assert names_of(session, cast.opeka, date(2026, 8, 31)) == ["Кузнецова Дарья Игоревна"]
    assert names_of(session, cast.opeka, date(2026, 9, 1)) == []


def test_only_those_who_lived_in_a_family_stand_in_it(session: Session, cast: Cast) -> None:
    institution = make_graduate(session, "Детдомов Иван", origin_district_id=cast.sokol.id)
    session.add(Placement(graduate=institution, form_code="institution", starts_on=date(2015, 1, 1)))
    make_person(session, origin_district_id=cast.sokol.id)
    assert names_of(session, cast.opeka) == ["Кузнецова Дарья Игоревна"]
    assert names_of(session, cast.opeka, date(2015, 4, 22)) == []


def test_a_deleted_card_is_in_no_paper(session: Session, cast: Cast) -> None:
    person = make_person(session, origin_district_id=cast.sokol.id)
    from tests.conftest import NOW

    person.deleted_at = NOW
    session.flush()
    assert names_of(session, cast.opeka) == []


@pytest.mark.parametrize(("born", "is_in"), [(date(2003, 10, 1), True), (date(2003, 9, 30), False)])
def test_the_23rd_birthday_is_the_last_day_in_it(session: Session, cast: Cast, born: date, is_in: bool) -> None:
    person = make_person(session, birth_date=born, origin_district_id=cast.sokol.id)
    assert bool(rows_of(session, cast.opeka)) == is_in
    too_old = [left for left in left_out_of(session, cast.opeka) if left.graduate_id == person.id]
    assert [left.reason for left in too_old] == ([] if is_in else ["23 года исполнилось 30.09.2026"])


def test_people_of_whose_upbringing_nothing_is_known_are_listed_apart(session: Session, cast: Cast) -> None:
    assert [(left.name, left.reason) for left in left_out_of(session, cast.opeka)] == [
        ("Сизов Пётр Ильич", "не указаны сроки пребывания в приемной семье")
    ]
    assert left_out_of(session, cast.opeka)[0].graduate_id == cast.local.id


def test_the_count_is_that_of_the_rows(session: Session, cast: Cast) -> None:
    for name in ("Яковлева Анна", "Ёлкин Марк"):
        make_person(session, name, origin_district_id=cast.sokol.id)
    make_person(session, "Старший Иван", birth_date=date(2000, 1, 1), origin_district_id=cast.sokol.id)
    viewer = agency_viewer(session, agency=cast.opeka, today=ON)
    assert REPORT.count(session, viewer, Parameters.of(cast.opeka, ON)) == 2


def test_rows_take_no_statement_each(session: Session, cast: Cast) -> None:
    viewer = agency_viewer(session, agency=cast.opeka, today=ON)
    parameters = Parameters.of(cast.opeka, ON)

    def statements(people: int) -> int:
        for i in range(people):
            make_person(session, f"Иванова Анна{i}", origin_district_id=cast.sokol.id, facts=known_facts())
        session.flush()
        session.expire_all()
        counted: list[str] = []
        connection = session.connection()
        listener = lambda *args: counted.append(args[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", listener)
        try:
            assert list(REPORT.rows(session, viewer, parameters))
        finally:
            event.remove(connection, "before_cursor_execute", listener)
        return len(counted)

    assert statements(1) == statements(15) <= 11


def test_every_status_of_the_dictionaries_can_be_worded(session: Session, cast: Cast) -> None:
    facts = [FamilyStatus(status_code=code, starts_on=STATED) for code in ("divorced", "widowed", "partnership")]
    for i, fact in enumerate(facts):
        make_person(session, f"Иванова Анна{i} Ивановна", origin_district_id=cast.sokol.id, facts=[fact])
    printed = [cells[7] for cells in rows_of(session, cast.opeka)]
    assert printed == ["разведена, детей нет", "вдова, детей нет", "фактические брачные отношения, детей нет"]
    assert session.query(Graduate).count() > len(printed)
