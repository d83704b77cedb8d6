"""The register of graduates as one table: the row of the data bank (kizil, stage 1) with who supports and how to reach.

Everything comes from one statement that is read as a stream, so the length of the register costs no memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.access import Viewer, visible_to
from models.circumstances import Address, AddressKind, Employment, FamilyStatus, Housing
from models.dictionaries import EmploymentStatus, HousingStatus, LegalStatus, MaritalStatus, SupportCategory
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, CategoryDecision, Problem
from models.territory import Agency
from reports import wording
from reports.base import Cell, Column, Kind, ListReport, Parameters, Row

CHUNK = 1000


@dataclass(frozen=True)
class RegistryParameters(Parameters):
    """`filters` and `order_by` are the list page's own, so that the file holds exactly what is shown."""

    filters: tuple[ColumnElement[bool], ...] = ()
    order_by: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = ()


class Registry(ListReport):
    code = "registry"
    title = "Реестр выпускников"
    short_title = "Реестр выпускников"
    note = "Все, кого вы вправе видеть, со сведениями банка данных, категорией, куратором и телефоном."
    is_of_one_agency = False
    is_signed = False
    columns: ClassVar[tuple[Column, ...]] = (
        Column("№ п/п", "number", 6, Kind.NUMBER),
        Column("Ф.И.О. выпускника", "name", 18),
        Column("Дата рождения", "birth_date", 11.5, Kind.DATE),
        Column("Место первичного выявления", "first_identified", 13),
        Column("Правовой статус", "legal_status", 16),
        Column("Регистрация", "registration", 17),
        Column("Адрес проживания", "residence", 17),
        Column("Семейное положение", "family", 11),
        Column("Обеспечение жильем, право постановки на льготный учет", "housing", 16),
        Column("Занятость", "employment", 14),
        Column("Факторы риска", "problems", 16),
        Column("Категория сопровождения", "category", 14.5),
        Column("Куратор", "curator", 13),
        Column("Ответственная организация", "agency", 15.5),
        Column("Телефон", "phone", 13.5),
    )

    def rows(
        self, session: Session, viewer: Viewer, parameters: Parameters, *, limit: int | None = None
    ) -> Iterator[Row]:
        query = registry_query(viewer, parameters).limit(limit).execution_options(yield_per=CHUNK)
        for number, record in enumerate(session.execute(query), start=1):
            yield Row(record.id, (number, *cells(record)))

    def count(self, session: Session, viewer: Viewer, parameters: Parameters) -> int:
        query = select(func.count(Graduate.id)).where(visible_to(viewer), *chosen_filters(parameters))
        return session.scalar(query) or 0


def chosen_filters(parameters: Parameters) -> Sequence[ColumnElement[bool]]:
    return parameters.filters if isinstance(parameters, RegistryParameters) else ()


def registry_query(viewer: Viewer, parameters: Parameters) -> Select[Any]:
    """One row per person: what holds on the day, ready to be worded."""
    on = parameters.on
    order_by = parameters.order_by if isinstance(parameters, RegistryParameters) else ()
    query = select(
        Graduate.id,
        Graduate.last_name,
        Graduate.first_name,
        Graduate.patronymic,
        Graduate.birth_date,
        Graduate.sex,
        Graduate.first_identified_place,
        LegalStatus.label.label("legal_status"),
        _address(AddressKind.REGISTRATION, on).label("registration"),
        _address(AddressKind.RESIDENCE, on).label("residence"),
        *_family_columns(),
        *_housing_columns(),
        *_employment_columns(),
        _open_problems(on).label("problems"),
        SupportCategory.label.label("category"),
        _curator(on).label("curator"),
        Agency.short_name.label("agency"),
        Graduate.current_phone,
    ).select_from(Graduate)
    joins: list[tuple[Any, ColumnElement[bool]]] = [
        (LegalStatus, LegalStatus.code == Graduate.legal_status_code),
        (Agency, Agency.id == Graduate.agency_id),
        (FamilyStatus, FamilyStatus.id == holding(FamilyStatus, on)),
        (MaritalStatus, MaritalStatus.code == FamilyStatus.status_code),
        (Housing, Housing.id == holding(Housing, on)),
        (HousingStatus, HousingStatus.code == Housing.status_code),
        (Employment, Employment.id == holding(Employment, on)),
        (EmploymentStatus, EmploymentStatus.code == Employment.status_code),
        (CategoryDecision, CategoryDecision.id == holding(CategoryDecision, on)),
        (SupportCategory, SupportCategory.code == CategoryDecision.category_code),
    ]
    for table, condition in joins:
        query = query.outerjoin(table, condition)
    order = order_by or (Graduate.name_key, Graduate.id)
    return query.where(visible_to(viewer), *chosen_filters(parameters)).order_by(*order)


def _family_columns() -> list[Any]:
    return [
        FamilyStatus.wording.label("family_wording"),
        FamilyStatus.children,
        MaritalStatus.code.label("marital_code"),
        MaritalStatus.label.label("marital_label"),
        MaritalStatus.label_female,
    ]


def _housing_columns() -> list[Any]:
    return [
        Housing.wording.label("housing_wording"),
        HousingStatus.code.label("housing_code"),
        HousingStatus.label.label("housing_label"),
        Housing.dwelling,
        Housing.queued_on,
        Housing.queue_number,
    ]


def _employment_columns() -> list[Any]:
    return [
        Employment.wording.label("employment_wording"),
        EmploymentStatus.code.label("employment_code"),
        EmploymentStatus.label.label("employment_label"),
        Employment.organisation,
        Employment.position,
    ]


# -- The fact that holds on a day, as `models.circumstances.as_of` chooses it ----------------------------------------


def holding(model: Any, on: date, *conditions: Any, value: str = "id") -> ScalarSelect[Any]:
    """A column of the newest fact of its kind that has begun by the day and has not ended."""
    fact = aliased(model)
    query = select(getattr(fact, value)).where(
        fact.graduate_id == Graduate.id,
        fact.starts_on <= on,
        or_(fact.ends_on.is_(None), fact.ends_on >= on),
        *(condition(fact) for condition in conditions),
    )
    return query.order_by(fact.starts_on.desc(), fact.id.desc()).limit(1).correlate(Graduate).scalar_subquery()


def _address(kind: AddressKind, on: date) -> ScalarSelect[Any]:
    return holding(Address, on, lambda address: address.kind == kind, value="text")


def _curator(on: date) -> ScalarSelect[Any]:
    return holding(Assignment, on, lambda assignment: assignment.kind == AssignmentKind.CURATOR, value="name")


def _open_problems(on: date) -> ScalarSelect[Any]:
    still_open = and_(Problem.found_on <= on, or_(Problem.resolved_on.is_(None), Problem.resolved_on > on))
    problems = (
        select(Problem.description)
        .where(Problem.graduate_id == Graduate.id, still_open)
        .order_by(Problem.found_on, Problem.id)
        .correlate(Graduate)
        .subquery()
    )
    return select(func.aggregate_strings(problems.c.description, "; ")).scalar_subquery()


# -- Words -----------------------------------------------------------------------------------------------------------


def cells(record: Sequence[Any]) -> tuple[Cell, ...]:
    """The columns after № п/п; taking the record apart at once is what makes a long register quick."""
    (
        _id, last_name, first_name, patronymic, birth_date, sex, place, legal_status, registration, residence,
        family_wording, children, marital, marital_label, marital_female,
        housing_wording, housing, housing_label, dwelling, queued_on, queue_number,
        employment_wording, employment, employment_label, organisation, position,
        problems, category, curator, agency, phone,
    ) = record  # fmt: skip
    if marital is not None and not family_wording:
        family_wording = wording.family_text(
            wording="",
            status=marital,
            label=marital_label,
            label_female=marital_female,
            children=children,
            sex=wording.sex_of(sex, patronymic),
        )
    if housing is not None and not housing_wording:
        housing_wording = wording.housing_text(
            wording="",
            status=housing,
            label=housing_label,
            dwelling=dwelling,
            queued_on=queued_on,
            queue_number=queue_number,
        )
    if employment is not None and not employment_wording:
        employment_wording = wording.employment_text(
            wording="", status=employment, label=employment_label, organisation=organisation, position=position
        )
    return (
        " ".join(part for part in (last_name, first_name, patronymic) if part),
        birth_date,
        place,
        legal_status,
        registration,
        residence,
        family_wording,
        housing_wording,
        employment_wording,
        problems,
        category,
        curator,
        agency,
        phone,
    )
