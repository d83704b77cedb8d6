"""The people of whom rules speak, as they are on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from models.assessments import Examination
from models.circumstances import Placement, Study
from models.dictionaries import PlacementForm
from models.graduates import Graduate, full_years
from models.people import Dependant
from models.rule_terms import Condition, Who
from models.support import Assignment, AssignmentKind, HealthRecord

CHUNK = 5000
SCHOOL = ("none", "basic", "secondary", "special")  # No profession yet.


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the people: some by number, or a range of numbers. No range and nobody by number: everybody."""

    ids: tuple[int, ...] = ()
    first: int = 0
    last: int = 0

    def holds(self, column: Any) -> ColumnElement[bool]:
        if self.ids:
            return column.in_(self.ids)  # type: ignore[no-any-return]
        return column.between(self.first, self.last)  # type: ignore[no-any-return]


def everybody(session: Session) -> Iterator[Scope]:
    """All people, a manageable number at a time."""
    highest = session.scalar(select(func.max(Graduate.id))) or 0
    for first in range(1, highest + 1, CHUNK):
        yield Scope(first=first, last=first + CHUNK - 1)


class Where(NamedTuple):
    """The organisations and districts that a person has to do with."""

    agency_id: int | None
    graduating_agency_id: int | None
    origin_district_id: int | None
    district_id: int | None
    college_id: int | None


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    where: Where
    birth_date: date
    category_code: str | None
    children: int
    study_status: str | None
    study_level: str | None
    profession: str
    is_from_family: bool
    is_from_institution: bool
    has_valid_examination: bool
    has_mentor: bool

    def is_among(self, who: Who, on: date) -> bool:
        if who is Who.ALL:
            return True
        if who is Who.STUDENTS:
            return self.study_status == "studying" and (self.where.college_id is not None or self.profession != "")
        if who is Who.SCHOOL_LEAVERS:
            no_profession = self.profession == "" and self.study_level in SCHOOL
            return no_profession and 14 <= full_years(self.birth_date, on) <= 20
        if who is Who.MINORS:
            return full_years(self.birth_date, on) < 18
        if who is Who.CRISIS:
            return self.category_code == "crisis"
        return self.children > 0

    def meets(self, condition: Condition | None, on: date) -> bool:
        if condition is None:
            return True
        match condition:
            case Condition.NO_VALID_EXAMINATION:
                return not self.has_valid_examination
            case Condition.MENTOR_MISSING:
                return not self.has_mentor
            case Condition.HAS_CHILDREN:
                return self.children > 0
            case Condition.AGED_14_18:
                return 14 <= full_years(self.birth_date, on) < 18
            case Condition.FROM_FAMILY:
                return self.is_from_family
        return self.is_from_institution


def load_people(session: Session, *, scope: Scope, on: date) -> dict[int, Person]:
    """People of a scope whose cards are not removed, by number: one statement."""
    studies = _newest_studies(scope, on)
    care = _newest_placements(scope)
    examined = or_(_is_examined(on), _is_examination_told(on))
    born = (Graduate.current_children == 0) & exists().where(Dependant.graduate_id == Graduate.id)
    mentored = exists().where(
        Assignment.graduate_id == Graduate.id,
        Assignment.kind == AssignmentKind.MENTOR,
        Assignment.starts_on <= on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
    )
    query = (
        select(
            Graduate.id,
            Graduate.agency_id,
            Graduate.graduating_agency_id,
            Graduate.origin_district_id,
            Graduate.district_id,
            studies.c.agency_id,
            Graduate.birth_date,
            Graduate.category_code,
            case((born, 1), else_=Graduate.current_children),
            studies.c.status_code,
            studies.c.level_code,
            func.coalesce(studies.c.profession, ""),
            func.coalesce(care.c.is_family, False),
            and_(care.c.is_family.is_not(None), care.c.form_code == "institution"),
            examined,
            mentored,
        )
        .outerjoin(studies, studies.c.graduate_id == Graduate.id)
        .outerjoin(care, care.c.graduate_id == Graduate.id)
        .where(scope.holds(Graduate.id), Graduate.deleted_at.is_(None))
    )
    return {row[0]: Person(row[0], Where(*row[1:6]), *row[6:]) for row in session.execute(query)}


def _is_examined(on: date) -> ColumnElement[bool]:
    """A conclusion of the commission holds on a day."""
    return exists().where(
        Examination.graduate_id == Graduate.id,
        Examination.annulled_on.is_(None),
        Examination.held_on <= on,
        or_(Examination.valid_until.is_(None), Examination.valid_until >= on),
    )


def _is_examination_told(on: date) -> ColumnElement[bool]:
    """The same, noted in the words of a card's health record before conclusions had a register of their own."""
    return exists().where(
        HealthRecord.graduate_id == Graduate.id, HealthRecord.valid_until >= on, HealthRecord.text.like("%ПМПК%")
    )


def _newest_studies(scope: Scope, on: date) -> Any:
    """The study that holds on a day, one for a person."""
    rank = func.row_number().over(
        partition_by=Study.graduate_id, order_by=(Study.ends_on.is_not(None), Study.starts_on.desc(), Study.id.desc())
    )
    ranked = (
        select(
            Study.graduate_id,
            Study.status_code,
            Study.level_code,
            Study.profession,
            Study.agency_id,
            rank.label("rank"),
        )
        .where(scope.holds(Study.graduate_id), Study.starts_on <= on)
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1).subquery()


def _newest_placements(scope: Scope) -> Any:
    """The last form of care, one for a person."""
    rank = func.row_number().over(
        partition_by=Placement.graduate_id, order_by=(Placement.starts_on.desc(), Placement.id.desc())
    )
    ranked = (
        select(Placement.graduate_id, Placement.form_code, PlacementForm.is_family, rank.label("rank"))
        .join(PlacementForm, PlacementForm.code == Placement.form_code)
        .where(scope.holds(Placement.graduate_id))
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1).subquery()


def scope_of(ids: Sequence[int]) -> Scope:
    return Scope(ids=tuple(sorted(set(ids))))
