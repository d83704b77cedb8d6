"""The exchange desk: letters between organisations, from writing to the end (vologda 4; domain §3, Ж-8 … Ж-10)."""

from flask import Flask
from flask_admin import Admin

from views.exchange import desk, urgent


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    urgent.init_app(app)
    desk.register(admin, app)
