"""Councils, sittings, meetings, their decisions (krasnoyarsk 6; vologda 4.10–4.12; syzran 6)."""

from flask import Flask
from flask_admin import Admin


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
