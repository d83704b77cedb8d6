"""The personal file, its papers and attachments; templates of papers; forms of names (kizil stage 1; aistenok 13.1)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.cases import AboutGraduate
from models.journals import Journal, Once
from models.territory import Agency
from models.users import User


class FileIndex(Versioned, Model):
    """A line of the organisation's nomenclature of files (номенклатура дел, aistenok 13.1)."""

    __tablename__ = "file_index"
    __table_args__ = (
        UniqueConstraint("agency_id", "code"),
        CheckConstraint("code <> '' AND title <> ''", name="has_code_and_title"),
        CheckConstraint("keep_years BETWEEN 1 AND 100", name="kept_1_to_100_years"),
        CheckConstraint("journal IS NULL OR journal <> ''", name="journal_is_not_blank"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(40), comment="«05-12»")
    title: Mapped[Line]
    journal: Mapped[Journal | None] = mapped_column(enum_column(Journal), comment="The journal kept under this index")
    keep_years: Mapped[int] = mapped_column(default=5, comment="Years of keeping (domain §8.4)")
    note: Mapped[Line]

    agency: Mapped[Agency] = relationship()


class PersonalFile(AboutGraduate, Versioned, Model):
    """The personal file of a person in an organisation (личное дело, kizil stage 1)."""

    __tablename__ = "personal_file"
    __table_args__ = (
        UniqueConstraint("agency_id", "graduate_id"),
        UniqueConstraint("agency_id", "number"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_it_was_opened"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(comment="Runs through the years of the organisation")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    index_id: Mapped[int | None] = mapped_column(ForeignKey("file_index.id", ondelete="RESTRICT"), index=True)

    agency: Mapped[Agency] = relationship()
    index: Mapped[FileIndex | None] = relationship()


class AttachmentKind(LabelledEnum):
    IDENTITY = "identity", "документ, удостоверяющий личность"
    STATUS = "status", "документ о статусе"
    APPLICATION = "application", "заявление"
    CONTRACT = "contract", "договор, соглашение"
    PLAN = "plan", "план"
    CONSENT = "consent", "согласие"
    CONCLUSION = "conclusion", "заключение"
    ACT = "act", "акт обследования, услуг"
    MINUTES = "minutes", "протокол беседы"
    HEALTH = "health", "медицинский документ"
    HOUSING = "housing", "документ о жилье"
    EDUCATION = "education", "документ об образовании"
    LETTER = "letter", "письмо, ответ"
    OTHER = "other", "иное"


class Attachment(AboutGraduate, Once, Model):
    """A file about a person. Its bytes lie outside the database under `DATA_DIR`, by their own digest."""

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", AttachmentKind),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("size > 0", name="is_not_empty"),
        CheckConstraint("(removed_on IS NULL) = (removed_reason = '')", name="removed_has_reason"),
        Index("ix_attachment_subject", "subject", "subject_id"),  # papers of a record
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind), default=AttachmentKind.OTHER)
    title: Mapped[Line]
    document_on: Mapped[date | None]
    pages: Mapped[int] = mapped_column(default=1, comment="Sheets, for the inventory")
    file_name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(String(100), comment="As its bytes say, not its name")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(40), default="", comment="Table of the record it belongs to")
    subject_id: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    removed_on: Mapped[date | None]
    removed_reason: Mapped[Line]

    agency: Mapped[Agency] = relationship()
    added_by: Mapped[User | None] = relationship()


class PaperTemplate(Versioned, Model):
    """The administrator's own template of a paper, instead of the shipped one."""

    __tablename__ = "paper_template"
    __table_args__ = (UniqueConstraint("paper"), CheckConstraint("paper <> ''", name="has_paper"))
    __unaudited__ = ("content",)

    id: Mapped[Id]
    paper: Mapped[str] = mapped_column(String(40), comment="Code of the paper")
    file_name: Mapped[Name]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    uploaded_by: Mapped[User | None] = relationship()


class DeclinedKind(LabelledEnum):
    MAN = "man", "фамилия, имя, отчество мужчины"
    WOMAN = "woman", "фамилия, имя, отчество женщины"
    POSITION = "position", "должность"


class DeclinedForm(Versioned, Model):
    """Cases of a name or a position as papers print them; made by rule, corrected by hand."""

    __tablename__ = "declined_form"
    __table_args__ = (
        UniqueConstraint("kind", "nominative"),
        one_of("kind", DeclinedKind),
        CheckConstraint("nominative <> ''", name="has_nominative"),
    )

    id: Mapped[Id]
    kind: Mapped[DeclinedKind] = mapped_column(enum_column(DeclinedKind))
    nominative: Mapped[Line]
    genitive: Mapped[Line] = mapped_column(comment="в лице кого")
    dative: Mapped[Line] = mapped_column(comment="кому")
    accusative: Mapped[Line] = mapped_column(comment="назначить кого")
    instrumental: Mapped[Line] = mapped_column(comment="с кем")
    is_checked: Mapped[bool] = mapped_column(default=False, comment="Somebody has looked at it")
    note: Mapped[LongText]
