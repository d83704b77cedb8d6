"""Reports that were handed in: drawn up, frozen, sent, accepted or returned (vologda 2.3, 2.4; aistenok 14)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.graduates import Graduate
from models.journals import Once
from models.territory import Agency
from models.users import User


class SubmissionStatus(LabelledEnum):
    DRAFT = "draft", "черновик"
    APPROVED = "approved", "утверждён"
    SENT = "sent", "отправлен"
    ACCEPTED = "accepted", "принят"
    PARTLY = "partly", "принят частично"
    RETURNED = "returned", "возвращён"


class RowState(LabelledEnum):
    INCLUDED = "included", "включён"
    BLOCKED = "blocked", "не хватает сведений"
    LEFT_OUT = "left_out", "не включён"


class RowChange(LabelledEnum):
    """How a row stands to the last submission of the same report."""

    NEW = "new", "новый"
    CHANGED = "changed", "изменён"
    SAME = "same", "без изменений"
    GONE = "gone", "выбыл"


class SubmissionStep(LabelledEnum):
    DRAWN_UP = "drawn_up", "составлен"
    REFRESHED = "refreshed", "обновлён из карточек"
    REWORDED = "reworded", "изменена строка"
    ASKED = "asked", "передан на утверждение"
    APPROVED = "approved", "утверждён"
    REOPENED = "reopened", "утверждение снято"
    SENT = "sent", "отправлен"
    RECEIVED = "received", "получен"
    ACCEPTED = "accepted", "принят"
    PARTLY = "partly", "принят частично"
    RETURNED = "returned", "возвращён"
    REVOKED = "revoked", "отозван"


def _one_draft(*columns: str) -> Index:
    standing = text("status = 'draft'")
    return Index("uq_submission_draft", *columns, unique=True, sqlite_where=standing, postgresql_where=standing)


class Submission(Once, Versioned, Model):
    """One edition of a report of an organisation for a day or period. From its approval on it is frozen."""

    __tablename__ = "submission"
    __table_args__ = (
        one_of("status", SubmissionStatus),
        UniqueConstraint("agency_id", "report", "period_key", "edition"),
        CheckConstraint("report <> '' AND title <> '' AND period_key <> ''", name="has_report_and_period"),
        CheckConstraint("edition > 0", name="edition_is_positive"),
        CheckConstraint("(edition = 1) = (previous_id IS NULL)", name="later_edition_has_previous"),
        CheckConstraint("period_from <= period_to", name="period_ends_after_it_starts"),
        CheckConstraint("(status = 'draft') = (approved_at IS NULL)", name="approved_has_moment"),
        CheckConstraint("(status = 'draft') = (sha256 = '')", name="approved_has_digest"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_name = '')", name="approved_has_name"),
        CheckConstraint("(sent_at IS NULL) = (status IN ('draft', 'approved'))", name="sent_has_moment"),
        _one_draft("agency_id", "report", "period_key"),  # two people draw up one draft
        Index("ix_submission_agency_id", "agency_id", "id"),  # those of an organisation, newest first
        Index("ix_submission_report", "report", "period_key"),  # of all organisations for a period
    )
    __unaudited__: ClassVar = ("form_token", "version", "content")

    id: Mapped[Id]
    report: Mapped[str] = mapped_column(String(40), comment="Code of the report")
    title: Mapped[Line]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    agency_name: Mapped[str] = mapped_column(String(500), default="", comment="As it was called then")
    period_key: Mapped[str] = mapped_column(
        String(60), comment="2026-H2, 2026-11, 2026-10-01; of a specialist's report also whose: 2026-11/17"
    )
    period_from: Mapped[date] = mapped_column(comment="First day of the period; the day itself of a list")
    period_to: Mapped[date] = mapped_column(comment="Last day of the period, or the day on which the list holds")
    specialist_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), index=True, comment="Whose monthly report it is"
    )
    options: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="The report's own parameters")
    edition: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="RESTRICT"), index=True)
    deadline_id: Mapped[int | None] = mapped_column(
        ForeignKey("deadline.id", ondelete="SET NULL"), index=True, comment="The obligation for which it was drawn up"
    )
    status: Mapped[SubmissionStatus] = mapped_column(enum_column(SubmissionStatus), default=SubmissionStatus.DRAFT)
    is_nil: Mapped[bool] = mapped_column(default=False, comment="«Нет сведений»: an empty return is a valid one")
    content: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, comment="Headings, figures, who was left out: all that is printed besides the rows"
    )
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="Own words: difficulties, next plan …")
    rules: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="Regulations and their digests then")
    sha256: Mapped[str] = mapped_column(String(64), default="", comment="Of everything that is frozen")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    refreshed_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="When the draft last read the cards")
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    approved_by_name: Mapped[Line] = mapped_column(comment="Name and position, as they were")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship()
    specialist: Mapped[User | None] = relationship(foreign_keys=specialist_id)
    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
    previous: Mapped[Submission | None] = relationship(remote_side="Submission.id")
    rows: Mapped[list[SubmissionRow]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="SubmissionRow.position"
    )
    recipients: Mapped[list[SubmissionRecipient]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="SubmissionRecipient.id"
    )
    events: Mapped[list[SubmissionEvent]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="SubmissionEvent.id"
    )

    @property
    def is_frozen(self) -> bool:
        return self.status is not SubmissionStatus.DRAFT

    def __str__(self) -> str:
        return f"{self.title}, {self.period_key}, редакция {self.edition}"


class SubmissionRow(Model):
    """A person of a list: what the cards say, and what the office says in its own words."""

    __tablename__ = "submission_row"
    __table_args__ = (
        one_of("state", RowState),
        one_of("change", RowChange),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("state = 'included' OR reason <> ''", name="other_than_included_has_reason"),
        Index("ix_submission_row_submission_id", "submission_id", "position"),  # the rows of a submission
        Index("ix_submission_row_graduate_id", "graduate_id", "submission_id"),  # in which submissions a person stands
    )

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Name]
    birth_date: Mapped[date | None]
    cells: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="Column key → what the cards say")
    wording: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, comment="Column key → the office's own words")
    worded_over: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, comment="Column key → what the cards said when the own words were written"
    )
    state: Mapped[RowState] = mapped_column(enum_column(RowState), default=RowState.INCLUDED)
    reason: Mapped[Line] = mapped_column(comment="Why it is blocked or left out")
    is_by_hand: Mapped[bool] = mapped_column(default=False, comment="Left out by somebody, not by a rule")
    change: Mapped[RowChange] = mapped_column(enum_column(RowChange), default=RowChange.NEW)
    changes: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, comment="What differs from the last submission: column, was, now"
    )

    submission: Mapped[Submission] = relationship(back_populates="rows")
    graduate: Mapped[Graduate | None] = relationship()

    def printed(self, key: str) -> Any:
        """What the paper says in a column."""
        return self.wording.get(key) or self.cells.get(key)


class SubmissionRecipient(Model):
    """To whom a submission was sent, by which letter, and what they made of it."""

    __tablename__ = "submission_recipient"
    __table_args__ = (
        one_of("status", SubmissionStatus),
        UniqueConstraint("submission_id", "agency_id"),
        CheckConstraint("status NOT IN ('draft', 'approved')", name="was_sent"),
        CheckConstraint("(decided_at IS NULL) = (status = 'sent')", name="decided_has_moment"),
        CheckConstraint("status NOT IN ('partly', 'returned') OR note <> ''", name="returned_has_note"),
    )

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id", ondelete="RESTRICT"), index=True)
    status: Mapped[SubmissionStatus] = mapped_column(enum_column(SubmissionStatus), default=SubmissionStatus.SENT)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="First opened or registered there")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line] = mapped_column(comment="Who decided: name and organisation, as they were")
    note: Mapped[LongText]

    submission: Mapped[Submission] = relationship(back_populates="recipients")
    agency: Mapped[Agency] = relationship()
    returned_rows: Mapped[list[ReturnedRow]] = relationship(
        back_populates="recipient", cascade="all, delete-orphan", order_by="ReturnedRow.id"
    )


class ReturnedRow(Model):
    """A row that a recipient did not accept; the others of a partly accepted submission it did."""

    __tablename__ = "returned_row"
    __table_args__ = (
        UniqueConstraint("recipient_id", "row_id"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    id: Mapped[Id]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("submission_recipient.id", ondelete="CASCADE"))
    row_id: Mapped[int] = mapped_column(ForeignKey("submission_row.id", ondelete="CASCADE"), index=True)
    reason: Mapped[Line]

    recipient: Mapped[SubmissionRecipient] = relationship(back_populates="returned_rows")
    row: Mapped[SubmissionRow] = relationship()


class SubmissionEvent(Model):
    """A line of the history of a submission; it is never changed."""

    __tablename__ = "submission_event"
    __table_args__ = (one_of("step", SubmissionStep), CheckConstraint("who <> ''", name="has_who"))

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    step: Mapped[SubmissionStep] = mapped_column(enum_column(SubmissionStep))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line] = mapped_column(comment="Name and organisation, as they were")
    note: Mapped[Line]

    submission: Mapped[Submission] = relationship(back_populates="events")


class DiscrepancyKind(LabelledEnum):
    ONLY_FIRST = "only_first", "есть только у опеки"
    ONLY_SECOND = "only_second", "есть только у КЦСОН"
    DIFFERS = "differs", "сведения расходятся"


class Discrepancy(Model):
    """What two submissions say differently about the same people (vologda 2.4): a line of the work list."""

    __tablename__ = "discrepancy"
    __table_args__ = (
        one_of("kind", DiscrepancyKind),
        UniqueConstraint("first_id", "second_id", "person_key", "column_key"),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("(resolved_at IS NULL) = (resolution = '')", name="resolved_has_resolution"),
        Index("ix_discrepancy_graduate_id", "graduate_id"),  # those of a card
    )

    id: Mapped[Id]
    first_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), comment="Of the guardianship"
    )
    second_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True, comment="Of the social centre"
    )
    kind: Mapped[DiscrepancyKind] = mapped_column(enum_column(DiscrepancyKind))
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="RESTRICT"))
    person_key: Mapped[str] = mapped_column(String(250), comment="Card or folded name and birth date")
    name: Mapped[Name]
    birth_date: Mapped[date | None]
    column_key: Mapped[str] = mapped_column(String(40), default="", comment="Empty: one of them has no such person")
    column_title: Mapped[Line]
    first_value: Mapped[LongText]
    second_value: Mapped[LongText]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    resolution: Mapped[Line] = mapped_column(comment="Who is right, what was corrected")

    first: Mapped[Submission] = relationship(foreign_keys=first_id)
    second: Mapped[Submission] = relationship(foreign_keys=second_id)
    graduate: Mapped[Graduate | None] = relationship()
