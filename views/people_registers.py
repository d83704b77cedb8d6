"""Users, who is named on closed fields, and cards that may be one person."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response
from wtforms import ValidationError

from models.access import Viewer, visible_to
from models.graduates import Graduate
from models.imports import PossibleDuplicate
from models.support import FieldGroupMember
from models.users import Role, User
from services import accounts
from views import edge, labels, listing
from views.auth import hasher
from views.base import ADMINISTRATORS, FormSection, RegistryView
from views.extensions import db
from views.formats import chip, ru_date, ru_datetime, shown
from views.listing import Column, Filter
from views.registers import OVERSEERS, fragment, label_from


class UserView(RegistryView):
    title, icon, create_label = "Пользователи", "user-check", "Новый пользователь"
    readers = frozenset({Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
    creators = editors = ADMINISTRATORS
    form_sections = (
        FormSection("Пользователь", "basics", ("login", "name", "position", "role", "agency_id", "phone", "email")),
        FormSection("Вход", "sign-in", ("is_locked",)),
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
            record.password_hash, record.session_token = self._issue(), secrets.token_hex(32)
            record.must_change_password = True
        elif record.id == current_user.id and (record.is_locked or record.role is not Role.ADMINISTRATOR):
            raise ValidationError("Нельзя заблокировать себя или снять с себя роль администратора.")
        if record.is_locked:
            record.session_token = secrets.token_hex(32)

    def _issue(self) -> str:
        """A new password, told to the administrator; its hash."""
        password = issued_password()
        message = (
            "Выданный пароль: {}. Запишите его: больше он показан не будет. При первом входе его попросят сменить."
        )
        flash(Markup(message).format(password), "info")
        return hasher().hash(password)

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
        accounts.issue_password(db.session(), user=record, password_hash=self._issue())
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
    form_sections = (FormSection("Доступ", "basics", ("user_id", "field_group")),)

    def columns(self) -> Sequence[Column]:
        return (
            Column("user", "Пользователь", User.name, width=34),
            Column("group", "Группа полей", FieldGroupMember.field_group, show=shown, export=shown),
            Column("id", "№", FieldGroupMember.id, sort=FieldGroupMember.id),
        )

    def before_save(self, form: Any, record: FieldGroupMember, is_created: bool) -> None:
        named = db.session.get(User, record.user_id)
        if named is not None and named.role is Role.ADMINISTRATOR:
            raise ValidationError("Администратор управляет, не читая закрытых сведений: назовите другого пользователя.")

    def base_query(self, columns: Sequence[Column]) -> Any:
        query = listing.plain_select(FieldGroupMember.id, columns)
        return query.select_from(FieldGroupMember).join(User, User.id == FieldGroupMember.user_id)

    def record_title(self, record: FieldGroupMember) -> str:
        return f"{record.user.name}: {record.field_group.label}"


class PossibleDuplicateView(RegistryView):
    """The coordinator's work list «возможно, один человек»."""

    title, icon, default_sort = "Возможно, один человек", "users", "-id"
    readers = OVERSEERS
    editors = OVERSEERS
    form_sections = (FormSection("Решение", "basics", ("resolution",)),)

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

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        seen = select(Graduate.id).where(visible_to(viewer))
        return PossibleDuplicate.graduate_id.in_(seen) & PossibleDuplicate.other_id.in_(seen)

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
