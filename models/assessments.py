"""What specialists find out about a person: monitoring, readiness, ПМПК (kizil stage 3; syzran 2.2, 2.4, 3.3, 3.4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, Line, LongText, Model, UtcDateTime, Versioned
from models.cases import AboutGraduate
from models.journals import Once
from models.territory import Agency
from models.users import User
from models.work import ByEmployee


class MonitoringCard(AboutGraduate, ByEmployee, Once, Versioned, Model):
    """The seven indicators of success on a day (kizil stage 3; domain §4.2); the scale is data of the packs."""

    __tablename__ = "monitoring_card"
    __table_args__ = (
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
        Index("ix_monitoring_card_agency_id_filled_on", "agency_id", "filled_on"),  # the list of an organisation
        Index(
            "uq_monitoring_card_day",
            *("graduate_id", "agency_id", "filled_on"),
            unique=True,
            sqlite_where=text("annulled_on IS NULL"),
            postgresql_where=text("annulled_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    filled_on: Mapped[date]
    conclusion: Mapped[LongText]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
    scores: Mapped[list[MonitoringScore]] = relationship(
        back_populates="card", cascade="all, delete-orphan", order_by="MonitoringScore.position"
    )


class MonitoringScore(Model):
    """One indicator of a card; no value: «н/д»."""

    __tablename__ = "monitoring_score"
    __table_args__ = (
        UniqueConstraint("card_id", "indicator"),
        CheckConstraint("value IS NULL OR value BETWEEN 0 AND 9", name="value_is_0_to_9"),
    )

    id: Mapped[Id]
    card_id: Mapped[int] = mapped_column(ForeignKey("monitoring_card.id", ondelete="RESTRICT"))
    indicator: Mapped[str] = mapped_column(String(40), comment="Code of the pack's indicator")
    title: Mapped[Line] = mapped_column(comment="As it was called then")
    position: Mapped[int] = mapped_column(default=0)
    value: Mapped[int | None]
    note: Mapped[LongText]

    card: Mapped[MonitoringCard] = relationship(back_populates="scores")


class ReadinessAssessment(AboutGraduate, ByEmployee, Once, Versioned, Model):
    """Readiness for independent life (syzran 2.2, 3.3; domain §4.4): spheres of 0–2 points."""

    __tablename__ = "readiness_assessment"
    __table_args__ = (
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
        CheckConstraint("sent_on IS NULL OR sent_on >= assessed_on", name="sent_after_it_was_made"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    assessed_on: Mapped[date]
    examination: Mapped[Line] = mapped_column(comment="ПМПК: number and date")
    is_final: Mapped[bool] = mapped_column(default=False, comment="«Итоговая оценка»")
    recommendations: Mapped[LongText]
    sent_to: Mapped[Line] = mapped_column(comment="To whom, outgoing number")
    sent_on: Mapped[date | None]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    scores: Mapped[list[ReadinessScore]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="ReadinessScore.position"
    )


class ReadinessScore(Model):
    __tablename__ = "readiness_score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "sphere"),
        CheckConstraint("value BETWEEN 0 AND 2", name="value_is_0_to_2"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("readiness_assessment.id", ondelete="RESTRICT"))
    sphere: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    value: Mapped[int]
    note: Mapped[Line]

    assessment: Mapped[ReadinessAssessment] = relationship(back_populates="scores")


class Examination(AboutGraduate, Once, Versioned, Model):
    """A conclusion of the medical-pedagogical commission (ПМПК, syzran 2.4, 3.4): field group «health»."""

    __tablename__ = "examination"
    __table_args__ = (
        CheckConstraint("number <> ''", name="has_number"),
        CheckConstraint("valid_until IS NULL OR valid_until >= held_on", name="valid_after_it_was_held"),
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    held_on: Mapped[date]
    number: Mapped[Line]
    commission: Mapped[Line]
    conclusion: Mapped[LongText]
    valid_until: Mapped[date | None]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
