"""The registers of the territory: agencies, districts, agreements; and one view for every dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, false, func, or_, select, true
from wtforms import ValidationError

from models.access import Viewer
from models.base import LabelledEnum
from models.dictionaries import DictionaryEntry
from models.regulations import AgencyRegulation
from models.territory import Agency, AgencyDistrict, AgencyKind, Agreement, AgreementParty, District
from models.users import Role
from services.profiles import profile_of
from views import edge, labels, listing
from views.base import ADMINISTRATORS, FormSection, RegistryView
from views.children import ChildRows
from views.extensions import db
from views.formats import chip, plural, ru_date, shown
from views.listing import Column, Filter
from views.profile_words import agency_facts

OVERSEERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
SOON_DAYS = 60  # An agreement that ends within them has to be renewed.


def label_from(enum: type[LabelledEnum]) -> Any:
    return lambda value: enum(value).label if value else ""


def fragment(text: str, *columns: Any) -> ColumnElement[bool]:
    """Every word of the text stands in one of the columns, whatever the letter case."""
    words = text.lower().replace("ё", "е").split()[:8]
    folded = [func.replace(func.lower(column), "ё", "е") for column in columns]
    found: ColumnElement[bool] = true()
    for word in words:
        found = found & or_(*(column.contains(word, autoescape=True) for column in folded))
    return found


class AgencyView(RegistryView):
    """The directory of participants (vologda 4.6 а): everybody reads it."""

    title, icon, create_label = "Участники", "building", "Новая организация"
    search_placeholder_text = "Название, код, ИНН"
    creators = editors = ADMINISTRATORS
    inline_models = (
        ChildRows(
            AgencyDistrict, "served", "Обслуживаемые районы", ("district_id", "starts_on", "ends_on"), "Добавить район"
        ),
        ChildRows(
            AgencyRegulation,
            "regulations",
            "Какие регламенты исполняет",
            ("regulation_id", "starts_on", "ends_on"),
            "Добавить регламент",
        ),
    )
    form_sections = (
        FormSection(
            "Организация", "basics", ("code", "kind", "name", "short_name", "aliases", "parent_id", "is_active")
        ),
        FormSection(
            "Контакты и реквизиты",
            "contacts",
            (
                "address",
                "phone",
                "email",
                "head_name",
                "head_position",
                "inn",
                "ogrn",
                "contacts_checked_on",
            ),
        ),
        FormSection(
            "Ответственный за сопровождение",
            "responsible",
            (
                "responsible_name",
                "responsible_position",
                "responsible_order",
            ),
        ),
        FormSection("Территория и права", "territory", ("served", "sees_whole_region", "is_data_bank_operator")),
        FormSection(
            "Регламенты",
            "followed",
            ("regulations",),
            help="По ним организации назначаются сроки, начиная с указанного дня. События, которые были раньше, сроков "
            "не дают. Изменения учтёт ежедневный расчёт.",
        ),
    )

    def columns(self) -> Sequence[Column]:
        return (
            Column("name", "Название", Agency.short_name, sort=Agency.short_name, width=40),
            Column("kind", "Вид", Agency.kind, show=label_from(AgencyKind), export=label_from(AgencyKind), width=34),
            Column("code", "Код", Agency.code, sort=Agency.code),
            Column("phone", "Телефон", Agency.phone),
            Column("email", "Электронная почта", Agency.email, width=26),
            Column("head", "Руководитель", Agency.head_name, width=30),
            Column("checked", "Контакты проверены", Agency.contacts_checked_on, show=ru_date, export=ru_date),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Вид участника", Agency.kind, AgencyKind.choices),
            Filter("district", "Обслуживает район", "choice", _serves, lambda: labels.options("district")),
            listing.flag("active", "Работает", lambda: Agency.is_active),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Agency.name, Agency.short_name, Agency.code, Agency.inn, Agency.aliases)

    def details_context(self, record: Agency) -> dict[str, Any]:
        """With what the organisation takes over from the regulations that it follows today."""
        context = super().details_context(record)
        profile = profile_of(db.session(), agency_id=record.id, on=edge.today())
        block = {"title": "Профиль", "id": "profile", "items": agency_facts(profile)}
        context["blocks"] = [*context["blocks"], {**block, "note": "Из регламентов, которые действуют сегодня"}]
        return context


def _serves(values: list[str]) -> ColumnElement[bool]:
    ids = [listing.number_in(value) for value in values]
    return Agency.id.in_(select(AgencyDistrict.agency_id).where(AgencyDistrict.district_id.in_(ids)))


class DistrictView(RegistryView):
    title, icon, create_label = "Районы", "map-pin", "Новый район"
    creators = editors = ADMINISTRATORS
    form_sections = (FormSection("Район", "basics", ("code", "name", "short_name", "localities")),)

    def columns(self) -> Sequence[Column]:
        return (
            Column("name", "Название", District.name, sort=District.name, width=40),
            Column("short_name", "Краткое название", District.short_name),
            Column("code", "Код", District.code, sort=District.code),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, District.name, District.localities)


class AgreementView(RegistryView):
    title, icon, create_label = "Соглашения", "file-text", "Новое соглашение"
    default_sort = "-signed"
    creators = editors = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
    inline_models = (ChildRows(AgreementParty, "parties", "Стороны", ("agency_id",), "Добавить сторону"),)
    form_sections = (
        FormSection("Соглашение", "basics", ("number", "signed_on", "starts_on", "ends_on", "subject", "parties")),
        FormSection("Передаваемые данные", "data", ("permitted_data", "note")),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return self.seen_by(viewer)

    @staticmethod
    def seen_by(viewer: Viewer) -> ColumnElement[bool]:
        """Agreements of the own organisation; all for those who oversee the region."""
        if viewer.reads_everybody:
            return true()
        return Agreement.id.in_(select(AgreementParty.agreement_id).where(AgreementParty.agency_id == viewer.agency_id))

    def columns(self) -> Sequence[Column]:
        return (
            Column("number", "Номер", Agreement.number, sort=Agreement.number),
            Column("signed", "Подписано", Agreement.signed_on, show=ru_date, export=ru_date, sort=Agreement.signed_on),
            Column("subject", "Предмет", Agreement.subject, width=50),
            Column("ends", "Действует до", Agreement.ends_on, show=_ends, export=ru_date, sort=Agreement.ends_on),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.period("ends", "Истекает (с какого по какой день)", Agreement.ends_on),
            listing.flag("soon", f"Истекает в ближайшие {SOON_DAYS} дней", _ends_soon),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Agreement.number, Agreement.subject)

    def before_save(self, form: Any, record: Agreement, is_created: bool) -> None:
        if len({party.agency_id for party in record.parties}) < 2:
            raise ValidationError("У соглашения должно быть не меньше двух разных сторон.")
        if current_user.role is Role.HEAD and current_user.agency_id not in {p.agency_id for p in record.parties}:
            raise ValidationError("Одной из сторон должна быть ваша организация.")


def ends_chip(ends_on: date | None) -> Markup:
    """Flags an agreement that has ended or soon will."""
    left = (ends_on - edge.today()).days if ends_on else None
    if left is None or left > SOON_DAYS:
        return Markup("")
    if left < 0:
        return chip("истекло", "grey", "ban")
    when = f"через {left} {plural(left, 'день', 'дня', 'дней')}" if left else "сегодня"
    return chip(f"истекает {when}", "amber", "clock-exclamation")


def _ends(ends_on: date | None) -> Markup:
    return Markup("{} {}").format(ru_date(ends_on), ends_chip(ends_on)) if ends_on else Markup("бессрочно")


def _ends_soon() -> ColumnElement[bool]:
    today = edge.today()
    is_soon = Agreement.ends_on.between(today, today + timedelta(days=SOON_DAYS))
    return func.coalesce(is_soon, false())


class DictionaryView(RegistryView):
    """One classifier: labels are edited, codes never."""

    icon, create_label, default_sort = "list", "Новая строка", "position"
    readers = OVERSEERS
    creators = editors = ADMINISTRATORS

    def __init__(self, model: type[DictionaryEntry]) -> None:
        extra = [c.key for c in model.__table__.columns if c.key in ("label_female", "is_family", "colour")]  # type: ignore[attr-defined]
        self.form_sections = (
            FormSection("Строка", "basics", ("code", "label", *extra, "note", "position", "is_retired")),
        )
        self.title = model.__title__
        super().__init__(model, endpoint=f"dictionary_{model.__tablename__}", url=f"/dictionary/{model.__tablename__}")  # type: ignore[attr-defined]

    def columns(self) -> Sequence[Column]:
        model = self.model
        return (
            Column("name", "Название", model.label, sort=model.label, width=50),
            Column("code", "Код", model.code, sort=model.code),
            Column("note", "Примечание", model.note, width=40),
            Column("position", "Порядок", model.position, sort=model.position, css="cell-number"),
            Column("retired", "Больше не предлагается", model.is_retired, show=shown, export=shown),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, self.model.label, self.model.code)

    def fit_form(self, form: Any, record: Any | None) -> None:
        if record is not None:
            del form["code"]
