"""The registers and pages of the panel."""

from __future__ import annotations

from flask import Flask
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
from views import (
    aid,
    assessments,
    assets,
    calendar,
    calendar_registers,
    cases,
    compliance,
    directory,
    edge,
    exchange,
    feeds,
    files,
    formats,
    help_pages,
    imports,
    jobs,
    journals,
    library,
    log_registers,
    meetings,
    notices,
    papers,
    people_lookup,
    people_registers,
    plans,
    registers,
    reports,
    search,
    start,
    submissions,
    work,
)
from views.deadlines import DeadlineView
from views.graduates import GraduateView, RemovedGraduateView
from views.menu import menu
from views.occurrences import OccurrenceView
from views.regulations import RegulationView


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
    for part in (cases, plans, work, assessments, files, journals, papers, exchange, meetings, directory, library, aid):
        part.register(admin, app)
    for dictionary in DICTIONARIES:
        admin.add_view(registers.DictionaryView(dictionary))
    for page in (
        search,
        people_lookup,
        calendar,
        compliance,
        feeds,
        notices,
        imports,
        reports,
        jobs,
        submissions,
        help_pages,
    ):
        page.init_app(app)
    app.context_processor(lambda: {"menu": menu() if current_user and current_user.is_authenticated else []})
