"""Records of applications, refusals, contracts, conclusions, made as a test asks for them by name."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Application, Conclusion, Contract, Refusal, SupportEpisode
from tests.cases_factories import make_application, make_conclusion, make_contract, make_draft, make_refusal
from tests.factories import Cast

DAY = date(2026, 9, 1)


def _first(session: Session, model: type, make: Callable[[], object]) -> int:
    """One for all that ask, without a change of what an answer before has done to it."""
    found = session.scalars(select(model).order_by(model.id)).first()  # type: ignore[attr-defined]
    made = found or make()
    session.commit()
    return int(made.id)  # type: ignore[attr-defined]


def _contract(session: Session, cast: Cast) -> Contract:
    found = session.scalars(select(Contract).where(Contract.number.is_not(None))).first()
    return found or make_contract(session, cast.own, cast.service, DAY)


def _draft(session: Session, cast: Cast) -> int:
    made = make_draft(session, cast.own, cast.service, DAY)
    session.commit()
    return made.id


def _episode(session: Session, cast: Cast) -> SupportEpisode:
    contract = _contract(session, cast)
    return session.scalars(select(SupportEpisode).where(SupportEpisode.contract_id == contract.id)).one()


OBJECTS: dict[str, Callable[[Session, Cast], object]] = {
    "service's application": lambda session, cast: _first(
        session, Application, lambda: make_application(session, cast.own, cast.service, DAY)
    ),
    "service's refusal": lambda session, cast: _first(
        session, Refusal, lambda: make_refusal(session, cast.own, cast.service, DAY)
    ),
    "service's contract": lambda session, cast: _first(session, Contract, lambda: _contract(session, cast)),
    "service's draft contract": _draft,
    "service's conclusion": lambda session, cast: _first(
        session, Conclusion, lambda: make_conclusion(session, _contract(session, cast), DAY)
    ),
    "service's episode": lambda session, cast: _first(session, SupportEpisode, lambda: _episode(session, cast)),
}
