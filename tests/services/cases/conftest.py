"""The centre «Аистёнок», which follows its regulation (ages 18–23), and the people of the scenarios."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.graduates import Graduate
from models.territory import Agency, AgencyKind
from tests.clock import follow, load_law
from tests.factories import make_agency, make_graduate


@dataclass
class Centre:
    agency: Agency
    other: Agency
    alina: Graduate  # 18 years old
    pavel: Graduate  # turned 23 on 10.01.2026
    denis: Graduate  # turns 23 on 03.02.2027
    young: Graduate  # 17 years old


@pytest.fixture
def centre(session: scoped_session[Session]) -> Centre:
    load_law(session())
    agency = make_agency(session(), "aistenok", AgencyKind.SUPPORT_SERVICE, short_name="Центр «Аистёнок»")
    other = make_agency(session(), "other", AgencyKind.SUPPORT_SERVICE, short_name="Служба «Берег»")
    for one in (agency, other):
        follow(session(), one, "aistenok")

    def person(name: str, born: date) -> Graduate:
        return make_graduate(session(), name, birth_date=born, agency_id=agency.id)

    made = Centre(
        agency=agency,
        other=other,
        alina=person("Ахметова Алина Ринатовна", date(2008, 2, 2)),
        pavel=person("Гришин Павел Андреевич", date(2003, 1, 10)),
        denis=person("Тимофеев Денис Андреевич", date(2004, 2, 3)),
        young=person("Юнкин Олег Олегович", date(2009, 3, 1)),
    )
    session.commit()
    return made
