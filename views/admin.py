"""The registers and pages of the panel, and the menu that leads to them."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from flask_admin.theme import Theme
from flask_login import current_user

from models import audit, support, territory, users
from models.deadlines import Deadline, Occurrence
from models.dictionaries import DICTIONARIES
from models.graduates import Graduate
from models.imports import PossibleDuplicate
from models.production_calendar import CalendarDay, CalendarYear
from models.regulations import Regulation
from models.users import Role
from services.deadlines.today import overdue_count
from services.imports.states import may_import
from views import (
    assessments,
    assets,
    calendar,
    calendar_registers,
    cases,
    compliance,
    edge,
    feeds,
    files,
    formats,
    help_pages,
    imports,
    journals,
    log_registers,
    notices,
    papers,
    people_lookup,
    people_registers,
    plans,
    registers,
    reports,
    search,
    start,
    totals,
    work,
)
from views.deadlines import DeadlineView
from views.extensions import db
from views.formats import grouped
from views.graduates import GraduateView, RemovedGraduateView
from views.occurrences import OccurrenceView
from views.regulations import RegulationView

EVERYBODY = frozenset(Role)
OVERSEERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

# (label, icon, endpoint, roles, children); a child is (label, endpoint, roles).
MENU: list[tuple[str, str, str, frozenset[Role], list[tuple[str, str, frozenset[Role]]]]] = [
    ("Мой день", "home", "start.index", EVERYBODY, []),
    ("Выпускники", "users", "graduate.index_view", EVERYBODY, []),
    (
        "Календарь",
        "calendar",
        "calendar.index",
        EVERYBODY,
        [
            ("Сроки", "deadline.index_view", EVERYBODY),
            ("События", "occurrence.index_view", EVERYBODY),
            ("Соответствие", "compliance.index", EVERYBODY),
        ],
    ),
    ("Загрузка", "upload", "imports.index", EVERYBODY, []),
    ("Отчёты", "report", "reports.index", EVERYBODY, []),
    ("Участники", "building", "agency.index_view", EVERYBODY, []),
    (
        "Настройки",
        "settings",
        "",
        EVERYBODY,
        [
            ("Регламенты", "regulation.index_view", EVERYBODY),
            ("Соглашения", "agreement.index_view", EVERYBODY),
            ("Районы", "district.index_view", EVERYBODY),
            ("Пользователи", "user.index_view", frozenset({Role.HEAD, *OVERSEERS})),
            ("Справочники", "dictionaries.index", OVERSEERS),
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


def init_app(app: Flask) -> None:
    assets.init_app(app)
    formats.init_app(app)
    admin = Admin(
        name="Маршрут",
        index_view=start.StartView(endpoint="start", url="/"),
        theme=Theme(folder="marshrut", base_template="layout.html"),
        csp_nonce_generator=edge.csp_nonce,
        url="/",
    )
    admin.init_app(app)
    admin.add_view(GraduateView(Graduate, endpoint="graduate"))
    admin.add_view(RemovedGraduateView(Graduate, endpoint="removed", url="/removed"))
    admin.add_view(DeadlineView(Deadline, endpoint="deadline"))
    admin.add_view(OccurrenceView(Occurrence, endpoint="occurrence"))
    admin.add_view(RegulationView(Regulation, endpoint="regulation"))
    admin.add_view(registers.AgencyView(territory.Agency, endpoint="agency"))
    admin.add_view(registers.DistrictView(territory.District, endpoint="district"))
    admin.add_view(registers.AgreementView(territory.Agreement, endpoint="agreement"))
    admin.add_view(people_registers.UserView(users.User, endpoint="user"))
    admin.add_view(people_registers.FieldGroupView(support.FieldGroupMember, endpoint="field_group"))
    admin.add_view(people_registers.PossibleDuplicateView(PossibleDuplicate, endpoint="possible_duplicate"))
    admin.add_view(calendar_registers.ProductionCalendarView(CalendarDay, endpoint="calendar_day"))
    admin.add_view(calendar_registers.CalendarYearView(CalendarYear, endpoint="calendar_year"))
    admin.add_view(log_registers.ChangeLogView(audit.AuditEvent, endpoint="change_log"))
    admin.add_view(log_registers.AccessLogView(audit.AccessEvent, endpoint="access_log"))
    for part in (cases, plans, work, assessments, files, journals, papers):
        part.register(admin, app)
    for dictionary in DICTIONARIES:
        admin.add_view(registers.DictionaryView(dictionary))
    for page in (search, people_lookup, calendar, compliance, feeds, notices, imports, reports, help_pages):
        page.init_app(app)
    app.context_processor(lambda: {"menu": menu() if current_user and current_user.is_authenticated else []})


def menu() -> list[dict[str, Any]]:
    """What the signed-in user's role leads to; the present section is marked."""
    here = request.endpoint or ""
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
    """How many obligations of the user's organisation are overdue."""
    if endpoint != "calendar.index":
        return None
    agency_id, today = current_user.agency_id, edge.today()
    count = totals.remembered(
        ("overdue", agency_id, today), lambda: overdue_count(db.session(), agency_id=agency_id, on=today)
    )
    return grouped(count) if count else None


def _imports_here() -> bool:
    viewer = edge.viewer()
    return may_import(viewer, viewer.agency_id)


def _is_here(endpoint: str, here: str) -> bool:
    return bool(endpoint) and endpoint.split(".")[0] == here.split(".")[0].split("_view")[0]
