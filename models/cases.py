"""From application to conclusion: the papers between an organisation and a graduate (aistenok 7–12, kizil stage 1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Versioned, enum_column, one_of
from models.dictionaries import (
    Channel,
    ExitGround,
    GraduateRefusalReason,
    LegalStatus,
    RefusalReason,
    SupportCategory,
    TerminationGround,
)
from models.graduates import Graduate
from models.journals import Journal, Numbered, numbered
from models.territory import Agency
from models.users import User


class AboutGraduate:
    """A record about a person that outlives changes of the card: the card cannot be erased while it stands."""

    @declared_attr
    def graduate_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("graduate.id", ondelete="RESTRICT"), index=True)

    @declared_attr
    def graduate(cls) -> Mapped[Graduate]:
        return relationship()


class Application(AboutGraduate, Numbered, Versioned, Model):
    """An application for support (заявление, aistenok 8); its number and date of registration come together."""

    __tablename__ = "application"
    __journal__ = Journal.APPLICATIONS
    __table_args__ = (
        *numbered(always=False),
        CheckConstraint("(registered_on IS NULL) = (number IS NULL)", name="registered_has_number"),
        CheckConstraint(
            "registered_on IS NULL OR registered_on >= received_on", name="registered_after_it_was_received"
        ),
        CheckConstraint("withdrawn_on IS NULL OR withdrawn_on >= received_on", name="withdrawn_after_it_was_received"),
        CheckConstraint("notified_on IS NULL OR notified_on >= received_on", name="notified_after_it_was_received"),
        Index("ix_application_agency_id_received_on", "agency_id", "received_on"),  # the list of an organisation
    )

    received_on: Mapped[date]
    channel_code: Mapped[str | None] = mapped_column(ForeignKey("channel.code"))
    request: Mapped[LongText] = mapped_column(comment="What help is asked for, in the graduate's words")
    directions: Mapped[Line] = mapped_column(comment="Codes of directions asked for, by spaces")
    documents: Mapped[LongText] = mapped_column(comment="What was handed in: one paper in a line")
    is_identity_shown: Mapped[bool] = mapped_column(
        default=False, comment="The identity document was shown (aistenok 8)"
    )
    right_ground_code: Mapped[str | None] = mapped_column(ForeignKey("exit_ground.code"))
    right_document: Mapped[Line] = mapped_column(comment="Order of leaving, act of guardianship: number and date")
    received_by: Mapped[Line] = mapped_column(comment="Who took it in: name and position")
    answer_by: Mapped[Line] = mapped_column(comment="How the graduate wants to be told")
    registered_on: Mapped[date | None]
    notified_on: Mapped[date | None]
    notified_how: Mapped[Line]
    withdrawn_on: Mapped[date | None] = mapped_column(comment="The graduate took it back before a decision")
    note: Mapped[LongText]

    agency: Mapped[Agency] = relationship(foreign_keys="Application.agency_id")
    channel: Mapped[Channel | None] = relationship()
    right_ground: Mapped[ExitGround | None] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys="Application.created_by_id")
    contracts: Mapped[list[Contract]] = relationship(back_populates="application", order_by="Contract.id")
    refusals: Mapped[list[Refusal]] = relationship(back_populates="application", order_by="Refusal.id")


class RefusalKind(LabelledEnum):
    """Two acts of one journal (domain §0.2, trap 1)."""

    GRADUATE = "graduate", "отказ выпускника"
    AGENCY = "agency", "решение организации"


class Refusal(AboutGraduate, Numbered, Versioned, Model):
    """A refusal to conclude a contract: the graduate's own, or the organisation's for want of a right (aistenok 10)."""

    __tablename__ = "refusal"
    __journal__ = Journal.REFUSALS
    __table_args__ = (
        *numbered(),
        one_of("kind", RefusalKind),
        CheckConstraint("(kind = 'agency') = (reason_code IS NOT NULL)", name="agencys_refusal_has_reason"),
        CheckConstraint("kind = 'graduate' OR graduate_reason_code IS NULL", name="graduates_reason_is_the_graduates"),
        CheckConstraint("notified_on IS NULL OR notified_on >= refused_on", name="notified_after_it_was_refused"),
    )

    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[RefusalKind] = mapped_column(enum_column(RefusalKind))
    refused_on: Mapped[date]
    reason_code: Mapped[str | None] = mapped_column(ForeignKey("refusal_reason.code"), comment="Why there is no right")
    graduate_reason_code: Mapped[str | None] = mapped_column(
        ForeignKey("graduate_refusal_reason.code"), comment="The graduate need not give one"
    )
    details: Mapped[LongText]
    clause: Mapped[Line] = mapped_column(comment="Of the organisation's regulation")
    notified_on: Mapped[date | None]
    notified_how: Mapped[Line]
    is_return_explained: Mapped[bool] = mapped_column(default=False, comment="Told that one may apply again")
    responsible: Mapped[Line]

    agency: Mapped[Agency] = relationship(foreign_keys="Refusal.agency_id")
    application: Mapped[Application | None] = relationship(back_populates="refusals")
    reason: Mapped[RefusalReason | None] = relationship()
    graduate_reason: Mapped[GraduateRefusalReason | None] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys="Refusal.created_by_id")


class ContractStatus(LabelledEnum):
    """Derived from the dates of a contract on a day."""

    DRAFT = "draft", "проект"
    FUTURE = "future", "вступит в силу"
    ACTIVE = "active", "действует"
    EXTENDED = "extended", "продлён"
    SUSPENDED = "suspended", "приостановлен"
    EXPIRED = "expired", "срок истёк"
    ENDED = "ended", "прекращён"
    TERMINATED = "terminated", "расторгнут"
    ANNULLED = "annulled", "аннулирован"


BY_CONCLUSION = frozenset({"term_expired", "plan_completed"})  # Grounds that need a signed conclusion (aistenok 12).
BEFORE_TERM = frozenset({"graduate_request", "mutual_agreement", "breach"})  # «расторгнут», the others: «прекращён».
PAUSING = frozenset({"prison", "military"})  # They suspend, they do not end (domain §1.5).


class Contract(AboutGraduate, Numbered, Versioned, Model):
    """A contract on support (aistenok 2, 7, 9.1; domain §1). A draft until it is signed: then it has its number."""

    __tablename__ = "contract"
    __journal__ = Journal.CONTRACTS
    __table_args__ = (
        *numbered(always=False),
        CheckConstraint("(signed_on IS NULL) = (number IS NULL)", name="signed_has_number"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("signed_on IS NULL OR starts_on >= signed_on", name="starts_when_it_is_signed"),
        CheckConstraint("(ended_on IS NULL) = (termination_ground_code IS NULL)", name="ended_has_ground"),
        CheckConstraint("ended_on IS NULL OR ended_on >= signed_on", name="ended_after_it_was_signed"),
        CheckConstraint("handed_on IS NULL OR handed_on >= signed_on", name="handed_after_it_was_signed"),
        CheckConstraint("copies BETWEEN 1 AND 9", name="copies_are_1_to_9"),
        Index("ix_contract_agency_id_ends_on", "agency_id", "ends_on"),  # which end soon
        Index(
            "uq_contract_open",
            "graduate_id",
            "agency_id",
            unique=True,
            sqlite_where=text("number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL"),
            postgresql_where=text("number IS NOT NULL AND ended_on IS NULL AND annulled_on IS NULL"),
        ),
    )

    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="RESTRICT"), index=True)
    place: Mapped[Line]
    signed_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(comment="The last day; never past the last eligible day (domain §8.5)")
    signatory: Mapped[Line] = mapped_column(
        comment="Who signs for the organisation: position and name, as in «в лице …»"
    )
    signatory_basis: Mapped[Line] = mapped_column(comment="«Устава», «доверенности № 3 от 01.02.2026»")
    legal_status_code: Mapped[str | None] = mapped_column(ForeignKey("legal_status.code"))
    right_ground_code: Mapped[str | None] = mapped_column(ForeignKey("exit_ground.code"))
    right_document: Mapped[Line]
    category_code: Mapped[str | None] = mapped_column(
        ForeignKey("support_category.code"), comment="On the day of signing"
    )
    curator: Mapped[Line] = mapped_column(comment="Name, position, phone")
    curator_order: Mapped[Line] = mapped_column(comment="Order: number and date")
    guardianship_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    guardian: Mapped[Line] = mapped_column(comment="Who consents for somebody under age: name and document")
    copies: Mapped[int] = mapped_column(default=2)
    handed_on: Mapped[date | None] = mapped_column(comment="The graduate got a copy")
    ended_on: Mapped[date | None]
    termination_ground_code: Mapped[str | None] = mapped_column(ForeignKey("termination_ground.code"))
    termination_note: Mapped[Line]
    note: Mapped[LongText]

    agency: Mapped[Agency] = relationship(foreign_keys="Contract.agency_id")
    guardianship: Mapped[Agency | None] = relationship(foreign_keys=guardianship_id)
    application: Mapped[Application | None] = relationship(back_populates="contracts")
    legal_status: Mapped[LegalStatus | None] = relationship()
    right_ground: Mapped[ExitGround | None] = relationship()
    category: Mapped[SupportCategory | None] = relationship()
    termination_ground: Mapped[TerminationGround | None] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys="Contract.created_by_id")
    amendments: Mapped[list[ContractAmendment]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", order_by="ContractAmendment.number"
    )
    suspensions: Mapped[list[ContractSuspension]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", order_by="ContractSuspension.starts_on"
    )
    conclusions: Mapped[list[Conclusion]] = relationship(back_populates="contract", order_by="Conclusion.id")

    def status_on(self, day: date) -> ContractStatus:
        """The status that follows from the dates; days are inclusive, the end of a term does not roll (domain §7.1)."""
        if self.annulled_on is not None:
            return ContractStatus.ANNULLED
        if self.number is None:
            return ContractStatus.DRAFT
        if self.ended_on is not None and self.ended_on <= day:
            is_early = self.termination_ground_code in BEFORE_TERM
            return ContractStatus.TERMINATED if is_early else ContractStatus.ENDED
        if any(pause.holds_on(day) for pause in self.suspensions):
            return ContractStatus.SUSPENDED
        if self.starts_on > day:
            return ContractStatus.FUTURE
        if self.ends_on < day:
            return ContractStatus.EXPIRED
        is_extended = any(change.new_ends_on for change in self.amendments)
        return ContractStatus.EXTENDED if is_extended else ContractStatus.ACTIVE

    def is_open(self) -> bool:
        return self.number is not None and self.ended_on is None and self.annulled_on is None


class ContractAmendment(Model):
    """An additional agreement: numbered inside its contract (доп. соглашение)."""

    __tablename__ = "contract_amendment"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("subject <> ''", name="has_subject"),
        CheckConstraint("number > 0", name="number_is_positive"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"))
    number: Mapped[int]
    signed_on: Mapped[date]
    subject: Mapped[LongText]
    old_ends_on: Mapped[date | None]
    new_ends_on: Mapped[date | None] = mapped_column(comment="Empty: the term stays")

    contract: Mapped[Contract] = relationship(back_populates="amendments")


class ContractSuspension(Model):
    """A time in which the contract rests: prison, military service (domain §1.5)."""

    __tablename__ = "contract_suspension"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    ground_code: Mapped[str] = mapped_column(ForeignKey("termination_ground.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="The last day of the pause")
    note: Mapped[Line]

    contract: Mapped[Contract] = relationship(back_populates="suspensions")
    ground: Mapped[TerminationGround] = relationship()

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class ConclusionOutcome(LabelledEnum):
    """What follows (domain §2.5)."""

    STOP = "stop", "цели достигнуты – прекратить"
    EXTEND = "extend", "продлить, разработать новый план"
    PASS_ON = "pass_on", "передать другой организации"
    OTHER = "other", "прекратить по иному основанию"


class Conclusion(AboutGraduate, Numbered, Versioned, Model):
    """The conclusion on results, signed by both parties (aistenok 12; domain §2.5)."""

    __tablename__ = "conclusion"
    __journal__ = Journal.CONCLUSIONS
    __table_args__ = (
        *numbered(always=False),
        one_of("outcome", ConclusionOutcome),
        CheckConstraint("period_to >= period_from", name="period_ends_after_it_starts"),
        CheckConstraint("(approved_on IS NULL) = (number IS NULL)", name="approved_has_number"),
        CheckConstraint(
            "graduate_signed_on IS NULL OR graduate_signed_on >= approved_on", name="graduate_signs_what_is_approved"
        ),
        CheckConstraint("handed_on IS NULL OR handed_on >= approved_on", name="handed_after_it_was_approved"),
    )

    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id", ondelete="RESTRICT"), index=True)
    period_from: Mapped[date]
    period_to: Mapped[date]
    total: Mapped[int] = mapped_column(default=0, comment="Measures of the plan when it was approved")
    done: Mapped[int] = mapped_column(default=0)
    done_partly: Mapped[int] = mapped_column(default=0)
    not_done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    category_from_code: Mapped[str | None] = mapped_column(ForeignKey("support_category.code"))
    category_to_code: Mapped[str | None] = mapped_column(ForeignKey("support_category.code"))
    score_from: Mapped[int | None] = mapped_column(comment="Points of the first monitoring card of the period")
    score_to: Mapped[int | None] = mapped_column(comment="Points of the last one")
    results: Mapped[LongText] = mapped_column(comment="Result by each direction")
    achieved: Mapped[LongText]
    unresolved: Mapped[LongText]
    outcome: Mapped[ConclusionOutcome] = mapped_column(enum_column(ConclusionOutcome))
    recommendations: Mapped[LongText]
    own_opinion: Mapped[LongText] = mapped_column(comment="The graduate's")
    curator: Mapped[Line]
    approved_on: Mapped[date | None] = mapped_column(comment="Signed by the curator and the head")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    graduate_signed_on: Mapped[date | None]
    handed_on: Mapped[date | None]

    agency: Mapped[Agency] = relationship(foreign_keys="Conclusion.agency_id")
    contract: Mapped[Contract | None] = relationship(back_populates="conclusions")
    created_by: Mapped[User | None] = relationship(foreign_keys="Conclusion.created_by_id")
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)

    @property
    def is_signed(self) -> bool:
        """By both parties."""
        return self.approved_on is not None and self.graduate_signed_on is not None and self.annulled_on is None


class SupportEpisode(AboutGraduate, Numbered, Versioned, Model):
    """Taken on for support, and taken off it (Ж-4): a row of the journal of those accepted (aistenok 13.2)."""

    __tablename__ = "support_episode"
    __journal__ = Journal.ACCEPTED
    __table_args__ = (
        *numbered(),
        CheckConstraint("removed_on IS NULL OR removed_on >= accepted_on", name="removed_after_it_was_accepted"),
        CheckConstraint("(removed_on IS NULL) = (removal_ground_code IS NULL)", name="removed_has_ground"),
        Index(
            "uq_support_episode_open",
            "graduate_id",
            "agency_id",
            unique=True,
            sqlite_where=text("removed_on IS NULL AND annulled_on IS NULL"),
            postgresql_where=text("removed_on IS NULL AND annulled_on IS NULL"),
        ),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="RESTRICT"), index=True)
    accepted_on: Mapped[date]
    origin: Mapped[Line] = mapped_column(comment="From where the person left, or who told of him")
    removed_on: Mapped[date | None]
    removal_ground_code: Mapped[str | None] = mapped_column(ForeignKey("termination_ground.code"))
    result: Mapped[LongText]
    note: Mapped[Line]

    agency: Mapped[Agency] = relationship(foreign_keys="SupportEpisode.agency_id")
    contract: Mapped[Contract] = relationship()
    removal_ground: Mapped[TerminationGround | None] = relationship()
