"""Applications, contracts, conclusions as verbs make them, on days that a test names."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Application, Conclusion, ConclusionOutcome, Contract, Refusal, SupportEpisode
from models.graduates import Graduate
from models.territory import Agency
from models.users import Role
from services.cases import applications, conclusions, contracts, refusals
from tests.clock import at, viewer_of


def by(agency: Agency, on: date, role: Role = Role.CLERK) -> Viewer:
    """Somebody of the organisation."""
    return viewer_of(agency, on, role=role)


def make_application(
    session: Session,
    graduate: Graduate,
    agency: Agency,
    on: date,
    *,
    registered_on: date | None = None,
    **contents: Any,
) -> Application:
    """Received on a day; registered too where a day of it is given. The identity document was shown."""
    contents = {"is_identity_shown": True} | contents
    made = applications.receive(
        session,
        graduate_id=graduate.id,
        agency_id=agency.id,
        received_on=on,
        by=by(agency, on),
        now=at(on),
        **contents,
    )
    if registered_on is not None:
        applications.register(session, application=made, registered_on=registered_on, by=by(agency, registered_on))
    return made


def make_draft(
    session: Session, graduate: Graduate, agency: Agency, on: date, ends_on: date | None = None, **more: Any
) -> Contract:
    """A draft that starts on a day and lasts a year."""
    more = {"starts_on": on, "ends_on": ends_on or on + timedelta(days=364), "signatory": "директора"} | more
    return contracts.draft(session, graduate_id=graduate.id, agency_id=agency.id, by=by(agency, on), now=at(on), **more)


def make_contract(
    session: Session, graduate: Graduate, agency: Agency, on: date, ends_on: date | None = None, **more: Any
) -> Contract:
    """Signed on the day on which it starts."""
    made = make_draft(session, graduate, agency, on, ends_on, **more)
    contracts.sign(session, contract=made, signed_on=on, by=by(agency, on), now=at(on))
    return made


def make_refusal(session: Session, graduate: Graduate, agency: Agency, on: date, **more: Any) -> Refusal:
    """The graduate's own."""
    return refusals.decline(
        session, graduate_id=graduate.id, agency_id=agency.id, refused_on=on, by=by(agency, on), now=at(on), **more
    )


def make_conclusion(
    session: Session,
    contract: Contract,
    on: date,
    *,
    is_approved: bool = False,
    is_signed: bool = False,
    outcome: ConclusionOutcome = ConclusionOutcome.STOP,
    **texts: Any,
) -> Conclusion:
    """Drafted, approved, signed on one day."""
    assert contract.signed_on is not None
    texts = {"results": "Учёба: перешла на 2 курс"} | texts
    agency = contract.agency
    made = conclusions.draft(
        session,
        contract=contract,
        period_from=contract.signed_on,
        period_to=on,
        outcome=outcome,
        by=by(agency, on),
        now=at(on),
        **texts,
    )
    if is_approved or is_signed:
        conclusions.approve(session, conclusion=made, approved_on=on, by=by(agency, on, Role.HEAD))
    if is_signed:
        conclusions.note_signature(session, conclusion=made, signed_on=on, by=by(agency, on))
    return made


def episode_of(session: Session, contract: Contract) -> SupportEpisode:
    """The only one of the contract."""
    return session.scalars(select(SupportEpisode).where(SupportEpisode.contract_id == contract.id)).one()
