"""Everything that passes between organisations: referrals, notices, requests, their threads and numbers (vologda 4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.graduates import Graduate
from models.journals import Journal, Numbered, Once, numbered
from models.support import Consent
from models.territory import Agency
from models.users import User


class ReferralStatus(LabelledEnum):
    """Where a letter between two organisations stands."""

    DRAFT = "draft", "черновик"
    SENT = "sent", "отправлено"
    RECEIVED = "received", "получено"
    ACCEPTED = "accepted", "принято"
    IN_WORK = "in_work", "в работе"
    ANSWERED = "answered", "есть ответ"
    CLOSED = "closed", "закрыто"
    RETURNED = "returned", "возвращено на доработку"
    DECLINED = "declined", "отклонено"
    REVOKED = "revoked", "отозвано"
    FORWARDED = "forwarded", "переадресовано"


AT_RECIPIENT = (ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.ACCEPTED, ReferralStatus.IN_WORK)
OVER = (ReferralStatus.CLOSED, ReferralStatus.DECLINED, ReferralStatus.REVOKED, ReferralStatus.FORWARDED)


class ReferralUrgency(LabelledEnum):
    NORMAL = "normal", "обычная"
    THREE_DAYS = "three_days", "срочно, три дня"
    IMMEDIATE = "immediate", "немедленно"


class ReplyOutcome(LabelledEnum):
    """How an answer ends the matter (domain §5.14)."""

    RESOLVED = "resolved", "решено"
    PARTLY = "partly", "решено частично"
    PASSED_ON = "passed_on", "передано"
    REFUSED = "refused", "отказ"
    NO_ANSWER = "no_answer", "ответа нет"


class Delivery(LabelledEnum):
    """How a letter goes (vologda 4.7)."""

    SYSTEM = "system", "через «Маршрут»"
    POST = "post", "почтой"
    COURIER = "courier", "нарочным"
    EMAIL = "email", "электронной почтой"
    PHONE = "phone", "по телефону"


class ReferralStep(LabelledEnum):
    """What was done with a referral."""

    WRITTEN = "written", "составлено"
    SENT = "sent", "отправлено"
    RECEIVED = "received", "получено, зарегистрировано"
    ACKNOWLEDGED = "acknowledged", "получение подтверждено"
    ACCEPTED = "accepted", "принято"
    ASSIGNED = "assigned", "назначен исполнитель"
    STARTED = "started", "взято в работу"
    PAUSED = "paused", "приостановлено, нужно уточнение"
    RESUMED = "resumed", "возобновлено"
    ANSWERED = "answered", "дан ответ"
    CLOSED = "closed", "закрыто"
    REOPENED = "reopened", "ответ возвращён, нужен новый"
    RETURNED = "returned", "возвращено на доработку"
    DECLINED = "declined", "отклонено"
    REVOKED = "revoked", "отозвано"
    FORWARDED = "forwarded", "переадресовано"


def _partial(name: str, condition: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


def _of_open(name: str, *columns: str) -> Index:
    """An index of what is neither draft nor over: the desk of every day."""
    return _partial(name, "closed_at IS NULL AND sent_at IS NOT NULL", *columns)


def _of_alarms(name: str, side: str) -> Index:
    """An index of emergency notices whose receipt nobody has acknowledged: the strip on every page."""
    return _partial(name, "acknowledge_by IS NOT NULL AND acknowledged_at IS NULL", side, "status", "acknowledge_by")


COUNTED = ("answer_due_on", "sent_at", "closed_at")  # So that counters read nothing but the index.


class Referral(Once, Versioned, Model):
    """A letter from one organisation to another. What it says is frozen at sending; its kind comes from a pack."""

    __tablename__ = "referral"
    __table_args__ = (
        one_of("status", ReferralStatus),
        one_of("urgency", ReferralUrgency),
        one_of("outcome", ReplyOutcome),
        CheckConstraint("sender_id IS NOT NULL OR recipient_id IS NOT NULL", name="has_a_side_of_ours"),
        CheckConstraint("sender_id <> recipient_id", name="goes_to_somebody_else"),
        CheckConstraint("sender_name <> '' AND recipient_name <> ''", name="names_both_sides"),
        CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name="draft_is_not_sent"),
        CheckConstraint("(sent_at IS NULL) = (sent_on IS NULL)", name="sent_has_day"),
        CheckConstraint("status = 'draft' OR ground <> ''", name="sent_has_ground"),
        CheckConstraint(
            "status NOT IN ('returned', 'declined', 'revoked', 'forwarded') OR reason <> ''", name="refusal_has_reason"
        ),
        CheckConstraint("(paused_on IS NULL) = (pause_reason = '')", name="paused_has_reason"),
        CheckConstraint("status <> 'answered' OR answered_on IS NOT NULL", name="answered_has_day"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (status IN ('closed', 'declined', 'revoked', 'forwarded'))",
            name="over_has_moment",
        ),
        CheckConstraint("origin_id <> id", name="does_not_follow_from_itself"),
        _of_open("ix_referral_in_work", "recipient_id", "status", *COUNTED),  # counters of the inbox, what is late
        _of_open("ix_referral_awaited", "sender_id", "status", *COUNTED),  # what is awaited, what is late, counters
        _of_open("ix_referral_inbox", "recipient_id", "sent_at", "id"),  # among however many letters that are over
        _of_open("ix_referral_outbox", "sender_id", "sent_at", "id"),
        _of_alarms("ix_referral_alarms_in", "recipient_id"),
        _of_alarms("ix_referral_alarms_out", "sender_id"),
        Index("ix_referral_recipient_id", "recipient_id", "sent_at", "id"),  # the archive at any depth
        Index("ix_referral_sender_id", "sender_id", "sent_at", "id"),  # the same of what went
        Index("ix_referral_batch", "batch"),  # letters of one dispatch
        Index("ix_referral_subject", "subject"),  # what was sent about a fact
    )
    __unaudited__: ClassVar = ("form_token", "version", "about_key")

    id: Mapped[Id]
    kind_key: Mapped[str] = mapped_column(String(90), index=True, comment="primer-2027/need-notice")
    kind_title: Mapped[Line]
    clause_text: Mapped[Line] = mapped_column(comment="«п. 4.4, Вологодский регламент»")
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, comment="What the pack said of the kind when it was written")
    is_notice: Mapped[bool] = mapped_column(default=False, comment="Stands in the journal of notices (Ж-10)")
    urgency: Mapped[ReferralUrgency] = mapped_column(enum_column(ReferralUrgency), default=ReferralUrgency.NORMAL)
    status: Mapped[ReferralStatus] = mapped_column(enum_column(ReferralStatus), default=ReferralStatus.DRAFT)
    sender_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), comment="Empty: a correspondent outside the directory"
    )
    sender_name: Mapped[str] = mapped_column(String(500), comment="As it was called at sending")
    recipient_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), comment="Empty: a correspondent outside the directory"
    )
    recipient_name: Mapped[str] = mapped_column(String(500), comment="As it was called at sending")
    is_on_paper: Mapped[bool] = mapped_column(
        default=False, comment="The other side has no account: what it does is entered by ours"
    )
    summary: Mapped[Line] = mapped_column(comment="What it is about in a line, without names")
    text: Mapped[LongText]
    facts: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, comment="Fields of a kind that is about nobody: label, value"
    )
    about_text: Mapped[Line] = mapped_column(comment="«Ёлкина Д. И.», «12 человек»: as at sending")
    about_key: Mapped[str] = mapped_column(String(500), default="", comment="Folded names, for the search of the desk")
    ground: Mapped[Line] = mapped_column(
        comment="By which clause or consent the data pass (vologda 4.7; 152-ФЗ art. 6)"
    )
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id", ondelete="RESTRICT"), index=True)
    their_number: Mapped[Line] = mapped_column(comment="Outgoing number of a correspondent outside Marshrut")
    subject: Mapped[str] = mapped_column(String(80), default="", comment="The fact it tells of: problem:7, address:3")
    batch: Mapped[str | None] = mapped_column(String(32), comment="Letters sent together")
    deadline_id: Mapped[int | None] = mapped_column(
        ForeignKey("deadline.id", ondelete="SET NULL"), index=True, comment="The obligation for which it was written"
    )
    origin_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral.id", ondelete="RESTRICT"), index=True, comment="The letter that was passed on to make it"
    )
    forwarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    executor_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), index=True, comment="Who deals with it at the recipient"
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None] = mapped_column(comment="The day of the letter")
    received_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    acknowledge_by: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="An urgent notice: after this moment the heads are told"
    )
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_on: Mapped[date | None] = mapped_column(comment="The last day for an answer; empty: none is asked for")
    answered_on: Mapped[date | None]
    outcome: Mapped[ReplyOutcome | None] = mapped_column(enum_column(ReplyOutcome))
    paused_on: Mapped[date | None]
    pause_reason: Mapped[Line]
    reason: Mapped[Line] = mapped_column(comment="Why it was returned, declined, revoked or passed on")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sender: Mapped[Agency | None] = relationship(foreign_keys=sender_id)
    recipient: Mapped[Agency | None] = relationship(foreign_keys=recipient_id)
    forwarded_by: Mapped[Agency | None] = relationship(foreign_keys=forwarded_by_id)
    author: Mapped[User | None] = relationship(foreign_keys=author_id)
    executor: Mapped[User | None] = relationship(foreign_keys=executor_id)
    accepted_by: Mapped[User | None] = relationship(foreign_keys=accepted_by_id)
    consent: Mapped[Consent | None] = relationship()
    origin: Mapped[Referral | None] = relationship(remote_side="Referral.id")
    people: Mapped[list[ReferralPerson]] = relationship(
        back_populates="referral", cascade="all, delete-orphan", order_by="ReferralPerson.position"
    )
    events: Mapped[list[ReferralEvent]] = relationship(
        back_populates="referral", cascade="all, delete-orphan", order_by="ReferralEvent.id"
    )
    messages: Mapped[list[ReferralMessage]] = relationship(
        back_populates="referral", cascade="all, delete-orphan", order_by="ReferralMessage.id"
    )
    notes: Mapped[list[ReferralNote]] = relationship(
        back_populates="referral", cascade="all, delete-orphan", order_by="ReferralNote.id"
    )
    files: Mapped[list[ReferralFile]] = relationship(
        back_populates="referral", cascade="all, delete-orphan", order_by="ReferralFile.id"
    )
    outgoing: Mapped[list[OutgoingLetter]] = relationship(back_populates="referral", order_by="OutgoingLetter.id")
    incoming: Mapped[list[IncomingLetter]] = relationship(back_populates="referral", order_by="IncomingLetter.id")

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    def is_late_on(self, day: date) -> bool:
        """The answer was due before the day and is not there."""
        is_waited_for = self.status in AT_RECIPIENT or self.status is ReferralStatus.RETURNED
        return is_waited_for and self.answer_due_on is not None and self.answer_due_on < day

    def __str__(self) -> str:
        return f"{self.kind_title} № {self.id}"


class ReferralPerson(Model):
    """Whom a referral is about: what was told of the person, as it was at sending."""

    __tablename__ = "referral_person"
    __table_args__ = (
        UniqueConstraint("referral_id", "graduate_id"),
        CheckConstraint("name <> ''", name="has_name"),
        Index("ix_referral_person_graduate_id", "graduate_id", "referral_id"),  # the tab of a card
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    graduate_id: Mapped[int | None] = mapped_column(
        ForeignKey("graduate.id", ondelete="RESTRICT"), comment="Empty: whoever wrote knows no card of ours"
    )
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Name]
    birth_date: Mapped[date | None]
    facts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, comment="Fields of the kind: label, value")
    answer: Mapped[LongText] = mapped_column(comment="What the recipient tells of this person")

    referral: Mapped[Referral] = relationship(back_populates="people")
    graduate: Mapped[Graduate | None] = relationship()

    def __str__(self) -> str:
        return self.name


class ReferralEvent(Model):
    """A line of the history of a referral; it is never changed."""

    __tablename__ = "referral_event"
    __table_args__ = (
        one_of("step", ReferralStep),
        one_of("status_before", ReferralStatus),
        one_of("status_after", ReferralStatus),
        CheckConstraint("who <> ''", name="has_who"),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    step: Mapped[ReferralStep] = mapped_column(enum_column(ReferralStep))
    status_before: Mapped[ReferralStatus | None] = mapped_column(enum_column(ReferralStatus))
    status_after: Mapped[ReferralStatus] = mapped_column(enum_column(ReferralStatus))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line] = mapped_column(comment="Name and organisation, as they were")
    note: Mapped[Line]

    referral: Mapped[Referral] = relationship(back_populates="events")


class MessageKind(LabelledEnum):
    MESSAGE = "message", "сообщение"
    QUESTION = "question", "просьба уточнить"
    ANSWER = "answer", "ответ"


class ReferralMessage(Once, Model):
    """A line of the thread that both sides read."""

    __tablename__ = "referral_message"
    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("outcome", ReplyOutcome),
        CheckConstraint("text <> ''", name="has_text"),
        CheckConstraint("(kind = 'answer') = (outcome IS NOT NULL)", name="answer_has_outcome"),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind), default=MessageKind.MESSAGE)
    agency_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), comment="Whose word it is; empty: of a side outside the directory"
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line]
    text: Mapped[LongText]
    outcome: Mapped[ReplyOutcome | None] = mapped_column(enum_column(ReplyOutcome))
    written_on: Mapped[date]
    their_number: Mapped[Line] = mapped_column(comment="Number of a paper answer")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    referral: Mapped[Referral] = relationship(back_populates="messages")


class ReferralNote(Once, Model):
    """An internal note of one side: the other side never reads it."""

    __tablename__ = "referral_note"
    __table_args__ = (
        CheckConstraint("text <> ''", name="has_text"),
        Index("ix_referral_note_referral_id", "referral_id", "agency_id"),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    who: Mapped[Line]
    text: Mapped[LongText]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    referral: Mapped[Referral] = relationship(back_populates="notes")


class ReferralFile(Once, Model):
    """A file that travels with a referral. Its bytes lie outside the database, by their digest."""

    __tablename__ = "referral_file"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("size > 0", name="is_not_empty"),
        CheckConstraint("(removed_on IS NULL) = (removed_reason = '')", name="removed_has_reason"),
    )

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("referral_message.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), comment="Whose file it is")
    title: Mapped[Line]
    file_name: Mapped[Name]
    media_type: Mapped[str] = mapped_column(String(100), comment="As its bytes say, not its name")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    removed_on: Mapped[date | None]
    removed_reason: Mapped[Line]

    referral: Mapped[Referral] = relationship(back_populates="files")


class ReferralReading(Model):
    """Who of a side has opened a referral, and when first: its read receipt."""

    __tablename__ = "referral_reading"
    __table_args__ = (UniqueConstraint("referral_id", "user_id"),)

    id: Mapped[Id]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    who: Mapped[Line]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutgoingLetter(Numbered, Model):
    """A line of the journal of outgoing letters (Ж-9): a referral, or an answer to one."""

    __tablename__ = "outgoing_letter"
    __journal__ = Journal.OUTGOING
    __table_args__ = (
        *numbered(),
        one_of("delivery", Delivery),
        CheckConstraint("sheets > 0 AND copies > 0", name="has_sheets"),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="RESTRICT"), index=True)
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral_message.id", ondelete="RESTRICT"), index=True, comment="Empty: the referral itself"
    )
    sent_on: Mapped[date]
    sheets: Mapped[int] = mapped_column(default=1)
    copies: Mapped[int] = mapped_column(default=1)
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.SYSTEM)
    note: Mapped[Line]

    referral: Mapped[Referral] = relationship(back_populates="outgoing")
    message: Mapped[ReferralMessage | None] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys="OutgoingLetter.agency_id")


class IncomingLetter(Numbered, Model):
    """A line of the journal of incoming letters (Ж-8): a referral received, or an answer to ours."""

    __tablename__ = "incoming_letter"
    __journal__ = Journal.INCOMING
    __table_args__ = (
        *numbered(),
        one_of("delivery", Delivery),
        CheckConstraint("sheets > 0", name="has_sheets"),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="RESTRICT"), index=True)
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral_message.id", ondelete="RESTRICT"), index=True, comment="Empty: the referral itself"
    )
    received_on: Mapped[date]
    sheets: Mapped[int] = mapped_column(default=1)
    delivery: Mapped[Delivery] = mapped_column(enum_column(Delivery), default=Delivery.SYSTEM)
    resolution: Mapped[Line] = mapped_column(comment="What the head decided about it")
    note: Mapped[Line]

    referral: Mapped[Referral] = relationship(back_populates="incoming")
    message: Mapped[ReferralMessage | None] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys="IncomingLetter.agency_id")
