"""Councils, their members, sittings, minutes and decisions (krasnoyarsk 6; vologda 4.10–4.12; syzran 6)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Name, UtcDateTime, Versioned, enum_column, one_of
from models.exchange import Referral
from models.graduates import Graduate
from models.journals import Journal, Numbered, numbered
from models.territory import Agency
from models.users import User


class Body(Versioned, Model):
    """A council, a commission: whoever sits together; kept by an organisation (vologda 4.11; syzran 6)."""

    __tablename__ = "body"
    __table_args__ = (
        UniqueConstraint("agency_id", "name"),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("quorum_of > 0 AND quorum_part BETWEEN 0 AND quorum_of", name="quorum_is_a_part"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), comment="Who keeps it")
    key: Mapped[str] = mapped_column(String(90), default="", comment="Of the pack: primer-2027/council")
    name: Mapped[Name]
    quorum_part: Mapped[int] = mapped_column(
        default=1, comment="A sitting is valid with quorum_part / quorum_of of all"
    )
    quorum_of: Mapped[int] = mapped_column(default=2)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    approved_on: Mapped[date | None] = mapped_column(
        comment="Its membership was agreed with the department (vologda 4.12)"
    )
    note: Mapped[LongText]

    agency: Mapped[Agency] = relationship()
    members: Mapped[list[BodyMember]] = relationship(
        back_populates="body", cascade="all, delete-orphan", order_by="BodyMember.position_in_list"
    )

    def members_on(self, day: date) -> list[BodyMember]:
        return [one for one in self.members if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]

    def __str__(self) -> str:
        return self.name


class MemberRole(LabelledEnum):
    CHAIR = "chair", "председатель"
    DEPUTY = "deputy", "заместитель председателя"
    SECRETARY = "secretary", "секретарь"
    MEMBER = "member", "член"


class BodyMember(Model):
    """A member of a body, of one of its categories, during a time; the end is the last day."""

    __tablename__ = "body_member"
    __table_args__ = (
        one_of("role", MemberRole),
        CheckConstraint("name <> ''", name="has_name"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
    )

    id: Mapped[Id]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole), default=MemberRole.MEMBER)
    category: Mapped[Line] = mapped_column(comment="Whom the member stands for (vologda 4.11)")
    name: Mapped[Name]
    position: Mapped[Line]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    position_in_list: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    body: Mapped[Body] = relationship(back_populates="members")
    agency: Mapped[Agency | None] = relationship()
    user: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return self.name


class MeetingKind(LabelledEnum):
    SITTING = "sitting", "заседание"
    METHODICAL = "methodical", "методическое совещание"
    SEMINAR = "seminar", "семинар"
    CASE_CONFERENCE = "case_conference", "разбор случая"
    WORKING = "working", "рабочая встреча"


class MeetingStatus(LabelledEnum):
    PLANNED = "planned", "назначено"
    HELD = "held", "проведено"
    CANCELLED = "cancelled", "отменено"


class Meeting(Numbered, Versioned, Model):
    """A sitting of a body or a meeting of specialists; its number is that of its minutes, given when it was held."""

    __tablename__ = "meeting"
    __journal__ = Journal.MEETINGS
    __table_args__ = (
        *numbered(always=False),
        one_of("kind", MeetingKind),
        one_of("status", MeetingStatus),
        CheckConstraint("topic <> ''", name="has_topic"),
        CheckConstraint("(kind = 'sitting') = (body_id IS NOT NULL)", name="sitting_is_of_a_body"),
        CheckConstraint("(status = 'held') = (number IS NOT NULL)", name="held_has_number"),
        CheckConstraint("(status = 'cancelled') = (cancelled_reason <> '')", name="cancelled_has_reason"),
        CheckConstraint("members_total >= 0", name="members_are_counted"),
        Index("ix_meeting_agency_id_held_on", "agency_id", "held_on"),  # the register and the quota
    )
    __unaudited__: ClassVar = ("form_token", "version")

    kind: Mapped[MeetingKind] = mapped_column(enum_column(MeetingKind))
    status: Mapped[MeetingStatus] = mapped_column(enum_column(MeetingStatus), default=MeetingStatus.PLANNED)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id", ondelete="RESTRICT"), index=True)
    topic: Mapped[Line]
    held_on: Mapped[date] = mapped_column(comment="Planned, then actual")
    starts_at: Mapped[time | None]
    place: Mapped[Line]
    chair: Mapped[Line] = mapped_column(comment="Who presided")
    secretary: Mapped[Line] = mapped_column(comment="Who kept the minutes")
    members_total: Mapped[int] = mapped_column(default=0, comment="Members of the body on the day: the quorum's whole")
    summary: Mapped[LongText]
    cancelled_reason: Mapped[Line]

    body: Mapped[Body | None] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys="Meeting.agency_id")
    attendees: Mapped[list[MeetingAttendee]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="MeetingAttendee.position"
    )
    agenda: Mapped[list[AgendaItem]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="AgendaItem.position"
    )

    def __str__(self) -> str:
        return f"{self.kind.label} {self.held_on:%d.%m.%Y}"


class MeetingAttendee(Model):
    """Who was invited or is a member, and whether he or she came."""

    __tablename__ = "meeting_attendee"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id"),
        CheckConstraint("name <> ''", name="has_name"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("body_member.id", ondelete="RESTRICT"), index=True, comment="Empty: invited, does not count"
    )
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    name: Mapped[Name]
    post: Mapped[Line] = mapped_column(comment="Position and organisation, as at the sitting")
    is_present: Mapped[bool] = mapped_column(default=False)
    stand_in: Mapped[Line] = mapped_column(comment="Who came instead of the member")
    position: Mapped[int] = mapped_column(default=0)

    meeting: Mapped[Meeting] = relationship(back_populates="attendees")
    member: Mapped[BodyMember | None] = relationship()
    agency: Mapped[Agency | None] = relationship()


class AgendaKind(LabelledEnum):
    COMPLEX_CASE = "complex_case", "сложный случай"
    HEARING = "hearing", "отчёт службы"
    PROPOSAL = "proposal", "предложение"
    OTHER = "other", "иной вопрос"


class AgendaItem(Model):
    """An item of the agenda: an escalated case, a hearing of a service, a proposal (krasnoyarsk 6; syzran 6.3, 6.5)."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        one_of("kind", AgendaKind),
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("votes_for >= 0 AND votes_against >= 0", name="votes_are_counted"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AgendaKind] = mapped_column(enum_column(AgendaKind), default=AgendaKind.OTHER)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[Line] = mapped_column(comment="Without names: a person is shown by the card")
    speaker: Mapped[Line]
    referral_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral.id", ondelete="RESTRICT"), index=True, comment="The letter that brought the case"
    )
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="RESTRICT"), index=True)
    agency_id: Mapped[int | None] = mapped_column(
        ForeignKey("agency.id", ondelete="RESTRICT"), index=True, comment="Which service is heard"
    )
    discussed: Mapped[LongText]
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    referral: Mapped[Referral | None] = relationship()
    graduate: Mapped[Graduate | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="Decision.id"
    )


class DecisionKind(LabelledEnum):
    RECOMMENDATION = "recommendation", "рекомендация"
    ASSIGNMENT = "assignment", "поручение"
    PROPOSAL = "proposal", "предложение в программы и акты"


class Decision(Versioned, Model):
    """A decision of a meeting: recommended to whom, until when; sent as a referral (krasnoyarsk 6)."""

    __tablename__ = "decision"
    __table_args__ = (
        one_of("kind", DecisionKind),
        CheckConstraint("text <> ''", name="has_text"),
        CheckConstraint("(done_on IS NULL) = (result = '')", name="done_has_result"),
        Index("ix_decision_due_on", "due_on"),  # what is not carried out in time
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(enum_column(DecisionKind), default=DecisionKind.RECOMMENDATION)
    text: Mapped[LongText]
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), index=True)
    addressee: Mapped[Line] = mapped_column(comment="In words, where it is none of the organisations")
    due_on: Mapped[date | None]
    referral_id: Mapped[int | None] = mapped_column(
        ForeignKey("referral.id", ondelete="RESTRICT"), index=True, comment="The letter that carries it"
    )
    done_on: Mapped[date | None]
    result: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[AgendaItem] = relationship(back_populates="decisions")
    to: Mapped[Agency | None] = relationship()
    referral: Mapped[Referral | None] = relationship()

    def __str__(self) -> str:
        return self.text[:80]
