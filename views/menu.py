"""The menu: what the signed-in user's role leads to, in the user's words."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_login import current_user

from models.users import Role
from services.deadlines.today import overdue_count
from services.exchange.boxes import new_count
from services.imports.states import may_import
from views import edge, log_registers, totals
from views.case_base import WRITERS
from views.extensions import db
from views.formats import grouped

EVERYBODY = frozenset(Role)
OVERSEERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
HEADS = frozenset({Role.HEAD, Role.ADMINISTRATOR})

# (label, icon, endpoint, roles, children); a child is (label, endpoint, roles).
MENU: list[tuple[str, str, str, frozenset[Role], list[tuple[str, str, frozenset[Role]]]]] = [
    ("Мой день", "home", "start.index", EVERYBODY, []),
    ("Записать работу", "pencil", "work.index", WRITERS, []),
    ("Выпускники", "users", "graduate.index_view", EVERYBODY, []),
    (
        "Обмен",
        "arrows-exchange",
        "inbox.index_view",
        EVERYBODY,
        [
            ("Входящие", "inbox.index_view", EVERYBODY),
            ("Исходящие", "outbox.index_view", EVERYBODY),
            ("Ждём ответа", "awaited.index_view", EVERYBODY),
            ("Просрочено", "overdue_letters.index_view", EVERYBODY),
            ("Черновики", "drafts.index_view", EVERYBODY),
            ("Архив", "letters_archive.index_view", EVERYBODY),
            ("Предлагаем отправить", "proposals.index", EVERYBODY),
            ("Разослать запросы", "fan_out.index", EVERYBODY),
            ("Бумажное письмо", "paper_letter.new", EVERYBODY),
            ("Открытый доступ", "grant.index_view", frozenset({Role.HEAD, *OVERSEERS})),
        ],
    ),
    (
        "Календарь",
        "calendar",
        "calendar.index",
        EVERYBODY,
        [
            ("Сроки", "deadline.index_view", EVERYBODY),
            ("События", "occurrence.index_view", EVERYBODY),
            ("Соответствие", "compliance.index", EVERYBODY),
            ("Вся территория", "territory.index", OVERSEERS),
        ],
    ),
    (
        "Планы и договоры",
        "file-text",
        "contract.index_view",
        EVERYBODY,
        [
            ("Заявления", "application.index_view", EVERYBODY),
            ("Договоры", "contract.index_view", EVERYBODY),
            ("Планы", "plan.index_view", EVERYBODY),
            ("Мероприятия планов", "measure.index_view", EVERYBODY),
            ("Заключения", "conclusion.index_view", EVERYBODY),
            ("Отказы", "refusal.index_view", EVERYBODY),
            ("Принятые и снятые", "support_episode.index_view", EVERYBODY),
        ],
    ),
    (
        "Журналы",
        "notebook",
        "journals.index",
        EVERYBODY,
        [
            ("Обращения", "appeal.index_view", EVERYBODY),
            ("Беседы, консультации", "consultation.index_view", EVERYBODY),
            ("Протоколы бесед", "consultation_minutes.index_view", EVERYBODY),
            ("Групповые занятия", "group_session.index_view", EVERYBODY),
            ("Выезды", "visit.index_view", EVERYBODY),
            ("Акты обследования ЖБУ", "housing_survey.index_view", EVERYBODY),
            ("Акты срочных услуг", "urgent_act.index_view", EVERYBODY),
            ("Услуги", "service_record.index_view", EVERYBODY),
            ("Входящие письма", "incoming_letter.index_view", EVERYBODY),
            ("Исходящие письма", "outgoing_letter.index_view", EVERYBODY),
            ("Мониторинг", "monitoring_card.index_view", EVERYBODY),
            ("Готовность", "readiness_assessment.index_view", EVERYBODY),
            ("Заключения ПМПК", "examination.index_view", EVERYBODY),
            ("Приказы о кураторах", "curator_order.index_view", EVERYBODY),
            ("Публикации", "publication.index_view", EVERYBODY),
            ("Государственная помощь", "benefit.index_view", EVERYBODY),
            ("Бумаги на жильё", "housing_document.index_view", EVERYBODY),
            ("Личные дела", "personal_file.index_view", EVERYBODY),
            ("Номенклатура дел", "file_index.index_view", EVERYBODY),
        ],
    ),
    (
        "Советы и встречи",
        "building-community",
        "meeting.index_view",
        EVERYBODY,
        [
            ("Заседания и совещания", "meeting.index_view", EVERYBODY),
            ("Советы и комиссии", "body.index_view", EVERYBODY),
            ("Решения", "decision.index_view", EVERYBODY),
            ("Вопросы повесток", "agenda_item.index_view", EVERYBODY),
        ],
    ),
    (
        "Библиотека",
        "book",
        "library_document.index_view",
        EVERYBODY,
        [
            ("Документы", "library_document.index_view", EVERYBODY),
            ("Ресурсы и клубы", "resource.index_view", EVERYBODY),
            ("Записи в клубы", "enrolment.index_view", EVERYBODY),
            ("Обучение специалистов", "training.index_view", EVERYBODY),
        ],
    ),
    ("Загрузка", "upload", "imports.index", EVERYBODY, []),
    (
        "Отчёты",
        "report",
        "reports.index",
        EVERYBODY,
        [
            ("Составить", "reports.index", EVERYBODY),
            ("Сдача отчётов", "submissions.index", EVERYBODY),
        ],
    ),
    (
        "Участники",
        "building",
        "directory.index",
        EVERYBODY,
        [
            ("Справочник", "directory.index", EVERYBODY),
            ("Организации", "agency.index_view", EVERYBODY),
            ("Территории", "territories.index", EVERYBODY),
            ("Соглашения", "agreement.index_view", EVERYBODY),
        ],
    ),
    (
        "Настройки",
        "settings",
        "",
        EVERYBODY,
        [
            ("Регламенты", "regulation.index_view", EVERYBODY),
            ("Районы", "district.index_view", EVERYBODY),
            ("Пользователи", "user.index_view", frozenset({Role.HEAD, *OVERSEERS})),
            ("Справочники", "dictionaries.index", OVERSEERS),
            ("Шаблоны документов", "paper_template.index", ADMINISTRATORS),
            ("Склонение имён", "declined_form.index_view", HEADS),
            ("Производственный календарь", "calendar_day.index_view", ADMINISTRATORS),
            ("Годы календаря", "calendar_year.index_view", ADMINISTRATORS),
            ("Закрытые поля", "field_group.index_view", ADMINISTRATORS),
            ("Возможно, один человек", "possible_duplicate.index_view", OVERSEERS),
            ("Убранные карточки", "removed.index_view", ADMINISTRATORS),
            ("Журнал изменений", "change_log.index_view", log_registers.READERS),
            ("Журнал доступа", "access_log.index_view", log_registers.READERS),
        ],
    ),
    ("Помощь", "help", "help.index", EVERYBODY, []),
]


BELONGS = {  # Pages that have no line of their own: where in the menu they stand.
    "route": "graduate",
    "support_card": "graduate",
    "category": "graduate",
    "attachment": "personal_file",
    "own_contacts": "directory",
    "discrepancies": "submissions",
    "referral": "outbox",
}


def menu() -> list[dict[str, Any]]:
    """What the signed-in user's role leads to; the present section is marked."""
    here = g.get("menu_place") or request.endpoint or ""
    sections = []
    for label, icon, endpoint, roles, children in MENU:
        if current_user.role not in roles or (endpoint == "imports.index" and not _imports_here()):
            continue
        shown = [
            {"label": text, "url": url_for(target), "active": _is_here(target, here)}
            for text, target, who in children
            if current_user.role in who
        ]
        is_active = _is_here(endpoint, here) or any(child["active"] for child in shown)
        url = url_for(endpoint) if endpoint else None
        sections.append(
            {
                "label": label,
                "icon": icon,
                "url": url,
                "active": is_active,
                "badge": _badge(endpoint),
                "children": shown,
            }
        )
    return sections


def _badge(endpoint: str) -> str | None:
    """Of the user's organisation: how many obligations are overdue, how many letters nobody has received yet."""
    agency_id, today = current_user.agency_id, edge.today()
    if endpoint == "calendar.index":
        count = totals.remembered(
            ("overdue", agency_id, today), lambda: overdue_count(db.session(), agency_id=agency_id, on=today)
        )
    elif endpoint == "inbox.index_view":
        count = totals.remembered(("new letters", agency_id), lambda: new_count(db.session(), agency_id=agency_id))
    else:
        return None
    return grouped(count) if count else None


def _imports_here() -> bool:
    viewer = edge.viewer()
    return may_import(viewer, viewer.agency_id)


def _is_here(endpoint: str, here: str) -> bool:
    part = here.split(".")[0].split("_view")[0]
    return bool(endpoint) and endpoint.split(".")[0] == BELONGS.get(part, part)
