"""What the two half-year forms of the Vologda regulation have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access import Viewer, visible_to
from models.circumstances import Employment, FamilyStatus, Housing, Placement, Study
from models.graduates import Graduate
from reports import work_done
from reports.base import LeftOut, Parameters
from reports.completeness import SubmittedList
from reports.eligibility import earliest_eligible_birth_date, last_eligible_day

FACTS: tuple[Any, ...] = (
    selectinload(Graduate.placements).joinedload(Placement.form, innerjoin=True),
    selectinload(Graduate.studies).options(joinedload(Study.level), joinedload(Study.agency)),
    selectinload(Graduate.employments).joinedload(Employment.status, innerjoin=True),
    selectinload(Graduate.family_statuses).joinedload(FamilyStatus.status, innerjoin=True),
    selectinload(Graduate.housings).joinedload(Housing.status, innerjoin=True),
    selectinload(Graduate.addresses),
    selectinload(Graduate.situations),
    selectinload(Graduate.problems),
)


class HalfYearForm(SubmittedList):
    """A list of people of one agency on a day, in the order of their names."""

    @abstractmethod
    def belongs(self, session: Session, parameters: Parameters) -> list[ColumnElement[bool]]:
        """Who stands in this form, age apart."""

    def listed(self, session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
        born_since = earliest_eligible_birth_date(parameters.on)
        belonging = self._belonging(session, viewer, parameters).where(Graduate.birth_date >= born_since)
        return belonging.options(*FACTS)

    def words_beside(self, session: Session, people: Sequence[Graduate], parameters: Parameters) -> dict[int, str]:
        """The work of the past half-year as the organisation's records tell it."""
        ids = [one.id for one in people]
        return work_done.drafted(session, agency_id=agency_of(parameters), on=parameters.on, people=ids)

    def left_out(self, session: Session, viewer: Viewer, parameters: Parameters) -> list[LeftOut]:
        too_old = self._belonging(session, viewer, parameters).where(
            Graduate.birth_date < earliest_eligible_birth_date(parameters.on)
        )
        return [left_out(graduate, past_age(graduate.birth_date)) for graduate in session.scalars(in_order(too_old))]

    def _visible(self, viewer: Viewer) -> Select[Graduate]:
        return select(Graduate).where(visible_to(viewer))

    def _belonging(self, session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
        return self._visible(viewer).where(*self.belongs(session, parameters))


def in_order(query: Select[Graduate]) -> Select[Graduate]:
    return query.order_by(Graduate.name_key, Graduate.id)


def left_out(graduate: Graduate, reason: str) -> LeftOut:
    return LeftOut(graduate.id, graduate.full_name, graduate.birth_date, reason)


def past_age(birth_date: date) -> str:
    return f"23 года исполнилось {last_eligible_day(birth_date):%d.%m.%Y}"


def agency_of(parameters: Parameters) -> int:
    if parameters.agency_id is None:
        raise ValueError("this form is made by one agency")
    return parameters.agency_id
