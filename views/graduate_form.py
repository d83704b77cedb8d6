"""The form of the graduate's card: its sections, child rows and checks across fields."""

from __future__ import annotations

from typing import Any

from models import circumstances, people, support
from models.reckoning import months_later
from views.base import FormSection
from views.children import ChildRows

LEAVE = ("leave_code", "starts_on", "leave_ends_on")
ACADEMIC = frozenset({"academic", "medical"})  # Leaves that the order limits; to care for a child one has until three.
TOO_LONG = "Академический отпуск длится не больше 12 месяцев. Если его продлили, добавьте новую запись."

INLINES = (
    ChildRows(
        people.IdentityDocument,
        "documents",
        "Документы",
        ("kind_code", "series", "number", "issued_on", "issued_by", "division_code", "expires_on"),
        "Добавить документ",
    ),
    ChildRows(
        circumstances.Placement,
        "placements",
        "Пребывание в семье, организации",
        ("form_code", "starts_on", "ends_on", "place", "agency_id", "district_id", "ground", "end_ground"),
        "Добавить пребывание",
    ),
    ChildRows(
        circumstances.Address,
        "addresses",
        "Адреса",
        ("kind", "text", "district_id", "starts_on", "is_start_known", "ends_on"),
        "Добавить адрес",
    ),
    ChildRows(people.Contact, "contacts", "Телефоны, почта", ("kind_code", "value", "note"), "Добавить телефон, почту"),
    ChildRows(
        people.ClosePerson,
        "close_persons",
        "Близкие люди",
        ("name", "kinship_code", "phone", "is_supportive", "note"),
        "Добавить человека",
    ),
    ChildRows(
        circumstances.Study,
        "studies",
        "Образование",
        (
            "level_code",
            "status_code",
            "agency_id",
            "organisation",
            "course",
            "profession",
            "is_state_funded",
            "order",
            "leave_code",
            "leave_ends_on",
            "starts_on",
            "is_start_known",
            "ends_on",
            "wording",
        ),
        "Добавить запись",
    ),
    ChildRows(
        circumstances.Employment,
        "employments",
        "Занятость",
        ("status_code", "organisation", "position", "starts_on", "is_start_known", "ends_on", "wording"),
        "Добавить запись",
    ),
    ChildRows(
        circumstances.Income, "incomes", "Доходы", ("source", "amount", "starts_on", "ends_on"), "Добавить доход"
    ),
    ChildRows(
        circumstances.FamilyStatus,
        "family_statuses",
        "Семейное положение",
        ("status_code", "children", "starts_on", "is_start_known", "ends_on", "wording"),
        "Добавить запись",
    ),
    ChildRows(people.Dependant, "dependants", "Дети", ("name", "birth_date", "lives_with", "note"), "Добавить ребёнка"),
    ChildRows(
        circumstances.Housing,
        "housings",
        "Жильё",
        (
            "status_code",
            "dwelling",
            "is_uninhabitable",
            "queued_on",
            "queue_number",
            "queue_body",
            "has_priority",
            "contract",
            "contract_ends_on",
            "starts_on",
            "is_start_known",
            "ends_on",
            "wording",
        ),
        "Добавить запись",
    ),
    ChildRows(
        support.Problem,
        "problems",
        "Проблемы и факторы риска",
        ("kind_code", "description", "severity", "found_on", "source_code", "resolved_on", "resolution"),
        "Добавить проблему",
    ),
    ChildRows(
        circumstances.Situation,
        "situations",
        "Сведения для полугодовой формы",
        ("problems", "work_done", "starts_on"),
        "Добавить сведения",
    ),
    ChildRows(
        support.CategoryDecision,
        "category_decisions",
        "Категория сопровождения",
        ("category_code", "starts_on", "ends_on", "ground", "decided_by"),
        "Добавить решение",
    ),
    ChildRows(
        support.Assignment,
        "assignments",
        "Куратор, наставник, участковый специалист",
        ("kind", "name", "position", "phone", "user_id", "order_number", "order_on", "starts_on", "ends_on"),
        "Назначить",
    ),
    ChildRows(
        support.Consent,
        "consents",
        "Согласия на обработку данных",
        ("purpose_code", "given_on", "valid_until", "withdrawn_on", "document", "permitted_data", "agency_id"),
        "Добавить согласие",
    ),
    ChildRows(
        support.HealthRecord, "health_records", "Здоровье", ("recorded_on", "text", "valid_until"), "Добавить запись"
    ),
    ChildRows(support.OffenceRecord, "offence_records", "Правонарушения", ("recorded_on", "text"), "Добавить запись"),
)

SECTIONS = (
    FormSection(
        "Личность и документы",
        "identity",
        (
            "last_name",
            "first_name",
            "patronymic",
            "former_names",
            "birth_date",
            "sex",
            "snils",
            "oms_policy",
            "citizenship",
            "documents",
        ),
    ),
    FormSection(
        "Статус и происхождение",
        "origin",
        (
            "legal_status_code",
            "care_loss_reason_code",
            "legal_status_ground",
            "first_identified_place",
            "first_identified_on",
            "origin_district_id",
            "placements",
            "exit_ground_code",
            "exit_document",
            "left_on",
            "graduating_agency_id",
        ),
        open=False,
    ),
    FormSection("Адреса и контакты", "contacts-section", ("addresses", "contacts", "close_persons"), open=False),
    FormSection("Образование", "education", ("studies",), open=False),
    FormSection("Занятость и доходы", "employment", ("employments", "incomes"), open=False),
    FormSection("Семья", "family", ("family_statuses", "dependants"), open=False),
    FormSection("Жильё", "housing", ("housings",), open=False),
    FormSection(
        "Проблемы и категория", "problems-section", ("problems", "situations", "category_decisions"), open=False
    ),
    FormSection(
        "Сопровождение", "support", ("agency_id", "assignments", "consents", "is_volunteer", "note"), open=False
    ),
    FormSection(
        "Закрытые сведения",
        "restricted",
        ("health_records", "offence_records"),
        help="Видят автор, куратор, руководитель и те, кого назвал администратор.",
        open=False,
    ),
)


def check_snils(text: str) -> bool:
    """The control number of a СНИЛС of 11 digits (numbers up to 001-001-998 have none)."""
    if int(text[:9]) <= 1001998:
        return True
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(text[:9]))
    control = total % 101 % 100
    return control == int(text[9:])


def check_periods(form: Any) -> bool:
    """Child rows: an end is not before its beginning."""
    fine = True
    pairs = (
        ("starts_on", "ends_on"),
        ("given_on", "withdrawn_on"),
        ("given_on", "valid_until"),
        ("found_on", "resolved_on"),
    )
    for field in form:
        for entry in getattr(field, "entries", ()):
            if getattr(entry, "_should_delete", False):
                continue
            for first, last in pairs:
                if first not in entry.form or last not in entry.form:
                    continue
                start, end = entry.form[first].data, entry.form[last].data
                if start and end and end < start:
                    _blame(field, entry, last, "Окончание раньше начала.")
                    fine = False
    return fine


def _blame(field: Any, entry: Any, name: str, sentence: str) -> None:
    """A fault of a child row: its list knows of it too, so that its section unfolds."""
    entry.form[name].errors = [*entry.form[name].errors, sentence]
    field.errors = [*field.errors, entry.errors]


def check_leaves(form: Any) -> bool:
    """An academic leave lasts twelve months at most (order 303); a longer one is another record."""
    fine = True
    for entry in getattr(form["studies"], "entries", ()):
        row = entry.form
        start, end = row["starts_on"].data, row["leave_ends_on"].data
        is_same = all(row[name].data == row[name].object_data for name in LEAVE)
        if getattr(entry, "_should_delete", False) or is_same or row["leave_code"].data not in ACADEMIC:
            continue
        if start and end and end >= months_later(start, 12):
            _blame(form["studies"], entry, "leave_ends_on", TOO_LONG)
            fine = False
    return fine
