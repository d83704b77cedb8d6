"""Whom support has not reached although they need it (kizil, passport, result 1): a condition for lists.

The same as «не охвачены» of the programme's indicators (reports.indicators), told by what the card says today, so that
lists of any length find them at once.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_

from models.graduates import Graduate, SupportStage
from reports.eligibility import born_by, earliest_eligible_birth_date

FIRST_AGE = 18
IN_NEED = ("crisis", "active")
SUPPORTED = (SupportStage.CONTRACT, SupportStage.PLAN, SupportStage.SUPPORT, SupportStage.CONCLUSION)


def is_uncovered(on: date) -> ColumnElement[bool]:
    """From 18 to 23, with an open problem or in a category that needs help, and without a contract in force."""
    has_need = or_(Graduate.open_problems > 0, func.coalesce(Graduate.category_code, "").in_(IN_NEED))
    is_supported = and_(Graduate.stage.is_not(None), Graduate.stage.in_(SUPPORTED))
    return and_(
        Graduate.birth_date.between(earliest_eligible_birth_date(on), born_by(on, FIRST_AGE)), has_need, ~is_supported
    )
