"""What the database refuses, in words: the name of a constraint → (field of the form, sentence)."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

from models import Model
from views import (
    constraints_assessments,
    constraints_cases,
    constraints_exchange,
    constraints_files,
    constraints_jobs,
    constraints_journals,
    constraints_library,
    constraints_meetings,
    constraints_plans,
    constraints_submissions,
    constraints_work,
)

Message = tuple[str | None, str]

# CHECKs by the name that they bear in every table where they stand.
CHECKS: dict[str, Message] = {
    **constraints_cases.CHECKS,
    **constraints_plans.CHECKS,
    **constraints_work.CHECKS,
    **constraints_assessments.CHECKS,
    **constraints_files.CHECKS,
    **constraints_jobs.CHECKS,
    **constraints_journals.CHECKS,
    **constraints_exchange.CHECKS,
    **constraints_meetings.CHECKS,
    **constraints_library.CHECKS,
    **constraints_submissions.CHECKS,
    "administrators_day_has_reason": ("reason", "Укажите причину: почему этот день внесён или изменён вручную."),
    "amount_is_not_negative": ("amount", "Сумма не может быть меньше нуля."),
    "annulled_has_reason": ("annulled_reason", "Укажите, почему запись аннулирована."),
    "applied_has_moment": (None, "У загруженного файла должно быть время загрузки."),
    "are_two_cards": ("other_id", "Карточку нельзя сравнить с нею самой."),
    "born_since_1980": ("birth_date", "Дата рождения не может быть раньше 01.01.1980."),
    "children_are_0_to_20": ("children", "Число детей: от 0 до 20."),
    "children_are_not_negative": (None, "Число детей не может быть меньше нуля."),
    "closed_has_reason": ("closing_reason", "Укажите причину, по которой срок снят."),
    "course_is_1_to_9": ("course", "Курс: от 1 до 9."),
    "done_when_all_is_achieved": (None, "Срок исполнен, когда отмечено столько раз, сколько требуется."),
    "ends_after_it_starts": ("ends_on", "Последний день не может быть раньше первого."),
    "expires_after_issue": ("expires_on", "Документ не может истечь раньше, чем выдан."),
    "has_code": ("code", "Заполните код."),
    "has_description": ("description", "Опишите проблему."),
    "has_label": ("label", "Заполните название."),
    "has_last_and_first_name": ("last_name", "Заполните фамилию и имя."),
    "has_name": ("name", "Заполните имя или название."),
    "has_number": ("number", "Заполните номер."),
    "has_reason": ("reason", "Укажите причину."),
    "has_reference": ("reference", "Укажите запись, которой исполнен срок."),
    "has_source": ("source", "Укажите источник дохода."),
    "has_text": ("text", "Заполните текст."),
    "has_title": ("title", "Заполните название."),
    "has_value": ("value", "Заполните номер или адрес."),
    "in_force_to_follows_from": ("in_force_to", "Последний день действия не может быть раньше первого."),
    "inn_has_10_or_12_digits": ("inn", "ИНН состоит из 10 или 12 цифр."),
    "is_not_its_own_parent": ("parent_id", "Организация не может подчиняться сама себе."),
    "left_after_birth": ("left_on", "Дата выпуска не может быть раньше рождения."),
    "length_is_not_negative": (None, "Длина журнала не может быть меньше нуля."),
    "login_is_lower_case": ("login", "Логин пишется строчными буквами и не может быть пустым."),
    "ogrn_has_13_or_15_digits": ("ogrn", "ОГРН состоит из 13 цифр, ОГРНИП — из 15."),
    "only_regional_bodies_see_whole_region": (
        "sees_whole_region",
        "Весь регион видят только департамент, координационный центр и региональный оператор.",
    ),
    "opens_before_it_is_due": ("opens_on", "Срок не может открыться позже, чем истечёт."),
    "paused_has_reason": ("pause_reason", "Укажите, почему срок приостановлен."),
    "required_is_positive": ("required", "Требуется исполнить хотя бы один раз."),
    "resolved_after_it_was_found": ("resolved_on", "Проблема не может быть решена раньше, чем выявлена."),
    "resolved_has_resolution": ("resolution", "Решение и его время указываются вместе."),
    "severity_is_1_to_3": ("severity", "Тяжесть: от 1 до 3."),
    "snils_has_11_digits": ("snils", "СНИЛС состоит из 11 цифр."),
    "undone_has_moment": (None, "У отменённой загрузки должно быть время отмены."),
    "valid_after_it_was_given": ("valid_until", "Согласие не может истечь раньше, чем дано."),
    "withdrawn_after_it_was_given": ("withdrawn_on", "Согласие не может быть отозвано раньше, чем дано."),
}
ONE_OF = re.compile(r"(\w+)_is_known")  # models.base.one_of names these after their column.

UNIQUE: dict[str, Message] = {
    **constraints_cases.UNIQUE,
    **constraints_plans.UNIQUE,
    **constraints_work.UNIQUE,
    **constraints_assessments.UNIQUE,
    **constraints_files.UNIQUE,
    **constraints_journals.UNIQUE,
    **constraints_exchange.UNIQUE,
    **constraints_meetings.UNIQUE,
    **constraints_library.UNIQUE,
    **constraints_submissions.UNIQUE,
    "uq_access_event_seq": (None, "Запись журнала с таким номером уже есть. Повторите действие."),
    "uq_agency_code": ("code", "Организация с таким кодом уже есть."),
    "uq_agency_district_agency_id_district_id_starts_on": ("starts_on", "Этот район с того же дня уже указан."),
    "uq_agency_regulation_agency_id_regulation_id_starts_on": ("starts_on", "Этот регламент с того же дня уже указан."),
    "uq_agreement_party_agreement_id_agency_id": ("agency_id", "Эта организация уже указана стороной соглашения."),
    "uq_audit_event_seq": (None, "Запись журнала с таким номером уже есть. Повторите действие."),
    "uq_calendar_day_day": ("day", "Этот день в календаре уже есть: откройте его и измените."),
    "uq_deadline_evidence_deadline_id_reference": ("reference", "Эта запись уже учтена в исполнении срока."),
    "uq_deadline_rule_key_agency_id_subject_period": (None, "Такой срок у этой организации уже есть."),
    "uq_deadline_rule_current": (None, "Новейшая версия этого правила уже есть. Обновите страницу и повторите."),
    "uq_deadline_rule_key_version": ("version", "Такая версия правила уже есть. Обновите страницу и повторите."),
    "uq_district_code": ("code", "Район с таким кодом уже есть."),
    "uq_feed_token_digest": (None, "Такой адрес календаря уже есть. Создайте адрес ещё раз."),
    "uq_field_group_member_user_id_field_group": ("user_id", "Этот пользователь уже допущен к этим сведениям."),
    "uq_import_row_batch_id_sheet_row": (None, "Эта строка файла уже учтена."),
    "uq_notification_setting_user_id_kind": ("kind", "Настройка этого вида уведомлений уже есть."),
    "uq_notification_user_id_key": (None, "Это уведомление уже отправлено."),
    "uq_possible_duplicate_graduate_id_other_id": ("other_id", "Эта пара карточек уже в списке."),
    "uq_regulation_code": ("code", "Регламент с таким кодом уже есть."),
    "uq_regulation_version_regulation_id_number": (
        None,
        "Такая версия регламента уже есть. Обновите страницу и повторите.",
    ),
    "uq_role_binding_regulation_id_role_agency_id": ("agency_id", "Эта организация уже названа для этой роли."),
    "uq_rule_switch_rule_key_agency_id": ("agency_id", "Для этой организации правило уже отключено."),
    "uq_section_check_graduate_id_section": ("section", "Отметка о проверке этого раздела уже есть."),
    "uq_user_account_login": ("login", "Такой логин уже занят."),
}
ALIKE: dict[str, Message] = {  # UNIQUEs that every numbered table, every table filled by a form has.
    "_agency_id_year_number": (None, "Такой номер в журнале уже есть. Повторите действие."),
    "_form_token": (None, "Эта форма уже отправлена: запись есть в списке."),
}
SAME_KEY: Message = ("code", "Такой код уже есть.")
STILL_USED: Message = (None, "На эту запись ссылаются другие, поэтому удалить её нельзя.")
GONE = "Выбранной записи больше нет. Обновите страницу и выберите другую."
EMPTY = "Заполните это поле."
OTHERWISE: Message = (None, "Такие данные противоречат правилам базы, поэтому они не сохранены.")

_SQLITE = re.compile(r"(CHECK|UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: (.+))?")


def message_for(error: IntegrityError) -> Message:
    """The field to which a violation belongs (None: the whole form), and a sentence without any value of the row."""
    name = name_of(error)
    if _is_foreign_key(error, name):
        return _broken_link(error, name)
    column = _empty_column(error)
    if column is not None:
        return column, EMPTY
    return sentence(name or "") or OTHERWISE


def sentence(name: str) -> Message | None:
    """What stands in the tables above for a CHECK, a UNIQUE or a primary key."""
    if name in UNIQUE:
        return UNIQUE[name]
    for ending, told in ALIKE.items():
        if name.startswith("uq_") and name.endswith(ending):
            return told
    if name.startswith("pk_"):
        return SAME_KEY
    rule = _rule(name)
    if rule is not None and (match := ONE_OF.fullmatch(rule)):
        return match[1], "Выберите значение из списка."
    return CHECKS.get(rule or "")


def _rule(name: str) -> str | None:
    """`ends_after_it_starts` of `ck_study_ends_after_it_starts`."""
    table = max((t for t in Model.metadata.tables if name.startswith(f"ck_{t}_")), key=len, default=None)
    return name[len(f"ck_{table}_") :] if table else None


def name_of(error: BaseException) -> str | None:
    """The name of the violated constraint; SQLite names only CHECKs, so the others are sought by their columns."""
    if not isinstance(error, IntegrityError):
        return None
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or None
    kind, told = _sqlite(error)
    if kind == "CHECK":
        return told
    return _by_columns().get(told) if kind == "UNIQUE" else None


def _sqlite(error: IntegrityError) -> tuple[str, str]:
    match = _SQLITE.search(str(error.orig))
    return (match[1], match[2] or "") if match else ("", "")


@cache
def _by_columns() -> dict[str, str]:
    """{"table.column, table.column": name} of every UNIQUE and primary key, as SQLite spells them."""
    return {
        ", ".join(f"{table.name}.{column.name}" for column in constraint.columns): str(constraint.name)
        for table in Model.metadata.sorted_tables
        for constraint in (*_uniques(table), table.primary_key)
    }


def _uniques(table: Table) -> list[UniqueConstraint | Index]:
    """UNIQUEs of a table, those of a part of its rows too."""
    constraints = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    return [*(index for index in table.indexes if index.unique), *constraints]


def _empty_column(error: IntegrityError) -> str | None:
    if type(error.orig).__name__ == "NotNullViolation":
        return str(error.orig.diag.column_name)  # type: ignore[union-attr]
    kind, told = _sqlite(error)
    return told.rpartition(".")[2] if kind == "NOT NULL" else None


def _is_foreign_key(error: IntegrityError, name: str | None) -> bool:
    return (name or "").startswith("fk_") or _sqlite(error)[0] == "FOREIGN KEY"


def _broken_link(error: IntegrityError, name: str | None) -> Message:
    if (error.statement or "").lstrip().upper().startswith("DELETE"):
        return STILL_USED
    return _links().get(name or ""), GONE


@cache
def _links() -> dict[str, str]:
    """{name of a foreign key: its column}."""
    return {
        str(key.name): ", ".join(key.column_keys)
        for table in Model.metadata.sorted_tables
        for key in table.foreign_key_constraints
    }


def is_missing_table(error: DBAPIError) -> bool:
    return "no such table" in str(error.orig) or type(error.orig).__name__ == "UndefinedTable"
