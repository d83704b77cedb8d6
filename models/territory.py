"""Districts, the organisations that serve them, and what they agreed with one another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Code, Id, LabelledEnum, Line, LongText, Model, Name, Versioned, enum_column, one_of

if TYPE_CHECKING:
    from models.regulations import AgencyRegulation


class AgencyKind(LabelledEnum):
    """Who takes part in the interaction (domain §5.12)."""

    GUARDIANSHIP = "guardianship", "орган опеки и попечительства"
    CARE_CENTRE = "care_centre", "центр помощи детям (ЦПД)"
    SUPPORT_SERVICE = "support_service", "служба сопровождения"
    SOCIAL_CENTRE = "social_centre", "центр социального обслуживания (КЦСОН)"
    COLLEGE = "college", "профессиональная образовательная организация"
    EMPLOYMENT_CENTRE = "employment_centre", "центр занятости"
    HEALTHCARE = "healthcare", "медицинская организация"
    MEDICAL_COMMISSION = "medical_commission", "ПМПК"
    REGIONAL_OPERATOR = "regional_operator", "региональный оператор"
    COORDINATION_CENTRE = "coordination_centre", "координационный (ресурсный) центр"
    DEPARTMENT = "department", "департамент, министерство"
    COUNCIL = "council", "межведомственный совет"
    MINORS_COMMISSION = "minors_commission", "комиссия по делам несовершеннолетних"
    FOUNDATION = "foundation", "фонд, НКО"
    OTHER = "other", "иная организация"


class District(Versioned, Model):
    """A municipal district: the unit of an opeka officer's responsibility."""

    __tablename__ = "district"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("name <> ''", name="has_name"))

    id: Mapped[Id]
    code: Mapped[Code]
    name: Mapped[Name]
    short_name: Mapped[Name]
    localities: Mapped[LongText] = mapped_column(
        comment="Towns and villages, one on a line: an address that names one lies in this district"
    )

    def __str__(self) -> str:
        return self.short_name


class Agency(Versioned, Model):
    """A participant of the interaction (участник взаимодействия)."""

    __tablename__ = "agency"
    __table_args__ = (
        UniqueConstraint("code"),
        one_of("kind", AgencyKind),
        CheckConstraint("parent_id <> id", name="is_not_its_own_parent"),
        CheckConstraint(
            "NOT sees_whole_region OR kind IN ('coordination_centre', 'department', 'regional_operator')",
            name="only_regional_bodies_see_whole_region",
        ),
        CheckConstraint("inn IN ('') OR length(inn) IN (10, 12)", name="inn_has_10_or_12_digits"),
        CheckConstraint("ogrn IN ('') OR length(ogrn) IN (13, 15)", name="ogrn_has_13_or_15_digits"),
    )

    id: Mapped[Id]
    code: Mapped[Code]
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    name: Mapped[str] = mapped_column(String(500))
    short_name: Mapped[Name]
    aliases: Mapped[LongText] = mapped_column(comment="Other names of the same body, one on a line")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    inn: Mapped[str] = mapped_column(String(12), default="")
    ogrn: Mapped[str] = mapped_column(String(15), default="")
    address: Mapped[Line]
    phone: Mapped[Line]
    email: Mapped[Line]
    head_name: Mapped[Line]
    head_position: Mapped[Line]
    responsible_name: Mapped[Line] = mapped_column(comment="Responsible for support by order (aistenok, cl. 6)")
    responsible_position: Mapped[Line]
    responsible_order: Mapped[Line] = mapped_column(comment="Number and date of that order")
    contacts_checked_on: Mapped[date | None] = mapped_column(comment="The directory is fresh (vologda, cl. 4.6 а)")
    sees_whole_region: Mapped[bool] = mapped_column(
        default=False, comment="Reads everybody in the installation (access, row 5)"
    )
    is_data_bank_operator: Mapped[bool] = mapped_column(
        default=False, comment="Keeps the unified data bank: also writes what it reads (krasnoyarsk, cl. 5.2)"
    )
    is_active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Agency | None] = relationship(remote_side="Agency.id")
    served: Mapped[list[AgencyDistrict]] = relationship(
        back_populates="agency", cascade="all, delete-orphan", order_by="AgencyDistrict.starts_on"
    )
    regulations: Mapped[list[AgencyRegulation]] = relationship(
        back_populates="agency", cascade="all, delete-orphan", order_by="AgencyRegulation.starts_on"
    )

    def __str__(self) -> str:
        return self.short_name


class AgencyDistrict(Model):
    """An agency serves a district during a time; the end is the last day."""

    __tablename__ = "agency_district"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        UniqueConstraint("agency_id", "district_id", "starts_on"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id", ondelete="RESTRICT"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    agency: Mapped[Agency] = relationship(back_populates="served")
    district: Mapped[District] = relationship()


class Agreement(Versioned, Model):
    """An agreement on interaction and on what data may pass (vologda 4.5 в, syzran)."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("number <> ''", name="has_number"),
        Index("ix_agreement_ends_on", "ends_on"),  # which agreements expire soon
    )

    id: Mapped[Id]
    number: Mapped[Name]
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    subject: Mapped[Line]
    permitted_data: Mapped[LongText] = mapped_column(comment="Which data the parties may pass to one another")
    note: Mapped[LongText]

    parties: Mapped[list[AgreementParty]] = relationship(back_populates="agreement", cascade="all, delete-orphan")

    def __str__(self) -> str:
        return f"№ {self.number}"


class AgreementParty(Model):
    __tablename__ = "agreement_party"
    __table_args__ = (UniqueConstraint("agreement_id", "agency_id"),)

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)

    agreement: Mapped[Agreement] = relationship(back_populates="parties")
    agency: Mapped[Agency] = relationship()
