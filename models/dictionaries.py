"""Classifiers (domain §5): editable labels with codes that never change.

One small table for each, so that a code in a record is guarded by a foreign key of its own.
"""

from typing import ClassVar

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from models.base import Line, Model, Name


class DictionaryEntry:
    """A line of a classifier; a retired line stays readable in old records and is offered no more."""

    __title__: ClassVar[str] = ""

    code: Mapped[str] = mapped_column(String(40), primary_key=True, comment="Stable: records, packs and files use it")
    label: Mapped[Name]
    note: Mapped[Line]
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False, comment="Not offered for new records")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:
        return (CheckConstraint("code <> ''", name="has_code"), CheckConstraint("label <> ''", name="has_label"))

    def __str__(self) -> str:
        return self.label


class LegalStatus(DictionaryEntry, Model):
    __tablename__ = "legal_status"
    __title__ = "Правовой статус"


class CareLossReason(DictionaryEntry, Model):
    __tablename__ = "care_loss_reason"
    __title__ = "Причина утраты попечения"


class PlacementForm(DictionaryEntry, Model):
    __tablename__ = "placement_form"
    __title__ = "Форма устройства"

    is_family: Mapped[bool] = mapped_column(default=False, comment="A foster family: column 4 of Appendix 1 prints it")


class ExitGround(DictionaryEntry, Model):
    __tablename__ = "exit_ground"
    __title__ = "Основание выпуска"


class MaritalStatus(DictionaryEntry, Model):
    __tablename__ = "marital_status"
    __title__ = "Семейное положение"

    label_female: Mapped[Line]


class HousingStatus(DictionaryEntry, Model):
    __tablename__ = "housing_status"
    __title__ = "Обеспеченность жильём"


class EmploymentStatus(DictionaryEntry, Model):
    __tablename__ = "employment_status"
    __title__ = "Занятость"


class EducationLevel(DictionaryEntry, Model):
    __tablename__ = "education_level"
    __title__ = "Уровень образования"


class StudyStatus(DictionaryEntry, Model):
    __tablename__ = "study_status"
    __title__ = "Статус обучения"


class ProblemKind(DictionaryEntry, Model):
    __tablename__ = "problem_kind"
    __title__ = "Проблемы и факторы риска"


class IdentificationChannel(DictionaryEntry, Model):
    __tablename__ = "identification_channel"
    __title__ = "Источник сведений о проблеме"


class SupportCategory(DictionaryEntry, Model):
    __tablename__ = "support_category"
    __title__ = "Категория сопровождения"

    colour: Mapped[str] = mapped_column(String(20), default="grey", comment="Of its chip")


class ContactKind(DictionaryEntry, Model):
    __tablename__ = "contact_kind"
    __title__ = "Вид связи"


class Kinship(DictionaryEntry, Model):
    __tablename__ = "kinship"
    __title__ = "Родство, близкие люди"


class DocumentKind(DictionaryEntry, Model):
    __tablename__ = "document_kind"
    __title__ = "Вид документа"


class ConsentPurpose(DictionaryEntry, Model):
    __tablename__ = "consent_purpose"
    __title__ = "Цель обработки данных"


class LeaveKind(DictionaryEntry, Model):
    __tablename__ = "leave_kind"
    __title__ = "Вид отпуска из обучения"


class ServiceKind(DictionaryEntry, Model):
    __tablename__ = "service_kind"
    __title__ = "Виды социальных услуг"


class ServiceForm(DictionaryEntry, Model):
    __tablename__ = "service_form"
    __title__ = "Форма социального обслуживания"


class TerminationGround(DictionaryEntry, Model):
    __tablename__ = "termination_ground"
    __title__ = "Основание прекращения"


class RefusalReason(DictionaryEntry, Model):
    __tablename__ = "refusal_reason"
    __title__ = "Причина отказа организации"


class GraduateRefusalReason(DictionaryEntry, Model):
    __tablename__ = "graduate_refusal_reason"
    __title__ = "Причина отказа выпускника"


class Channel(DictionaryEntry, Model):
    __tablename__ = "channel"
    __title__ = "Канал обращения"


class Outcome(DictionaryEntry, Model):
    __tablename__ = "outcome"
    __title__ = "Результат"


class Direction(DictionaryEntry, Model):
    """Groups of measures of a plan (aistenok 4.1–4.6; domain §2.3); `note` is the short mark in print."""

    __tablename__ = "direction"
    __title__ = "Направления сопровождения"


DICTIONARIES: tuple[type[DictionaryEntry], ...] = (
    LegalStatus,
    CareLossReason,
    PlacementForm,
    ExitGround,
    MaritalStatus,
    HousingStatus,
    EmploymentStatus,
    EducationLevel,
    StudyStatus,
    LeaveKind,
    ProblemKind,
    IdentificationChannel,
    SupportCategory,
    ContactKind,
    Kinship,
    DocumentKind,
    ConsentPurpose,
    ServiceKind,
    ServiceForm,
    TerminationGround,
    RefusalReason,
    GraduateRefusalReason,
    Channel,
    Outcome,
    Direction,
)
