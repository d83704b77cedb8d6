"""Приложение 2: headings, whose people."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Address, Situation
from models.dictionaries import ServiceKind
from models.support import Responsibility
from models.territory import Agency, AgencyKind
from reports.base import Parameters
from reports.vologda_appendix_2 import Appendix2
from services.reporting import agency_viewer
from tests.factories import Cast, make_agency
from tests.journals_factories import make_consultation
from tests.kpi_factories import help_with
from tests.reports.people import STATED, known_facts, make_person

ON = date(2026, 10, 1)
REPORT = Appendix2()


@pytest.fixture
def social_centre(session: Session, cast: Cast) -> Agency:
    return make_agency(
        session, "kcson", AgencyKind.SOCIAL_CENTRE, districts=(cast.sokol,), name="КЦСОН Сокольского округа"
    )


def rows_of(session: Session, agency: Agency, on: date = ON) -> list[tuple[object, ...]]:
    viewer = agency_viewer(session, agency=agency, today=ON)
    return [row.cells for row in REPORT.rows(session, viewer, Parameters.of(agency, on))]


def test_title_and_headings_are_those_of_the_regulation() -> None:
    assert REPORT.title == (
        "Форма системы учета численности выпускников всех форм попечения для комплексных центров социального "
        "обслуживания и Территориального центра социальной помощи семье и детям г. Вологды"
    )
    assert [column.heading for column in REPORT.columns] == [
        "№ п/п",
        "ФИО",
        "Дата рождения",
        "Профессия",
        "Трудоустройство",
        "Семейное положение",
        "Адрес места пребывания",
        "Существующие проблемы",
        "Проводимая работа специалиста по решению проблемы выпускника",
    ]


def test_a_row_words_the_card(session: Session, social_centre: Agency) -> None:
    make_person(session, agency_id=social_centre.id, birth_date=date(2007, 8, 14), facts=known_facts())
    assert rows_of(session, social_centre) == [
        (
            1,
            "Кузнецова Дарья Игоревна",
            "14.08.2007г",
            "Повар, кондитер",
            "обучается",
            "не замужем, детей нет",
            "г. Сокол, ул. Лесная, д. 1",
            "Удалённость от семьи",
            "Постановка на гособеспечение",
        )
    ]


def test_only_its_own_people_stand_in_it(session: Session, cast: Cast, social_centre: Agency) -> None:
    make_person(session, "Живущий Рядом", facts=[Address(text="Сокол", district_id=cast.sokol.id, starts_on=STATED)])
    formerly = Responsibility(agency_id=social_centre.id, starts_on=date(2025, 1, 1), ends_on=date(2026, 6, 30))
    make_person(session, "Бывшая Анна", facts=[formerly])
    make_person(session, "Своя Ольга", agency_id=social_centre.id)
    assert [cells[1] for cells in rows_of(session, social_centre)] == ["Своя Ольга"]
    assert [cells[1] for cells in rows_of(session, social_centre, date(2026, 6, 30))] == ["Бывшая Анна", "Своя Ольга"]


def test_whoever_is_past_23_is_left_out_with_the_reason(session: Session, social_centre: Agency) -> None:
    make_person(session, birth_date=date(2003, 9, 18), agency_id=social_centre.id)
    viewer = agency_viewer(session, agency=social_centre, today=ON)
    assert rows_of(session, social_centre) == []
    left = REPORT.left_out(session, viewer, Parameters.of(social_centre, ON))
    assert [(one.name, one.reason) for one in left] == [("Кузнецова Дарья Игоревна", "23 года исполнилось 18.09.2026")]


# -- The work of the past half-year ----------------------------------------------------------------------------------


def work_done_of(session: Session, agency: Agency, on: date = ON) -> object:
    return rows_of(session, agency, on)[0][8]


@pytest.mark.parametrize(
    ("on", "stated", "printed"),
    [
        (date(2026, 10, 1), date(2026, 1, 1), "Беседы"),
        (date(2026, 10, 1), date(2025, 12, 31), ""),
        (date(2027, 2, 5), date(2026, 7, 1), "Беседы"),
        (date(2027, 2, 5), date(2026, 6, 30), ""),
    ],
)
def test_work_is_that_of_the_past_half_year(
    session: Session, social_centre: Agency, on: date, stated: date, printed: str
) -> None:
    said = Situation(work_done="Беседы", starts_on=stated, agency_id=social_centre.id)
    make_person(session, agency_id=social_centre.id, facts=[said])
    assert work_done_of(session, social_centre, on) == printed


def test_where_nobody_has_told_of_it_the_records_do(session: Session, cast: Cast, social_centre: Agency) -> None:
    person = make_person(session, agency_id=social_centre.id)
    help_with(session, person, social_centre, date(2026, 3, 1), quantity=2)
    help_with(session, person, social_centre, date(2026, 9, 1), kind_code="household")
    help_with(session, person, social_centre, date(2025, 12, 31), quantity=9)
    help_with(session, person, cast.service, date(2026, 9, 1), quantity=9)
    annulled = help_with(session, person, social_centre, date(2026, 9, 2), quantity=9)
    annulled.annulled_on, annulled.annulled_reason = date(2026, 9, 3), "ошибка"
    make_consultation(session, social_centre, person, date(2026, 5, 1))
    session.flush()
    told = work_done_of(session, social_centre)
    labels = {kind.code: kind.label.lower() for kind in session.query(ServiceKind)}
    services = "; ".join(sorted([f"{labels['legal']} – 2", f"{labels['household']} – 1"]))
    assert str(told).lower() == f"услуги: {services}; беседы и консультации – 1"
    session.add(Situation(graduate=person, work_done="Своими словами", starts_on=date(2026, 9, 30)))
    session.flush()
    session.expire(person)
    assert work_done_of(session, social_centre) == "Своими словами"
