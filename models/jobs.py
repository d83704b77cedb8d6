"""Long work: what somebody has asked for, how far it has come, and the file at its end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, Model, Name, UtcDateTime, enum_column, one_of
from models.territory import Agency
from models.users import User


class JobState(LabelledEnum):
    QUEUED = "queued", "в очереди"
    RUNNING = "running", "выполняется"
    DONE = "done", "готово"
    FAILED = "failed", "не получилось"
    CANCELLED = "cancelled", "отменено"


class Job(Model):
    """A piece of long work of a user. The queue only wakes a worker; what is true of the work stands here."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint("kind <> '' AND title <> ''", name="has_kind_and_title"),
        CheckConstraint("(state = 'running') = (token IS NOT NULL)", name="running_has_worker"),
        CheckConstraint("(state = 'running') = (beat_at IS NOT NULL)", name="running_has_beat"),
        CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended_has_moment"
        ),
        CheckConstraint("state <> 'failed' OR message <> ''", name="failed_has_message"),
        CheckConstraint("done >= 0 AND (total IS NULL OR total >= 0)", name="counts_are_not_negative"),
        CheckConstraint("(file_path = '') = (file_name = '')", name="file_has_name"),
        CheckConstraint("state = 'done' OR file_path = ''", name="unfinished_has_no_file"),
        Index("ix_job_owner_id", "owner_id", "id"),  # «Мои файлы»
        Index("ix_job_state", "state", "id"),  # what waits, what a killed worker has left
    )
    __unaudited__: ClassVar = ("done", "beat_at", "token")

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40), comment="Which work it is: report, register, journal, papers …")
    title: Mapped[Line]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, comment="What was asked for, as plain JSON")
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0, comment="Rows or papers finished")
    total: Mapped[int | None] = mapped_column(comment="Of how many; empty: not known yet")
    message: Mapped[Line] = mapped_column(comment="Why it failed, or what is to be known of the file")
    attempts: Mapped[int] = mapped_column(default=0, comment="How many times a worker has begun it")
    token: Mapped[str | None] = mapped_column(String(32), comment="Of the worker that has it")
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="The worker's last sign of life")
    is_cancel_asked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rights: Mapped[str] = mapped_column(
        String(64), default="", comment="Digest of the owner's rights when the file was made: a later change closes it"
    )
    file_name: Mapped[Name] = mapped_column(default="", comment="As it is offered for download")
    file_path: Mapped[Line] = mapped_column(comment="Within DATA_DIR; empty: no file, or it has been removed")
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    rows: Mapped[int | None] = mapped_column(comment="How many rows or papers the file holds")
    keep_until: Mapped[date | None] = mapped_column(comment="The last day on which the file can be downloaded")

    owner: Mapped[User] = relationship()
    agency: Mapped[Agency] = relationship()

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
