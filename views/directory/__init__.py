"""The directory of participants and specialists, who serves which district (vologda 4.6, 4.10)."""

from flask import Flask
from flask_admin import Admin

from views.directory import own, participants, territories


def register(admin: Admin, app: Flask) -> None:
    """Add the pages of this part to the panel."""
    for page in (participants, own, territories):
        page.init_app(app)
