"""The smaller registers: agencies, districts, agreements, users, dictionaries, the two logs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from argon2 import PasswordHasher
from flask import flash, redirect
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response
from wtforms import ValidationError

from models.access import Viewer
from models.audit import AccessEvent, AccessKind, AuditEvent, ChangeKind
from models.base import LabelledEnum
from models.dictionaries import DictionaryEntry
from models.graduates import Graduate
from models.imports import PossibleDuplicate
from models.support import FieldGroupMember
from models.territory import Agency, AgencyDistrict, AgencyKind, Agreement, AgreementParty, District
from models.users import Role, User
from views import edge, history, labels, listing
from views.base import ADMINISTRATORS, NOBODY, FormSection, RegistryView
from views.captions import table_title
from views.children import ChildRows
from views.database import ACCESS
from views.extensions import db
from views.formats import chip, ru_date, ru_datetime, shown
from views.listing import Column, Filter

OVERSEERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


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
    )
    form_sections = (
        FormSection("Организация", "main", ("code", "kind", "name", "short_name", "aliases", "parent_id", "is_active")),
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


def _serves(values: list[str]) -> ColumnElement[bool]:
    ids = [listing.number_in(value) for value in values]
    return Agency.id.in_(select(AgencyDistrict.agency_id).where(AgencyDistrict.district_id.in_(ids)))


class DistrictView(RegistryView):
    title, icon, create_label = "Районы", "map-pin", "Новый район"
    creators = editors = ADMINISTRATORS
    form_sections = (FormSection("Район", "main", ("code", "name", "short_name", "localities")),)

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
        FormSection("Соглашение", "main", ("number", "signed_on", "starts_on", "ends_on", "subject", "parties")),
        FormSection("Передаваемые данные", "data", ("permitted_data", "note")),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        if viewer.reads_everybody:
            return true()
        return Agreement.id.in_(select(AgreementParty.agreement_id).where(AgreementParty.agency_id == viewer.agency_id))

    def columns(self) -> Sequence[Column]:
        return (
            Column("number", "Номер", Agreement.number, sort=Agreement.number),
            Column("signed", "Подписано", Agreement.signed_on, show=ru_date, export=ru_date, sort=Agreement.signed_on),
            Column("subject", "Предмет", Agreement.subject, width=50),
            Column("ends", "Действует до", Agreement.ends_on, show=ru_date, export=ru_date),
        )

    def filters(self) -> Sequence[Filter]:
        return (listing.period("ends", "Действует до", Agreement.ends_on),)

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Agreement.number, Agreement.subject)

    def before_save(self, form: Any, record: Agreement, is_created: bool) -> None:
        if len({party.agency_id for party in record.parties}) < 2:
            raise ValidationError("У соглашения должно быть не меньше двух разных сторон.")
        if current_user.role is Role.HEAD and current_user.agency_id not in {p.agency_id for p in record.parties}:
            raise ValidationError("Одной из сторон должна быть ваша организация.")


class UserView(RegistryView):
    title, icon, create_label = "Пользователи", "user-check", "Новый пользователь"
    readers = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
    creators = editors = ADMINISTRATORS
    form_sections = (
        FormSection("Пользователь", "main", ("login", "name", "position", "role", "agency_id", "phone", "email")),
        FormSection("Вход", "login", ("is_locked",)),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return User.agency_id == viewer.agency_id if viewer.role is Role.HEAD else true()

    def columns(self) -> Sequence[Column]:
        return (
            Column("name", "Фамилия, имя, отчество", User.name, sort=User.name, width=34),
            Column("login", "Логин", User.login, sort=User.login),
            Column("role", "Роль", User.role, show=label_from(Role), export=label_from(Role)),
            Column("agency", "Организация", User.agency_id, show=_agency, export=_agency, width=40),
            Column("seen", "Последний вход", User.last_login_at, show=ru_datetime, export=ru_datetime, width=18),
            Column("locked", "Состояние", User.is_locked, show=_locked, export=lambda v: "заблокирован" if v else ""),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("role", "Роль", User.role, Role.choices),
            listing.choice("agency", "Организация", User.agency_id, lambda: labels.options("agency")),
            listing.flag("locked", "Заблокирован", lambda: User.is_locked),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, User.name, User.login)

    def before_save(self, form: Any, record: User, is_created: bool) -> None:
        record.login = record.login.strip().lower()
        if is_created:
            self._issue(record)
        elif record.id == current_user.id and (record.is_locked or record.role is not Role.ADMINISTRATOR):
            raise ValidationError("Нельзя заблокировать себя или снять с себя роль администратора.")
        if record.is_locked:
            record.session_token = secrets.token_hex(32)

    def _issue(self, record: User) -> None:
        password = issued_password()
        record.password_hash = PasswordHasher().hash(password)
        record.session_token = secrets.token_hex(32)
        record.must_change_password = True
        message = (
            "Выданный пароль: {}. Запишите его: больше он показан не будет. При первом входе его попросят сменить."
        )
        flash(Markup(message).format(password), "info")

    def details_context(self, record: User) -> dict[str, Any]:
        context = super().details_context(record)
        if current_user.role is Role.ADMINISTRATOR:
            confirm = "Выдать новый пароль? Прежний перестанет действовать, пользователь выйдет отовсюду."
            url = self.get_url(".issue_password", id=record.id)
            context["header"]["post_actions"] = [("Выдать новый пароль", url, confirm, "")]
        return context

    @expose("/password/", methods=("POST",))
    def issue_password(self) -> Response:
        record = self.record_or_404()
        self.require_edit(record)
        self._issue(record)
        record.failed_logins, record.locked_until = 0, None
        db.session.commit()
        return redirect(self.get_url(".details_view", id=record.id))


def issued_password() -> str:
    """Three groups that can be dictated over the telephone, about 70 bits."""
    alphabet = "abcdefghkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(3))


def _agency(value: int | None) -> str:
    return labels.label("agency", value)


def _locked(value: bool) -> Any:
    return chip("заблокирован", "red", "lock") if value else ""


class FieldGroupView(RegistryView):
    title, icon, create_label = "Закрытые поля", "eye-off", "Назвать пользователя"
    default_sort = "id"
    readers = creators = editors = ADMINISTRATORS
    form_sections = (FormSection("Доступ", "main", ("user_id", "field_group")),)

    def columns(self) -> Sequence[Column]:
        return (
            Column("user", "Пользователь", User.name, width=34),
            Column("group", "Группа полей", FieldGroupMember.field_group, show=shown, export=shown),
            Column("id", "№", FieldGroupMember.id, sort=FieldGroupMember.id),
        )

    def base_query(self, columns: Sequence[Column]) -> Any:
        query = listing.plain_select(FieldGroupMember.id, columns)
        return query.select_from(FieldGroupMember).join(User, User.id == FieldGroupMember.user_id)

    def record_title(self, record: FieldGroupMember) -> str:
        return f"{record.user.name}: {record.field_group.label}"


class DictionaryView(RegistryView):
    """One classifier: labels are edited, codes never."""

    icon, create_label, default_sort = "list", "Новая строка", "position"
    readers = OVERSEERS
    creators = editors = ADMINISTRATORS

    def __init__(self, model: type[DictionaryEntry]) -> None:
        extra = [c.key for c in model.__table__.columns if c.key in ("label_female", "is_family", "colour")]  # type: ignore[attr-defined]
        self.form_sections = (
            FormSection("Строка", "main", ("code", "label", *extra, "note", "position", "is_retired")),
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


class ChangeLogView(RegistryView):
    """The audit log: own actions, one's organisation's for its head, everything for the administrator."""

    title, icon, default_sort = "Журнал изменений", "history", "-seq"
    can_view_details = True
    exporters = ADMINISTRATORS

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return _log_scope(viewer, AuditEvent)

    def columns(self) -> Sequence[Column]:
        return (
            Column("seq", "№", AuditEvent.seq, sort=AuditEvent.seq, css="cell-number", width=10),
            Column("at", "Когда", AuditEvent.at, show=ru_datetime, export=ru_datetime, width=18),
            Column("user", "Кто", AuditEvent.user_name, width=30),
            Column("kind", "Что сделано", AuditEvent.kind, show=label_from(ChangeKind), export=label_from(ChangeKind)),
            Column("subject", "Запись", AuditEvent.subject, show=table_title, export=table_title, width=30),
            Column("card", "Карточка №", AuditEvent.graduate_id, css="cell-number"),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Что сделано", AuditEvent.kind, ChangeKind.choices),
            listing.choice("agency", "Организация", AuditEvent.agency_id, lambda: labels.options("agency")),
        )

    def record_title(self, record: AuditEvent) -> str:
        return f"Запись журнала № {record.seq}"

    def details_context(self, record: AuditEvent) -> dict[str, Any]:
        context = super().details_context(record)
        entry = history._entry(record, frozenset())
        context["header"]["subtitle"] = f"{entry['when']}, {entry['who']}"
        context["blocks"], context["history"] = [], [entry]
        return context


class AccessLogView(RegistryView):
    """The log of reading; it may lie in a database of its own."""

    title, icon, default_sort = "Журнал доступа", "eye", "-seq"
    bind = ACCESS
    can_view_details = False
    exporters = NOBODY

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return _log_scope(viewer, AccessEvent)

    def columns(self) -> Sequence[Column]:
        return (
            Column("seq", "№", AccessEvent.seq, sort=AccessEvent.seq, css="cell-number", width=10),
            Column("at", "Когда", AccessEvent.at, show=ru_datetime, export=ru_datetime, width=18),
            Column("user", "Кто", AccessEvent.user_name, width=30),
            Column("kind", "Что", AccessEvent.kind, show=label_from(AccessKind), export=label_from(AccessKind)),
            Column("subject", "Что открыто", AccessEvent.subject, show=table_title, export=table_title, width=30),
            Column("record", "№ записи", AccessEvent.subject_id, css="cell-number"),
            Column("address", "Откуда", AccessEvent.address),
        )

    def filters(self) -> Sequence[Filter]:
        return (
            listing.choice("kind", "Что", AccessEvent.kind, AccessKind.choices),
            listing.choice("agency", "Организация", AccessEvent.agency_id, lambda: labels.options("agency")),
        )


def _log_scope(viewer: Viewer, model: Any) -> ColumnElement[bool]:
    if viewer.is_administrator:
        return true()
    if viewer.role is Role.COORDINATOR:
        return false()
    if viewer.role is Role.HEAD:
        return model.agency_id == viewer.agency_id
    return model.user_id == viewer.user_id


class PossibleDuplicateView(RegistryView):
    """The coordinator's work list «возможно, один человек»."""

    title, icon, default_sort = "Возможно, один человек", "users", "-id"
    readers = OVERSEERS
    editors = OVERSEERS
    form_sections = (FormSection("Решение", "main", ("resolution",)),)

    def columns(self) -> Sequence[Column]:
        one, other = self._people()
        return (
            Column("who", "Карточка", func.trim(one.last_name + " " + one.first_name + " " + one.patronymic), width=36),
            Column("born", "Дата рождения", one.birth_date, show=ru_date, export=ru_date),
            Column("card", "№", one.id, css="cell-number"),
            Column("other", "Другая карточка №", other.id, css="cell-number"),
            Column("reason", "Почему", PossibleDuplicate.reason, width=34),
            Column("id", "Найдено", PossibleDuplicate.id, sort=PossibleDuplicate.id, css="cell-number"),
            Column("resolution", "Решение", PossibleDuplicate.resolution, width=30),
        )

    def _people(self) -> tuple[Any, Any]:
        if not hasattr(self, "_aliases"):
            self._aliases = (aliased(Graduate), aliased(Graduate))
        return self._aliases

    def base_query(self, columns: Sequence[Column]) -> Any:
        one, other = self._people()
        query = listing.plain_select(PossibleDuplicate.id, columns).select_from(PossibleDuplicate)
        return query.join(one, one.id == PossibleDuplicate.graduate_id).join(
            other, other.id == PossibleDuplicate.other_id
        )

    def filters(self) -> Sequence[Filter]:
        return (listing.flag("open", "Не решено", lambda: PossibleDuplicate.resolved_at.is_(None)),)

    def record_title(self, record: PossibleDuplicate) -> str:
        return f"{record.graduate.full_name}: карточки № {record.graduate_id} и № {record.other_id}"

    def before_save(self, form: Any, record: PossibleDuplicate, is_created: bool) -> None:
        record.resolution = (record.resolution or "").strip() or None
        record.resolved_at = edge.now() if record.resolution else None
