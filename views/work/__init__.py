"""Daily work: quick entry, appeals, talks, sessions, visits, surveys, urgent services, services."""

from flask import Flask
from flask_admin import Admin

from models import work
from views.work.appeals import AppealView
from views.work.consultations import ConsultationView, MinutesView
from views.work.quick import pages
from views.work.services import ServiceRecordView, UrgentActView
from views.work.sessions import GroupSessionView
from views.work.visits import HousingSurveyView, VisitView


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    app.register_blueprint(pages)
    admin.add_view(AppealView(work.Appeal, endpoint="appeal"))
    admin.add_view(ConsultationView(work.Consultation, endpoint="consultation"))
    admin.add_view(MinutesView(work.ConsultationMinutes, endpoint="consultation_minutes"))
    admin.add_view(GroupSessionView(work.GroupSession, endpoint="group_session"))
    admin.add_view(VisitView(work.Visit, endpoint="visit"))
    admin.add_view(HousingSurveyView(work.HousingSurvey, endpoint="housing_survey"))
    admin.add_view(UrgentActView(work.UrgentAct, endpoint="urgent_act"))
    admin.add_view(ServiceRecordView(work.ServiceRecord, endpoint="service_record"))
