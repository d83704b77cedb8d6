"""«Список выпускников центра»: by the year of leaving, also of those who are still to leave."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.circumstances import Address, Employment, Placement, Study
from models.graduates import Graduate
from models.people import Contact
from models.territory import Agency, AgencyKind
from reports.base import Parameters
from reports.graduates_list import NO_DAY, GraduatesList
from reports.period import Period
from services.reporting import agency_viewer
from tests.factories import Cast, make_agency, make_graduate
from tests.reports.statements import statements

ON = date(2026, 10, 1)
REPORT = GraduatesList()


@pytest.fixture
def home(session: Session, cast: Cast) -> Agency:
    return make_agency(session, "iskra", AgencyKind.CARE_CENTRE, short_name="«Искра»")


def leaver(session: Session, home: Agency, name: str, *facts: Any, **fields: Any) -> Graduate:
    fields = {"agency_id": home.id, "graduating_agency_id": home.id, "birth_date": date(2008, 3, 8)} | fields
    person = make_graduate(session, name, **fields)
    for fact in facts:
        fact.graduate = person
        session.add(fact)
    session.flush()
    session.refresh(person)
    return person


def stay(home: Agency, ends_on: date | None = None) -> Placement:
    return Placement(form_code="institution", agency_id=home.id, starts_on=date(2015, 1, 1), ends_on=ends_on)


def parameters(home: Agency, year: str = "2026") -> Parameters:
    return Parameters(ON, home.id, home.short_name, Period.parse(year))


def rows_of(session: Session, home: Agency, year: str = "2026") -> list[tuple[Any, ...]]:
    viewer = agency_viewer(session, agency=home, today=ON)
    rows = [row.cells for row in REPORT.rows(session, viewer, parameters(home, year))]
    assert REPORT.count(session, viewer, parameters(home, year)) == len(rows)
    return rows


def test_a_row_says_when_somebody_left_where_to_and_how_to_reach_them(session: Session, home: Agency) -> None:
    facts = [
        Study(status_code="studying", organisation="Сызранский колледж", course=1, starts_on=date(2026, 9, 1)),
        Address(text="г. Сызрань, ул. Лесная, д. 1", starts_on=date(2026, 7, 1)),
        Contact(kind_code="email", value="anna@mail.example"),
        Contact(kind_code="phone", value="+7 900 000-00-01"),
    ]
    leaver(session, home, "Сидорова Анна Ивановна", *facts, left_on=date(2026, 6, 30))
    assert rows_of(session, home) == [
        (
            1,
            "Сидорова Анна Ивановна",
            date(2008, 3, 8),
            date(2026, 6, 30),
            "обучается Сызранский колледж, 1 курс; г. Сызрань, ул. Лесная, д. 1",
            "+7 900 000-00-01, anna@mail.example",
        )
    ]


def test_whoever_does_not_study_is_told_by_work(session: Session, home: Agency) -> None:
    work = Employment(status_code="employed", organisation="ООО «Лес»", position="повар", starts_on=date(2026, 7, 1))
    leaver(session, home, "Сидорова Анна", work, left_on=date(2026, 6, 30))
    assert rows_of(session, home)[0][4] == "ООО «Лес», повар"


def test_the_year_is_that_of_leaving(session: Session, home: Agency) -> None:
    leaver(session, home, "Ранняя Анна", left_on=date(2025, 12, 31))
    leaver(session, home, "Первая Анна", left_on=date(2026, 1, 1))
    leaver(session, home, "Будущая Анна", stay(home, date(2026, 12, 31)))
    leaver(session, home, "Поздняя Анна", stay(home, date(2027, 1, 1)))
    assert [cells[1] for cells in rows_of(session, home)] == ["Будущая Анна", "Первая Анна"]
    assert [cells[3] for cells in rows_of(session, home)] == [date(2026, 12, 31), date(2026, 1, 1)]
    assert [cells[1] for cells in rows_of(session, home, "2025")] == ["Ранняя Анна"]


def test_others_graduates_do_not_stand_in_it(session: Session, cast: Cast, home: Agency) -> None:
    leaver(session, home, "Чужая Анна", graduating_agency_id=cast.service.id, left_on=date(2026, 6, 30))
    leaver(session, home, "Невидимая Анна", agency_id=cast.service.id, left_on=date(2026, 6, 30))
    leaver(session, home, "Жившая Анна", stay(home, date(2026, 6, 30)), graduating_agency_id=None)
    assert [cells[1] for cells in rows_of(session, home)] == ["Жившая Анна"]


def test_who_is_of_age_and_has_no_day_of_leaving_is_named(session: Session, home: Agency) -> None:
    leaver(session, home, "Взрослая Анна", stay(home), birth_date=date(2008, 12, 31))
    leaver(session, home, "Младшая Анна", stay(home), birth_date=date(2009, 1, 1))
    leaver(session, home, "Вернувшаяся Анна", stay(home, date(2026, 3, 1)), stay(home), birth_date=date(2008, 1, 1))
    viewer = agency_viewer(session, agency=home, today=ON)
    left = REPORT.left_out(session, viewer, parameters(home))
    assert [(one.name, one.reason) for one in left] == [("Вернувшаяся Анна", NO_DAY), ("Взрослая Анна", NO_DAY)]
    assert rows_of(session, home) == []


def test_a_row_without_contacts_is_not_complete(session: Session, home: Agency) -> None:
    leaver(session, home, "Сидорова Анна", left_on=date(2026, 6, 30))
    viewer = agency_viewer(session, agency=home, today=ON)
    with statements() as texts:
        row = next(REPORT.submitted_rows(session, viewer, parameters(home)))
    assert row.missing == ["Куда выбыл", "Контакты"]
    assert len(texts) <= 8
