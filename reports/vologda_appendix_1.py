"""Приложение 1: graduates of foster families, by a guardianship body (vologda, cl. 2.3)."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.access import Viewer
from models.graduates import Graduate
from models.territory import AgencyKind
from reports import people, wording
from reports.base import Cell, Column, Kind, LeftOut, Parameters
from reports.eligibility import earliest_eligible_birth_date
from reports.vologda import HalfYearForm, agency_of, in_order, left_out


class Appendix1(HalfYearForm):
    code = "vologda-appendix-1"
    title = "Форма системы учета численности выпускников приемных семей для специалистов органов опеки и попечительства"
    short_title = "Приложение 1"
    note = "Орган опеки передаёт её 1–10 февраля и 25 сентября – 5 октября (регламент Вологодской области, п. 2.3)."
    agency_kinds = frozenset({AgencyKind.GUARDIANSHIP})
    required = ("stays", "education", "employment", "family", "housing", "address")
    columns = (
        Column("№ п/п", "number", 5, Kind.NUMBER),
        Column("ФИО", "name", 18),
        Column("Дата рождения", "birth_date", 13),
        Column("Сроки пребывания в приемной семье", "stays", 16),
        Column("Образование", "education", 21),
        Column("Профессия", "profession", 13),
        Column("Трудоустройство", "employment", 16.5),
        Column("Семейное положение", "family", 12),
        Column("Обеспеченность жильем", "housing", 16.5),
        Column("Адрес места пребывания", "address", 18),
        Column("Существующие проблемы", "problems", 17),
        Column("Проводимая работа специалиста по решению проблемы выпускника", "work_done", 20),
    )

    def belongs(self, session: Session, parameters: Parameters) -> list[ColumnElement[bool]]:
        """People of the agency's districts, by stay or origin, or of its own, who have lived in a foster family."""
        return [
            people.of_guardianship(session, agency_of(parameters), parameters.on),
            people.was_in_foster_family(parameters.on),
        ]

    def left_out(self, session: Session, viewer: Viewer, parameters: Parameters) -> list[LeftOut]:
        """Also those whose upbringing nobody has recorded: they may have lived in a foster family."""
        query = self._visible(viewer).where(
            people.of_guardianship(session, agency_of(parameters), parameters.on),
            ~people.has_placement(parameters.on),
            Graduate.birth_date >= earliest_eligible_birth_date(parameters.on),
        )
        unknown = session.scalars(in_order(query))
        return [
            *super().left_out(session, viewer, parameters),
            *(left_out(graduate, "не указаны сроки пребывания в приемной семье") for graduate in unknown),
        ]

    def cells(self, graduate: Graduate, parameters: Parameters, beside: str = "") -> tuple[Cell, ...]:
        on, agency_id = parameters.on, parameters.agency_id
        return (
            graduate.full_name,
            wording.birth_date_text(graduate.birth_date),
            wording.stays(graduate, on),
            wording.education(graduate, on),
            wording.profession(graduate, on),
            wording.employment(graduate, on),
            wording.family(graduate, on),
            wording.housing(graduate, on),
            wording.address(graduate, on),
            wording.problems(graduate, on, agency_id),
            wording.work_done(graduate, on, agency_id) or beside,
        )
