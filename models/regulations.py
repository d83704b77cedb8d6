"""Regulations and their deadline rules, in versions; who follows which, and which body stands for a name in them."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Code, Id, LabelledEnum, Line, Model, Name, UtcDateTime, enum_column, one_of
from models.rule_terms import RuleKind, RuleTerms
from models.territory import Agency, District
from models.users import User

ENDS_AFTER_IT_STARTS = "ends_on IS NULL OR ends_on >= starts_on"
COMMON = "common"  # The pack that everybody follows.


class Regulation(Model):
    """A regulation as a whole; what it says is the content of its newest version."""

    __tablename__ = "regulation"
    __table_args__ = (UniqueConstraint("code"), CheckConstraint("title <> ''", name="has_title"))

    id: Mapped[Id]
    code: Mapped[Code]
    title: Mapped[Line]
    short_title: Mapped[Name]
    issuer: Mapped[Line]
    number: Mapped[Line]
    adopted_on: Mapped[date | None]
    territory: Mapped[Line]
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]

    versions: Mapped[list[RegulationVersion]] = relationship(
        back_populates="regulation", order_by="RegulationVersion.number"
    )

    def __str__(self) -> str:
        return self.short_title


class VersionSource(LabelledEnum):
    FILE = "file", "из файла"
    EDITOR = "editor", "из редактора"


class RegulationVersion(Model):
    """What a regulation's pack said from a moment on; never overwritten."""

    __tablename__ = "regulation_version"
    __table_args__ = (UniqueConstraint("regulation_id", "number"), one_of("source", VersionSource))
    __unaudited__: ClassVar = ("content",)

    id: Mapped[Id]
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id", ondelete="RESTRICT"))
    number: Mapped[int]
    source: Mapped[VersionSource] = mapped_column(enum_column(VersionSource))
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the content: the same file makes no version")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[Line] = mapped_column(comment="Why it was changed")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    regulation: Mapped[Regulation] = relationship(back_populates="versions")
    created_by: Mapped[User | None] = relationship()


@lru_cache(maxsize=4096)
def _parsed(terms: str) -> RuleTerms:
    """Rules are loaded with every request that changes a fact; what they say is read once."""
    return RuleTerms.of(json.loads(terms))


class DeadlineRule(Model):
    """A version of a rule: who must do what, to whom, by which clause, and when."""

    __tablename__ = "deadline_rule"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        one_of("kind", RuleKind),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("in_force_to IS NULL OR in_force_to >= in_force_from", name="in_force_to_follows_from"),
        Index("ix_deadline_rule_regulation_id", "regulation_id", "is_current"),  # the rules of a regulation
        Index(  # one version of a rule is the newest
            "uq_deadline_rule_current",
            "key",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[Id]
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id", ondelete="RESTRICT"))
    code: Mapped[Code]
    key: Mapped[str] = mapped_column(String(90), comment="regulation/code: the same in all versions")
    version: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True, comment="The newest version; only it makes obligations")
    title: Mapped[Line]
    clause: Mapped[str] = mapped_column(String(60))
    clause_occurrence: Mapped[int] = mapped_column(default=1, comment="A number may repeat inside a document")
    clause_heading: Mapped[Line]
    kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind))
    terms_data: Mapped[dict[str, Any]] = mapped_column("terms", JSON, comment="models.rule_terms.RuleTerms")
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    note: Mapped[Line] = mapped_column(comment="Why this version was made")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    regulation: Mapped[Regulation] = relationship()

    @cached_property
    def terms(self) -> RuleTerms:
        """A version never changes."""
        return _parsed(json.dumps(self.terms_data, sort_keys=True))

    @property
    def clause_text(self) -> str:
        """The clause as a letter would cite it."""
        occurrence = f" ({self.clause_occurrence}-й по счёту)" if self.clause_occurrence > 1 else ""
        return f"п. {self.clause}{occurrence}" if self.clause[:1].isdigit() else f"{self.clause}{occurrence}"

    def __str__(self) -> str:
        return self.title


class AgencyRegulation(Model):
    """An organisation follows a regulation during a time; terms of earlier facts are not counted here."""

    __tablename__ = "agency_regulation"
    __table_args__ = (
        UniqueConstraint("agency_id", "regulation_id", "starts_on"),
        CheckConstraint(ENDS_AFTER_IT_STARTS, name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id", ondelete="RESTRICT"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    agency: Mapped[Agency] = relationship(back_populates="regulations")
    regulation: Mapped[Regulation] = relationship()


class RoleBinding(Model):
    """Which organisation of this installation a regulation means by a name («уполномоченный орган»)."""

    __tablename__ = "role_binding"
    __table_args__ = (UniqueConstraint("regulation_id", "role", "agency_id"),)

    id: Mapped[Id]
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id", ondelete="CASCADE"))
    role: Mapped[Code]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("district.id", ondelete="RESTRICT"), comment="For people of this district only; empty: everywhere"
    )

    regulation: Mapped[Regulation] = relationship()
    agency: Mapped[Agency] = relationship()
    district: Mapped[District | None] = relationship()


class RuleSwitch(Model):
    """A rule that does not apply to an organisation."""

    __tablename__ = "rule_switch"
    __table_args__ = (
        UniqueConstraint("rule_key", "agency_id"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    id: Mapped[Id]
    rule_key: Mapped[str] = mapped_column(String(90))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date] = mapped_column(comment="Duties that arise from this day on are not asked for")
    reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
