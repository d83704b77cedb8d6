"""Monitoring cards, readiness, examinations, the category of support."""

from flask import Flask
from flask_admin import Admin

from models.assessments import Examination, MonitoringCard, ReadinessAssessment


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.assessments import category, success  # The card of a person, which they look at, leads here.
    from views.assessments.examinations import ExaminationView
    from views.assessments.monitoring import MonitoringView
    from views.assessments.readiness import ReadinessView

    admin.add_view(MonitoringView(MonitoringCard, endpoint="monitoring_card"))
    admin.add_view(ReadinessView(ReadinessAssessment, endpoint="readiness_assessment"))
    admin.add_view(ExaminationView(Examination, endpoint="examination"))
    app.register_blueprint(category.pages)
    app.register_blueprint(success.pages)
