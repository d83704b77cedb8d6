"""What a user is told, by which way, and the address of his or her calendar feed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, Model, UtcDateTime, enum_column, one_of
from models.users import User


class NoticeKind(LabelledEnum):
    """What somebody may want or not want to hear of."""

    OPENED = "opened", "срок начался"
    DUE_SOON = "due_soon", "срок скоро истекает"
    OVERDUE = "overdue", "срок нарушен"
    URGENT = "urgent", "незамедлительно"
    RECOMPUTED = "recomputed", "срок пересчитан"
    EXPECTED = "expected", "не получено в срок от другой организации"
    CALENDAR = "calendar", "нужен календарь нового года"
    LETTER = "letter", "письмо"
    EMERGENCY = "emergency", "экстренное извещение"
    SUBMISSION = "submission", "отчёт"
    FILE = "file", "файл готов"
    WEEKLY = "weekly", "итоги недели"


class Notification(Model):
    """Texts carry no name of a person: a card is meant by its number."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        one_of("kind", NoticeKind),
        CheckConstraint("text <> ''", name="has_text"),
        Index("ix_notification_user_id_read_at", "user_id", "read_at", "at"),  # the bell
    )
    __unaudited__: ClassVar = ("read_at", "mailed_at")

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    key: Mapped[str] = mapped_column(String(80), comment="The same thing is told once")
    text: Mapped[Line]
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # From then on it is shown: it may lie ahead.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="Went out in a digest")

    user: Mapped[User] = relationship()


class NotificationSetting(Model):
    """A choice that differs from the default (shown in the application, and in the digest)."""

    __tablename__ = "notification_setting"
    __table_args__ = (UniqueConstraint("user_id", "kind"), one_of("kind", NoticeKind))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    is_shown: Mapped[bool] = mapped_column(default=True)
    is_mailed: Mapped[bool] = mapped_column(default=True)

    user: Mapped[User] = relationship()


class FeedToken(Model):
    """The secret address of a user's calendar feed; of the token only its digest is kept."""

    __tablename__ = "feed_token"
    __table_args__ = (UniqueConstraint("digest"),)
    __unaudited__: ClassVar = ("digest", "last_used_at")

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
