"""Specialists who sign in."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Code, Id, LabelledEnum, Line, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.territory import Agency


class Role(LabelledEnum):
    """What a user may do; whom she sees follows from her agency (access.md)."""

    CLERK = "clerk", "специалист"
    OFFICER = "officer", "специалист опеки"
    HEAD = "head", "руководитель"
    COORDINATOR = "coordinator", "координатор"
    ADMINISTRATOR = "administrator", "администратор"


class User(Versioned, Model):
    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("login"),
        one_of("role", Role),
        CheckConstraint("login <> '' AND login = lower(login)", name="login_is_lower_case"),
        CheckConstraint("name <> ''", name="has_name"),
    )
    __unaudited__: ClassVar = ("password_hash", "session_token", "failed_logins", "last_login_at", "version")

    id: Mapped[Id]
    login: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[Line]
    phone: Mapped[Line]
    email: Mapped[Line]
    role: Mapped[Role] = mapped_column(enum_column(Role))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), comment="argon2id")
    must_change_password: Mapped[bool] = mapped_column(default=True, comment="The password was issued by somebody else")
    session_token: Mapped[str] = mapped_column(String(64), comment="A new one signs out everywhere")
    failed_logins: Mapped[int] = mapped_column(default=0, comment="In a row, since the last success")
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="After repeated failures")
    is_locked: Mapped[bool] = mapped_column(default=False, comment="By the administrator")
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship()

    # What a session asks of whoever is signed in.
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def is_active(self) -> bool:
        return not self.is_locked

    def get_id(self) -> str:
        """What a session remembers; it is no longer true once the token has changed."""
        return f"{self.id}:{self.session_token}"

    @property
    def role_label(self) -> str:
        return self.role.label

    def __str__(self) -> str:
        return self.name


class LoginFailure(Model):
    """Failed sign-ins by address: many accounts tried from one place."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_address_at", "address", "at"),)  # failures of an address lately

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
