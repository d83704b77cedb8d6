"""Plans of support and their measures (domain §2)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, UtcDateTime, Versioned, enum_column, one_of
from models.cases import AboutGraduate, Contract
from models.dictionaries import Direction, GraduateRefusalReason, ServiceKind
from models.journals import Journal, Numbered, numbered
from models.territory import Agency
from models.users import User


class PlanKind(LabelledEnum):
    INDIVIDUAL = "individual", "индивидуальный план (ИППС)"
    SOCIAL_SERVICES = "social_services", "программа социальных услуг (ИППСУ)"
    JOINT = "joint", "совместный план"


class PlanState(LabelledEnum):
    DRAFT = "draft", "черновик"
    REVIEW = "review", "на утверждении"
    APPROVED = "approved", "утверждён"
    CLOSED = "closed", "завершён"


class Plan(AboutGraduate, Numbered, Versioned, Model):
    """A plan; a new edition carries over what is unfinished and names the one before it (`previous`)."""

    __tablename__ = "plan"
    __journal__ = Journal.PLANS
    __table_args__ = (
        *numbered(always=False),
        one_of("kind", PlanKind),
        one_of("state", PlanState),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("(state IN ('approved', 'closed')) = (number IS NOT NULL)", name="approved_has_number"),
        CheckConstraint("(number IS NULL) = (approved_on IS NULL)", name="approved_has_day"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_day"),
        CheckConstraint("edition > 0", name="edition_is_positive"),
        CheckConstraint("(edition = 1) = (previous_id IS NULL)", name="later_edition_has_previous"),
        UniqueConstraint("previous_id"),
        Index("ix_plan_agency_id_ends_on", "agency_id", "ends_on"),  # the list of an organisation
    )

    kind: Mapped[PlanKind] = mapped_column(enum_column(PlanKind))
    state: Mapped[PlanState] = mapped_column(enum_column(PlanState), default=PlanState.DRAFT)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"))
    edition_reason: Mapped[Line] = mapped_column(
        comment="Why a new edition: after a year, at the end of the contract …"
    )
    goals: Mapped[LongText] = mapped_column(comment="In the graduate's own words (kizil, principle 1)")
    resources: Mapped[LongText] = mapped_column(comment="Strengths and people to lean on (kizil, principle 7)")
    curator: Mapped[Line]
    foreign_number: Mapped[Line] = mapped_column(comment="Of an ИППСУ issued by somebody else: number and date")
    foreign_issuer: Mapped[Line]
    review_on: Mapped[date | None] = mapped_column(comment="ИППСУ: at least once in three years (442-ФЗ, art. 16)")
    agreed_on: Mapped[date | None] = mapped_column(comment="The graduate agreed and signed")
    submitted_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    closed_on: Mapped[date | None]
    closing_note: Mapped[LongText] = mapped_column(comment="Analysis of what was done (kizil stage 3)")

    agency: Mapped[Agency] = relationship(foreign_keys="Plan.agency_id")
    contract: Mapped[Contract | None] = relationship()
    previous: Mapped[Plan | None] = relationship(remote_side="Plan.id", back_populates="following")
    following: Mapped[Plan | None] = relationship(back_populates="previous", uselist=False)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    created_by: Mapped[User | None] = relationship(foreign_keys="Plan.created_by_id")
    spheres: Mapped[list[PlanSphere]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanSphere.position, PlanSphere.id"
    )
    partners: Mapped[list[PlanPartner]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanPartner.id"
    )
    measures: Mapped[list[Measure]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Measure.position, Measure.id"
    )
    comments: Mapped[list[PlanComment]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanComment.id"
    )
    changes: Mapped[list[PlanChange]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanChange.id"
    )

    @property
    def is_in_force(self) -> bool:
        return self.state is PlanState.APPROVED and self.annulled_on is None

    @property
    def before(self) -> Plan | None:
        """The edition before it that was not annulled."""
        found = self.previous
        while found is not None and found.annulled_on is not None:
            found = found.previous
        return found


class PlanSphere(Model):
    """Section II: «Сфера | Ситуация на дату | Проблема | Ресурсы | Потребность в помощи»."""

    __tablename__ = "plan_sphere"
    __table_args__ = (CheckConstraint("sphere <> ''", name="has_sphere"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    sphere: Mapped[Line]
    situation: Mapped[LongText]
    problem: Mapped[LongText]
    resources: Mapped[LongText]
    need: Mapped[LongText]

    plan: Mapped[Plan] = relationship(back_populates="spheres")


class PlanPartner(Model):
    """An organisation that takes part in a joint plan and when it agreed."""

    __tablename__ = "plan_partner"
    __table_args__ = (UniqueConstraint("plan_id", "agency_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    agreed_on: Mapped[date | None]

    plan: Mapped[Plan] = relationship(back_populates="partners")
    agency: Mapped[Agency] = relationship()


class MeasureStatus(LabelledEnum):
    """domain §2.4."""

    PLANNED = "planned", "запланировано"
    IN_WORK = "in_work", "в работе"
    DONE = "done", "выполнено"
    DONE_PARTLY = "done_partly", "выполнено частично"
    NOT_DONE = "not_done", "не выполнено"
    REFUSED = "refused", "отказ выпускника"
    MOVED = "moved", "перенесено"
    EXCLUDED = "excluded", "исключено"


OPEN_MEASURES = frozenset({MeasureStatus.PLANNED, MeasureStatus.IN_WORK, MeasureStatus.MOVED})  # Still to be done.
UNFINISHED = OPEN_MEASURES | {MeasureStatus.DONE_PARTLY, MeasureStatus.NOT_DONE}  # A new edition takes these over.


class Measure(Versioned, Model):
    """A line of section III; the graduate's refusal of it is a fact of its own."""

    __tablename__ = "measure"
    __table_args__ = (
        one_of("status", MeasureStatus),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("(status = 'refused') = (refused_on IS NOT NULL)", name="refused_has_day"),
        CheckConstraint("refused_on IS NULL OR is_refusal_signed", name="refusal_is_signed"),
        CheckConstraint("(status IN ('done', 'done_partly')) = (done_on IS NOT NULL)", name="done_has_day"),
        CheckConstraint("starts_on IS NULL OR due_on IS NULL OR due_on >= starts_on", name="due_after_it_starts"),
        Index("ix_measure_plan_id_position", "plan_id", "position"),  # lines of a plan in their order
        Index("ix_measure_status_due_on", "status", "due_on"),  # what is due
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(default=0)
    direction_code: Mapped[str] = mapped_column(ForeignKey("direction.code"))
    title: Mapped[Line]
    expected: Mapped[LongText] = mapped_column(comment="«Содержание, ожидаемый результат»")
    service_kind_code: Mapped[str | None] = mapped_column(ForeignKey("service_kind.code"))
    volume: Mapped[Line] = mapped_column(comment="«Объём предоставления услуги» of an ИППСУ")
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    periodicity: Mapped[Line]
    executor: Mapped[Line]
    partners: Mapped[Line] = mapped_column(comment="«Привлекаемые организации»")
    status: Mapped[MeasureStatus] = mapped_column(enum_column(MeasureStatus), default=MeasureStatus.PLANNED)
    done_on: Mapped[date | None]
    result: Mapped[LongText]
    refused_on: Mapped[date | None]
    refusal_reason_code: Mapped[str | None] = mapped_column(ForeignKey("graduate_refusal_reason.code"))
    refusal_note: Mapped[Line]
    is_refusal_signed: Mapped[bool] = mapped_column(default=False)
    carried_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("measure.id", ondelete="RESTRICT"), index=True, comment="The line of the edition before"
    )
    template_code: Mapped[str] = mapped_column(default="", comment="regulation/code of the pack's measure")

    plan: Mapped[Plan] = relationship(back_populates="measures")
    direction: Mapped[Direction] = relationship()
    service_kind: Mapped[ServiceKind | None] = relationship()
    refusal_reason: Mapped[GraduateRefusalReason | None] = relationship()

    @property
    def agency_id(self) -> int:
        """Whose plan it is a line of."""
        return self.plan.agency_id


class PlanComment(Model):
    """A remark in a round of approval: the head returns, the author answers."""

    __tablename__ = "plan_comment"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"), index=True)
    text: Mapped[LongText]
    is_return: Mapped[bool] = mapped_column(default=False, comment="With it the plan went back to its author")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    plan: Mapped[Plan] = relationship(back_populates="comments")
    author: Mapped[User | None] = relationship()


class PlanChange(Model):
    """Section V: «Дата | Что изменено | Основание | Подписи»; a changed term of a measure keeps its history here."""

    __tablename__ = "plan_change"
    __table_args__ = (CheckConstraint("what <> ''", name="has_what"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="RESTRICT"), index=True)
    changed_on: Mapped[date]
    what: Mapped[LongText]
    ground: Mapped[Line]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    plan: Mapped[Plan] = relationship(back_populates="changes")
    measure: Mapped[Measure | None] = relationship()
    author: Mapped[User | None] = relationship()
