"""Obligations (сроки): instances of deadline rules, what fulfils them, and events recorded by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    case,
    literal,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, UtcDateTime, Versioned, enum_column, one_of
from models.graduates import Graduate
from models.regulations import DeadlineRule
from models.rule_terms import EvidenceKind, Trigger
from models.territory import Agency
from models.users import User


class State(LabelledEnum):
    """Derived from dates and evidence on a day; never stored."""

    OVERDUE = "overdue", "просрочено"
    DUE_SOON = "due_soon", "скоро"
    OPEN = "open", "в работе"
    UPCOMING = "upcoming", "предстоит"
    PAUSED = "paused", "приостановлено"
    DONE = "done", "исполнено"
    DONE_LATE = "done_late", "исполнено с опозданием"
    WAIVED = "waived", "снято"
    NOT_APPLICABLE = "not_applicable", "не требуется"


class Closing(LabelledEnum):
    """Why an obligation asks for nothing although nothing was done."""

    WAIVED = "waived", "снято с причиной"
    NOT_APPLICABLE = "not_applicable", "не требуется"


def _of_open(name: str, *columns: str) -> Index:
    """An index of what is neither done nor closed."""
    condition = text("done_on IS NULL AND closing IS NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


class Deadline(Versioned, Model):
    """One duty: this organisation, this recipient, this period or event."""

    __tablename__ = "deadline"
    __table_args__ = (
        # Whoever generates, however often and at once with others: one duty.
        UniqueConstraint("rule_key", "agency_id", "subject", "period"),
        one_of("closing", Closing),
        CheckConstraint("(closing IS NULL) = (closing_reason = '')", name="closed_has_reason"),
        CheckConstraint("(paused_on IS NULL) = (pause_reason = '')", name="paused_has_reason"),
        CheckConstraint("opens_on <= due_on", name="opens_before_it_is_due"),
        CheckConstraint("required > 0 AND achieved >= 0", name="required_is_positive"),
        CheckConstraint("(done_on IS NULL) = (achieved < required)", name="done_when_all_is_achieved"),
        Index("ix_deadline_agency_id", "agency_id", "due_on"),  # the calendar of an organisation
        Index("ix_deadline_recipient_id", "recipient_id", "due_on"),  # what an organisation waits for
        Index("ix_deadline_graduate_id", "graduate_id", "due_on"),  # the tab of a card
        Index("ix_deadline_due_on", "due_on", "agency_id"),  # the calendar of the region
        _of_open("ix_deadline_open", "agency_id", "due_on"),  # what is overdue: the badge and the start page
    )
    __unaudited__: ClassVar = ("version",)

    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(ForeignKey("deadline_rule.id", ondelete="RESTRICT"), index=True)
    rule_key: Mapped[str] = mapped_column(String(90))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), comment="Obliged")
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    recipient_text: Mapped[Line] = mapped_column(
        comment="The recipient in words, where it is none of our organisations"
    )
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    subject: Mapped[str] = mapped_column(String(80), default="", comment="g12, placement:7, with >r3 for a recipient")
    period: Mapped[str] = mapped_column(String(20), default="", comment="2026, 2026-H2, 2026-Q3, 2026-11")
    event_on: Mapped[date | None] = mapped_column(comment="The day from which the term runs")
    opens_on: Mapped[date]
    nominal_on: Mapped[date] = mapped_column(comment="Before a day off moves it")
    due_on: Mapped[date] = mapped_column(comment="Legal date: the last day on which it is done in time")
    control_on: Mapped[date] = mapped_column(comment="Our earlier reminder")
    soon_on: Mapped[date] = mapped_column(comment="From this day it is «скоро»")
    is_provisional: Mapped[bool] = mapped_column(default=False, comment="The year's calendar is not decreed yet")
    required: Mapped[int] = mapped_column(default=1)
    achieved: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None] = mapped_column(comment="The day of the evidence that completed it")
    closing: Mapped[Closing | None] = mapped_column(enum_column(Closing))
    closing_reason: Mapped[Line]
    closed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), comment="Empty: the system, because the fact is gone"
    )
    paused_on: Mapped[date | None]
    pause_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rule: Mapped[DeadlineRule] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
    recipient: Mapped[Agency | None] = relationship(foreign_keys=recipient_id)
    graduate: Mapped[Graduate | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    evidence: Mapped[list[DeadlineEvidence]] = relationship(
        back_populates="deadline", cascade="all, delete-orphan", order_by="DeadlineEvidence.happened_on"
    )

    @property
    def is_settled(self) -> bool:
        return self.done_on is not None or self.closing is not None

    def state_on(self, day: date) -> State:
        """The same as the SQL expression `state_on`."""
        if self.closing is not None:
            return State(self.closing.value)
        if self.done_on is not None and self.done_on <= day:
            return State.DONE if self.done_on <= self.due_on else State.DONE_LATE
        if self.paused_on is not None and self.paused_on <= day:
            return State.PAUSED
        if day > self.due_on:
            return State.OVERDUE
        if day < self.opens_on:
            return State.UPCOMING
        return State.DUE_SOON if day >= self.soon_on else State.OPEN

    def __str__(self) -> str:
        return f"№ {self.id}"


def state_on(day: date) -> ColumnElement[str]:
    """The state of an obligation on a day, in SQL."""
    d = Deadline
    return case(
        (d.closing.is_not(None), d.closing),
        (and_(d.done_on <= day, d.done_on <= d.due_on), literal("done")),
        (d.done_on <= day, literal("done_late")),
        (d.paused_on <= day, literal("paused")),
        (d.due_on < day, literal("overdue")),
        (d.opens_on > day, literal("upcoming")),
        (d.soon_on <= day, literal("due_soon")),
        else_=literal("open"),
    )


class DeadlineEvidence(Model):
    """A record or a mark by hand that fulfils an obligation, or a part of a quota."""

    __tablename__ = "deadline_evidence"
    __table_args__ = (
        UniqueConstraint("deadline_id", "reference"),
        one_of("kind", EvidenceKind),
        CheckConstraint("reference <> ''", name="has_reference"),
    )

    id: Mapped[Id]
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"))
    kind: Mapped[EvidenceKind] = mapped_column(enum_column(EvidenceKind))
    reference: Mapped[str] = mapped_column(String(80), comment="consent:5, assignment:7; mark:… by hand")
    happened_on: Mapped[date]
    number: Mapped[Line] = mapped_column(comment="Outgoing number, number of the document")
    note: Mapped[Line]
    is_nil: Mapped[bool] = mapped_column(default=False, comment="A nil return: «нет сведений»")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    deadline: Mapped[Deadline] = relationship(back_populates="evidence")
    noted_by: Mapped[User | None] = relationship()


class ClockPart(Model):
    """What a part of the people looked like when its obligations were last brought up to date."""

    __tablename__ = "clock_part"

    first_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="The lowest card number of the part"
    )
    fingerprint: Mapped[str] = mapped_column(String(64), comment="SHA-256: unchanged, there is nothing to do that day")


class Occurrence(Versioned, Model):
    """An event recorded by hand from which terms run: an application received, a decision adopted."""

    __tablename__ = "occurrence"
    __table_args__ = (
        one_of("trigger", Trigger),
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
        Index("ix_occurrence_trigger_happened_on", "trigger", "happened_on"),  # facts of a rule
        Index("ix_occurrence_graduate_id", "graduate_id"),
        Index("ix_occurrence_agency_id", "agency_id", "happened_on"),  # the register of an organisation
    )

    id: Mapped[Id]
    trigger: Mapped[Trigger] = mapped_column(enum_column(Trigger))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), comment="The other side: who asked, to whom it was sent"
    )
    happened_on: Mapped[date]
    number: Mapped[Line] = mapped_column(comment="Number of the paper")
    note: Mapped[LongText]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
    graduate: Mapped[Graduate | None] = relationship()
    other: Mapped[Agency | None] = relationship(foreign_keys=other_id)
    created_by: Mapped[User | None] = relationship()
