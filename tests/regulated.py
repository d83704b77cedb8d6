"""A small regulation in the database, organisations that follow it, and its obligations up to the horizon."""

from copy import deepcopy
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadlines import Deadline
from models.regulations import AgencyRegulation, Regulation
from models.territory import Agency
from services.deadlines.dates import horizon
from services.deadlines.generation import generate
from services.production_calendar import load_calendar, load_years
from services.regulations.loading import load_packs
from services.regulations.pack import Pack
from tests.conftest import NOW, TODAY

CODE = "small"
SINCE = date(2026, 1, 1)
CONTENT: dict[str, Any] = {
    "regulation": {
        "code": CODE,
        "title": "Небольшой регламент взаимодействия",
        "short_title": "Небольшой регламент",
        "territory": "Край",
        "in_force_from": "2024-01-01",
        "based_on": [{"title": "О гарантиях", "number": "159-ФЗ", "adopted_on": "1996-12-21"}],
    },
    "profile": {"ages": {"from": 18, "to": 23}},
    "clauses": [
        {"number": "1", "heading": "Сведения", "summary": "Опека отправляет сведения", "rows": ["SML-01"]},
        {"number": "2", "heading": "Встречи", "summary": "Служба собирает выпускников", "rows": ["SML-02"]},
        {"number": "3", "heading": "Заявления", "summary": "Служба регистрирует заявления", "rows": []},
        {"number": "4", "heading": "Соглашения", "summary": "Все заключают соглашения", "rows": ["SML-03"]},
        {"number": "5", "heading": "Практики", "summary": "Все собирают практики", "rows": ["SML-04"]},
    ],
    "roles": [{"code": "bank", "title": "держатель базы", "clause": "1", "default": {"kind": "department"}}],
    "rules": [
        {
            "code": "A03",
            "title": "Зарегистрировать заявление",
            "clause": "3",
            "kind": "event",
            "triggers": ["application.received"],
            "amount": 2,
            "unit": "working",
            "obliged": {"kind": "support_service", "by": "recorder"},
            "per": "record",
            "evidence": "registration",
        },
        {
            "code": "A01",
            "title": "Отправить сведения к осени",
            "clause": "1",
            "serves": ["SML-01"],
            "kind": "window",
            "opens": "09-25",
            "closes": "10-05",
            "obliged": {"kind": "guardianship"},
            "recipients": [{"role": "bank"}],
            "evidence": "submission",
        },
        {
            "code": "A02",
            "title": "Собрать выпускников",
            "clause": "2",
            "serves": ["SML-02"],
            "kind": "quota",
            "period": "year",
            "at_least": 2,
            "obliged": {"kind": "support_service"},
            "evidence": "meeting",
            "default_term": True,
        },
        {
            "code": "S01",
            "title": "Держать соглашения",
            "clause": "4",
            "serves": ["SML-03"],
            "kind": "standing",
            "shown_by": "действующие соглашения",
            "obliged": {"kind": ["support_service", "guardianship"]},
        },
        {
            "code": "S02",
            "title": "Собирать практики",
            "clause": "5",
            "serves": ["SML-04"],
            "kind": "standing",
            "shown_by": "библиотека практик",
            "obliged": {"kind": ["support_service", "guardianship"]},
            "planned": True,
        },
    ],
    "records": [{"code": "agreements", "title": "Соглашения", "binds": ["agreement"], "serves": ["SML-03"]}],
}


def small_pack() -> Pack:
    return Pack(deepcopy(CONTENT))


def load_small(session: Session) -> Regulation:
    """The regulation in its first version; the production calendar beside it."""
    known = session.scalars(select(Regulation).where(Regulation.code == CODE)).one_or_none()
    if known is not None:
        return known
    load_years(session)
    load_packs(session, packs=[small_pack()], now=NOW, on=TODAY)
    return session.scalars(select(Regulation).where(Regulation.code == CODE)).one()


def follow(session: Session, *agencies: Agency, since: date = SINCE) -> Regulation:
    """The organisations follow the small regulation."""
    regulation = load_small(session)
    for agency in agencies:
        session.add(AgencyRegulation(agency_id=agency.id, regulation_id=regulation.id, starts_on=since))
    session.flush()
    return regulation


def draw(session: Session, on: date = TODAY) -> None:
    """What the daily run does."""
    session.flush()
    for _ in generate(session, calendar=load_calendar(session), on=on, until=horizon(on), now=NOW):
        session.flush()


def duties(session: Session, code: str, agency: Agency) -> list[Deadline]:
    """The obligations of a rule of the small regulation, by date."""
    query = select(Deadline).where(Deadline.rule_key == f"{CODE}/{code}", Deadline.agency_id == agency.id)
    return list(session.scalars(query.order_by(Deadline.due_on)))
