"""Plans of support and their measures."""

from flask import Flask
from flask_admin import Admin

from models import plans


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.plans.measure_register import MeasureView
    from views.plans.plan_register import PlanView

    admin.add_view(PlanView(plans.Plan, endpoint="plan"))
    admin.add_view(MeasureView(plans.Measure, endpoint="measure"))
