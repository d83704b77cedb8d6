"""How people live on a day: work and study, housing, family, the law (domain §6.2, 2–5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_

from models.circumstances import Employment, FamilyStatus, Housing, Study
from models.dictionaries import EducationLevel, EmploymentStatus, HousingStatus, StudyStatus
from models.graduates import Graduate, Sex
from models.support import OffenceRecord, Problem
from reports import scope
from reports.base import Desk
from reports.classifiers import of_dictionary
from reports.figures import CountLine, LineTable, Records, Table
from reports.grids import ClosedTable
from reports.movement import of_people

ALONE = ("single", "divorced", "widowed")
NOWHERE = "записи нет"
OF_THE_LAW = (
    ("offence", "Открыта проблема «правонарушение, судимость»"),
    ("addiction", "Открыта проблема «зависимость»"),
    ("released", "Прибыли из мест лишения свободы"),
)


def occupation(desk: Desk, people: Records) -> list[Table]:
    """Section 2."""
    on, session = desk.parameters.on, desk.session
    employment = scope.fact(Employment, on, "status_code")
    level, study = (scope.fact(Study, on, column) for column in ("level_code", "status_code"))
    return [
        of_people(
            *(people, "employment", "Занятость", "Чем занят"),
            *(employment, of_dictionary(session, EmploymentStatus), NOWHERE),
        ),
        of_people(
            *(people, "education", "Образование", "Уровень"),
            *(level, of_dictionary(session, EducationLevel), NOWHERE),
        ),
        of_people(
            *(people, "study", "Обучение", "Как учится"),
            *(study, of_dictionary(session, StudyStatus), NOWHERE),
        ),
    ]


def housing(desk: Desk, people: Records) -> Table:
    """Section 3."""
    status = scope.fact(Housing, desk.parameters.on, "status_code")
    lines = of_dictionary(desk.session, HousingStatus)
    return of_people(people, "housing", "Жильё", "Обеспеченность жильём", status, lines, NOWHERE)


def family(desk: Desk, people: Records) -> Table:
    """Section 4. Nothing but problems tells that somebody was deprived of parental rights."""
    on = desk.parameters.on
    status = scope.fact(FamilyStatus, on, "status_code")
    has_children = func.coalesce(scope.fact(FamilyStatus, on, "children"), 0) > 0
    is_mother_alone = and_(Graduate.sex == Sex.FEMALE, has_children, status.in_(ALONE))
    lines = (
        CountLine("all", "Всего на сопровождении", people),
        CountLine("married", "В браке", people.narrowed(status == "married")),
        CountLine("partnership", "В фактических отношениях", people.narrowed(status == "partnership")),
        CountLine("parents", "Имеют детей", people.narrowed(has_children)),
        CountLine("mothers", "Матери-одиночки", people.narrowed(is_mother_alone)),
        CountLine("at-risk", "Дети под риском", people.narrowed(has_open_problem(on, "children_at_risk"))),
    )
    note = (
        "Мать-одиночка – женщина с детьми, которая не замужем, в разводе или вдова. Лишение и ограничение родительских "
        "прав отмечают в карточке проблемой «дети под риском»."
    )
    return LineTable("family", "Семья", "Показатель", lines, "Человек", note)


def law(desk: Desk, people: Records) -> Table:
    """Section 5: how many, never who."""
    on, span = desk.parameters.on, desk.parameters.span
    ids = people.select(people.person)
    conditions = (OffenceRecord.graduate_id.in_(ids), scope.during(OffenceRecord.recorded_on, span))
    offences = Records(OffenceRecord, conditions, person=OffenceRecord.graduate_id, day=OffenceRecord.recorded_on)
    problems = [CountLine(code, label, people.narrowed(has_open_problem(on, code))) for code, label in OF_THE_LAW]
    is_away = scope.fact(Employment, on, "status_code") == "imprisoned"
    lines = (
        CountLine("offences", "Записей о правонарушениях за период", offences),
        CountLine("offenders", "О скольких людях эти записи", offences, of_people=True),
        CountLine("imprisoned", "В местах лишения свободы", people.narrowed(is_away)),
        *problems,
    )
    note = "Только числа: список людей за ними не показывается."
    return ClosedTable(LineTable("law", "Правопорядок", "Показатель", lines, note=note))


def has_open_problem(on: date, *kinds: str) -> ColumnElement[bool]:
    p = Problem
    is_open = and_(p.found_on <= on, or_(p.resolved_on.is_(None), p.resolved_on > on))
    return exists().where(p.graduate_id == Graduate.id, p.kind_code.in_(kinds), is_open).correlate(Graduate)
