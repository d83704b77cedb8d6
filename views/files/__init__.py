"""Personal files, attachments, the route of a person, the card of support."""

from flask import Flask
from flask_admin import Admin

from models.files import Attachment, PersonalFile


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    # Here, not above: the card of a person, which these pages lean on, shows cells of this package.
    from views.files import attachments, personal_files, route, support_card

    admin.add_view(attachments.AttachmentView(Attachment, endpoint="attachment"))
    admin.add_view(personal_files.PersonalFileView(PersonalFile, endpoint="personal_file"))
    app.register_blueprint(route.pages)
    app.register_blueprint(support_card.pages)
