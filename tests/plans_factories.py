"""Plans at every stage, short."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Contract
from models.graduates import Graduate
from models.plans import Measure, Plan, PlanPartner
from models.territory import Agency
from models.users import Role, User
from models.work import ServiceRecord
from services.plans import approval, drafts
from tests.clock import at, viewer_of
from tests.conftest import TODAY

FROM, TO = date(2026, 9, 1), date(2027, 8, 31)


def seen_by(session: Session, user: User, on: date = TODAY) -> Viewer:
    return Viewer.of(session, user, on)


def make_contract(session: Session, graduate: Graduate, agency: Agency, **fields: Any) -> Contract:
    """A signed contract of a year."""
    fields = {"starts_on": FROM, "ends_on": TO, "signed_on": FROM, "number": 7, "year": 2026} | fields
    contract = Contract(graduate_id=graduate.id, agency_id=agency.id, created_at=at(FROM), **fields)
    session.add(contract)
    session.flush()
    return contract


def make_plan(session: Session, graduate: Graduate, agency: Agency, *titles: str, **fields: Any) -> Plan:
    """A draft with measures."""
    on = fields.pop("on", TODAY)
    fields = {"starts_on": FROM, "ends_on": TO} | fields
    partners = fields.pop("partners", ())
    plan = Plan(graduate_id=graduate.id, agency_id=agency.id, **fields)
    plan.partners = [PlanPartner(agency_id=partner.id) for partner in partners]
    plan.measures = [make_measure(title) for title in titles or ("Встать на учёт в центре занятости",)]
    by = viewer_of(agency, on, role=Role.ADMINISTRATOR)
    drafts.begin(session, plan=plan, by=by, now=at(on))
    return plan


def make_measure(title: str, **fields: Any) -> Measure:
    return Measure(title=title, **{"direction_code": "legal", "due_on": date(2026, 12, 31)} | fields)


def make_approved(session: Session, graduate: Graduate, agency: Agency, *titles: str, **fields: Any) -> Plan:
    """A plan in force, agreed and approved on its first day."""
    plan = make_plan(session, graduate, agency, *titles, **fields)
    return approved(session, plan, fields.get("on", TODAY))


def approved(session: Session, plan: Plan, on: date = TODAY, day: date | None = None) -> Plan:
    by = viewer_of(plan.agency, on, role=Role.ADMINISTRATOR)
    approval.submit(session, plan=plan, by=by)
    day = day or min(plan.starts_on, on)
    approval.approve(session, plan=plan, agreed_on=day, approved_on=day, by=by)
    return plan


def make_service(session: Session, plan: Plan, on: date, title: str = "Консультация", **fields: Any) -> ServiceRecord:
    fields = {"graduate_id": plan.graduate_id, "agency_id": plan.agency_id, "kind_code": "legal"} | fields
    service = ServiceRecord(provided_on=on, title=title, **fields)
    session.add(service)
    session.flush()
    return service
