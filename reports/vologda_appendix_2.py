"""Приложение 2: graduates of every form of care, by a centre of social services (vologda, cl. 2.4)."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.graduates import Graduate
from models.territory import AgencyKind
from reports import people, wording
from reports.base import Cell, Column, Kind, Parameters
from reports.vologda import HalfYearForm, agency_of
from reports.work_done import since


class Appendix2(HalfYearForm):
    code = "vologda-appendix-2"
    title = (
        "Форма системы учета численности выпускников всех форм попечения для комплексных центров социального "
        "обслуживания и Территориального центра социальной помощи семье и детям г. Вологды"
    )
    short_title = "Приложение 2"
    note = "КЦСОН передаёт её 1–10 февраля и 25 сентября – 5 октября (регламент Вологодской области, п. 2.4)."
    agency_kinds = frozenset({AgencyKind.SOCIAL_CENTRE})
    required = ("employment", "family", "address")
    columns = (
        Column("№ п/п", "number", 5, Kind.NUMBER),
        Column("ФИО", "name", 22),
        Column("Дата рождения", "birth_date", 13),
        Column("Профессия", "profession", 18),
        Column("Трудоустройство", "employment", 22),
        Column("Семейное положение", "family", 16),
        Column("Адрес места пребывания", "address", 26),
        Column("Существующие проблемы", "problems", 24),
        Column("Проводимая работа специалиста по решению проблемы выпускника", "work_done", 30),
    )

    def belongs(self, session: Session, parameters: Parameters) -> list[ColumnElement[bool]]:
        """People for whose support the centre was responsible on the day: living in its district discloses nobody."""
        return [people.is_responsible(agency_of(parameters), parameters.on)]

    def cells(self, graduate: Graduate, parameters: Parameters, beside: str = "") -> tuple[Cell, ...]:
        on, agency_id = parameters.on, parameters.agency_id
        return (
            graduate.full_name,
            wording.birth_date_text(graduate.birth_date),
            wording.profession(graduate, on),
            wording.employment(graduate, on),
            wording.family(graduate, on),
            wording.address(graduate, on),
            wording.problems(graduate, on, agency_id),
            wording.work_done(graduate, on, agency_id, since(on)) or beside,
        )
