"""Workbooks that were loaded: the file as it came, its rows, and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, Model, Name, UtcDateTime, enum_column, one_of
from models.graduates import Graduate
from models.territory import Agency
from models.users import User


class BatchState(LabelledEnum):
    DRAFT = "draft", "проверка"
    APPLIED = "applied", "загружен"
    UNDONE = "undone", "отменён"


class ImportBatch(Model):
    """One file of one agency: checked (dry run), applied, perhaps undone."""

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("state", BatchState),
        CheckConstraint("(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)", name="applied_has_moment"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_moment"),
        Index("ix_import_batch_agency_id_id", "agency_id", "id"),  # batches of an agency, newest first
    )

    id: Mapped[Id]
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState), default=BatchState.DRAFT)
    form: Mapped[str] = mapped_column(String(40), comment="Code of the statutory form")
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    on: Mapped[date] = mapped_column("stated_on", comment="The day on which the office's statements hold")
    file_name: Mapped[Name]
    file_sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[bytes] = deferred(mapped_column(LargeBinary, comment="As it came"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="Rows by outcome")

    agency: Mapped[Agency] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
    rows: Mapped[list[ImportRow]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", order_by="ImportRow.row"
    )


class ImportRow(Model):
    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("batch_id", "sheet_row"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    row: Mapped[int] = mapped_column("sheet_row", comment="The sheet's own row number")
    outcome: Mapped[str] = mapped_column(String(20))
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="SET NULL"), index=True)
    graduate_version: Mapped[int | None] = mapped_column(comment="After applying: a later one forbids undoing")
    detail: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True, comment="Cells, differences, messages")
    undo: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True, comment="Created and closed child rows")

    batch: Mapped[ImportBatch] = relationship(back_populates="rows")
    graduate: Mapped[Graduate | None] = relationship()


class PossibleDuplicate(Model):
    """Two cards that may be one person, for the coordinator's work list."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        UniqueConstraint("graduate_id", "other_id"),
        CheckConstraint("graduate_id <> other_id", name="are_two_cards"),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_has_resolution"),
    )

    id: Mapped[Id]
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), index=True)
    reason: Mapped[Line]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str | None] = mapped_column(String(200))

    graduate: Mapped[Graduate] = relationship(foreign_keys=graduate_id)
    other: Mapped[Graduate] = relationship(foreign_keys=other_id)
