"""What a new contract or conclusion may begin with: from the application, the card, the contract before."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cases import Application, Contract
from models.graduates import Graduate
from models.reckoning import years_later
from models.support import Assignment, AssignmentKind
from models.territory import Agency, AgencyDistrict, AgencyKind
from services.cases.ages import ages_of
from services.cases.common import ru

KEPT = ("place", "signatory", "signatory_basis", "right_ground_code", "right_document", "guardianship_id", "copies")


def for_contract(
    session: Session,
    *,
    graduate: Graduate,
    agency: Agency,
    application: Application | None = None,
    previous: Contract | None = None,
    on: date,
) -> dict[str, Any]:
    """Fields of a draft, by name; `previous`: the contract that it follows."""
    starts_on = on if previous is None else max(on, (previous.ended_on or previous.ends_on) + timedelta(days=1))
    proposal: dict[str, Any] = {
        "starts_on": starts_on,
        "ends_on": _term(session, graduate, agency.id, starts_on),
        "place": _last_place(session, agency.id),
        "signatory": f"{agency.head_position} {agency.head_name}".strip(),
        "signatory_basis": "Устава",
        "legal_status_code": graduate.legal_status_code,
        "right_ground_code": graduate.exit_ground_code,
        "right_document": graduate.exit_document,
        "category_code": graduate.category_code,
        "guardianship_id": _guardianship(session, graduate, on),
        "copies": 2,
        **_curator(graduate, on),
    }
    if application is not None:
        proposal["right_ground_code"] = application.right_ground_code or proposal["right_ground_code"]
        proposal["right_document"] = application.right_document or proposal["right_document"]
    if previous is not None:
        proposal |= {name: getattr(previous, name) for name in KEPT if getattr(previous, name)}
        if not proposal["curator"]:
            proposal |= {"curator": previous.curator, "curator_order": previous.curator_order}
    return proposal


def _term(session: Session, graduate: Graduate, agency_id: int, starts_on: date) -> date:
    """A year less a day, or the last eligible day."""
    ages = ages_of(session, graduate=graduate, agency_id=agency_id, on=starts_on)
    year = years_later(starts_on, 1) - timedelta(days=1)
    return year if ages.is_late(starts_on) else min(year, ages.last_day)


def _last_place(session: Session, agency_id: int) -> str:
    query = select(Contract.place).where(Contract.agency_id == agency_id, Contract.place != "")
    return session.scalars(query.order_by(Contract.id.desc()).limit(1)).first() or ""


def _curator(graduate: Graduate, on: date) -> dict[str, str]:
    current = [
        one
        for one in graduate.assignments
        if one.kind is AssignmentKind.CURATOR and one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)
    ]
    if not current:
        return {"curator": "", "curator_order": ""}
    last = current[-1]
    return {"curator": _joined((last.name, last.position, last.phone)), "curator_order": order_text(last)}


def order_text(assignment: Assignment) -> str:
    """«№ 14 от 01.09.2026»."""
    number = f"№ {assignment.order_number}" if assignment.order_number else ""
    return f"{number} от {ru(assignment.order_on)}".strip() if assignment.order_on else number


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _guardianship(session: Session, graduate: Graduate, on: date) -> int | None:
    """The guardianship body of the place of stay or origin, where there is one only."""
    districts = [number for number in (graduate.district_id, graduate.origin_district_id) if number is not None]
    for district_id in districts:
        query = (
            select(Agency.id)
            .join(AgencyDistrict, AgencyDistrict.agency_id == Agency.id)
            .where(
                Agency.kind == AgencyKind.GUARDIANSHIP,
                Agency.is_active,
                AgencyDistrict.district_id == district_id,
                AgencyDistrict.starts_on <= on,
                or_(AgencyDistrict.ends_on.is_(None), AgencyDistrict.ends_on >= on),
            )
        )
        found = session.scalars(query.distinct()).all()
        if len(found) == 1:
            return found[0]
    return None


def for_conclusion(contract: Contract, *, on: date) -> dict[str, Any]:
    """The period from the signing, or from the day after the last conclusion's period, to the end of the contract."""
    done = [one.period_to for one in contract.conclusions if one.annulled_on is None]
    begins = contract.signed_on or contract.starts_on
    period_from = max([begins, *(day + timedelta(days=1) for day in done)])
    return {
        "period_from": period_from,
        "period_to": max(period_from, min(on, contract.ended_on or contract.ends_on)),
        "curator": contract.curator,
    }
