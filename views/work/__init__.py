"""Daily work: quick entry, appeals, talks, sessions, visits, surveys, urgent services, services."""

from flask import Flask
from flask_admin import Admin


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
