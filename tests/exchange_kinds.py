"""The small regulation with kinds of letters, in the database, and organisations that follow it."""

from copy import deepcopy
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.regulations import AgencyRegulation, Regulation
from models.territory import Agency
from services.production_calendar import load_years
from services.regulations.loading import load_packs
from services.regulations.pack import Pack
from tests.conftest import NOW, TODAY
from tests.regulated import CODE, CONTENT, SINCE

EVERYBODY = ["guardianship", "support_service", "social_centre", "college", "department", "coordination_centre"]
NAME = {"label": "ФИО", "source": "name"}
BORN = {"label": "дата рождения", "source": "birth_date"}
KINDS: list[dict[str, Any]] = [
    {"code": "notice", "title": "Извещение о нуждаемости", "clause": "3", "from": EVERYBODY, "to": ["social_centre"]}
    | {"about": "person", "fields": [NAME, "место нахождения"], "urgency": "three_days", "answer_days": 30}
    | {"opens_access": True, "notice": True, "serves": []},
    {"code": "case", "title": "Разбор случая", "clause": "2", "from": ["guardianship", "support_service"]}
    | {"to": EVERYBODY, "about": "person", "fields": [NAME, "в чём вопрос"], "serves": []},
    {"code": "list", "title": "Список выпускников", "clause": "4", "from": ["support_service"], "to": ["guardianship"]}
    | {"about": "several", "fields": [NAME, BORN], "ground": "consent", "answer_days": 10, "serves": []},
    {"code": "materials", "title": "Передача материалов", "clause": "5", "from": EVERYBODY, "to": EVERYBODY}
    | {"about": "none", "fields": ["перечень материалов", "цель"], "serves": []},
    {"code": "message", "title": "Сообщение о нуждающемся", "clause": "3", "from": EVERYBODY}
    | {"to": ["support_service"], "about": "person", "fields": [NAME, "суть"], "accepting": ["card"], "serves": []},
    {"code": "district-request", "title": "Запрос в опеку", "clause": "1", "from": ["support_service"]}
    | {"to": ["guardianship"], "about": "several", "fields": [NAME], "answer_days": 30}
    | {"fan_out": "served_districts", "letter": "Просим сообщить о выпускниках округа.", "serves": []},
    {"code": "study-request", "title": "Запрос об успеваемости", "clause": "1", "from": ["support_service"]}
    | {"to": ["college"], "about": "several", "fields": [NAME, "пропуски"], "answer_days": 30}
    | {"fan_out": "college_students", "letter": "Просим сообщить об успеваемости.", "serves": []},
]
RULES: list[dict[str, Any]] = [
    {"code": "A10", "title": "Извещение о нуждаемости", "clause": "3", "kind": "event", "triggers": ["problem.found"]}
    | {"amount": 3, "unit": "calendar", "obliged": {"kind": EVERYBODY, "by": "recorder"}, "per": "record"}
    | {"recipients": [{"role": "body"}], "evidence": "notice", "evidence_of": ["small/notice"]}
]
ROLES = [{"code": "body", "title": "уполномоченный орган", "clause": "3", "default": {"kind": "social_centre"}}]


def pack_of_kinds() -> Pack:
    content = deepcopy(CONTENT)
    content["referrals"] = deepcopy(KINDS)
    content["rules"] += deepcopy(RULES)
    content["roles"] += deepcopy(ROLES)
    return Pack(content)


def follow_kinds(session: Session, *agencies: Agency) -> Regulation:
    """The organisations follow the small regulation with its kinds of letters."""
    regulation = session.scalars(select(Regulation).where(Regulation.code == CODE)).one_or_none()
    if regulation is None:
        load_years(session)
        load_packs(session, packs=[pack_of_kinds()], now=NOW, on=TODAY)
        regulation = session.scalars(select(Regulation).where(Regulation.code == CODE)).one()
    for agency in agencies:
        session.add(AgencyRegulation(agency_id=agency.id, regulation_id=regulation.id, starts_on=SINCE))
    session.flush()
    return regulation
