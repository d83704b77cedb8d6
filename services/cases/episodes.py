"""Episodes of support: taken on with a contract, taken off when it ends (Ж-4; aistenok 13.2)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.cases import Contract, SupportEpisode
from models.graduates import Graduate
from services import numbering


def open_for(session: Session, *, contract: Contract, on: date, origin: str, by: Viewer, now: datetime) -> None:
    """A row of the journal of those accepted, in the transaction of the contract."""
    episode = SupportEpisode(
        graduate_id=contract.graduate_id,
        agency_id=contract.agency_id,
        contract_id=contract.id,
        accepted_on=on,
        origin=origin or origin_of(contract.graduate),
        created_at=now,
        created_by_id=by.user_id,
    )
    numbering.assign(session, record=episode, on=on)
    session.add(episode)
    session.flush()


def close_for(session: Session, *, contract: Contract, on: date, ground_code: str, result: str) -> None:
    episode = of_contract(session, contract=contract)
    if episode is not None and episode.removed_on is None:
        episode.removed_on, episode.removal_ground_code, episode.result = on, ground_code, result
        session.flush()


def of_contract(session: Session, *, contract: Contract) -> SupportEpisode | None:
    query = select(SupportEpisode).where(
        SupportEpisode.contract_id == contract.id, SupportEpisode.annulled_on.is_(None)
    )
    return session.scalars(query.order_by(SupportEpisode.id.desc())).first()


def origin_of(graduate: Graduate) -> str:
    """From where the person left: the organisation, or the last placement."""
    if graduate.graduating_agency is not None:
        return graduate.graduating_agency.short_name
    last = graduate.placements[-1] if graduate.placements else None
    return (last.place or last.form.label) if last is not None else ""
