"""Councils, sittings, meetings, their decisions (krasnoyarsk 6; vologda 4.10–4.12; syzran 6)."""

from flask import Flask
from flask_admin import Admin

from models import meetings


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.meetings.agenda_register import AgendaItemView
    from views.meetings.body_register import BodyView
    from views.meetings.decision_register import DecisionView
    from views.meetings.meeting_register import MeetingView

    admin.add_view(BodyView(meetings.Body, endpoint="body"))
    admin.add_view(MeetingView(meetings.Meeting, endpoint="meeting"))
    admin.add_view(AgendaItemView(meetings.AgendaItem, endpoint="agenda_item"))
    admin.add_view(DecisionView(meetings.Decision, endpoint="decision"))
