"""«Список поступивших из замещающих семей» (syzran, cl. 1.1): whom a guardianship body reports from 1 to 15 September.

Somebody stands in it who is of the body's districts or its own, not past the last eligible day, has lived in a foster
family, and learns a trade on the day: the present study goes on or is on leave, at a college of the directory or for a
profession. Admitted this year is whoever was not yet at that school before 1 June, when colleges begin to take in.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from models.access import Viewer, visible_to
from models.circumstances import Placement, Study, as_of
from models.files import PersonalFile
from models.graduates import Graduate
from models.territory import Agency, AgencyKind
from reports import people, wording
from reports.base import Cell, Column, Kind, LeftOut, Option, Parameters
from reports.completeness import SubmittedList
from reports.eligibility import earliest_eligible_birth_date
from reports.registry import holding
from reports.vologda import agency_of, in_order, left_out, past_age

GOES_ON = ("studying", "leave")
NO_PROFESSION = ("", "нет", "-", "–", "—")
FOSTER_PARENT = "foster_parent"
FIRST_MONTH = 6  # of admission
ADMITTED, ALL = "admitted", "all"
NO_FAMILY = "не указаны сроки пребывания в замещающей семье"
NO_SCHOOL = "учится, но не указаны колледж и профессия"
FACTS: tuple[Any, ...] = (
    selectinload(Graduate.placements).joinedload(Placement.form, innerjoin=True),
    selectinload(Graduate.studies).joinedload(Study.agency),
    selectinload(Graduate.close_persons),
)


class EnrolledList(SubmittedList):
    code = "enrolled-list"
    title = (
        "Список детей-сирот и детей, оставшихся без попечения родителей, из замещающих семей, поступивших "
        "в профессиональные образовательные организации"
    )
    short_title = "Список поступивших"
    note = "Опека передаёт его 1–15 сентября центру «Надежда» и службе сопровождения (порядок Сызрани, п. 1.1)."
    agency_kinds = frozenset({AgencyKind.GUARDIANSHIP})
    options: ClassVar = (
        Option("who", "Кого включить", ((ADMITTED, "поступивших в этом учебном году"), (ALL, "всех, кто учится"))),
    )
    required = ("family", "organisation", "profession", "admitted_on")
    columns = (
        Column("№ п/п", "number", 5, Kind.NUMBER),
        Column("ФИО", "name", 20),
        Column("Дата рождения", "birth_date", 11.5, Kind.DATE),
        Column("Замещающая семья, опекун", "family", 30),
        Column("Номер учёта", "register_number", 9),
        Column("Образовательная организация", "organisation", 24),
        Column("Программа", "profession", 20),
        Column("Курс", "course", 7, Kind.NUMBER),
        Column("Дата зачисления", "admitted_on", 11.5, Kind.DATE),
        Column("Телефон", "phone", 17),
    )

    def listed(self, session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
        born_since = earliest_eligible_birth_date(parameters.on)
        return _learning(session, viewer, parameters).where(
            people.was_in_foster_family(parameters.on), _learns_trade(), Graduate.birth_date >= born_since
        )

    def left_out(self, session: Session, viewer: Viewer, parameters: Parameters) -> list[LeftOut]:
        """Who is past the age, whose family or whose school nobody has recorded."""
        on = parameters.on
        query = _learning(session, viewer, parameters)
        in_family, is_young = people.was_in_foster_family(on), Graduate.birth_date >= earliest_eligible_birth_date(on)
        too_old = session.scalars(in_order(query.where(in_family, _learns_trade(), ~is_young)))
        no_family = session.scalars(in_order(query.where(~people.has_placement(on), _learns_trade(), is_young)))
        no_school = session.scalars(in_order(query.where(in_family, _may_learn_trade(), is_young)))
        return [
            *(left_out(graduate, past_age(graduate.birth_date)) for graduate in too_old),
            *(left_out(graduate, NO_FAMILY) for graduate in no_family),
            *(left_out(graduate, NO_SCHOOL) for graduate in no_school),
        ]

    def words_beside(self, session: Session, people: Sequence[Graduate], parameters: Parameters) -> dict[int, str]:
        """Under which number the body keeps each person's file."""
        kept = select(PersonalFile.graduate_id, PersonalFile.number).where(
            PersonalFile.agency_id == agency_of(parameters), PersonalFile.graduate_id.in_([one.id for one in people])
        )
        return {graduate_id: str(number) for graduate_id, number in session.execute(kept)}

    def cells(self, graduate: Graduate, parameters: Parameters, beside: str = "") -> tuple[Cell, ...]:
        study = as_of(graduate.studies, parameters.on)
        return (
            graduate.full_name,
            graduate.birth_date,
            foster_family(graduate, parameters.on),
            beside,
            school_of(study),
            study.profession if study else "",
            study.course if study else None,
            admitted_on(graduate, parameters.on),
            graduate.current_phone,
        )


# -- Whose names -----------------------------------------------------------------------------------------------------


def _learning(session: Session, viewer: Viewer, parameters: Parameters) -> Select[Graduate]:
    """People of the body whose study goes on, those admitted this year unless all are asked for."""
    on = parameters.on
    query = select(Graduate).join(Study, Study.id == holding(Study, on)).outerjoin(Agency, Agency.id == Study.agency_id)
    query = query.where(
        visible_to(viewer),
        people.of_guardianship(session, agency_of(parameters), on),
        Study.status_code.in_(GOES_ON),
    )
    if parameters.chosen.get("who", ADMITTED) == ADMITTED:
        query = query.where(_was_admitted_since(admission_of(on)))
    return query.options(*FACTS)


def admission_of(on: date) -> date:
    """The first day of the admission to the school year of a day."""
    return date(on.year if on.month >= FIRST_MONTH else on.year - 1, FIRST_MONTH, 1)


def _was_admitted_since(day: date) -> ColumnElement[bool]:
    """Not at the present school before the day; where only a statement is dated, in the first course at most."""
    before = aliased(Study)
    same_school = or_(
        before.agency_id == Study.agency_id,
        and_(before.agency_id.is_(None), Study.agency_id.is_(None), before.organisation == Study.organisation),
    )
    was_there = exists().where(
        before.graduate_id == Graduate.id, before.starts_on < day, before.status_code.in_(GOES_ON), same_school
    )
    is_new = or_(Study.is_start_known, Study.course.is_(None), Study.course == 1)
    return and_(Study.starts_on >= day, is_new, ~was_there.correlate(Graduate, Study))


def _learns_trade() -> ColumnElement[bool]:
    return or_(_at_college(), Study.profession.not_in(NO_PROFESSION))


def _at_college() -> ColumnElement[bool]:
    return and_(Study.agency_id.is_not(None), Agency.kind == AgencyKind.COLLEGE)


def _may_learn_trade() -> ColumnElement[bool]:
    """School is behind, but where and what the person learns is not told."""
    has_finished = or_(Study.level_code.is_(None), Study.level_code != "none")
    return and_(Study.agency_id.is_(None), Study.profession.in_(NO_PROFESSION), has_finished)


# -- In words --------------------------------------------------------------------------------------------------------


def foster_family(graduate: Graduate, on: date) -> str:
    """«приёмная семья Лебедевых, 23.04.2015 г-14.08.2025; Лебедева А. И.»: families, then foster parents."""
    stays = [_stay(stay) for stay in wording.family_stays(graduate, on)]
    parents = [one.name for one in graduate.close_persons if one.kinship_code == FOSTER_PARENT]
    return "; ".join([*stays, *parents])


def _stay(stay: Placement) -> str:
    kind = stay.form.label
    place = stay.place if stay.place.lower().startswith(kind.lower()) else ", ".join(filter(None, (kind, stay.place)))
    return f"{place}, {wording.period_text(stay.starts_on, stay.ends_on)}"


def school_of(study: Study | None) -> str:
    if study is None:
        return ""
    return study.agency.short_name if study.agency else study.organisation


def admitted_on(graduate: Graduate, on: date) -> date | None:
    """The first day at the present school, where it is known."""
    school = school_of(as_of(graduate.studies, on))
    there = [one for one in graduate.studies if one.starts_on <= on and school_of(one) == school]
    first = min(there, key=lambda one: (one.starts_on, one.id), default=None)
    return first.starts_on if school and first and first.is_start_known else None
