"""What is done about a graduate: problems, category, people assigned, consents, restricted records."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import LabelledEnum, Line, LongText, Model, Name, enum_column, one_of
from models.circumstances import ENDS_AFTER_IT_STARTS
from models.dictionaries import ConsentPurpose, IdentificationChannel, ProblemKind, SupportCategory
from models.graduates import Graduate
from models.people import OfGraduate
from models.territory import Agency
from models.users import User


class FieldGroup(LabelledEnum):
    """Fields that only those named on the group may read (access.md)."""

    HEALTH = "health", "здоровье"
    OFFENCES = "offences", "правонарушения"
    PSYCHOLOGY = "psychology", "психология"


class Problem(OfGraduate, Model):
    """A problem or risk factor (domain §5.8); open until resolved."""

    __tablename__ = "problem"
    __table_args__ = (
        CheckConstraint("description <> ''", name="has_description"),
        CheckConstraint("severity IS NULL OR severity BETWEEN 1 AND 3", name="severity_is_1_to_3"),
        CheckConstraint("resolved_on IS NULL OR resolved_on >= found_on", name="resolved_after_it_was_found"),
    )

    kind_code: Mapped[str | None] = mapped_column(ForeignKey("problem_kind.code"), index=True)
    description: Mapped[Line]
    severity: Mapped[int | None] = mapped_column(comment="1 light, 2 serious, 3 critical")
    found_on: Mapped[date]
    source_code: Mapped[str | None] = mapped_column(
        ForeignKey("identification_channel.code"), comment="How it became known (vologda 4.3)"
    )
    resolved_on: Mapped[date | None]
    resolution: Mapped[Line]

    kind: Mapped[ProblemKind | None] = relationship()
    source: Mapped[IdentificationChannel | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="problems")

    def is_open_on(self, day: date) -> bool:
        return self.found_on <= day and (self.resolved_on is None or self.resolved_on > day)


class CategoryDecision(OfGraduate, Model):
    """A decision on the category of support: crisis, active, stable (kizil, stage 2)."""

    __tablename__ = "category_decision"
    __table_args__ = (CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),)

    category_code: Mapped[str] = mapped_column(ForeignKey("support_category.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ground: Mapped[Line]
    decided_by: Mapped[Line]

    category: Mapped[SupportCategory] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="category_decisions")


class AssignmentKind(LabelledEnum):
    CURATOR = "curator", "куратор"
    MENTOR = "mentor", "наставник"
    DISTRICT_SPECIALIST = "district_specialist", "участковый специалист"


class Assignment(OfGraduate, Model):
    """A curator, mentor or district specialist of the person, by an order (vologda 2.1, 2.4; krasnoyarsk 3.6)."""

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("kind", AssignmentKind),
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
        CheckConstraint("name <> ''", name="has_name"),
        Index("ix_assignment_user_id_starts_on", "user_id", "starts_on", "ends_on", "graduate_id"),  # whom do I have
    )

    kind: Mapped[AssignmentKind] = mapped_column(enum_column(AssignmentKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    name: Mapped[Name] = mapped_column(comment="As in the order; stays when the user leaves")
    position: Mapped[Line]
    phone: Mapped[Line]
    order_number: Mapped[Line]
    order_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="assignments")


class Consent(OfGraduate, Model):
    """A separate consent for one purpose (152-ФЗ art. 9; a document of its own since 01.09.2025)."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= given_on", name="withdrawn_after_it_was_given"),
        CheckConstraint("valid_until IS NULL OR valid_until >= given_on", name="valid_after_it_was_given"),
    )

    purpose_code: Mapped[str] = mapped_column(ForeignKey("consent_purpose.code"))
    given_on: Mapped[date]
    valid_until: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    document: Mapped[Line] = mapped_column(comment="Number and place of the signed sheet")
    permitted_data: Mapped[Line]
    agency_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), index=True, comment="The operator to whom it was given"
    )

    purpose: Mapped[ConsentPurpose] = relationship()
    agency: Mapped[Agency | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="consents")


class Responsibility(OfGraduate, Model):
    """Which agency has been responsible for the person's support, and when."""

    __tablename__ = "responsibility"
    __table_args__ = (
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
        Index("ix_responsibility_agency_id_ends_on", "agency_id", "ends_on", "graduate_id"),  # a former agency reads
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ground: Mapped[Line]

    agency: Mapped[Agency] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="responsibilities")


class Section(LabelledEnum):
    """Sections of the card that are confirmed as fresh one by one («проверено»)."""

    IDENTITY = "identity", "Личность и документы"
    ORIGIN = "origin", "Статус и происхождение"
    CONTACTS = "contacts", "Адреса и контакты"
    EDUCATION = "education", "Образование"
    EMPLOYMENT = "employment", "Занятость и доходы"
    FAMILY = "family", "Семья и близкие"
    HOUSING = "housing", "Жильё"
    PROBLEMS = "problems", "Проблемы и категория"
    SUPPORT = "support", "Сопровождение"


class SectionCheck(OfGraduate, Model):
    __tablename__ = "section_check"
    __table_args__ = (UniqueConstraint("graduate_id", "section"), one_of("section", Section))

    section: Mapped[Section] = mapped_column(enum_column(Section))
    checked_on: Mapped[date]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    checked_by: Mapped[User | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="section_checks")


class HealthRecord(OfGraduate, Model):
    """Disability, ПМПК conclusion, pregnancy: a special category of data (152-ФЗ art. 10)."""

    __tablename__ = "health_record"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)

    recorded_on: Mapped[date]
    text: Mapped[LongText]
    valid_until: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    author: Mapped[User | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="health_records")


class OffenceRecord(OfGraduate, Model):
    """Offences, release from prison; minimum of detail (152-ФЗ art. 10, part 3)."""

    __tablename__ = "offence_record"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)

    recorded_on: Mapped[date]
    text: Mapped[LongText]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    author: Mapped[User | None] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="offence_records")


class FieldGroupMember(Model):
    """A user named on a field group by the administrator, beside the author, the curator and the head."""

    __tablename__ = "field_group_member"
    __table_args__ = (UniqueConstraint("user_id", "field_group"), one_of("field_group", FieldGroup))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    field_group: Mapped[FieldGroup] = mapped_column(enum_column(FieldGroup))

    user: Mapped[User] = relationship()
