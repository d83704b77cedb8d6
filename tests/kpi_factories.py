"""People on support with what the indicators ask of them, in a few words."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assessments import MonitoringCard, MonitoringScore
from models.cases import Contract, SupportEpisode
from models.circumstances import Address, AddressKind, Employment, Housing, Income
from models.graduates import Graduate
from models.regulations import AgencyRegulation, Regulation
from models.support import CategoryDecision
from models.territory import Agency
from models.work import ServiceRecord
from reports.base import Desk, Parameters
from reports.period import Period
from services.reporting import agency_viewer
from tests.clock import at
from tests.factories import make_graduate

YEAR = Period.parse("2026")
LAST_DAY = date(2026, 12, 31)
SINCE = date(2026, 1, 15)
MONITORED = date(2026, 9, 30)
INDICATORS = ("social-position", "means-of-living", "family", "law-abidingness", "housing", "kin", "circle")


def desk_of(session: Session, agency: Agency, period: Period = YEAR, on: date | None = None, **chosen: str) -> Desk:
    """The organisation's own desk at the end of a period."""
    day = on or period.ends_on
    parameters = Parameters(day, agency.id, agency.name, period, chosen=chosen)
    return Desk(session, agency_viewer(session, agency=agency, today=day), parameters)


def follow(session: Session, agency: Agency, code: str) -> None:
    regulation = session.scalars(select(Regulation).where(Regulation.code == code)).one()
    session.add(AgencyRegulation(agency_id=agency.id, regulation_id=regulation.id, starts_on=date(2020, 1, 1)))
    session.flush()


def left(session: Session, agency: Agency, number: int, **fields: Any) -> Graduate:
    """Somebody who grew up in the organisation and left it."""
    fields = {"graduating_agency_id": agency.id, "left_on": date(2025, 6, 30), "birth_date": date(2006, 3, 8)} | fields
    return make_graduate(session, f"Выпускник {'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩ'[number]}ртём", **fields)


def support(
    session: Session, person: Graduate, agency: Agency, since: date = SINCE, until: date | None = None
) -> SupportEpisode:
    contract = Contract(graduate=person, agency_id=agency.id, starts_on=since, ends_on=date(since.year + 1, 1, 14))
    contract.signed_on, contract.year, contract.number, contract.created_at = (
        since,
        since.year,
        1000 + person.id,
        at(since),
    )
    made = SupportEpisode(graduate=person, agency_id=agency.id, contract=contract, accepted_on=since)
    made.year, made.number, made.created_at = since.year, 1000 + person.id, at(since)
    if until is not None:
        made.removed_on, made.removal_ground_code = until, "term_expired"
    session.add_all([contract, made])
    session.flush()
    return made


def help_with(session: Session, person: Graduate, agency: Agency, on: date = MONITORED, **fields: Any) -> ServiceRecord:
    fields = {"kind_code": "legal", "title": "Помощь с заявлением"} | fields
    made = ServiceRecord(graduate=person, agency_id=agency.id, provided_on=on, **fields)
    session.add(made)
    session.flush()
    return made


def monitor(
    session: Session, person: Graduate, agency: Agency, on: date = MONITORED, value: int = 3, **values: int | None
) -> MonitoringCard:
    """A card: all indicators alike but for those named (with _ for -)."""
    named = {code.replace("_", "-"): mark for code, mark in values.items()}
    made = MonitoringCard(graduate=person, agency_id=agency.id, filled_on=on, created_at=at(on))
    made.scores = [
        MonitoringScore(indicator=code, title=code, position=place, value=named.get(code, value))
        for place, code in enumerate(INDICATORS)
    ]
    session.add(made)
    session.flush()
    return made


def settle(session: Session, person: Graduate, since: date = SINCE) -> None:
    """A life in order: work, a home, registration, an income."""
    facts = (
        Employment(status_code="employed", starts_on=since),
        Housing(status_code="dormitory", starts_on=since),
        Address(kind=AddressKind.REGISTRATION, text="г. Сокол, ул. Лесная, д. 1", starts_on=since),
        Income(source="зарплата", amount=30_000, starts_on=since),
    )
    for fact in facts:
        fact.graduate = person
        session.add(fact)
    session.flush()


def put_in_category(session: Session, person: Graduate, code: str, since: date = MONITORED) -> None:
    decision = CategoryDecision(category_code=code, starts_on=since, ground="мониторинг", decided_by="комиссия")
    decision.graduate = person
    session.add(decision)
    session.flush()


def thrive(session: Session, person: Graduate, agency: Agency, on: date = MONITORED) -> None:
    """All criteria of success hold by a card of a day."""
    settle(session, person)
    monitor(session, person, agency, on)
