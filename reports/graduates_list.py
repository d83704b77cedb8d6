"""«Список выпускников центра» (syzran, cl. 3.5): who leaves the care centre in a year, also before they have left.

The day of leaving is that of the card, else the last day of the stay in the centre. Whoever is of age by the end of
the year and has no such day is named beside the list.
"""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from models.access import Viewer, visible_to
from models.circumstances import Employment, Placement, Study, as_of
from models.graduates import Graduate
from models.people import Contact
from models.territory import AgencyKind
from reports import wording
from reports.base import Cell, Column, Kind, LeftOut, Parameters, Timing
from reports.completeness import SubmittedList
from reports.eligibility import born_by
from reports.vologda import agency_of, in_order, left_out

OF_AGE = 18
NO_DAY = "нет даты выпуска"
FACTS: tuple[Any, ...] = (
    selectinload(Graduate.placements),
    selectinload(Graduate.studies).joinedload(Study.agency),
    selectinload(Graduate.employments).joinedload(Employment.status, innerjoin=True),
    selectinload(Graduate.addresses),
    selectinload(Graduate.contacts).joinedload(Contact.kind, innerjoin=True),
)


class GraduatesList(SubmittedList):
    code = "graduates-list"
    title = "Список выпускников центра помощи детям"
    short_title = "Список выпускников центра"
    note = "Центр составляет его по году выпуска и передаёт центру «Надежда» (порядок Сызрани, п. 3.5)."
    agency_kinds = frozenset({AgencyKind.CARE_CENTRE})
    timing = Timing.PERIOD
    months = 12
    required: ClassVar = ("left_on", "destination", "contacts")
    columns = (
        Column("№ п/п", "number", 5, Kind.NUMBER),
        Column("ФИО", "name", 24),
        Column("Дата рождения", "birth_date", 11.5, Kind.DATE),
        Column("Дата выпуска", "left_on", 11.5, Kind.DATE),
        Column("Куда выбыл", "destination", 46),
        Column("Контакты", "contacts", 30),
    )

    def listed(self, session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
        day, year = _leaving_day(agency_of(parameters)), parameters.span
        return _of_centre(viewer, parameters).where(day.between(year.starts_on, year.ends_on)).options(*FACTS)

    def left_out(self, session: Session, viewer: Viewer, parameters: Parameters) -> list[LeftOut]:
        """Who is of age by the end of the year, but nobody knows when they leave."""
        query = _of_centre(viewer, parameters).where(
            _leaving_day(agency_of(parameters)).is_(None),
            Graduate.birth_date <= born_by(parameters.span.ends_on, OF_AGE),
        )
        return [left_out(graduate, NO_DAY) for graduate in session.scalars(in_order(query))]

    def cells(self, graduate: Graduate, parameters: Parameters, beside: str = "") -> tuple[Cell, ...]:
        return (
            graduate.full_name,
            graduate.birth_date,
            left_on(graduate, agency_of(parameters)),
            destination(graduate, parameters.on),
            contacts(graduate),
        )


def _of_centre(viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
    """The card names the centre as the one that let the person go; else there was a stay in it."""
    agency_id = agency_of(parameters)
    stayed = exists().where(Placement.graduate_id == Graduate.id, Placement.agency_id == agency_id)
    is_centres = or_(
        Graduate.graduating_agency_id == agency_id,
        and_(Graduate.graduating_agency_id.is_(None), stayed.correlate(Graduate)),
    )
    return select(Graduate).where(visible_to(viewer), is_centres)


def _leaving_day(agency_id: int) -> ColumnElement[Any]:
    stay_ends = select(func.max(Placement.ends_on)).where(
        Placement.graduate_id == Graduate.id, Placement.agency_id == agency_id, ~_is_there_without_end(agency_id)
    )
    return func.coalesce(Graduate.left_on, stay_ends.correlate(Graduate).scalar_subquery())


def _is_there_without_end(agency_id: int) -> ColumnElement[bool]:
    """Came back to the centre, and stays until nobody knows when."""
    p = Placement.__table__.alias()
    return exists().where(p.c.graduate_id == Graduate.id, p.c.agency_id == agency_id, p.c.ends_on.is_(None))


def left_on(graduate: Graduate, agency_id: int) -> date | None:
    ends = [one.ends_on for one in graduate.placements if one.agency_id == agency_id and one.ends_on]
    return graduate.left_on or max(ends, default=None)


def destination(graduate: Graduate, on: date) -> str:
    """«обучается БПОУ «…», 1 курс; г. Сокол, ул. Лесная, д. 1»: what the person does, and where he or she lives."""
    study = as_of(graduate.studies, on)
    going_on = ""
    if study is not None and study.status_code in ("studying", "leave"):
        going_on = wording.study_text(
            status=study.status_code,
            organisation=study.agency.short_name if study.agency else study.organisation,
            course=study.course,
            sex=wording.sex_of(graduate.sex, graduate.patronymic),
        )
    doing = going_on or wording.employment(graduate, on)
    return "; ".join(part for part in (doing, wording.address(graduate, on)) if part)


def contacts(graduate: Graduate) -> str:
    """All ways to reach the person, phones first."""
    return ", ".join(one.value for one in sorted(graduate.contacts, key=lambda one: (one.kind.position, one.id)))
