"""Which form of social service a dwelling allows (syzran 4.3–4.5, after the clauses' own words).

4.3: a student who lives in a dormitory – semi-stationary; 4.4: «имеющим жильё» – semi-stationary; 4.5: «не имеющих
жилья» – semi-stationary and stationary. Who rents, stays with kin or in an organisation, waits for a dwelling or got
money to buy one has none of his own yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.regulations import COMMON, AgencyRegulation, Regulation

SYZRAN = "syzran-2022"
SEMI_STATIONARY, STATIONARY, AT_HOME = "semi_stationary", "stationary", "at_home"
IN_DORMITORY = frozenset({"dormitory"})
HAS_HOUSING = frozenset({"owned", "assigned", "special_lease", "social_lease", "not_in_need"})
NO_HOUSING = frozenset({"waiting_list", "payment", "rented", "relatives", "institution", "social_hotel", "homeless"})


def offered(housing_code: str | None) -> tuple[str, ...]:
    """Forms that a dwelling allows, the one to propose first; where nothing is known of it, all of them."""
    if housing_code in IN_DORMITORY or housing_code in HAS_HOUSING:
        return (SEMI_STATIONARY,)
    if housing_code in NO_HOUSING:
        return (SEMI_STATIONARY, STATIONARY)
    return (SEMI_STATIONARY, STATIONARY, AT_HOME)


def proposed(housing_code: str | None) -> str:
    return offered(housing_code)[0]


def clause(housing_code: str | None) -> str:
    if housing_code in IN_DORMITORY:
        return "4.3"
    return "4.4" if housing_code in HAS_HOUSING else "4.5"


def binds(session: Session, *, agency_id: int, on: date) -> bool:
    """Whether the rule is the organisation's: it follows the order of Syzran, or no order at all."""
    followed = set(_followed(session, agency_id, on))
    return not followed or SYZRAN in followed


def _followed(session: Session, agency_id: int, on: date) -> Iterable[str]:
    query = select(Regulation.code).join(AgencyRegulation, AgencyRegulation.regulation_id == Regulation.id)
    return session.scalars(
        query.where(
            AgencyRegulation.agency_id == agency_id,
            AgencyRegulation.starts_on <= on,
            or_(AgencyRegulation.ends_on.is_(None), AgencyRegulation.ends_on >= on),
            Regulation.code != COMMON,
        )
    )
