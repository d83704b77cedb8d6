"""Daily work with a graduate: what was asked, said, seen and done (domain §3, Ж-5…Ж-7, Ж-11, Ж-12, П-1; §4.5)."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Id, LabelledEnum, Line, LongText, Model, Versioned, enum_column, one_of
from models.cases import AboutGraduate
from models.dictionaries import Channel, Outcome, ServiceForm, ServiceKind, SupportCategory
from models.graduates import Graduate
from models.journals import Journal, Numbered, Once, numbered
from models.plans import Measure
from models.territory import Agency
from models.users import User

OUT_OF_ORDER = "time_to IS NULL OR time_from IS NULL OR time_to >= time_from"


class ByEmployee:
    """Done by an employee: the account where there is one, and the name as it is printed."""

    specialist: Mapped[Line] = mapped_column(comment="Name and position as printed; stays when the user leaves")

    @declared_attr
    def specialist_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)


class Urgency(LabelledEnum):
    ORDINARY = "ordinary", "обычная"
    URGENT = "urgent", "срочная, 3 дня"
    AT_ONCE = "at_once", "немедленно"


class Appeal(AboutGraduate, ByEmployee, Numbered, Versioned, Model):
    """An appeal of a graduate (обращение, krasnoyarsk 5.2); Ж-7."""

    __tablename__ = "appeal"
    __journal__ = Journal.APPEALS
    __table_args__ = (
        *numbered(),
        one_of("urgency", Urgency),
        CheckConstraint("content <> ''", name="has_content"),
        CheckConstraint("due_on IS NULL OR due_on >= received_on", name="due_after_it_was_received"),
        CheckConstraint("done_on IS NULL OR done_on >= received_on", name="done_after_it_was_received"),
        CheckConstraint("(done_on IS NULL) = (outcome_code IS NULL)", name="done_has_outcome"),
        Index("ix_appeal_agency_id_received_on", "agency_id", "received_on"),  # the list of an organisation
    )

    received_on: Mapped[date]
    received_time: Mapped[time | None]
    channel_code: Mapped[str | None] = mapped_column(ForeignKey("channel.code"))
    content: Mapped[LongText]
    wanted_kind_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_kind.code"), comment="Kind of help asked for"
    )
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency), default=Urgency.ORDINARY)
    decision: Mapped[LongText] = mapped_column(comment="«Принятое решение, оказанная помощь»")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    outcome_code: Mapped[str | None] = mapped_column(ForeignKey("outcome.code"))

    agency: Mapped[Agency] = relationship(foreign_keys="Appeal.agency_id")
    channel: Mapped[Channel | None] = relationship()
    wanted_kind: Mapped[ServiceKind | None] = relationship()
    outcome: Mapped[Outcome | None] = relationship()


class ConsultationKind(LabelledEnum):
    TALK = "talk", "беседа"
    INFORMING = "informing", "информирование о праве на сопровождение"
    LEGAL = "legal", "консультация юридическая"
    PSYCHOLOGICAL = "psychological", "консультация психологическая"
    PEDAGOGICAL = "pedagogical", "консультация педагогическая"
    SOCIAL = "social", "консультация социальная"
    EMPLOYMENT = "employment", "консультация по трудоустройству"
    MEDICAL = "medical", "консультация медицинская"
    DIAGNOSTICS = "diagnostics", "диагностика"


class Consultation(AboutGraduate, ByEmployee, Numbered, Versioned, Model):
    """A talk or consultation (aistenok 13.3); Ж-6."""

    __tablename__ = "consultation"
    __journal__ = Journal.CONSULTATIONS
    __table_args__ = (
        *numbered(),
        one_of("kind", ConsultationKind),
        CheckConstraint("topic <> ''", name="has_topic"),
        Index("ix_consultation_agency_id_held_on", "agency_id", "held_on"),  # the list of an organisation
    )

    held_on: Mapped[date]
    kind: Mapped[ConsultationKind] = mapped_column(enum_column(ConsultationKind), default=ConsultationKind.TALK)
    channel_code: Mapped[str | None] = mapped_column(ForeignKey("channel.code"), comment="In person, by phone …")
    topic: Mapped[Line]
    content: Mapped[LongText] = mapped_column(comment="«Содержание помощи, рекомендации»")
    outcome_code: Mapped[str | None] = mapped_column(ForeignKey("outcome.code"))

    agency: Mapped[Agency] = relationship(foreign_keys="Consultation.agency_id")
    channel: Mapped[Channel | None] = relationship()
    outcome: Mapped[Outcome | None] = relationship()
    all_minutes: Mapped[list[ConsultationMinutes]] = relationship(
        back_populates="consultation", order_by="ConsultationMinutes.id"
    )

    @property
    def minutes(self) -> ConsultationMinutes | None:
        """Those that stand."""
        return next((one for one in self.all_minutes if one.annulled_on is None), None)


class ConsultationMinutes(AboutGraduate, Numbered, Versioned, Model):
    """Minutes of a talk (П-1); the body is for its author and the head only (field group «psychology»)."""

    __tablename__ = "consultation_minutes"
    __journal__ = Journal.CONSULTATION_MINUTES
    __table_args__ = (
        *numbered(),
        Index(
            "uq_consultation_minutes_standing",
            "consultation_id",
            unique=True,
            sqlite_where=text("annulled_on IS NULL"),
            postgresql_where=text("annulled_on IS NULL"),
        ),  # annulled ones are drawn up anew
        CheckConstraint(OUT_OF_ORDER, name="ends_after_it_begins"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="RESTRICT"))
    drawn_on: Mapped[date]
    time_from: Mapped[time | None]
    time_to: Mapped[time | None]
    place: Mapped[Line]
    present: Mapped[Line]
    initiative: Mapped[Line] = mapped_column(comment="«Повод (по инициативе …)»")
    problem: Mapped[LongText]
    course: Mapped[LongText] = mapped_column(comment="«Ход, сведения со слов»")
    explained: Mapped[LongText]
    recommendations: Mapped[LongText]
    agreements: Mapped[LongText] = mapped_column(comment="«Что / Кто / Срок», one in a line")
    referred_to: Mapped[Line]
    next_on: Mapped[date | None]
    is_signed: Mapped[bool] = mapped_column(default=False, comment="By the graduate")
    is_remote: Mapped[bool] = mapped_column(default=False, comment="«дистанционно» instead of a signature")

    agency: Mapped[Agency] = relationship(foreign_keys="ConsultationMinutes.agency_id")
    consultation: Mapped[Consultation] = relationship(back_populates="all_minutes")
    created_by: Mapped[User | None] = relationship(foreign_keys="ConsultationMinutes.created_by_id")


BODY_OF_MINUTES = (
    "present",
    "initiative",
    "problem",
    "course",
    "explained",
    "recommendations",
    "agreements",
    "referred_to",
)


class SessionKind(LabelledEnum):
    TRAINING = "training", "тренинг"
    PRACTICE = "practice", "практикум"
    MEETING = "meeting", "встреча"
    THEMATIC = "thematic", "тематическая встреча с организациями"
    EMPLOYMENT_CENTRE = "employment_centre", "встреча с центром занятости"
    PROGRAMME = "programme", "занятие программы подготовки"
    SEMINAR = "seminar", "семинар, круглый стол"
    LEISURE = "leisure", "досуговое мероприятие"


class GroupSession(ByEmployee, Numbered, Versioned, Model):
    """A session with several people (aistenok 13.3; syzran 3.2, 4.6, 5.7); Ж-5. One entry, a line on every card."""

    __tablename__ = "group_session"
    __journal__ = Journal.GROUP_SESSIONS
    __table_args__ = (
        *numbered(),
        one_of("kind", SessionKind),
        CheckConstraint("topic <> ''", name="has_topic"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name="lasts_a_day_at_most"),
        Index("ix_group_session_agency_id_held_on", "agency_id", "held_on"),  # the list of an organisation
    )

    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    minutes: Mapped[int | None] = mapped_column(comment="How long it lasted")
    topic: Mapped[Line]
    kind: Mapped[SessionKind] = mapped_column(enum_column(SessionKind), default=SessionKind.TRAINING)
    programme: Mapped[Line] = mapped_column(comment="«Ты не один» …")
    place: Mapped[Line]
    invited: Mapped[Line] = mapped_column(comment="Specialists of other organisations")
    outcome: Mapped[LongText]
    service_kind_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_kind.code"), comment="Of each participant's service"
    )

    agency: Mapped[Agency] = relationship(foreign_keys="GroupSession.agency_id")
    service_kind: Mapped[ServiceKind | None] = relationship()
    participants: Mapped[list[GroupParticipant]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="GroupParticipant.id"
    )


class GroupParticipant(Model):
    __tablename__ = "group_participant"
    __table_args__ = (UniqueConstraint("session_id", "graduate_id"),)

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="RESTRICT"))
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="RESTRICT"), index=True)
    note: Mapped[Line]

    session: Mapped[GroupSession] = relationship(back_populates="participants")
    graduate: Mapped[Graduate] = relationship()


class Visit(AboutGraduate, ByEmployee, Numbered, Versioned, Model):
    """A visit to where the person lives (патронаж, kizil stage 3); Ж-11."""

    __tablename__ = "visit"
    __journal__ = Journal.VISITS
    __table_args__ = (
        *numbered(),
        CheckConstraint("purpose <> ''", name="has_purpose"),
        CheckConstraint("next_on IS NULL OR next_on > visited_on", name="next_visit_is_later"),
        Index("ix_visit_agency_id_visited_on", "agency_id", "visited_on"),  # the list of an organisation
    )

    visited_on: Mapped[date]
    address: Mapped[Line]
    purpose: Mapped[Line]
    category_code: Mapped[str | None] = mapped_column(ForeignKey("support_category.code"), comment="On that day")
    is_opened: Mapped[bool] = mapped_column(default=True, comment="«дверь открыта»: the person was met")
    result: Mapped[LongText]
    next_on: Mapped[date | None]
    companions: Mapped[Line] = mapped_column(comment="Other specialists")

    agency: Mapped[Agency] = relationship(foreign_keys="Visit.agency_id")
    category: Mapped[SupportCategory | None] = relationship()
    surveys: Mapped[list[HousingSurvey]] = relationship(back_populates="visit", order_by="HousingSurvey.id")


class SurveyOutcome(LabelledEnum):
    FIT = "fit", "условия удовлетворительные"
    NEEDS_WORK = "needs_work", "требуются меры"
    UNFIT = "unfit", "условия неудовлетворительные"


class HousingSurvey(AboutGraduate, ByEmployee, Numbered, Versioned, Model):
    """Act of a survey of housing and living conditions (акт ЖБУ, vologda 2.4; domain §4.5)."""

    __tablename__ = "housing_survey"
    __journal__ = Journal.SURVEYS
    __table_args__ = (
        *numbered(),
        one_of("outcome", SurveyOutcome),
        CheckConstraint("area_total IS NULL OR area_total >= 0", name="area_is_not_negative"),
        CheckConstraint("rooms IS NULL OR rooms BETWEEN 0 AND 50", name="rooms_are_0_to_50"),
    )

    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    surveyed_on: Mapped[date]
    ground: Mapped[Line] = mapped_column(comment="Planned or not, and why")
    commission: Mapped[LongText] = mapped_column(comment="Name and position, one in a line")
    address: Mapped[Line]
    cohabitants: Mapped[LongText] = mapped_column(comment="Kinship, name, year of birth, one in a line")
    dwelling: Mapped[Line] = mapped_column(comment="Flat, room, place; floor")
    area_total: Mapped[int | None] = mapped_column(comment="Square metres")
    area_living: Mapped[int | None]
    rooms: Mapped[int | None]
    title_right: Mapped[Line] = mapped_column(comment="Owned, leased until …, dormitory …")
    amenities: Mapped[Line] = mapped_column(comment="Water, heating, sewerage, gas, electricity")
    sanitary: Mapped[LongText]
    belongings: Mapped[LongText] = mapped_column(comment="Furniture, appliances, bed, food")
    utility_debt: Mapped[Line]
    income: Mapped[Line]
    relations: Mapped[LongText]
    children: Mapped[LongText]
    risks: Mapped[LongText]
    own_housing: Mapped[LongText] = mapped_column(comment="Whether the assigned or own dwelling is kept safe")
    own_words: Mapped[LongText] = mapped_column(comment="«Со слов выпускника»")
    outcome: Mapped[SurveyOutcome] = mapped_column(enum_column(SurveyOutcome), default=SurveyOutcome.FIT)
    recommendations: Mapped[LongText]
    recommended_until: Mapped[date | None]
    is_agreed: Mapped[bool] = mapped_column(default=False, comment="The person agreed to the visit and signed")

    agency: Mapped[Agency] = relationship(foreign_keys="HousingSurvey.agency_id")
    visit: Mapped[Visit | None] = relationship(back_populates="surveys")


class UrgentAct(AboutGraduate, ByEmployee, Numbered, Versioned, Model):
    """Act of urgent social services (442-ФЗ, art. 21): without a programme («ИППСУ») and a contract."""

    __tablename__ = "urgent_act"
    __journal__ = Journal.URGENT_ACTS
    __table_args__ = (*numbered(), CheckConstraint("reason <> ''", name="has_reason"))

    provided_on: Mapped[date]
    reason: Mapped[LongText] = mapped_column(comment="What happened")
    source: Mapped[Line] = mapped_column(comment="Application of the person, or which organisation told")
    is_signed: Mapped[bool] = mapped_column(default=False, comment="By the recipient")

    agency: Mapped[Agency] = relationship(foreign_keys="UrgentAct.agency_id")
    services: Mapped[list[ServiceRecord]] = relationship(back_populates="urgent_act", order_by="ServiceRecord.id")


class ServiceRecord(AboutGraduate, ByEmployee, Once, Versioned, Model):
    """A service rendered (услуга, aistenok 13.1; 442-ФЗ art. 20). Ж-12 and all counts are read from here."""

    __tablename__ = "service_record"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_is_1_to_1000"),
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
        Index("ix_service_record_agency_id_provided_on", "agency_id", "provided_on"),  # Ж-12, counts of a period
        Index("ix_service_record_graduate_id_provided_on", "graduate_id", "provided_on"),  # the card, the route
        Index("ix_service_record_measure_id", "measure_id"),  # what a measure rests on
    )

    id: Mapped[Id]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))
    provided_on: Mapped[date]
    kind_code: Mapped[str] = mapped_column(ForeignKey("service_kind.code"))
    form_code: Mapped[str | None] = mapped_column(
        ForeignKey("service_form.code"), comment="Follows housing (syzran 4.3–4.5)"
    )
    title: Mapped[Line]
    quantity: Mapped[int] = mapped_column(default=1)
    result: Mapped[Line]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="RESTRICT"))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id", ondelete="RESTRICT"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id", ondelete="RESTRICT"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("group_session.id", ondelete="RESTRICT"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    urgent_act_id: Mapped[int | None] = mapped_column(ForeignKey("urgent_act.id", ondelete="RESTRICT"), index=True)
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
    kind: Mapped[ServiceKind] = relationship()
    form: Mapped[ServiceForm | None] = relationship()
    measure: Mapped[Measure | None] = relationship()
    appeal: Mapped[Appeal | None] = relationship()
    consultation: Mapped[Consultation | None] = relationship()
    session: Mapped[GroupSession | None] = relationship()
    visit: Mapped[Visit | None] = relationship()
    urgent_act: Mapped[UrgentAct | None] = relationship(back_populates="services")
