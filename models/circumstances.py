"""Dated facts of a life: placements, studies, work, family, housing, addresses.

A fact holds from `starts_on` until `ends_on` (the last day), or until a newer fact of its kind. Where an office states
a fact without its beginning, `starts_on` is the day of the statement and `is_start_known` is false.
`wording` keeps the office's own text of the fact: papers print it for as long as no structured field has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar, TypeVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import LabelledEnum, Line, LongText, Model, enum_column, one_of
from models.dictionaries import (
    EducationLevel,
    EmploymentStatus,
    HousingStatus,
    LeaveKind,
    MaritalStatus,
    PlacementForm,
    StudyStatus,
)
from models.graduates import Graduate
from models.people import OfGraduate
from models.territory import Agency, District

ENDS_AFTER_IT_STARTS = "ends_on IS NULL OR ends_on >= starts_on"


class Fact(OfGraduate):
    """A fact about a graduate with a beginning and perhaps an end."""

    # The structured fields that `wording` speaks of.
    __worded__: ClassVar[Iterable[str]] = ()

    starts_on: Mapped[date] = mapped_column(comment="It began; or, where unknown, it was stated on this day")
    is_start_known: Mapped[bool] = mapped_column(default=True)
    ends_on: Mapped[date | None] = mapped_column(comment="The last day")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint | Index, ...]:
        return (CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"), *cls.constraints())

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        return ()


F = TypeVar("F", bound=Fact)


def as_of(facts: Sequence[F], on: date) -> F | None:
    """The fact that holds on a day: begun by then, not ended; the newest where several hold."""
    holding = [f for f in facts if f.starts_on <= on and (f.ends_on is None or f.ends_on >= on)]
    return max(holding, key=lambda f: (f.starts_on, f.id or 1 << 62), default=None)


class Placement(OfGraduate, Model):
    """A stay in an institution or a family (пребывание), first to last day."""

    __tablename__ = "placement"
    __table_args__ = (CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),)

    form_code: Mapped[str] = mapped_column(ForeignKey("placement_form.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    place: Mapped[Line] = mapped_column(comment="The institution or the family, in words")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id", ondelete="RESTRICT"), index=True)
    ground: Mapped[Line] = mapped_column(comment="The act or order of placing, number and date")
    end_ground: Mapped[Line] = mapped_column(comment="Why it ended")

    form: Mapped[PlacementForm] = relationship()
    agency: Mapped[Agency | None] = relationship()
    district: Mapped[District | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="placements")


class Study(Fact, Model):
    """Education attained and the study going on (обучение), column 5 and 6 of Appendix 1."""

    __tablename__ = "study"
    __worded__ = ("level_code", "status_code", "organisation", "agency_id", "course")

    level_code: Mapped[str | None] = mapped_column(ForeignKey("education_level.code"), comment="Attained")
    status_code: Mapped[str | None] = mapped_column(ForeignKey("study_status.code"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    organisation: Mapped[Line] = mapped_column(comment="Where it is none of our agencies")
    course: Mapped[int | None]
    profession: Mapped[Line] = mapped_column(comment="Being learned, or learned; «нет» is kept as the office wrote it")
    is_state_funded: Mapped[bool | None]
    order: Mapped[Line] = mapped_column("order_text", comment="Admission, expulsion or leave: number and date")
    leave_code: Mapped[str | None] = mapped_column(ForeignKey("leave_kind.code"))
    leave_ends_on: Mapped[date | None]
    wording: Mapped[LongText]

    level: Mapped[EducationLevel | None] = relationship()
    status: Mapped[StudyStatus | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    leave: Mapped[LeaveKind | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="studies")

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        return (CheckConstraint("course IS NULL OR course BETWEEN 1 AND 9", name="course_is_1_to_9"),)


class Employment(Fact, Model):
    __tablename__ = "employment"
    __worded__ = ("status_code", "organisation", "position")

    status_code: Mapped[str] = mapped_column(ForeignKey("employment_status.code"))
    organisation: Mapped[Line]
    position: Mapped[Line]
    wording: Mapped[LongText]

    status: Mapped[EmploymentStatus] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="employments")


class Income(Fact, Model):
    """Means of living: wage, scholarship, pension, savings (kizil, indicator 2)."""

    __tablename__ = "income"

    source: Mapped[Line]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2), comment="Roubles a month")

    graduate: Mapped[Graduate] = relationship(back_populates="incomes")

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        return (
            CheckConstraint("source <> ''", name="has_source"),
            CheckConstraint("amount IS NULL OR amount >= 0", name="amount_is_not_negative"),
        )


class FamilyStatus(Fact, Model):
    __tablename__ = "family_status"
    __worded__ = ("status_code", "children")

    status_code: Mapped[str] = mapped_column(ForeignKey("marital_status.code"))
    children: Mapped[int] = mapped_column(default=0)
    wording: Mapped[LongText]

    status: Mapped[MaritalStatus] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="family_statuses")

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        return (CheckConstraint("children BETWEEN 0 AND 20", name="children_are_0_to_20"),)


class Housing(Fact, Model):
    """Housing and the waiting list for it (159-ФЗ, art. 8)."""

    __tablename__ = "housing"
    __worded__ = ("status_code", "dwelling")

    status_code: Mapped[str] = mapped_column(ForeignKey("housing_status.code"))
    dwelling: Mapped[Line] = mapped_column(comment="Address of the assigned or owned dwelling")
    is_uninhabitable: Mapped[bool] = mapped_column(default=False, comment="Living in it was found impossible")
    queued_on: Mapped[date | None] = mapped_column(comment="Entered on the list of those to be housed")
    queue_number: Mapped[str] = mapped_column(String(40), default="")
    queue_body: Mapped[Line] = mapped_column(comment="Who keeps the list")
    has_priority: Mapped[bool] = mapped_column(default=False, comment="Преимущественное право (since 15.12.2025)")
    contract: Mapped[Line] = mapped_column(comment="Contract of special lease, number and date")
    contract_ends_on: Mapped[date | None]
    wording: Mapped[LongText]

    status: Mapped[HousingStatus] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="housings")


class AddressKind(LabelledEnum):
    RESIDENCE = "residence", "место пребывания"
    REGISTRATION = "registration", "регистрация по месту жительства"
    TEMPORARY = "temporary", "временная регистрация"
    MAILING = "mailing", "для писем"


class Address(Fact, Model):
    __tablename__ = "address"

    kind: Mapped[AddressKind] = mapped_column(enum_column(AddressKind), default=AddressKind.RESIDENCE)
    text: Mapped[str] = mapped_column(String(500))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id", ondelete="RESTRICT"), index=True)

    district: Mapped[District | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="addresses")

    @classmethod
    def constraints(cls) -> tuple[CheckConstraint | Index, ...]:
        return (CheckConstraint("text <> ''", name="has_text"), one_of("kind", AddressKind))


class Situation(Fact, Model):
    """What an office says in its half-year form: problems in its own words, and the work done (columns 11 and 12)."""

    __tablename__ = "situation"

    problems: Mapped[LongText] = mapped_column(comment="Word for word; «нет» too")
    work_done: Mapped[LongText]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)

    agency: Mapped[Agency | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="situations")
