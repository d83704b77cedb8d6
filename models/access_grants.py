"""Cards that accepted referrals open to other organisations, for a time (access.md, rows 3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Model, enum_column, one_of
from models.exchange import Referral
from models.graduates import Graduate
from models.territory import Agency


class AccessProfile(LabelledEnum):
    """What of a card an accepted referral opens (access.md, rows 3)."""

    CONTACTS = "contacts", "имя, место нахождения, телефон, кто ведёт"
    CARD = "card", "карточка, кроме закрытых сведений"


class AccessGrant(Model):
    """A card opened to an organisation by a referral that it accepted; ends by itself (access.md, rows 3)."""

    __tablename__ = "access_grant"
    __table_args__ = (
        UniqueConstraint("referral_id", "graduate_id"),
        one_of("profile", AccessProfile),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_access_grant_agency_id", "agency_id", "profile", "graduate_id", "starts_on", "ends_on"),  # visible_to
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="RESTRICT"))
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    profile: Mapped[AccessProfile] = mapped_column(enum_column(AccessProfile))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="The last day; empty: the referral is not closed yet")

    referral: Mapped[Referral] = relationship()
    graduate: Mapped[Graduate] = relationship()
    agency: Mapped[Agency] = relationship()
