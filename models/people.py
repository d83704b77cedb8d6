"""Identity documents, contacts, kin and children of a graduate."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Id, Line, Model, Name
from models.dictionaries import ContactKind, DocumentKind, Kinship
from models.graduates import Graduate


class OfGraduate:
    """A child row of the card; it lives and dies with the card."""

    id: Mapped[Id]

    @declared_attr
    def graduate_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), index=True)


class IdentityDocument(OfGraduate, Model):
    """A passport, a birth certificate … (удостоверяющий и иной личный документ)."""

    __tablename__ = "identity_document"
    __table_args__ = (
        CheckConstraint("number <> ''", name="has_number"),
        CheckConstraint(
            "expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on", name="expires_after_issue"
        ),
    )

    kind_code: Mapped[str] = mapped_column(ForeignKey("document_kind.code"))
    series: Mapped[str] = mapped_column(String(20), default="")
    number: Mapped[str] = mapped_column(String(40))
    issued_on: Mapped[date | None]
    issued_by: Mapped[Line]
    division_code: Mapped[str] = mapped_column(String(20), default="")
    expires_on: Mapped[date | None]

    kind: Mapped[DocumentKind] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="documents")


class Contact(OfGraduate, Model):
    """A phone, an e-mail, another way to be reached."""

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("value <> ''", name="has_value"),)

    kind_code: Mapped[str] = mapped_column(ForeignKey("contact_kind.code"))
    value: Mapped[Name]
    note: Mapped[Line]

    kind: Mapped[ContactKind] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="contacts")


class ClosePerson(OfGraduate, Model):
    """A relative or another adult who matters; minimal data (domain §8.3)."""

    __tablename__ = "close_person"
    __table_args__ = (CheckConstraint("name <> ''", name="has_name"),)

    name: Mapped[Name]
    kinship_code: Mapped[str] = mapped_column(ForeignKey("kinship.code"))
    phone: Mapped[Line]
    is_supportive: Mapped[bool | None] = mapped_column(comment="Keeps up the relation; empty: unknown")
    note: Mapped[Line]

    kinship: Mapped[Kinship] = relationship()
    graduate: Mapped[Graduate] = relationship(back_populates="close_persons")


class Dependant(OfGraduate, Model):
    """A child of the graduate; minimal data (domain §8.3)."""

    __tablename__ = "dependant"
    __table_args__ = (CheckConstraint("name <> ''", name="has_name"),)

    name: Mapped[Name]
    birth_date: Mapped[date | None]
    lives_with: Mapped[Line]
    note: Mapped[Line]

    graduate: Mapped[Graduate] = relationship(back_populates="dependants")
