"""A district with one organisation of each kind, and records of support made on a day, for tests of the clock."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models.context import Actor, act_as
from models.graduates import Graduate
from models.territory import Agency, AgencyKind, District
from tests.clock import at, follow, load_law
from tests.factories import make_agency, make_district, make_graduate

VOLOGDA, SYZRAN, AISTENOK, KIZIL = "vologda-2022", "syzran-2022", "aistenok", "kizil-programme"
KRASNOYARSK = "krasnoyarsk-centre"
T = TypeVar("T")


class Region:
    """A district with one organisation of each kind."""

    def __init__(self, session: Session) -> None:
        load_law(session, date(2025, 1, 1))
        self.district: District = make_district(session, "lake", "Приозёрный")
        places = (self.district,)
        self.opeka = make_agency(session, "opeka", AgencyKind.GUARDIANSHIP, districts=places)
        self.service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE, districts=places)
        self.social = make_agency(session, "kcson", AgencyKind.SOCIAL_CENTRE, districts=places)
        self.college = make_agency(session, "college", AgencyKind.COLLEGE, districts=places)
        self.centre = make_agency(session, "cpd", AgencyKind.CARE_CENTRE, districts=places)
        self.operator = make_agency(
            session,
            "perekrestok",
            AgencyKind.REGIONAL_OPERATOR,
            districts=places,
            sees_whole_region=True,
            is_data_bank_operator=True,
        )

    @property
    def agencies(self) -> list[Agency]:
        return [self.opeka, self.service, self.social, self.college, self.centre, self.operator]

    def follow(self, session: Session, *codes: str) -> None:
        for agency in self.agencies:
            follow(session, agency, *codes)


def person(session: Session, region: Region, name: str, born: date, agency: Agency | None = None) -> Graduate:
    return make_graduate(
        session,
        name,
        birth_date=born,
        agency_id=agency.id if agency else None,
        district_id=region.district.id,
        origin_district_id=region.district.id,
    )


def today(session: Session, day: date) -> None:
    act_as(session, Actor(at(day)))


def kept(session: Session, record: T, on: date) -> T:
    """A record saved on a day: its duties arise and close with it."""
    today(session, on)
    session.add(record)
    session.commit()
    return record


def changed(session: Session, record: Any, on: date, **values: Any) -> None:
    today(session, on)
    for name, value in values.items():
        setattr(record, name, value)
    session.commit()


def annulled(session: Session, record: Any, on: date) -> None:
    changed(session, record, on, annulled_on=on, annulled_reason="записано по ошибке")
