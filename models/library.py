"""What organisations share besides people: documents, resources, publications, trainings (krasnoyarsk 2.2, 2.3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.cases import AboutGraduate
from models.journals import Journal, Numbered, Once, numbered
from models.territory import Agency, District
from models.users import User


class LibraryKind(LabelledEnum):
    """What a document of the library is; packs name these codes under `documents` and `forms`."""

    LEGAL_BASE = "legal-base", "нормативный документ"
    LOCAL_REGULATION = "local-regulation", "положение организации"
    UNIFIED_FORM = "unified-forms", "единая форма"
    METHOD = "methods", "методика, методический материал"
    PRACTICE = "practices", "практика"
    BOOKLET = "booklets", "буклет, памятка"
    PROJECT = "projects", "проект, технология"
    DRAFT_ACT = "draft-acts", "проект акта, программы"
    STATE_PROGRAMME = "state-programmes", "государственная программа"
    MENTORING = "mentoring", "регламент наставничества"
    YEAR_PLAN = "year-plan", "годовой план работы"
    CONTROL_ACT = "control-acts", "акт проверки"


class Audience(LabelledEnum):
    """Who reads a document."""

    AGENCY = "agency", "своя организация"
    PARTICIPANTS = "participants", "названные организации"
    EVERYBODY = "everybody", "все участники"


class DocumentStage(LabelledEnum):
    DRAFT = "draft", "проект"
    AGREEMENT = "agreement", "на согласовании"
    IN_FORCE = "in_force", "действует"
    DONE = "done", "завершён"
    REPEALED = "repealed", "отменён"


class LibraryDocument(Once, Versioned, Model):
    """A document of the common library: its card; the texts are its editions."""

    __tablename__ = "library_document"
    __table_args__ = (
        one_of("kind", LibraryKind),
        one_of("audience", Audience),
        one_of("stage", DocumentStage),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("NOT is_mandatory OR starts_on IS NOT NULL", name="mandatory_has_day"),
        Index("ix_library_document_agency_id", "agency_id", "kind"),  # those of an organisation
        Index("ix_library_document_kind", "kind", "id"),  # the library by kinds
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), comment="Whose it is")
    kind: Mapped[LibraryKind] = mapped_column(enum_column(LibraryKind))
    title: Mapped[Line]
    number: Mapped[Line] = mapped_column(comment="Of an act")
    document_on: Mapped[date | None]
    author: Mapped[Line]
    summary: Mapped[LongText]
    result: Mapped[LongText] = mapped_column(comment="What a practice gave, what a check remarked")
    participants: Mapped[LongText] = mapped_column(comment="Of a project: who takes part, one in a line")
    link: Mapped[Line]
    stage: Mapped[DocumentStage] = mapped_column(enum_column(DocumentStage), default=DocumentStage.IN_FORCE)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.EVERYBODY)
    starts_on: Mapped[date | None] = mapped_column(comment="In force from")
    ends_on: Mapped[date | None] = mapped_column(comment="In force to, the last day")
    is_mandatory: Mapped[bool] = mapped_column(default=False, comment="Everybody must use it from that day")
    about_agency_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), index=True, comment="Of an act of a check: whom it checked"
    )
    remarks_due_on: Mapped[date | None] = mapped_column(comment="Until when remarks are to be put right")
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
    about_agency: Mapped[Agency | None] = relationship(foreign_keys=about_agency_id)
    editions: Mapped[list[DocumentEdition]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="DocumentEdition.number"
    )
    approvals: Mapped[list[DocumentApproval]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="DocumentApproval.id"
    )

    def __str__(self) -> str:
        return self.title


class DocumentEdition(Model):
    """A text of a document as a file. Its bytes lie outside the database, by their digest."""

    __tablename__ = "document_edition"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number > 0", name="number_is_positive"),
        CheckConstraint("size > 0", name="is_not_empty"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("library_document.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[Line] = mapped_column(comment="What is different")
    file_name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(String(100), comment="As its bytes say, not its name")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    document: Mapped[LibraryDocument] = relationship(back_populates="editions")


class ApprovalStatus(LabelledEnum):
    ASKED = "asked", "ждём ответа"
    AGREED = "agreed", "согласовано"
    REMARKS = "remarks", "есть замечания"
    INFORMED = "informed", "для сведения"


class DocumentApproval(Model):
    """A line of the approval sheet of a document, or a named reader of it (vologda 4.1)."""

    __tablename__ = "document_approval"
    __table_args__ = (
        UniqueConstraint("document_id", "agency_id", "edition"),
        one_of("status", ApprovalStatus),
        CheckConstraint("(answered_at IS NULL) = (status IN ('asked', 'informed'))", name="answered_has_moment"),
        CheckConstraint("status <> 'remarks' OR remarks <> ''", name="remarks_are_told"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("library_document.id", ondelete="CASCADE"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    edition: Mapped[int] = mapped_column(default=0, comment="Which edition was asked about; 0: none yet")
    status: Mapped[ApprovalStatus] = mapped_column(enum_column(ApprovalStatus), default=ApprovalStatus.ASKED)
    due_on: Mapped[date | None]
    remarks: Mapped[LongText]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line] = mapped_column(comment="Who answered: name and position, as they were")

    document: Mapped[LibraryDocument] = relationship(back_populates="approvals")
    agency: Mapped[Agency] = relationship()


class ResourceKind(LabelledEnum):
    """Packs name these codes under `documents` of the resource directory (krasnoyarsk 4.2)."""

    PLACE = "place", "площадка, помещение"
    CLUB = "club", "клуб, секция, студия"
    CAMP = "camp", "лагерь, смена"
    TRIP = "trip", "поездка, экскурсия"
    ACTION = "action", "гражданская, волонтёрская акция"
    MENTORING = "mentoring", "наставничество"
    PRACTICE = "practice", "стажировка, рабочее место"
    HOUSING = "housing", "временное жильё"
    SPECIALIST = "specialist", "специалист, услуга"
    OTHER = "other", "иное"


class Resource(Once, Versioned, Model):
    """What somebody of the territory offers to graduates (krasnoyarsk 2.3, 4.2): a line of the resource directory."""

    __tablename__ = "resource"
    __table_args__ = (
        one_of("kind", ResourceKind),
        CheckConstraint("title <> '' AND owner_name <> ''", name="has_title_and_owner"),
        CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 100000", name="capacity_is_positive"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_resource_kind", "kind", "id"),  # the directory by kinds
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), index=True, comment="Who keeps the line"
    )
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[ResourceKind] = mapped_column(enum_column(ResourceKind))
    title: Mapped[Line]
    owner_name: Mapped[Line] = mapped_column(comment="Who offers it")
    address: Mapped[Line]
    schedule: Mapped[Line]
    contacts: Mapped[Line]
    conditions: Mapped[LongText] = mapped_column(comment="For whom, for how much")
    capacity: Mapped[int | None] = mapped_column(comment="Places")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    district: Mapped[District | None] = relationship()
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="resource", order_by="Enrolment.starts_on")

    def __str__(self) -> str:
        return self.title


class Enrolment(AboutGraduate, Once, Versioned, Model):
    """A graduate in a club, a camp, a trip, with a mentor (krasnoyarsk 4.2; syzran 3.2)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        Index(
            "uq_enrolment_open",
            *("resource_id", "graduate_id"),
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),  # nobody is in one club twice at a time
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id", ondelete="RESTRICT"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="The last day")
    note: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    resource: Mapped[Resource] = relationship(back_populates="enrolments")


class Medium(LabelledEnum):
    PRESS = "press", "газета, журнал"
    BROADCAST = "broadcast", "радио, телевидение"
    SITE = "site", "сайт организации"
    SOCIAL = "social", "социальная сеть"
    STAND = "stand", "информационный стенд"
    LEAFLET = "leaflet", "листовка, буклет"
    MEETING = "meeting", "встреча с жителями"


class Publication(Numbered, Versioned, Model):
    """A publication, or an update of public information (vologda 2.1, 2.2; kizil 1.6); a journal of its own."""

    __tablename__ = "publication"
    __journal__ = Journal.PUBLICATIONS
    __table_args__ = (
        *numbered(),
        one_of("medium", Medium),
        CheckConstraint("title <> ''", name="has_title"),
        Index("ix_publication_agency_id_published_on", "agency_id", "published_on"),  # the list of an organisation
    )

    published_on: Mapped[date]
    medium: Mapped[Medium] = mapped_column(enum_column(Medium))
    title: Mapped[Line]
    source: Mapped[Line] = mapped_column(comment="Which paper, site, stand")
    link: Mapped[Line]
    specialist: Mapped[Line] = mapped_column(comment="Who is responsible: name and position as printed")
    note: Mapped[LongText]

    agency: Mapped[Agency] = relationship(foreign_keys="Publication.agency_id")


class Training(Once, Versioned, Model):
    """How an employee's competence was raised (vologda 1.2)."""

    __tablename__ = "training"
    __table_args__ = (
        CheckConstraint("employee <> '' AND title <> ''", name="has_employee_and_title"),
        CheckConstraint("hours IS NULL OR hours BETWEEN 1 AND 2000", name="hours_are_1_to_2000"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        Index("ix_training_agency_id_ends_on", "agency_id", "ends_on"),  # the list of an organisation
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    employee: Mapped[Line] = mapped_column(comment="Name and position; stays when the user leaves")
    title: Mapped[Line]
    organiser: Mapped[Line]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours: Mapped[int | None]
    document: Mapped[Line] = mapped_column(comment="Certificate: number and date")
    note: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=user_id)
