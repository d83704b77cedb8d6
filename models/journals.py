"""Numbered records: what stands in a journal, and the counters that number it without gaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from models.base import Id, LabelledEnum, Line, Model, UtcDateTime, enum_column, one_of


class Journal(LabelledEnum):
    """Journals of an organisation (domain §3), and below them series of numbers of papers without one."""

    APPLICATIONS = (
        "applications",
        "Журнал регистрации заявлений на заключение договоров по постинтернатному сопровождению",
    )
    CONTRACTS = "contracts", "Журнал учёта договоров постинтернатного сопровождения выпускника"
    REFUSALS = "refusals", "Журнал регистрации заявлений воспитанников об отказе в заключении договоров"
    ACCEPTED = "accepted", "Журнал регистрации воспитанников, принятых на постинтернатное сопровождение"
    GROUP_SESSIONS = "group-sessions", "Журнал регистрации групповых занятий воспитанников (постинтернат)"
    CONSULTATIONS = "consultations", "Журнал регистрации бесед, консультаций с выпускниками"
    APPEALS = "appeals", "Журнал обращений выпускников"
    INCOMING = "incoming", "Журнал учёта входящей корреспонденции"
    OUTGOING = "outgoing", "Журнал учёта исходящей корреспонденции (запросов, направлений)"
    NOTICES = "notices", "Журнал межведомственных направлений / извещений"
    MEETINGS = "meetings", "Журнал совещаний, семинаров и заседаний"
    ORDERS = "orders", "Журнал регистрации приказов о кураторах и наставниках"
    PUBLICATIONS = "publications", "Журнал публикаций"
    VISITS = "visits", "Журнал учёта выездов (социального патроната)"
    SERVICES = "services", "Журнал учёта услуг"
    CONSULTATION_MINUTES = "consultation-minutes", "Протоколы бесед, консультаций"
    PLANS = "plans", "Планы сопровождения"
    CONCLUSIONS = "conclusions", "Заключения о результатах сопровождения"
    SURVEYS = "surveys", "Акты обследования жилищно-бытовых условий"
    URGENT_ACTS = "urgent-acts", "Акты о предоставлении срочных социальных услуг"

    @property
    def has_numbers(self) -> bool:
        """False: its rows are read from records that have numbers of other journals, or none."""
        return self not in (Journal.SERVICES, Journal.NOTICES)


class JournalCounter(Model):
    """The last number given in an organisation, journal and year; locked until the transaction that takes one ends."""

    __tablename__ = "journal_counter"
    __table_args__ = (
        one_of("journal", Journal),
        CheckConstraint("last_number >= starts_after", name="counts_upwards"),
        CheckConstraint("starts_after >= 0", name="starts_at_one_or_later"),
    )

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"), primary_key=True)
    journal: Mapped[Journal] = mapped_column(enum_column(Journal), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)
    starts_after: Mapped[int] = mapped_column(default=0, comment="The last number of the paper journal kept before us")


class Once:
    """A record made by a form: the form's own sign lets a second click find what the first one made."""

    __unaudited__: ClassVar[Iterable[str]] = ("form_token",)

    form_token: Mapped[str | None] = mapped_column(String(64), unique=True)


class Numbered(Once):
    """A record with a number of its journal. It is never deleted: a mistake is annulled and keeps its number."""

    __journal__: ClassVar[Journal]

    id: Mapped[Id]
    year: Mapped[int | None] = mapped_column(comment="Numbers begin anew with each calendar year")
    number: Mapped[int | None]
    annulled_on: Mapped[date | None]
    annulled_reason: Mapped[Line]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @declared_attr
    def agency_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("agency.id", ondelete="RESTRICT"))

    @declared_attr
    def annulled_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    @property
    def number_text(self) -> str:
        """«12/2026»; empty before the record is registered."""
        return f"{self.number}/{self.year}" if self.number else ""


def numbered(*, always: bool = True) -> tuple[Any, ...]:
    """Constraints of a numbered table; `always`: a record without a number cannot be stored at all."""
    has_number = "number IS NOT NULL AND year IS NOT NULL" if always else "(number IS NULL) = (year IS NULL)"
    return (
        UniqueConstraint("agency_id", "year", "number"),
        CheckConstraint(has_number, name="number_has_year"),
        CheckConstraint("number IS NULL OR number > 0", name="number_is_positive"),
        CheckConstraint("(annulled_on IS NULL) = (annulled_reason = '')", name="annulled_has_reason"),
    )
