"""Papers as DOCX, their templates, forms of names."""

from flask import Flask
from flask_admin import Admin

from models.files import DeclinedForm
from views.papers import downloads, templates
from views.papers.declined import DeclinedFormView


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    app.register_blueprint(downloads.pages)
    app.register_blueprint(templates.pages)
    admin.add_view(DeclinedFormView(DeclinedForm, endpoint="declined_form"))
