"""The card of a graduate: header, alerts, sections, history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from markupsafe import Markup

from models.graduates import Graduate
from models.support import AssignmentKind, Section
from models.users import Role
from services import field_groups
from views import (
    details,
    edge,
    graduate_aid,
    graduate_assessments,
    graduate_deadlines,
    graduate_exchange,
    graduate_files,
    graduate_support,
    graduate_work,
    history,
    labels,
)
from views.captions import label_of
from views.case_chips import stage_of_person
from views.details import facts, rows_table
from views.extensions import db
from views.formats import age_text, chip, counted, plural, ru_date, snils

if TYPE_CHECKING:
    from views.graduates import GraduateView

STALE_AFTER = timedelta(days=180)  # A section not confirmed for half a year (krasnoyarsk, refresh of the bank).
FRESH_SOON = 30

# Section of the card → plain fields and child rows in it.
LAYOUT: dict[Section, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Section.IDENTITY: (("sex", "snils", "oms_policy", "citizenship", "former_names"), ("documents",)),
    Section.ORIGIN: (
        (
            "legal_status_code", "care_loss_reason_code", "legal_status_ground", "first_identified_place",
            "first_identified_on", "origin_district_id", "exit_ground_code", "exit_document", "left_on",
            "graduating_agency_id",
        ),
        ("placements",),
    ),
    Section.CONTACTS: ((), ("addresses", "contacts", "close_persons")),
    Section.EDUCATION: ((), ("studies",)),
    Section.EMPLOYMENT: ((), ("employments", "incomes")),
    Section.FAMILY: ((), ("family_statuses", "dependants")),
    Section.HOUSING: ((), ("housings",)),
    Section.PROBLEMS: ((), ("problems", "situations", "category_decisions")),
    Section.SUPPORT: (("is_volunteer", "note"), ("assignments", "consents", "responsibilities")),
}  # fmt: skip
# Tab → its label and the blocks that it shows of a person.
TABS: dict[str, tuple[str, Callable[[Graduate], Iterable[dict[str, Any]]]]] = {
    "support": ("Сопровождение", graduate_support.blocks),
    "work": ("Работа", graduate_work.blocks),
    "aid": ("Помощь", graduate_aid.blocks),
    "assessments": ("Оценки", graduate_assessments.blocks),
    "exchange": ("Обмен", graduate_exchange.blocks),
    "files": ("Документы", graduate_files.blocks),
}
RESTRICTED = (("health_records", "health", "Здоровье"), ("offence_records", "offences", "Правонарушения"))


def context(view: GraduateView, graduate: Graduate) -> dict[str, Any]:
    viewer, today = edge.viewer(), edge.today()
    groups = field_groups.readable_groups(db.session(), viewer=viewer, graduate=graduate)
    can_edit = view.can_edit_record(graduate)
    tab = request.args.get("tab", "")
    tab = tab if tab in ("deadlines", "history", *TABS) else "facts"
    urgent = graduate_deadlines.urgent(graduate, today)
    return {
        "page_title": graduate.full_name,
        "breadcrumbs": [(view.title, view.get_url(".index_view")), (graduate.full_name, None)],
        "header": _header(view, graduate, today, can_edit, urgent),
        "tabs": tabs(graduate, tab, sum(urgent)),
        "blocks": _tab_blocks(view, graduate, tab, groups),
        "person_deadlines": graduate_deadlines.context(graduate, today) if tab == "deadlines" else None,
        "history": history.of_record(graduate, may_read=groups) if tab == "history" else None,
    }


def tabs(graduate: Graduate, active: str, badge: int) -> list[dict[str, Any]]:
    """The tabs of the card; `badge`: how many obligations press."""
    here = url_for("graduate.details_view", id=graduate.id)
    middle = [(label, f"{here}&tab={name}", name) for name, (label, _) in TABS.items() if name != "files"]
    found = [
        ("Сведения", here, "facts"),
        ("Маршрут", url_for("route.show", graduate_id=graduate.id), "route"),
        *middle,
        ("Сроки", f"{here}&tab=deadlines", "deadlines"),
        (TABS["files"][0], f"{here}&tab=files", "files"),
        ("История", f"{here}&tab=history", "history"),
    ]
    return [
        {
            "label": label,
            "url": url,
            "active": name == active,
            "badge": (badge or None) if name == "deadlines" else None,
        }
        for label, url, name in found
    ]


def _tab_blocks(view: GraduateView, graduate: Graduate, tab: str, groups: frozenset[str]) -> list[dict[str, Any]]:
    if tab in TABS:
        return list(TABS[tab][1](graduate))
    return list(_blocks(view, graduate, edge.today(), view.can_edit_record(graduate), groups)) if tab == "facts" else []


def _header(
    view: GraduateView, graduate: Graduate, today: date, can_edit: bool, urgent: tuple[int, int]
) -> dict[str, Any]:
    actions = [("Изменить", view.get_url(".edit_view", id=graduate.id), "primary")] if can_edit else []
    post_actions = []
    if edge.viewer().role is Role.ADMINISTRATOR:
        confirm = "Убрать карточку? Её можно будет вернуть."
        post_actions.append(("Убрать", url_for("graduate.remove", id=graduate.id), confirm, "ghost"))
    block = title_block(graduate, today)
    return {
        **block,
        "chips": [*block["chips"], *([stage_of_person(graduate, today)] if graduate.stage is not None else [])],
        "alerts": [*graduate_deadlines.alerts(graduate, *urgent, today), *_alerts(graduate, today)],
        "actions": actions,
        "post_actions": post_actions,
    }


def title_block(graduate: Graduate, today: date) -> dict[str, Any]:
    """Who it is: the head of every page about the person."""
    from views.graduates import category_chip

    return {
        "title": graduate.full_name,
        "subtitle": f"{ru_date(graduate.birth_date)}, {age_text(graduate.birth_date, today)}, карточка № {graduate.id}",
        "chips": [category_chip(graduate.category_code)] if graduate.category_code else [],
        "facts": [
            ("Ответственная организация", labels.label("agency", graduate.agency_id)),
            ("Куратор", graduate.curator_name),
            ("Район", labels.label("district", graduate.district_id)),
            ("Телефон", graduate.current_phone),
            ("Занятость", labels.label("employment_status", graduate.current_employment_code)),
            ("Жильё", labels.label("housing_status", graduate.current_housing_code)),
        ],
    }


def _alerts(graduate: Graduate, today: date) -> Iterable[tuple[str, str]]:
    age = graduate.age_on(today)
    birthday_23 = _birthday(graduate.birth_date, 23)
    if today > birthday_23:
        yield "warning", f"23 года исполнилось {ru_date(birthday_23)}: право на сопровождение закончилось."
    elif (days := (birthday_23 - today).days) <= 183:
        left = f"{days} {plural(days, 'день', 'дня', 'дней')}"
        yield "warning", f"23 года исполнится {ru_date(birthday_23)} (через {left}): это последний день права."
    valid = [
        c for c in graduate.consents if c.withdrawn_on is None and (c.valid_until is None or c.valid_until >= today)
    ]
    if not any(c.purpose_code == "support" for c in valid):
        yield "info", "Действующего согласия на обработку данных для сопровождения нет."
    if any(p.severity == 3 and p.resolved_on is None for p in graduate.problems):
        yield "error", "Есть открытая проблема критической тяжести."
    if age < 18 and not any(a.kind == AssignmentKind.CURATOR for a in graduate.assignments):
        yield "info", "Несовершеннолетнему не назначен куратор."
    yield from graduate_assessments.alerts(graduate, today)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # 29 February of a common year counts as the 28th (art. 192 of the Civil Code).
        return date(born.year + years, 2, 28)


def _blocks(
    view: GraduateView, graduate: Graduate, today: date, can_edit: bool, groups: frozenset[str]
) -> Iterable[dict[str, Any]]:
    checks = {check.section: check for check in graduate.section_checks}
    columns = {item.name: item.columns for item in view.inline_models}
    columns["responsibilities"] = ("agency_id", "starts_on", "ends_on", "ground")
    titles = {item.name: item.form_label for item in view.inline_models}
    titles["responsibilities"] = "Кто отвечал за сопровождение"
    for section, (names, children) in LAYOUT.items():
        note, action = _freshness(section, checks.get(section), graduate, today, can_edit)
        shown = [(label, value) for label, value in facts(graduate, list(names)) if value not in ("", "нет")]
        yield {
            "title": section.label,
            "id": f"section-{section.value}",
            "items": _with_snils(shown, graduate),
            "note": note,
            "post_action": action,
            "action": ("Изменить", _edit_url(view, graduate, section)) if can_edit else None,
            "tables": [
                {"title": titles[name], "table": table, "name": name}
                for name in children
                if (table := _table(graduate, name, columns[name]))
            ],
        }
    yield from _restricted(graduate, groups, columns)


def _with_snils(items: list[tuple[str, str]], graduate: Graduate) -> list[tuple[str, str]]:
    title = label_of("graduate", "snils")
    return [(label, snils(graduate.snils) if label == title else value) for label, value in items]


def _edit_url(view: GraduateView, graduate: Graduate, section: Section) -> str:
    anchors = {"contacts": "contacts-section", "problems": "problems-section"}
    return f"{view.get_url('.edit_view', id=graduate.id)}#{anchors.get(section.value, section.value)}"


def _table(graduate: Graduate, name: str, columns: tuple[str, ...]) -> dict[str, Any] | None:
    rows = list(getattr(graduate, name))
    if rows and hasattr(rows[0], "starts_on"):
        rows.sort(key=lambda row: row.starts_on, reverse=True)
    return rows_table(rows, list(columns))


def _freshness(section: Section, check: Any, graduate: Graduate, today: date, can_edit: bool) -> tuple[Any, Any]:
    """«Проверено …» and the button that says so today."""
    button = None
    if can_edit and (check is None or check.checked_on != today):
        button = ("Проверено сегодня", url_for("graduate.check_section", id=graduate.id, section=section.value))
    if check is None:
        return "не проверялось", button
    age = today - check.checked_on
    text = f"проверено {ru_date(check.checked_on)}"
    if age > STALE_AFTER:
        months = age.days // 30
        return Markup("{} {}").format(
            text, chip(f"{counted(months, 'месяц', 'месяца', 'месяцев')} назад", "amber", "clock")
        ), button
    return text, button


def _restricted(
    graduate: Graduate, groups: frozenset[str], columns: dict[str, tuple[str, ...]]
) -> Iterable[dict[str, Any]]:
    for name, group, title in RESTRICTED:
        rows = list(getattr(graduate, name))
        if group in groups:
            table = details.rows_table(rows, list(columns[name]))
            tables = [{"title": "", "table": table, "name": name}] if table else []
            yield {"title": title, "id": name, "items": [], "tables": tables, "note": "закрытые сведения"}
        elif rows:
            yield {
                "title": title,
                "id": name,
                "items": [(title, history.MASK)],
                "tables": [],
                "note": "закрытые сведения",
            }
