"""The common library, the resource directory with its clubs, publications, trainings of the staff."""

from flask import Flask
from flask_admin import Admin

from models import library


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.library.document_register import LibraryDocumentView
    from views.library.edition_files import pages
    from views.library.enrolments import EnrolmentView
    from views.library.publications import PublicationView
    from views.library.resources import ResourceView
    from views.library.trainings import TrainingView

    app.register_blueprint(pages)
    admin.add_view(LibraryDocumentView(library.LibraryDocument, endpoint="library_document", url="/library"))
    admin.add_view(ResourceView(library.Resource, endpoint="resource"))
    admin.add_view(EnrolmentView(library.Enrolment, endpoint="enrolment"))
    admin.add_view(PublicationView(library.Publication, endpoint="publication"))
    admin.add_view(TrainingView(library.Training, endpoint="training"))
