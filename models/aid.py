"""Orders, aid and papers around a graduate's support (vologda 2.1, 2.4; kizil 2.3; domain §6.4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, UtcDateTime, Versioned, enum_column, one_of
from models.cases import AboutGraduate
from models.journals import Journal, Numbered, Once, numbered
from models.support import Assignment, AssignmentKind
from models.territory import Agency
from models.users import User


class CuratorOrder(AboutGraduate, Numbered, Versioned, Model):
    """An order that appoints a curator or mentor (приказ, vologda 2.1); it makes the assignment."""

    __tablename__ = "curator_order"
    __journal__ = Journal.ORDERS
    __table_args__ = (
        *numbered(),
        one_of("kind", AssignmentKind),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_curator_order_agency_id_ordered_on", "agency_id", "ordered_on"),  # the list of an organisation
    )

    ordered_on: Mapped[date]
    kind: Mapped[AssignmentKind] = mapped_column(enum_column(AssignmentKind), default=AssignmentKind.CURATOR)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    name: Mapped[Line] = mapped_column(comment="Who is appointed; stays when the user leaves")
    position: Mapped[Line]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="The last day")
    ground: Mapped[Line]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="SET NULL"), index=True)

    agency: Mapped[Agency] = relationship(foreign_keys="CuratorOrder.agency_id")
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    assignment: Mapped[Assignment | None] = relationship()


class Benefit(AboutGraduate, Once, Versioned, Model):
    """Recognition as needy, and the state social assistance that followed (vologda 2.4)."""

    __tablename__ = "benefit"
    __table_args__ = (
        CheckConstraint("measure <> ''", name="has_measure"),
        CheckConstraint("amount IS NULL OR amount BETWEEN 1 AND 100000000", name="amount_is_positive"),
        CheckConstraint("(recognised_on IS NULL) = (decision = '')", name="recognised_has_decision"),
        CheckConstraint(
            "granted_on IS NULL OR applied_on IS NULL OR granted_on >= applied_on", name="granted_after_application"
        ),
        CheckConstraint("refused_on IS NULL OR (granted_on IS NULL AND refusal <> '')", name="refused_has_reason"),
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), index=True, comment="Who helped to get it"
    )
    measure: Mapped[Line] = mapped_column(comment="Which assistance")
    applied_on: Mapped[date | None]
    recognised_on: Mapped[date | None] = mapped_column(comment="Day of the decision that recognises the need")
    decision: Mapped[Line] = mapped_column(comment="Number and body of that decision")
    granted_on: Mapped[date | None]
    amount: Mapped[int | None] = mapped_column(comment="Roubles, whole")
    ends_on: Mapped[date | None] = mapped_column(comment="Until when it is paid")
    refused_on: Mapped[date | None]
    refusal: Mapped[Line]
    note: Mapped[LongText]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()


class PaperState(LabelledEnum):
    NEEDED = "needed", "нужен"
    REQUESTED = "requested", "запрошен"
    COLLECTED = "collected", "собран"
    HANDED_IN = "handed_in", "сдан"
    NOT_NEEDED = "not_needed", "не нужен"


class HousingDocument(AboutGraduate, Versioned, Model):
    """A paper of those needed for a dwelling (kizil 2.3): a line of the person's checklist."""

    __tablename__ = "housing_document"
    __table_args__ = (
        UniqueConstraint("graduate_id", "title"),
        one_of("state", PaperState),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("state NOT IN ('collected', 'handed_in') OR got_on IS NOT NULL", name="collected_has_day"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    title: Mapped[Line]
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[PaperState] = mapped_column(enum_column(PaperState), default=PaperState.NEEDED)
    got_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    note: Mapped[Line]

    agency: Mapped[Agency] = relationship()


class SuccessVerdict(AboutGraduate, Once, Model):
    """A specialist's own word on whether somebody lives successfully, with its reason (domain §6.4)."""

    __tablename__ = "success_verdict"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_success_verdict_agency_id", "agency_id", "decided_on"),  # those of an organisation by a day
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    decided_on: Mapped[date]
    is_successful: Mapped[bool]
    reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
