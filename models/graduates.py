"""The graduate: who he or she is, and where the card's current facts stand."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.dictionaries import CareLossReason, ExitGround, LegalStatus
from models.dictionaries import EmploymentStatus as EmploymentStatusEntry
from models.dictionaries import HousingStatus as HousingStatusEntry
from models.dictionaries import MaritalStatus as MaritalStatusEntry
from models.dictionaries import SupportCategory as SupportCategoryEntry
from models.territory import Agency, District

if TYPE_CHECKING:
    from models.circumstances import Address, Employment, FamilyStatus, Housing, Income, Placement, Situation, Study
    from models.people import ClosePerson, Contact, Dependant, IdentityDocument
    from models.support import (
        Assignment,
        CategoryDecision,
        Consent,
        HealthRecord,
        OffenceRecord,
        Problem,
        Responsibility,
        SectionCheck,
    )

# Byte order on both databases, so that sorting and keyset paging mean the same everywhere.
SortableText = String(420).with_variant(String(420, collation="C"), "postgresql")


ACCESS = ("agency_id", "district_id", "origin_district_id")


def _of_kept(name: str, *columns: str) -> Index:
    """An index of the cards that are not deleted."""
    condition = text("deleted_at IS NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


class Sex(LabelledEnum):
    UNKNOWN = "unknown", "не указан"
    MALE = "male", "мужской"
    FEMALE = "female", "женский"


class SupportStage(LabelledEnum):
    """How far support has come; it follows from the records (models.stages), nobody sets it."""

    APPLICATION = "application", "заявление"
    CONTRACT = "contract", "договор"
    PLAN = "plan", "план"
    SUPPORT = "support", "сопровождение"
    CONCLUSION = "conclusion", "заключение"
    REMOVED = "removed", "снят"


class Graduate(Versioned, Model):
    """A person who leaves an orphanage or a foster family (выпускник)."""

    __tablename__ = "graduate"
    __table_args__ = (
        one_of("sex", Sex),
        one_of("stage", SupportStage),
        CheckConstraint("last_name <> '' AND first_name <> ''", name="has_last_and_first_name"),
        CheckConstraint("birth_date >= '1980-01-01'", name="born_since_1980"),
        CheckConstraint("snils IN ('') OR length(snils) = 11", name="snils_has_11_digits"),
        CheckConstraint("current_children >= 0", name="children_are_not_negative"),
        CheckConstraint("left_on IS NULL OR left_on > birth_date", name="left_after_birth"),
        # What the access rule asks stands in the indexes of the lists, so that strangers are passed over unread.
        _of_kept("ix_graduate_list", "name_key", "id", *ACCESS),  # the list in its default order
        _of_kept("ix_graduate_access", *ACCESS, "id"),  # how many people somebody sees
        Index("ix_graduate_identity", "name_key", "birth_date"),  # the same person in an import
        Index("ix_graduate_agency_list", "agency_id", "name_key", "id"),  # the list of one agency
        Index("ix_graduate_district_list", "district_id", "name_key", "id"),  # the list of one district
        Index("ix_graduate_origin_list", "origin_district_id", "name_key", "id"),  # the same by origin
        _of_kept("ix_graduate_birth_date", "birth_date", "id", *ACCESS),  # sorted by age; who turns 23
        Index("ix_graduate_category", "category_code", "name_key", "id"),  # «кто на кризисном сопровождении»
        Index("ix_graduate_stage", "stage", "name_key", "id"),  # «у кого заявление без договора»
        Index("ix_graduate_snils", "snils"),  # identity
    )
    __unaudited__: ClassVar = ("version", "name_key", "search_text", "updated_at", "stage", "support_ends_on")

    id: Mapped[Id]
    last_name: Mapped[Name]
    first_name: Mapped[Name]
    patronymic: Mapped[Name] = mapped_column(default="", comment="Empty where there is none")
    former_names: Mapped[Line]
    birth_date: Mapped[date]
    sex: Mapped[Sex] = mapped_column(enum_column(Sex), default=Sex.UNKNOWN)
    citizenship: Mapped[Line]
    snils: Mapped[str] = mapped_column(String(11), default="", comment="11 digits, or empty")
    oms_policy: Mapped[str] = mapped_column(String(20), default="")

    legal_status_code: Mapped[str | None] = mapped_column(ForeignKey("legal_status.code"))
    care_loss_reason_code: Mapped[str | None] = mapped_column(ForeignKey("care_loss_reason.code"))
    legal_status_ground: Mapped[Line] = mapped_column(comment="The document that gives the status")
    first_identified_place: Mapped[Line] = mapped_column(comment="Place of first identification (kizil, stage 1)")
    first_identified_on: Mapped[date | None]
    exit_ground_code: Mapped[str | None] = mapped_column(ForeignKey("exit_ground.code"))
    exit_document: Mapped[Line] = mapped_column(comment="Order of leaving or act of guardianship: number and date")
    left_on: Mapped[date | None] = mapped_column(comment="Left the institution, or guardianship ended")
    graduating_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    is_volunteer: Mapped[bool] = mapped_column(default=False, comment="Helps other graduates (vologda 1.2)")
    note: Mapped[LongText]

    agency_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), comment="Responsible for the current support; sees and edits"
    )
    origin_district_id: Mapped[int | None] = mapped_column(
        ForeignKey("district.id", ondelete="RESTRICT"), comment="Where guardianship or the institution was"
    )

    # Derived from the dated facts at every flush (models/derived.py), for lists and filters.
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("district.id", ondelete="RESTRICT"), comment="Of the present address of stay"
    )
    category_code: Mapped[str | None] = mapped_column(ForeignKey("support_category.code"))
    current_employment_code: Mapped[str | None] = mapped_column(ForeignKey("employment_status.code"))
    current_marital_code: Mapped[str | None] = mapped_column(ForeignKey("marital_status.code"))
    current_children: Mapped[int] = mapped_column(default=0)
    current_housing_code: Mapped[str | None] = mapped_column(ForeignKey("housing_status.code"))
    current_address: Mapped[str] = mapped_column(String(500), default="")
    current_profession: Mapped[Line]
    current_phone: Mapped[str] = mapped_column(String(60), default="")
    curator_name: Mapped[str] = mapped_column(String(200), default="")
    open_problems: Mapped[int] = mapped_column(default=0, comment="How many stand open")
    # Follows from applications, contracts and plans (models.stages).
    stage: Mapped[SupportStage | None] = mapped_column(enum_column(SupportStage), comment="How far support has come")
    support_ends_on: Mapped[date | None] = mapped_column(comment="The last day of the contract in force")

    name_key: Mapped[str] = mapped_column(SortableText, comment="Lower case, ё as е, hyphens as spaces")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Names, dates, numbers: what search looks in")

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Soft; the administrator restores")

    agency: Mapped[Agency | None] = relationship(foreign_keys=agency_id)
    graduating_agency: Mapped[Agency | None] = relationship(foreign_keys=graduating_agency_id)
    district: Mapped[District | None] = relationship(foreign_keys=district_id)
    origin_district: Mapped[District | None] = relationship(foreign_keys=origin_district_id)
    legal_status: Mapped[LegalStatus | None] = relationship()
    care_loss_reason: Mapped[CareLossReason | None] = relationship()
    exit_ground: Mapped[ExitGround | None] = relationship()
    category: Mapped[SupportCategoryEntry | None] = relationship()
    current_employment: Mapped[EmploymentStatusEntry | None] = relationship()
    current_marital: Mapped[MaritalStatusEntry | None] = relationship()
    current_housing: Mapped[HousingStatusEntry | None] = relationship()

    documents: Mapped[list[IdentityDocument]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="IdentityDocument.id"
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Contact.id"
    )
    close_persons: Mapped[list[ClosePerson]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="ClosePerson.id"
    )
    dependants: Mapped[list[Dependant]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Dependant.id"
    )
    placements: Mapped[list[Placement]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Placement.starts_on"
    )
    studies: Mapped[list[Study]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Study.starts_on"
    )
    employments: Mapped[list[Employment]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Employment.starts_on"
    )
    incomes: Mapped[list[Income]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Income.starts_on"
    )
    family_statuses: Mapped[list[FamilyStatus]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="FamilyStatus.starts_on"
    )
    housings: Mapped[list[Housing]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Housing.starts_on"
    )
    addresses: Mapped[list[Address]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Address.starts_on"
    )
    situations: Mapped[list[Situation]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Situation.starts_on"
    )
    problems: Mapped[list[Problem]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Problem.found_on"
    )
    category_decisions: Mapped[list[CategoryDecision]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="CategoryDecision.starts_on"
    )
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Assignment.starts_on"
    )
    consents: Mapped[list[Consent]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Consent.given_on"
    )
    responsibilities: Mapped[list[Responsibility]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="Responsibility.starts_on"
    )
    section_checks: Mapped[list[SectionCheck]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="SectionCheck.id"
    )
    health_records: Mapped[list[HealthRecord]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="HealthRecord.id"
    )
    offence_records: Mapped[list[OffenceRecord]] = relationship(
        back_populates="graduate", cascade="all, delete-orphan", order_by="OffenceRecord.id"
    )

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    def age_on(self, day: date) -> int:
        return full_years(self.birth_date, day)

    def __str__(self) -> str:
        return self.full_name


def full_years(birth_date: date, day: date) -> int:
    """Full years of age on a day; 29 February counts as 28 February in a common year (art. 192 of the Civil Code)."""
    birthday = (birth_date.month, birth_date.day)
    if birthday == (2, 29) and not isleap(day.year):
        birthday = (2, 28)
    return day.year - birth_date.year - ((day.month, day.day) < birthday)
