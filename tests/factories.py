"""The cast whose names mean a right, and short builders of records."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from models.context import Actor, act_as
from models.graduates import Graduate
from models.territory import Agency, AgencyDistrict, AgencyKind, District
from models.users import Role, User

PASSWORD = "correct horse battery"


@cache
def password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make_district(session: Session, code: str, name: str, localities: str = "") -> District:
    district = District(code=code, name=f"{name} муниципальный округ", short_name=name, localities=localities)
    session.add(district)
    session.flush()
    return district


def make_agency(
    session: Session, code: str, kind: AgencyKind, *, districts: tuple[District, ...] = (), **fields: Any
) -> Agency:
    names = {"name": fields.pop("name", code), "short_name": fields.pop("short_name", code)}
    agency = Agency(code=code, kind=kind, **names, **fields)
    agency.served = [AgencyDistrict(district=district, starts_on=date(2022, 1, 1)) for district in districts]
    session.add(agency)
    session.flush()
    return agency


def make_user(session: Session, login: str, name: str, role: Role, agency: Agency, **fields: Any) -> User:
    user = User(
        login=login,
        name=name,
        role=role,
        agency=agency,
        password_hash=password_hash(),
        session_token=f"token-{login}",
        must_change_password=fields.pop("must_change_password", False),
        **fields,
    )
    session.add(user)
    session.flush()
    return user


def make_graduate(session: Session, name: str = "Ёлкина Дарья Игоревна", **fields: Any) -> Graduate:
    """A card; `name` is «Фамилия Имя Отчество»."""
    last_name, first_name, *rest = name.split()
    fields.setdefault("birth_date", date(2005, 8, 14))
    graduate = Graduate(last_name=last_name, first_name=first_name, patronymic=" ".join(rest), **fields)
    session.add(graduate)
    session.flush()
    return graduate


@dataclass
class Cast:
    """Who is who. Sokol is Boris's district, Totma is Vera's."""

    sokol: District
    totma: District
    service: Agency  # Anna's and Galina's support service
    opeka: Agency  # Boris's guardianship body, serves Sokol
    other_opeka: Agency  # Vera's, serves Totma
    centre: Agency  # Kira's coordination centre, sees the whole region
    department: Agency  # Root's
    anna: User  # clerk of the service: owns `own`
    boris: User  # opeka officer of Sokol: sees `local`
    vera: User  # officer of another district: must see neither
    galina: User  # head of the service
    kira: User  # coordinator
    root: User  # administrator
    own: Graduate  # responsible agency: the service; lives in no district of ours
    local: Graduate  # lives in Sokol, nobody's support
    foreign: Graduate  # lives in Totma, Vera's


def build_cast(session: Session) -> Cast:
    act_as(session, Actor(datetime(2026, 9, 1, 9, 0, tzinfo=UTC)))
    sokol = make_district(session, "sokol", "Сокольский", "Сокол\nКадников")
    totma = make_district(session, "totma", "Тотемский", "Тотьма")
    service = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE, short_name="Служба «Перекрёсток»")
    opeka = make_agency(
        session, "opeka-sokol", AgencyKind.GUARDIANSHIP, districts=(sokol,), short_name="Опека Сокольского округа"
    )
    other = make_agency(
        session, "opeka-totma", AgencyKind.GUARDIANSHIP, districts=(totma,), short_name="Опека Тотемского округа"
    )
    centre = make_agency(session, "centre", AgencyKind.COORDINATION_CENTRE, sees_whole_region=True)
    department = make_agency(session, "department", AgencyKind.DEPARTMENT, sees_whole_region=True)
    return Cast(
        sokol=sokol,
        totma=totma,
        service=service,
        opeka=opeka,
        other_opeka=other,
        centre=centre,
        department=department,
        anna=make_user(session, "anna", "Анна Клерк", Role.CLERK, service),
        boris=make_user(session, "boris", "Борис Опекин", Role.OFFICER, opeka),
        vera=make_user(session, "vera", "Вера Чужая", Role.OFFICER, other),
        galina=make_user(session, "galina", "Галина Главная", Role.HEAD, service),
        kira=make_user(session, "kira", "Кира Координатор", Role.COORDINATOR, centre),
        root=make_user(session, "root", "Роман Рутов", Role.ADMINISTRATOR, department),
        own=make_graduate(session, "Ёлкина Дарья Игоревна", agency_id=service.id),
        local=make_graduate(session, "Сизов Пётр Ильич", origin_district_id=sokol.id, birth_date=date(2006, 3, 8)),
        foreign=make_graduate(session, "Тихонов Марк", origin_district_id=totma.id, birth_date=date(2004, 2, 29)),
    )
